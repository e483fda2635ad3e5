"""« Comptes », for people who publish: who may enter, with which role; and everybody's own account."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from gateway.agents import texts
from gateway.agents.access import set_cookie, staff_only
from gateway.agents.accounts import EMAIL_LIMIT, AccountError, Staff
from gateway.agents.forms import Form, read_form, read_number
from gateway.agents.keys import ACCOUNTS, JOURNAL, STAFF, STAFF_SESSIONS
from gateway.agents.login_screen import NEW_PASSWORD, check_rate
from gateway.agents.pages import go, render
from gateway.agents.passwords import LONGEST, SHORTEST
from gateway.errors import ApiError

PUBLISHER = "publication"
NOTICES = {
    "role": "Le rôle est changé.",
    "ferme": "Le compte est désactivé, et déconnecté partout.",
    "ouvert": "Le compte est réactivé.",
    "deconnecte": "Cette personne est déconnectée partout.",
    "motdepasse": "Votre mot de passe est changé. Vos autres appareils sont déconnectés.",
}

routes = web.RouteTableDef()


@routes.get("/agents/comptes", allow_head=False)
@staff_only(PUBLISHER)
async def get_accounts(request: web.Request) -> web.Response:
    """Every account, and the form to add one."""
    return await _list_page(request, Form([]))


@routes.post("/agents/comptes")
@staff_only(PUBLISHER)
async def post_account(request: web.Request) -> web.Response:
    """Add an account; shows the link that lets the person choose a password."""
    form = await read_form(request)
    email, role = form.text("adresse", EMAIL_LIMIT), form.text("role")
    accounts, by = request.app[ACCOUNTS], request[STAFF].email
    try:
        person = await asyncio.to_thread(accounts.add, email, role, by=by)
    except AccountError as error:
        form.refuse("adresse", str(error))
        return await _list_page(request, form, email, status=400)
    return await _link_page(request, person)


@routes.get("/agents/comptes/{id}", allow_head=False)
@staff_only(PUBLISHER)
async def get_account(request: web.Request) -> web.Response:
    """One account, and what can be done with it."""
    return await _account_page(request, Form([]))


@routes.post("/agents/comptes/{id}/role")
@staff_only(PUBLISHER)
async def post_role(request: web.Request) -> web.Response:
    """Give another role."""
    form = await read_form(request)
    accounts, role, reason = request.app[ACCOUNTS], form.text("role"), form.reason()
    return await _change(
        request, form, lambda number, by: accounts.set_role(number, role, by=by, reason=reason), "role"
    )


@routes.post("/agents/comptes/{id}/etat")
@staff_only(PUBLISHER)
async def post_state(request: web.Request) -> web.Response:
    """Close an account, or open it again."""
    form = await read_form(request)
    accounts, closing, reason = request.app[ACCOUNTS], form.raw("etat") == "ferme", form.reason("motif_etat")
    return await _change(
        request,
        form,
        lambda number, by: accounts.set_disabled(number, closing, by=by, reason=reason),
        "ferme" if closing else "ouvert",
    )


@routes.post("/agents/comptes/{id}/lien")
@staff_only(PUBLISHER)
async def post_link(request: web.Request) -> web.Response:
    """Make a link that lets the person choose another password."""
    await read_form(request)
    return await _link_page(request, await _person(request))


@routes.post("/agents/comptes/{id}/deconnexion")
@staff_only(PUBLISHER)
async def post_sign_out(request: web.Request) -> web.Response:
    """Sign a person out everywhere."""
    await read_form(request)
    person = await _person(request)
    await asyncio.to_thread(request.app[STAFF_SESSIONS].close_all, person.id)
    by = request[STAFF].email
    await asyncio.to_thread(request.app[JOURNAL].note, by, "Compte déconnecté partout", person.email)
    return go(f"/agents/comptes/{person.id}", "deconnecte")


@routes.get("/agents/compte", allow_head=False)
@staff_only()
async def get_mine(request: web.Request) -> web.Response:
    """One's own account."""
    return _mine_page(request, Form([]))


@routes.post("/agents/compte")
@staff_only()
async def post_mine(request: web.Request) -> web.Response:
    """Change one's own password; this browser stays signed in, the others do not."""
    form = await read_form(request)
    me: Staff = request[STAFF]
    await check_rate(request, me.email)
    accounts, password = request.app[ACCOUNTS], form.raw("motdepasse")
    if await asyncio.to_thread(accounts.check, me.email, form.raw("actuel")[:LONGEST]) is None:
        form.refuse("actuel", "Ce n’est pas votre mot de passe actuel.")
    if password != form.raw("encore"):
        form.refuse("encore", texts.PASSWORDS_DIFFER)
    if not form.errors:
        try:
            await asyncio.to_thread(accounts.save, me.email, password, None, by=me.email)
        except AccountError as error:
            form.refuse("motdepasse", str(error))
    if form.errors:
        return _mine_page(request, form, status=400)
    response = go("/agents/compte", "motdepasse")
    set_cookie(request, response, await asyncio.to_thread(request.app[STAFF_SESSIONS].open, me.id))
    return response


async def _change(request: web.Request, form: Form, change: Callable[[int, str], None], done: str) -> web.Response:
    """Do one change of an account, or show its page with what is wrong."""
    person = await _person(request)
    if not form.errors:
        try:
            await asyncio.to_thread(change, person.id, request[STAFF].email)
        except AccountError as error:
            form.refuse("compte", str(error))
    if form.errors:
        return await _account_page(request, form, status=400)
    return go(f"/agents/comptes/{person.id}", done)


async def _person(request: web.Request) -> Staff:
    number = read_number(request.match_info["id"])
    person = await asyncio.to_thread(request.app[ACCOUNTS].find, number)
    if person is None:
        raise ApiError("not_found")
    return person


async def _list_page(request: web.Request, form: Form, email: str = "", status: int = 200) -> web.Response:
    people = await asyncio.to_thread(request.app[ACCOUNTS].everyone)
    context = {"people": people, "errors": form.errors, "email": email, "role": form.raw("role")}
    return render(request, "accounts.html", context, status=status)


async def _account_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    context = {"person": await _person(request), "errors": form.errors}
    return render(request, "account.html", context, status=status, notices=NOTICES)


async def _link_page(request: web.Request, person: Staff) -> web.Response:
    form = Form([])
    try:
        token = await asyncio.to_thread(request.app[ACCOUNTS].make_link, person.id, by=request[STAFF].email)
    except AccountError as error:
        form.refuse("compte", str(error))
        return await _account_page(request, form, status=400)
    link = _origin(request) + NEW_PASSWORD.format(token=token)
    return render(request, "account_link.html", {"person": person, "link": link})


def _mine_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    context: dict[str, Any] = {"errors": form.errors, "shortest": SHORTEST}
    return render(request, "my_account.html", context, status=status, notices=NOTICES)


def _origin(request: web.Request) -> str:
    # What the browser sees, which behind a proxy is not what this process sees; checked by same_origin_only.
    origin = request.headers.get("Origin", "null")
    return str(request.url.origin()) if origin == "null" else origin
