"""The second net's model: near to calls for help or not, and which urgence."""

from dataclasses import fields, replace

import numpy as np
import pytest

from components.distress_model import BUCKETS, BYTE_SCALE, DistressModel, count_words, fit
from knowledge.appels import RIEN

RANDOM = np.random.default_rng(0)
CENTRES = {RIEN: RANDOM.normal(size=512), "feu": RANDOM.normal(size=512), "police": RANDOM.normal(size=512)}
WORDS = {RIEN: "quels sont les quartiers", "feu": "la maison brûle", "police": "on force ma porte"}


def sample(kind, count, seed):
    noise = np.random.default_rng(seed).normal(size=(count, 512)) * 0.5
    vectors = (CENTRES[kind] + noise).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), count_words([WORDS[kind]] * count)


@pytest.fixture(scope="module")
def model():
    kinds = np.repeat(list(CENTRES), 30)
    return fit(np.vstack([sample(kind, 30, 1)[0] for kind in CENTRES]), count_words([WORDS[k] for k in kinds]), kinds)


def score(model, dense, words):
    return model.read(dense, words)[0]


def rank_kinds(model, dense, words):
    return model.read(dense, words)[1]


@pytest.mark.parametrize("kind", ["feu", "police"])
def test_a_call_is_near_and_its_urgence_comes_first(model, kind):
    dense, words = sample(kind, 10, 2)
    assert (score(model, dense, words) > 0.5).all()
    assert set(model.kinds[rank_kinds(model, dense, words).argmax(axis=1)]) == {kind}


def test_anything_else_is_far(model):
    assert (score(model, *sample(RIEN, 10, 2)) < -0.5).all()


def test_words_count_beside_the_sentence(model):
    dense, _ = sample(RIEN, 1, 3)
    calls, others = count_words([WORDS["feu"]]), count_words([WORDS[RIEN]])
    assert score(model, dense, calls) > score(model, dense, others)


def test_the_kinds_are_weighed_to_one(model):
    assert rank_kinds(model, *sample("feu", 4, 4)).sum(axis=1) == pytest.approx(1.0)


def test_it_is_stored_small_and_read_back_alike(model, tmp_path):
    path = tmp_path / "model.npz"
    model.save(path)
    read = DistressModel.load(path)
    assert {field.name: getattr(read, field.name).shape for field in fields(read)} == {
        field.name: getattr(model, field.name).shape for field in fields(model)
    }
    for kind in CENTRES:
        data = sample(kind, 10, 5)
        assert score(read, *data) == pytest.approx(score(model, *data), abs=0.05)
        assert rank_kinds(read, *data) == pytest.approx(rank_kinds(model, *data), abs=0.02)


def test_a_model_of_an_older_release_is_read_too(model, tmp_path):
    path, (dense, words) = tmp_path / "model.npz", sample("feu", 10, 6)
    # Before there was a basis, vectors were kept as they are, and kinds were a straight line of vector and n-grams.
    support = np.round(model.support @ model.basis.T * BYTE_SCALE) / BYTE_SCALE
    whole = replace(model, basis=np.eye(512, dtype=np.float32), support=support)
    straight = np.random.default_rng(7).normal(size=(512 + BUCKETS, 2)).astype(np.float16)
    whole.save(path)
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files if "basis" not in name and not name.startswith("kind_")}
    arrays |= {"kind_weights": straight, "kind_intercept": np.zeros(2, dtype=np.float32)}
    np.savez_compressed(path, **arrays)
    read = DistressModel.load(path)
    assert score(read, dense, words) == pytest.approx(score(whole, dense, words), abs=0.05)
    odds = np.exp(dense @ straight[:512] + words @ straight[512:].astype(np.float32))
    assert rank_kinds(read, dense, words) == pytest.approx(odds / odds.sum(axis=1, keepdims=True), abs=0.02)
