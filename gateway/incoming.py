"""What a client sends, read and checked before anything else happens: sizes, types, and clean text."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from gateway.errors import ApiError
from knowledge.text import as_meant

BODY_LIMIT = 16 * 1024
BODY_PATIENCE = 20.0  # seconds
MESSAGE_LIMIT = 500
COMMENT_LIMIT = 500
VERDICTS = ("utile", "fausse", "hors_sujet")
CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# text/plain lets a page of another site post without a pre-flight; its origin is checked all the same.
FORM_TYPE = "application/x-www-form-urlencoded"
FORM_FIELDS_LIMIT = 200
JSON_TYPES = ("application/json", "text/plain")


@dataclass(frozen=True)
class Incoming:
    """One thing a resident sends: exactly one of `text` (cleaned) and `choice` is set."""

    text: str | None
    choice: str | None
    token: str | None
    client_id: str | None

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Incoming":
        """Check the body of POST /api/chat; raises ApiError."""
        message, choice = _text(body, "message"), _text(body, "choice")
        client_id = _text(body, "id")
        if (message is None) == (choice is None):
            raise ApiError("message_or_choice")
        if client_id is not None and not CLIENT_ID.fullmatch(client_id):
            raise ApiError("invalid_id")
        return cls(_check_message(message), choice, _text(body, "session"), client_id)


@dataclass(frozen=True)
class Opinion:
    """A resident's opinion on one reply."""

    reply: str
    verdict: str
    comment: str
    token: str | None

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Opinion":
        """Check the body of POST /api/feedback; raises ApiError."""
        reply, verdict = _text(body, "reply"), _text(body, "verdict")
        comment = clean(_text(body, "comment") or "")
        if verdict not in VERDICTS:
            raise ApiError("invalid_verdict")
        if not reply:
            raise ApiError("unknown_reply")
        if len(comment) > COMMENT_LIMIT:
            raise ApiError("comment_too_long")
        return cls(reply, verdict, comment, _text(body, "session"))


def clean(text: str) -> str:
    """What a person can have meant to write."""
    return as_meant(text)


def message_of(body: dict[str, Any]) -> str:
    """The typed text of a body that has not been checked yet, cleaned; "" when there is none."""
    message = body.get("message")
    return clean(message) if isinstance(message, str) else ""


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; raises ApiError on another type, size or content."""
    if request.content_type not in JSON_TYPES:
        raise ApiError("unsupported_media_type")
    raw = await read_body(request)
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ApiError("not_json") from None
    if not isinstance(body, dict):
        raise ApiError("not_json")
    return body


async def read_fields(request: web.Request, limit: int = BODY_LIMIT) -> list[tuple[str, str]]:
    """The fields of a posted form, in order, empty ones too; raises ApiError on another type or size."""
    if request.content_type != FORM_TYPE:
        raise ApiError("unsupported_media_type")
    raw = await read_body(request, limit)
    try:
        text = raw.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=FORM_FIELDS_LIMIT)
    except ValueError:
        raise ApiError("bad_request") from None


async def read_body(request: web.Request, limit: int = BODY_LIMIT) -> bytes:
    """The raw body, never more than `limit` bytes nor later than BODY_PATIENCE; raises ApiError."""
    if (request.content_length or 0) > limit:
        raise ApiError("body_too_large")
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            return await request.clone(client_max_size=limit).read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError("body_too_large") from None
    except TimeoutError:
        raise ApiError("bad_request") from None


def _text(body: dict[str, Any], key: str) -> str | None:
    value = body.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ApiError("wrong_type")


def _check_message(message: str | None) -> str | None:
    if message is None:
        return None
    text = clean(message)
    if not text:
        raise ApiError("empty_message")
    if len(text) > MESSAGE_LIMIT:
        raise ApiError("message_too_long")
    return text
