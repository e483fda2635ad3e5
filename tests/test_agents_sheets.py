"""« Tableur » and « Page de la Ville »: what goes out, what comes back, and what is wrong line by line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from agents_case import Person
from aiohttp import FormData
from openpyxl import Workbook, load_workbook

from gateway.agents.fiches_sheet import HEADER
from gateway.agents.sheet_screen import FILE_LIMIT
from knowledge.fiches import find_file, parse_fiche

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]


def sheet(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> bytes:
    """An .xlsx file with these rows."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(content: bytes) -> FormData:
    """The form that sends a file."""
    form = FormData()
    form.add_field("classeur", content, filename="questions.xlsx")
    return form


def bomb() -> bytes:
    """A small archive that unpacks to more than any spreadsheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return file.getvalue()


def questions_of(town: Path, slug: str) -> tuple[str, ...]:
    return parse_fiche(find_file(town, slug), town).fiche.questions


async def test_the_questions_go_out_as_a_spreadsheet(chloe: Person, town: Path) -> None:
    response = await chloe.send("GET", "/agents/tableur/questions.xlsx")
    rows = list(load_workbook(io.BytesIO(await response.read())).active.iter_rows(values_only=True))
    assert rows[0] == HEADER
    assert ("moulin", questions_of(town, "moulin")[0]) in rows
    assert "moulin" in await chloe.get("/agents/tableur/fiches.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"PK\x03\x04 nonsense", ["n’est pas un classeur"], id="not-a-spreadsheet"),
        pytest.param(sheet(header=("a", "b")), ["deux titres"], id="another-header"),
        pytest.param(bomb(), ["trop gros"], id="bomb"),
        pytest.param(
            sheet(("moulin", "une question toute neuve"), ("sud-ouest", "et ça ?"), ("caf", ""), ("moulin", "x" * 400)),
            ["Ligne 3", "Ligne 4", "Ligne 5"],
            id="errors-by-line",
        ),
    ],
)
async def test_nothing_is_added_when_something_is_wrong(
    bob: Person, town: Path, content: bytes, words: list[str]
) -> None:
    before = find_file(town, "moulin").read_bytes()
    page = await bob.post("/agents/tableur", upload(content), 400)
    assert [word for word in words if word not in page] == []
    assert find_file(town, "moulin").read_bytes() == before


async def test_questions_come_back_in(bob: Person, town: Path, notes: Any) -> None:
    known = questions_of(town, "moulin")
    rows = [("moulin", known[0]), ("moulin", "où commence le Moulin"), ("caf", "’'=comment vous écrire")]
    page = await bob.post("/agents/tableur", upload(sheet(*rows)), 200)
    assert "2 questions sont ajoutées" in page
    assert questions_of(town, "moulin") == (*known, "où commence le Moulin")
    assert ("bob@ville.example", "Fiche modifiée", "moulin", "import d’un tableur") in notes()


async def test_a_question_of_another_subject_is_refused(bob: Person, town: Path) -> None:
    page = await bob.post("/agents/tableur", upload(sheet(("caf", questions_of(town, "moulin")[0]))), 400)
    assert "déjà celle du sujet" in page


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"{}", {"Content-Type": "application/json"}, 415, id="another-type"),
        pytest.param(b"x", {"Content-Type": "multipart/form-data"}, 400, id="no-boundary"),
        pytest.param(b"", {"Content-Type": "multipart/form-data; boundary=a"}, 400, id="nothing"),
        pytest.param(b"x" * (FILE_LIMIT + 1), {"Content-Type": "multipart/form-data; boundary=a"}, 413, id="too-long"),
    ],
)
async def test_what_is_no_file_is_refused(bob: Person, body: bytes, headers: dict[str, str], status: int) -> None:
    assert (await bob.send("POST", "/agents/tableur", data=body, headers=headers)).status == status


async def test_a_new_page_text_lists_what_no_longer_matches(bob: Person, town: Path, notes: Any) -> None:
    page = await bob.get("/agents/page/page")
    assert "Toutes les citations" in page
    mark = page.split('name="ouverte" value="')[1].split('"')[0]
    sent = {"texte": "La ville a changé de page.", "ouverte": mark, "motif": "nouvelle page"}
    assert (await bob.post("/agents/page/page", sent)).endswith("?fait=enregistree")
    assert (town / "sources/page.txt").read_text() == "La ville a changé de page.\n"
    assert 'href="/agents/fiches/moulin"' in await bob.get("/agents/page/page")
    assert ("bob@ville.example", "Page modifiée", "page", "nouvelle page") in notes()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        pytest.param({"texte": ""}, "ne peut pas être vide", id="empty"),
        pytest.param({"motif": ""}, "Dites pourquoi", id="no-reason"),
        pytest.param({"ouverte": "autre"}, "entre-temps", id="changed-meanwhile"),
    ],
)
async def test_a_page_that_cannot_be_saved_is_not(
    bob: Person, town: Path, changes: dict[str, str], word: str
) -> None:
    before = (town / "sources/page.txt").read_bytes()
    mark = (await bob.get("/agents/page/page")).split('name="ouverte" value="')[1].split('"')[0]
    sent = {"texte": "Autre texte", "motif": "essai", "ouverte": mark, **changes}
    assert word in await bob.post("/agents/page/page", sent, 400)
    assert (town / "sources/page.txt").read_bytes() == before
