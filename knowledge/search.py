"""Free-text search over the fiches, for when no intent is sure.

BM25 over titre, alias, questions and answer, on lightly stemmed words, mixed with the likeness to the nearest
question. A word that no fiche holds is read as the nearest word that one does. Deterministic.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.fiches import Fiche
from knowledge.text import normalize

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.5
_FIELD_WEIGHTS = (("titre", 4.0), ("alias", 4.0), ("questions", 1.0), ("corps", 0.5))
# fmt: off
_STOP_WORDS = frozenset([
    "a", "ai", "au", "aux", "avec", "c", "ca", "ce", "cela", "ces", "cette", "comment", "d", "dans",
    "de", "des", "du", "elle", "en", "est", "et", "etre", "faire", "fait", "il", "ils", "j", "je", "l",
    "la", "le", "les", "leur", "ma", "me", "mes", "moi", "mon", "n", "ne", "nous", "on", "ou", "par",
    "pas", "pour", "qu", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "s", "sa", "se",
    "ses", "si", "son", "sont", "sur", "t", "te", "tu", "un", "une", "vos", "votre", "vous", "y",
])
# fmt: on
_ENDINGS = re.compile(r"(?<=....)(?:ements?|ations?|ateurs?|euses?|ees?|er|ez|es|e|s|x)$")
_PLURAL_AUX = re.compile(r"(?<=..)aux$")


@dataclass(frozen=True)
class Match:
    """A fiche and how well it answers, in 0..1."""

    fiche: Fiche
    score: float


def rank(question: str, fiches: Iterable[Fiche]) -> list[Match]:
    """The fiches that share something with the question, best first; equals keep the order of `fiches`."""
    return _cached_index(tuple(fiches)).rank(question)


class SearchIndex:
    """The words of a set of fiches, weighed once."""

    def __init__(self, fiches: Sequence[Fiche]) -> None:
        self._fiches = fiches
        self._weights = [_weigh_words(fiche) for fiche in fiches]
        self._questions = [_question_words(fiche) for fiche in fiches]
        self._lengths = [sum(weights.values()) for weights in self._weights]
        self._mean_length = sum(self._lengths) / max(len(self._lengths), 1)
        frequencies = Counter(word for weights in self._weights for word in weights)
        self._rarity = {
            word: math.log(1 + (len(fiches) - count + 0.5) / (count + 0.5))
            for word, count in frequencies.items()
        }
        self._vocabulary = sorted(self._rarity)
        # Where each word is: a question is compared with the fiches that hold one of its words, not with all.
        self._holders: dict[str, list[int]] = {}
        for place, (weights, questions) in enumerate(zip(self._weights, self._questions, strict=True)):
            for word in {*weights, *(word for words in questions for word in words)}:
                self._holders.setdefault(word, []).append(place)

    def rank(self, question: str) -> list[Match]:
        """Score every fiche against the question; those that share no word with it are left out."""
        words = frozenset(self._correct(word) for word in stem_words(question))
        # What no fiche speaks of still counts as something that was asked and is not answered.
        unknown = math.log(1 + len(self._fiches) / 0.5)
        rarity = {word: self._rarity.get(word, unknown) for word in sorted(words)}
        places = sorted({place for word in rarity for place in self._holders.get(word, ())})
        matches = [
            Match(self._fiches[place], round(score, 4))
            for place in places
            if (score := self._score(place, rarity)) > 0
        ]
        return sorted(matches, key=lambda match: -match.score)

    def _score(self, place: int, rarity: dict[str, float]) -> float:
        total = sum(rarity.values())
        if not total:
            return 0.0
        weights = self._weights[place]
        length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * self._lengths[place] / self._mean_length
        covered = sum(
            worth * weights[word] / (weights[word] + _SATURATION * length)
            for word, worth in rarity.items()
            if word in weights
        )
        return (covered / total + self._nearest_question(place, rarity, total)) / 2

    def _nearest_question(self, place: int, rarity: dict[str, float], total: float) -> float:
        """Share of the weight of all words that the question and the nearest wording have in common."""
        best = 0.0
        for words in self._questions[place]:
            shared = sum(worth for word, worth in rarity.items() if word in words)
            if shared:
                extra = sum(self._rarity[word] for word in words if word not in rarity)
                best = max(best, shared / (total + extra))
        return best

    def _correct(self, word: str) -> str:
        if word in self._rarity or len(word) < 5:
            return word
        limit = 1 if len(word) < 8 else 2
        near = process.extractOne(word, self._vocabulary, scorer=OSA.distance, score_cutoff=limit)
        return near[0] if near and len(near[0]) >= 4 else word


@lru_cache(maxsize=4)
def _cached_index(fiches: tuple[Fiche, ...]) -> SearchIndex:
    return SearchIndex(fiches)


def stem_words(text: str) -> list[str]:
    """The words of a text that carry meaning, without their usual French endings."""
    return [_stem(word) for word in normalize(text).split() if word not in _STOP_WORDS]


def _stem(word: str) -> str:
    return _ENDINGS.sub("", _PLURAL_AUX.sub("al", word))


def _weigh_words(fiche: Fiche) -> dict[str, float]:
    weights: dict[str, float] = {}
    for field, weight in _FIELD_WEIGHTS:
        value = getattr(fiche, field)
        for text in [value] if isinstance(value, str) else value:
            for word in stem_words(text):
                weights[word] = weights.get(word, 0.0) + weight
    return weights


def _question_words(fiche: Fiche) -> list[frozenset[str]]:
    texts = (fiche.titre, *fiche.alias, *fiche.questions)
    return [words for text in texts if (words := frozenset(stem_words(text)))]
