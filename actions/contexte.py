"""What a conversation is about, from one message to the next: the slots `contexte` and `offre`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from knowledge.base import LIST_PREFIX

CONTEXTE = "contexte"
OFFRE = "offre"
MOST_BEFORE = 8
MOST_RECENT = 3


@dataclass(frozen=True)
class Contexte:
    """`sujets`: what the last reply answered, slugs or `list_<genre>`; `genre`: the list that a rank picks in.

    `montres`: the few subjects shown together, told or offered, that a rank picks in before that list; `avant`: what
    was told earlier, the last one last.
    """

    sujets: tuple[str, ...] = ()
    genre: str | None = None
    montres: tuple[str, ...] = ()
    avant: tuple[str, ...] = ()

    @classmethod
    def read(cls, tracker: Tracker) -> Contexte:
        """The context of a conversation; empty at its beginning."""
        return cls.read_slot(tracker.get_slot(CONTEXTE))

    @classmethod
    def read_slot(cls, value: dict[str, Any] | None) -> Contexte:
        """The context from what the slot `contexte` holds."""
        saved = value or {}
        lists = {key: tuple(saved.get(key, ())) for key in ("sujets", "montres", "avant")}
        return cls(genre=saved.get("genre"), **lists)

    @property
    def offered(self) -> tuple[str, ...]:
        """The subjects to choose from that nobody chose from yet."""
        return () if {*self.sujets} & {*self.montres} else self.montres

    @property
    def told(self) -> tuple[str, ...]:
        """Every subject told in the conversation, once, the first one first."""
        return tuple(dict.fromkeys((*self.avant, *self.sujets)))

    @property
    def recent(self) -> tuple[str, ...]:
        """The last few subjects told, the last one last."""
        return (*self.avant, *self.sujets)[-MOST_RECENT:]

    def last_of(self, sujets: Collection[str]) -> str | None:
        """The one of these subjects that was told last."""
        return next((sujet for sujet in reversed((*self.avant, *self.sujets)) if sujet in sujets), None)

    def after(self, earlier: Contexte, offered: tuple[str, ...] = ()) -> Contexte:
        """This context, of a reply that offers subjects to choose from, after an `earlier` one."""
        is_within = {*self.sujets} <= {*earlier.montres}
        # Two lists told together are no list to choose from.
        singles = tuple(sujet for sujet in self.sujets if not sujet.startswith(LIST_PREFIX))
        montres = offered or (singles if len(singles) > 1 else earlier.montres if is_within else ())
        left = earlier.sujets if self.sujets != earlier.sujets else ()
        return replace(self, montres=montres, avant=(*earlier.avant, *left)[-MOST_BEFORE:])

    def to_events(self, offre: str | None) -> list[EventType]:
        """Remember the context, and what was offered (`join`, `message`, None) for a « oui » that follows."""
        return [SlotSet(CONTEXTE, asdict(self)), SlotSet(OFFRE, offre)]
