"""Rasa's REST channel, for widgets and bots made for it: same addresses, same shapes, closed by default.

Whoever knows a sender's name speaks in that sender's conversation, as with Rasa; nothing of the conversation can
be read back here. A button's payload is an id that works in its own conversation only; any other message is
text, whatever it looks like.
"""

from typing import Any

from aiohttp import web

from gateway import texts
from gateway.errors import ApiError
from gateway.incoming import Incoming, message_of, read_json
from gateway.keys import CONVERSATIONS, HEALTH, SETTINGS
from gateway.security import check_rate
from gateway.store import StoredReply

SENDER_LIMIT = 200

routes = web.RouteTableDef()


@routes.get("/webhooks/rest/")
async def get_channel(request: web.Request) -> web.Response:
    """The channel is open."""
    _check_open(request)
    return web.json_response({"status": "ok"})


@routes.post("/webhooks/rest/webhook")
async def post_webhook(request: web.Request) -> web.Response:
    """Answer one message or one button of a sender: {"sender", "message"} → a list of messages."""
    _check_open(request)
    with request.app[HEALTH].count_chat() as counted:
        body = await read_json(request)
        conversations = request.app[CONVERSATIONS]
        alert = conversations.alert(message_of(body), None)
        if alert is not None:
            counted.outcome = "alert"
            return _answer(body, alert.replies)
        token = conversations.keeper.sign(conversations.keeper.for_sender(_sender(body)))
        await check_rate(request, token)
        outcome = await conversations.turn(await _read(request, body, token))
        counted.outcome, counted.kind = "alert" if outcome.is_alert else "answered", outcome.kind
        return _answer(body, outcome.replies)


async def _read(request: web.Request, body: dict[str, Any], token: str) -> Incoming:
    sent = {"message": body.get("message") or "", "session": token}
    incoming = Incoming.from_json(sent)
    if await request.app[CONVERSATIONS].has_choice(token, incoming.text or ""):
        return Incoming.from_json({"choice": incoming.text, "session": token})
    return incoming


def _check_open(request: web.Request) -> None:
    if not request.app[SETTINGS].rest_channel:
        raise ApiError("not_found")


def _sender(body: dict[str, Any]) -> str:
    sender = body.get("sender")
    if not isinstance(sender, str) or not 1 <= len(sender) <= SENDER_LIMIT:
        raise ApiError("invalid_sender")
    return sender


def _answer(body: dict[str, Any], replies: tuple[StoredReply, ...]) -> web.Response:
    return web.json_response([_message(body.get("sender"), reply) for reply in replies])


def _message(sender: Any, reply: StoredReply) -> dict[str, Any]:
    message = {"recipient_id": sender if isinstance(sender, str) else "", "text": _text(reply)}
    buttons = [{"title": choice.label, "payload": choice.id} for choice in reply.choices]
    return {**message, "buttons": buttons} if buttons else message


def _text(reply: StoredReply) -> str:
    """The words of a reply, then where they come from: these clients have no other place to show it."""
    sources = [texts.source_line(source) for source in reply.body["sources"]]
    return "\n\n".join([reply.body["text"], *dict.fromkeys(sources)])
