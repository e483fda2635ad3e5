"""Which messages lean on what was said before."""

from __future__ import annotations

import pytest

from knowledge.reference import refers_back


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("qui le signe ?", id="pronom complément"),
        pytest.param("comment on y entre ?", id="y"),
        pytest.param("Il est concerné ?", id="sujet"),
        pytest.param("ÇA SERT À QUOI", id="capitales"),
        pytest.param("et eux, ils font quoi", id="eux"),
        pytest.param("elle a signé ?", id="elle"),
    ],
)
def test_it_sees_a_pronoun_that_stands_for_the_subject(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("il y a quoi pour les jeunes ?", id="il y a"),
        pytest.param("y a t il des aides ?", id="y a-t-il"),
        pytest.param("la liste s’il vous plaît", id="politesse"),
        pytest.param("il faut faire quoi pour être membre", id="il faut"),
        pytest.param("quels sont les partenaires ?", id="article"),
        pytest.param("et la CAF ?", id="nom"),
        pytest.param("ça va ?", id="salutation"),
        pytest.param("", id="vide"),
        pytest.param(
            "j’habite ici depuis longtemps et on m’a dit qu’il y avait un conseil à rejoindre", id="longue phrase"
        ),
    ],
)
def test_it_leaves_other_messages_alone(text: str) -> None:
    assert not refers_back(text)
