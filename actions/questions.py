"""What Rasa understood of a message, as the actions read it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from knowledge.intents import UNKNOWN
from knowledge.text import normalize

# Two names said in one breath: what stands between them.
_TOGETHER = re.compile(r"\W{0,3}(?:[,&+/]|\b(?:et|é|ou|puis|ainsi que|mais aussi)\b).{0,25}$", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A fiche named in the message: its genre, its slug, and where its name stands in the question."""

    genre: str
    slug: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Question:
    """One question of a message: its words, its intent, the candidates with their weights, the names it holds.

    `mended` is the text with its spelling mended; names have their place in `text`. `distress` is how near it is to a
    call for help (None when nothing measured it, as for a button), `urgences` the likeliest ones with their weights.
    `together`: the subjects that it may be about given what was told before, with their chances, the likeliest first.
    """

    text: str
    intent: str
    ranking: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    weights: tuple[float, ...] = ()
    mended: str = ""
    distress: float | None = None
    urgences: tuple[tuple[str, float], ...] = ()
    together: tuple[tuple[str, float], ...] = ()

    @property
    def reading(self) -> str:
        """The words as they were meant."""
        return self.mended or self.text

    def names(self, *genres: str) -> tuple[str, ...]:
        """Slugs named in the question, in reading order, of these genres (of any genre when none is given)."""
        return tuple(dict.fromkeys(n.slug for n in self.named if not genres or n.genre in genres))

    @property
    def has_own_name(self) -> bool:
        """Whether the words themselves hold a name, rather than what the conversation is about."""
        return any(named.start < len(self.text) for named in self.named)

    def is_a_name(self, articles: Collection[str]) -> bool:
        """Whether the question is one name and nothing else, `articles` aside."""
        genres = {named.genre for named in self.named}
        return len(genres) == 1 and set(normalize(self.outside_names(*genres)).split()) <= set(articles)

    def names_together(self, *genres: str) -> tuple[str, ...]:
        """Names of these genres when two of them are said in one breath: « la CAF et l’ARS »."""
        places = sorted((n.start, n.end) for n in self.named if n.genre in genres)
        gaps = (self.text[end:start] for (_, end), (start, _) in pairwise(places))
        return self.names(*genres) if any(_TOGETHER.match(gap) for gap in gaps) else ()

    def outside_names(self, genre: str, instead: str = " ") -> str:
        """The question without the names of this genre that it holds (`instead` for each): what is said about them."""
        text = self.text
        for named in sorted((n for n in self.named if n.genre == genre), key=lambda n: n.start, reverse=True):
            text = f"{text[: named.start]}{instead}{text[named.end :]}"
        return text


def read_questions(message: dict[str, Any]) -> list[Question]:
    """The questions of Rasa's `latest_message`, one for each clause; a button is one question."""
    return [_read(part) for part in message.get("questions") or [read_plain(message)]]


def read_whole(message: dict[str, Any]) -> Question:
    """The message taken as one question."""
    return _read(message.get("whole") or read_plain(message))


def read_plain(message: dict[str, Any]) -> dict[str, Any]:
    """The parts of a message that did not go through the clause components: a button, a test story."""
    intent = message.get("intent") or {}
    return {
        "text": message.get("text") or "",
        "intent": intent.get("name"),
        "ranking": [(entry["name"], entry["confidence"]) for entry in message.get("intent_ranking", [])],
        "entities": message.get("entities", []),
    }


def _read(part: dict[str, Any]) -> Question:
    distress = part.get("distress") or {}
    return Question(
        text=part["text"],
        intent=part["intent"] or UNKNOWN,
        ranking=tuple(name for name, _ in part["ranking"]),
        named=tuple(_read_names(part["entities"])),
        weights=tuple(weight for _, weight in part["ranking"]),
        mended=part.get("reading") or "",
        distress=distress.get("score"),
        urgences=tuple((slug, weight) for slug, weight in distress.get("ranking", ())),
        together=tuple((subject, chance) for subject, chance in part.get("together", ())),
    )


def _read_names(entities: Iterable[dict[str, Any]]) -> Iterable[Named]:
    return (Named(e["entity"], str(e["value"]), e.get("start", 0), e.get("end", 0)) for e in entities)
