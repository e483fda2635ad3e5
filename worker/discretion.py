"""What may be written of a turn: personal data masked, answers to a request sealed until it is handed over.

The assistant understands what was typed, as it was typed, in memory; this decides what reaches the tracker store,
and what the gateway may keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from actions.join_form import JOIN
from actions.message_form import MESSAGE
from actions.requests import Champ, Sort
from actions.speech import REQUEST, SUBJECT
from knowledge.clauses import split_clauses
from knowledge.masking import Masker, mask_values
from knowledge.text import typographie

SEALED = "sealed"
TRIES = "__essais"
# What is written instead of an answer to a request.
IN_PLACE = {Sort.NAME: "[votre nom]", Sort.CONTACT: "[votre contact]", Sort.TEXT: "[votre message]"}
SOME_ANSWER = "[votre réponse]"

PRIVATE: dict[str, Champ] = {
    champ.slot: champ for demande in (JOIN, MESSAGE) for champ in demande.champs if champ.sort in IN_PLACE
}
FORM_SLOTS = frozenset(slot for demande in (JOIN, MESSAGE) for slot in demande.slots)


@dataclass(frozen=True)
class Kept:
    """What may be kept of a turn: the message, what to write instead of some strings in its replies, and how each of
    its questions was understood (none when it answers a request or presses a button)."""

    message: str
    hidden: dict[str, str] = field(default_factory=dict)
    questions: tuple[Understood, ...] = ()


@dataclass(frozen=True)
class Understood:
    """One question as it was understood: masked text, first subject and its confidence, the next candidates."""

    text: str
    subject: str
    confidence: float
    candidates: list[tuple[str, float]]
    language: str


class Discretion:
    """Masks and seals what the worker writes, and opens what it reads back."""

    def __init__(self, masker: Masker | None, key: str) -> None:
        """`key`: a Fernet key, the same for all workers that share a tracker store. Without masker, none is masked."""
        self._masker = masker
        self._seal = Fernet(key)
        self._reviewed: dict[str, Kept] = {}

    def review(self, session: str, events: Sequence[Event]) -> Kept:
        """What may be kept of the last turn of a conversation; `take` gives it once more."""
        self._reviewed[session] = self._read(events)
        return self._reviewed[session]

    def take(self, session: str) -> Kept | None:
        """What was last reviewed of a conversation, once."""
        return self._reviewed.pop(session, None)

    def _read(self, events: Sequence[Event]) -> Kept:
        start = next((place for place in range(len(events))[::-1] if isinstance(events[place], UserUttered)), None)
        if start is None:
            return Kept("")
        message, turn, hidden = events[start], events[start:], _hidden_values(events)
        assert isinstance(message, UserUttered)
        step, given = _requested_slot(events[:start]), _slots_of(turn)
        is_answered = any(isinstance(event, BotUttered) and event.metadata.get(SUBJECT) for event in turn)
        text = mask_values(self._mask_message(message, step, given, is_answered), hidden)
        is_request = step is not None or any(slot in FORM_SLOTS for slot in given)
        return Kept(text, hidden, () if is_request else tuple(self._understand(message, text)))

    def _understand(self, message: UserUttered, masked: str) -> Iterator[Understood]:
        parsed = message.parse_data or {}
        questions = parsed.get("questions", ())
        is_clean = masked == message.text
        clauses = [question["text"] for question in questions] if is_clean else split_clauses(masked)
        texts = clauses if len(clauses) == len(questions) > 1 else [masked] * len(questions)
        for question, text in zip(questions, texts, strict=True):
            ranking = [(str(name), float(weight)) for name, weight in question["ranking"]] or [("", 0.0)]
            yield Understood(text, *ranking[0], ranking[1:], str(parsed.get("language") or ""))

    def mask(self, text: str) -> str:
        """A text without its personal data."""
        return self._masker.mask(text) if self._masker else text

    def to_row(self, event: Event, kept: Kept) -> dict[str, Any]:
        """An event as it may be written."""
        data = event.as_dict()
        if isinstance(event, UserUttered):
            return _mask_utterance(data, kept.message) if kept.message != event.text else data
        if isinstance(event, SlotSet) and event.key in PRIVATE and event.value is not None:
            return data | {"value": {SEALED: self._seal.encrypt(json.dumps(event.value).encode()).decode()}}
        if isinstance(event, BotUttered):
            data["metadata"] = {name: value for name, value in data["metadata"].items() if name != REQUEST}
            return _replace_all(data, kept.hidden) if kept.hidden else data
        return data

    def from_row(self, stored: str) -> dict[str, Any]:
        """An event read back; an answer that this key does not open is forgotten."""
        data: dict[str, Any] = json.loads(stored)
        if data["event"] == SlotSet.type_name and isinstance(data["value"], dict) and SEALED in data["value"]:
            data["value"] = self._open(data["value"][SEALED])
        return data

    def _open(self, token: str) -> Any:
        try:
            return json.loads(self._seal.decrypt(token.encode()))
        except InvalidToken:
            return None

    def _mask_message(
        self, message: UserUttered, step: str | None, given: dict[str, Any], is_answered: bool
    ) -> str:
        text = message.text or ""
        answers = [IN_PLACE[PRIVATE[slot].sort] for slot, value in given.items() if slot in PRIVATE and value]
        if _is_button(message):
            return text
        if answers:
            return ", ".join(dict.fromkeys(answers))
        is_used = any(slot in FORM_SLOTS and not slot.endswith(TRIES) for slot in given)
        return self.mask(text) if step is None or is_answered or is_used else SOME_ANSWER


def cleared_slots(events: Iterable[Event]) -> list[str]:
    """The answers to a request that these events take back."""
    return [event.key for event in events if isinstance(event, SlotSet) and event.key in PRIVATE and not event.value]


def _is_button(message: UserUttered) -> bool:
    # What is typed went through the clause components, whatever it looks like; a button did not.
    return (message.text or "").startswith("/") and "questions" not in (message.parse_data or {})


def _slots_of(events: Iterable[Event]) -> dict[str, Any]:
    return {event.key: event.value for event in events if isinstance(event, SlotSet)}


def _requested_slot(events: Sequence[Event]) -> str | None:
    asked = (event for event in reversed(events) if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT)
    return next((event.value for event in asked), None)


def _hidden_values(events: Iterable[Event]) -> dict[str, str]:
    """Every answer given in a conversation, in each form in which a reply may repeat it."""
    hidden: dict[str, str] = {}
    for event in events:
        if not isinstance(event, SlotSet) or event.key not in PRIVATE or not event.value:
            continue
        champ, value = PRIVATE[event.key], str(event.value)
        if champ.skip is None or value != champ.skip.value:
            shown = champ.show(value)
            hidden |= dict.fromkeys((value, shown, typographie(value), typographie(shown)), IN_PLACE[champ.sort])
    return hidden


def _mask_utterance(data: dict[str, Any], masked: str) -> dict[str, Any]:
    """A message without what was typed: nothing in the tracker needs it after its own turn."""
    parsed = data.get("parse_data") or {}
    questions = [_mask_question(question, masked) for question in parsed.get("questions", ())]
    whole = {"whole": _mask_question(parsed["whole"], masked)} if "whole" in parsed else {}
    return data | {"text": masked, "parse_data": parsed | {"text": masked, "questions": questions} | whole}


def _mask_question(question: dict[str, Any], masked: str) -> dict[str, Any]:
    return question | {"text": masked, "reading": masked}


def _replace_all(value: Any, hidden: dict[str, str]) -> Any:
    if isinstance(value, str):
        return mask_values(value, hidden)
    if isinstance(value, dict):
        return {name: _replace_all(item, hidden) for name, item in value.items()}
    return [_replace_all(item, hidden) for item in value] if isinstance(value, list) else value
