from dataclasses import fields

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from components.linear_model import FOLDS, LinearModel, fit, predict_out_of_fold, weigh

SIZE, NGRAMS = 24, 40
NAMES = ["axes", "caf", "quartiers"]


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def make_examples(names, each=12, noise=0.15, seed=1):
    """Examples whose sentence vector and n-grams both tell their intent."""
    random = np.random.default_rng(seed)
    intents = np.repeat(names, each)
    places = np.searchsorted(np.unique(names), intents)
    dense = unit(np.eye(SIZE)[places] + random.normal(scale=noise, size=(len(intents), SIZE)))
    counts = random.poisson(0.2, size=(len(intents), NGRAMS))
    counts[np.arange(len(intents)), places] += 2
    return dense, csr_matrix(counts), intents


def guess(model, dense, counts):
    return model.classes[model.probabilities(dense, counts).argmax(axis=1)]


def save_and_load(model, folder):
    model.save(folder / "model.npz")
    return LinearModel.load(folder / "model.npz")


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(NAMES, id="three-classes"),
        pytest.param(NAMES[:2], id="two-classes"),
        pytest.param(["a", "b", "c", "d", "e", "f", "g"], id="seven-classes"),
    ],
)
def test_it_learns(names):
    dense, counts, intents = make_examples(names, seed=2)
    model = fit(*make_examples(names))
    probabilities = model.probabilities(dense, counts)
    assert probabilities.shape == (len(intents), len(names))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (guess(model, dense, counts) == intents).all()
    assert probabilities.max(axis=1).min() > 0.5


@pytest.mark.parametrize("part", ["dense", "n-grams"])
def test_it_learns_from_either_part_alone(part):
    dense, counts, intents = make_examples(NAMES)
    if part == "dense":
        counts = csr_matrix(np.eye(NGRAMS)[np.arange(len(intents)) % 7])
    else:
        dense = unit(np.ones(dense.shape))
    assert (guess(fit(dense, counts, intents), dense, counts) == intents).all()


def test_it_gives_the_same_model_twice():
    first, second = fit(*make_examples(NAMES)), fit(*make_examples(NAMES))
    assert all(np.array_equal(getattr(first, field.name), getattr(second, field.name)) for field in fields(first))


def test_it_answers_the_same_once_saved_and_loaded(tmp_path):
    dense, counts, intents = make_examples(NAMES, noise=0.5)
    model = fit(dense, counts, intents)
    loaded = save_and_load(model, tmp_path)
    assert loaded.classes.tolist() == model.classes.tolist()
    assert loaded.labels.tolist() == model.labels.tolist()
    before, after = model.probabilities(dense, counts), loaded.probabilities(dense, counts)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert np.abs(before - after).max() < 0.005
    assert np.abs(model.likeness(dense, model.labels) - loaded.likeness(dense, loaded.labels)).max() < 0.01


def test_what_was_loaded_is_saved_without_a_change(tmp_path):
    once = save_and_load(fit(*make_examples(NAMES)), tmp_path)
    twice = save_and_load(once, tmp_path)
    for field in fields(once):
        before, after = getattr(once, field.name), getattr(twice, field.name)
        assert (before.dtype, before.tolist()) == (after.dtype, after.tolist())


def test_what_it_saves_is_data_only(tmp_path):
    fit(*make_examples(NAMES)).save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_likeness_is_that_of_the_nearest_example_of_the_first_class():
    dense = unit(np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [0, 0, 1]]))
    model = LinearModel(
        classes=np.array(["a", "b"]),
        idf=np.ones(1),
        dense_weights=np.zeros((3, 2)),
        sparse_weights=np.zeros((1, 2)),
        intercept=np.zeros(2),
        foreign_weights=np.zeros((3, 2)),
        foreign_intercept=np.zeros(2),
        examples=dense,
        labels=np.array([0, 1, 0, 1]),
    )
    message = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32)
    assert model.likeness(message, np.array([0, 1, 0])) == pytest.approx([1, 0, 0.8], abs=0.01)


def test_likeness_does_not_depend_on_the_other_classes():
    dense, counts, intents = make_examples(NAMES)
    model = fit(dense, counts, intents)
    assert model.likeness(dense, model.labels).min() > 0.98
    assert model.likeness(dense, (model.labels + 1) % len(NAMES)).max() < 0.9


def test_it_weighs_counts():
    counts = csr_matrix(np.array([[1, 0, 0], [1, 3, 0], [0, 0, 0]], dtype=np.float32))
    weighed = weigh(counts, np.array([1.0, 2.0, 5.0])).toarray()
    ratio = 2.0 * (1 + np.log(3))
    assert weighed[0].tolist() == [1, 0, 0]
    assert weighed[1, 1] / weighed[1, 0] == pytest.approx(ratio)
    assert np.linalg.norm(weighed, axis=1) == pytest.approx([1, 1, 0])
    assert counts.toarray().tolist() == [[1, 0, 0], [1, 3, 0], [0, 0, 0]]


def test_a_message_with_no_known_ngram_still_gets_probabilities():
    model = fit(*make_examples(NAMES))
    nothing = model.probabilities(np.zeros((1, SIZE), dtype=np.float32), csr_matrix((1, NGRAMS)))
    assert np.isfinite(nothing).all()
    assert nothing.sum() == pytest.approx(1)


def test_a_held_back_example_is_never_among_those_learnt_from():
    random = np.random.default_rng(3)
    dense = unit(random.normal(size=(100, SIZE)))
    counts = csr_matrix(random.poisson(0.5, size=(100, NGRAMS)))
    intents = random.permutation(np.repeat(["a", "b"], 50))
    labels = np.searchsorted(["a", "b"], intents)
    learnt = fit(dense, counts, intents)
    probabilities, likeness = predict_out_of_fold(dense, counts, intents)
    # Nothing can be learnt from such noise but by heart, and no vector is near another.
    assert (learnt.probabilities(dense, counts).argmax(axis=1) == labels).mean() > 0.85
    assert (probabilities.argmax(axis=1) == labels).mean() < 0.65
    assert learnt.likeness(dense, labels).min() > 0.98
    assert likeness.max() < 0.85


def test_every_example_is_held_back_once_and_classes_keep_their_places():
    dense, counts, intents = make_examples(NAMES, each=FOLDS)
    probabilities, likeness = predict_out_of_fold(dense, counts, intents)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (np.unique(intents)[probabilities.argmax(axis=1)] == intents).all()
    assert (likeness > 0).all()
