"""Which messages lean on what was said before, and what they add to it."""

from __future__ import annotations

import pytest

from knowledge.reference import (
    adds_nothing,
    asks,
    choose_subject,
    count_own_words,
    goes_elsewhere,
    is_some_of_it,
    may_lean,
    points_back,
    stands_for_a_name,
    stands_for_a_place,
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
        pytest.param("revenons au contrat : il a été signé quand ?", id="what one comes back to"),
        pytest.param("et ce que vous savez, c’est quoi ?", id="what one says"),
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
        pytest.param("non, les quartiers, pardon", "les quartiers", id="pardon à la fin"),
        pytest.param("redonne-moi les quartiers", "les quartiers", id="redonne"),
        pytest.param("je ne parlais pas du contrat mais du conseil", "conseil", id="pas… mais…"),
        pytest.param("laisse tomber la caf, dis-moi qui signe", "dis-moi qui signe", id="laisse tomber"),
        pytest.param("c’est pas ma question, je veux savoir qui signe", "qui signe", id="pas ma question"),
        pytest.param("non", None, id="non seul"),
        pytest.param("nonante habitants", None, id="un mot qui commence ainsi"),
        pytest.param("je voudrais les quartiers", None, id="une demande"),
        pytest.param("qui sont les partenaires ?", None, id="une question"),
        pytest.param("non je voulais dire que ma voisine de palier cherche aussi une réponse", None, id="long"),
    ],
)
def test_it_finds_what_a_message_corrects(text: str, rest: str | None) -> None:
    assert what_it_corrects(text) == rest


CONTRAT = ("contrat_de_ville", "Le contrat de ville")
POLITIQUE = ("politique_de_la_ville", "La politique de la ville")
PARTENAIRES = ("list_partenaire", "Les partenaires")
ETAT = ("etat", "L’État")


@pytest.mark.parametrize(
    ("text", "told", "subject"),
    [
        pytest.param("et il dure jusqu’à quand ?", (CONTRAT, PARTENAIRES), CONTRAT, id="il n’est pas une liste"),
        pytest.param("elle est menée par qui ?", (POLITIQUE, CONTRAT), POLITIQUE, id="elle n’est pas le contrat"),
        pytest.param("il fait quoi ?", (CONTRAT, POLITIQUE), CONTRAT, id="il n’est pas la politique"),
        pytest.param("elle fait quoi ?", (POLITIQUE, ETAT), ETAT, id="un nom élidé peut être les deux"),
        pytest.param("ils font quoi ?", (CONTRAT, PARTENAIRES), PARTENAIRES, id="pluriel"),
        pytest.param("il y en a combien ?", (CONTRAT, PARTENAIRES), PARTENAIRES, id="il y a"),
        pytest.param("il dure jusqu’à quand ?", (PARTENAIRES,), PARTENAIRES, id="une liste seule"),
        pytest.param("elle fait quoi ?", (POLITIQUE, *(CONTRAT,) * 3), CONTRAT, id="trop loin"),
        pytest.param("et après ?", (POLITIQUE, CONTRAT), CONTRAT, id="sans pronom"),
    ],
)
def test_a_pronoun_leans_on_the_last_subject_that_it_may_stand_for(text, told, subject) -> None:
    assert choose_subject(text, told)[0] == subject[0]


@pytest.mark.parametrize(
    ("text", "told", "is_one"),
    [
        pytest.param("elle a droit à quoi ?", (("mont_liebaut", "Le quartier du Mont-Liébaut"),), False, id="personne"),
        pytest.param("il fait quoi ?", (("verifier_adresse", "Vérifier une adresse"),), False, id="une démarche"),
        pytest.param("elle fait quoi ?", (POLITIQUE,), True, id="elle"),
        pytest.param("et après ?", (CONTRAT,), True, id="sans pronom"),
    ],
)
def test_a_pronoun_may_stand_for_somebody_else(text, told, is_one) -> None:
    assert choose_subject(text, told) == (told[-1][0], is_one)


@pytest.mark.parametrize(
    ("text", "is_nothing"),
    [
        pytest.param("ça existe encore ?", True, id="ça existe"),
        pytest.param("à quel titre ?", True, id="à quel titre"),
        pytest.param("donne-moi un exemple", True, id="exemple"),
        pytest.param("et ils doivent faire quoi ?", True, id="ils"),
        pytest.param("ça va ?", False, id="ça va"),
        pytest.param("ok", False, id="ok"),
        pytest.param("tu fais quoi ?", False, id="toi"),
        pytest.param("ça coûte combien ?", False, id="un verbe qui dit quelque chose"),
    ],
)
def test_some_messages_say_nothing_of_their_own(text, is_nothing) -> None:
    assert adds_nothing(text) == is_nothing


@pytest.mark.parametrize(
    ("text", "is_place"),
    [
        pytest.param("qui peut y aller ?", True, id="y aller"),
        pytest.param("comment y siéger ?", True, id="y siéger"),
        pytest.param("j’y habite", False, id="j’y habite"),
        pytest.param("il y a quoi ?", False, id="il y a"),
    ],
)
def test_y_is_what_was_said_before(text, is_place) -> None:
    assert stands_for_a_place(text) == is_place


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        pytest.param("non, les autres", True, id="non"),
        pytest.param("pas ça", True, id="pas ça"),
        pytest.param("nonante", False, id="un mot qui commence ainsi"),
        pytest.param("et pourquoi pas lui ?", False, id="une question"),
    ],
)
def test_a_refusal_goes_elsewhere(text, goes) -> None:
    assert goes_elsewhere(text) == goes


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        pytest.param("qui peut lui expliquer ça ?", False, id="lui expliquer"),
        pytest.param("je veux leur écrire", False, id="leur écrire"),
        pytest.param("leur rôle ?", True, id="leur rôle"),
        pytest.param("et lui ?", True, id="lui"),
        pytest.param("il fait quoi ?", True, id="il fait"),
        pytest.param("il fait beau", False, id="le temps qu’il fait"),
        pytest.param("il est ouvert quand, le bureau ?", False, id="le nom vient après"),
    ],
)
def test_a_pronoun_stands_for_a_name_or_asks_for_somebody(text, stands) -> None:
    assert stands_for_a_name(text) == stands


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("c’est pour qui ?", 0, id="aucun"),
        pytest.param("et des travaux ?", 1, id="un"),
        pytest.param("elle démolit des immeubles ?", 2, id="deux"),
    ],
)
def test_words_that_mean_something_alone_are_counted(text, words) -> None:
    assert count_own_words(text) == words


@pytest.mark.parametrize(
    ("text", "is_some"),
    [
        pytest.param("le mien en est un ?", True, id="en"),
        pytest.param("et les enfants ?", False, id="un mot qui commence ainsi"),
    ],
)
def test_some_of_what_was_told_is_asked_about(text, is_some) -> None:
    assert is_some_of_it(text) == is_some


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("il sert à quoi", True),
        ("c’est où", True),
        ("redites les axes", True),
        ("j’aimerais savoir", True),
        ("et lui ?", True),
        ("bon courage", False),
        ("je m’attendais à mieux", False),
        ("elle habite ici", False),
    ],
)
def test_it_knows_what_asks_for_something(text: str, is_asked: bool) -> None:
    assert asks(text) is is_asked
