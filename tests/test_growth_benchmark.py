"""What the measures of endurance and growth are made of: slopes, copies, promises."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gateway_case import DATA_KEY
from gateway_case import write_project as write_gateway_project

from benchmarks import content, endurance, growth
from benchmarks.big_content import QUESTIONS, count_content, make_names, write_project
from benchmarks.curves import Curve, Panel, draw_panels
from benchmarks.endurance import MB, Look, Traffic
from benchmarks.errors import BenchmarkError
from benchmarks.growth import Stored, count_rows, fill
from benchmarks.machine import Machine
from gateway.database import Database
from gateway.store import Store, StoredChoice, StoredReply, Turn

MACHINE = Machine(2, 4 * 10**9, "AMD EPYC", "Linux x86_64", "3.11.7", 0.1)
TODAY = date(2026, 1, 31)
EVENTS = """CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR NOT NULL, type_name VARCHAR NOT NULL,
timestamp FLOAT, intent_name VARCHAR, action_name VARCHAR, data TEXT)"""


# --- Endurance -------------------------------------------------------------------------------------------


def endure(gateway: float, worker: float, *, lost: int = 0) -> endurance.Measures:
    """Memory that rises fast at first, then by these MB a thousand messages."""
    looks = [
        Look(messages, {"gateway": int((100 + gateway * messages / 1000) * MB), "worker": int(
            (500 + min(messages, 3000) / 100 + worker * messages / 1000) * MB)})
        for messages in range(0, 10_001, 100)
    ]  # fmt: skip
    return endurance.Measures(Traffic(answered=10_000, lost=lost, looks=looks), elapsed=200.0)


def test_the_slope_is_that_of_what_comes_once_the_caches_are_full() -> None:
    measures = endure(0.2, 0.7)
    assert measures.growth("gateway") == pytest.approx(0.2, abs=0.01)
    assert measures.growth("worker") == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize(
    ("measures", "is_kept"),
    [
        pytest.param(endure(0.0, 0.9), True, id="kept"),
        pytest.param(endure(-0.1, 0.0), True, id="given-back"),
        pytest.param(endure(0.0, 1.1), False, id="the-worker-grows"),
        pytest.param(endure(1.1, 0.0), False, id="the-gateway-grows"),
        pytest.param(endure(0.0, 0.0, lost=1), False, id="a-message-was-lost"),
    ],
)
def test_what_is_promised_of_memory(measures: endurance.Measures, is_kept: bool) -> None:
    assert measures.is_kept is is_kept
    section = endurance.render_section(measures, MACHINE, TODAY, 10_000)
    assert "10,0 journées de huit heures" in section
    assert "python -m benchmarks.endurance --messages 10000" in section


def test_too_few_messages_make_no_slope() -> None:
    measures = endurance.Measures(Traffic(looks=[Look(3, {"gateway": 1, "worker": 1})]), 1.0)
    with pytest.raises(BenchmarkError, match="--messages"):
        measures.growth("worker")


def test_the_picture_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    panels = [endurance.as_panel(endure(0.2, 0.7)), Panel("Un", "x", "y", [Curve("a", [(1, 2), (3, 4)])])]
    for name in ("one.svg", "two.svg"):
        draw_panels(tmp_path / name, panels)
    drawn = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert drawn == (tmp_path / "two.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert "Mémoire, message après message" in drawn


# --- Growth ----------------------------------------------------------------------------------------------


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A service that has kept two conversations of one exchange, and one of two."""
    database = Database(f"sqlite:///{tmp_path}/app.db", DATA_KEY)
    database.prepare()
    store = Store(database)
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as tracker, tracker:
        tracker.execute(EVENTS)
        for name, length in (("a", 1), ("b", 1), ("c", 2)):
            for number in range(length):
                choices = tuple(StoredChoice(f"{name}{number}{place}", f"choix {place}", "/x") for place in range(3))
                reply = StoredReply(f"r{name}{number}", {"text": f"réponse à {name}"}, choices)
                store.save_turn(name, TODAY, Turn(None, "f", f"question {name}", "r1", (reply,)), on=TODAY)
            for event in ("action", "user", "bot"):
                tracker.execute(
                    "INSERT INTO events (sender_id, type_name, timestamp) VALUES (?, ?, 1e9)", (name, event)
                )
    database.close()
    return tmp_path


def test_copies_are_whole_conversations_of_the_last_thirty_days(var: Path) -> None:
    assert sum(fill(var, 2003, TODAY)) == 2000
    held = count_rows(var)
    assert (held.conversations, held.events) == (2003, 6009)
    with closing(sqlite3.connect(var / "app.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT count(*) FROM turns").fetchone() == (2004,)
        assert db.execute("SELECT count(*) FROM choices").fetchone() == (2004 * 3,)
        days = [date.fromisoformat(row[0]) for row in db.execute("SELECT DISTINCT began_on FROM sessions")]
        names = [row[0] for row in db.execute("SELECT id FROM sessions WHERE length(id) = 32")]
    assert (len(days), max(days), min(days)) == (30, TODAY, TODAY - timedelta(days=29))
    store = Store(Database(f"sqlite:///{var}/app.db", DATA_KEY))
    [turn] = store.history(names[0])
    assert turn.message in ("question a", "question b")
    assert [choice.label for choice in turn.replies[0].choices] == ["choix 0", "choix 1", "choix 2"]
    with closing(sqlite3.connect(var / "tracker.db")) as db:
        counts = db.execute("SELECT count(*) FROM events GROUP BY sender_id").fetchall()
    assert set(counts) == {(3,)}


def test_without_a_conversation_there_is_nothing_to_copy(var: Path) -> None:
    with closing(sqlite3.connect(var / "app.db")) as db, db:
        db.execute("DELETE FROM turns")
    with pytest.raises(BenchmarkError):
        list(fill(var, 10, TODAY))


@pytest.mark.parametrize(("large", "is_kept"), [(119, True), (121, False)])
def test_what_is_promised_of_many_conversations(large: int, is_kept: bool) -> None:
    held = Stored(100_000, 1_000_000, 700_000, 10**9)
    measures = growth.Measures([0.1] * 9, [large / 1000] * 9, held, held, (5.0, 6.0), 3000, 2.0, [0.2])
    assert measures.is_kept is is_kept
    section = growth.render_section(measures, MACHINE, TODAY, 100_000)
    assert f"**1,{large - 100} ×**" in section
    assert ("**non**" not in section) is is_kept


# --- Contents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fiches", "subjects"), [(0, 0), (12, 5)], ids=["as-it-is", "bigger"])
def test_a_content_has_as_many_fiches_and_subjects_as_are_asked_for(tmp_path: Path, fiches: int, subjects: int) -> None:
    own = count_content(write_gateway_project(tmp_path / "project") / "data")
    write_project(tmp_path / "project", tmp_path / "made", fiches, subjects)
    made = count_content(tmp_path / "made" / "data")
    assert made.fiches == max(own.fiches, fiches)
    assert made.subjects == max(own.subjects, subjects)
    assert made.examples == own.examples + len(QUESTIONS) * (made.subjects - own.subjects)
    assert (tmp_path / "made" / "config.yml").is_file()


def test_names_are_drawn_the_same_way_and_never_twice() -> None:
    names = list(islice(make_names(), 3000))
    assert len(set(names)) == len(names)
    assert names == list(islice(make_names(), 3000))
    assert all(len(name.split()) == 3 for name in names)


def test_each_cost_is_drawn_by_the_number_of_fiches() -> None:
    measures = [content.Measures(n, 50, 2000, n / 10, 5.0, n * 1000, 0.01, 0.02) for n in (100, 1000)]
    panels = content.as_panels(measures)
    assert [panel.curves[0].points for panel in panels[:2]] == [[(100, 10.0), (1000, 100.0)], [(100, 5.0), (1000, 5.0)]]
    assert "| 1000 | 50 | 2000 | 100,0 s | 5,0 s | 1 Mo | 10,0 ms | 20,0 ms |" in content.render_section(
        measures, MACHINE, TODAY
    )
