"""The conversation contract: /api/chat, its history, its erasure, and opinions on replies."""

from aiohttp import web

from gateway.errors import ApiError
from gateway.incoming import Incoming, Opinion, message_of, read_json
from gateway.keys import CONVERSATIONS, HEALTH
from gateway.page import forget_cookie
from gateway.security import check_rate

routes = web.RouteTableDef()


@routes.post("/api/chat")
async def post_message(request: web.Request) -> web.Response:
    """Answer one message or one choice."""
    with request.app[HEALTH].count_chat() as counted:
        body = await read_json(request)
        conversations = request.app[CONVERSATIONS]
        token = body.get("session")
        alert = conversations.alert(message_of(body), token if isinstance(token, str) else None)
        if alert is not None:
            counted.outcome = "alert"
            return web.json_response(alert.to_dict())
        await check_rate(request, token)
        outcome = await conversations.turn(Incoming.from_json(body))
        counted.outcome, counted.kind = "answered", outcome.kind
        return web.json_response(outcome.to_dict())


@routes.get("/api/chat/history", allow_head=False)
async def get_history(request: web.Request) -> web.Response:
    """The conversation so far, oldest message first."""
    token = _session_header(request)
    turns = await request.app[CONVERSATIONS].history(token)
    shown = [
        {
            "id": turn.client_id,
            "message": turn.message,
            "release": turn.release,
            "replies": [reply.to_dict() for reply in turn.replies],
        }
        for turn in turns
    ]
    return web.json_response({"session": token, "turns": shown})


@routes.delete("/api/chat")
async def delete_conversation(request: web.Request) -> web.Response:
    """Erase the conversation everywhere."""
    await request.app[CONVERSATIONS].erase(_session_header(request))
    response = web.json_response({"erased": True})
    forget_cookie(response)
    return response


@routes.post("/api/feedback")
async def post_feedback(request: web.Request) -> web.Response:
    """Keep a resident's opinion on a reply."""
    opinion = Opinion.from_json(await read_json(request))
    await check_rate(request)
    token = opinion.token or _find_session_header(request)
    await request.app[CONVERSATIONS].give_opinion(opinion, token)
    return web.json_response({"saved": True})


def _session_header(request: web.Request) -> str:
    token = _find_session_header(request)
    if token is None:
        raise ApiError("missing_session")
    return token


def _find_session_header(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.headers.get("X-Session") or None
