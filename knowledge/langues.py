"""Which language a message is in: by its letters, else by its small words. French when nothing says otherwise.

A short French message must never be taken for another language, so that a language needs more of its own small
words than the message has French ones. The words, and the sentences said in each language, are in `data/langues.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from knowledge.lexicon import french_words
from knowledge.marked_yaml import Marked, load_file
from knowledge.text import fold_case, normalize

FRENCH = "fr"
ARABIC, ARABIC_IN_LATIN = "ar", "ar-Latn"
RUSSIAN, UKRAINIAN = "ru", "uk"
FILE = "langues.yml"
# Very short words are in many languages, or are slips.
SHORT = 2
FEW_WORDS = 3
ENOUGH_ARABIC = 2
# What the language of the conversation counts for, in words, and in how long a message.
BEFORE, FEW_MORE_WORDS = 1, 6
LATELY = 16
# « In », « with », « for », « and », « the » are written as the first letter of the word.
_ATTACHED = {ARABIC: "وفبلك", ARABIC_IN_LATIN: "lfbwd"}
_SHORTEST_REST = 3
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_WORD = re.compile(r"[^\W_]+")
# No French is written with them.
_MARKS = "¿¡"
_CONTRACTED = re.compile(r"[^\W_]+'[^\W_]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_LATIN = re.compile(r"[a-zà-öø-ÿā-ž]", re.IGNORECASE)
# Arabic sounds written with digits, « n3ref », « 7ouma »; not « 3eme » nor « 9h30 ».
_ARABIZI = re.compile(r"[a-z]+[379][a-z][a-z379]*|[379](?!eme|ans|mois|fois|eur|min|jours?|pers)[a-z]{3,}")


@dataclass(frozen=True)
class Langues:
    """What is told by its letters and words, and the fixed sentences of each language.

    `phrases`: language → what is said after an answer in French; `urgences`: after the number of an urgence;
    `mots`, `lettres`: its own small words and letters; `communs`: small words that it shares with French; `lexiques`:
    its words → what they mean, of a language that is written without rules; `noms`: names that stay as they are in
    every language.
    """

    phrases: dict[str, str]
    urgences: dict[str, str]
    mots: dict[str, frozenset[str]]
    lettres: dict[str, frozenset[str]]
    lexiques: dict[str, dict[str, str]] = field(default_factory=dict)
    communs: dict[str, frozenset[str]] = field(default_factory=dict)
    noms: tuple[str, ...] = ()

    def detect(self, text: str, before: str = FRENCH) -> str:
        """Language of a message (BCP 47), in a conversation that was in the language `before`."""
        return self._detect_once(text, before)

    @cached_property
    def _detect_once(self) -> Callable[[str, str], str]:
        # Each side from which a message is looked at asks for its language.
        return lru_cache(maxsize=LATELY)(self._detect)

    def _detect(self, text: str, before: str) -> str:
        folded = _ADDRESS.sub(" ", fold_case(text))
        letters = len(_LATIN.findall(folded))
        if len(_ARABIC.findall(folded)) > letters:
            return ARABIC
        if len(_CYRILLIC.findall(folded)) > letters:
            cyrillic = frozenset(_WORD.findall(folded))
            is_ukrainian = _UKRAINIAN.search(text) or cyrillic & self.mots.get(UKRAINIAN, frozenset())
            return UKRAINIAN if is_ukrainian else RUSSIAN
        folded = self._noms.sub(" ", folded)
        marks = _MARKS * 2 if set(_MARKS) & set(folded) else ""
        words, contracted = [*_WORD.findall(folded), *marks], _CONTRACTED.findall(folded)
        langue = self._detect_by_words(words, contracted)
        return before if langue == FRENCH and self._goes_on_in(before, [*words, *contracted]) else langue

    @cached_property
    def _noms(self) -> re.Pattern[str]:
        """Any of the names, the longest first; never found where there are none."""
        noms = "|".join(map(re.escape, sorted(self.noms, key=len, reverse=True)))
        return re.compile(rf"(?<!\w)(?:{noms})(?!\w)" if noms else r"(?!)")

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Language → how many words at most have one meaning in its lexique."""
        return {langue: max(len(said.split()) for said in lexique) for langue, lexique in self.lexiques.items()}

    def gloss(self, text: str, langue: str) -> list[tuple[str, int, int]]:
        """The words that have a meaning in the lexique of `langue`: what each means, and its place in the text.

        Several words that mean one thing come before one.
        """
        lexique = self.lexiques.get(langue, {})
        longest = self._longest.get(langue, 1)
        words = list(_WORD.finditer(text.lower())) if lexique else []
        found: list[tuple[str, int, int]] = []
        place = 0
        while place < len(words):
            for length in range(longest, 0, -1):
                group = words[place : place + length]
                said = " ".join(word.group() for word in group)
                meaning = (lexique.get(said) or lexique.get(_detach(said, langue))) if len(group) == length else None
                if meaning:
                    found.append((meaning, group[0].start(), group[-1].end()))
                    break
            place += length
        return found

    def _detect_by_words(self, words: list[str], contracted: list[str]) -> str:
        scores = {langue: self._score(langue, [*words, *contracted]) for langue in self.mots if langue != FRENCH}
        if not words or not scores:
            return FRENCH
        best = max(scores, key=lambda langue: scores[langue])
        french = self._count_french(words, best)
        if best == ARABIC_IN_LATIN and scores[best] >= ENOUGH_ARABIC:
            # « Bghit numero d telephone dyalkom »: it borrows its nouns from French.
            return best
        # « Dla musik » and « le 7 mai »: one word of another language among several is a slip of the French.
        is_enough = scores[best] > 1 or (scores[best] == 1 and len(words) < FEW_WORDS)
        return best if is_enough and scores[best] > french else FRENCH

    def _goes_on_in(self, before: str, words: list[str]) -> bool:
        """« ¿ Cuáles son los barrios ? », then « y el segundo? »: a few words say little, and no more of French."""
        own = self._score(before, words) if before in self.mots and before != FRENCH else 0
        return own > 0 and len(words) <= FEW_MORE_WORDS and own + BEFORE >= self._count_french(words, before)

    def _count_french(self, words: list[str], langue: str) -> int:
        """How many words are French, and not of `langue` as well."""
        shared, own = self.communs.get(langue, frozenset()), self.mots[langue]
        return sum((word in self.mots[FRENCH] and word not in shared) or _is_french_only(word, own) for word in words)

    def _score(self, langue: str, words: list[str]) -> float:
        """How many words are those of a language, half for very short ones; its letters, or sounds, count for more."""
        own = sum(bool(self.lettres[langue] & set(word)) for word in words)
        own += sum(bool(_ARABIZI.fullmatch(word)) for word in words) if langue == ARABIC_IN_LATIN else 0
        return 1.5 * own + sum(1 if len(word) > SHORT else 0.5 for word in words if word in self.mots[langue])


def holds_arabic(text: str) -> bool:
    """Whether some of a text is in Arabic letters, whatever the rest is in."""
    return _ARABIC.search(text) is not None


def _detach(word: str, langue: str) -> str:
    """« فالحومة » without its « in »; the word itself where nothing is attached."""
    is_attached = len(word) > _SHORTEST_REST and word[0] in _ATTACHED.get(langue, "")
    return word[1:] if is_attached else word


def load_langues(data: Path) -> Langues:
    """Read `data/langues.yml`; without that file, everything is French. Raises FicheError when it cannot be read."""
    if not (data / FILE).is_file():
        return Langues({}, {}, {}, {})
    marked = load_file(data, FILE)
    others = [langue for langue in marked.values if langue != FRENCH]
    lexiques = {langue: lexique for langue in others if (lexique := _read_lexique(marked, langue))}
    mots = {
        langue: frozenset(marked.texts(langue, "mots")) | _own_words(lexiques.get(langue, {}))
        for langue in marked.values
    }
    return Langues(
        phrases={langue: marked.text(langue, "phrase") for langue in others},
        urgences={langue: marked.text(langue, "urgence") for langue in others},
        mots={langue: words for langue, words in mots.items() if words},
        communs={langue: frozenset(marked.texts(langue, "communs")) for langue in others},
        lettres={langue: frozenset("".join(marked.texts(langue, "lettres"))) for langue in marked.values},
        lexiques=lexiques,
        noms=marked.texts(FRENCH, "noms") if FRENCH in marked.values else (),
    )


def _read_lexique(marked: Marked, langue: str) -> dict[str, str]:
    return {key[-1]: text for key, text in marked.scalars(langue, "lexique") if text and isinstance(key[-1], str)}


def _own_words(lexique: dict[str, str]) -> frozenset[str]:
    """The words of a lexique by which its language is known as well: those that are not French too."""
    latin = {word for word in lexique if len(word) > SHORT and word.isalnum() and _LATIN.search(word)}
    return frozenset(word for word in latin if not _is_french(word))


def _is_french(word: str) -> bool:
    return normalize(word) in french_words()


def _is_french_only(word: str, mots: frozenset[str]) -> bool:
    return len(word) > 3 and word not in mots and _is_french(word)
