"""What a resident's request is made of: what it asks for, its summary, its record, its follow-up code."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from knowledge.base import KnowledgeBase
from knowledge.replies import Choice
from knowledge.text import normalize, typographie

# Neither vowels, so that no code is a word, nor what reads as something else (0/O, 1/I, 2/Z, 5/S, 8/B).
CODE_LETTERS = "CDFGHJKMNPQRTVWX34679"
CODE_GROUP = 4

INFORM = "inform"
CHAMP = "champ"
VALEUR = "valeur"
CANCEL_CHOICE = Choice("Annuler", "/cancel")

Values = Mapping[str, Any]
Reader = Callable[[str, KnowledgeBase], str | None]
Choices = Callable[[KnowledgeBase, Values], tuple[Choice, ...]]


class Sort(Enum):
    """What words may answer: some known ones, a name (nearly any), a way to be reached, anything at all."""

    CHOICE = auto()
    NAME = auto()
    CONTACT = auto()
    TEXT = auto()


def offer_nothing(base: KnowledgeBase, values: Values) -> tuple[Choice, ...]:
    """For what cannot be answered with a button."""
    return ()


@dataclass(frozen=True)
class Skip:
    """How one may go without an answer: what is recorded, the button's label, and what is said of it.

    `insists`: it is only offered to those who have declined once, or tried in vain.
    """

    value: str
    label: str
    note: str = ""
    insists: bool = False


@dataclass(frozen=True)
class Champ:
    """One thing that a request asks for.

    `names`: how people call it when they want to change it, a regular expression on normalised text; `aide`:
    said to those who ask why, or do not follow; `erreur`: said when nothing usable was understood; `read`
    reads the answer to the question, `find` the same thing said at another moment; `dont_know`: recorded for
    « je ne sais pas »; `notes`: what has to be said when a given value is recorded.
    """

    slot: str
    titre: str
    names: str
    sort: Sort
    question: str
    aide: str
    erreur: str
    read: Reader
    find: Reader
    choices: Choices = offer_nothing
    show: Callable[[str], str] = str
    dont_know: str | None = None
    skip: Skip | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def note_on(self, value: str) -> str:
        """What has to be said when this value is recorded, if anything."""
        if self.skip and value == self.skip.value:
            return self.skip.note
        return self.notes.get(value, "")


@dataclass(frozen=True)
class Demande:
    """A request: its `kind` (slots are `<kind>__…`), its things to ask in order, and what is said about it.

    `intro` opens it, `heading` opens its summary, `received` tells that the service has it, `promise` what is
    not promised.
    """

    kind: str
    intro: str
    heading: str
    received: str
    promise: str
    champs: tuple[Champ, ...]

    @property
    def form(self) -> str:
        """Name of the form in the domain."""
        return f"{self.kind}_form"

    @property
    def accord(self) -> str:
        """Slot of the consent."""
        return f"{self.kind}__accord"

    @property
    def correction(self) -> str:
        """Slot of the question « what has to be changed? », which never keeps its answer."""
        return f"{self.kind}__correction"

    @property
    def essais(self) -> str:
        """Slot that counts the answers in a row that could not be used."""
        return f"{self.kind}__essais"

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot of this request."""
        return (*(champ.slot for champ in self.champs), self.accord, self.correction, self.essais)

    def champ(self, slot: str | None) -> Champ | None:
        """The thing asked for in a slot; None for another slot."""
        return next((champ for champ in self.champs if champ.slot == slot), None)

    def champ_named(self, text: str) -> Champ | None:
        """The thing that a text names: « mon téléphone »."""
        plain = normalize(text)
        return next((champ for champ in self.champs if re.search(rf"\b(?:{champ.names})\b", plain)), None)

    def is_complete(self, values: Values) -> bool:
        """Whether everything is answered, with consent."""
        return values.get(self.accord) is True and all(values.get(champ.slot) for champ in self.champs)


def inform(label: str, slot: str, valeur: str) -> Choice:
    """A button that answers for a slot; an empty `valeur` asks for it again."""
    return Choice(label, f"/{INFORM}{json.dumps({CHAMP: slot, VALEUR: valeur}, ensure_ascii=False)}")


def new_code() -> str:
    """A follow-up code: « CDFG-HJKM ». One in 38 billion, impossible to guess."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(2 * CODE_GROUP))
    return f"{letters[:CODE_GROUP]}-{letters[CODE_GROUP:]}"


def summarize(demande: Demande, values: Values) -> str:
    """What was answered, as a Markdown list; the person's own words are shown as they were typed."""
    lines = (f"{typographie(f'- **{champ.titre}** :')} {champ.show(values[champ.slot])}" for champ in demande.champs)
    return "\n".join(lines)


def make_record(demande: Demande, values: Values, code: str) -> dict[str, Any]:
    """The request as the gateway stores it: {"kind", "code", "fields": {name without its form: text}}."""
    fields = {champ.slot.removeprefix(f"{demande.kind}__"): values[champ.slot] for champ in demande.champs}
    return {"kind": demande.kind, "code": code, "fields": fields}
