"""What a message asks, told without the rest: amid a story, after a sentence, beside the place or the street it names.

Each of these readings travels through the pipeline as a message of its own; `choose_told` says whether one counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.leaning import BOT, CLAUSE_OF, CLEARLY_OFF_TOPIC, SURE_ALONE, confidence_of, intent_of, likeliest_of
from components.pooling import ASKED_OF_ANYTHING
from components.spelling import reading_of
from knowledge.addresses import say_my_street
from knowledge.base import LIST_PREFIX
from knowledge.content import shared_base
from knowledge.gazetteer import Mention
from knowledge.genres import PROPER_GENRES
from knowledge.intents import OFF_TOPIC, SUBJECT_OF_REQUEST, UNKNOWN, UNSURE
from knowledge.stories import find_last_question, find_question_from_home, find_told_questions, leave_out_place
from knowledge.text import normalize

TOLD = "told"
SORTS = STORY, LAST, HOME, PLACELESS, STREET = "story", "last", "home", "placeless", "street"
MEMBER = "ask_member"
# What one may ask of a place, named or not, beside what it is.
PLACE, THEME, NOTION = "quartier", "domaine", "notion"
OF_A_STREET = "verifier_adresse"
ASKED_OF_A_PLACE = ASKED_OF_ANYTHING - {OF_A_STREET}
DOUBTFUL = (UNSURE, UNKNOWN)
# What one asks of a place as such.
_OF_A_PLACE = re.compile(r"\b(?:quartiers?|prioritaires?|qpv|concerne\w*|zones?|perimetre|argent|budget|habitants)\b")
# From here on, what is asked beside a place counts rather than the place.
SURE_BESIDE_ITS_PLACE = 0.55
# A story as a whole that is surer than its question by that much is not cut.
WHOLE_LEAD = 0.25


def told_messages(message: Message) -> list[Message]:
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


def choose_told(told: Sequence[Message], others: Sequence[Message]) -> list[Message]:
    """The reading of a message that is its question, alone in a list; none when `others` say as much.

    `others`: the message as a whole, then its clauses.
    """
    sorts = {sort: [part for part in told if part.get(TOLD) == sort] for sort in SORTS}
    if sorts[STREET] and _asks_about_an_address(sorts[STREET][0]):
        return sorts[STREET]
    at_the_end = [*sorts[LAST], *sorts[HOME]]
    is_story = bool(sorts[STORY] or at_the_end)
    if sorts[PLACELESS] and _is_beside_its_place(sorts[PLACELESS][0], others[0], is_story):
        return sorts[PLACELESS]
    if sorts[STORY]:
        return _choose_in_story([*sorts[STORY], *at_the_end], others)
    return [part for part in at_the_end if _counts_at_the_end(part, others)]


def _asks_about_an_address(street: Message) -> bool:
    """« Rue Pasteur, c’est bon ? » resembles nothing; « ma rue, c’est bon ? » asks about one’s address."""
    return intent_of(street) == OF_A_STREET and confidence_of(street) >= SURE_ALONE


def _is_beside_its_place(placeless: Message, whole: Message, is_story: bool) -> bool:
    return _names_its_place_only(whole, placeless, is_story) or _is_elsewhere_business(whole, placeless)


def _counts_at_the_end(part: Message, others: Sequence[Message]) -> bool:
    """Whether the last sentence of a short message is its question: nothing else is understood, or the rest names the
    place where one lives, or what one speaks of in passing."""
    whole = others[0]
    is_lost = intent_of(whole) in (OFF_TOPIC, *DOUBTFUL) and not any(map(_is_about_a_subject, others))
    is_surer = confidence_of(part) > confidence_of(whole) < SURE_ALONE and _is_named_in_passing(whole)
    is_at_home = part.get(TOLD) == HOME and _is_set_in_a_place(whole, intent_of(part))
    return (is_lost or is_surer or is_at_home) and _is_about_a_subject(part, but=())


def _choose_in_story(told: Sequence[Message], others: Sequence[Message]) -> list[Message]:
    """The first that is sure of a subject; one about the assistant or a member, or the likeliest, where none is."""
    whole = others[0]
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
    likeliest = max(told, key=confidence_of)
    is_likelier = intent_of(likeliest) in DOUBTFUL and confidence_of(likeliest) > confidence_of(whole)
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
    is_sure = confidence_of(placeless) >= SURE_BESIDE_ITS_PLACE
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


def _is_about_a_subject(message: Message, but: tuple[str, ...] = (BOT,)) -> bool:
    """Whether a reading is sure of a list or of a subject of another genre than `but`, rather than of a turn of
    conversation."""
    fiche = shared_base().by_slug(intent_of(message))
    return intent_of(message).startswith(LIST_PREFIX) or (fiche is not None and fiche.genre not in but)
