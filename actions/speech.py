"""How a reply leaves an action: the whole reply for our worker, a text and buttons for any other Rasa channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from knowledge.content import shared_langues
from knowledge.langues import FRENCH
from knowledge.replies import Choice, Reply, explain_french

REPLY = "reply"
SUBJECT = "subject"
REQUEST = "request"
PRIVATE = "private"


def say(
    dispatcher: CollectingDispatcher,
    replies: Iterable[Reply],
    request: dict[str, Any] | None = None,
    is_private: bool = False,
) -> None:
    """Utter each reply. `reply` travels in the message's metadata, where plain channels do not look.

    So does a finished `request` ({"kind", "code", "fields"}), which is to be stored before the reply is shown, and
    whether the message that is answered is private: one of which nothing may be kept.
    """
    finished = {REQUEST: request} if request else {}
    private = {PRIVATE: True} if is_private else {}
    for reply in replies:
        metadata = {REPLY: reply.to_dict(), SUBJECT: reply.subject, **finished, **private}
        dispatcher.utter_message(text=reply.text, buttons=_buttons(reply.choices), **metadata)


def _buttons(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"title": choice.label, "payload": choice.payload} for choice in choices]


def explain_language(replies: Sequence[Reply], language: str) -> tuple[Reply, ...]:
    """The replies and, for someone of another language, one sentence of theirs when one of these is in French."""
    return (*replies, *explain_french(replies, language, shared_langues()))


def language_of(tracker: Tracker) -> str:
    """The language of what the person typed last."""
    earlier = (event.get("parse_data") for event in reversed(tracker.events) if event["event"] == "user")
    return find_language((tracker.latest_message, *earlier)) or FRENCH


def find_language(parsed: Iterable[dict[str, Any] | None]) -> str | None:
    """The language of the first of these readings that has one: a button says nothing of it."""
    return next((str(message["language"]) for message in parsed if message and message.get("language")), None)
