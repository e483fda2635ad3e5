"""Distress and emergencies, recognised by expressions that staff can read (`data/declencheurs.yml`), and nothing else.

What comes first in the file wins, and everyday exaggerations (« mort de rire ») are set aside before anything is looked
for. Rules and no model: this answers in a millisecond, also while nothing else runs. The second net, which has a model,
asks here whether a message speaks of an everyday thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from knowledge.expressions import (
    BARRIER,
    Expression,
    ExpressionError,
    Groups,
    Index,
    Message,
    Parser,
    Steps,
    contains_itself,
)
from knowledge.marked_yaml import FicheError, Marked, load_file, raise_first
from knowledge.readings import Ecritures, Reader
from knowledge.text import normalize

FILE = "declencheurs.yml"
ECRITURES = "ecritures"
MUETS = "mots_muets"
LEGERS = "mots_legers"
GROUPES = "groupes"
BANALES = "banales"
RASSURANTES = "rassurantes"
# The keys of the file that name no urgence.
SECTIONS = (ECRITURES, MUETS, LEGERS, GROUPES, BANALES, RASSURANTES)

# « Je suis sourde, ma fille ne respire plus »: a second number may be the one that helps.
MOST_URGENCES = 2
# « Et les pompiers ? » goes on from a list; « les pompiers » alone calls them.
_GOES_ON = re.compile(r"\W*et\b.*\?\W*", re.IGNORECASE | re.DOTALL)

Read = TypeVar("Read")


@dataclass(frozen=True)
class Declencheurs:
    """The file, ready to be looked for: how messages are read, what is set aside, and what calls each urgence."""

    reader: Reader
    legers: frozenset[str]
    groups: Groups
    banales: Index
    urgences: Index
    slugs: dict[Expression, str]


@dataclass(frozen=True)
class Everyday:
    """What is said every day without being in danger, ready to be looked for."""

    reader: Reader
    groups: Groups
    legers: frozenset[str]
    expressions: Index

    def is_in(self, text: str) -> bool:
        """Whether a message exaggerates, or says that all is well."""
        words, weights = _read_words(text, self.reader, self.legers)
        message = Message(words, weights, self.groups)
        return any(message.find(expression) for expression in self.expressions.candidates(words))


def load_everyday(data: Path) -> Everyday:
    """Load `banales` and `rassurantes` of `data/declencheurs.yml` alone: a fifth of the time. Raises FicheError."""
    marked = load_file(data, FILE)
    reading = _FileReader(marked)
    groups = reading.read_groups()
    expressions = (*reading.read_expressions(BANALES), *reading.read_expressions(RASSURANTES))
    raise_first(reading.errors)
    groups |= reading.unnamed_groups
    reader = Reader(_name_words(expressions, groups), reading.ecritures)
    return Everyday(reader, groups, reading.legers, Index(expressions, groups))


def load_declencheurs(data: Path) -> Declencheurs:
    """Load `data/declencheurs.yml`. Raises FicheError."""
    return read_declencheurs(load_file(data, FILE))


def read_declencheurs(marked: Marked) -> Declencheurs:
    """Read the content of the file. Raises FicheError on what would match nothing, or anything."""
    reading = _FileReader(marked)
    groups = reading.read_groups()
    banales = reading.read_expressions(BANALES)
    slugs: dict[Expression, str] = {}
    for slug in marked.values:
        for expression in reading.read_expressions(slug) if slug not in SECTIONS else ():
            slugs.setdefault(expression, slug)
    groups |= reading.unnamed_groups
    expressions = (*banales, *slugs)
    # Not looked for here, and to be mended with the rest.
    reading.read_expressions(RASSURANTES)
    raise_first(reading.errors)
    return Declencheurs(
        Reader(_name_words(expressions, groups), reading.ecritures),
        reading.legers,
        groups,
        Index(banales, groups),
        Index(tuple(slugs), groups),
        slugs,
    )


def find_urgences(text: str, declencheurs: Declencheurs) -> tuple[str, ...]:
    """The slugs of the urgence fiches that the text calls for, two at most, in the order of the file."""
    words, weights = _read_words(text, declencheurs.reader, declencheurs.legers)
    message = Message(words, weights, declencheurs.groups)
    banales = declencheurs.banales.candidates(words)
    set_aside = [span for expression in banales for span in message.find(expression)]
    for start, end in set_aside:
        words[start:end] = [frozenset()] * (end - start)
        weights[start:end] = [BARRIER] * (end - start)
    if set_aside:
        message = Message(words, weights, declencheurs.groups)
    slugs: list[str] = []
    goes_on = _GOES_ON.fullmatch(text) is not None
    for expression in declencheurs.urgences.candidates(words):
        slug = declencheurs.slugs[expression]
        if slug not in slugs and not (goes_on and expression.is_whole) and message.find(expression):
            slugs.append(slug)
        if len(slugs) == MOST_URGENCES:
            break
    return tuple(slugs)


def _read_words(text: str, reader: Reader, legers: frozenset[str]) -> tuple[list[frozenset[str]], list[int]]:
    """What each word of a message stands for, and how much it weighs."""
    read = reader.read(text)
    return [entries for _, entries in read], [int(word not in legers) for word, _ in read]


def _name_words(expressions: Iterable[Expression], groups: Groups) -> set[str]:
    """The words of expressions and groups."""
    sequences = chain(*groups.values(), *(found.parts + found.exceptions for found in expressions))
    return {step.name for steps in sequences for step in steps} - set(groups)


class _FileReader:
    """Reads the sections of the file, and keeps what is wrong with them."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self.errors: list[FicheError] = []
        self.ecritures = Ecritures(
            {meant: marked.texts(ECRITURES, meant) for meant in self._names(ECRITURES)}, marked.texts(MUETS)
        )
        self._parser = Parser(self.ecritures, self._names(GROUPES))

    @property
    def legers(self) -> frozenset[str]:
        """The words that may stand anywhere in an expression."""
        return frozenset(
            word for text in self._marked.texts(LEGERS) for word in self.ecritures.fold(normalize(text).split())
        )

    @property
    def unnamed_groups(self) -> Groups:
        """The groups written inside expressions, once these are read."""
        return self._parser.unnamed

    def read_groups(self) -> Groups:
        """The groups of the file, each under its name between braces."""
        groups = {f"{{{name}}}": self._read_group(name) for name in self._names(GROUPES)}
        for name in self._names(GROUPES):
            if contains_itself(f"{{{name}}}", groups | self.unnamed_groups):
                self.errors.append(self._marked.fail(f"le groupe « {name} » se contient lui-même.", GROUPES, name))
        return groups

    def read_expressions(self, slug: str) -> tuple[Expression, ...]:
        """The expressions of an urgence, or the everyday exaggerations. « (sauf …) » alone is for all of them."""
        texts = dict(enumerate(self._marked.texts(slug)))
        common = {index: text for index, text in texts.items() if text.startswith("(")}
        exceptions = tuple(chain(*self._read(self._parser.read_exceptions, common, slug)))
        own = {index: text for index, text in texts.items() if index not in common}
        found = chain(*self._read(self._parser.read_expressions, own, slug))
        return tuple(replace(expression, exceptions=expression.exceptions + exceptions) for expression in found)

    def _read_group(self, name: str) -> tuple[Steps, ...]:
        return self._read(self._parser.read_steps, dict(enumerate(self._marked.texts(GROUPES, name))), GROUPES, name)

    def _read(self, parse: Callable[[str], Read], texts: dict[int, str], *key: str) -> tuple[Read, ...]:
        """What `parse` makes of the texts, by their place in the list at `key`."""
        found: list[Read] = []
        for index, text in texts.items():
            try:
                found.append(parse(text))
            except ExpressionError as error:
                self.errors.append(self._marked.fail(f"expression inutilisable « {text} » : {error}", *key, index))
        return tuple(found)

    def _names(self, section: str) -> list[str]:
        values = self._marked.values.get(section) or {}
        if not isinstance(values, dict):
            raise self._marked.fail(f"« {section} » : il faut ici des noms suivis de deux-points.", section)
        return list(values)
