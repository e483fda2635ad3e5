"""How near a message is to calls for help, and which urgence it calls for: numpy arrays in, numbers out.

Three measures are added up. A support vector machine with a Gaussian kernel compares the sentence vector with calls for
help and with what resembles them (« mort de rire »): in the multilingual encoder's space this carries over to other
words and other languages, where a straight line does not separate them. The nearest call is set against the nearest
of the others. A linear model over character n-grams weighs the words themselves. Which urgence it is, is a kernel ridge
regression (`kernel_model.py`) over both measures, among the calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from components.arrays import save_arrays
from components.beside import start_beside
from components.kernel_model import (
    BASIS_LIMIT,
    find_basis,
    fit_sharpness,
    multiply_few,
    read_basis,
    round_weights,
    softmax,
)
from components.ridge import leave_folds_out, solve_ridge, split_folds
from knowledge.appels import RIEN
from knowledge.machine import available_memory

BUCKETS = 2**14
GAMMA = 1.2
PENALTY = 3.0
# How much the n-grams count beside the sentence vector, and by how much the nearest call is nearer than the nearest of
# the others, chosen on phrases that were not learnt from.
NGRAM_SHARE = 0.25
NEAREST_SHARE = 3.0
INVERSE_REGULARISATION = 30.0
# The same for which urgence it is, and how far from its label the score of a call may be.
KIND_NGRAM_SHARE = 0.6
KIND_SLACK = 0.1
BLOCK = 512
# Ordinary questions learnt from: those farthest from any call teach nothing, and time and memory grow with all.
MOST_ORDINARY = 3000
# Left to the system while training, in bytes.
SPARED_MEMORY = 500_000_000
# How many numbers of a sentence vector are kept, along the best directions.
DIRECTIONS = 256
# What a number of a sentence vector is multiplied by to be kept in a byte.
BYTE_SCALE = 48.0
_HALVED = ("coefficients", "word_weights")
# How finely the weights for each urgence are kept: each n-gram says little.
_ROUNDED = {"kind_weights": 2047, "kind_words": 127, "kind_line": 2047}
_HASH = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=BUCKETS, alternate_sign=False)


@dataclass(frozen=True)
class DistressModel:
    """Shapes: `basis` (512, d), the directions along which sentence vectors are compared; `support` (s, d), vectors
    along them; `coefficients` (s,), 0 for a call that only tells which urgence it is; `word_weights` (BUCKETS,);
    `intercept` (), of the sum of both; `kinds` (k,), slugs; `kind_weights` (s, k); `kind_words` (BUCKETS, k);
    `kind_line` (512, k), what earlier releases weighed the sentence vector itself with, else 0; `kind_intercept` (k,).
    """

    basis: np.ndarray
    support: np.ndarray
    coefficients: np.ndarray
    word_weights: np.ndarray
    intercept: np.ndarray
    kinds: np.ndarray
    kind_weights: np.ndarray
    kind_words: np.ndarray
    kind_line: np.ndarray
    kind_intercept: np.ndarray

    def read(self, dense: np.ndarray, words: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        """How near each message is to a call for help, (n,), about 1 for one and -1 for anything else.

        And how likely each urgence is, (n, k), would the message call for one.

        Shapes: `dense` (n, 512), vectors of length 1; `words` (n, BUCKETS), see `count_words`.
        """
        products = multiply_few(_along(dense, self.basis), self.support)
        likeness = _likeness(products)
        calls, others = (products[:, self.coefficients * sign > 0].max(axis=1, initial=-1.0) for sign in (1, -1))
        nearer = NEAREST_SHARE * (calls - others)
        scores = likeness @ self.coefficients + nearer + NGRAM_SHARE * (words @ self.word_weights) + self.intercept
        by_vector = likeness @ self.kind_weights + dense @ self.kind_line
        return scores, softmax(by_vector + words @ self.kind_words + self.kind_intercept)

    def save(self, path: Path) -> None:
        """Write the arrays: vectors in a byte a number, weights of the urgences in twelve bits, the rest in sixteen."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        arrays |= {name: arrays[name].astype(np.float16) for name in _HALVED}
        arrays["scale"] = np.float32(BYTE_SCALE)
        arrays["basis"], arrays["basis_scale"] = round_weights(self.basis, BASIS_LIMIT)
        for name, limit in _ROUNDED.items():
            arrays[name], arrays[f"{name}_scale"] = round_weights(arrays[name], limit)
        save_arrays(path, **arrays | {"support": np.round(self.support * BYTE_SCALE).astype(np.int8)})

    @classmethod
    def load(cls, path: Path) -> DistressModel:
        """Read what `save` wrote, also in earlier releases: they outlive the code that made them."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = dict(stored)
        if "kind_words" not in arrays:
            arrays = _read_straight_kinds(arrays)
        arrays["basis"] = read_basis(arrays, arrays["support"].shape[1])
        arrays.pop("basis_scale", None)
        for name in _ROUNDED:
            arrays[name] = arrays[name].astype(np.float32) * arrays.pop(f"{name}_scale").astype(np.float32)
        arrays |= {name: arrays[name].astype(np.float32) for name in _HALVED}
        scale = arrays.pop("scale").astype(np.float32)
        return cls(**arrays | {"support": arrays["support"].astype(np.float32) / scale})


def _read_straight_kinds(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Arrays of a release whose kinds were weighed by a straight line of vector and n-grams: (512 + BUCKETS, k)."""
    # The first ones had no scale.
    weights = arrays["kind_weights"].astype(np.float32) * arrays.pop("kind_scale", np.float32(1))
    of_vector, of_words = np.split(weights, [len(weights) - BUCKETS])
    kinds = weights.shape[1]
    straight = {
        "kind_weights": np.zeros((len(arrays["support"]), kinds), dtype=np.float32),
        "kind_words": of_words,
        "kind_line": of_vector,
    }
    return arrays | straight | {f"{name}_scale": np.ones(kinds, dtype=np.float32) for name in straight}


def count_words(texts: Sequence[str]) -> csr_matrix:
    """Character n-grams of texts, hashed: (n, BUCKETS), rows of length 1."""
    return csr_matrix(_HASH.transform(texts), dtype=np.float32)


def keep_nearest(dense: np.ndarray, kinds: np.ndarray, is_told: np.ndarray) -> np.ndarray:
    """Which examples to learn from, in order: all but the ordinary ones that are farthest from any call.

    Shapes: `dense` (n, 512), vectors of length 1; `kinds` (n,), the slug of an urgence or RIEN; `is_told` (n,), whether
    an example was written for this model.
    """
    is_call = kinds != RIEN
    ordinary = np.flatnonzero(~is_call & ~is_told)
    nearness = np.empty(len(ordinary), dtype=np.float32)
    for start in range(0, len(ordinary), BLOCK):
        rows = ordinary[start : start + BLOCK]
        nearness[start : start + BLOCK] = (dense[rows] @ dense[is_call].T).max(axis=1)
    left_out = ordinary[nearness.argsort(kind="stable")[: max(len(ordinary) - MOST_ORDINARY, 0)]]
    return np.setdiff1d(np.arange(len(dense)), left_out)


def fit(dense: np.ndarray, words: csr_matrix, kinds: np.ndarray) -> DistressModel:
    """Fit on sentence vectors (n, 512), n-grams (n, BUCKETS) and, for each, the slug of an urgence or RIEN (n,).

    The vectors are learnt from as they are kept: along the directions in which they differ most, in a byte a number.
    """
    basis = find_basis(dense, DIRECTIONS)
    kept = np.round(_along(dense, basis) * BYTE_SCALE).astype(np.float32) / np.float32(BYTE_SCALE)
    is_call = kinds != RIEN
    wait = start_beside(lambda: _fit_machine(kept, is_call))
    # On two threads, two small products in turn would wait for each other: twice the time.
    with threadpool_limits(1, user_api="blas"):
        plain = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=500, tol=1e-3).fit(words, is_call)
        names, weights, of_words, constant = _fit_kinds(kept[is_call], words[is_call], kinds[is_call])
    machine = wait()
    chosen = np.union1d(machine.support_, np.flatnonzero(is_call))
    coefficients = np.zeros(len(kinds), dtype=np.float32)
    coefficients[machine.support_] = machine.dual_coef_[0]
    kind_weights = np.zeros((len(kinds), len(names)), dtype=np.float32)
    kind_weights[is_call] = weights
    return DistressModel(
        basis=basis,
        support=kept[chosen],
        coefficients=coefficients[chosen],
        word_weights=plain.coef_[0].astype(np.float32),
        intercept=np.array(machine.intercept_[0] + NGRAM_SHARE * plain.intercept_[0], dtype=np.float32),
        kinds=names,
        kind_weights=kind_weights[chosen],
        kind_words=of_words,
        kind_line=np.zeros((dense.shape[1], len(names)), dtype=np.float32),
        kind_intercept=constant,
    )


def _fit_machine(dense: np.ndarray, is_call: np.ndarray) -> SVC:
    """The support vector machine, in half the time where the likeness of each pair of examples can be kept (n, n).

    Twice: libsvm makes a copy of it.
    """
    if 2 * len(dense) ** 2 * np.dtype(np.float64).itemsize > available_memory() - SPARED_MEMORY:
        return SVC(C=PENALTY, gamma=GAMMA).fit(dense, is_call)
    likeness = np.empty((len(dense), len(dense)))
    for start in range(0, len(dense), BLOCK):
        likeness[start : start + BLOCK] = _likeness(multiply_few(dense[start : start + BLOCK], dense))
    return SVC(C=PENALTY, kernel="precomputed").fit(likeness, is_call)


def _along(dense: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Sentence vectors (n, 512) along the directions of `basis` (512, d): (n, d), of length 1 again."""
    vectors = dense @ basis
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny))


def _likeness(products: np.ndarray) -> np.ndarray:
    # |a - b|² = 2 - 2 a·b for vectors of length 1.
    return np.asarray(np.exp(2 * GAMMA * (products - 1)))


def _fit_kinds(
    vectors: np.ndarray, words: csr_matrix, kinds: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Slugs (k,), weights of the calls (n, k) and of the n-grams (BUCKETS, k), and constants (k,).

    Shapes: `vectors` (n, d), as they are kept; `words` (n, BUCKETS); `kinds` (n,), slugs.
    """
    names, labels = np.unique(kinds, return_inverse=True)
    wanted = np.eye(len(names), dtype=np.float32)[labels]

    def alike(rows: slice, columns: slice) -> np.ndarray:
        # One more than the likeness: a constant that stands for the intercept.
        by_vectors = _likeness(vectors[rows] @ vectors[columns].T) + 1
        return np.asarray(by_vectors + KIND_NGRAM_SHARE * (words[rows] @ words[columns].T).toarray(), dtype=np.float32)

    slack = np.full(len(labels), KIND_SLACK, dtype=np.float32)
    weights, inverse = solve_ridge(alike, slack, wanted, len(labels))
    scores = leave_folds_out(inverse, weights, wanted, split_folds(labels, len(labels)))
    weights *= fit_sharpness(scores, labels)
    return names, weights, KIND_NGRAM_SHARE * (words.T @ weights), weights.sum(axis=0)
