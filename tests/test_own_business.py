"""Somebody's own business with an office is told from what the offices do for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.own_business import is_own_business
from actions.questions import Named, Question
from knowledge.base import KnowledgeBase


@pytest.fixture(scope="module")
def is_own():
    base = KnowledgeBase.load(Path(__file__).parent.parent / "data")

    def ask(text: str) -> bool:
        named = tuple(Named(m.genre, m.slug, m.start, m.end) for m in base.gazetteer.find(text))
        return is_own_business(Question(text, "caf", named=named))

    return ask


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("le rectorat a-t-il ouvert mon courrier ?", id="un-courrier"),
        pytest.param("où en est ma requête au tribunal", id="une-requête"),
        pytest.param("la CAF me réclame deux mois", id="une-décision"),
        pytest.param("j’ai rendez-vous à l’ARS, quelle salle ?", id="un-rendez-vous"),
        pytest.param("est-ce que l’ANRU embauche ?", id="une-embauche"),
        pytest.param("un job étudiant à la mairie", id="un-job"),
        pytest.param("l’ARS va-t-elle punir ma clinique ?", id="ce-qu-il-fera"),
        pytest.param("qui dirige la CAF ?", id="qui-dirige"),
    ],
)
def test_what_is_between_somebody_and_an_office(is_own, text):
    assert is_own(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("la CAF a-t-elle signé le contrat ?", id="signe"),
        pytest.param("mon bailleur est-il partenaire ?", id="partenaire"),
        pytest.param("que fait le rectorat pour mon fils ?", id="que-fait"),
        pytest.param("qui m’aide pour mon dossier à la CAF ?", id="qui-aide"),
        pytest.param("l’ANRU va-t-elle rénover mon immeuble ?", id="rénover"),
        pytest.param("l’État a-t-il un rôle ?", id="rôle"),
        pytest.param("un stage pour ma fille", id="aucun-organisme"),
    ],
)
def test_what_offices_do_for_everybody(is_own, text):
    assert not is_own(text)
