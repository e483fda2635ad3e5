"""What the assistant says in one turn, gathered as the replies of the public contract."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from knowledge.text import typographie


class TurnChannel(OutputChannel):
    """Collects whole bot messages: Rasa's own channels split them into text, buttons and the rest."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self.replies: list[dict[str, Any]] = []
        self.subjects: list[str] = []
        self.request: dict[str, Any] | None = None
        self.is_private = False

    @classmethod
    def name(cls) -> str:
        """The name under which the tracker knows this channel."""
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the reply that an action made; a plain response of the domain is small talk."""
        self.request = message.get("request") or self.request
        is_alert = (message.get("reply") or {}).get("kind") == "alert"
        self.is_private = self.is_private or is_alert or bool(message.get("private"))
        if message.get("subject"):
            self.subjects.append(message["subject"])
        if message.get("reply") or message.get("text"):
            self.replies.append((message.get("reply") or _as_smalltalk(message)) | {"subject": message.get("subject")})


def _as_smalltalk(message: dict[str, Any]) -> dict[str, Any]:
    choices = [{"label": button["title"], "payload": button["payload"]} for button in message.get("buttons") or ()]
    return {
        "kind": "smalltalk",
        "text": typographie(message["text"]),
        "simple": None,
        "lang": "fr",
        "choices": choices,
        "sources": [],
        "fields": [],
    }
