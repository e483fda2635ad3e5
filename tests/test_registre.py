"""The record of processing and the notes beside it say what the code does: every length of time is one of its own."""

import re
from pathlib import Path

import pytest

from gateway import texts
from gateway.agents import journal, staff_sessions
from gateway.figures import KEPT_DAYS
from gateway.questions import KEPT_DECISIONS_DAYS
from gateway.recovery import ASIDE_DAYS
from gateway.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
DEFAULTS = Settings.from_env({})
LENGTH = re.compile(r"\b(?:\d+|une?|deux|trois) (?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?)\b")

CONVERSATION = texts.days(DEFAULTS.retention_days)
# Row of the record → every length of time in it.
KEPT = {
    "Conversations": [CONVERSATION],
    "Fil technique de l’assistant": [CONVERSATION],
    "Questions à revoir": [],
    "Décisions des agents sur ces questions": [texts.years(KEPT_DECISIONS_DAYS)],
    "Avis sur une réponse": [],
    "Demandes au service": [texts.days(DEFAULTS.request_retention_days)],
    "Nombres par jour": [texts.years(KEPT_DAYS)],
    "Comptes des agents": [],
    "Sessions des agents": [
        f"{staff_sessions.WHOLE_LIMIT // 3600} heures",
        f"{staff_sessions.IDLE_LIMIT // 3600} heures",
    ],
    "Journal de la console": [texts.years(journal.KEPT_DAYS)],
    "Message de détresse reconnu": [],
    "Adresse internet": [],
    "Base abîmée, mise de côté au démarrage": [texts.days(ASIDE_DAYS)],
    "Journaux techniques": [],
    "Sauvegardes": [],
}


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def lengths(text: str) -> list[str]:
    return [found.lower() for found in LENGTH.findall(text.replace("\N{NO-BREAK SPACE}", " ").lower())]


def rows(text: str) -> dict[str, str]:
    """First cell → last cell of each row of the table of what is kept."""
    table = text.partition("## Ce qui est gardé")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return {row[0]: row[-1] for row in cells[2:]}


@pytest.mark.parametrize("row", KEPT)
def test_the_record_gives_the_lengths_of_the_settings(row: str) -> None:
    expected = [length.replace("\N{NO-BREAK SPACE}", " ") for length in KEPT[row]]
    assert lengths(rows(read("registre.md"))[row]) == expected


def test_the_record_has_these_rows_and_no_other() -> None:
    assert list(rows(read("registre.md"))) == list(KEPT)


@pytest.mark.parametrize("name", ["registre.md", "analyse-impact.md", "note-ia.md"])
def test_no_other_length_is_given_anywhere(name: str) -> None:
    known = {length.replace("\N{NO-BREAK SPACE}", " ") for row in KEPT.values() for length in row}
    assert set(lengths(read(name))) <= known


@pytest.mark.parametrize("name", ["registre.md", "analyse-impact.md", "note-ia.md"])
def test_its_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", read(name)):
        assert (DOCS / link).exists(), link


def test_no_person_is_invented() -> None:
    assert read("registre.md").count("[à compléter") >= 6
    assert not re.search(r"[\w.]+@[\w.]+|\b0\d(?: \d\d){4}", read("registre.md"))
