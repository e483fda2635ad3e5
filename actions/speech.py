"""How a reply leaves an action: the whole reply for our worker, a text and buttons for any other Rasa channel."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.executor import CollectingDispatcher

from knowledge.replies import Choice, Reply

REPLY = "reply"
SUBJECT = "subject"


def say(dispatcher: CollectingDispatcher, replies: Iterable[Reply]) -> None:
    """Utter each reply. `reply` travels in the message's metadata, where plain channels do not look."""
    for reply in replies:
        metadata = {REPLY: reply.to_dict(), SUBJECT: reply.subject}
        dispatcher.utter_message(text=reply.text, buttons=_buttons(reply.choices), **metadata)


def _buttons(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"title": choice.label, "payload": choice.payload} for choice in choices]
