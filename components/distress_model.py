"""How near a message is to calls for help, and which urgence it calls for: numpy arrays in, numbers out.

Three measures are added up. A support vector machine with a Gaussian kernel compares the sentence vector with calls for
help and with what resembles them (« mort de rire »): in the multilingual encoder's space this carries over to other
words and other languages, where a straight line does not separate them. The nearest call is set against the nearest
of the others. A linear model over character n-grams weighs the words themselves. Which urgence it is, is a logistic
regression over vector and n-grams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from components.arrays import save_arrays
from components.beside import start_beside
from components.kernel_model import find_basis, multiply_few, round_weights
from knowledge.appels import RIEN
from knowledge.machine import available_memory

BUCKETS = 2**14
GAMMA = 1.2
PENALTY = 3.0
# How much the n-grams count beside the sentence vector, and by how much the nearest call is nearer than the nearest of
# the others, chosen on phrases that were not learnt from.
NGRAM_SHARE = 0.25
NEAREST_SHARE = 3.0
INVERSE_REGULARISATION = 10.0
# Keeps the products of two examples apart from zero when two have the same reading.
JITTER = 1e-6
BLOCK = 512
# Ordinary questions learnt from: those farthest from any call teach nothing, and time and memory grow with all.
MOST_ORDINARY = 6000
# Left to the system while training, in bytes.
SPARED_MEMORY = 500_000_000
# What a number of a sentence vector is multiplied by to be kept in a byte.
BYTE_SCALE = 48.0
KIND_LIMIT = 255
_HALVED = ("basis", "coefficients", "word_weights")
_HASH = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=BUCKETS, alternate_sign=False)


@dataclass(frozen=True)
class DistressModel:
    """Shapes: `basis` (512, d), the directions along which sentence vectors are compared; `support` (s, d), vectors
    along them; `coefficients` (s,); `word_weights` (BUCKETS,); `intercept` (), of the sum of both; `kinds` (k,), slugs;
    `kind_weights` (512 + BUCKETS, k); `kind_intercept` (k,).
    """

    basis: np.ndarray
    support: np.ndarray
    coefficients: np.ndarray
    word_weights: np.ndarray
    intercept: np.ndarray
    kinds: np.ndarray
    kind_weights: np.ndarray
    kind_intercept: np.ndarray

    def score(self, dense: np.ndarray, words: csr_matrix) -> np.ndarray:
        """How near each message is to a call for help, (n,): about 1 for one, about -1 for anything else.

        Shapes: `dense` (n, 512), vectors of length 1; `words` (n, BUCKETS), see `count_words`.
        """
        products = multiply_few(_along(dense, self.basis), self.support)
        calls, others = (products[:, self.coefficients * sign > 0].max(axis=1, initial=-1.0) for sign in (1, -1))
        return (
            _likeness(products) @ self.coefficients
            + NEAREST_SHARE * (calls - others)
            + NGRAM_SHARE * (words @ self.word_weights)
            + self.intercept
        )

    def rank_kinds(self, dense: np.ndarray, words: csr_matrix) -> np.ndarray:
        """How likely each urgence is, (n, k), would the message call for one."""
        size = dense.shape[1]
        scores = dense @ self.kind_weights[:size] + words @ self.kind_weights[size:] + self.kind_intercept
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)

    def save(self, path: Path) -> None:
        """Write the arrays: vectors and `kind_weights` in a byte a number, the rest in two."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        arrays |= {name: arrays[name].astype(np.float16) for name in _HALVED}
        arrays["scale"] = np.float32(BYTE_SCALE)
        arrays["kind_weights"], arrays["kind_scale"] = round_weights(self.kind_weights, KIND_LIMIT)
        save_arrays(path, **arrays | {"support": np.round(self.support * BYTE_SCALE).astype(np.int8)})

    @classmethod
    def load(cls, path: Path) -> DistressModel:
        """Read what `save` wrote, or wrote before `kind_weights` had a scale, and vectors a basis: releases outlive the
        code that made them.
        """
        with np.load(path, allow_pickle=False) as stored:
            arrays = dict(stored)
        scale, kind_scale = arrays.pop("scale").astype(np.float32), arrays.pop("kind_scale", np.float32(1))
        arrays.setdefault("basis", np.eye(arrays["support"].shape[1]))
        arrays |= {name: arrays[name].astype(np.float32) for name in _HALVED}
        arrays["kind_weights"] = arrays["kind_weights"].astype(np.float32) * kind_scale.astype(np.float32)
        return cls(**arrays | {"support": arrays["support"].astype(np.float32) / scale})


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
    basis = find_basis(dense)
    kept = np.round(_along(dense, basis) * BYTE_SCALE).astype(np.float32) / np.float32(BYTE_SCALE)
    is_call = kinds != RIEN
    wait = start_beside(lambda: _fit_machine(kept, is_call))
    # On two threads, two small products in turn would wait for each other: twice the time.
    with threadpool_limits(1, user_api="blas"):
        plain = LogisticRegression(C=3 * INVERSE_REGULARISATION, max_iter=500, tol=1e-3).fit(words, is_call)
        classes, weights, intercept = _fit_kinds(dense[is_call], words[is_call], kinds[is_call])
    machine = wait()
    return DistressModel(
        basis=basis,
        support=kept[machine.support_],
        coefficients=machine.dual_coef_[0].astype(np.float32),
        word_weights=plain.coef_[0].astype(np.float32),
        intercept=np.array(machine.intercept_[0] + NGRAM_SHARE * plain.intercept_[0], dtype=np.float32),
        kinds=classes,
        kind_weights=weights.astype(np.float32),
        kind_intercept=intercept.astype(np.float32),
    )


def _fit_machine(dense: np.ndarray, is_call: np.ndarray) -> SVC:
    """The support vector machine, in half the time where the likeness of each pair of examples can be kept (n, n)."""
    if len(dense) ** 2 * np.dtype(np.float64).itemsize > available_memory() - SPARED_MEMORY:
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


def _fit_kinds(dense: np.ndarray, words: csr_matrix, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes (k,), weights (512 + BUCKETS, k) and intercepts (k,) of a logistic regression on both measures.

    The weights that fit best are sums of the n examples (representer theorem), so that n numbers stand for an example
    as well as its 16,896: the rows of the Cholesky factor of all products of two examples. A third of the time.
    """
    products = (dense @ dense.T).astype(np.float64) + (words @ words.T).toarray()
    products[np.diag_indices_from(products)] += JITTER
    rows = cholesky(products, lower=True, overwrite_a=True)
    regression = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=500, tol=1e-2).fit(rows, kinds)
    shares = solve_triangular(rows, _per_class(regression.coef_).T, lower=True, trans="T")
    return regression.classes_, np.vstack([dense.T @ shares, words.T @ shares]), _per_class(regression.intercept_)


def _per_class(weights: np.ndarray) -> np.ndarray:
    """With two classes scikit-learn keeps one row of weights: give each class its own."""
    return weights if len(weights) > 1 else np.concatenate([-weights / 2, weights / 2])
