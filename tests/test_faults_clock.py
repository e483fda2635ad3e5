"""The clock of the machine leaps, forward or back: nothing is erased for it, and nobody is locked out."""

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from gateway_case import Clock
from program_case import Run

from gateway import texts
from gateway.agents.accounts import Accounts
from gateway.agents.staff_sessions import StaffSessions
from gateway.clock import DAY, ClockGuard
from gateway.database import Database
from gateway.outbox import Outbox
from gateway.resident_requests import ResidentRequest, insert_request

pytest_plugins = ["gateway_fixtures", "program_fixtures"]

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
HOUR = 3600.0
YEAR = 365 * DAY


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([(0, True), (HOUR, True), (HOUR, True), (DAY, True)], id="nothing-happens"),
        pytest.param([(0, True), (10 * YEAR, False), (HOUR, False), (23 * HOUR, True)], id="forward-for-good"),
        pytest.param([(0, True), (10 * YEAR, False), (HOUR, False), (-10 * YEAR, True)], id="forward-then-right"),
        pytest.param([(0, True), (-10 * YEAR, False), (HOUR, False), (10 * YEAR, True)], id="back-then-right"),
        pytest.param([(0, True), (-10 * YEAR, False), (25 * HOUR, True), (10 * YEAR, False)], id="back-too-long"),
        pytest.param([(0, True), (YEAR, False), (23 * HOUR, False), (YEAR, False), (2 * HOUR, False)], id="twice"),
        pytest.param([(0, True), (40 * DAY, False), (DAY, True), (DAY, True)], id="stopped-for-weeks"),
        pytest.param([(0, True), (1.5 * DAY, True)], id="a-night-off"),
    ],
)
def test_what_erases_believes_the_clock_when_it_has_held(
    tmp_path: Path, clock: Clock, steps: list[tuple[float, bool]]
) -> None:
    clock.now = datetime(2026, 11, 27, tzinfo=UTC).timestamp()
    believed = []
    for step, _ in steps:
        clock.now += step
        # A new one each time: a restart changes nothing.
        believed.append(ClockGuard(tmp_path, clock).trust())
    assert believed == [expected for _, expected in steps]


def test_a_leap_is_said_once(tmp_path: Path, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 27, tzinfo=UTC).timestamp()
    said: list[str] = []
    guard = ClockGuard(tmp_path, clock, said.append)
    for step in (0.0, YEAR, HOUR, HOUR):
        clock.now += step
        guard.trust()
    assert said == [texts.clock_leapt(date(2026, 11, 27), date(2027, 11, 27))]


def test_a_clock_that_cannot_be_noted_is_not_believed(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(OSError, match="No such file"):
        ClockGuard(tmp_path / "nowhere", clock).trust()


def test_a_clock_put_back_leaves_no_staff_session_open_for_years(database: Database, clock: Clock) -> None:
    clock.now = 10 * YEAR
    person = Accounts(database).save("zoe@ville.example", "un mot de passe assez long", "lecture", by="essai")
    sessions = StaffSessions(database, clock)
    token = sessions.open(person.id)
    assert sessions.read(token) == person.id
    clock.now -= YEAR
    assert sessions.read(token) is None
    assert sessions.read(sessions.open(person.id)) == person.id


def test_a_clock_put_back_delays_no_mail_for_years(database: Database, clock: Clock) -> None:
    clock.now = 10 * YEAR
    with database.writing() as db:
        insert_request(db, ResidentRequest("message", "ABCD-EFGH", {}), date(2026, 11, 27))
    outbox = Outbox(database, clock)
    assert outbox.claim("ABCD-EFGH")
    assert not outbox.claim("ABCD-EFGH")
    clock.now -= YEAR
    assert outbox.due() == ["ABCD-EFGH"]
    assert outbox.claim("ABCD-EFGH")
    assert not outbox.claim("ABCD-EFGH")


def count(var: Path) -> dict[str, int]:
    """How much is kept."""
    with closing(sqlite3.connect(var / "app.db")) as db:
        tables = ("sessions", "turns", "requests", "journal")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def oldest_and_newest(var: Path) -> list[str]:
    """The first and the last day of the conversations."""
    with closing(sqlite3.connect(var / "app.db")) as db:
        return list(db.execute("SELECT min(began_on), max(began_on) FROM sessions").fetchone())


def leap(days: int) -> dict[str, str]:
    """The environment of a program for which the date is another one."""
    # Only the date: what waits for so many seconds waits for as long as ever.
    steady = {"DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"{days:+d}d", **steady}


@pytest.mark.skipif(
    not FAKETIME.exists() and os.environ.get("CI") != "true", reason="Debian's libfaketime is not installed"
)
@pytest.mark.parametrize("days", [pytest.param(3650, id="forward"), pytest.param(-3650, id="back")])
def test_the_clock_of_the_machine_leaps_while_it_is_stopped_and_comes_back(run: Run, tmp_path: Path, days: int) -> None:
    var = tmp_path / "var"
    today = datetime.now(UTC).date()
    program = run()
    session = program.post({"message": "avant"})[1]["session"]
    assert program.chat("demande") == 200
    program.stop()
    before = count(var)

    wrong = run(**leap(days))
    wrong.wait_for(texts.clock_leapt(today, today + timedelta(days=days)))
    # Nobody is locked out: a new conversation begins and goes on, the limits let it through.
    status, answer = wrong.post({"message": "pendant"})
    assert status == 200
    assert wrong.post({"message": "encore", "session": answer["session"]})[0] == 200
    assert wrong.get("/readyz")[0] == 200
    wrong.stop()
    during = count(var)
    assert during == before | {"sessions": before["sessions"] + 1, "turns": before["turns"] + 2}

    right = run()
    assert [turn["message"] for turn in right.history(session)] == ["avant"]
    # What the wrong clock dated after today is dated today, and will be erased in its time; what it dated ten years
    # ago is past its retention, and that alone is erased.
    deadline = time.monotonic() + 20
    while oldest_and_newest(var) != [today.isoformat(), today.isoformat()]:
        assert time.monotonic() < deadline, oldest_and_newest(var)
        time.sleep(0.05)
    assert right.chat("après") == 200
    right.stop()
    after = count(var)
    print(f"\nbefore {before}, during {during}, after {after}")
    assert after["sessions"] == (during if days > 0 else before)["sessions"] + 1
    assert after["requests"] == before["requests"]
