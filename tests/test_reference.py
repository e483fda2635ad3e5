"""Which messages lean on what was said before, and what they add to it."""

from __future__ import annotations

import pytest

from knowledge.reference import (
    choose_subject,
    may_lean,
    points_back,
    stands_for_a_name,
    what_it_adds,
    what_it_corrects,
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("qui le signe ?", id="pronom complément"),
        pytest.param("comment on y entre ?", id="y"),
        pytest.param("Il est concerné ?", id="sujet"),
        pytest.param("ÇA SERT À QUOI", id="capitales"),
        pytest.param("et eux, ils font quoi", id="eux"),
        pytest.param("elle a signé ?", id="elle"),
        pytest.param("c’est quoi son rôle", id="possessif"),
        pytest.param("alors c’est où ?", id="c’est où"),
        pytest.param("en quelle année ?", id="question sans sujet"),
        pytest.param("seulement deux ?", id="nombre sans sujet"),
        pytest.param("lesquelles ?", id="lesquelles"),
        pytest.param("pendant combien de temps ?", id="durée sans sujet"),
        pytest.param("il dure combien de temps", id="il dure"),
        pytest.param("c’est dans le contrat ?", id="c’est dans"),
    ],
)
def test_it_sees_a_word_that_stands_for_the_subject(text: str) -> None:
    assert points_back(text)


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
    assert not points_back(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ils font quoi ?", True, id="ils"),
        pytest.param("son rôle ?", True, id="son"),
        pytest.param("ça sert à quoi ?", False, id="ça"),
        pytest.param("et vos infos, elles viennent d’où ?", False, id="nommé dans le message"),
        pytest.param("dans le contrat ils font quoi ?", True, id="nommé comme un lieu"),
        pytest.param("comment y entrer ?", False, id="y"),
    ],
)
def test_it_tells_who_has_a_name(text: str, expected: bool) -> None:
    assert stands_for_a_name(text) is expected


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("et pour les jeunes ?", "les jeunes ?", id="pour"),
        pytest.param("Et la CAF ?", "la CAF ?", id="nom"),
        pytest.param("ok et les commerçants", "les commerçants", id="ok et"),
        pytest.param("et au niveau du logement", "logement", id="au niveau du"),
        pytest.param("et aux commerçants ?", "les commerçants ?", id="aux"),
        pytest.param("les jeunes ?", None, id="sans et"),
        pytest.param("et", None, id="et seul"),
        pytest.param("et je voudrais aussi savoir qui a signé ce contrat", None, id="phrase entière"),
    ],
)
def test_it_finds_what_a_message_adds(text: str, rest: str | None) -> None:
    assert what_it_adds(text) == rest


def test_a_long_message_stands_alone() -> None:
    assert may_lean("et eux ?")
    assert not may_lean("un deux trois quatre cinq six sept huit neuf dix")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("non, je parlais de l’ARS", "l’ARS", id="je parlais de"),
        pytest.param("je me suis trompée, je voulais les axes", "les axes", id="trompée"),
        pytest.param("pas ça, la liste des partenaires", "la liste des partenaires", id="pas ça"),
        pytest.param("non pardon je voulais dire du conseil citoyen", "conseil citoyen", id="je voulais dire"),
        pytest.param("plutôt les domaines", "les domaines", id="plutôt"),
        pytest.param("redonne-moi les quartiers", "les quartiers", id="redonne"),
        pytest.param("non", None, id="non seul"),
        pytest.param("nonante habitants", None, id="un mot qui commence ainsi"),
        pytest.param("je voudrais les quartiers", None, id="une demande"),
        pytest.param("qui sont les partenaires ?", None, id="une question"),
        pytest.param("non je voulais dire que ma voisine de palier cherche aussi une réponse", None, id="long"),
    ],
)
def test_it_finds_what_a_message_corrects(text: str, rest: str | None) -> None:
    assert what_it_corrects(text) == rest


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        pytest.param("et il dure jusqu’à quand ?", "contrat_de_ville", id="singulier"),
        pytest.param("ils font quoi ?", "list_partenaire", id="pluriel"),
        pytest.param("il y en a combien ?", "list_partenaire", id="il y a"),
    ],
)
def test_it_chooses_among_the_subjects_just_told(text: str, subject: str) -> None:
    assert choose_subject(text, ["contrat_de_ville", "list_partenaire"], "list_") == subject


def test_a_list_told_alone_is_what_everything_leans_on() -> None:
    assert choose_subject("il dure jusqu’à quand ?", ["list_partenaire"], "list_") == "list_partenaire"
