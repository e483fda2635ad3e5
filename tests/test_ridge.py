"""Kernel ridge regression in blocks: the same as with the whole matrix."""

import numpy as np
import pytest

from components import ridge
from components.ridge import leave_folds_out, solve_ridge, split_folds

SIZE, CLASSES = 60, 3


@pytest.fixture
def task():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(SIZE, 5)).astype(np.float32)
    labels = np.arange(SIZE) % CLASSES
    slack = random.uniform(0.5, 1.5, size=SIZE).astype(np.float32)
    return vectors @ vectors.T + 1, slack, labels, np.eye(CLASSES, dtype=np.float32)[labels]


def solve_in_blocks(kernel, slack, wanted, asked):
    return solve_ridge(lambda rows, columns: kernel[rows, columns].copy(), slack, wanted, asked)


@pytest.mark.parametrize(
    ("side", "asked"),
    [
        pytest.param(1024, SIZE, id="one-block-all-asked"),
        pytest.param(1024, 10, id="two-blocks"),
        pytest.param(7, 25, id="uneven-blocks"),
        pytest.param(60, 60, id="a-block-of-all"),
        pytest.param(1, 5, id="blocks-of-one"),
    ],
)
def test_blocks_give_what_the_whole_matrix_gives(monkeypatch, task, side, asked):
    kernel, slack, _, wanted = task
    monkeypatch.setattr(ridge, "SIDE", side)
    weights, corner = solve_in_blocks(kernel, slack, wanted, asked)
    inverse = np.linalg.inv(kernel + np.diag(slack))
    assert weights == pytest.approx(inverse @ wanted, abs=1e-3)
    assert np.tril(corner) == pytest.approx(np.tril(inverse[-asked:, -asked:]), abs=1e-3)


def test_a_fold_is_scored_as_by_a_model_without_it(task):
    kernel, slack, labels, wanted = task
    asked = 40
    weights, corner = solve_in_blocks(kernel, slack, wanted, asked)
    folds = split_folds(labels[-asked:], SIZE)
    scores = leave_folds_out(corner, weights[-asked:], wanted[-asked:], folds)
    for fold in folds:
        held_back = SIZE - asked + fold
        seen = np.setdiff1d(np.arange(SIZE), held_back)
        without = np.linalg.solve(kernel[np.ix_(seen, seen)] + np.diag(slack[seen]), wanted[seen])
        assert scores[fold] == pytest.approx(kernel[np.ix_(held_back, seen)] @ without, abs=1e-3)


@pytest.mark.parametrize(
    ("asked", "size", "number"),
    [
        pytest.param(40, 40, 5, id="all"),
        pytest.param(40, 100, 2, id="some"),
        pytest.param(6, 6, 3, id="three-of-a-label"),
    ],
)
def test_a_fold_is_about_a_fifth_of_all(asked, size, number):
    folds = split_folds(np.arange(asked) % 2, size)
    assert len(folds) == number
    assert sorted(np.concatenate(folds).tolist()) == list(range(asked))
