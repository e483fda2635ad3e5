"""Which content this process answers from: the working folder's, or that of a release."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.langues import FRENCH, Langues, load_langues
from knowledge.spelling import Corrector, make_corrector
from knowledge.urgences import FILE as DECLENCHEURS
from knowledge.urgences import Everyday, load_everyday

CONTENT_VARIABLE = "ALLO_CONTENT"


def content_folder() -> Path:
    """The content folder: `data/`, unless the process was started for a release (`ALLO_CONTENT`)."""
    return Path(os.environ.get(CONTENT_VARIABLE, "data"))


@lru_cache(maxsize=1)
def shared_base() -> KnowledgeBase:
    """The knowledge base of this process, read once."""
    return KnowledgeBase.load(content_folder())


@lru_cache(maxsize=1)
def shared_langues() -> Langues:
    """The languages that this process tells apart, read once."""
    return load_langues(content_folder())


@lru_cache(maxsize=1)
def shared_everyday() -> Everyday | None:
    """What is said every day without being in danger, read once, when first asked for; None for a content without."""
    return load_everyday(content_folder()) if (content_folder() / DECLENCHEURS).is_file() else None


@lru_cache(maxsize=1)
def shared_corrector() -> Corrector:
    """What mends the spelling of messages in this process, made once from its content."""
    langues = shared_langues().mots
    foreign = {word for langue, words in langues.items() if langue != FRENCH for word in words}
    return make_corrector(shared_base(), content_folder(), foreign - langues.get(FRENCH, frozenset()))
