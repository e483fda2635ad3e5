"""The calls for help that the second net learns from."""

from pathlib import Path

import pytest
from knowledge_fixtures import changed, write_data

from knowledge.appels import RIEN, Appels, load_appels
from knowledge.base import KnowledgeBase
from knowledge.check import check

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_data(tmp_path_factory.mktemp("appels"))


def test_it_reads_calls_by_urgence_and_what_is_none(data):
    with changed(data, {"appels.yml": "incendie:\n  - ça brûle\n  - feu\nrien:\n  - feu de camp\n"}):
        assert load_appels(data) == Appels({"incendie": ("ça brûle", "feu")}, ("feu de camp",))


def test_a_content_may_have_none(data):
    assert load_appels(data) == Appels({}, ())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param("incendi:\n  - au feu\n", "aucune fiche d’urgence ne s’appelle « incendi »", id="slug"),
        pytest.param("incendie:\n  - Au feu !\nrien:\n  - au feu\n", "« au feu » est déjà", id="twice"),
        pytest.param("rien:\n  - « »\n", "cette phrase est vide.", id="empty"),
        pytest.param("rien:\n  a: b\n", "doit être une liste de textes", id="no-list"),
    ],
)
def test_the_check_says_what_to_mend(data, lines, message):
    with changed(data, {"appels.yml": lines}):
        (error,) = [finding for finding in check(data) if finding.path.name == "appels.yml"]
    assert message in error.message


def test_every_urgence_has_calls_in_words_and_in_other_languages():
    calls = load_appels(DATA).calls
    urgences = {fiche.slug for fiche in KnowledgeBase.load(DATA).list_genre("urgence")}
    assert set(calls) == urgences
    assert RIEN not in calls
    assert all(any("\u0600" <= char <= "\u06ff" for call in texts for char in call) for texts in calls.values())
