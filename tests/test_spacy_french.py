from pathlib import Path

import pytest
import spacy

from components.spacy_nlp import EVERY_PIPE, FRENCH_MODEL, load_language
from knowledge.content import content_folder

WRITTEN = [
    pytest.param("faux-vampire, saut-de-ski et pet-en-l’air", id="words-with-a-hyphen"),
    pytest.param("r'appel, entr’aide, grand’mère", id="words-with-an-apostrophe"),
    pytest.param("Y a-t-il un conseil citoyen au Mont-Liébaut ?", id="inversion-and-a-name"),
    pytest.param("AUJOURD’HUI PEUT-ÊTRE", id="capitals"),
    pytest.param("rendez-vous à 14h30, 2€/pers.", id="numbers-and-units"),
    pytest.param("l’a caf c koi ?? :-)", id="typed-in-a-hurry"),
]


@pytest.fixture(scope="module")
def ours():
    """The tokenizer of the assistant."""
    return load_language(FRENCH_MODEL, ()).tokenizer


@pytest.fixture(scope="module")
def stock(ours):
    """That of the model as spaCy itself reads it from disk: after ours, whose rules it would have imported its way."""
    return spacy.load(FRENCH_MODEL, exclude=[*EVERY_PIPE, "vocab"]).tokenizer


def _tokens(tokenizer, text):
    return [token.text for token in tokenizer(text)]


@pytest.mark.parametrize("text", WRITTEN)
def test_tokens_are_those_of_the_model(ours, stock, text):
    assert _tokens(ours, text) == _tokens(stock, text)


def test_the_whole_content_has_the_tokens_of_the_model(ours, stock):
    lines = {line for path in _content_files() for line in path.read_text(encoding="utf-8").splitlines()}
    assert len(lines) > 1000
    assert [line for line in lines if _tokens(ours, line) != _tokens(stock, line)] == []


def _content_files() -> list[Path]:
    return [path for path in content_folder().rglob("*") if path.suffix in (".md", ".yml", ".txt")]
