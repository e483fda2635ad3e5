from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix, issparse
from sklearn.model_selection import StratifiedKFold

from components.kernel_model import BLOCK, BYTE_SCALE, FEW, Head, KernelModel, fit, multiply_few, weigh
from components.ridge import FOLDS, SEED

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


def ours(model, dense, counts):
    """Probabilities of messages in the language of the examples."""
    return model.chances(model.read(dense, counts, np.full(len(dense), True))[0])


def foreign(model, dense, counts):
    """Probabilities of messages in any other."""
    return model.chances(model.read(dense, counts, np.full(len(dense), False))[0])


def likeness(model, dense, counts):
    return model.read(dense, counts, np.full(len(dense), True))[1]


def guess(model, dense, counts):
    return model.classes[ours(model, dense, counts).argmax(axis=1)]


def save_and_load(model, folder):
    model.save(folder / "model.npz")
    return KernelModel.load(folder / "model.npz")


def values_of(model):
    """Every array of a model, by its name."""
    parts = {field.name: getattr(model, field.name) for field in fields(model)}
    for head in ("head", "foreign"):
        parts |= {f"{head}.{name}": value for name, value in vars(parts.pop(head)).items()}
    return {name: part.toarray() if issparse(part) else np.asarray(part) for name, part in parts.items()}


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
    model, _ = fit(*make_examples(names))
    probabilities = ours(model, dense, counts)
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
    assert (guess(fit(dense, counts, intents)[0], dense, counts) == intents).all()


def test_it_gives_the_same_model_twice():
    first, second = fit(*make_examples(NAMES))[0], fit(*make_examples(NAMES))[0]
    first, second = values_of(first), values_of(second)
    assert [name for name in first if not np.array_equal(first[name], second[name])] == []


def test_it_answers_the_same_once_saved_and_loaded(tmp_path):
    dense, counts, intents = make_examples(NAMES, noise=0.5)
    model, _ = fit(dense, counts, intents)
    loaded = save_and_load(model, tmp_path)
    assert loaded.classes.tolist() == model.classes.tolist()
    assert loaded.labels.tolist() == model.labels.tolist()
    before, after = ours(model, dense, counts), ours(loaded, dense, counts)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert np.abs(before - after).max() < 0.005
    before, after = foreign(model, dense, counts), foreign(loaded, dense, counts)
    assert np.abs(before - after).max() < 0.005
    assert np.abs(likeness(model, dense, counts) - likeness(loaded, dense, counts)).max() < 0.01


def test_what_was_loaded_is_saved_without_a_change(tmp_path):
    once = save_and_load(fit(*make_examples(NAMES))[0], tmp_path)
    before, after = values_of(once), values_of(save_and_load(once, tmp_path))
    changed = [name for name, value in before.items() if not np.array_equal(value, after[name])]
    assert changed == []
    assert [value.dtype for value in before.values()] == [value.dtype for value in after.values()]


def test_a_model_of_the_first_releases_is_read_too(tmp_path):
    dense, counts, intents = make_examples(NAMES, noise=0.5)
    model, _ = fit(dense, counts, intents)
    loaded = save_and_load(model, tmp_path)
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        stored = {name: array for name, array in arrays.items() if "head" not in name and "foreign" not in name}
    del stored["scale"], stored["basis"], stored["basis_scale"]
    stored["examples"] = np.round(model.examples @ model.basis.T * 127).astype(np.int8)
    stored |= {"weights": model.head.weights, "foreign_weights": model.foreign.weights}
    np.savez_compressed(tmp_path / "model.npz", **stored)
    first = KernelModel.load(tmp_path / "model.npz")
    assert np.abs(ours(first, dense, counts) - ours(loaded, dense, counts)).max() < 0.01
    assert np.abs(foreign(first, dense, counts) - foreign(loaded, dense, counts)).max() < 0.01


def test_directions_kept_in_sixteen_bits_are_read_too(tmp_path):
    dense, counts, intents = make_examples(NAMES)
    model, _ = fit(dense, counts, intents)
    model.save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as stored:
        arrays = {name: stored[name] for name in stored.files if name != "basis_scale"}
    np.savez_compressed(tmp_path / "model.npz", **arrays | {"basis": model.basis.astype(np.float16)})
    read = KernelModel.load(tmp_path / "model.npz")
    assert np.abs(ours(read, dense, counts) - ours(model, dense, counts)).max() < 0.01


def test_what_it_saves_is_data_only(tmp_path):
    fit(*make_examples(NAMES))[0].save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_likeness_is_that_of_the_nearest_example_of_the_first_class():
    dense = unit(np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [0, 0, 1]]))
    # A class for what lies flat, one for what stands up.
    head = Head(np.zeros((4, 2)), np.array([[1, 0], [1, 0], [0, 2]]), np.zeros(2))
    model = KernelModel(
        classes=np.array(["a", "b"]),
        idf=np.ones(1),
        basis=np.eye(3, dtype=np.float32),
        examples=dense,
        counts=csr_matrix((4, 1)),
        labels=np.array([0, 1, 0, 1]),
        head=head,
        landmarks=np.arange(4),
        foreign=head,
        sharpness=1.0,
    )
    message = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0, 0.8]], dtype=np.float32)
    assert likeness(model, message, csr_matrix((4, 1))) == pytest.approx([1, 0.8, 1, 0.8], abs=0.01)


def test_each_message_is_read_in_its_own_language():
    dense, counts, _ = make_examples(NAMES, noise=0.5)
    model, _ = fit(dense, counts, make_examples(NAMES)[2])
    is_ours = np.arange(len(dense)) % 2 == 0
    both = model.chances(model.read(dense, counts, is_ours)[0])
    assert np.abs(both[is_ours] - ours(model, dense, counts)[is_ours]).max() < 1e-5
    assert np.abs(both[~is_ours] - foreign(model, dense, counts)[~is_ours]).max() < 1e-5


def test_few_directions_are_enough_where_the_examples_lie_in_few(monkeypatch):
    dense, counts, intents = make_examples(NAMES)
    flat = unit(dense[:, :5] @ np.random.default_rng(1).normal(size=(5, SIZE)))
    whole, _ = fit(flat, counts, intents)
    monkeypatch.setattr("components.kernel_model.DIRECTIONS", 5)
    model, _ = fit(flat, counts, intents)
    assert (whole.examples.shape[1], model.examples.shape[1]) == (SIZE, 5)
    assert np.abs(ours(model, flat, counts) - ours(whole, flat, counts)).max() < 0.02
    assert likeness(model, flat, counts) == pytest.approx(likeness(whole, flat, counts), abs=0.02)


@pytest.mark.parametrize("count", [1, 2, FEW, FEW + 1], ids=["one", "two", "a-few", "more"])
def test_few_vectors_are_multiplied_like_many(count):
    random = np.random.default_rng(0)
    few, examples = (random.normal(size=(size, SIZE)).astype(np.float32) for size in (count, 2 * BLOCK + 3))
    assert multiply_few(few, examples) == pytest.approx(few @ examples.T, abs=1e-4)


def test_it_weighs_counts():
    counts = csr_matrix(np.array([[1, 0, 0], [1, 3, 0], [0, 0, 0]], dtype=np.float32))
    weighed = weigh(counts, np.array([1.0, 2.0, 5.0])).toarray()
    ratio = 2.0 * (1 + np.log(3))
    assert weighed[0].tolist() == [1, 0, 0]
    assert weighed[1, 1] / weighed[1, 0] == pytest.approx(ratio)
    assert np.linalg.norm(weighed, axis=1) == pytest.approx([1, 1, 0])
    assert counts.toarray().tolist() == [[1, 0, 0], [1, 3, 0], [0, 0, 0]]


def test_a_message_with_no_known_ngram_still_gets_probabilities():
    model, _ = fit(*make_examples(NAMES))
    nothing = ours(model, np.zeros((1, SIZE), dtype=np.float32), csr_matrix((1, NGRAMS)))
    assert np.isfinite(nothing).all()
    assert nothing.sum() == pytest.approx(1)


def test_a_held_back_example_is_never_among_those_learnt_from():
    random = np.random.default_rng(3)
    dense = unit(random.normal(size=(100, SIZE)))
    counts = csr_matrix(random.poisson(0.5, size=(100, NGRAMS)))
    intents = random.permutation(np.repeat(["a", "b"], 50))
    labels = np.searchsorted(["a", "b"], intents)
    learnt, unseen = fit(dense, counts, intents)
    # Nothing can be learnt from such noise but by heart, and no vector is near another.
    assert (ours(learnt, dense, counts).argmax(axis=1) == labels).mean() > 0.85
    assert (unseen.probabilities.argmax(axis=1) == labels).mean() < 0.65
    assert np.median(likeness(learnt, dense, counts)) > 0.98
    assert unseen.likeness.max() < 0.85


def test_every_example_is_held_back_once_and_classes_keep_their_places():
    dense, counts, intents = make_examples(NAMES, each=FOLDS)
    _, unseen = fit(dense, counts, intents)
    assert np.allclose(unseen.probabilities.sum(axis=1), 1, atol=1e-5)
    assert (np.unique(intents)[unseen.probabilities.argmax(axis=1)] == intents).all()
    assert (unseen.likeness > 0).all()


def test_what_it_says_of_a_fold_is_what_a_model_without_that_fold_says(monkeypatch):
    # All classes of the same size in each fold: the slack of an example is then the same with and without the others.
    dense, counts, intents = make_examples(NAMES, each=2 * FOLDS, noise=0.6)
    dense = np.round(dense * BYTE_SCALE).astype(np.float32) / BYTE_SCALE
    monkeypatch.setattr("components.kernel_model.find_basis", lambda _dense, _most: np.eye(SIZE, dtype=np.float32))
    model, unseen = fit(dense, counts, intents)
    monkeypatch.setattr("components.kernel_model._inverse_frequency", lambda _counts: model.idf)
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(dense, intents)
    for seen, held_back in splits:
        less, _ = fit(dense[seen], counts[seen], intents[seen])
        same = ours(replace(less, sharpness=model.sharpness), dense[held_back], counts[held_back])
        assert np.abs(same - unseen.probabilities[held_back]).max() < 0.001


def test_a_class_with_few_examples_is_held_less_tightly(monkeypatch):
    dense, counts, intents = make_examples(NAMES, each=60, noise=0.5)
    kept = np.concatenate([np.flatnonzero(intents == NAMES[0])[:FOLDS], np.flatnonzero(intents != NAMES[0])])
    rest = np.flatnonzero(intents == NAMES[0])[FOLDS:]

    def count_found():
        model, _ = fit(dense[kept], counts[kept], intents[kept])
        return (guess(model, dense[rest], counts[rest]) == NAMES[0]).sum()

    balanced = count_found()
    monkeypatch.setattr("components.kernel_model.BALANCE", 0)
    assert balanced > count_found()
