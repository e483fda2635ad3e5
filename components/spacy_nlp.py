"""spaCy loaded once and lean.

Rasa's `SpacyNLP` loads the whole model (400 MB, 4 s) for each place of the graph that asks for it. Only the
tokenizer and the pipes named in `pipes` are kept here, in one instance per process.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from spacy import Language
from spacy.pipeline import EntityRecognizer
from spacy.vectors import Vectors
from srsly.msgpack import Unpacker

from components.spacy_french import import_french

FRENCH_MODEL = "fr_core_news_md"
EVERY_PIPE = ("tok2vec", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "ner")
# These read word vectors, which live in the vocabulary.
PIPES_WITH_VECTORS = ("tok2vec", "parser", "ner")


@lru_cache(maxsize=1)
def load_language(name: str, pipes: tuple[str, ...]) -> Language:
    """The spaCy model `name` with nothing but `pipes`, shared by the whole process.

    The vocabulary (700,000 strings and the word vectors) is 250 MB of the model's 400: it is left out when
    no pipe reads it. The tokenizer is spaCy's French one, of which the model keeps a copy that takes as long to read
    again.
    """
    import_french()
    exclude = ["tokenizer", *(pipe for pipe in EVERY_PIPE if pipe not in pipes)]
    if not set(pipes) & set(PIPES_WITH_VECTORS):
        exclude.append("vocab")
    return spacy.load(name, exclude=exclude)


def load_entity_recognizer(language: Language, name: str) -> EntityRecognizer:
    """The entity recognizer of the spaCy model `name`, beside a language already loaded from it without its pipes.

    It is not one of the pipes of `language`: only who asks for it pays for it. 60 MB, a second and a half.
    """
    folder = Path(spacy.util.get_package_path(name))
    folder = next(folder.glob(f"{name}-*"))
    settings = dict(spacy.util.load_config(folder / "config.cfg")["components"]["ner"])
    recognizer = language.create_pipe(settings.pop("factory"), config=settings)
    language.vocab.vectors = _load_vectors(folder / "vocab", language)
    recognizer.from_disk(folder / "ner", exclude=["vocab"])
    return recognizer


def _load_vectors(folder: Path, language: Language) -> Vectors:
    with (folder / "key2row").open("rb") as file:
        unpacker = Unpacker(file, strict_map_key=False)
        size = unpacker.read_map_header()
        pairs = np.fromiter((unpacker.unpack() for _ in range(2 * size)), dtype=np.uint64, count=2 * size)
    vectors = Vectors(strings=language.vocab.strings, data=np.load(folder / "vectors"))
    vectors.key2row = _Rows(pairs[::2], pairs[1::2].astype(np.int32))
    return vectors


class _Rows:
    """Word → row of its vector, in two arrays: spaCy's own dictionary of 500,000 words takes 150 MB more."""

    def __init__(self, keys: np.ndarray, rows: np.ndarray) -> None:
        order = keys.argsort()
        self._keys, self._rows = keys[order], rows[order]

    def get(self, key: int, default: int = -1) -> int:
        """The row of a word, by its hash."""
        place = int(self._keys.searchsorted(np.uint64(key)))
        is_known = place < len(self._keys) and self._keys[place] == key
        return int(self._rows[place]) if is_known else default

    def __len__(self) -> int:
        """Number of words that have a vector."""
        return len(self._keys)


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
