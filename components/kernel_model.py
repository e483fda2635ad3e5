"""The classifier itself: numpy arrays in, probabilities out.

Kernel ridge regression (Rasmussen & Williams, 2006, ch. 2 and 6.5): the score of a class is a sum, over the examples,
of a weight times the likeness of the message to the example. Two messages are alike by their sentence vectors
(Gaussian of the distance, on the unit sphere) and by their TF-IDF-weighted character n-grams (cosine). Its weights
are one linear system away, and so is what the model would say of each example had it not seen that example's fold
(the same book, ch. 5.4.2): training and five folds cost two seconds where a logistic regression took twenty-five.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold

# How fast two sentence vectors cease to be alike, and what the n-grams weigh beside them.
STEEPNESS = 2.0
# The straight line that the likeness exp(STEEPNESS · (cosine - 1)) follows around a cosine of 0.
HEIGHT = float(np.exp(-STEEPNESS))
SLOPE = STEEPNESS * HEIGHT
NGRAM_SHARE = 0.15
REGULARISATION = 0.1
# Classes with few examples are held less tightly: between none of it (0) and each class counting as much as any (1).
BALANCE = 0.2
# How many numbers of a sentence vector are worth their time and place, along the best directions.
DIRECTIONS = 256
FOLDS = 5
SEED = 0
SHARPEST = 60.0
# What a number of a sentence vector is multiplied by to be kept in a byte, and how finely weights are kept.
BYTE_SCALE = 127.0
WEIGHT_LIMIT = 1023
# That scale in the first releases, which do not say it.
FIRST_BYTE_SCALE = np.float32(127)
BLOCK = 512
# Vectors above which BLAS is faster at multiplying them all at once.
FEW = 4


@dataclass(frozen=True)
class Head:
    """What the likeness to each example weighs for each class.

    Shapes: `weights` (n, c); `line` (d, c); `intercept` (c,). Most of what a likeness says is a straight line of the
    cosine, the same for all examples: their weights are summed up exactly in `line` and `intercept`, so that each of
    them by itself may be kept roughly.
    """

    weights: np.ndarray
    line: np.ndarray
    intercept: np.ndarray

    @classmethod
    def sum_up(cls, weights: np.ndarray, examples: np.ndarray) -> Head:
        """The head whose examples (n, d) weigh `weights` (n, c), with a constant of 1 beside their likeness."""
        return cls(weights, SLOPE * (examples.T @ weights), (1 + HEIGHT) * weights.sum(axis=0))

    def score(self, dense: np.ndarray, bend: np.ndarray) -> np.ndarray:
        """Scores (m, c) of sentence vectors (m, d), from what of their likeness is no line (m, n)."""
        return bend @ self.weights + dense @ self.line + self.intercept

    def to_arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """The head as arrays to keep: the weights in eleven bits, each class on its own scale."""
        weights, scale = round_weights(self.weights, WEIGHT_LIMIT)
        return {
            f"{prefix}_weights": weights,
            f"{prefix}_scale": scale,
            f"{prefix}_line": self.line.astype(np.float16),
            f"{prefix}_intercept": self.intercept.astype(np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], prefix: str) -> Head:
        """What `to_arrays` gave."""
        weights, scale, line, intercept = (
            arrays[f"{prefix}_{name}"].astype(np.float32) for name in ("weights", "scale", "line", "intercept")
        )
        return cls(weights * scale, line, intercept)


@dataclass(frozen=True)
class KernelModel:
    """The examples, what each weighs for each class, and how sharply scores become probabilities.

    Shapes: `classes` (c,); `idf` (v,); `basis` (512, d), the directions in which the examples' sentence vectors differ
    most; `examples` (n, d), these vectors along them; `counts` (n, v), their n-grams; `labels` (n,), index into
    `classes`; `foreign` is a second head, that reads the sentence vector alone. `sharpness` multiplies the scores
    before the softmax. Numbers are float32.
    """

    classes: np.ndarray
    idf: np.ndarray
    basis: np.ndarray
    examples: np.ndarray
    counts: csr_matrix
    labels: np.ndarray
    head: Head
    foreign: Head
    sharpness: float

    def read(self, dense: np.ndarray, counts: csr_matrix, is_ours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The score of each class, (m, c), near 1 for a class whose examples are like the message, else near 0; and the
        cosine to the nearest example of the first class, (m,).

        Shapes: `dense` (m, 512), sentence vectors; `counts` (m, v), n-gram counts; `is_ours` (m,), whether a message is
        in the language of the examples: the n-grams of any other mean nothing here.
        """
        dense = dense @ self.basis
        cosines = multiply_few(dense, self.examples)
        bend = _bend(cosines)
        scores = np.empty((len(dense), len(self.classes)), dtype=np.float32)
        if is_ours.any():
            ngrams = weigh(counts[is_ours], self.idf) @ self._ngram_weights
            scores[is_ours] = self.head.score(dense[is_ours], bend[is_ours]) + ngrams
        if not is_ours.all():
            scores[~is_ours] = self.foreign.score(dense[~is_ours], bend[~is_ours])
        nearest = [row[self.labels == first].max() for row, first in zip(cosines, scores.argmax(axis=1), strict=True)]
        return scores, np.array(nearest, dtype=np.float32)

    def chances(self, scores: np.ndarray) -> np.ndarray:
        """Scores (m, c) as probabilities."""
        return _softmax(self.sharpness * scores)

    @cached_property
    def _ngram_weights(self) -> np.ndarray:
        """What each n-gram weighs for each class, (v, c): the examples' weights, summed once for all."""
        return NGRAM_SHARE * (weigh(self.counts, self.idf).T @ self.head.weights)

    def save(self, path: Path) -> None:
        """Write the arrays as one compressed `.npz`: data only, nothing that runs when it is read.

        Vectors are kept in a byte a number (they are learnt from as such).
        """
        np.savez_compressed(
            path,
            classes=self.classes,
            idf=self.idf,
            basis=self.basis.astype(np.float16),
            examples=np.round(self.examples * BYTE_SCALE).astype(np.int8),
            count_values=self.counts.data.astype(np.uint16),
            count_places=self.counts.indices.astype(np.min_scalar_type(self.counts.shape[1])),
            count_ends=self.counts.indptr.astype(np.int32),
            labels=self.labels,
            sharpness=np.float32(self.sharpness),
            scale=np.float32(BYTE_SCALE),
            **self.head.to_arrays("head"),
            **self.foreign.to_arrays("foreign"),
        )

    @classmethod
    def load(cls, path: Path) -> KernelModel:
        """Read what `save` wrote, or wrote before heads had a line: releases outlive the code that made them."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = dict(stored)
        examples = arrays["examples"].astype(np.float32) / arrays.get("scale", FIRST_BYTE_SCALE)
        values = (arrays["count_values"], arrays["count_places"].astype(np.int32), arrays["count_ends"])
        return cls(
            classes=arrays["classes"],
            idf=arrays["idf"],
            # Vectors were kept whole before they had a basis.
            basis=arrays.get("basis", np.eye(examples.shape[1])).astype(np.float32),
            examples=examples,
            counts=csr_matrix(values, shape=(len(arrays["labels"]), len(arrays["idf"])), dtype=np.float32),
            labels=arrays["labels"],
            head=_read_head(arrays, "head", "weights", examples),
            foreign=_read_head(arrays, "foreign", "foreign_weights", examples),
            sharpness=float(arrays["sharpness"]),
        )


def _read_head(arrays: dict[str, np.ndarray], prefix: str, first_name: str, examples: np.ndarray) -> Head:
    if f"{prefix}_line" not in arrays:
        return Head.sum_up(arrays[first_name].astype(np.float32), examples)
    return Head.from_arrays(arrays, prefix)


@dataclass(frozen=True)
class OutOfFold:
    """What a model says of examples that it did not see: probabilities (n, c) and likeness (n,)."""

    probabilities: np.ndarray
    likeness: np.ndarray


def fit(dense: np.ndarray, counts: csr_matrix, intents: np.ndarray) -> tuple[KernelModel, OutOfFold]:
    """Fit on sentence vectors (n, 512), n-gram counts (n, v) and intent names (n,).

    Gives the model, and what it would say of each example had it not seen the fifth of the examples that it is in.
    Memory: one matrix of n × n float32.
    """
    counts = csr_matrix(counts, dtype=np.float32)
    basis = find_basis(dense)
    examples = np.round(dense @ basis * BYTE_SCALE).astype(np.float32) / np.float32(BYTE_SCALE)
    classes, labels = np.unique(intents, return_inverse=True)
    wanted = np.eye(len(classes), dtype=np.float32)[labels]
    idf = _inverse_frequency(counts)
    slack = _slack(labels)
    # One more than the likeness: a constant that stands for the intercept.
    kernel = _alike(examples, examples)
    kernel += 1
    foreign_weights = _solve(kernel, slack, wanted)
    _add_ngrams(kernel, weigh(counts, idf))
    inverse = _invert(kernel, slack)
    weights = inverse @ wanted
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(examples, labels))
    scores = _leave_folds_out(inverse, weights, wanted, [held_back for _, held_back in folds])
    sharpness = _fit_sharpness(scores, labels)
    head, foreign = Head.sum_up(weights, examples), Head.sum_up(foreign_weights, examples)
    model = KernelModel(classes, idf, basis, examples, counts, labels.astype(np.int16), head, foreign, sharpness)
    likeness = np.zeros(len(labels), dtype=np.float32)
    for seen, held_back in folds:
        first = scores[held_back].argmax(axis=1)
        likeness[held_back] = _nearest(examples[held_back], examples[seen], labels[seen], first)
    return model, OutOfFold(_softmax(sharpness * scores), likeness)


def find_basis(dense: np.ndarray) -> np.ndarray:
    """The directions (512, d) in which sentence vectors (n, 512) differ most, as they are kept: DIRECTIONS at most.

    The products of vectors along them are those of the vectors, but for what lies in no direction of the examples
    (principal components, without a centre).
    """
    _, directions = np.linalg.eigh((dense.T @ dense).astype(np.float64))
    most = min(DIRECTIONS, len(dense))
    return np.asarray(directions[:, ::-1][:, :most].astype(np.float16).astype(np.float32))


def multiply_few(dense: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """Products (m, n) of a few vectors (m, d) and many examples (n, d).

    BLAS rearranges all of the examples before it multiplies two vectors with them: here each block of them is read from
    memory once, for one vector after the other.
    """
    if len(dense) > FEW:
        return np.asarray(dense @ examples.T)
    products = np.empty((len(dense), len(examples)), dtype=np.float32)
    for start in range(0, len(examples), BLOCK):
        block = examples[start : start + BLOCK]
        for vector, row in zip(dense, products, strict=True):
            np.dot(block, vector, out=row[start : start + BLOCK])
    return products


def round_weights(weights: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers up to `limit` (n, c), and the scale of each class (c,) that they are multiplied by."""
    exact = np.abs(weights).max(axis=0) / limit
    scale = exact.astype(np.float16)
    # No weight may go over the limit.
    scale = np.where(scale < exact, np.nextafter(scale, np.float16(np.inf)), scale)
    return np.round(weights / scale.astype(np.float32)).astype(np.min_scalar_type(-limit)), scale


def weigh(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """Counts to TF-IDF rows of length 1, with 1 + log(count) for the term frequency."""
    weighted = csr_matrix(counts, dtype=np.float32)
    values = (1.0 + np.log(weighted.data)) * idf[weighted.indices]
    rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    lengths = np.sqrt(np.bincount(rows, values * values, minlength=weighted.shape[0])).astype(np.float32)
    weighted.data = values / lengths[rows]
    return weighted


def _inverse_frequency(counts: csr_matrix) -> np.ndarray:
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    return (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)


def _bend(cosines: np.ndarray) -> np.ndarray:
    """What of a likeness is no line of the cosine, (m, n)."""
    bend = cosines * -SLOPE
    bend += np.exp(STEEPNESS * (cosines - 1))
    bend -= np.float32(HEIGHT)
    return bend


def _alike(dense: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """Likeness of sentence vectors, (n, m): 1 for the same sentence, less the farther they are."""
    cosines = dense @ examples.T
    cosines -= 1
    cosines *= STEEPNESS
    return np.exp(cosines, out=cosines)


def _add_ngrams(kernel: np.ndarray, ngrams: csr_matrix) -> None:
    """Add to the likeness of each pair of examples, (n, n), that of their n-grams (n, v).

    Right of the diagonal only: nothing reads the other half.
    """
    for start in range(0, len(kernel), BLOCK):
        rest = ngrams[start:].T.tocsr()
        kernel[start : start + BLOCK, start:] += NGRAM_SHARE * (ngrams[start : start + BLOCK] @ rest).toarray()


def _slack(labels: np.ndarray) -> np.ndarray:
    """How far the score of each example may be from its label, (n,)."""
    sizes = np.bincount(labels)
    return (REGULARISATION * (sizes[labels] / sizes.mean()) ** BALANCE).astype(np.float32)


def _solve(kernel: np.ndarray, slack: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Weights (n, c) for labels `wanted` (n, c). Overwrites what is left of the diagonal of `kernel` (n, n)."""
    diagonal = kernel.diagonal().copy()
    kernel[np.diag_indices_from(kernel)] += slack
    # Where rows and columns change places, the left half is the upper one.
    factor = cho_factor(kernel.T, lower=False, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, wanted, check_finite=False)
    kernel[np.diag_indices_from(kernel)] = diagonal
    return np.asarray(weights)


def _invert(kernel: np.ndarray, slack: np.ndarray) -> np.ndarray:
    """Inverse of kernel + slack, (n, n), in the place of `kernel`."""
    kernel[np.diag_indices_from(kernel)] += slack
    factor, _ = cho_factor(kernel.T, lower=True, overwrite_a=True, check_finite=False)
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    for start in range(0, len(inverse), BLOCK):
        stop = start + BLOCK
        inverse[start:stop, stop:] = inverse[stop:, start:stop].T
        corner = np.tril(inverse[start:stop, start:stop])
        inverse[start:stop, start:stop] = corner + np.tril(corner, k=-1).T
    return inverse


def _leave_folds_out(
    inverse: np.ndarray, weights: np.ndarray, wanted: np.ndarray, folds: list[np.ndarray]
) -> np.ndarray:
    """Scores, (n, c), that each example would get from a model that had not seen its fold."""
    scores = np.empty_like(wanted)
    for fold in folds:
        scores[fold] = wanted[fold] - np.linalg.solve(inverse[np.ix_(fold, fold)], weights[fold])
    return scores


def _fit_sharpness(scores: np.ndarray, labels: np.ndarray) -> float:
    """The factor that makes probabilities of scores, (n, c): the likeliest one given the labels, (n,)."""

    def surprise(sharpness: float) -> float:
        given = _softmax(sharpness * scores)[np.arange(len(labels)), labels]
        return float(-np.log(given.clip(1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(1.0, SHARPEST), method="bounded").x)


def _nearest(dense: np.ndarray, examples: np.ndarray, labels: np.ndarray, first: np.ndarray) -> np.ndarray:
    nearest = np.empty(len(dense), dtype=np.float32)
    for index in np.unique(first):
        rows = first == index
        nearest[rows] = (dense[rows] @ examples[labels == index].T).max(axis=1)
    return nearest


def _softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores / scores.sum(axis=1, keepdims=True)
