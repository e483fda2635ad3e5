"""Names of the fiches ("la CAF", "mont liebo", "TGI") found in what residents type.

Three ways, all on normalised words: the exact name; the same name to the ear ("liebo" for "Liébaut"); a
typing slip (one in a word of 5 to 7 letters, two from 8). A name of four letters or fewer is only ever found
exact: "café" is not CAF. Words of a name may be glued, and its small words ("de", "la") left out or added.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.fiches import Fiche, strip_article
from knowledge.lexicon import french_words
from knowledge.text import Word, normalize, split_words

GENRES = ("quartier", "partenaire", "domaine", "objectif", "axe", "notion")

_LINK_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une"]
)
# Everyday French in which a word is not the name it looks like.
_EVERYDAY = tuple(
    tuple(phrase.split())
    for phrase in (
        "etat civil",
        "etat des lieux",
        "etat d esprit",
        "etat de sante",
        "bon etat",
        "mauvais etat",
        "en l etat",
        "etats unis",
        "emploi du temps",
        "mode d emploi",
    )
)
_SAME_SOUND = 0.9
_SHORT = 4
_MOST_SLIPS = 2
# "polemploi", "montliebaut": names of a few words are also typed without their spaces.
_MOST_GLUED = 3


@dataclass(frozen=True)
class Mention:
    """A fiche named in a text: `value` is its titre, `text[start:end]` what was typed, `score` in 0..1."""

    slug: str
    genre: str
    value: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class _Name:
    """One way to name a fiche: its normalised words, and those that are not mere link words."""

    fiche: Fiche
    words: tuple[str, ...]
    content: tuple[str, ...]
    has_links: bool


@dataclass(frozen=True)
class _Candidate:
    mention: Mention
    first: int
    last: int
    length: int


class Gazetteer:
    """Finds the fiches named in a text."""

    def __init__(
        self,
        fiches: Iterable[Fiche],
        genres: Collection[str] = GENRES,
        known_words: Collection[str] | None = None,
    ) -> None:
        """Index the titre and the alias of the fiches of these genres.

        `known_words` are normalised words spelt right: none of them is taken for a slip in a name ("commence"
        is not "commerce"). By default, those of French, read when a first slip is met.
        """
        chosen = [fiche for fiche in fiches if fiche.genre in genres]
        self._exact: dict[tuple[str, ...], _Name] = {}
        self._by_first_word: dict[str, list[_Name]] = {}
        for name in _iter_names(chosen):
            self._exact.setdefault(name.words, name)
            self._by_first_word.setdefault(name.content[0], []).append(name)
        self._longest = max((len(words) for words in self._exact), default=0)
        self._by_length: dict[int, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        for word in sorted({word for words in self._exact for word in words}):
            self._by_length.setdefault(len(word), []).append(word)
            self._by_sound.setdefault(_sound(word), []).append(word)
        self._known_words = known_words
        self._likeness = lru_cache(maxsize=4096)(self._compute_likeness)

    def find(self, text: str) -> list[Mention]:
        """Names found in the raw text, in order, without overlap: the longest, then the best, wins."""
        words = split_words(text)
        candidates = [*self._find_exact(words), *self._find_alike(words)]
        candidates.sort(key=lambda c: (-c.length, -c.mention.score, c.first))
        taken = _everyday_words(words)
        mentions: list[Mention] = []
        for candidate in candidates:
            span = set(range(candidate.first, candidate.last + 1))
            if not span & taken:
                taken |= span
                mentions.append(candidate.mention)
        return sorted(mentions, key=lambda mention: mention.start)

    def _find_exact(self, words: list[Word]) -> Iterator[_Candidate]:
        texts = [word.text for word in words]
        for first in range(len(words)):
            for last in range(first, min(first + self._longest, len(words))):
                name = self._exact.get(tuple(texts[first : last + 1]))
                if name:
                    yield _make_candidate(name, words, first, last, 1.0)
            glued = self._exact.get((texts[first][1:],)) if _has_glued_article(texts[first]) else None
            if glued:
                yield _make_candidate(glued, words, first, first, 1.0, skip=1)

    def _find_alike(self, words: list[Word]) -> Iterator[_Candidate]:
        for first, word in enumerate(words):
            for known, likeness in self._likeness(word.text).items():
                for name in self._by_first_word.get(known, ()):
                    if len(name.words) == 1 and len(known) <= _SHORT:
                        continue
                    found = self._follow(name, words, first, likeness)
                    if found:
                        yield found

    def _follow(self, name: _Name, words: list[Word], first: int, likeness: float) -> _Candidate | None:
        """Match the rest of a name from its first word on; link words count for nothing inside a name."""
        total = likeness * len(name.content[0])
        last = first
        for expected in name.content[1:]:
            last += 1
            while name.has_links and last < len(words) and words[last].text in _LINK_WORDS:
                last += 1
            likeness = self._likeness(words[last].text).get(expected, 0.0) if last < len(words) else 0.0
            if not likeness:
                return None
            total += likeness * len(expected)
        score = total / sum(map(len, name.content))
        return _make_candidate(name, words, first, last, score)

    def _compute_likeness(self, typed: str) -> dict[str, float]:
        """The words of the names that a typed word may stand for, with how alike they are (0..1)."""
        if typed in _LINK_WORDS:
            return {}
        # Each letter more or less is a slip.
        lengths = range(len(typed) - _MOST_SLIPS, len(typed) + _MOST_SLIPS + 1)
        near = [
            word
            for length in lengths
            for word, _, _ in process.extract(
                typed, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None
            )
        ]
        candidates = near + self._by_sound.get(_sound(typed), [])
        alike = {word: _compare(typed, word) for word in candidates}
        slips = {word: likeness for word, likeness in alike.items() if 0 < likeness < 1}
        if slips and self._is_known(typed):
            slips = {}
        return slips | {word: 1.0 for word, likeness in alike.items() if likeness == 1}

    def _is_known(self, word: str) -> bool:
        known = french_words() if self._known_words is None else self._known_words
        return word in known


def _iter_names(fiches: Iterable[Fiche]) -> Iterator[_Name]:
    for fiche in fiches:
        for raw in (fiche.titre, *fiche.alias):
            words = tuple(strip_article(normalize(raw)).split())
            content = tuple(word for word in words if word not in _LINK_WORDS) or words
            if words:
                yield _Name(fiche, words, content, has_links=content != words)
            if 1 < len(words) <= _MOST_GLUED:
                glued = "".join(words)
                yield _Name(fiche, (glued,), (glued,), has_links=False)


def _everyday_words(words: list[Word]) -> set[int]:
    texts = tuple(word.text for word in words)
    return {
        place
        for phrase in _EVERYDAY
        for first in range(len(texts) - len(phrase) + 1)
        if texts[first : first + len(phrase)] == phrase
        for place in range(first, first + len(phrase))
    }


def _has_glued_article(word: str) -> bool:
    """Whether a word may be an elision without its apostrophe: "letat", "lars"."""
    return len(word) > 3 and word[0] in "ld" and word[1] in "aeiouyh"


def _make_candidate(
    name: _Name, words: list[Word], first: int, last: int, score: float, skip: int = 0
) -> _Candidate:
    fiche = name.fiche
    start = words[first].offsets[skip]
    mention = Mention(fiche.slug, fiche.genre, fiche.titre, start, words[last].end, round(score, 3))
    return _Candidate(mention, first, last, sum(map(len, name.words)))


def _compare(typed: str, word: str) -> float:
    """How surely `typed` stands for `word`: 1 the same (plural aside), 0 another word."""
    if typed == word:
        return 1.0
    same_sound = _SAME_SOUND if _sound(typed) == _sound(word) else 0.0
    if len(word) <= _SHORT:
        return same_sound
    if _drop_plural(typed) == _drop_plural(word):
        return 1.0
    allowed = 1 if len(word) < 8 else _MOST_SLIPS
    distance = OSA.distance(typed, word, score_cutoff=allowed)
    if distance <= allowed and typed[0] == word[0]:
        return max(1.0 - distance / len(word), same_sound)
    return same_sound


def _drop_plural(word: str) -> str:
    return word[:-1] if word[-1] in "sx" and len(word) > _SHORT else word


_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"eaux?|au[lx]?(?=[tdsx]*$)|au", "o"),
        (r"ph", "f"),
        (r"qu|q|c(?![eiyh])", "k"),
        (r"y", "i"),
        (r"(.)\1", r"\1"),
        (r"(?<=...)(?:es?|[tdsxz]+)$", ""),
    )
)


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    """A rough key of how a French word sounds: "liebault" and "liebo" share one."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
