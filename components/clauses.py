"""Several questions in one message.

`ClauseExpander`, once the spelling is corrected, lets each clause of a message travel through the pipeline as a
message of its own; `ClauseCollector`, at the end, folds them back into the message they came from: `questions` has
one entry a clause, with its text, corrected reading, intent, confidence, ranking and entities, and `whole` the same
for the message as one. Actions answer each question.

A message of one question may lean on what was said before (`leaning`), or tell more than it asks (`told`): each of
these gives its other readings, and says which counts.
"""

from __future__ import annotations

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
    CLAUSE_OF,
    CLEARLY_OFF_TOPIC,
    LEANS,
    choose_reading,
    confidence_of,
    intent_of,
    is_chat,
    is_offered,
    leaning_messages,
    leans_on,
    rank_together,
)
from components.spelling import reading_of
from components.told import DOUBTFUL, TOLD, choose_told, told_messages
from knowledge.aspects import find_aspect
from knowledge.clauses import split_clauses
from knowledge.intents import FOLLOWUP, OFF_TOPIC
from knowledge.offers import accepts_offer
from knowledge.reactions import find_mood
from knowledge.reference import asks_again, asks_plainer

YES = "affirm"
QUESTIONS = "questions"
WHOLE = "whole"
# What is said to somebody stays what it is; « c’est faux » and « c’est vrai ? » are no mere « non » and « oui ».
SAID_TO_SOMEBODY = frozenset({"greet", "thank", "goodbye", "insult", "cancel"})


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
            for part in (message, *_clause_messages(message), *told_messages(message), *leaning_messages(message))
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
            clauses = choose_told([part for part in parts if part.get(TOLD)], [message, *clauses]) or clauses
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


def _says_little(message: Message) -> bool:
    is_off_topic = intent_of(message) == OFF_TOPIC and confidence_of(message) < CLEARLY_OFF_TOPIC
    return is_off_topic or intent_of(message) in DOUBTFUL


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
