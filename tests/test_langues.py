"""Which language a message is in; a short French message is French."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.genres import load_genres
from knowledge.gloss import read_message
from knowledge.langues import Langues, load_langues
from knowledge.spelling import Corrector

DATA = Path(__file__).parent.parent / "data"
CORRECTOR = Corrector([], [], {})


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
        pytest.param("добрый день, моя улица входит?", "ru", id="russe-aux-mots-partagés"),
        pytest.param("хто підписує договір?", "uk", id="ukrainien"),
        pytest.param("من يوقع العقد؟", "ar", id="arabe"),
        pytest.param("chkoun li kaysni had contrat", "ar-Latn", id="arabizi"),
        pytest.param("chkoun les partenaires", "ar-Latn", id="arabizi-et-un-nom-français"),
        pytest.param("n3ref wach zen9ti m3niya", "ar-Latn", id="arabizi-par-ses-chiffres"),
        pytest.param("як вступити до ради?", "uk", id="ukrainien-par-ses-mots"),
        pytest.param("is mont liebaut included?", "en", id="un-nom-de-chez-nous"),
        pytest.param("explain the politique de la ville please", "en", id="un-nom-plus-long"),
        pytest.param("isn't the CAF there", "en", id="mot-contracté"),
        pytest.param("bonjour, where is the list please", "en", id="après-un-mot-de-français"),
        pytest.param("hello", "en", id="un-seul-mot"),
        pytest.param("bghit numero d telephone dyalkom", "ar-Latn", id="arabizi-aux-noms-français"),
        pytest.param("¿es usted un robot?", "es", id="un-point-renversé"),
        pytest.param("mi padre no respira", "es", id="de-petits-mots-communs-au-français"),
        pytest.param("vorrei morire, non ce la faccio più", "it", id="presque-tous-communs-au-français"),
        pytest.param("я больше не хочу жить", "ru", id="russe-et-non-ukrainien"),
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
        pytest.param("tu me casses les oreilles", id="petits-mots-communs-à-l-espagnol"),
        pytest.param("le feu se raproche de la meson", id="petits-mots-communs-au-roumain"),
        pytest.param("c koi", id="sms"),
        pytest.param("wesh", id="argot"),
        pytest.param("komen on fé pour etre dan le conseil sitoyen", id="phonétique"),
        pytest.param("le Mont-Liébaut", id="nom propre"),
        pytest.param("un job dans le week-end", id="mots anglais du français"),
        pytest.param("ok merci", id="deux-mots"),
        pytest.param("bjr", id="abrégé"),
        pytest.param("mont liebaut", id="nom-sans-accent"),
        pytest.param("sida", id="un-mot-de-quatre-lettres"),
        pytest.param("jve dla musik", id="dla"),
        pytest.param("no", id="deux-lettres"),
        pytest.param("hé ho", id="interjections"),
        pytest.param("le 7 mai", id="une-date"),
        pytest.param("la 3eme fois, à 9h30", id="des-chiffres"),
        pytest.param("ya plu okun magazin ds le kartié", id="sms"),
        pytest.param("https://www.the-best-of.example/what", id="adresse"),
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


@pytest.mark.parametrize(
    ("text", "langue", "read"),
    [
        pytest.param("kifach ndkhol l CAF", "ar-Latn", "comment entrer la CAF", id="arabizi"),
        pytest.param("Wach ma 3andi   fin nbat ?", "ar-Latn", "est-ce que je n’ai pas   où dormir ?", id="deux-mots"),
        pytest.param("لا أريد أن أعيش", "ar", "je ne veux pas أن أعيش", id="une-négation"),
        pytest.param("cum intru în consiliul", "ro", "comment rejoindre dans le conseil", id="roumain"),
        pytest.param("كاين السرقة فالحومة", "ar", "il y a les vols dans le quartier", id="un-mot-attaché"),
        pytest.param("bghit dzen9a", "ar-Latn", "je veux rue", id="une-lettre-attachée"),
        pytest.param("شنو عقد المدينة؟", "ar", "quel contrat de ville؟", id="darija"),
        pytest.param(
            "راني ساكن هنا واش حنا معنيين", "ar", "j’habite هنا est-ce que nous sommes concernés", id="habiter"
        ),
        pytest.param("ليس عندي عمل", "ar", "je n’ai pas emploi", id="une-négation-devant-un-mot-connu"),
        pytest.param(
            "bonjour je veux savoir واش الزنقة ديالي QPV",
            "fr",
            "bonjour je veux savoir est-ce que ma rue QPV",
            id="du-français-autour",
        ),
        pytest.param("شنو الكونطرا دو فيل؟", "ar", "quel le contrat de ville؟", id="trois-mots"),
    ],
)
def test_a_dialect_is_read_word_by_word(langues: Langues, text: str, langue: str, read: str) -> None:
    assert langues.detect(text) == langue
    pieces = read_message(text, CORRECTOR, langues)
    assert "".join(piece.text for piece in pieces) == read
    # Every piece has its place, and together they are the whole text.
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("which areas are part of it?", id="anglais"),
        pytest.param("fin des travaux, b ou c ?", id="français-aux-mêmes-mots"),
        pytest.param("", id="vide"),
    ],
)
def test_other_messages_are_read_as_they_are(langues: Langues, text: str) -> None:
    assert "".join(piece.text for piece in read_message(text, CORRECTOR, langues)) == text


@pytest.mark.parametrize(
    ("before", "text", "langue"),
    [
        pytest.param("es", "y el segundo?", "es", id="espagnol"),
        pytest.param("pt", "e o segundo ?", "pt", id="portugais"),
        pytest.param("nl", "en de rechtbank ?", "nl", id="néerlandais"),
        pytest.param("fr", "y el segundo?", "fr", id="rien-avant"),
        pytest.param("es", "y en a d’autres ?", "fr", id="du-français-après-l’espagnol"),
        pytest.param("en", "et la CAF ?", "fr", id="du-français-après-l’anglais"),
        pytest.param("en", "merci", "fr", id="un-mot"),
        pytest.param("ar-Latn", "le deuxième", "fr", id="du-français-après-l’arabe"),
        pytest.param("xx", "y el segundo?", "fr", id="langue-inconnue"),
    ],
)
def test_a_few_words_go_on_in_the_language_of_the_conversation(
    langues: Langues, before: str, text: str, langue: str
) -> None:
    assert langues.detect(text, before) == langue
