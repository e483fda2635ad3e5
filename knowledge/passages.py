"""A text cut into what the checks look at: paragraphs, sentences, names, numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.ordinals import NUMBER_WORDS
from knowledge.text import normalize

# Words that a sentence, quoted or not, may open with: their capital makes no proper noun of them.
# fmt: off
_OPENING_WORDS = frozenset([
    "ai", "au", "aucun", "aucune", "aux", "avec", "ce", "ces", "cet", "cette", "chaque", "comment",
    "dans", "de", "des", "du", "elle", "elles", "en", "est", "et", "il", "ils", "je", "la", "le", "les",
    "leur", "mais", "mes", "moi", "mon", "ne", "non", "nos", "notre", "nous", "on", "ou", "oui", "par",
    "pas", "pour", "pourquoi", "puis", "quand", "que", "quel", "quelle", "quels", "quelles", "qui",
    "sa", "sans", "ses", "si", "son", "sur", "tout", "un", "une", "vos", "votre", "vous", "voici",
    "voir",
])
# fmt: on
_URL = re.compile(r"(?:https?://|www\.|mailto:|tel:)[^\s<>«»\")\]]*[^\s<>«»\")\].,;:!?…]")
_LINK_TARGET = re.compile(r"(?<=\])\([^)\s]*\)")
_LIST_MARKER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_BLOCK_END = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t])")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f.]\d{2,3}(?!\d))*")
_SENTENCE_END = re.compile(r"[.!?…]+[»”\")*_]*(?=\s|$)|\n(?=\s*\n|[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t])")
_BEFORE_WORD = ' \t\u00a0\u202f*_«“"(['
_ABBREVIATED = re.compile(r"\b(?:M|MM|Dr|St|Ste)\.$")


@dataclass(frozen=True)
class Passage:
    """A text of a file: `first_line` is the line on which it begins."""

    path: Path
    first_line: int
    text: str

    def line(self, offset: int) -> int:
        """Line in the file of a place in the text."""
        return self.first_line + self.text.count("\n", 0, offset)


@dataclass(frozen=True)
class Found:
    """A piece of a text and its offset."""

    text: str
    offset: int


def iter_paragraphs(text: str) -> Iterator[Found]:
    """The paragraphs and the list items of a Markdown text."""
    start = 0
    for end in [*_BLOCK_END.finditer(text), None]:
        piece = text[start : end.start() if end else len(text)]
        if piece.strip():
            yield Found(piece.strip(), start + len(piece) - len(piece.lstrip()))
        start = end.end() if end else len(text)


def iter_sentences(text: str) -> Iterator[Found]:
    """The sentences of a text; a list item ends one, a mere line end does not."""
    start = 0
    for end in [*_SENTENCE_END.finditer(text), None]:
        stop = end.end() if end else len(text)
        piece = text[start:stop]
        if any(char.isalnum() for char in piece):
            yield Found(piece.strip(), start + len(piece) - len(piece.lstrip()))
            start = stop


def count_words(text: str) -> int:
    """How many words a reader sees: an elision and a number of several groups count for one."""
    shown = _LIST_MARKER.sub("", blank_addresses(text))
    return sum(any(char.isalnum() for char in word) for word in _NUMBER.sub("0", shown).split())


def visible_length(text: str) -> int:
    """How many characters a reader sees: neither the addresses of links nor the marks of bold."""
    return len(_LINK_TARGET.sub("", text).replace("**", ""))


def iter_acronyms(text: str) -> Iterator[Found]:
    """The words of two capitals or more."""
    for word in _WORD.finditer(blank_addresses(text)):
        if len(word.group()) > 1 and word.group().isupper():
            yield Found(word.group(), word.start())


def iter_proper_nouns(text: str, by_line: bool) -> Iterator[Found]:
    """Acronyms, and the capitalised words that open no sentence; `by_line`: each line opens one."""
    text = blank_addresses(text)
    for paragraph in _split_lines(text) if by_line else iter_paragraphs(text):
        for word in _WORD.finditer(paragraph.text):
            name = word.group()
            if not name[0].isupper() or len(name) == 1 or normalize(name) in _OPENING_WORDS:
                continue
            if name.isupper() or not _opens_sentence(paragraph.text[: word.start()]):
                yield Found(name, paragraph.offset + word.start())


def iter_numbers(text: str) -> Iterator[Found]:
    """The numbers of a text, in digits or in words ("un" is also an article, and left out)."""
    text = _LIST_MARKER.sub(_blank, blank_addresses(text))
    for number in _NUMBER.finditer(text):
        yield Found(number.group(), number.start())
    for word in _WORD.finditer(text):
        if NUMBER_WORDS.get(normalize(word.group()), 1) > 1:
            yield Found(word.group(), word.start())


def canonical_number(number: str) -> str:
    """One form for "116 006", "116006" and "deux": digits alone."""
    value = NUMBER_WORDS.get(normalize(number))
    return str(value) if value else "".join(char for char in number if char.isdigit())


def iter_addresses(text: str) -> Iterator[Found]:
    """The web addresses of a text."""
    for url in _URL.finditer(text):
        yield Found(url.group(), url.start())


def blank_addresses(text: str) -> str:
    """The text with spaces in place of its web addresses, so that offsets stay the same."""
    return _URL.sub(_blank, text)


def _split_lines(text: str) -> Iterator[Found]:
    offset = 0
    for line in text.split("\n"):
        yield Found(line, offset)
        offset += len(line) + 1


def _opens_sentence(before: str) -> bool:
    before = _LIST_MARKER.sub("", before.replace("\n", " ")).rstrip(_BEFORE_WORD)
    return not before or (before[-1] in ".!?…" and not _ABBREVIATED.search(before))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
