"""How a message is read, whatever its language: French with its spelling mended, dialects word by word."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.langues import ARABIC, FRENCH, Langues, holds_arabic
from knowledge.spelling import Corrector, Piece


def read_message(text: str, corrector: Corrector, langues: Langues, before: str = FRENCH) -> list[Piece]:
    """The pieces of the reading of a message, each with its place in the text.

    Words of a language that has a lexique (« kifach ndkhol ») are read as what they mean, also the Arabic ones of a
    message that is mostly French; the rest as it is, French with its spelling mended. `before`: the language of the
    conversation so far.
    """
    langue = langues.detect(text, before)
    dialect = ARABIC if langue == FRENCH and holds_arabic(text) else langue
    read = corrector.read if langue == FRENCH else _leave
    glossed = langues.gloss(text, dialect)
    if not glossed:
        return read(text)
    pieces: list[Piece] = []
    place = 0
    for meaning, start, end in glossed:
        pieces += [*_read_part(text, place, start, read), Piece(meaning, start, end)]
        place = end
    return [*pieces, *_read_part(text, place, len(text), read)]


def _read_part(text: str, start: int, end: int, read: Callable[[str], list[Piece]]) -> list[Piece]:
    return [Piece(piece.text, start + piece.start, start + piece.end) for piece in read(text[start:end])]


def _leave(text: str) -> list[Piece]:
    return [Piece(text, 0, len(text))] if text else []
