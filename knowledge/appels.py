"""Calls for help that the second net for distress learns from, and what is none of them (`data/appels.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.marked_yaml import Marked, load_file

FILE = "appels.yml"
# What calls for nothing: everyday exaggerations, questions on policies, ordinary requests.
RIEN = "rien"


@dataclass(frozen=True)
class Appels:
    """`calls`: the slug of an urgence fiche → what people write then; `others`: what is no call for help."""

    calls: dict[str, tuple[str, ...]]
    others: tuple[str, ...]


def load_appels(data: Path) -> Appels:
    """Read `data/appels.yml`; empty without that file. Raises FicheError."""
    if not (data / FILE).is_file():
        return Appels({}, ())
    return read_appels(load_file(data, FILE))


def read_appels(marked: Marked) -> Appels:
    """Read the content of the file. Raises FicheError unless it is lists of texts."""
    calls = {slug: marked.texts(slug) for slug in marked.values if slug != RIEN}
    return Appels(calls, marked.texts(RIEN))
