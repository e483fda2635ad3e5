"""« Pause et bannière »: stop the assistant at once with a word to residents, and post a banner."""

import asyncio

from aiohttp import web

from gateway import texts as public_texts
from gateway.agents.access import staff_only
from gateway.agents.forms import Form, read_form
from gateway.agents.journal import insert_note
from gateway.agents.keys import STAFF
from gateway.agents.pages import go, render
from gateway.announcements import Announcement
from gateway.keys import ANNOUNCEMENTS, DATABASE

PUBLISHER = "publication"
HERE = "/agents/pause"
MESSAGE_LIMIT = 300
NOTICES = {
    "pause": "L’assistant est en pause. Les appels à l’aide reçoivent toujours le bon numéro.",
    "reprise": "L’assistant répond de nouveau.",
    "banniere": "La bannière est affichée.",
    "sansbanniere": "La bannière est retirée.",
}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_pause(request: web.Request) -> web.Response:
    """What is announced now, and the forms to change it."""
    return _page(request, Form([]))


@routes.post(HERE)
@staff_only(PUBLISHER)
async def post_pause(request: web.Request) -> web.Response:
    """Pause the assistant, or let it answer again."""
    form = await read_form(request)
    pausing, reason = form.raw("etat") == "pause", form.reason()
    message = form.text("message", MESSAGE_LIMIT) or public_texts.PAUSED
    if form.errors:
        return _page(request, form, message=message, status=400)
    action = "Assistant mis en pause" if pausing else "Assistant remis en marche"
    await _announce(request, action, message if pausing else "", reason, paused=pausing)
    return go(HERE, "pause" if pausing else "reprise")


@routes.post(f"{HERE}/banniere")
@staff_only(PUBLISHER)
async def post_banner(request: web.Request) -> web.Response:
    """Post a banner; an empty one takes it away."""
    form = await read_form(request)
    banner, reason = form.text("banniere", MESSAGE_LIMIT), form.reason("motif_banniere")
    if form.errors:
        return _page(request, form, banner=banner, status=400)
    await _announce(request, "Bannière affichée" if banner else "Bannière retirée", banner, reason, banner=banner)
    return go(HERE, "banniere" if banner else "sansbanniere")


async def _announce(
    request: web.Request, action: str, said: str, reason: str, *, paused: bool | None = None, banner: str | None = None
) -> None:
    announced, by = request.app[ANNOUNCEMENTS], request[STAFF].email

    def write() -> None:
        announced.refresh()
        now: Announcement = announced.current
        with request.app[DATABASE].writing() as db:
            announced.write(
                db,
                paused=now.paused if paused is None else paused,
                message=now.message if paused is None else said,
                banner=now.banner if banner is None else banner,
                by=by,
            )
            insert_note(db, by, action, said, reason)
        announced.refresh()

    await asyncio.to_thread(write)


def _page(
    request: web.Request, form: Form, *, message: str | None = None, banner: str | None = None, status: int = 200
) -> web.Response:
    now = request.app[ANNOUNCEMENTS].current
    context = {
        "now": now,
        "errors": form.errors,
        "message": public_texts.PAUSED if message is None else message,
        "banner": now.banner if banner is None else banner,
        "limit": MESSAGE_LIMIT,
        "may_change": request[STAFF].may(PUBLISHER),
    }
    return render(request, "pause.html", context, status=status, notices=NOTICES)
