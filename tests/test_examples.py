"""Examples added to the working folder: the file as it was but for one line, and the same checks as the rest."""

import shutil
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.check import check
from knowledge.examples import ExampleRefused, Examples, add_example, quote
from knowledge.intents import OFF_TOPIC

PUNCTUATED = "un \"pompon\": 'vert'"
PROJECT = Path(__file__).parent.parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "data", tmp_path / "data"))


def load(data: Path) -> Examples:
    return Examples.load(data, KnowledgeBase.load(data))


@pytest.mark.parametrize(
    ("subject", "file"),
    [
        pytest.param("caf", "fiches/partenaires/caf.md", id="fiche"),
        pytest.param("list_quartier", "genres.yml", id="list"),
        pytest.param(OFF_TOPIC, "nlu/hors_sujet.yml", id="off-topic"),
    ],
)
def test_an_example_is_one_more_line_and_nothing_else(data, subject, file):
    before = (data / file).read_text().split("\n")
    path = add_example(data, subject, "quel jour passe le camion aux pommes bleues")
    assert path == data / file
    after = path.read_text().split("\n")
    added = [line for line in after if "pommes bleues" in line]
    assert len(added) == 1
    after.remove(added[0])
    assert after == before
    assert load(data).has("Quel jour passe le camion aux pommes bleues ?")
    assert [f for f in check(data) if f.level == "erreur"] == []


@pytest.mark.parametrize("text", ["qui : le pompon", "#le bonnet", "- le pompon bleu", "« le ruban » !", PUNCTUATED])
def test_whatever_its_signs_it_is_read_back_as_it_was_written(data, text):
    path = add_example(data, "caf", text)
    assert text in KnowledgeBase.load(data).fiches["caf"].questions
    assert path.stat().st_mode & 0o777 == (PROJECT / "data/fiches/partenaires/caf.md").stat().st_mode & 0o777
    assert [name for name in path.parent.iterdir() if name.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("subject", "text", "why"),
    [
        pytest.param("caf", "", "Écrivez une question", id="empty"),
        pytest.param("caf", "x" * 201, "Écrivez une question", id="too-long"),
        pytest.param("inconnue", "qui est-ce", "Aucune fiche", id="no-such-fiche"),
    ],
)
def test_what_is_refused_changes_nothing(data, subject, text, why):
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    with pytest.raises(ExampleRefused, match=why):
        add_example(data, subject, text)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_what_the_checks_refuse_is_not_added(data):
    taken = KnowledgeBase.load(data).fiches["caf"].questions[0]
    before = (data / "fiches/partenaires/anru.md").read_bytes()
    with pytest.raises(ExampleRefused, match="ne peut pas être ajoutée"):
        add_example(data, "anru", taken)
    assert (data / "fiches/partenaires/anru.md").read_bytes() == before


def test_a_fiche_that_is_broken_already_is_named(data):
    (data / "fiches/partenaires/caf.md").write_text("---\ntitre: CAF\n")
    with pytest.raises(ExampleRefused, match="corrigée"):
        add_example(data, "caf", "la caf c’est qui")


def test_an_example_is_compared_with_all_the_others(data):
    examples, fiche = load(data), KnowledgeBase.load(data).fiches["caf"]
    own = fiche.questions[0]
    conflict = examples.find_conflict(own, "anru")
    assert conflict is not None
    assert (conflict.example.subject, conflict.example.text, round(conflict.likeness)) == ("caf", own, 100)
    assert examples.find_conflict("zygomatique xylophone", "anru") is None
    same = examples.find_same(f"{own} !", "caf")
    assert same is not None
    assert same.example.text == own
    assert examples.find_same("zygomatique xylophone", "caf") is None


def test_quotes_are_put_where_yaml_needs_them():
    assert quote("la caf") == "la caf"
    assert quote("qui : moi") == '"qui : moi"'
    assert quote("oui") == "oui"
    assert quote("yes") == '"yes"'
