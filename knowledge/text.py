"""Text as residents type it and as they read it: normalisation for matching, typography for display."""

import re
import unicodedata
from dataclasses import dataclass
from functools import partial

NARROW_NBSP = "\u202f"
# The letters of our languages and their marks: of a million others, none is worth the memory.
KEPT_BELOW = 0x3000
_SPACES = " \u00a0\u202f"
# Letters by their category, yet drawn as nothing.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d"})

# Cyrillic and Greek letters that are drawn like Latin ones.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaesijopcyxdqw" + "ABEZHIKMNOPTYXo",
)
_LETTERS = re.compile(r"[^\W\d_]+")
_OUR_LETTER = re.compile(r"[a-zA-ZÀ-ÿœŒ]")

_APOSTROPHE = re.compile("[’‘ʼ`´]")
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
_URL = r"(?:https?://|www\.)[^\s<>«»\")\]]*[^\s<>«»\")\].,;:!?…’']|(?<![\w.+-])[\w.+-]+@[\w.-]*\w"
_BEFORE = r"(?<=[\w…»)\]%€*’'\"/])"
_TYPOGRAPHY = tuple(
    (re.compile(f"(?P<url>{_URL})|{pattern}", re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"(?<!\.)\.{3}(?!\.)", "…"),
        (r"(?<=\w)'(?=[\w«*\[])", "’"),
        (r"(?:(?<=[\s(*\[«])|^)\"(?P<kept>[^\"\n]*[^\"\n\s][^\"\n]*)\"(?!\w)", r"«\g<kept>»"),
        (rf"«[{_SPACES}]*", f"«{NARROW_NBSP}"),
        (rf"[{_SPACES}]*»", f"{NARROW_NBSP}»"),
        (rf"{_BEFORE}[{_SPACES}]*(?=[;!?])", NARROW_NBSP),
        (rf"{_BEFORE}[{_SPACES}]*:(?=\s|\*|\Z)", f"{NARROW_NBSP}:"),
    )
)


@dataclass(frozen=True)
class Word:
    """One normalised word and, for each of its letters, where that letter stands in the raw text."""

    text: str
    offsets: tuple[int, ...]
    end: int

    @property
    def start(self) -> int:
        """Offset of the first raw character of the word."""
        return self.offsets[0]


def normalize(text: str) -> str:
    """Fold a text to the form on which everything is compared.

    Lower case, no accent, punctuation and apostrophes as spaces, invisible characters dropped, a letter
    written three times or more kept once, one space between words. Idempotent.
    """
    return " ".join(_shorten_runs(text.translate(_FOLD)).split())


def fold_case(text: str) -> str:
    """Text for the sentence encoder: lower case, one form of apostrophe, runs shortened, accents kept. Idempotent.

    Never empty: a message of invisible characters becomes "?".
    """
    plain = _APOSTROPHE.sub("'", strip_invisible(text).lower())
    return " ".join(_LONG_RUN.sub(r"\1", plain).split()) or "?"


def split_words(text: str) -> list[Word]:
    """Give the words of `normalize(text)`, in order, each with its place in the raw text."""
    words: list[Word] = []
    letters: list[str] = []
    offsets: list[int] = []
    end = 0
    for offset, char in enumerate(text):
        for letter in _FOLD[ord(char)]:
            if letter != " ":
                letters.append(letter)
                offsets.append(offset)
                end = offset + 1
            elif letters:
                words.append(_make_word(letters, offsets, end))
                letters, offsets = [], []
    if letters:
        words.append(_make_word(letters, offsets, end))
    return words


def strip_invisible(text: str) -> str:
    """Remove what cannot be seen: NUL, control, zero-width and bidi characters; line ends become \\n."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return text.translate(_VISIBLE)


def as_meant(text: str) -> str:
    """What a person can have meant to write: nothing that cannot be seen, no space around, and no letter of another
    alphabet that looks like one of ours within a word of ours."""
    return _LETTERS.sub(_in_our_letters, strip_invisible(text)).strip()


def typographie(text: str) -> str:
    """Set French typography: narrow no-break spaces, ’, « », …; leaves addresses alone. Idempotent."""
    for pattern, replacement in _TYPOGRAPHY:
        # Again until nothing changes: setting the quotes inside others shows the others.
        while (changed := pattern.sub(partial(_set_mark, replacement), text)) != text:
            text = changed
    return text


def _in_our_letters(word: re.Match[str]) -> str:
    is_ours = _OUR_LETTER.search(word[0]) is not None
    return word[0].translate(_LOOKALIKES) if is_ours else word[0]


def _set_mark(replacement: str, match: re.Match[str]) -> str:
    return match["url"] or match.expand(replacement)


def _make_word(letters: list[str], offsets: list[int], end: int) -> Word:
    text = "".join(letters)
    kept = offsets
    if _LONG_RUN.search(text):
        dropped = {i for run in _LONG_RUN.finditer(text) for i in range(run.start() + 1, run.end())}
        kept = [offset for i, offset in enumerate(offsets) if i not in dropped]
        text = _shorten_runs(text)
    return Word(text, tuple(kept), end)


def _shorten_runs(text: str) -> str:
    return _LONG_RUN.sub(r"\1", text)


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs") or char in _BLANK_LETTERS


class _FoldTable(dict[int, str]):
    """What each character becomes in `normalize`, worked out the first time it is met."""

    def __missing__(self, code: int) -> str:
        folded = "".join(_fold_part(part) for part in _decompose(chr(code)))
        if code < KEPT_BELOW:
            self[code] = folded
        return folded


def _decompose(char: str) -> str:
    for _ in range(2):
        char = unicodedata.normalize("NFKD", char).casefold().translate(_LIGATURES)
    return unicodedata.normalize("NFKD", char)


def _fold_part(part: str) -> str:
    if part.isspace():
        return " "
    if _is_invisible(part) or unicodedata.category(part).startswith("M"):
        return ""
    return part if part.isalnum() else " "


class _VisibleTable(dict[int, str]):
    """What `strip_invisible` leaves of each character, worked out the first time it is met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        visible = char if char == "\n" or not _is_invisible(char) else ""
        if code < KEPT_BELOW:
            self[code] = visible
        return visible


_FOLD = _FoldTable()
_VISIBLE = _VisibleTable()
