"""« Journal »: who did what, when and why."""

import asyncio

from aiohttp import web

from gateway.agents.access import staff_only
from gateway.agents.forms import read_page, read_query
from gateway.agents.journal import KEPT_DAYS, PAGE_SIZE
from gateway.agents.keys import JOURNAL
from gateway.agents.pages import Pages, render

routes = web.RouteTableDef()


@routes.get("/agents/journal", allow_head=False)
@staff_only()
async def get_journal(request: web.Request) -> web.Response:
    """One page of the journal, newest first, for one person or one action if asked."""
    journal, page = request.app[JOURNAL], read_page(request)
    wanted = {"qui": read_query(request, "qui"), "action": read_query(request, "action")}
    notes, count = await asyncio.to_thread(journal.find, who=wanted["qui"], action=wanted["action"], page=page)
    context = {
        "notes": notes,
        "pages": Pages(page, count, PAGE_SIZE, wanted),
        "wanted": wanted,
        "people": await asyncio.to_thread(journal.known, "who"),
        "actions": await asyncio.to_thread(journal.known, "action"),
        "kept_days": KEPT_DAYS,
    }
    return render(request, "journal.html", context)
