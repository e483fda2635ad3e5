import pytest
from component_case import build, said
from rasa.shared.nlu.constants import TEXT

from components.french_tokenizer import FrenchTokenizer
from components.spacy_nlp import EVERY_PIPE, LeanSpacyNLP, load_language

MODEL = "fr_core_news_md"


@pytest.fixture(scope="module")
def tokenize(tmp_path_factory):
    """The tokens of a text, as the pipeline makes them: spaCy reads it, then the tokenizer."""
    folder = tmp_path_factory.mktemp("tokenizer")
    spacy_nlp, tokenizer = build(LeanSpacyNLP, folder, model=MODEL), build(FrenchTokenizer, folder)
    model = spacy_nlp.provide()

    def tokens(text):
        (message,) = spacy_nlp.process([said(text)], model)
        return tokenizer.tokenize(message, TEXT)

    return tokens


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        pytest.param("L’État signe", ["l", "etat", "signe"], id="apostrophe-and-accents"),
        pytest.param("L'ETAT SIGNE", ["l", "etat", "signe"], id="straight-apostrophe-and-capitals"),
        pytest.param("ouiiiii", ["oui"], id="stretched-letters"),
        pytest.param("qui ?", ["qui", "?"], id="punctuation-stays-a-token"),
        pytest.param("où\u200b est-ce", ["ou", "est", "ce"], id="invisible-character"),
    ],
)
def test_lemmas_are_free_of_what_people_write_differently(tokenize, text, lemmas):
    assert " ".join(token.lemma for token in tokenize(text)).split() == lemmas


@pytest.mark.parametrize("text", ["L’État signe  le Contrat de Ville", "  où est-ce ?", "aujourd’hui, c’est où ?"])
def test_positions_stay_those_of_the_raw_text(tokenize, text):
    tokens = tokenize(text)
    assert tokens
    assert [text[token.start : token.end].lower() for token in tokens] == [token.text for token in tokens]


def test_spacy_is_loaded_once_for_the_process(tmp_path):
    first, second = (build(LeanSpacyNLP, tmp_path, model=MODEL).provide().model for _ in range(2))
    assert first is second


def test_it_keeps_no_pipe_that_is_not_asked_for():
    assert set(load_language(MODEL, ()).pipe_names).isdisjoint(EVERY_PIPE)
