import pytest
from component_case import build, said
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.sentence_ngrams import SentenceNgrams

SETTINGS = {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 5, "min_df": 1}
TEXTS = ["qui sont les partenaires", "la caf", "", "où est le moulin", "les partenaires"]


def featurize(component, folder):
    """The features of TEXTS, learnt from them."""
    folder.mkdir()
    tokenizer = build(WhitespaceTokenizer, folder)
    messages = [said(text) for text in TEXTS]
    for message in messages:
        message.set(INTENT, "caf")
    data = tokenizer.process_training_data(TrainingData(messages))
    featurizer = build(component, folder, **SETTINGS)
    featurizer.train(data)
    return featurizer.process_training_data(data).training_examples


@pytest.fixture
def ours(tmp_path):
    return featurize(SentenceNgrams, tmp_path / "ours")


def test_a_sentence_has_the_counts_that_rasa_gives_it(ours, tmp_path):
    rasa = featurize(CountVectorsFeaturizer, tmp_path / "rasa")
    pairs = [(a.get_sparse_features(TEXT)[1], b.get_sparse_features(TEXT)[1]) for a, b in zip(ours, rasa, strict=True)]
    assert [(a is None, b is None) for a, b in pairs] == [(not text, not text) for text in TEXTS]
    assert all((a.features != b.features).nnz == 0 and a.features.nnz > 0 for a, b in pairs if a)


def test_tokens_have_none(ours):
    assert [message.get_sparse_features(TEXT)[0] for message in ours] == [None] * len(TEXTS)


@pytest.mark.parametrize("text", ["la caf", "les les partenaires, où ça ?", "zzz", "é"])
def test_a_message_is_counted_like_an_example(tmp_path, text):
    def counts_of(component):
        folder = tmp_path / component.__name__
        folder.mkdir()
        tokenizer = build(WhitespaceTokenizer, folder)
        examples = [said(text) for text in TEXTS if text]
        for example in examples:
            example.set(INTENT, "caf")
        featurizer = build(component, folder, **SETTINGS)
        featurizer.train(tokenizer.process_training_data(TrainingData(examples)))
        (message,) = featurizer.process(tokenizer.process([said(text)]))
        return message.get_sparse_features(TEXT)[1].features

    ours, rasa = counts_of(SentenceNgrams), counts_of(CountVectorsFeaturizer)
    assert ours.shape == rasa.shape
    assert ours.toarray().tolist() == rasa.toarray().tolist()
    assert (ours.toarray().sum() > 0) == (text not in ("zzz", "é"))
