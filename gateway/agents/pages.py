"""How a screen of the console is drawn: its layout, who is signed in, the message of what was just done."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.agents import texts
from gateway.agents.access import is_console, wants_json
from gateway.agents.keys import STAFF
from gateway.security import as_refusal
from knowledge.text import NARROW_NBSP

TOWN_TIME = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Pages:
    """Where a list stands: page `number` of `last`, `count` lines in all; `query` is kept from page to page."""

    number: int
    count: int
    size: int
    query: Mapping[str, str]

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, math.ceil(self.count / self.size))

    def link(self, number: int) -> str:
        """The address of another page of the same list."""
        return "?" + urlencode({**{name: value for name, value in self.query.items() if value}, "page": number})


def render(
    request: web.Request,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    notices: Mapping[str, str] | None = None,
) -> web.Response:
    """Draw a template of templates/agents; `notices` are the sentences of « ?fait=code », shown once done."""
    notice = (notices or {}).get(request.query.get("fait", ""), "")
    whole = {"me": request.get(STAFF), "here": request.path, "notice": notice, **(context or {})}
    response = aiohttp_jinja2.render_template(f"agents/{template}", request, whole, status=status)
    # Without it, browsers would not say in Origin that the forms of this page come from this page.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def go(where: str, done: str = "") -> web.Response:
    """Send the browser on after a post; `done` is the code of the notice to show there."""
    path, mark, anchor = where.partition("#")
    if done:
        path += ("&" if "?" in path else "?") + urlencode({"fait": done})
    return web.Response(status=303, headers={"Location": path + mark + anchor})


@web.middleware
async def explain_staff_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal of the console as a page of the console (or JSON for a script)."""
    if not is_console(request.path):
        return await handler(request)
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except Exception as error:
        refusal = as_refusal(request, error)
        message = texts.REFUSALS.get(refusal.code, refusal.message)
        if wants_json(request):
            response = web.json_response({"error": {"code": refusal.code, "message": message}}, status=refusal.status)
        else:
            title = texts.ERROR_TITLES.get(refusal.status, texts.ERROR_TITLE_OTHER)
            context = {"title": title, "message": message}
            response = render(request, "error.html", context, status=refusal.status)
        response.headers.update(refusal.headers)
        return response


def format_number(number: int) -> str:
    """1212 as « 1 212 »."""
    return f"{number:,}".replace(",", NARROW_NBSP)


def format_time(at: float) -> str:
    """Seconds since 1970 as « 25/11/2026 à 14:05 », in French time."""
    return datetime.fromtimestamp(at, TOWN_TIME).strftime("%d/%m/%Y à %H:%M")
