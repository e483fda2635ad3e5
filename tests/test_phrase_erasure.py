"""A phrase is erased everywhere, and the receipt says where it was."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from gateway_case import is_written
from sqlalchemy import insert, select

from gateway import texts
from gateway.agents.fiche_desk import versions
from gateway.database import Database
from gateway.phrase_erasure import PhraseTooShort, erase_phrase, tell
from gateway.questions import Understood
from gateway.review_groups import Grouping
from gateway.sessions import new_id
from gateway.store import Store, StoredReply, Turn
from knowledge.base import KnowledgeBase
from knowledge.examples import add_example
from training.real_questions import RealQuestion, add_real, list_real

pytest_plugins = ["gateway_fixtures"]

PHRASE = "le chat de Zygmunt est perdu"
TODAY = date(2026, 11, 25)


def publish(models: Path, name: str, data: Path) -> None:
    """A release as far as its content goes."""
    folder = models / name
    (folder / "data").mkdir(parents=True)
    for path in data.rglob("*"):
        if path.is_file():
            (folder / "data" / path.relative_to(data)).parent.mkdir(parents=True, exist_ok=True)
            (folder / "data" / path.relative_to(data)).write_bytes(path.read_bytes())
    manifest = {"id": name, "made_by": "a", "made_at": "2026-11-25", "reason": "b", "parent": None, "hashes": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def ask(database: Database, text: str) -> None:
    understood = Understood(text, "nord", 0.2, (), "fr", "fallback", None)
    turn = Turn(None, "x", text, "r", (StoredReply(new_id(), {"kind": "fallback", "text": "…"}),), (understood,))
    Store(database).save_turn(new_id(), TODAY, turn, on=TODAY)


def test_it_is_erased_everywhere(database: Database, project: Path, models: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*.md")}
    publish(models, "20261101-000000-aaaa", project / "data")
    add_example(project / "data", "nord", f"{PHRASE} !")
    add_real(project / "tests" / "questions", RealQuestion(PHRASE.upper(), "nord"))
    publish(models, "20261102-000000-bbbb", project / "data")
    publish(models, "20261103-000000-cccc", project / "data")
    (models / "current").symlink_to("20261103-000000-cccc")
    ask(database, f"bonjour, {PHRASE}")
    ask(database, "une tout autre question")
    Grouping(database, lambda subject: 1.0).run()
    fiche = (project / "data/fiches/quartiers/nord.md").read_text()
    with database.writing() as db:
        former = {"slug": "nord", "at": 0, "who": "alice", "reason": "essai"}
        db.execute(insert(versions), [{**former, "text": fiche}, {**former, "text": "Une fiche sans exemple."}])
    receipt = erase_phrase(PHRASE, database, project, models)
    assert (receipt.questions, receipt.messages, receipt.exam) == (2, 1, 1)
    assert (receipt.records, receipt.history) == (1, 1)
    (forgotten,) = Store(database).pending_erasures()
    assert [turn.message for turn in Store(database).history(forgotten)] == [texts.PHRASE_ERASED]
    with database.reading() as db:
        kept = sorted(db.execute(select(versions.c.text)).scalars())
    assert kept == sorted(["Une fiche sans exemple.", before[project / "data/fiches/quartiers/nord.md"].decode()])
    assert receipt.examples == ("data/fiches/quartiers/nord.md",)
    assert receipt.removed == ("20261102-000000-bbbb",)
    assert receipt.published == "20261103-000000-cccc"
    assert "Entraînez et publiez" in tell(receipt)
    assert {path: path.read_bytes() for path in project.rglob("*.md")} == before
    assert list_real(project / "tests" / "questions") == []
    assert b"Zygmunt" not in b"".join(path.read_bytes() for path in tmp_path.glob("app.db*"))
    assert not is_written("Zygmunt", database, tmp_path / "absent")
    assert is_written("tout autre", database, tmp_path / "absent")
    (models / "current").unlink()
    (models / "current").symlink_to("20261101-000000-aaaa")
    again = erase_phrase(PHRASE, database, project, models)
    assert (again.questions, again.messages, again.removed) == (0, 0, ("20261103-000000-cccc",))
    assert tell(again).endswith("Cette phrase n’est plus nulle part, sauf dans vos sauvegardes.")
    assert KnowledgeBase.load(project / "data").fiches["nord"].questions


def test_what_was_set_aside_of_the_content_is_reached_too(database: Database, project: Path, models: Path) -> None:
    aside = models / "brouillons" / "20261101-000000-000000" / "data"
    shutil.copytree(project / "data", aside)
    add_example(aside, "nord", f"{PHRASE} !")
    assert erase_phrase(PHRASE, database, project, models).examples == ("data/fiches/quartiers/nord.md",)
    assert "Zygmunt" not in (aside / "fiches" / "quartiers" / "nord.md").read_text()


def test_a_phrase_that_stands_everywhere_is_refused(database: Database, project: Path, models: Path) -> None:
    with pytest.raises(PhraseTooShort):
        erase_phrase("la CAF", database, project, models)
