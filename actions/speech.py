"""How a reply leaves an action: the whole reply for our worker, a text and buttons for any other Rasa channel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from knowledge.content import shared_langues
from knowledge.replies import Choice, Reply

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


def explain_language(language: str | None) -> tuple[Reply, ...]:
    """To someone who wrote in another language: one sentence of theirs, that the answer is in French."""
    phrase = shared_langues().phrases.get(language or "")
    return (Reply("smalltalk", phrase, lang=str(language)),) if phrase else ()
