"""The corrected reading of each message: what the encoder, the n-grams and the names are read from.

The text itself stays what was typed. Training examples are read the same way as messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import get_text_hash

from components.beside import map_beside
from knowledge.content import shared_corrector, shared_langues
from knowledge.gloss import read_message
from knowledge.langues import FRENCH, Langues
from knowledge.spelling import Corrector, Piece

PIECES = "pieces"
METADATA = "metadata"
LANGUAGE = "language"


class Reading(tuple[Piece, ...]):
    """The pieces of a corrected reading. Rasa asks for their fingerprint after each component that trains."""

    def fingerprint(self) -> str:
        """A hash of what is read and where; without it Rasa prints each piece, a third of its time on fingerprints."""
        return get_text_hash("\n".join(f"{piece.start} {piece.end} {piece.text}" for piece in self))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SpellingCorrector(GraphComponent):
    """Sets on each message the pieces of its corrected reading, each with its place in the raw text."""

    def __init__(self, corrector: Corrector, langues: Langues) -> None:
        """Keep what mends the spelling, and what tells languages apart."""
        self._corrector = corrector
        self._langues = langues

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellingCorrector:
        """Take the words of this release's content."""
        return cls(shared_corrector(), shared_langues())

    def process(self, messages: list[Message]) -> list[Message]:
        """Read every message that has a text."""
        written = [message for message in messages if message.get(TEXT)]
        for message, pieces in zip(written, map_beside(self._read, written), strict=True):
            message.set(PIECES, Reading(pieces))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def _read(self, messages: Sequence[Message]) -> list[Sequence[Piece]]:
        return [
            read_message(message.get(TEXT), self._corrector, self._langues, language_before(message))
            for message in messages
        ]


def language_before(message: Message) -> str:
    """The language of the conversation before a message; French at its beginning."""
    return (message.get(METADATA) or {}).get(LANGUAGE) or FRENCH


def pieces_of(message: Message) -> Sequence[Piece]:
    """The pieces of a message's corrected reading; its text as it is when nobody has corrected it."""
    text = message.get(TEXT) or ""
    pieces: Sequence[Piece] = message.get(PIECES) or [Piece(text, 0, len(text))]
    return pieces


def reading_of(message: Message) -> str:
    """The corrected reading of a message."""
    return "".join(piece.text for piece in pieces_of(message))
