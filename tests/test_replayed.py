"""Which of residents' questions are asked again of a new release."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from gateway.agents import replayed
from gateway.agents.replayed import RetainedQuestions
from gateway.database import Database
from gateway.questions import groups, questions
from gateway.sessions import today
from gateway.store import Store
from training.changes import Question


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/app.db")
    # Questions belong to the turns of its tables.
    Store(database)
    database.prepare()
    return database


def keep(database: Database, text: str, answered: str | None = "caf", **decided: Any) -> str:
    """Keep a question, in a group of its own when something was decided; returns its id."""
    row = {"asked_on": today(), "release": "r1", "text": text, "language": "fr", "answered": answered}
    row |= {"kind": "answer", "subject": "ars", "confidence": 0.9, "candidates": [], "doubt": 0.1}
    group = {"text": text, "words": text, "subject": "ars", "importance": 1, "asked": 1, "score": 1, "note": ""}
    with database.writing() as db:
        if decided:
            made = db.execute(insert(groups).values(**group, last_on=today(), **decided))
            row["group_id"] = made.inserted_primary_key[0]
        return str(db.execute(insert(questions).values(**row)).inserted_primary_key[0])


@pytest.mark.parametrize(
    ("decided", "subject"),
    [
        pytest.param({}, None, id="not-decided"),
        pytest.param({"decision": "juste"}, "caf", id="right"),
        pytest.param({"decision": "sujet", "target": "mairie"}, "mairie", id="another-subject"),
        pytest.param({"decision": "hors_sujet"}, "hors_sujet", id="off-topic"),
        pytest.param({"decision": "ecarte"}, None, id="set-aside"),
        pytest.param({"decision": "collegue"}, None, id="asked-a-colleague"),
    ],
)
def test_a_question_comes_with_what_staff_decided(
    database: Database, decided: dict[str, str], subject: str | None
) -> None:
    number = keep(database, "qui aide ?", **decided)
    assert RetainedQuestions(database).last() == [Question(number, "qui aide ?", subject)]


def test_the_last_ones_are_replayed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replayed, "REPLAYED", 2)
    for text in ("un", "deux", "trois"):
        keep(database, text)
    assert [question.text for question in RetainedQuestions(database).last()] == ["trois", "deux"]


def test_a_text_is_found_as_long_as_it_is_kept(database: Database) -> None:
    number = keep(database, "un")
    assert RetainedQuestions(database).texts([number, "999", "x"]) == {number: "un"}
