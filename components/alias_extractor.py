"""Entities from the names that the fiches carry: a partner, a quartier, a domaine, an axe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.spelling import pieces_of, reading_of
from knowledge.content import shared_base
from knowledge.gazetteer import Gazetteer, Mention
from knowledge.spelling import Piece


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AliasExtractor(EntityExtractorMixin, GraphComponent):
    """Finds the fiches' names in a message, misspelt ones too. The entity is the genre, its value the slug."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Keep the names to look for."""
        self._gazetteer = gazetteer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AliasExtractor:
        """Read the names from the content of this release."""
        return cls(shared_base().gazetteer)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message, in reading order."""
        for message in messages:
            mentions = self._find(message)
            found = self.add_extractor_name([_as_entity(mention) for mention in mentions])
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _find(self, message: Message) -> list[Mention]:
        """The names in the text as it was typed, then those that only its corrected reading shows."""
        typed = self._gazetteer.find(message.get(TEXT) or "")
        reading = reading_of(message)
        if reading == (message.get(TEXT) or ""):
            return typed
        read = [place_in_text(mention, pieces_of(message)) for mention in self._gazetteer.find(reading)]
        more = [mention for mention in read if not any(_overlap(mention, other) for other in typed)]
        return sorted(typed + more, key=lambda mention: mention.start)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples carry no entities: nothing learns from them."""
        return training_data


def place_in_text(mention: Mention, pieces: Sequence[Piece]) -> Mention:
    """A name found in the corrected reading, with its place in the raw text: whole words of it."""
    place, covered = 0, []
    for piece in pieces:
        end = place + len(piece.text)
        if place < mention.end and mention.start < end and piece.text.strip():
            covered.append(piece)
        place = end
    return replace(mention, start=covered[0].start, end=covered[-1].end)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _as_entity(mention: Mention) -> dict[str, Any]:
    return {
        "entity": mention.genre,
        "value": mention.slug,
        "start": mention.start,
        "end": mention.end,
        "confidence_entity": mention.score,
    }
