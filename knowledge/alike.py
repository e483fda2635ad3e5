"""How alike two questions are, by their words and letters: 0 (nothing in common) to 100 (the same)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from rapidfuzz import fuzz, process

from knowledge.text import normalize

Key = TypeVar("Key")


def find_alike(text: str, known: Mapping[Key, str], least: float) -> tuple[Key, float] | None:
    """The key of the normalised text most like `text`, and how much; None when none reaches `least`.

    Likeness is rapidfuzz's `token_sort_ratio`: of letters, whatever the order of the words.
    """
    found = process.extractOne(normalize(text), known, scorer=fuzz.token_sort_ratio, score_cutoff=least)
    return (found[2], float(found[1])) if found else None
