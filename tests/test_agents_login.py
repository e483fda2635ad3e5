"""Signing in to the console: passwords, sessions that end, links that work once, and the command line."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agents_case import PASSWORD, Enter, Person, email_of
from gateway_case import Clock, Gateway, sqlite_only

from gateway.agents import accounts as accounts_module
from gateway.agents import login_limits, staff_sessions, texts
from gateway.agents.access import COOKIE, LOGIN
from gateway.agents.accounts import AccountError, Accounts
from gateway.agents.keys import ACCOUNTS, STAFF_SESSIONS
from gateway.agents.passwords import hash_password, verify_password
from gateway.agents.staff_sessions import StaffSessions
from gateway.database import Database

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

PROJECT = Path(__file__).parents[1]
ReadTable = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
def sessions(database: Database, clock: Clock) -> StaffSessions:
    return StaffSessions(database, clock)


# --- Passwords -------------------------------------------------------------------------------------------


async def test_the_right_password_signs_in(enter: Enter) -> None:
    chloe = await enter("chloe")
    assert "chloe@ville.example" in await chloe.get("/agents/journal")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param(email_of("chloe"), "un essai au hasard", id="wrong-password"),
        pytest.param(email_of("personne"), PASSWORD, id="unknown-address"),
        pytest.param(email_of("bob"), PASSWORD, id="closed-account"),
        pytest.param(email_of("zoe"), "", id="no-password-chosen"),
        pytest.param("", "", id="nothing"),
    ],
)
async def test_every_refusal_is_the_same(enter: Enter, gateway: Gateway, email: str, password: str) -> None:
    await enter("chloe")
    bob = await enter("bob")
    known = gateway.client.app[ACCOUNTS]
    known.save(email_of("alice"), PASSWORD, "publication", by="essais")
    known.set_disabled(bob.staff.id, True, by="essais", reason="essai")
    known.add(email_of("zoe"), "lecture", by="essais")
    outsider = await enter()
    page = await outsider.post("/agents/connexion", {"adresse": email, "motdepasse": password}, 400)
    assert texts.WRONG_LOGIN in page
    assert password == "" or password not in page
    assert COOKIE not in {cookie.key for cookie in outsider.browser.cookie_jar}


def test_an_unknown_address_takes_as_long_as_a_wrong_password() -> None:
    kept = hash_password(PASSWORD)

    def spent(kept: str | None) -> float:
        began = time.process_time()
        assert not verify_password("autre mot de passe", kept)
        return time.process_time() - began

    known = sorted(spent(kept) for _ in range(5))[2]
    unknown = sorted(spent(None) for _ in range(5))[2]
    assert known / 2 < unknown < known * 2


def test_the_same_accent_typed_in_two_ways_is_one_password() -> None:
    assert verify_password("e\u0301te\u0301 comme hiver", hash_password("été comme hiver"))


@pytest.mark.parametrize(
    ("password", "advice"),
    [
        pytest.param("court", "trop court", id="short"),
        pytest.param("x" * 201, "trop long", id="long"),
        pytest.param("121212121212", "trop facilement", id="poor"),
        pytest.param("alice@ville.example", "trop facilement", id="address"),
    ],
)
def test_a_weak_password_is_refused(accounts: Accounts, password: str, advice: str) -> None:
    with pytest.raises(AccountError, match=advice):
        accounts.save(email_of("alice"), password, "publication", by="essais")
    assert accounts.is_empty()


@sqlite_only
def test_only_a_hash_of_a_password_is_kept(accounts: Accounts, database: Database, tmp_path: Path) -> None:
    accounts.save(email_of("alice"), PASSWORD, "publication", by="essais")
    database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


async def test_tries_on_one_account_have_to_wait(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    outsider = await enter()
    wrong = {"adresse": email_of("alice"), "motdepasse": "faux"}
    for _ in range(login_limits.PER_ACCOUNT):
        await outsider.post("/agents/connexion", wrong, 400)
    response = await outsider.send("POST", "/agents/connexion", data=wrong)
    assert response.status == 429
    assert int(response.headers["Retry-After"]) <= login_limits.PERIOD
    await outsider.post("/agents/connexion", {**wrong, "adresse": email_of("bob")}, 400)


async def test_tries_from_one_address_have_to_wait(enter: Enter) -> None:
    outsider = await enter()
    for number in range(login_limits.PER_ADDRESS):
        await outsider.post("/agents/connexion", {"adresse": f"a{number}@b.example", "motdepasse": ""}, 400)
    await outsider.post("/agents/connexion", {"adresse": "z@b.example", "motdepasse": ""}, 429)
    await outsider.get("/agents/premier-acces/essai", 429)


# --- Sessions --------------------------------------------------------------------------------------------


async def sign_in(person: Person, **headers: str) -> str:
    """The Set-Cookie header of a sign-in."""
    form = {"adresse": person.staff.email, "motdepasse": PASSWORD}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (await person.send("POST", "/agents/connexion", data=form, headers=named)).headers["Set-Cookie"]


async def test_the_cookie_is_for_this_console_only(chloe: Person) -> None:
    cookie = await sign_in(chloe)
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/agents" in cookie
    assert "Secure" not in cookie
    host = f"{chloe.gateway.client.host}:{chloe.gateway.client.port}"
    assert "Secure" in await sign_in(chloe, Origin=f"https://{host}")


async def test_signing_in_again_renews_the_session(chloe: Person, read_table: ReadTable) -> None:
    before = read_table("staff_sessions")
    await sign_in(chloe)
    after = read_table("staff_sessions")
    assert len(before) == len(after) == 1
    assert before[0]["token_hash"] != after[0]["token_hash"]


async def test_a_session_chosen_by_somebody_else_is_worth_nothing(enter: Enter, gateway: Gateway) -> None:
    outsider = await enter()
    await outsider.get("/agents/journal", 303, headers={"Cookie": f"{COOKIE}=choisi"})
    chloe = await enter("chloe")
    outsider.browser.cookie_jar.update_cookies({COOKIE: "choisi"}, gateway.client.make_url("/agents/"))
    await outsider.sign_in(chloe.staff.email)
    assert gateway.client.app[STAFF_SESSIONS].read("choisi") is None


async def test_signing_out_ends_the_session_of_this_browser(enter: Enter) -> None:
    here, there = await enter("chloe"), await enter()
    await there.sign_in(here.staff.email)
    assert (await here.post("/agents/deconnexion")).startswith(LOGIN)
    await here.get("/agents/journal", 303)
    await there.get("/agents/journal")


async def test_signing_out_everywhere(enter: Enter, notes: Callable[[], list[Any]]) -> None:
    here, there = await enter("chloe"), await enter()
    await there.sign_in(here.staff.email)
    await here.post("/agents/deconnexion", {"partout": "oui"})
    await there.get("/agents/journal", 303)
    assert notes()[0][:2] == (here.staff.email, "Déconnexion partout")


async def test_a_closed_account_and_a_changed_role_count_at_once(enter: Enter, gateway: Gateway) -> None:
    await enter("alice")
    bob = await enter("bob")
    known = gateway.client.app[ACCOUNTS]
    known.set_role(bob.staff.id, "lecture", by="essais", reason="essai")
    assert "<small>lecture</small>" in await bob.get("/agents/journal")
    known.set_disabled(bob.staff.id, True, by="essais", reason="essai")
    await bob.get("/agents/journal", 303)


def test_a_session_ends_when_nothing_happens(accounts: Accounts, sessions: StaffSessions, clock: Clock) -> None:
    person = accounts.save(email_of("alice"), PASSWORD, "publication", by="essais")
    token = sessions.open(person.id)
    clock.now += staff_sessions.IDLE_LIMIT - 1
    assert sessions.read(token) == person.id
    clock.now += staff_sessions.IDLE_LIMIT - 1
    assert sessions.read(token) == person.id
    clock.now += staff_sessions.IDLE_LIMIT
    assert sessions.read(token) is None


def test_a_session_ends_after_a_day_of_work(accounts: Accounts, sessions: StaffSessions, clock: Clock) -> None:
    person = accounts.save(email_of("alice"), PASSWORD, "publication", by="essais")
    token = sessions.open(person.id)
    began = clock.now
    while clock.now - began + 3600 < staff_sessions.WHOLE_LIMIT:
        clock.now += 3600
        assert sessions.read(token) == person.id
    clock.now += 3600
    assert sessions.read(token) is None


# --- Links -----------------------------------------------------------------------------------------------


async def test_the_first_access_makes_the_first_account(enter: Enter, gateway: Gateway) -> None:
    token = gateway.client.app[ACCOUNTS].make_first_link()
    outsider = await enter()
    where = f"/agents/premier-acces/{token}"
    await outsider.get(where)
    form = {"adresse": "Alice@Ville.example", "motdepasse": PASSWORD, "encore": PASSWORD}
    assert texts.PASSWORDS_DIFFER in await outsider.post(where, {**form, "encore": "autre"}, 400)
    assert "trop court" in await outsider.post(where, {**form, "motdepasse": "a", "encore": "a"}, 400)
    assert "adresse électronique complète" in await outsider.post(where, {**form, "adresse": "alice"}, 400)
    assert await outsider.post(where, form) == "/agents/"
    assert "alice@ville.example</a> <small>publication</small>" in await outsider.get("/agents/journal")
    await outsider.get(where, 404)
    await (await enter()).post(where, {**form, "adresse": "intrus@ville.example"}, 404)


async def test_a_made_up_link_opens_nothing(outsider: Person) -> None:
    form = {"adresse": "a@ville.example", "motdepasse": PASSWORD, "encore": PASSWORD}
    for where in ("/agents/premier-acces/essai", "/agents/mot-de-passe/essai"):
        await outsider.get(where, 404)
        await outsider.post(where, form, 404)


def test_only_the_last_first_link_works(accounts: Accounts) -> None:
    former, last = accounts.make_first_link(), accounts.make_first_link()
    assert not accounts.knows_link(former, first=True)
    assert accounts.knows_link(last, first=True)
    assert not accounts.knows_link(last, first=False)


def test_the_first_link_is_worth_nothing_once_there_is_an_account(accounts: Accounts) -> None:
    token = accounts.make_first_link()
    accounts.save(email_of("alice"), PASSWORD, "publication", by="essais")
    assert accounts.begin(token, email_of("intrus"), PASSWORD) is None


def test_a_link_expires(accounts: Accounts, clock: Clock) -> None:
    token = accounts.make_first_link()
    clock.now += accounts_module.LINK_LIFETIME
    assert not accounts.knows_link(token, first=True)
    assert accounts.begin(token, email_of("alice"), PASSWORD) is None


@sqlite_only
def test_only_the_hash_of_a_link_is_kept(accounts: Accounts, database: Database, tmp_path: Path) -> None:
    token = accounts.make_first_link()
    database.close()
    assert token.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


async def test_a_link_lets_somebody_choose_another_password(enter: Enter, gateway: Gateway) -> None:
    bob = await enter("bob")
    token = gateway.client.app[ACCOUNTS].make_link(bob.staff.id, by="essais")
    other = await enter()
    form = {"motdepasse": "tout autre chose ici", "encore": "tout autre chose ici"}
    assert await other.post(f"/agents/mot-de-passe/{token}", form) == "/agents/"
    await bob.get("/agents/journal", 303)
    await bob.sign_in(bob.staff.email, "tout autre chose ici")
    await other.post(f"/agents/mot-de-passe/{token}", form, 404)


# --- The command line ------------------------------------------------------------------------------------


def add_staff(tmp_path: Path, *arguments: str, password: str = PASSWORD) -> tuple[int, str]:
    """Run `python -m gateway add-staff`; returns the exit code and what was printed."""
    command = [sys.executable, "-m", "gateway", "add-staff", *arguments]
    environ = {"ALLO_VAR": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        command, cwd=PROJECT, env=environ, input=f"{password}\n", capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@sqlite_only
def test_a_command_adds_an_account_and_changes_it(tmp_path: Path, accounts: Accounts) -> None:
    code, said = add_staff(tmp_path, "Alice@ville.example", "--role", "publication")
    assert (code, said) == (0, "Le compte « alice@ville.example » est enregistré, rôle « publication ».")
    assert accounts.check(email_of("alice"), PASSWORD)
    code, _ = add_staff(tmp_path, "alice@ville.example", password="un autre mot de passe")
    assert code == 0
    assert accounts.check(email_of("alice"), PASSWORD) is None
    assert accounts.check(email_of("alice"), "un autre mot de passe")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["alice", "--role", "lecture"], "adresse électronique complète", id="no-address"),
        pytest.param(["alice@ville.example"], "Choisissez un rôle", id="no-role"),
        pytest.param(["alice@ville.example", "--role", "roi"], "Usage", id="unknown-role"),
        pytest.param([], "Usage", id="nothing"),
    ],
)
def test_a_wrong_command_says_what_to_do(tmp_path: Path, arguments: list[str], said: str) -> None:
    code, printed = add_staff(tmp_path, *arguments)
    assert code == 1
    assert said in printed
    assert not re.search("Traceback|argparse", printed)


def test_one_publisher_always_stays(accounts: Accounts) -> None:
    alice = accounts.save(email_of("alice"), PASSWORD, "publication", by="essais")
    accounts.save(email_of("bob"), PASSWORD, "rédaction", by="essais")
    with pytest.raises(AccountError, match="au moins un compte"):
        accounts.set_role(alice.id, "rédaction", by="essais", reason="essai")
    with pytest.raises(AccountError, match="au moins un compte"):
        accounts.set_disabled(alice.id, True, by="essais", reason="essai")
    assert [person.role for person in accounts.everyone() if not person.disabled] == ["publication", "rédaction"]
