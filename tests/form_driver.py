"""A form without a model: runs the real actions as Rasa's form loop would, with intents given by the test."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.requests import Demande
from knowledge.content import shared_base

REQUESTED_SLOT = "requested_slot"
NOT_UNDERSTOOD = "nlu_fallback"

Said = list[dict[str, Any]]


class FormDriver:
    """One conversation with one form."""

    def __init__(self, demande: Demande) -> None:
        self.demande = demande
        self.slots: dict[str, Any] = dict.fromkeys([*demande.slots, REQUESTED_SLOT, "contexte", "offre"])
        self.events: list[dict[str, Any]] = []
        self.request: dict[str, Any] | None = None
        self.is_open = False
        self._message: dict[str, Any] = {}
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    @property
    def asked(self) -> str | None:
        """The slot that was asked last, without the name of its form."""
        slot = self.slots[REQUESTED_SLOT]
        return slot.split("__")[1] if slot else None

    def value(self, name: str) -> Any:
        """What was understood of one thing: « profil », « nom »."""
        return self.slots[f"{self.demande.kind}__{name}"]

    async def say(self, text: str, intent: str = NOT_UNDERSTOOD, share: float | None = None, reading: str = "") -> Said:
        """Type something, read as `reading`, which the classifier takes for `intent` with that share.

        The first time opens the form.
        """
        ranking = [] if share is None else [(intent, share)]
        part = {"text": text, "intent": intent, "ranking": ranking, "entities": _find_names(text), "reading": reading}
        return await self._turn(
            {"text": text, "intent": {"name": intent}, "questions": [part], "whole": part, "entities": []}
        )

    async def press(self, payload: str) -> Said:
        """Press the button of a payload."""
        intent, _, values = payload.removeprefix("/").partition("{")
        entities = json.loads("{" + values) if values else {}
        return await self._turn(
            {
                "text": payload,
                "intent": {"name": intent},
                "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            }
        )

    async def press_label(self, replies: Said, label: str) -> Said:
        """Press the button that bears this label in the last reply."""
        payloads = {choice["label"]: choice["payload"] for choice in replies[-1]["choices"]}
        return await self.press(payloads[label])

    async def _turn(self, message: dict[str, Any]) -> Said:
        self._message = message
        self.events.append({"event": "user", "text": message["text"], "parse_data": message})
        if not self.is_open:
            self.is_open = True
            self.events.append({"event": "active_loop", "name": self.demande.form})
        said = await self._run(f"validate_{self.demande.form}")
        return said + (await self._ask_next() if self.is_open else [])

    async def _ask_next(self) -> Said:
        explicit = [event["value"] for event in self._last_events if event["name"] == REQUESTED_SLOT]
        required = (*(champ.slot for champ in self.demande.champs), self.demande.accord)
        missing = next((slot for slot in required if self.slots[slot] is None), None)
        self.slots[REQUESTED_SLOT] = explicit[-1] if explicit else missing
        if self.slots[REQUESTED_SLOT]:
            return await self._run(f"action_ask_{self.slots[REQUESTED_SLOT]}")
        self.is_open = False
        return await self._run(f"action_submit_{self.demande.kind}")

    async def _run(self, action: str) -> Said:
        dispatcher = CollectingDispatcher()
        tracker = Tracker("test", dict(self.slots), self._message, self.events, False, None, {}, None)
        self._last_events = await _call(self._executor.actions[action], dispatcher, tracker)
        for event in self._last_events:
            self.slots[event["name"]] = event["value"]
        self.request = next((message["request"] for message in dispatcher.messages if "request" in message), None)
        return [message["reply"] for message in dispatcher.messages]


async def _call(action: Any, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    events = action(dispatcher, tracker, {})
    return await events if hasattr(events, "__await__") else events


def texts(replies: Said) -> str:
    """Everything that was said, as one text."""
    return "\n".join(reply["text"] for reply in replies)


def labels(replies: Said) -> list[str]:
    """The buttons of the last reply."""
    return [choice["label"] for choice in replies[-1]["choices"]]


def _find_names(text: str) -> list[dict[str, Any]]:
    """The entities that the pipeline finds in a text."""
    mentions = shared_base().gazetteer.find(text)
    return [{"entity": m.genre, "value": m.slug, "start": m.start, "end": m.end} for m in mentions]
