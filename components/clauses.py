"""Several questions in one message.

`ClauseExpander`, once the spelling is corrected, lets each clause of a message travel through the pipeline as a
message of its own; `ClauseCollector`, at the end, folds them back into the message they came from: `questions` has
one entry a clause, with its text, corrected reading, intent, confidence, ranking and entities, and `whole` the same
for the message as one. Actions answer each question.

A message of one question may lean on what was said before: `leaning` gives its other readings, and says which counts.
A long message holds its question amid a story: the first reading of the question alone that is sure is the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.distress_detector import DISTRESS
from components.leaning import (
    BOT,
    CLAUSE_OF,
    CLEARLY_OFF_TOPIC,
    FOLLOWUP,
    LEANS,
    SURE_ALONE,
    choose_reading,
    confidence_of,
    intent_of,
    is_chat,
    is_offered,
    leaning_messages,
    leans_on,
    likeliest_of,
    rank_together,
)
from components.pooling import ASKED_OF_ANYTHING
from components.spelling import reading_of
from knowledge.addresses import say_my_street
from knowledge.aspects import find_aspect
from knowledge.base import LIST_PREFIX
from knowledge.clauses import split_clauses
from knowledge.content import shared_base
from knowledge.gazetteer import Mention
from knowledge.genres import PROPER_GENRES
from knowledge.intents import OFF_TOPIC, SUBJECT_OF_REQUEST, UNKNOWN, UNSURE
from knowledge.offers import accepts_offer
from knowledge.reactions import find_mood
from knowledge.reference import asks_again, asks_plainer
from knowledge.stories import find_last_question, find_question_from_home, find_told_questions, leave_out_place
from knowledge.text import normalize

YES = "affirm"
TOLD = "told"
STORY = "story"
LAST = "last"
HOME = "home"
PLACELESS = "placeless"
STREET = "street"
# What one asks of a place as such.
_OF_A_PLACE = re.compile(r"\b(?:quartiers?|prioritaires?|qpv|concerne\w*|zones?|perimetre|argent|budget|habitants)\b")
QUESTIONS = "questions"
WHOLE = "whole"
MEMBER = "ask_member"
PLACE = "quartier"
# What one may ask of a place, named or not, beside what it is.
THEME = "domaine"
NOTION = "notion"
OF_A_STREET = "verifier_adresse"
ASKED_OF_A_PLACE = ASKED_OF_ANYTHING - {OF_A_STREET}
DOUBTFUL = (UNSURE, UNKNOWN)
# What is said to somebody stays what it is; « c’est faux » and « c’est vrai ? » are no mere « non » and « oui ».
SAID_TO_SOMEBODY = frozenset({"greet", "thank", "goodbye", "insult", "cancel"})
# A story as a whole that is surer than its question by that much is not cut.
WHOLE_LEAD = 0.25


class _PassThrough(GraphComponent):
    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Build the component (nothing to train)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples are one question each: leave them as they are."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseExpander(_PassThrough):
    """Adds the clauses of each message after it, as messages of their own."""

    def process(self, messages: list[Message]) -> list[Message]:
        """[message] → [message, clause, clause, …]; a message that is one clause stays alone.

        Clauses are those of the corrected reading: « c koi et ki signe » holds two questions.
        """
        return [
            part
            for message in messages
            for part in (message, *_clause_messages(message), *_told_messages(message), *leaning_messages(message))
        ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseCollector(_PassThrough):
    """Folds the clauses back and gives the message the intent of its question."""

    def process(self, messages: list[Message]) -> list[Message]:
        """[message, clause, clause, …] → [message], with its `questions`."""
        whole = [message for message in messages if message.get(CLAUSE_OF) is None]
        for message in whole:
            parts = [part for part in messages if part.get(CLAUSE_OF) is message]
            clauses = [part for part in parts if not (part.get(LEANS) or part.get(TOLD))] or [message]
            clauses = _choose_told([part for part in parts if part.get(TOLD)], [message, *clauses]) or clauses
            if len(clauses) == 1 and is_chat(message) and _says_little(clauses[0]):
                # « Coucou, tout va bien ? » greets from end to end: nothing is asked once the greeting is taken away.
                clauses = [message]
            questions = [_as_question(clause) for clause in clauses]
            if len(clauses) == 1:
                leaning = [part for part in parts if part.get(LEANS)]
                chosen = choose_reading(clauses[0], leaning)
                # It is read with more words than were said: places and words stay those of the message.
                said = {key: questions[0][key] for key in ("text", "reading")}
                together = rank_together(clauses[0], leaning)
                questions = [_as_question(chosen) | said | ({"together": together} if together else {})]
            message.set(QUESTIONS, questions, add_to_output=True)
            message.set(WHOLE, _as_question(message), add_to_output=True)
            _take_first_intent(message, questions)
        return whole


def _clause_messages(message: Message) -> list[Message]:
    text = reading_of(message)
    clauses = split_clauses(text)
    if clauses == [text.strip()]:
        return []
    return [Message(data={TEXT: clause, CLAUSE_OF: message}) for clause in clauses]


def _told_messages(message: Message) -> list[Message]:
    """The question of a long story, or the last sentence of a short message."""
    text = reading_of(message)
    names = [mention for mention in shared_base().gazetteer.find(text) if mention.genre in PROPER_GENRES]
    places = [mention for mention in names if mention.genre == PLACE]
    home, placeless = find_question_from_home(text), _leave_out_place(text, places)
    last = home or find_last_question(text)
    readings: list[tuple[str, str]] = [(told, STORY) for told in find_told_questions(text)]
    readings += [(last, HOME if home else LAST)] if last else []
    readings += [(placeless, PLACELESS)] if placeless and placeless != last else []
    # « Quelle est la place de la CAF ? » names no street.
    street = None if names else say_my_street(text)
    readings += [(street, STREET)] if street else []
    return [Message(data={TEXT: told, CLAUSE_OF: message, TOLD: sort}) for told, sort in readings]


def _leave_out_place(text: str, places: Sequence[Mention]) -> str | None:
    return leave_out_place(text, places[0].start, places[0].end) if len(places) == 1 else None


def _choose_told(told: list[Message], others: list[Message]) -> list[Message]:
    """The reading of a long message that is its question, alone in a list; none when `others` say as much.

    The last sentence of a short message counts where nothing else is understood, or where the rest names the place
    where one lives. In a story it is the first that is sure of a subject; one about the assistant or a member, or the
    likeliest one, where no other is sure.
    `others`: the message as a whole, then its clauses.
    """
    whole = others[0]
    street = [part for part in told if part.get(TOLD) == STREET]
    if street and intent_of(street[0]) == OF_A_STREET and confidence_of(street[0]) >= SURE_ALONE:
        # « Rue Pasteur, c’est bon ? » resembles nothing; « ma rue, c’est bon ? » asks about one’s address.
        return street
    about_the_place = [part for part in told if part.get(TOLD) == PLACELESS]
    told = [part for part in told if part.get(TOLD) not in (PLACELESS, STREET)]
    is_beside_the_place = about_the_place and (
        _names_its_place_only(whole, about_the_place[0], is_story=bool(told))
        or _is_elsewhere_business(whole, about_the_place[0])
    )
    if is_beside_the_place:
        return about_the_place
    if told and told[0].get(TOLD) in (LAST, HOME):
        is_home = told[0].get(TOLD) == HOME
        is_lost = intent_of(whole) in (OFF_TOPIC, *DOUBTFUL) and not any(map(_is_about_a_subject, others))
        is_surer = confidence_of(told[0]) > confidence_of(whole) < SURE_ALONE and _is_named_in_passing(whole)
        return [
            part
            for part in told
            if (is_lost or is_surer or (is_home and _is_set_in_a_place(whole, intent_of(part))))
            and _is_about_a_subject(part, but=())
        ]
    least = confidence_of(whole) - WHOLE_LEAD if _is_about_a_subject(whole) else 0.0
    sure = [
        part
        for part in told
        if _is_about_a_subject(part) and (confidence_of(part) >= least or _is_set_in_a_place(whole, intent_of(part)))
    ]
    about_the_assistant = [part for part in told if _is_about_a_subject(part, but=()) or _asks_for_a_member(part)]
    surer = [part for part in about_the_assistant if confidence_of(part) >= least + 2 * WHOLE_LEAD]
    if sure or surer or any(map(_is_about_a_subject, others)):
        return (sure or surer)[:1]
    likeliest = max(told, key=confidence_of, default=others[0])
    is_likelier = intent_of(likeliest) in DOUBTFUL and confidence_of(likeliest) > confidence_of(others[0])
    return about_the_assistant[:1] or ([likeliest] if is_likelier else [])


def _is_set_in_a_place(whole: Message, subject: str) -> bool:
    """« Moi je suis au Mont-Liébaut et… »: a message that names where one lives, and asks about something else."""
    fiche = shared_base().by_slug(intent_of(whole))
    is_a_place = fiche is not None and fiche.genre == PLACE
    return is_a_place and not shared_base().are_neighbours(subject, intent_of(whole))


def _names_its_place_only(whole: Message, placeless: Message, is_story: bool) -> bool:
    """« Quelles actions au Mont-Liébaut ? », « entrer au conseil citoyen du Mont-Liébaut »: what is asked is clear
    without the place, which is all that was read; a story names much else."""
    intent, likeliest = intent_of(placeless), likeliest_of(placeless)
    fiche = shared_base().by_slug(intent)
    is_theme = fiche is not None and fiche.genre == THEME
    is_asked = is_theme or intent in ASKED_OF_A_PLACE or intent in SUBJECT_OF_REQUEST
    is_sure = confidence_of(placeless) >= SURE_ALONE
    is_surer = is_sure or confidence_of(placeless) > confidence_of(whole)
    notions = [entity["value"] for entity in placeless.get(ENTITIES, ()) if entity["entity"] == NOTION]
    is_named = not is_story and likeliest in notions
    is_only_place = _is_set_in_a_place(whole, likeliest) or (is_sure and intent_of(whole) in DOUBTFUL)
    return ((is_asked and is_surer) or is_named) and is_only_place


def _is_elsewhere_business(whole: Message, placeless: Message) -> bool:
    """« Plus de place à la crèche rue de Lille »: what is asked is surely off-topic but for the place."""
    is_off_topic = intent_of(placeless) == OFF_TOPIC and confidence_of(placeless) >= CLEARLY_OFF_TOPIC
    is_of_the_place = _OF_A_PLACE.search(normalize(reading_of(placeless)))
    return is_off_topic and _is_set_in_a_place(whole, OFF_TOPIC) and not is_of_the_place


def _is_named_in_passing(message: Message) -> bool:
    """« J’ouvre un commerce au Mont-Liébaut. Y a-t-il des exonérations ? »"""
    fiche = shared_base().by_slug(intent_of(message))
    return fiche is not None and fiche.genre in PROPER_GENRES


def _asks_for_a_member(message: Message) -> bool:
    return intent_of(message) == MEMBER


def _says_little(message: Message) -> bool:
    is_off_topic = intent_of(message) == OFF_TOPIC and confidence_of(message) < CLEARLY_OFF_TOPIC
    return is_off_topic or intent_of(message) in DOUBTFUL


def _is_about_a_subject(message: Message, but: tuple[str, ...] = (BOT,)) -> bool:
    """Whether a reading is sure of a list or of a subject of another genre than `but`, rather than of a turn of
    conversation."""
    fiche = shared_base().by_slug(intent_of(message))
    return intent_of(message).startswith(LIST_PREFIX) or (fiche is not None and fiche.genre not in but)


def _as_question(message: Message) -> dict[str, Any]:
    intent = message.get(INTENT) or {"name": None, "confidence": 0.0}
    return {
        "text": message.get(TEXT),
        "reading": reading_of(message),
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "ranking": [(entry["name"], entry["confidence"]) for entry in message.get(INTENT_RANKING_KEY, [])[:4]],
        "distress": message.get(DISTRESS),
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")} for entity in message.get(ENTITIES, [])
        ],
    }


def _take_first_intent(message: Message, questions: list[dict[str, Any]]) -> None:
    """Policies choose the action by the first question; the action answers them all."""
    first = questions[0]
    # « Va pour le formulaire », once it was offered.
    if is_offered(message) and accepts_offer(reading_of(message)):
        first = first | {"intent": YES}
    elif len(questions) == 1 and _is_beside(message, first):
        # It is neither a « oui », nor an insult, nor a request, whatever it resembles.
        first = first | {"intent": FOLLOWUP}
    message.set(INTENT, {"name": first["intent"], "confidence": first["confidence"]}, add_to_output=True)


def _is_beside(message: Message, question: dict[str, Any]) -> bool:
    """Whether a message asks nothing, or what may be asked of anything."""
    text = question["reading"]
    is_reaction = find_mood(question["text"]) or find_mood(text)
    is_asked = intent_of(message) not in SAID_TO_SOMEBODY and leans_on(message) and find_aspect(text)
    # « En gros ? » is no insult.
    is_once_more = leans_on(message) and (asks_plainer(text) or asks_again(text))
    return bool(is_reaction or is_asked or is_once_more)
