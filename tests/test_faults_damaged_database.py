"""A database file that the disk spoiled: the next start sets it aside, takes back what it can, and says what it did."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from program_case import Program, Run

from gateway import texts
from gateway.recovery import ASIDE, ASIDE_DAYS, DONE, is_damaged, purge_aside

pytest_plugins = ["gateway_fixtures", "program_fixtures"]

PAGE = 4096
Spoil = Callable[[Path], None]


def fill(program: Program, count: int = 24) -> list[str]:
    """Conversations of one long message each, and one request; returns their tokens."""
    sessions = []
    for number in range(count):
        status, answer = program.post({"message": f"question numéro {number} " + "long " * 80})
        assert status == 200
        sessions.append(str(answer["session"]))
    status, answer = program.post({"message": "demande"})
    assert status == 200
    return [*sessions, str(answer["session"])]


def read(path: Path, table: str) -> list[Any]:
    """A whole table."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(f"SELECT * FROM {table}").fetchall()


def spoil_pages_of(table: str, share: float) -> Spoil:
    """Overwrite some pages in the middle of a table, as a bad sector does."""

    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = db.execute("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'", [table]).fetchall()
        pages = [number for (number,) in found]
        bad = pages[len(pages) // 2 :][: max(1, int(len(pages) * share))]
        with path.open("r+b") as file:
            for number in bad:
                file.seek((number - 1) * PAGE)
                file.write(os.urandom(PAGE))

    return spoil


def cut_short(path: Path) -> None:
    """Lose the last tenth of a file."""
    os.truncate(path, path.stat().st_size * 9 // 10 // PAGE * PAGE)


def overwrite(path: Path) -> None:
    """Nothing of it is left."""
    path.write_bytes(os.urandom(path.stat().st_size))


def aside(var: Path, name: str) -> Path:
    """The damaged file, where it was set aside."""
    (found,) = var.glob(f"{ASIDE}*/{name}")
    return found


@pytest.mark.parametrize(
    ("spoil", "least"),
    [
        pytest.param(spoil_pages_of("turns", 0.2), 15, id="some-pages"),
        pytest.param(cut_short, 1, id="cut-short"),
        pytest.param(overwrite, 0, id="all-of-it"),
    ],
)
def test_the_application_database(run: Run, tmp_path: Path, spoil: Spoil, least: int) -> None:
    var = tmp_path / "var"
    program = run()
    sessions = fill(program)
    before = len(read(var / "app.db", "turns"))
    program.stop()
    spoil(var / "app.db")
    assert is_damaged(var / "app.db")
    again = run()
    again.wait_ready()
    # It answers and keeps; what could be read is there, whole, and the damaged file is kept aside.
    assert again.chat("de retour") == 200
    after = len(read(var / "app.db", "turns")) - 1
    kept = [session for session in sessions if again.history(session)]
    assert least <= len(kept) == after < before
    assert not is_damaged(var / "app.db")
    assert aside(var, "app.db").exists()
    with closing(sqlite3.connect(var / "app.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        noted = db.execute("SELECT who, target FROM journal WHERE who = 'service'").fetchall()
    assert noted == [("service", "app.db")]
    # And it is said in one line, with what was counted.
    (line,) = [line for line in again.terminal.splitlines() if "abîmée" in line]
    assert f"« {aside(var, 'app.db').parent} »" in line
    assert "restore" in line
    print(f"\nturns: {before} before, {after} after; {line}")


def test_a_request_outlives_the_pages_of_the_conversations(run: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    program = run()
    fill(program)
    before = read(var / "app.db", "requests")
    program.stop()
    spoil_pages_of("replies", 1.0)(var / "app.db")
    run().wait_ready()
    assert read(var / "app.db", "requests") == before
    assert len(before) == 1


def test_what_a_start_that_was_cut_did_not_take_back_is_taken_back_by_the_next_one(run: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    program = run()
    sessions = fill(program, 3)
    program.stop()
    # As left by a power cut right after the file was set aside.
    folder = var / f"{ASIDE}20261127-120000"
    folder.mkdir()
    os.replace(var / "app.db", folder / "app.db")
    again = run()
    again.wait_ready()
    assert [len(again.history(session)) for session in sessions] == [1, 1, 1, 1]
    assert (folder / DONE).exists()


def test_the_tracker_database(run: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    program = run()
    session = fill(program, 1)[0]
    program.stop()
    (var / "tracker.db").write_bytes(os.urandom(3 * PAGE))
    again = run()
    again.wait_ready()
    assert len(again.history(session)) == 1
    assert again.chat("de retour") == 200
    damaged = aside(var, "tracker.db")
    assert texts.tracker_set_aside("tracker.db", damaged.parent) in again.terminal
    assert not (var / "tracker.db").exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(None, False, id="not-there"),
        pytest.param(b"", True, id="empty"),
        pytest.param(b"SQLite format 3\0" + b"\0" * 4080, True, id="header-alone"),
        pytest.param(b"autre chose" * 1000, True, id="something-else"),
    ],
)
def test_what_is_damaged(tmp_path: Path, content: bytes | None, expected: bool) -> None:
    if content is not None:
        (tmp_path / "app.db").write_bytes(content)
    assert is_damaged(tmp_path / "app.db") is expected


def test_a_database_that_is_locked_is_not_damaged(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE t (a)")
        db.execute("BEGIN EXCLUSIVE")
        assert not is_damaged(tmp_path / "app.db")


def test_a_whole_database_is_left_alone(run: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    program = run()
    sessions = fill(program, 2)
    program.stop()
    again = run()
    assert [len(again.history(session)) for session in sessions] == [1, 1, 1]
    assert list(var.glob(f"{ASIDE}*")) == []
    assert "abîm" not in again.terminal
    assert "coupure" not in again.terminal


def test_damaged_files_are_forgotten_in_their_turn(tmp_path: Path) -> None:
    for name, days in (("old", ASIDE_DAYS + 1), ("new", ASIDE_DAYS - 1)):
        folder = tmp_path / f"{ASIDE}{name}"
        folder.mkdir()
        (folder / "app.db").write_bytes(b"x")
        then = time.time() - days * 86400
        os.utime(folder, (then, then))
    assert purge_aside(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == [f"{ASIDE}new"]
