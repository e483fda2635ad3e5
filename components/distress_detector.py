"""The second net for distress: how near each message is to a call for help, whatever its subject seems to be."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import distress_model
from components.beside import map_beside
from components.sentence_encoder import encode
from components.spelling import reading_of
from knowledge.appels import FILE, RIEN, load_appels
from knowledge.content import content_folder, shared_base, shared_corrector, shared_langues
from knowledge.gloss import read_message
from knowledge.text import fold_case

MODEL_FILE = "distress_model.npz"
DISTRESS = "distress"
URGENCE = "urgence"
MOST_KINDS = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DistressDetector(GraphComponent):
    """Sets `distress` on each message: its `score`, and the likeliest urgences with their weights.

    It learns from `data/appels.yml` and from the training examples: those of the urgences are calls, the others not.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: distress_model.DistressModel | None = None
    ) -> None:
        """Keep where to store the model, and the model itself when there is one."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DistressDetector:
        """Build the untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DistressDetector:
        """Read the trained component back; a content without urgences has none."""
        with model_storage.read_from(resource) as folder:
            stored = folder / MODEL_FILE
            model = distress_model.DistressModel.load(stored) if stored.is_file() else None
        return cls(model_storage, resource, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Calls for help are no training examples of Rasa's: a change of theirs is told here."""
        path = content_folder() / FILE
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the calls for help and on all that is none; on nothing when the content has no two urgences."""
        ordinary, told = _ordinary_examples(training_data), _told_examples()
        examples = ordinary | told
        texts, kinds = list(examples), np.array(list(examples.values()))
        with self._model_storage.write_to(self._resource) as folder:
            if len(set(kinds) - {RIEN}) > 1 and RIEN in kinds:
                dense = _encode(texts, training_data)
                is_told = np.array([text in told for text in texts])
                kept = distress_model.keep_nearest(dense, kinds, is_told)
                words = distress_model.count_words([texts[index] for index in kept])
                self._model = distress_model.fit(dense[kept], words, kinds[kept])
                self._model.save(folder / MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Measure each message that has a text."""
        written = [message for message in messages if message.get(TEXT)]
        if self._model is None or not written:
            return messages
        dense = np.vstack([message.get_dense_features(TEXT)[1].features for message in written])
        words = distress_model.count_words([fold_case(reading_of(message)) for message in written])
        scores, kinds = self._model.read(dense, words)
        for message, score, row in zip(written, scores, kinds, strict=True):
            order = row.argsort()[::-1][:MOST_KINDS]
            ranking = [(str(self._model.kinds[index]), float(row[index])) for index in order]
            message.set(DISTRESS, {"score": float(score), "ranking": ranking}, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component learns from it."""
        return training_data


def _ordinary_examples(training_data: TrainingData) -> dict[str, str]:
    """Reading of a training question → the slug of its urgence or RIEN."""
    urgences = _urgences()
    return {
        fold_case(reading_of(message)): message.get(INTENT) if message.get(INTENT) in urgences else RIEN
        for message in training_data.intent_examples
        if message.get(TEXT)
    }


def _told_examples() -> dict[str, str]:
    """Reading of what `data/appels.yml` holds → the slug of its urgence or RIEN."""
    appels, urgences = load_appels(content_folder()), _urgences()
    written = [(text, RIEN) for text in appels.others]
    written += [(text, slug) for slug, texts in appels.calls.items() if slug in urgences for text in texts]
    readings = map_beside(lambda texts: [fold_case(_read(text)) for text in texts], [text for text, _ in written])
    return dict(zip(readings, (kind for _, kind in written), strict=True))


def _urgences() -> set[str]:
    return {fiche.slug for fiche in shared_base().list_genre(URGENCE)}


def _encode(texts: Sequence[str], training_data: TrainingData) -> np.ndarray:
    """Sentence vectors of readings, (n, 512): the encoder before has left those of the training examples."""
    known = {
        fold_case(reading_of(message)): features.features[0]
        for message in training_data.intent_examples
        if message.get(TEXT) and (features := message.get_dense_features(TEXT)[1])
    }
    new = [text for text in texts if text not in known]
    known |= zip(new, map_beside(encode, new), strict=True)
    return np.vstack([known[text] for text in texts])


def _read(text: str) -> str:
    return "".join(piece.text for piece in read_message(text, shared_corrector(), shared_langues()))
