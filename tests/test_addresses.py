"""Streets in messages: what is read as « ma rue », and what only holds the word."""

from __future__ import annotations

import pytest

from knowledge.addresses import say_my_street


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("j’habite rue sadi carnot est-ce que c’est bon", "j’habite ma rue est-ce que c’est bon"),
        ("12 rue du maréchal juin c’est qpv ou pas", "ma rue c’est qpv ou pas"),
        ("et moi, rue Pasteur ?", "ma rue ?"),
        ("J’habite au 14 bis, boulevard de Thiers, suis-je dedans ?", "J’habite ma rue, suis-je dedans ?"),
        ("la rue du 8 mai est dans la zone ?", "ma rue est dans la zone ?"),
        ("ma rue c’est l’impasse des tilleuls, elle compte ?", "ma rue c’est ma rue, elle compte ?"),
        ("la rue Michelet ?", "ma rue ?"),
    ],
)
def test_a_street_that_is_named_is_my_street(text: str, said: str) -> None:
    assert say_my_street(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "ma rue est concernée ?",
        "quelles rues sont dedans ?",
        "dormir à la rue ce soir",
        "la rue est sale",
        "on me suit dans la rue",
        "des bruits dans la rue de mon école",
        "de quel côté du boulevard s’arrête la zone ?",
        "notre rue craint",
        "une place en crèche",
        "quelle place pour les habitants ?",
        "",
    ],
)
def test_the_word_alone_names_no_street(text: str) -> None:
    assert say_my_street(text) is None
