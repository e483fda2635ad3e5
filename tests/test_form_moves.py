"""What residents do in the middle of a request: stop, consent, refuse, ask, correct."""

from __future__ import annotations

import pytest

from actions.form_moves import (
    agrees,
    asks_why,
    declines,
    has_reserve,
    hesitates,
    is_aside,
    is_cancel,
    is_correction,
    is_dont_know,
    refuses,
    split_questions,
    tells_of_oneself,
    wants_change,
)


@pytest.mark.parametrize(
    "text",
    [
        "annuler",
        "Annulez tout svp",
        "j'arrête",
        "jarrete",
        "je veux annuler ma demande",
        "laissez tomber",
        "lesse tombé",
        "STOP !!!",
        "stop, j’abandonne",
        "non merci laissez tomber",
        "finalement non, j’annule",
        "on arrête là",
        "je ne veux plus continuer",
        "oubliez ça",
        "tant pis",
        "au revoir",
    ],
)
def test_it_knows_when_to_stop(text: str) -> None:
    assert is_cancel(text)


@pytest.mark.parametrize(
    "text",
    [
        "annulez mon rendez-vous à la CAF",
        "arrêtez de couper l’eau",
        "le bus ne s’arrête plus ici",
        "ils ont laissé tomber le quartier",
        "non",
        "Karim Benali",
        "",
    ],
)
def test_it_does_not_stop_for_a_word(text: str) -> None:
    assert not is_cancel(text)


@pytest.mark.parametrize(
    "text", ["oui", "Oui, c’est bon", "ok", "d’accord", "j’accepte", "oui pas de problème", "envoyez", "dac", "👍"]
)
def test_it_knows_consent(text: str) -> None:
    assert agrees(text) and not has_reserve(text) and not refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "oui mais changez mon nom",
        "oui ?",
        "ok attendez",
        "oui, c’est gardé combien de temps ?",
        "oui sauf le nom",
    ],
)
def test_a_yes_with_a_reserve_is_no_consent(text: str) -> None:
    assert has_reserve(text)


@pytest.mark.parametrize(
    "text", ["non", "nan", "je refuse", "je n’accepte pas", "pas d’accord", "n’envoyez rien", "👎"]
)
def test_it_knows_a_refusal(text: str) -> None:
    assert refuses(text) and not agrees(text)


@pytest.mark.parametrize("text", ["je ne sais pas", "jsp", "chais pas", "aucune idée", "je suis pas sûre"])
def test_it_knows_that_one_does_not_know(text: str) -> None:
    assert is_dont_know(text)


@pytest.mark.parametrize(
    "text",
    ["je préfère ne pas le dire", "anonyme", "passer", "g pas de tel", "j’en ai pas", "je veux pas donner mon numéro"],
)
def test_it_knows_that_one_prefers_not_to_say(text: str) -> None:
    assert declines(text)


@pytest.mark.parametrize(
    ("text", "stated", "is_asking"),
    [
        ("Rue de Lille, c’est quoi un conseil citoyen ?", "Rue de Lille", True),
        ("c’est quoi un conseil citoyen ?", "", True),
        ("et la CAF, elle est partenaire ?", "et la CAF", True),
        ("vous gardez mes données combien de temps", "", True),
        ("rue de Lille ?", "rue de Lille ?", False),
        ("Karim Benali", "Karim Benali", False),
        ("Quentin Ouali", "Quentin Ouali", False),
    ],
)
def test_it_tells_what_is_stated_from_what_is_asked(text: str, stated: str, is_asking: bool) -> None:
    assert split_questions(text) == (stated, is_asking)


@pytest.mark.parametrize(
    "text", ["pourquoi ?", "pourquoi vous me demandez ça ?", "mon nom est obligatoire ?", "c’est pour quoi faire ?"]
)
def test_it_knows_a_question_about_the_question(text: str) -> None:
    assert asks_why(text)


def test_other_questions_are_not_about_the_question() -> None:
    assert not asks_why("pourquoi a-t-on créé les conseils citoyens ?")


@pytest.mark.parametrize(
    "text",
    [
        "finalement c’est pour une association",
        "en fait mets plutôt mon mail",
        "non, rue de Lille",
        "je me suis trompé de numéro",
    ],
)
def test_it_knows_a_change_of_mind(text: str) -> None:
    assert is_correction(text)


def test_it_knows_what_has_to_change() -> None:
    assert wants_change("je veux changer mon téléphone")
    assert wants_change("il y a une erreur dans le résumé")
    assert not wants_change("Marie Lefaux")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("au fait, qui sont les partenaires ?", True),
        ("et qui sont les partenaires, au fait ?", True),
        ("le fait est que la rue est sale", False),
    ],
)
def test_it_knows_when_it_is_spoken_to(text: str, expected: bool) -> None:
    assert is_aside(text) == expected


@pytest.mark.parametrize(
    "text", ["attendez", "euh, deux minutes", "je sais pas trop", "laissez-moi réfléchir", "peut-être"]
)
def test_it_waits_for_those_who_hesitate(text: str) -> None:
    assert hesitates(text)


@pytest.mark.parametrize("text", ["", "je ne sais pas", "oui", "non attendez", "Minute Papillon", "on attend un bus"])
def test_a_plain_answer_is_no_hesitation(text: str) -> None:
    assert not hesitates(text)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("je suis retraité", True),
        ("ben nous on tient un bar", True),
        ("moi j'habite à Beuvry", True),
        ("j’ai droit à des aides", False),
        ("je suis concerné ?", False),
        ("la caf elle fait quoi", False),
    ],
)
def test_it_knows_what_one_tells_of_oneself(text: str, is_told: bool) -> None:
    assert tells_of_oneself(text) is is_told
