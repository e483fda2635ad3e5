"""A fiche written by a program: it reads back the same, and the checks say what is wrong with it."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_fixtures import write_data

from knowledge.fiche_files import (
    format_fiche,
    make_slug,
    review_draft,
    save_fiche,
)
from knowledge.fiches import fiche_paths, find_file, parse_fiche

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 3, 1)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in fiche_paths(DATA)])
def test_every_fiche_reads_back_the_same(path, tmp_path):
    before = parse_fiche(path, DATA)
    copy = tmp_path / path.name
    save_fiche(copy, format_fiche(before.header.values, before.fiche.corps))
    assert parse_fiche(copy, tmp_path).fiche == before.fiche


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85\ufeff")))
def test_any_text_reads_back_the_same(tmp_path_factory, text):
    text = unicodedata.normalize("NFC", text).strip() or "x"
    values = {"titre": text, "genre": "notion", "questions": [text], "simple": "s"}
    values |= {"responsable": "r", "verifie_le": "2026-11-22", "a_revoir_le": "2027-05-22"}
    path = tmp_path_factory.getbasetemp() / "essai.md"
    save_fiche(path, format_fiche(values, "Corps."))
    header = parse_fiche(path, path.parent).header
    assert header.text("titre") == values["titre"] and header.texts("questions") == tuple(values["questions"])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small town's content, all in order."""
    return write_data(tmp_path_factory.mktemp("town") / "data")


def draft(town, **changes):
    """The fiche of the quartier du Moulin with some keys changed; its file, and its text."""
    path = find_file(town, "moulin")
    parsed = parse_fiche(path, town)
    corps = changes.pop("corps", parsed.fiche.corps)
    return path, format_fiche({**parsed.header.values, **changes}, corps)


def test_a_fiche_in_order_has_no_remark(town):
    review = review_draft(town, *draft(town), TODAY)
    assert review.remarks == () and not review.is_refused
    assert review.fiche == parse_fiche(find_file(town, "moulin"), town).fiche


@pytest.mark.parametrize(
    ("changes", "key", "word"),
    [
        pytest.param({"citation": "Une phrase inventée."}, "citation", "mot pour mot", id="citation"),
        pytest.param({"verifie_le": "2026-02-31"}, "titre", "n’existe pas", id="date"),
        pytest.param({"corps": "Appelez le 03 21 00 00 00."}, "corps", "téléphone", id="téléphone"),
        pytest.param({"questions": ["Quels quartiers ?"] * 25}, "questions", "déjà", id="question en double"),
        pytest.param({"a_revoir_le": "2026-02-01"}, "a_revoir_le", "à revoir", id="date passée"),
    ],
)
def test_each_remark_stands_beside_its_field(town, changes, key, word):
    remarks = review_draft(town, *draft(town, **changes), TODAY).remarks
    assert any(remark.key == key and word in remark.message for remark in remarks), remarks


def test_what_it_breaks_elsewhere_is_said_too(town):
    other = parse_fiche(find_file(town, "caf"), town).fiche.questions[0]
    questions = [*parse_fiche(find_file(town, "moulin"), town).fiche.questions, other]
    assert review_draft(town, *draft(town, questions=questions), TODAY).is_refused


def test_reviewing_changes_nothing(town):
    before = {path: path.read_bytes() for path in town.rglob("*") if path.is_file()}
    review_draft(town, *draft(town, titre="Autre chose"), TODAY)
    assert {path: path.read_bytes() for path in town.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("titre", "slug"),
    [
        pytest.param("L’épicerie solidaire", "l_epicerie_solidaire", id="accents"),
        pytest.param("  100 % santé !  ", "100_sante", id="signes"),
        pytest.param("///", "", id="rien"),
        pytest.param("mot " * 30, "mot_mot_mot_mot_mot_mot_mot_mot_mot_mot_mot_mot_mo", id="long"),
    ],
)
def test_a_title_names_its_file(titre, slug):
    assert make_slug(titre) == slug
