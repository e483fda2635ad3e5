"""« Demandes »: what residents ask of the service, followed, saved as a file, deleted."""

import asyncio

from aiohttp import web

from gateway.agents.access import staff_only
from gateway.agents.forms import Form, read_form, read_page, read_query
from gateway.agents.keys import JOURNAL, OUTBOX, REQUESTS_DESK, STAFF
from gateway.agents.pages import Pages, go, render
from gateway.agents.requests_desk import KINDS, NOTE_LIMIT, PAGE_SIZE, STATES, FollowedRequest, table_of
from gateway.agents.spreadsheets import download
from gateway.errors import ApiError
from gateway.incoming import clean
from gateway.keys import SETTINGS

WRITER = "rédaction"
HERE = "/agents/demandes"
NOTICES = {"suivi": "C’est enregistré.", "supprimee": "La demande est supprimée."}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only(WRITER)
async def get_requests(request: web.Request) -> web.Response:
    """One page of requests, the new ones first, in one state or of one kind if asked."""
    desk, page, wanted = request.app[REQUESTS_DESK], read_page(request), _wanted(request)
    found, count = await asyncio.to_thread(desk.find, state=wanted["etat"], kind=wanted["sorte"], page=page)
    context = {
        "requests": found,
        "pages": Pages(page, count, PAGE_SIZE, wanted),
        "wanted": wanted,
        "states": await asyncio.to_thread(desk.count_by_state),
        "kinds": KINDS,
        "waiting": await asyncio.to_thread(request.app[OUTBOX].count),
        "kept_days": request.app[SETTINGS].request_retention_days,
    }
    return render(request, "requests.html", context, notices=NOTICES)


@routes.get(f"{HERE}/export/{{name}}", allow_head=False)
@staff_only(WRITER)
async def get_export(request: web.Request) -> web.Response:
    """The requests as a file: demandes.csv or demandes.xlsx."""
    name, wanted = request.match_info["name"], _wanted(request)
    if name not in ("demandes.csv", "demandes.xlsx"):
        raise ApiError("not_found")
    desk = request.app[REQUESTS_DESK]
    found, count = await asyncio.to_thread(desk.find, state=wanted["etat"], kind=wanted["sorte"], page=None)
    by = request[STAFF].email
    await asyncio.to_thread(request.app[JOURNAL].note, by, "Demandes exportées", name, demandes=count)
    return await asyncio.to_thread(download, name, *table_of(found))


@routes.get(f"{HERE}/{{code}}", allow_head=False)
@staff_only(WRITER)
async def get_request(request: web.Request) -> web.Response:
    """One request, and what can be done with it."""
    return _request_page(request, await _asked(request), Form([]))


@routes.post(f"{HERE}/{{code}}")
@staff_only(WRITER)
async def post_follow(request: web.Request) -> web.Response:
    """Set the state and the note."""
    form = await read_form(request)
    asked, state, note = await _asked(request), form.text("etat"), form.text("note", NOTE_LIMIT)
    if state not in STATES:
        form.refuse("etat", "Choisissez un état.")
    if form.errors:
        return _request_page(request, asked, form, note, status=400)
    by = request[STAFF].email
    if not await asyncio.to_thread(request.app[REQUESTS_DESK].follow, asked.code, state, note, by=by):
        raise ApiError("not_found")
    return go(f"{HERE}/{asked.code}", "suivi")


@routes.post(f"{HERE}/{{code}}/suppression")
@staff_only(WRITER)
async def post_erase(request: web.Request) -> web.Response:
    """Delete a request for good."""
    form = await read_form(request)
    asked, reason = await _asked(request), form.reason()
    if form.errors:
        return _request_page(request, asked, form, status=400)
    by = request[STAFF].email
    await asyncio.to_thread(request.app[REQUESTS_DESK].erase, asked.code, by=by, reason=reason)
    return go(HERE, "supprimee")


def _wanted(request: web.Request) -> dict[str, str]:
    return {"etat": read_query(request, "etat"), "sorte": read_query(request, "sorte")}


async def _asked(request: web.Request) -> FollowedRequest:
    found = await asyncio.to_thread(request.app[REQUESTS_DESK].get, clean(request.match_info["code"]))
    if found is None:
        raise ApiError("not_found")
    return found


def _request_page(
    request: web.Request, asked: FollowedRequest, form: Form, note: str | None = None, status: int = 200
) -> web.Response:
    context = {
        "request": asked,
        "errors": form.errors,
        "note": asked.note if note is None else note,
        "states": {state: state for state in STATES},
        "note_limit": NOTE_LIMIT,
    }
    return render(request, "request.html", context, status=status, notices=NOTICES)
