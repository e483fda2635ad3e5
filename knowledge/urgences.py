"""Distress and emergencies, recognised by fixed expressions that staff can read, and by nothing else.

In an expression `*` alone stands for up to three words and `frapp*` for any ending. What comes first in the
file wins, and everyday exaggerations ("mort de rire") are set aside before anything is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.marked_yaml import Marked, load_file, raise_first
from knowledge.text import normalize

FILE = "declencheurs.yml"
BANALES = "banales"
# Not a letter, so that no expression reaches across what was set aside.
_SET_ASIDE = " | "
_ELIDED = frozenset(["c", "d", "j", "l", "m", "n", "qu", "s", "t"])


@dataclass(frozen=True)
class Declencheurs:
    """The expressions, compiled: slug of the urgence fiche and pattern, in the file's order."""

    banales: re.Pattern[str] | None
    urgences: tuple[tuple[str, re.Pattern[str]], ...]


def load_declencheurs(data: Path) -> Declencheurs:
    """Load and compile `data/declencheurs.yml`. Raises FicheError."""
    expressions = read_expressions(load_file(data, FILE))
    banales = expressions.pop(BANALES, ())
    return Declencheurs(
        compile_expressions(banales) if banales else None,
        tuple((slug, compile_expressions(texts)) for slug, texts in expressions.items() if texts),
    )


def read_expressions(marked: Marked) -> dict[str, tuple[str, ...]]:
    """The expressions of each list. Raises FicheError on those that would match nothing, or anything."""
    expressions = {slug: marked.texts(slug) for slug in marked.values}
    raise_first(
        [
            marked.fail(f"expression inutilisable « {text} » : {problem}", slug, index)
            for slug, texts in expressions.items()
            for index, text in enumerate(texts)
            if (problem := _find_problem(text))
        ]
    )
    return expressions


def find_urgence(text: str, declencheurs: Declencheurs) -> str | None:
    """The slug of the urgence fiche that the text calls for; None when it calls for none."""
    words = f" {normalize(text)}"
    if declencheurs.banales:
        words = declencheurs.banales.sub(_SET_ASIDE, words)
    for slug, pattern in declencheurs.urgences:
        if pattern.search(words):
            return slug
    return None


def compile_expressions(expressions: Iterable[str]) -> re.Pattern[str]:
    """One pattern for any of the expressions, to be searched in a space and a normalised text."""
    by_first_word: dict[str, list[str]] = {}
    for expression in expressions:
        first, rest = _translate(expression)
        by_first_word.setdefault(first, []).append(rest)
    # The first word is tried once for all the expressions that it opens.
    branches = (f"{first}(?:{'|'.join(rests)})" for first, rests in by_first_word.items())
    return re.compile(rf" (?:{'|'.join(branches)})(?!\w)")


def _find_problem(expression: str) -> str:
    if not normalize(expression):
        return "écrivez au moins un mot."
    if any("*" in token[:-1] for token in expression.split()):
        return "« * » se place seul, ou à la fin d’un mot."
    return ""


def _translate(expression: str) -> tuple[str, str]:
    """The pattern of the first word of an expression, and of all that follows it."""
    tokens = expression.split()
    # Alone at one end, * asks for nothing.
    places = [place for place, token in enumerate(tokens) if token != "*"]
    pieces: list[str] = []
    gap = " "
    for token in tokens[places[0] : places[-1] + 1]:
        if token == "*":
            pieces.append(r"(?: \w+){0,3}")
            continue
        for word in normalize(token).split():
            pieces.append(gap + word)
            # "j’ai" is often typed "jai".
            gap = " ?" if word in _ELIDED else " "
        if token.endswith("*"):
            pieces[-1] += r"\w*"
    return pieces[0].lstrip(), "".join(pieces[1:])
