"""The journal of the console: what it keeps, how it is read, and that nothing in it is ever HTML."""

from pathlib import Path

import pytest
from agents_case import Person
from gateway_case import Gateway

from gateway.agents import journal as journal_module
from gateway.agents.journal import Journal
from gateway.agents.keys import JOURNAL
from gateway.database import Database

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    database = Database(f"sqlite:///{tmp_path}/app.db")
    database.prepare()
    return Journal(database, lambda: 1_000_000_000.0)


def test_a_note_says_who_what_when_and_why(journal: Journal) -> None:
    journal.note("alice@ville.example", "Version publiée", "r2", "nouvelle fiche", gagné=4)
    (note,), count = journal.find()
    assert (count, note.at, note.who, note.action) == (1, 1_000_000_000, "alice@ville.example", "Version publiée")
    assert (note.target, note.reason, note.details) == ("r2", "nouvelle fiche", {"gagné": 4})


def test_it_is_read_newest_first_page_by_page(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "PAGE_SIZE", 2)
    for number in range(3):
        journal.note("alice", "Essai", str(number))
    assert [note.target for note in journal.find()[0]] == ["2", "1"]
    assert [note.target for note in journal.find(page=2)[0]] == ["0"]
    assert journal.find(page=9) == ([], 3)


def test_it_is_read_for_one_person_or_one_action(journal: Journal) -> None:
    journal.note("alice", "Connexion")
    journal.note("bob", "Connexion")
    journal.note("bob", "Version publiée")
    assert journal.find(who="bob")[1] == 2
    assert journal.find(who="bob", action="Connexion")[1] == 1
    assert journal.known("who") == ["alice", "bob"]
    assert journal.known("action") == ["Connexion", "Version publiée"]


def test_old_notes_are_forgotten(tmp_path: Path, journal: Journal) -> None:
    journal.note("alice", "Connexion")
    kept = journal_module.KEPT_DAYS * 86400
    assert Journal(journal._db, lambda: 1_000_000_000.0 + kept).purge() == 0
    assert Journal(journal._db, lambda: 1_000_000_001.0 + kept).purge() == 1


async def test_the_screen_shows_notes_as_text(alice: Person, gateway: Gateway) -> None:
    gateway.client.app[JOURNAL].note("bob", "Essai", "<script>alert(1)</script>", "parce que")
    page = await alice.get("/agents/journal")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "parce que" in page
    assert "<script" not in page


async def test_the_screen_filters_and_turns_pages(alice: Person, gateway: Gateway) -> None:
    for number in range(journal_module.PAGE_SIZE + 1):
        gateway.client.app[JOURNAL].note("bob & fils", "Essai", f"numéro {number}.")
    first = await alice.get("/agents/journal?qui=bob+%26+fils")
    assert "numéro 1." in first
    assert "numéro 0." not in first
    assert "Connexion</td>" not in first
    assert 'href="?qui=bob+%26+fils&amp;page=2"' in first
    assert "numéro 0." in await alice.get("/agents/journal?qui=bob+%26+fils&page=2")


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "9" * 30, "99999"])
async def test_a_strange_page_number_breaks_nothing(alice: Person, page: str) -> None:
    await alice.get(f"/agents/journal?page={page}")
