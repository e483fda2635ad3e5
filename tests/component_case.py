"""A Rasa component on its own, as the engine would build it, and messages to pass through it."""

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

CONTEXT = ExecutionContext(GraphSchema({}), node_name="component")
RESOURCE = Resource("component")


def build(component: Any, folder: Path, **config: Any) -> Any:
    """A new component, whose model would be stored in `folder`."""
    return component.create({**component.get_default_config(), **config}, *_storage(folder), CONTEXT)


def load(component: Any, folder: Path) -> Any:
    """The component that was trained and stored in `folder`, read back."""
    return component.load(component.get_default_config(), *_storage(folder), CONTEXT)


def said(text: str, intent: str | None = None) -> Message:
    """A message, or a training example when its intent is given."""
    return Message(data={TEXT: text, INTENT: intent} if intent else {TEXT: text})


def with_features(message: Message, dense: np.ndarray, counts: np.ndarray) -> Message:
    """The message with a sentence vector and the counts of its n-grams, as the featurizers leave it."""
    message.add_features(Features(dense[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    message.add_features(Features(csr_matrix(counts), FEATURE_TYPE_SENTENCE, TEXT, "counts"))
    return message


def _storage(folder: Path) -> tuple[LocalModelStorage, Resource]:
    return LocalModelStorage(folder), RESOURCE
