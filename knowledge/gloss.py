"""How a message is read, whatever its language: French with its spelling mended, dialects word by word."""

from __future__ import annotations

from knowledge.langues import FRENCH, Langues
from knowledge.spelling import Corrector, Piece


def read_message(text: str, corrector: Corrector, langues: Langues) -> list[Piece]:
    """The pieces of the reading of a message, each with its place in the text.

    Words of a language that has a lexique (« kifach ndkhol ») are read as what they mean, the rest as it is.
    """
    langue = langues.detect(text)
    if langue == FRENCH:
        return corrector.read(text)
    pieces: list[Piece] = []
    place = 0
    for meaning, start, end in langues.gloss(text, langue):
        if place < start:
            pieces.append(Piece(text[place:start], place, start))
        pieces.append(Piece(meaning, start, end))
        place = end
    return [*pieces, Piece(text[place:], place, len(text))] if place < len(text) else pieces
