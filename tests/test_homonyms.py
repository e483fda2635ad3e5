"""A word of ours with another complement names another thing."""

from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.homonyms import Homonyms


@pytest.fixture(scope="module")
def homonyms() -> Homonyms:
    return KnowledgeBase.load(Path(__file__).parent.parent / "data").homonyms


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        pytest.param("un contrat de bail se résilie comment", "contrat_de_ville", True, id="of"),
        pytest.param("les contrats commerciaux", "contrat_de_ville", True, id="a-sort"),
        pytest.param("le Conseil fédéral siège où ?", "conseil_citoyen", True, id="another-council"),
        pytest.param("la politique monétaire", "politique_de_la_ville", True, id="another-policy"),
        pytest.param("le contrat de ville", "contrat_de_ville", False, id="ours"),
        pytest.param("le contrat engage qui ?", "contrat_de_ville", False, id="a-verb"),
        pytest.param("les conseils citoyens", "conseil_citoyen", False, id="plural"),
        pytest.param("un contrat de bail n’est pas un contrat de ville", "contrat_de_ville", False, id="ours-as-well"),
        pytest.param("un contrat de bail", "education", False, id="taken-for-something-else"),
        pytest.param("bonjour", "contrat_de_ville", False, id="no-word-of-ours"),
    ],
)
def test_it_tells_another_thing_by_its_complement(homonyms, text, subject, expected):
    assert homonyms.is_in(text, subject) is expected


def test_a_base_without_fiches_has_none():
    assert not Homonyms(()).is_in("un contrat de bail", "contrat_de_ville")
