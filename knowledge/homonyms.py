"""Our words with another complement than ours: « contrat de mariage », « Conseil constitutionnel ».

A classifier hears « contrat » and knows one contract only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from knowledge.fiches import Fiche
from knowledge.lexicon import french_words
from knowledge.text import normalize

# Genres whose names are a word of everybody's and a complement: « contrat de ville », « tribunal de grande instance ».
_GENRES = ("notion", "demarche", "partenaire")
_OF = r"(?:de|du|d|des) (?:la |l |les )?"
# An adjective that tells sorts apart, by its ending; a verb after the word has none of these.
_SORT = r"\w{2,}(?:iques?|els?|elles?|als?|ales?|aux|ifs?|ives?|aires?|oires?)\b"
_SMALL = frozenset(["le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "mon", "ma", "votre"])
# A word that few names begin with is no common noun of theirs.
_FEWEST_NAMES = 3
_SHORTEST = 3


class Homonyms:
    """What other things are called that begin like names of ours."""

    def __init__(self, fiches: Iterable[Fiche]) -> None:
        """Find the words that names of ours begin with, and whose they are."""
        self._fiches = tuple(fiches)
        self._subjects: dict[str, set[str]] = {}
        names: dict[str, int] = {}
        for fiche in self._fiches:
            for name in (fiche.titre, *fiche.alias) if fiche.genre in _GENRES else ():
                words = [word for word in normalize(name).split() if word not in _SMALL]
                if len(words) > 1 and words[0] in french_words():
                    head = _stem(words[0])
                    names[head] = names.get(head, 0) + 1
                    self._subjects.setdefault(head, set()).add(fiche.slug)
        self._heads = {head for head, count in names.items() if count >= _FEWEST_NAMES}

    def is_in(self, text: str, subject: str) -> bool:
        """Whether a text taken for a subject speaks of another thing that is called alike, and never of ours."""
        found = [(head, word) for head, word in self._find(text) if subject in self._subjects[head]]
        return bool(found) and all(word not in self._complements[head] for head, word in found)

    def _find(self, text: str) -> list[tuple[str, str]]:
        found = self._pattern.findall(normalize(text)) if self._pattern else []
        return [(_stem(head), _stem(noun or sort)) for head, noun, sort in found]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        heads = "|".join(sorted(map(re.escape, self._heads)))
        return re.compile(rf"\b({heads})e?[sx]? (?:{_OF}(\w+)|({_SORT}))") if heads else None

    @cached_property
    def _complements(self) -> dict[str, set[str]]:
        """The words that follow ours in our own texts."""
        complements: dict[str, set[str]] = {head: set() for head in self._heads}
        for fiche in self._fiches:
            texts = (fiche.titre, *fiche.alias, *fiche.questions, fiche.corps, fiche.simple, *fiche.citations)
            for head, word in self._find("\n".join(text for text in texts if text)):
                complements[head].add(word)
        return complements


def _stem(word: str) -> str:
    """A word without its plural and its feminine."""
    return word.rstrip("sx").removesuffix("e") if len(word) > _SHORTEST else word
