"""What the words of a message stand for, among the words that a file of expressions is made of.

A word is read as itself, its number and gender aside. Only a word that is no French word is read by its sound
(« medicamen ») or as a slip (« violances »), so that « sans » is never « sang »; what was typed as one word is opened
(« jveumourir »), and what is written in several ways folded into one (« ya », « y a », « il y a »).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lexicon import french_words
from knowledge.sounds import sound_of_start, sounds
from knowledge.text import normalize

STAR = "*"
_SHORTEST_SOUND = 3
_SHORTEST_START = 4
_ENDING_FROM = 5
_SLIPS_FROM = 6
_TWO_SLIPS_FROM = 9
_GLUED_FROM = 5
_MOST_GLUED = 6
_FEWEST_LETTERS = 4
# « jveu », « jsui »; and « jai », « lhopital », « dargent » when the rest is a word.
_GLUED_JE = re.compile(r"(j)([^aeiouyh\W\d_]\w*)")
_GLUED_ELISION = re.compile(r"(j|l|d|m|t|s|n|c|qu|k)([aeiouyh]\w+)")
_ONE_LETTER = frozenset("acdjlmnsty")


class Ecritures:
    """Folds what is written in several ways into one; leaves out what is often left out."""

    def __init__(self, ways: Mapping[str, Sequence[str]], silent: Iterable[str]) -> None:
        """`ways`: what is meant, and how else it is written; `silent`: words that count for nothing anywhere."""
        self._ways: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._silent = {word for text in silent for word in normalize(text).split()}
        for meant, others in ways.items():
            for other in others:
                self._ways[tuple(normalize(other).split())] = tuple(normalize(meant).split())
        self._longest = max(map(len, self._ways), default=1)
        self.words = frozenset(word for written in self._ways for word in written) | self._silent

    def fold(self, words: Sequence[str]) -> list[str]:
        """The words as they are compared. Words with a star in them are left as they are."""
        folded: list[str] = []
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                meant = self._ways.get(tuple(words[place : place + length]))
                if meant is not None:
                    break
            else:
                meant, length = (words[place],), 1
            folded += (word for word in meant if word not in self._silent)
            place += length
        return folded


class Reader:
    """Reads messages in a vocabulary of whole words (« mari »), beginnings (« frapp* ») and parts (« *ضرب* »)."""

    def __init__(self, vocabulary: Iterable[str], ecritures: Ecritures) -> None:
        """Index the vocabulary: words already normalised and folded, stars kept."""
        self._ecritures = ecritures
        self._whole: dict[str, set[str]] = {}
        self._starts: dict[str, set[str]] = {}
        self._parts: dict[str, str] = {}
        self._by_sound: dict[str, set[str]] = {}
        self._starts_by_sound: dict[str, set[str]] = {}
        entries = list(vocabulary)
        # A foreign word is only read as it is written: « Brent » is not « brennt ».
        french = _find_french(entry.strip(STAR) for entry in entries)
        for entry in entries:
            self._add(entry, french)
        self._known = {entry for entries in self._whole.values() for entry in entries} | ecritures.words
        self._long = sorted(word for word in self._known & french if len(word) >= _SLIPS_FROM)
        self._long_starts = sorted(start for start in french & set(self._starts) if len(start) >= _SLIPS_FROM)
        self._start_lengths = sorted({len(start) for start in self._starts})
        self._start_sound_lengths = sorted({len(start) for start in self._starts_by_sound})

    def read(self, text: str) -> list[tuple[str, frozenset[str]]]:
        """Each word of a message and the entries of the vocabulary that it stands for."""
        words = [part for word in normalize(text).split() for part in self._open(word)]
        return [(word, self._entries(word)) for word in self._ecritures.fold(words)]

    def _add(self, entry: str, french: Collection[str]) -> None:
        word = entry.strip(STAR)
        if entry.startswith(STAR):
            self._parts[word] = entry
        elif entry.endswith(STAR):
            self._starts.setdefault(word, set()).add(entry)
            if word in french and len(sound_of_start(word)) >= _SHORTEST_START:
                self._starts_by_sound.setdefault(sound_of_start(word), set()).add(entry)
        else:
            self._whole.setdefault(_plain(word), set()).add(entry)
            for sound in sounds(word) if word in french else ():
                self._by_sound.setdefault(sound, set()).add(entry)

    def _entries(self, word: str) -> frozenset[str]:
        found = set(self._whole.get(_plain(word), ()))
        for length in self._start_lengths:
            found |= self._starts.get(word[:length], set()) if length <= len(word) else set()
        if word not in french_words():
            found |= {entry for part, entry in self._parts.items() if part in word}
            if word.isascii() and len(word) >= _SHORTEST_SOUND:
                found |= self._hear(word) or (set() if found else self._correct(word))
        return frozenset(found)

    def _hear(self, word: str) -> set[str]:
        found: set[str] = set()
        for key in sounds(word):
            found |= self._by_sound.get(key, set())
            for length in self._start_sound_lengths:
                if length <= len(key):
                    found |= self._starts_by_sound.get(key[:length], set())
        return found

    def _correct(self, word: str) -> set[str]:
        """The entries that a typing slip turned into this word: one slip from six letters, two from nine."""
        if len(word) < _SLIPS_FROM:
            return set()
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        near = process.extract(word, self._long, scorer=OSA.distance, score_cutoff=slips, limit=None)
        found = {entry for known, _, _ in near for entry in self._whole.get(_plain(known), ())}
        for start in self._long_starts:
            if start[0] == word[0] and OSA.distance(word[: len(start)], start, score_cutoff=1) <= 1:
                found |= self._starts[start]
        return found

    def _open(self, word: str) -> list[str]:
        """The words that were typed as one; the word itself when it is known or cannot be opened."""
        if not word.isascii() or word in self._known or word in french_words():
            return [word]
        glued = _GLUED_JE.fullmatch(word)
        if glued:
            return [glued[1], *self._open(glued[2])]
        glued = _GLUED_ELISION.fullmatch(word)
        is_word = glued is not None and (glued[2] in self._known or glued[2] in french_words())
        if glued and is_word and len(glued[2]) >= _FEWEST_LETTERS:
            return [glued[1], glued[2]]
        if self._entries(word):
            return [word]
        if glued and (is_word or self._hear(glued[2])):
            return [glued[1], glued[2]]
        return self._split(word) if len(word) >= _GLUED_FROM else [word]

    def _split(self, word: str) -> list[str]:
        """The fewest known words that a word is made of."""
        best: list[list[str] | None] = [[], *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(end):
                before, piece = best[start], word[start:end]
                if before is None or not (piece in self._known if len(piece) > 1 else piece in _ONE_LETTER):
                    continue
                known = best[end]
                if known is None or len(before) + 1 < len(known):
                    best[end] = [*before, piece]
        pieces = best[-1]
        is_sound = pieces and len(pieces) <= _MOST_GLUED and max(map(len, pieces)) >= _FEWEST_LETTERS
        return pieces if pieces and is_sound else [word]


def _plain(word: str) -> str:
    """A word without its plural and its feminine: « cachées » is « caché »."""
    if len(word) >= _ENDING_FROM:
        word = word.rstrip("sx")
    if word.endswith("ee"):
        word = word[:-1]
    return word.rstrip("e") if len(word) >= _ENDING_FROM else word


def _find_french(words: Iterable[str]) -> set[str]:
    """Those that are French words, or that a French word begins with."""
    known = _sorted_french_words()
    places = ((word, bisect_left(known, word)) for word in words)
    return {word for word, place in places if place < len(known) and known[place].startswith(word)}


@lru_cache(maxsize=1)
def _sorted_french_words() -> list[str]:
    return sorted(french_words())
