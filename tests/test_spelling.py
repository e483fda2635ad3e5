from itertools import pairwise

import pytest
from component_case import build, said
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.alias_extractor import place_in_text
from components.spelling import PIECES, SpellingCorrector, pieces_of, reading_of
from knowledge.gazetteer import Mention
from knowledge.spelling import Corrector, load_abbreviations

WRITTEN = [
    "Le contrat de ville réunit l’État, la CAF et les bailleurs sociaux : ce sont les partenaires.",
    "Le conseil citoyen est ouvert aux habitants du quartier prioritaire du Mont-Liébaut.",
    "La politique de la ville finance l’école, l’emploi, la santé et les axes du contrat.",
] * 3
ASKED = ["j’habite dans quel quartier", "donnez-moi la liste", "comment rejoindre le conseil citoyen"] * 2
TABLE = {
    "c": "c’est",
    "koi": "quoi",
    "g": "j’ai",
    "pk": "pourquoi",
    "ds": "dans",
    "on fé": "on fait",
    "o": "au",
    "cest": "c’est",
    "vil": "ville",
    "aise": "aise",
}
FOREIGN = ["what", "is", "the", "how", "jest", "co"]


CORRECTOR = Corrector(WRITTEN, ASKED, TABLE, FOREIGN)


@pytest.fixture
def corrector():
    return CORRECTOR


NOISY = [
    pytest.param("c koi", "c’est quoi", id="sms"),
    pytest.param("pk ds ma rue", "pourquoi dans ma rue", id="sms-cuts"),
    pytest.param("komment on fé", "comment on fait", id="phrase-of-the-table"),
    pytest.param("le conseil sitoyen", "le conseil citoyen", id="sound"),
    pytest.param("les partenères", "les partenaires", id="sound-of-own-word"),
    pytest.param("la politik de la vil", "la politique de la ville", id="sound-and-table"),
    pytest.param("un logemant", "un logement", id="sound-of-french"),
    pytest.param("le contart", "le contrat", id="swapped-letters"),
    pytest.param("c’est poru dnas la rue", "c’est pour dans la rue", id="swapped-letters-in-short-words"),
    pytest.param("le jouur de la réunion", "le jour de la réunion", id="letter-twice-in-a-short-word"),
    pytest.param("une ruze", "une ruse", id="letter-heard-before-the-key-beside"),
    pytest.param("la quetsion", "la question", id="swapped-letters-in-a-long-word"),
    pytest.param("ajuourd’hui", "aujourd’hui", id="swapped-letters-before-an-apostrophe"),
    pytest.param("quellle liste", "quelle liste", id="letter-three-times-in-a-double-one"),
    pytest.param("lheure", "l’heure", id="glued-article-before-sound"),
    pytest.param("jabite ici", "j’habite ici", id="glued-je"),
    pytest.param("le conseil dquartier", "le conseil de quartier", id="glued-de"),
    pytest.param("lecole", "l’école", id="glued-article"),
    pytest.param("l etat", "l’état", id="space-for-apostrophe"),
    pytest.param("donnezmoilaliste", "donnez moi la liste", id="no-spaces"),
    pytest.param("lapolitikdelavil", "la politique de la ville", id="no-spaces-and-sounds"),
    pytest.param("le conseil sitoiyin", "le conseil citoyen", id="sound-of-yen"),
    pytest.param("g un contart", "j’ai un contrat", id="a-word-of-the-table-before-a-small-one"),
    pytest.param("la c a f", "la caf", id="letter-by-letter"),
    pytest.param("la C.A.F, oui", "la caf, oui", id="letter-by-letter-with-full-stops"),
    pytest.param("pour y allé", "pour y aller", id="infinitive"),
    pytest.param("le comité pour la santé", "le comité pour la santé", id="no-infinitive"),
    pytest.param("le conte rat", "le contrat", id="homophones"),
    pytest.param("la poli tique", "la politique", id="word-cut-in-two"),
    pytest.param("la sante", "la santé", id="accents"),
    pytest.param("CEST QUOI", "c’est QUOI", id="capitals"),
    pytest.param("les partenaiiiires", "les partenaires", id="stretched"),
    pytest.param("le mont liebo", "le mont liébaut", id="name"),
]


@pytest.mark.parametrize(("typed", "meant"), NOISY)
def test_it_reads_what_was_meant(corrector, typed, meant):
    assert corrector.correct(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), NOISY)
def test_what_it_mended_stays(corrector, typed, meant):
    assert corrector.correct(meant) == meant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Pourquoi parle-t-on du quartier ?", id="hyphens"),
        pytest.param("les nouvelles de la b. b. c. ici", id="spelt-out"),
        pytest.param("Quels projets ont été réalisés, et qu’est-ce qui reste ?", id="participles"),
        pytest.param("C’est l’école d’à côté", id="elisions"),
        pytest.param("à l’aise avec la liste", id="a-word-that-the-table-keeps"),
        pytest.param("mon thé, ma tasse et mes affaires", id="rare-words"),
        pytest.param("vers le nord ou vers l’ouest", id="homophones-that-exist"),
        pytest.param("rappelez-moi à 18 h 30", id="digits"),
        pytest.param("", id="empty"),
        pytest.param("?! 😀", id="no-word"),
        pytest.param("Monsieur Dupond-Lavoisier", id="name-of-a-person"),
    ],
)
def test_it_leaves_what_is_right(corrector, text):
    assert corrector.correct(text) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("what is the city contract", id="english"),
        pytest.param("co to jest kontrakt", id="polish"),
        pytest.param("ما هو عقد المدينة", id="arabic"),
    ],
)
def test_it_does_not_mangle_other_languages(corrector, text):
    assert corrector.correct(text) == text


@given(st.text(st.sampled_from("abcdeéiklnoqrstuz '’-.C"), max_size=40))
def test_pieces_cover_words_of_the_raw_text_in_order(text):
    pieces = CORRECTOR.read(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))


def test_a_name_found_in_the_reading_covers_whole_words_of_the_text(corrector):
    text = "c koi le conte rat ?"
    pieces = corrector.read(text)
    reading = "".join(piece.text for piece in pieces)
    start = reading.index("contrat")
    found = place_in_text(Mention("contrat", "notion", "Le contrat", start, start + 7, 1.0), pieces)
    assert text[found.start : found.end] == "conte rat"


def test_it_reads_the_table_that_staff_keep(tmp_path):
    (tmp_path / "abreviations.yml").write_text("mots: [wifi]\nabreviations:\n  koi: quoi\n", encoding="utf-8")
    assert load_abbreviations(tmp_path) == {"wifi": "wifi", "koi": "quoi"}


def test_content_without_a_table_has_no_abbreviation(tmp_path):
    assert load_abbreviations(tmp_path) == {}


def test_the_component_keeps_the_text_beside_its_reading(tmp_path):
    (message,) = build(SpellingCorrector, tmp_path).process([said("c koi")])
    assert (message.get("text"), reading_of(message)) == ("c koi", "c’est quoi")


def test_training_examples_are_read_the_same_way(tmp_path):
    examples = TrainingData([said("c koi", "greet")])
    build(SpellingCorrector, tmp_path).process_training_data(examples)
    assert reading_of(examples.training_examples[0]) == "c’est quoi"


def test_a_message_that_nobody_read_is_its_own_reading():
    message = said("c koi")
    assert message.get(PIECES) is None
    assert (reading_of(message), [piece.text for piece in pieces_of(message)]) == ("c koi", ["c koi"])
