"""Who may do what in the console: every address of it, tried by everybody who should be refused."""

import re
from collections.abc import Callable

import pytest
from agents_case import PEOPLE, Enter, Person
from gateway_case import Gateway

from gateway.agents import texts
from gateway.agents.access import LOGIN, is_console, read_next
from gateway.agents.accounts import ROLES
from gateway.agents.screens import console_routes
from gateway.agents.source_screen import FORM_LIMIT

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

PARAMETER = re.compile(r"\{(\w+)(?::(\w+)[^}]*)?\}")


def fill(path: str) -> str:
    """A path with something in place of its parameters: one of the values that it allows, or « 1 »."""
    return PARAMETER.sub(lambda parameter: parameter[2] or "1", path)


# Methods, paths, and the role that is needed (None: nobody's).
ROUTES = [(route.method, fill(route.path), route.handler.staff_role) for route in console_routes()]
GUARDED = [(method, path, role) for method, path, role in ROUTES if role is not None]
WRITES = [(method, path, role) for method, path, role in ROUTES if method != "GET"]
# A file is sent there, and not fields: its own test says what is refused.
UPLOADS = ("/agents/tableur",)
FORMS = [route for route in WRITES if route[1] not in UPLOADS]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def statuses(person: Person, routes: list[tuple[str, str, str]], **more: object) -> dict[str, int]:
    """What each address answers to a person."""
    return {
        f"{method} {path}": (await person.send(method, path, **more)).status  # type: ignore[arg-type]
        for method, path, _ in routes
    }


def all_of(routes: list[tuple[str, str, str]], expected: Callable[[str], int]) -> dict[str, int]:
    """The statuses that are expected, by method."""
    return {f"{method} {path}": expected(method) for method, path, _ in routes}


def test_the_walk_sees_every_address(gateway: Gateway) -> None:
    registered = {
        (route.method, route.resource.canonical)
        for route in gateway.client.app.router.routes()
        if route.resource is not None and is_console(route.resource.canonical)
    }
    assert registered == {(route.method, PARAMETER.sub(r"{\1}", route.path)) for route in console_routes()}
    assert ("GET", "/agents/journal", "lecture") in ROUTES


async def test_who_is_not_signed_in_is_sent_to_the_login_page_or_refused(outsider: Person) -> None:
    found = await statuses(outsider, GUARDED)
    assert found == all_of(GUARDED, lambda method: 303 if method == "GET" else 401)
    assert await outsider.get("/agents/journal?page=2", 303) == f"{LOGIN}?suite=/agents/journal?page%3D2"
    response = await outsider.send("GET", "/agents/journal", headers={"Accept": "application/json"})
    assert (response.status, (await response.json())["error"]["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("name", [pytest.param(name, id=role) for name, role in PEOPLE.items()])
async def test_who_has_a_lower_role_is_refused(enter: Enter, name: str) -> None:
    person = await enter(name)
    above = [route for route in GUARDED if ROLES.index(route[2]) > ROLES.index(PEOPLE[name])]
    assert await statuses(person, above) == all_of(above, lambda _: 403)


async def test_who_has_the_role_is_let_in(alice: Person) -> None:
    reads = [route for route in GUARDED if route[0] == "GET"]
    found = await statuses(alice, reads)
    assert {name: status for name, status in found.items() if status not in (200, 303, 404)} == {}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="cross-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="same-site"),
        pytest.param({"Origin": "https://ailleurs.example"}, id="another-origin"),
        pytest.param({"Origin": "null"}, id="no-origin"),
    ],
)
async def test_another_site_writes_nothing(alice: Person, headers: dict[str, str]) -> None:
    assert await statuses(alice, WRITES, headers=headers) == all_of(WRITES, lambda _: 403)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_a_wrong_method_is_refused(alice: Person, method: str) -> None:
    routes = [(method, path, role) for _, path, role in ROUTES]
    assert await statuses(alice, routes) == all_of(routes, lambda _: 405)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"{}", {"Content-Type": "application/json"}, 415, id="another-type"),
        pytest.param(b"a=" + b"x" * FORM_LIMIT, FORM, 413, id="too-long"),
        pytest.param(b"&".join([b"a=1"] * 300), FORM, 400, id="too-many-fields"),
    ],
)
async def test_a_body_of_another_shape_is_refused(
    alice: Person, body: bytes, headers: dict[str, str], status: int
) -> None:
    found = await statuses(alice, FORMS, data=body, headers=headers)
    assert found == all_of(FORMS, lambda _: status)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe&%ff=%00&=", id="not-text"),
        pytest.param(b"motif=%00&id=-1&role=roi&page=99999999999999999999", id="nonsense"),
    ],
)
async def test_nonsense_never_breaks_anything(enter: Enter, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    alice = await enter("alice")
    for method, path, _ in WRITES:
        response = await alice.send(method, path, data=body, headers=FORM)
        assert response.status < 500, path
        if (await alice.send("GET", "/agents/journal")).status == 303:
            await alice.sign_in(alice.staff.email)
    assert "unexpected" not in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("?page=%00&qui=%00&etat=%FF&sorte=%00&jours=%00", id="not-text"),
        pytest.param("?page=-1&jours=99999999999&depuis=x&q=" + "x" * 2000, id="nonsense"),
    ],
)
async def test_nonsense_in_an_address_never_breaks_anything(
    alice: Person, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    reads = [(method, path + query, role) for method, path, role in ROUTES if method == "GET"]
    found = await statuses(alice, reads)
    assert {name: status for name, status in found.items() if status >= 500} == {}
    assert "unexpected" not in caplog.text


async def test_a_page_that_does_not_exist_says_so_in_the_console(alice: Person, outsider: Person) -> None:
    for person in (alice, outsider):
        assert texts.ERROR_TITLES[404] in await person.get("/agents/rien", 404)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        pytest.param("/agents/journal?page=2", "/agents/journal?page=2", id="inside"),
        pytest.param("", "/agents/", id="nothing"),
        pytest.param("https://ailleurs.example/agents/", "/agents/", id="elsewhere"),
        pytest.param("//ailleurs.example/agents/", "/agents/", id="without-scheme"),
        pytest.param("/\\ailleurs.example/agents/", "/agents/", id="backslash"),
        pytest.param("/agentsx", "/agents/", id="neighbour"),
        pytest.param("/agents/\r\nSet-Cookie: a=b", "/agents/", id="two-lines"),
        pytest.param("http://[", "/agents/", id="broken"),
    ],
)
def test_signing_in_leads_into_the_console_only(asked: str, given: str) -> None:
    assert read_next(asked) == given


async def test_every_page_of_the_console_is_protected(alice: Person) -> None:
    response = await alice.send("GET", "/agents/journal")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
