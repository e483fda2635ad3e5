"""The worker's private HTTP face, for the gateway alone."""

from __future__ import annotations

import asyncio
import hmac
import logging
from dataclasses import asdict

from aiohttp import web

from worker.assistant import Assistant

STORE_PATIENCE = 1.5  # seconds, less than the gateway waits for
TOKEN_HEADER = "X-Allo-Token"
ASSISTANT = web.AppKey("assistant", Assistant)
TOKEN = web.AppKey("token", str)

logger = logging.getLogger(__name__)
routes = web.RouteTableDef()


@web.middleware
async def gateway_only(request: web.Request, handler: web.Handler) -> web.StreamResponse:  # type: ignore[name-defined]
    """Refuse whoever does not hold the token of this start."""
    given = request.headers.get(TOKEN_HEADER, "").encode(errors="replace")
    if not hmac.compare_digest(given, request.app[TOKEN].encode()):
        raise web.HTTPForbidden
    return await handler(request)


@routes.get("/health")
async def health(request: web.Request) -> web.Response:
    """Say which release answers."""
    return web.json_response({"release": request.app[ASSISTANT].release})


@routes.get("/store")
async def store(request: web.Request) -> web.Response:
    """Say whether what is said can be written now."""
    try:
        async with asyncio.timeout(STORE_PATIENCE):
            can_write = await asyncio.to_thread(request.app[ASSISTANT].can_write)
    except TimeoutError:
        can_write = False
    return web.Response(status=200 if can_write else 503)


@routes.post("/turn")
async def take_turn(request: web.Request) -> web.Response:
    """One message in, its replies out."""
    body = await request.json()
    assistant = request.app[ASSISTANT]
    if "payload" in body:
        turn = await assistant.press(body["session"], body["payload"], body.get("id"))
    else:
        turn = await assistant.read_text(body["session"], body["text"], body.get("id"))
    return web.json_response({"release": assistant.release} | asdict(turn))


@routes.post("/mask")
async def mask_text(request: web.Request) -> web.Response:
    """A text without its personal data."""
    body = await request.json()
    return web.json_response({"text": request.app[ASSISTANT].mask(body["text"])})


@routes.delete("/sessions/{session}")
async def erase_session(request: web.Request) -> web.Response:
    """Forget a conversation."""
    await request.app[ASSISTANT].erase(request.match_info["session"])
    return web.Response(status=204)


@routes.delete("/sessions")
async def forget_before(request: web.Request) -> web.Response:
    """Forget what was said before a time (seconds since 1970), whoever said it; tells how many events."""
    try:
        before = float(request.query["before"])
    except (KeyError, ValueError):
        raise web.HTTPBadRequest from None
    return web.json_response({"events": await request.app[ASSISTANT].forget_before(before)})


def create_app(assistant: Assistant, token: str) -> web.Application:
    """The application: one assistant behind one token, which must not be empty."""
    assert token
    app = web.Application(middlewares=[gateway_only])
    app[ASSISTANT], app[TOKEN] = assistant, token
    app.add_routes(routes)
    return app
