"""Which language a message is in: by its letters, else by its small words. French when nothing says otherwise.

A short French message must never be taken for another language, so that a language needs more of its own small
words than the message has French ones. The words and the sentence said after an answer are in `data/langues.yml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.lexicon import french_words
from knowledge.marked_yaml import load_file
from knowledge.text import fold_case, normalize

FRENCH = "fr"
FILE = "langues.yml"
_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_LATIN = re.compile(r"[a-zà-öø-ÿā-ž]", re.IGNORECASE)


@dataclass(frozen=True)
class Langues:
    """What is told by its letters and words, and the fixed sentences of each language.

    `phrases`: language → what is said after an answer in French; `urgences`: after the number of an urgence;
    `mots`, `lettres`: its own small words and letters.
    """

    phrases: dict[str, str]
    urgences: dict[str, str]
    mots: dict[str, frozenset[str]]
    lettres: dict[str, frozenset[str]]

    def detect(self, text: str) -> str:
        """Language of a message (BCP 47)."""
        letters = len(_LATIN.findall(text))
        if len(_ARABIC.findall(text)) > letters:
            return "ar"
        if len(_CYRILLIC.findall(text)) > letters:
            return "uk" if _UKRAINIAN.search(text) else "ru"
        return self._detect_by_words(_WORD.findall(fold_case(text)))

    def _detect_by_words(self, words: list[str]) -> str:
        scores = {langue: self._score(langue, words) for langue in self.mots if langue != FRENCH}
        if not words or not scores:
            return FRENCH
        best = max(scores, key=lambda langue: scores[langue])
        french = sum(word in self.mots[FRENCH] or _is_french_only(word, self.mots[best]) for word in words)
        return best if scores[best] > french else FRENCH

    def _score(self, langue: str, words: list[str]) -> int:
        own_letters = any(self.lettres[langue] & set(word) for word in words)
        return sum(word in self.mots[langue] for word in words) + own_letters


def load_langues(data: Path) -> Langues:
    """Read `data/langues.yml`; without that file, everything is French. Raises FicheError when it cannot be read."""
    if not (data / FILE).is_file():
        return Langues({}, {}, {}, {})
    marked = load_file(data, FILE)
    others = [langue for langue in marked.values if langue != FRENCH]
    phrases = {langue: marked.text(langue, "phrase") for langue in others}
    urgences = {langue: marked.text(langue, "urgence") for langue in others}
    mots = {langue: frozenset(marked.texts(langue, "mots")) for langue in marked.values}
    lettres = {langue: frozenset("".join(marked.texts(langue, "lettres"))) for langue in marked.values}
    return Langues(phrases, urgences, {langue: words for langue, words in mots.items() if words}, lettres)


def _is_french_only(word: str, mots: frozenset[str]) -> bool:
    return len(word) > 3 and word not in mots and normalize(word) in french_words()
