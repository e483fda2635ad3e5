"""spaCy loaded once and lean.

Rasa's `SpacyNLP` loads the whole model (400 MB, 4 s) for each place of the graph that asks for it. Only the
tokenizer and the pipes named in `pipes` are kept here, in one instance per process.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from spacy import Language

EVERY_PIPE = ("tok2vec", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "ner")
# These read word vectors, which live in the vocabulary.
PIPES_WITH_VECTORS = ("tok2vec", "parser", "ner")


@lru_cache(maxsize=1)
def load_language(name: str, pipes: tuple[str, ...]) -> Language:
    """The spaCy model `name` with nothing but `pipes`, shared by the whole process.

    The vocabulary (700,000 strings and the word vectors) is 250 MB of the model's 400: it is left out when
    no pipe reads it. The tokenizer's own rules and exceptions are complete without it.
    """
    exclude = [pipe for pipe in EVERY_PIPE if pipe not in pipes]
    if not set(pipes) & set(PIPES_WITH_VECTORS):
        exclude.append("vocab")
    return spacy.load(name, exclude=exclude)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="LeanSpacyNLP",
)
class LeanSpacyNLP(SpacyNLP):
    """Gives the pipeline one shared spaCy model, reduced to the pipes that it uses."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`pipes`: names of the spaCy pipes to keep."""
        return {**SpacyNLP.get_default_config(), "pipes": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LeanSpacyNLP:
        """Take the shared model (loaded at the first call)."""
        language = load_language(config["model"], tuple(config.get("pipes", ())))
        return cls(SpacyModel(model=language, model_name=config["model"]), {**cls.get_default_config(), **config})
