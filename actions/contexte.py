"""What a conversation is about, from one message to the next: the slots `contexte` and `offre`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

CONTEXTE = "contexte"
OFFRE = "offre"


@dataclass(frozen=True)
class Contexte:
    """`sujets`: what the last reply answered, slugs or `list_<genre>`; `genre`: the list that a rank picks in."""

    sujets: tuple[str, ...] = ()
    genre: str | None = None

    @classmethod
    def read(cls, tracker: Tracker) -> Contexte:
        """The context of a conversation; empty at its beginning."""
        saved: dict[str, Any] = tracker.get_slot(CONTEXTE) or {}
        return cls(tuple(saved.get("sujets", ())), saved.get("genre"))

    def to_events(self, offre: str | None) -> list[EventType]:
        """Remember the context, and what was offered (`join`, `message`, None) for a « oui » that follows."""
        return [SlotSet(CONTEXTE, asdict(self)), SlotSet(OFFRE, offre)]
