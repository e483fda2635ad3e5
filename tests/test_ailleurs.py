"""Another town is told apart from this one; a place name in passing is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.ailleurs import Ailleurs, load_ailleurs


@pytest.fixture(scope="module")
def ailleurs() -> Ailleurs:
    return load_ailleurs(Path(__file__).parent.parent / "data")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("le contrat de ville de Lens", True, id="de"),
        pytest.param("les quartiers prioritaires à Calais ?", True, id="à"),
        pytest.param("conseil citoyen d’Amiens", True, id="élidé"),
        pytest.param("quartiers de la ville de lille", True, id="la-ville-de"),
        pytest.param("boulangerie a boulogne sur mer", True, id="sans-accents"),
        pytest.param("Lens est concerné ?", False, id="sujet-de-la-question"),
        pytest.param("le département du Pas-de-Calais a signé ?", False, id="le-département-d’ici"),
        pytest.param("je suis de Lens, quels quartiers à Béthune ?", False, id="ici-quand-même"),
        pytest.param("à Lensois", False, id="pas-un-mot-entier"),
        pytest.param("je viens de Lens " + "et je cherche un logement " * 3, False, id="dit-en-passant"),
        pytest.param("la pollution à Pékin", True, id="une-ville-lointaine"),
        pytest.param("la délinquance au Brésil", True, id="un-pays"),
        pytest.param("je viens du Maroc, c’est quoi le contrat de ville", False, id="d-où-l-on-vient"),
        pytest.param("arrivée d’Italie, je cherche du travail", False, id="arrivée-de"),
        pytest.param("j’habite avenue de Bruay", False, id="une-rue-d’ici"),
        pytest.param("la rue de Lens à Calais", True, id="une-rue-d’ailleurs"),
        pytest.param("Calais a reçu combien pour ses quartiers", True, id="d-abord"),
        pytest.param("Calais", False, id="seul"),
        pytest.param("étudiante à Arras, je cherche un stage", False, id="études"),
        pytest.param("", False, id="vide"),
    ],
)
def test_it_tells_another_town(ailleurs, text, expected):
    assert ailleurs.is_asked_about(text) is expected


def test_without_its_file_nowhere_is_elsewhere(tmp_path):
    assert not load_ailleurs(tmp_path).is_asked_about("le contrat de ville de Lens")
