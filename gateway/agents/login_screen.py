"""Signing in and out, and the links that let somebody choose a password."""

import asyncio
from typing import Any

from aiohttp import web

from gateway.agents import texts
from gateway.agents.access import (
    COOKIE,
    HOME,
    LOGIN,
    find_staff,
    forget_cookie,
    open_to_all,
    read_next,
    set_cookie,
    staff_only,
)
from gateway.agents.accounts import EMAIL_LIMIT, AccountError, Staff
from gateway.agents.forms import Form, read_form
from gateway.agents.keys import ACCOUNTS, JOURNAL, LOGIN_LIMITS, STAFF, STAFF_SESSIONS
from gateway.agents.pages import go, render
from gateway.agents.passwords import LONGEST, SHORTEST
from gateway.errors import ApiError
from gateway.security import client_address

FIRST_ACCESS = "/agents/premier-acces/{token}"
NEW_PASSWORD = "/agents/mot-de-passe/{token}"
NOTICES = {"deconnexion": "Vous êtes déconnecté.", "partout": "Vous êtes déconnecté de tous vos appareils."}

routes = web.RouteTableDef()


@routes.get("/agents/connexion", allow_head=False)
@open_to_all
async def get_login(request: web.Request) -> web.Response:
    """The form to sign in."""
    if await find_staff(request) is not None:
        return go(read_next(request.query.get("suite", "")))
    return _login_page(request, Form([]), suite=request.query.get("suite", ""))


@routes.post("/agents/connexion")
@open_to_all
async def post_login(request: web.Request) -> web.Response:
    """Sign in; an unknown address, a wrong password and a closed account get one and the same answer."""
    form = await read_form(request)
    email = form.text("adresse", EMAIL_LIMIT).lower()
    await check_rate(request, email)
    person = await asyncio.to_thread(request.app[ACCOUNTS].check, email, form.raw("motdepasse")[:LONGEST])
    if person is None:
        form.refuse("adresse", texts.WRONG_LOGIN)
        return _login_page(request, form, suite=form.text("suite"), email=email, status=400)
    return await _sign_in(request, person, read_next(form.text("suite")))


@routes.post("/agents/deconnexion")
@staff_only()
async def post_logout(request: web.Request) -> web.Response:
    """Sign this browser out, or every browser of this person."""
    form = await read_form(request)
    everywhere = form.raw("partout") == "oui"
    sessions, person = request.app[STAFF_SESSIONS], request[STAFF]
    if everywhere:
        await asyncio.to_thread(sessions.close_all, person.id)
        await asyncio.to_thread(request.app[JOURNAL].note, person.email, "Déconnexion partout")
    else:
        await asyncio.to_thread(sessions.close, request.cookies[COOKIE])
    response = go(LOGIN, "partout" if everywhere else "deconnexion")
    forget_cookie(response)
    return response


@routes.get(FIRST_ACCESS, allow_head=False)
@routes.get(NEW_PASSWORD, allow_head=False)
@open_to_all
async def get_link(request: web.Request) -> web.Response:
    """The form behind a link: for the first account an address and a password, else a password."""
    await check_rate(request)
    first = _is_first(request)
    if not await asyncio.to_thread(request.app[ACCOUNTS].knows_link, request.match_info["token"], first=first):
        return render(request, "link_dead.html", status=404)
    return _link_page(request, Form([]), first)


@routes.post(FIRST_ACCESS)
@routes.post(NEW_PASSWORD)
@open_to_all
async def post_link(request: web.Request) -> web.Response:
    """Use the link: it works once, and the person is signed in."""
    await check_rate(request)
    form = await read_form(request)
    first = _is_first(request)
    password, token = form.raw("motdepasse"), request.match_info["token"]
    email = form.text("adresse", EMAIL_LIMIT)
    if password != form.raw("encore"):
        form.refuse("encore", texts.PASSWORDS_DIFFER)
        return _link_page(request, form, first, email, status=400)
    accounts = request.app[ACCOUNTS]
    try:
        if first:
            person = await asyncio.to_thread(accounts.begin, token, email, password)
        else:
            person = await asyncio.to_thread(accounts.choose_password, token, password)
    except AccountError as error:
        form.refuse("motdepasse", str(error))
        return _link_page(request, form, first, email, status=400)
    if person is None:
        return render(request, "link_dead.html", status=404)
    return await _sign_in(request, person, HOME)


async def _sign_in(request: web.Request, person: Staff, where: str) -> web.Response:
    token = await asyncio.to_thread(request.app[STAFF_SESSIONS].open, person.id, request.cookies.get(COOKIE))
    await asyncio.to_thread(request.app[JOURNAL].note, person.email, "Connexion")
    response = go(where)
    set_cookie(request, response, token)
    return response


async def check_rate(request: web.Request, account: str = "") -> None:
    """Count one try at a password or a link; raises ApiError when there are too many."""
    wait = await request.app[LOGIN_LIMITS].take(client_address(request), account)
    if wait:
        raise ApiError("too_many_requests", retry_after=wait)


def _is_first(request: web.Request) -> bool:
    return request.path.startswith(FIRST_ACCESS.partition("{")[0])


def _login_page(request: web.Request, form: Form, *, suite: str, email: str = "", status: int = 200) -> web.Response:
    context = {"errors": form.errors, "suite": suite, "email": email}
    return render(request, "login.html", context, status=status, notices=NOTICES)


def _link_page(request: web.Request, form: Form, first: bool, email: str = "", status: int = 200) -> web.Response:
    context: dict[str, Any] = {"errors": form.errors, "first": first, "email": email, "shortest": SHORTEST}
    return render(request, "link.html", context, status=status)
