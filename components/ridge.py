"""Kernel ridge regression whose matrix is kept as blocks of its lower half, and what it says of unseen examples.

LAPACK wants the whole square: twice the memory, on a machine where the assistant answers beside.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from scipy.linalg import cholesky, lapack, solve, solve_triangular
from sklearn.model_selection import StratifiedKFold

FOLDS = 5
SEED = 0
# Rows and columns of a block: large enough for BLAS to be at its fastest.
SIDE = 512

# How alike the examples of two slices are: (rows, columns), float32.
Alike = Callable[[slice, slice], np.ndarray]
Blocks = list[list[np.ndarray]]


def solve_ridge(alike: Alike, slack: np.ndarray, wanted: np.ndarray, asked: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (n, c) for labels `wanted` (n, c), and the corner of the inverse of likeness + slack for the last `asked`
    examples, (m, m), of which what is left of the diagonal counts.

    That corner is the inverse of what the Cholesky factor has there: the whole inverse would take three times as long.
    Shape: `slack` (n,), how far the score of each example may be from its label.
    """
    slices = _cut(0, len(slack) - asked) + _cut(len(slack) - asked, len(slack))
    blocks = [[alike(rows, columns) for columns in slices[: number + 1]] for number, rows in enumerate(slices)]
    for row, rows in zip(blocks, slices, strict=True):
        row[-1][np.diag_indices_from(row[-1])] += slack[rows]
    _factor(blocks)
    weights = _solve(blocks, [wanted[rows] for rows in slices])
    # What is above the corner is let go of before more memory is taken.
    first = next(number for number, rows in enumerate(slices) if rows.start >= len(slack) - asked)
    corner = [row[first:] for row in blocks[first:]]
    del blocks
    return weights, _invert(corner)


def split_folds(labels: np.ndarray, size: int) -> list[np.ndarray]:
    """Folds of examples with these labels (m,), each of about a fifth of all the `size` examples: their indices.

    Fewer where no label has so many examples.
    """
    number = max(2, min(round(FOLDS * len(labels) / size), int(np.bincount(labels).max())))
    splitter = StratifiedKFold(number, shuffle=True, random_state=SEED)
    return [held_back for _, held_back in splitter.split(labels, labels)]


def leave_folds_out(
    inverse: np.ndarray, weights: np.ndarray, wanted: np.ndarray, folds: list[np.ndarray]
) -> np.ndarray:
    """Scores, (m, c), that each example would get from a model that had not seen its fold.

    Shapes: `inverse` (m, m), as `solve_ridge` gives it; `weights` and `wanted` (m, c), of the same examples.
    """
    scores = np.empty_like(wanted)
    for fold in folds:
        of_fold = inverse[np.ix_(fold, fold)]
        scores[fold] = wanted[fold] - solve(of_fold, weights[fold], assume_a="pos", lower=True, check_finite=False)
    return scores


def _cut(start: int, stop: int) -> list[slice]:
    marks = np.linspace(start, stop, -(-(stop - start) // SIDE) + 1).astype(int)
    return [slice(first, last) for first, last in itertools.pairwise(marks)]


def _factor(blocks: Blocks) -> None:
    """Put the Cholesky factor in the place of the matrix, a column of blocks after the other."""
    for column in range(len(blocks)):
        root = cholesky(blocks[column][column], lower=True, overwrite_a=True, check_finite=False)
        blocks[column][column] = root
        below = blocks[column + 1 :]
        for row in below:
            row[column] = solve_triangular(root, row[column].T, lower=True, check_finite=False).T
        for row in below:
            for other in range(column + 1, len(row)):
                row[other] -= row[column] @ blocks[other][column].T


def _solve(blocks: Blocks, right: list[np.ndarray]) -> np.ndarray:
    """What the factored matrix must be multiplied by to give `right`: (n, c)."""
    solved: list[np.ndarray] = []
    for row, part in zip(blocks, right, strict=True):
        rest = part - sum((block @ known for block, known in zip(row, solved, strict=False)), np.float32(0))
        solved.append(solve_triangular(row[-1], rest, lower=True, check_finite=False))
    for number in reversed(range(len(blocks))):
        below = zip(blocks[number + 1 :], solved[number + 1 :], strict=True)
        rest = solved[number] - sum((row[number].T @ known for row, known in below), np.float32(0))
        solved[number] = solve_triangular(blocks[number][-1], rest, lower=True, trans="T", check_finite=False)
    return np.vstack(solved)


def _invert(blocks: Blocks) -> np.ndarray:
    """Inverse of the matrix whose Cholesky factor these are: what is left of its diagonal counts."""
    sides = [len(row[-1]) for row in blocks]
    factor = np.zeros((sum(sides), sum(sides)), dtype=np.float32, order="F")
    marks = np.cumsum([0, *sides])
    for row, top, bottom in zip(blocks, marks, marks[1:], strict=False):
        for block, left, right in zip(row, marks, marks[1:], strict=False):
            factor[top:bottom, left:right] = block
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    return np.asarray(inverse)
