"""« Demandes »: followed, saved as files that hold no formula, deleted from the disk too."""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from agents_case import Person, email_of
from agents_example import fill_requests
from gateway_case import Gateway
from openpyxl import load_workbook

from gateway.agents import texts
from gateway.agents.spreadsheets import safe_cell, write_csv, write_xlsx

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

WHERE = "/agents/demandes"
NEW, IN_HAND, CLOSED = "CDFG-HJKM", "NPQR-TVWX", "3467-9CDF"
Notes = Callable[[], list[tuple[str, str, str, str]]]


@pytest.fixture(autouse=True)
async def three_requests(gateway: Gateway) -> None:
    """One new, one in hand, one closed."""
    fill_requests(gateway.client.app)


async def test_a_request_of_a_resident_is_new(gateway: Gateway, bob: Person) -> None:
    await gateway.chat("demande")
    assert "ABCD-EFGH" in await bob.get(f"{WHERE}?etat=nouvelle")
    assert "Zoé" in await bob.get(f"{WHERE}/ABCD-EFGH")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("", {NEW, IN_HAND, CLOSED}, id="all"),
        pytest.param("?etat=nouvelle", {NEW}, id="new"),
        pytest.param("?etat=prise+en+charge", {IN_HAND}, id="in-hand"),
        pytest.param("?etat=close&sorte=message", {CLOSED}, id="closed-messages"),
        pytest.param("?sorte=join", {IN_HAND}, id="to-join"),
        pytest.param("?etat=%27+OR+1%3D1", set(), id="no-such-state"),
    ],
)
async def test_they_are_filtered(bob: Person, query: str, shown: set[str]) -> None:
    page = await bob.get(WHERE + query)
    assert {code for code in (NEW, IN_HAND, CLOSED) if f"{WHERE}/{code}" in page} == shown


async def test_what_nobody_has_read_comes_first(bob: Person) -> None:
    page = await bob.get(WHERE)
    assert sorted((NEW, IN_HAND, CLOSED), key=page.index) == [NEW, IN_HAND, CLOSED]


async def test_a_request_is_taken_in_hand(bob: Person, notes: Notes) -> None:
    await bob.post(f"{WHERE}/{NEW}", {"etat": "prise en charge", "note": "à <b>rappeler</b>"})
    page = await bob.get(f"{WHERE}/{NEW}")
    assert "à &lt;b&gt;rappeler" in page
    assert f"Suivie par {email_of('bob')}" in page
    assert notes()[0][:3] == (email_of("bob"), "Demande suivie", NEW)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"etat": "perdue", "note": ""}, id="unknown-state"),
        pytest.param({"etat": "close", "note": "x" * 2001}, id="long-note"),
        pytest.param({}, id="nothing"),
    ],
)
async def test_a_wrong_follow_up_changes_nothing(bob: Person, form: dict[str, str]) -> None:
    await bob.post(f"{WHERE}/{NEW}", form, 400)
    assert f"{WHERE}/{NEW}" in await bob.get(f"{WHERE}?etat=nouvelle")


async def test_a_request_is_deleted_with_a_reason_and_leaves_no_trace(
    bob: Person, gateway: Gateway, notes: Notes
) -> None:
    await bob.post(f"{WHERE}/{IN_HAND}", {"etat": "close", "note": "Xylophone"})
    assert "Xylophone" in await bob.get(f"{WHERE}/{IN_HAND}")
    assert b"Xylophone" not in gateway.bytes_on_disk()
    assert texts.REASON_MISSING in await bob.post(f"{WHERE}/{IN_HAND}/suppression", {"motif": ""}, 400)
    await bob.post(f"{WHERE}/{IN_HAND}/suppression", {"motif": "à la demande de l’habitant"})
    await bob.get(f"{WHERE}/{IN_HAND}", 404)
    await bob.post(f"{WHERE}/{IN_HAND}", {"etat": "close"}, 404)
    assert notes()[0] == (email_of("bob"), "Demande supprimée", IN_HAND, "à la demande de l’habitant")
    kept = gateway.bytes_on_disk()
    assert b"=E. F." not in kept
    assert b"Xylophone" not in kept
    assert "À rappeler jeudi".encode() not in kept


async def test_who_only_reads_sees_no_resident(chloe: Person) -> None:
    await chloe.get(WHERE, 403)
    await chloe.get(f"{WHERE}/export/demandes.csv", 403)
    assert f'href="{WHERE}"' not in await chloe.get("/agents/journal")


# --- Files -----------------------------------------------------------------------------------------------


async def test_the_csv_file_is_read_back(bob: Person, notes: Notes) -> None:
    response = await bob.send("GET", f"{WHERE}/export/demandes.csv?sorte=join")
    assert response.headers["Content-Disposition"] == 'attachment; filename="demandes.csv"'
    text = (await response.read()).decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text), delimiter=";"))
    found = dict(zip(header, row, strict=True))
    assert found["Code"] == IN_HAND
    assert found["Nom"] == "'=E. F."
    assert found["Téléphone ou courriel"] == "'+33 3 00 00 00 00"
    assert notes()[0][:3] == (email_of("bob"), "Demandes exportées", "demandes.csv")


async def test_the_xlsx_file_is_read_back(bob: Person) -> None:
    response = await bob.send("GET", f"{WHERE}/export/demandes.xlsx")
    sheet = load_workbook(io.BytesIO(await response.read())).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert {row[0] for row in rows} == {NEW, IN_HAND, CLOSED}
    assert "'=E. F." in rows[[row[0] for row in rows].index(IN_HAND)]
    assert header[0] == "Code"


async def test_no_other_file_is_made(bob: Person) -> None:
    for name in ("demandes.pdf", "secret.key", "..%2Fapp.db", "demandes"):
        await bob.get(f"{WHERE}/export/{name}", 404)


def test_an_xlsx_file_is_made_without_a_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError):
        tempfile.mkstemp()
    assert write_xlsx(["a"], [["Zoé Xylophone"]] * 5000, "essai").startswith(b"PK")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    text = f'{start}HYPERLINK("http://ailleurs.example")'
    assert str(safe_cell(text)).startswith("'")
    written = io.StringIO(write_csv(["a"], [[text]]).decode("utf-8-sig"), newline="")
    assert list(csv.reader(written, delimiter=";"))[1] == [f"'{text}"]
    cell = load_workbook(io.BytesIO(write_xlsx(["a"], [[text]], "essai"))).active["A2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param("bonjour", "bonjour", id="text"),
        pytest.param(-3, -3, id="number"),
        pytest.param("a\x00b\x0bc", "abc", id="control-characters"),
        pytest.param("x" * 40_000, "x" * 32_000, id="too-long"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_other_cells_are_left_alone(value: object, kept: object) -> None:
    assert safe_cell(value) == kept  # type: ignore[arg-type]
