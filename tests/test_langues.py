"""Which language a message is in; a short French message is French."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.genres import load_genres
from knowledge.langues import Langues, load_langues

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def langues() -> Langues:
    return load_langues(DATA)


@pytest.mark.parametrize(
    ("text", "langue"),
    [
        pytest.param("which areas are part of it?", "en", id="anglais"),
        pytest.param("¿quién firma el contrato?", "es", id="espagnol"),
        pytest.param("quem assina o contrato?", "pt", id="portugais"),
        pytest.param("chi firma il contratto?", "it", id="italien"),
        pytest.param("wer unterschreibt den Vertrag?", "de", id="allemand"),
        pytest.param("wie zijn de partners?", "nl", id="néerlandais"),
        pytest.param("kto podpisuje umowę? jak to jest", "pl", id="polonais"),
        pytest.param("sözleşmeyi kim imzalıyor?", "tr", id="turc"),
        pytest.param("cine semnează contractul pentru oraș", "ro", id="roumain"),
        pytest.param("кто подписывает договор?", "ru", id="russe"),
        pytest.param("хто підписує договір?", "uk", id="ukrainien"),
        pytest.param("من يوقع العقد؟", "ar", id="arabe"),
        pytest.param("chkoun li kaysni had contrat", "ar-Latn", id="arabizi"),
    ],
)
def test_it_knows_the_languages_of_the_town(langues: Langues, text: str, langue: str) -> None:
    assert langues.detect(text) == langue


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="vide"),
        pytest.param("?", id="ponctuation"),
        pytest.param("👍", id="emoji"),
        pytest.param("CAF", id="sigle"),
        pytest.param("c koi", id="sms"),
        pytest.param("wesh", id="argot"),
        pytest.param("komen on fé pour etre dan le conseil sitoyen", id="phonétique"),
        pytest.param("le Mont-Liébaut", id="nom propre"),
        pytest.param("un job dans le week-end", id="mots anglais du français"),
    ],
)
def test_it_takes_the_rest_for_french(langues: Langues, text: str) -> None:
    assert langues.detect(text) == "fr"


def test_it_takes_no_question_of_the_lists_for_another_language(langues: Langues) -> None:
    questions = [question for genre in load_genres(DATA).values() for question in genre.questions]
    assert len(questions) > 100
    assert [question for question in questions if langues.detect(question) != "fr"] == []


def test_each_language_has_a_sentence(langues: Langues) -> None:
    assert all(langues.phrases.values())
    assert set(langues.mots) - {"fr"} <= set(langues.phrases)
