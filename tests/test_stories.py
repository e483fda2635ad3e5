"""The question of a long message is read without the story around it."""

from __future__ import annotations

import pytest

from knowledge.stories import find_last_question, find_question_from_home, find_told_questions, leave_out_place

STORY = "bonjour voilà mon fils a vingt ans il dort jusqu’à midi et son père n’en peut plus"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param(
            f"{STORY} est-ce que vous aidez les jeunes à travailler",
            "est-ce que vous aidez les jeunes à travailler",
            id="à-la-fin",
        ),
        pytest.param(
            f"{STORY} est-ce que vous faites quelque chose pour ça",
            "jusqu’à midi et son père n’en peut plus est-ce que vous faites quelque chose pour ça",
            id="renvoie-à-ce-qui-précède",
        ),
        pytest.param(
            f"{STORY} je voudrais savoir quels sont les quartiers concernés par votre politique",
            "quels sont les quartiers concernés par votre politique",
            id="la-dernière-d-abord",
        ),
        pytest.param(
            f"{STORY} est-ce que vous aidez les jeunes à travailler parce que là c’est dur merci beaucoup",
            "est-ce que vous aidez les jeunes à travailler",
            id="sans-la-raison",
        ),
        pytest.param(
            f"{STORY} sa mère veut savoir si la rue des Fleurs est dans le périmètre",
            "savoir si la rue des Fleurs est dans le périmètre",
            id="question-rapportée",
        ),
        pytest.param(
            f"{STORY} on m’a parlé de la CAF est-ce qu’elle est partenaire du contrat",
            "on m’a parlé de la CAF est-ce qu’elle est partenaire du contrat",
            id="un-pronom-renvoie-à-ce-qui-précède",
        ),
        pytest.param(
            "tkt je veux juste savoir qui sont les partenaires",
            "qui sont les partenaires",
            id="ce-que-l-on-veut-savoir",
        ),
        pytest.param(
            f"{STORY} il manque le nom du septième axe c’est lequel déjà",
            "il manque le nom du septième axe c’est lequel déjà",
            id="trop-courte-seule",
        ),
    ],
)
def test_it_cuts_the_question_out(text, first):
    assert find_told_questions(text)[0].endswith(first)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="vide"),
        pytest.param("un appartement me plaît, je veux savoir s’il est en quartier prioritaire", id="un-pronom"),
        pytest.param("est-ce que vous aidez les jeunes à travailler", id="court"),
        pytest.param(STORY + " merci de m’avoir lue jusqu’au bout et bonne journée à vous", id="rien-de-demandé"),
        pytest.param(f"{STORY} ? est-ce que vous aidez les jeunes ?", id="plusieurs-questions-marquées"),
    ],
)
def test_it_leaves_the_rest_whole(text):
    assert find_told_questions(text) == []


def test_a_question_in_the_middle_is_found():
    text = f"bonjour comment entrer au conseil citoyen parce que {STORY} et voilà merci beaucoup de votre réponse"
    assert any("comment entrer au conseil citoyen" in question for question in find_told_questions(text))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        pytest.param("Je tiens un club. Quelles sont vos priorités ?", "Quelles sont vos priorités ?", id="à-la-fin"),
        pytest.param("Quelles sont vos priorités ?", None, id="toute-la-phrase"),
        pytest.param("Je tiens un club.", None, id="sans-question"),
        pytest.param(f"{STORY}, c’est usant. Que faites-vous ?", None, id="long"),
    ],
)
def test_the_last_question_of_a_short_message_is_cut_out(text, question):
    assert find_last_question(text) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        pytest.param("J’habite rue de Lille, ai-je droit à une aide ?", "ai-je droit à une aide ?", id="virgule"),
        pytest.param("On vit au Mont-Liébaut. Qui nous aide ?", "Qui nous aide ?", id="point"),
        pytest.param("Je tiens un club, quelles sont vos priorités ?", None, id="autre-chose"),
        pytest.param("Je vis ici et je voudrais vous écrire", None, id="sans-question"),
    ],
)
def test_where_one_lives_is_cut_off_its_question(text, question):
    assert find_question_from_home(text) == question


@pytest.mark.parametrize(
    ("before", "place", "after", "left"),
    [
        pytest.param(
            "Quelles actions ont été menées au ", "Mont-Neuf", " ?", "Quelles actions ont été menées ?", id="end"
        ),
        pytest.param("y a des aides pour les gens du ", "Mont-Neuf", "", "y a des aides pour les gens", id="no-sign"),
        pytest.param("au ", "Mont-Neuf", " on fait quoi pour l’école ?", "on fait quoi pour l’école ?", id="start"),
        pytest.param(
            "dans le quartier de la ",
            "rue Basse",
            ", que fait-on pour l’emploi",
            "que fait-on pour l’emploi",
            id="comma",
        ),
        pytest.param("et le ", "Mont-Neuf", " ?", None, id="nothing-else"),
    ],
)
def test_what_is_asked_besides_a_place(before, place, after, left):
    text = before + place + after
    assert leave_out_place(text, len(before), len(before) + len(place)) == left
