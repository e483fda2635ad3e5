"""Who may use a screen: `@staff_only("rédaction")` on its handler, and nothing else to think of.

Writes from other sites are refused before, by gateway.security.same_origin_only; the cookie is SameSite=Strict
besides.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote, urlsplit

from aiohttp import web

from gateway.agents.accounts import ROLES, Staff
from gateway.agents.keys import ACCOUNTS, STAFF, STAFF_SESSIONS
from gateway.errors import ApiError

COOKIE = "allo_agent"
PREFIX = "/agents"
LOGIN = f"{PREFIX}/connexion"
HOME = f"{PREFIX}/"

ScreenHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def staff_only(role: str = ROLES[0]) -> Callable[[ScreenHandler], ScreenHandler]:
    """Let only people with a role use a handler; `request[STAFF]` then says who.

    Not signed in: sent to the login page to read, 401 to write (or when JSON is asked for). Role too low: 403.
    """
    assert role in ROLES

    def decorate(handler: ScreenHandler) -> ScreenHandler:
        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            person = await find_staff(request)
            if person is None:
                if request.method == "GET" and not wants_json(request):
                    raise web.HTTPSeeOther(f"{LOGIN}?suite={quote(request.path_qs, safe='')}")
                raise ApiError("not_signed_in")
            if not person.may(role):
                raise ApiError("role_refused")
            return await handler(request)

        guarded.staff_role = role  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(handler: ScreenHandler) -> ScreenHandler:
    """Mark a handler that people use before they are signed in."""
    handler.staff_role = None  # type: ignore[attr-defined]
    return handler


async def find_staff(request: web.Request) -> Staff | None:
    """Who is signed in, looked up once a request and kept in `request[STAFF]`."""
    if STAFF not in request:
        request[STAFF] = await asyncio.to_thread(_look_up, request)
    person: Staff | None = request[STAFF]
    return person


def set_cookie(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Sign a browser in; the cookie ends with the browser, the session before if need be."""
    # Behind a proxy that speaks TLS this process sees plain HTTP; the browser says what it sees in Origin.
    secure = request.secure or request.headers.get("Origin", "").startswith("https:")
    response.set_cookie(COOKIE, token, path=PREFIX, httponly=True, samesite="Strict", secure=secure)


def forget_cookie(response: web.StreamResponse) -> None:
    """Sign a browser out."""
    response.del_cookie(COOKIE, path=PREFIX, httponly=True, samesite="Strict")


def is_console(path: str) -> bool:
    """Whether an address is one of the console."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def read_next(text: str) -> str:
    """Where to go after signing in: an address of the console, whatever was asked."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return HOME
    is_safe = not parts.scheme and not parts.netloc and is_console(parts.path) and "\\" not in text
    return text if is_safe and text.isprintable() else HOME


def wants_json(request: web.Request) -> bool:
    """Whether a script asks, rather than a person."""
    return "application/json" in request.headers.get("Accept", "")


def _look_up(request: web.Request) -> Staff | None:
    token = request.cookies.get(COOKIE)
    number = request.app[STAFF_SESSIONS].read(token) if token else None
    person = request.app[ACCOUNTS].find(number) if number is not None else None
    return person if person and not person.disabled else None
