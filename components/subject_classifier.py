"""The intent classifier: which subject a message is about, and whether that is sure enough to answer."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, spmatrix

from components import kernel_model
from components.ridge import FOLDS
from components.spelling import LANGUAGE, language_before
from components.thresholds import Decision, fit_decision, read_signals
from knowledge.content import shared_langues
from knowledge.intents import OFF_TOPIC, UNKNOWN, UNSURE
from knowledge.langues import FRENCH

MODEL_FILE = "kernel_model.npz"
DECISION_FILE = "decision.json"
RANKING_LENGTH = 10
FEWEST_EXAMPLES = FOLDS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SubjectClassifier(IntentClassifier, GraphComponent):
    """Kernel classifier over the sentence vector and character n-grams, with fitted thresholds.

    The intent of a message is its first subject when that is sure, `nlu_unsure` when two or three subjects are
    worth proposing, `nlu_fallback` when it is better to say that one does not know. The ranking and the
    confidence (the estimated chance that the first subject is right) are always there, and so is the `language`.
    """

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        model: kernel_model.KernelModel | None = None,
        decision: Decision | None = None,
    ) -> None:
        """Keep where to store the model, and the model itself when it is already trained."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._decision = decision

    @classmethod
    def required_components(cls) -> list[type]:
        """Featurizers come before."""
        return [Featurizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SubjectClassifier:
        """Build the untrained component."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier, then its thresholds on out-of-fold predictions, and store both."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        intents = np.array([message.get(INTENT) for message in examples])
        _refuse_too_few(intents)
        dense, counts = _features(examples)
        self._model, unseen = kernel_model.fit(dense, counts, intents)
        self._decision = _fit_decision(unseen, intents[unseen.asked])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
            (folder / DECISION_FILE).write_text(json.dumps(self._decision.to_dict()), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SubjectClassifier:
        """Read the trained component back."""
        with model_storage.read_from(resource) as folder:
            model = kernel_model.KernelModel.load(folder / MODEL_FILE)
            decision = Decision(**json.loads((folder / DECISION_FILE).read_text(encoding="utf-8")))
        return cls(model_storage, resource, model, decision)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, its confidence and the ranking of each message."""
        written = [message for message in messages if message.get(TEXT)]
        if not written:
            return messages
        assert self._model is not None and self._decision is not None
        dense, counts = _features(written)
        languages = [shared_langues().detect(message.get(TEXT), language_before(message)) for message in written]
        is_french = np.array([language == FRENCH for language in languages])
        scores, likeness = self._model.read(dense, counts, is_french)
        probabilities = self._model.chances(scores)
        confidences = self._decision.confidence(read_signals(probabilities, likeness))
        for message, row, confidence, language in zip(written, probabilities, confidences, languages, strict=True):
            self._set_intent(message, row, float(confidence))
            message.set(LANGUAGE, language, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component learns from its predictions."""
        return training_data

    def _set_intent(self, message: Message, probabilities: np.ndarray, confidence: float) -> None:
        assert self._model is not None and self._decision is not None
        order = probabilities.argsort()[::-1][:RANKING_LENGTH]
        ranking = [
            {"name": str(self._model.classes[index]), "confidence": float(probabilities[index])} for index in order
        ]
        ranking[0]["confidence"] = confidence
        name = _decide(str(ranking[0]["name"]), confidence, self._decision)
        message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _decide(first: str, confidence: float, decision: Decision) -> str:
    if first == OFF_TOPIC or confidence >= decision.sure:
        return first
    return UNSURE if confidence >= decision.ask else UNKNOWN


def _features(messages: list[Message]) -> tuple[np.ndarray, csr_matrix]:
    dense = [_sentence(message, is_sparse=False) for message in messages]
    counts = [_sentence(message, is_sparse=True) for message in messages]
    return np.vstack(dense).astype(np.float32), _stack(counts)


def _stack(rows: list[spmatrix]) -> csr_matrix:
    """Rows of counts (1, v) as one matrix: scipy's own way takes longer than reading the message."""
    ends = np.cumsum([0, *(row.nnz for row in rows)])
    values = np.concatenate([row.data for row in rows]).astype(np.float32)
    places = np.concatenate([row.nonzero()[1] for row in rows])
    return csr_matrix((values, places, ends), shape=(len(rows), rows[0].shape[1]))


def _sentence(message: Message, is_sparse: bool) -> Any:
    # Rasa's own way to ask for them copies them.
    features = [
        features.features
        for features in message.features
        if (features.attribute, features.type, features.is_sparse()) == (TEXT, FEATURE_TYPE_SENTENCE, is_sparse)
    ]
    if len(features) != 1:
        raise InvalidConfigException(
            "SubjectClassifier needs SentenceEncoder and SentenceNgrams before it, and no other featurizer."
        )
    return features[0]


def _fit_decision(unseen: kernel_model.OutOfFold, intents: np.ndarray) -> Decision:
    classes, truth = np.unique(intents, return_inverse=True)
    ranked = unseen.probabilities.argsort(axis=1)[:, ::-1]
    # Off-topic is said whatever the confidence: the lines are drawn where a subject comes first.
    chosen = classes[ranked[:, 0]] != OFF_TOPIC
    return fit_decision(
        read_signals(unseen.probabilities, unseen.likeness)[chosen],
        is_right=(ranked[:, 0] == truth)[chosen],
        is_near=(ranked[:, :3] == truth[:, np.newaxis]).any(axis=1)[chosen],
        is_ours=(intents != OFF_TOPIC)[chosen],
    )


def _refuse_too_few(intents: np.ndarray) -> None:
    rare = [str(name) for name, count in Counter(intents).items() if count < FEWEST_EXAMPLES]
    if rare:
        raise InvalidConfigException(
            f"Il faut au moins {FEWEST_EXAMPLES} questions par sujet. Il en manque pour : {', '.join(sorted(rare))}."
        )
