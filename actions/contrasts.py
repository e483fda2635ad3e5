"""Names that a question sets apart: « la différence entre un axe et un objectif ? », « qui d’autre que la CAF ? »."""

from __future__ import annotations

import re

from actions.questions import Question
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.genres import GENRE_WORDS
from knowledge.text import normalize

COMPARES = re.compile(r"\b(?:differen\w+ .{0,12}\bentre|distingu\w+|confon\w+|(?:la )?meme chose|pareils?)\b")
BUT = re.compile(
    r"\b(?:a part|sauf|hormis|excepte|en dehors d[eu]?|en plus d[eu]?|autres? que|outre)(?: (?:le|la|les|l|d))?$"
)


def find_compared(question: Question) -> tuple[str, ...]:
    """The subjects or lists that a question compares, in its order; none when it compares nothing that we know."""
    said = normalize(question.reading)
    if not COMPARES.search(said):
        return ()
    found = {genre: re.search(rf"\b(?:{words})\b", said) for genre, words in GENRE_WORDS.items()}
    places = {genre: match.start() for genre, match in found.items() if match}
    lists = tuple(LIST_PREFIX + genre for genre in sorted(places, key=lambda genre: places[genre]))
    return next((several for several in (question.names(), lists) if len(several) > 1), ())


def find_rest(question: Question, base: KnowledgeBase) -> str | None:
    """The list of which a question asks for all but the member that it names."""
    if not question.named:
        return None
    first = min(question.named, key=lambda named: named.start)
    is_left_out = BUT.search(normalize(question.text[: first.start]))
    return first.genre if is_left_out and first.genre in base.genres else None
