"""/assistant: a conversation that works with forms alone, and better with static/page.js.

Without JavaScript the session is in a cookie that only a posted message sets; every post ends with a
redirection, except what must not be kept (an alert) or was not kept (an error), which is shown at once.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp_jinja2
from aiohttp import web

from gateway import texts
from gateway.conversation import Outcome
from gateway.errors import ApiError
from gateway.incoming import COMMENT_LIMIT, MESSAGE_LIMIT, Incoming, Opinion, message_of, read_fields
from gateway.keys import ANNOUNCEMENTS, CONTENT, CONVERSATIONS, HEALTH, SETTINGS
from gateway.security import check_rate
from gateway.store import StoredReply, Turn
from gateway.transcript import format_transcript

PATH = "/assistant"
COOKIE = "allo_session"
# A session that cannot be used any more: the message starts another conversation, nothing is asked.
LOST_SESSION = ("invalid_session", "session_expired")
RATED_KINDS = ("answer", "clarify", "fallback")

routes = web.RouteTableDef()


@dataclass(frozen=True)
class Rated:
    """The opinion just given on a reply, to which a comment may be added."""

    reply: str
    verdict: str


@dataclass(frozen=True)
class Shown:
    """What one rendering of the page adds to the conversation: an alert, an error and the text it kept."""

    alert: Outcome | None = None
    message: str = ""
    error: ApiError | None = None
    notice: str = ""
    rated: Rated | None = None


@routes.get(PATH)
async def get_page(request: web.Request) -> web.Response:
    """The page, with the conversation of the cookie."""
    done, reply = request.query.get("fait", ""), request.query.get("reponse", "")
    if done in texts.VERDICTS:
        return await _render(request, Shown(rated=Rated(reply, done)))
    return await _render(request, Shown(notice=texts.NOTICES.get(done, "")))


@routes.post(PATH)
async def post_page(request: web.Request) -> web.Response:
    """A message or a choice sent by a form."""
    with request.app[HEALTH].count_chat() as counted:
        form: dict[str, Any] = {}
        try:
            form = await _read_form(request)
            conversations = request.app[CONVERSATIONS]
            alert = conversations.alert(message_of(form), form["session"])
            if alert is not None:
                counted.outcome = "alert"
                return await _render(request, Shown(alert=alert, message=message_of(form)))
            await check_rate(request, form["session"])
            outcome = await _turn(request, form)
        except ApiError as error:
            counted.outcome = error.code
            return await _render(request, Shown(message=message_of(form), error=error))
        counted.outcome, counted.kind = "alert" if outcome.is_alert else "answered", outcome.kind
    if outcome.is_alert:
        return await _render(request, Shown(alert=outcome, message=message_of(form)))
    response = _redirect(f"{PATH}#suite")
    _set_cookie(request, response, outcome.token)
    return response


@routes.post(f"{PATH}/avis")
async def post_opinion(request: web.Request) -> web.Response:
    """An opinion sent by a form."""
    form = await _read_form(request)
    opinion = Opinion.from_json(form)
    await check_rate(request)
    await request.app[CONVERSATIONS].give_opinion(opinion, opinion.token)
    done = "commentaire" if opinion.comment else opinion.verdict
    return _redirect(f"{PATH}?fait={done}&reponse={quote(opinion.reply)}#reponse-{quote(opinion.reply)}")


@routes.post(f"{PATH}/effacer")
async def post_erase(request: web.Request) -> web.Response:
    """The conversation of the cookie, erased."""
    token = (await _read_form(request))["session"]
    if token is not None:
        try:
            await request.app[CONVERSATIONS].erase(token)
        except ApiError as error:
            if error.code not in LOST_SESSION:
                raise
    response = _redirect(f"{PATH}?fait=efface")
    forget_cookie(response)
    return response


@routes.post(f"{PATH}/garder")
async def post_keep(request: web.Request) -> web.Response:
    """The conversation as a text file, to keep; the page with JavaScript names its session in the form."""
    form = await _read_form(request)
    token = form["token"] or form["session"]
    if not token:
        raise ApiError("missing_session")
    turns = await request.app[CONVERSATIONS].history(token)
    headers = {"Content-Disposition": f'attachment; filename="{texts.TRANSCRIPT_FILE}"'}
    return web.Response(text=format_transcript(turns), headers=headers, charset="utf-8")


def forget_cookie(response: web.Response) -> None:
    """Have the browser forget the session of the page."""
    response.del_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict")


async def _turn(request: web.Request, form: dict[str, Any]) -> Outcome:
    conversations = request.app[CONVERSATIONS]
    try:
        return await conversations.turn(Incoming.from_json(form))
    except ApiError as error:
        if error.code in LOST_SESSION and form["choice"] is None:
            return await conversations.turn(Incoming.from_json({**form, "session": None}))
        # A page reached with "back" sends the id of the message that was corrected.
        if error.code == "id_conflict":
            return await conversations.turn(Incoming.from_json({**form, "id": None}))
        raise


async def _read_form(request: web.Request) -> dict[str, Any]:
    fields: dict[str, str] = {}
    for name, value in await read_fields(request):
        # Of a name sent twice, the first one that says something counts: two ways to be reached, one filled in.
        if not fields.get(name, "").strip():
            fields[name] = value
    names = ("message", "choice", "id", "reply", "verdict", "comment", "token")
    return {**{name: fields.get(name) for name in names}, "session": request.cookies.get(COOKIE)}


async def _render(request: web.Request, shown: Shown) -> web.Response:
    token = request.cookies.get(COOKIE)
    turns: list[Turn] = []
    error = shown.error
    if token is not None:
        try:
            turns = await request.app[CONVERSATIONS].history(token)
        except ApiError as refusal:
            if refusal.code in LOST_SESSION:
                token = None
            else:
                error = error or refusal
    context = _context(request, shown, turns, token, error)
    status = error.status if error else 200
    response = aiohttp_jinja2.render_template("page.html", request, context, status=status)
    # Without it, browsers would not say in Origin that the forms of this page come from this page.
    response.headers["Referrer-Policy"] = "same-origin"
    if error:
        response.headers.update(error.headers)
    if token is None and COOKIE in request.cookies:
        forget_cookie(response)
    return response


def _context(
    request: web.Request, shown: Shown, turns: list[Turn], token: str | None, error: ApiError | None
) -> dict[str, Any]:
    content = request.app[CONTENT]
    exchanges = [(turn.message, [_shown_reply(reply) for reply in turn.replies]) for turn in turns]
    if shown.alert is not None:
        exchanges.append((shown.message, [_shown_reply(reply) for reply in shown.alert.replies]))
    sources = list(content.base.sources.values())
    return {
        "exchanges": exchanges,
        "session": token if turns else None,
        "message": "" if shown.alert else shown.message,
        "error": error,
        "notice": shown.notice,
        "given": shown.rated,
        "new_id": secrets.token_hex(16),
        "subjects": content.known_subjects(),
        "sources": sources,
        "contact": content.contact,
        "retention": texts.retention(request.app[SETTINGS].retention_days),
        "limit": MESSAGE_LIMIT,
        "comment_limit": COMMENT_LIMIT,
        "rated_kinds": RATED_KINDS,
        "announced": request.app[ANNOUNCEMENTS].current,
    }


def _shown_reply(reply: StoredReply) -> dict[str, Any]:
    # Replies kept before there were fields have none.
    return {"fields": [], **reply.to_dict()}


def _redirect(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where})


def _set_cookie(request: web.Request, response: web.Response, token: str) -> None:
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="Strict", secure=request.secure)
