"""What residents answer to a request, in their own words."""

from __future__ import annotations

import pytest

from actions.form_answers import (
    ACTEUR_ECONOMIQUE,
    ADDRESS_IS_NOT_QUARTIER,
    ASSOCIATION,
    AUTRE_QUARTIER,
    HABITANT,
    SEVERAL_PROFILS,
    SEVERAL_QUARTIERS,
    AnswerError,
    find_nom,
    find_profil,
    read_nom,
    read_profil,
    read_quartier,
    read_texte,
)
from knowledge.content import shared_base

BASE = shared_base()
QUARTIERS = [fiche.titre for fiche in BASE.list_genre("quartier")]


@pytest.mark.parametrize(
    ("text", "profil"),
    [
        ("habitante", HABITANT),
        ("je suis une abitante du mont liebaut", HABITANT),
        ("j'habite rue de Lille", HABITANT),
        ("simple citoyen", HABITANT),
        ("locataire depuis 10 ans", HABITANT),
        ("président d'une asso", ASSOCIATION),
        ("asociation de quartier", ASSOCIATION),
        ("on a une association de commerçants", ASSOCIATION),
        ("je préside une asso et j'habite ici", ASSOCIATION),
        ("je tiens une boulangerie", ACTEUR_ECONOMIQUE),
        ("comersant", ACTEUR_ECONOMIQUE),
        ("je ne suis pas habitant mais commerçant", ACTEUR_ECONOMIQUE),
        ("acteur économique", ACTEUR_ECONOMIQUE),
        ("2", ASSOCIATION),
        ("le dernier", ACTEUR_ECONOMIQUE),
        ("juste un papi du quartier", HABITANT),
        ("en tant que parent", HABITANT),
        ("on est une régie du quartier", None),
        ("je veux entrer au conseil citoyen", None),
        ("je suis au chômage", None),
        ("mon voisin peut me prévenir", None),
        ("bof", None),
    ],
)
def test_it_reads_a_profile(text: str, profil: str | None) -> None:
    assert read_profil(text, BASE) == profil


@pytest.mark.parametrize("text", ["habitante et commerçante", "les deux", "les trois à la fois"])
def test_it_asks_which_profile_when_there_are_several(text: str) -> None:
    with pytest.raises(AnswerError, match=SEVERAL_PROFILS[:20]):
        read_profil(text, BASE)


def test_living_somewhere_is_no_profile_in_passing() -> None:
    assert find_profil("j’habite rue de Lille", BASE) is None


def test_an_address_of_an_association_makes_no_profile() -> None:
    assert find_profil("mon mail est asso@boulangerie.fr", BASE) is None


@pytest.mark.parametrize("quartier", QUARTIERS)
def test_it_reads_each_quartier_of_the_town(quartier: str) -> None:
    assert read_quartier(f"je dirais {quartier.lower()}", BASE) == quartier


@pytest.mark.parametrize(
    ("text", "quartier"),
    [
        ("mon liebo", QUARTIERS[0]),
        ("pas rue de Lille, le Mont-Liébaut", QUARTIERS[0]),
        ("1", QUARTIERS[0]),
        ("le deuxième", QUARTIERS[1]),
        ("ni l’un ni l’autre", AUTRE_QUARTIER),
        ("ailleurs", AUTRE_QUARTIER),
        ("au centre-ville", AUTRE_QUARTIER),
        ("j'habite rue Sadi Carnot", AUTRE_QUARTIER),
        ("mon quartier", None),
        ("aucune idée", None),
        ("bonjour", None),
    ],
)
def test_it_reads_a_quartier(text: str, quartier: str | None) -> None:
    assert read_quartier(text, BASE) == quartier


@pytest.mark.parametrize("text", ["120 rue de Lille", "à côté de la rue de Lille", "12 rue des Lilas"])
def test_it_never_rules_on_an_address(text: str) -> None:
    with pytest.raises(AnswerError) as refusal:
        read_quartier(text, BASE)
    assert str(refusal.value) == ADDRESS_IS_NOT_QUARTIER


@pytest.mark.parametrize("text", ["rue de Lille ou Mont-Liébaut", "les deux"])
def test_it_asks_which_quartier_when_there_are_several(text: str) -> None:
    with pytest.raises(AnswerError, match=SEVERAL_QUARTIERS[:20]):
        read_quartier(text, BASE)


@pytest.mark.parametrize(
    ("text", "nom"),
    [
        ("Karim Benali", "Karim Benali"),
        ("je m’appelle Zoé", "Zoé"),
        ("jm'appelle Zoé", "Zoé"),
        ("moi c'est Marie-Claire O'Brien", "Marie-Claire O'Brien"),
        ("bonjour, je suis Paul Liébaut", "Paul Liébaut"),
        ("Mon nom est Dupont et j’habite ici", "Dupont"),
        ("nom : D’Angelo", "D’Angelo"),
        ("BENALI, Karim", "Karim BENALI"),
        ("M. Boulanger (président)", "M. Boulanger"),
        ("Boulanger", "Boulanger"),
        ("Quentin Ouali", "Quentin Ouali"),
        ("Association Les Lilas", "Association Les Lilas"),
        ("Karim Benali, mon tel c'est 06 12 34 56 78", "Karim Benali"),
        ("محمد علي", "محمد علي"),
        ("cest moi Karim", "Karim"),
        ("mon nom ? Paul", "Paul"),
        ("dsl jsui Karim", "Karim"),
        ("Łukasz Nowak", "Łukasz Nowak"),
    ],
)
def test_it_reads_the_name_only(text: str, nom: str) -> None:
    assert read_nom(text, BASE) == nom


@pytest.mark.parametrize(
    "text",
    [
        "je voudrais savoir qui vous êtes",
        "une habitante",
        "il manque un banc au square",
        "habitante",
        "06 12 34",
        "12 rue des Lilas",
        "en fait mets plutôt autre chose",
        "x",
        "?",
        "a" * 81,
    ],
)
def test_it_takes_nothing_else_for_a_name(text: str) -> None:
    with pytest.raises(AnswerError):
        read_nom(text, BASE)


@pytest.mark.parametrize("text", ["rue de Lille", "mont liebaut", "06 12 34 56 78", "oui", "bonjour"])
def test_a_place_a_number_or_a_greeting_is_no_name(text: str) -> None:
    assert read_nom(text, BASE) is None


def test_a_name_in_passing_is_said_to_be_one() -> None:
    assert find_nom("Karim Benali", BASE) is None
    assert find_nom("mon nom c’est Benali, pas Bénali", BASE) == "Benali"
    assert find_nom("mon nom est mal écrit", BASE) is None


def test_it_keeps_a_message_as_it_is() -> None:
    assert read_texte("  L’éclairage\nest cassé {rue} <b>\u200b ", BASE) == "L’éclairage\nest cassé {rue} <b>"


@pytest.mark.parametrize("text", ["", " \u200b", "???", "Bonjour", "bonjour madame !", "a" * 501])
def test_it_refuses_a_message_that_says_nothing_or_too_much(text: str) -> None:
    with pytest.raises(AnswerError):
        read_texte(text, BASE)
