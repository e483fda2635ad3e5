"""The residents of the load: who writes what, in which share, each in their own spelling."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml

from benchmarks.load import Conversation, load_conversations

FOLDER = Path(__file__).parent
QUESTIONS = "questions"
DISTRESS = "detresse"
# Slips change what is typed in: an answer to a form and a call for help are left as they are.
SPELT_RIGHT = ("formulaires", DISTRESS)
SLIPS = 0.4


@dataclass(frozen=True)
class Kind:
    """One sort of conversation; `part` is its share of them all, in %."""

    name: str
    part: float
    conversations: tuple[Conversation, ...]


@dataclass(frozen=True)
class Talk:
    """One conversation as one resident types it."""

    kind: str
    messages: Conversation


def load_kinds() -> tuple[Kind, ...]:
    """Read the kinds; the short questions take the share that the others leave."""
    written = yaml.safe_load((FOLDER / "residents.yml").read_text(encoding="utf-8"))
    others = tuple(
        Kind(name, float(kind["part"]), tuple(map(tuple, kind["conversations"]))) for name, kind in written.items()
    )
    rest = 100 - sum(kind.part for kind in others)
    return (Kind(QUESTIONS, rest, load_conversations(FOLDER / "conversations.yml")), *others)


def draw_talks(seed: int) -> Iterator[Talk]:
    """Conversations without an end, drawn always the same way for the same seed."""
    chance, kinds = random.Random(seed), load_kinds()
    while True:
        [kind] = chance.choices(kinds, [kind.part for kind in kinds])
        messages = chance.choice(kind.conversations)
        slips = 0.0 if kind.name in SPELT_RIGHT else SLIPS
        yield Talk(kind.name, tuple(slip(message, chance, slips) for message in messages))


def mean_length(seed: int, count: int = 2000) -> float:
    """Messages of a conversation, on average."""
    return sum(len(talk.messages) for talk in islice(draw_talks(seed), count)) / count


def slip(text: str, chance: random.Random, share: float) -> str:
    """One letter swapped, left out or doubled, in a `share` (0..1) of the texts."""
    if len(text) < 6 or chance.random() >= share:
        return text
    place = chance.randrange(1, len(text) - 2)
    middle = chance.choice((text[place + 1] + text[place], text[place + 1], text[place] * 2 + text[place + 1]))
    return text[:place] + middle + text[place + 2 :]
