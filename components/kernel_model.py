"""The classifier itself: numpy arrays in, probabilities out.

Kernel ridge regression (Rasmussen & Williams, 2006, ch. 2 and 6.5): the score of a class is a sum, over the examples,
of a weight times the likeness of the message to the example. Two messages are alike by their sentence vectors
(Gaussian of the distance, on the unit sphere) and by their TF-IDF-weighted character n-grams (cosine). Its weights
are one linear system away, and so is what the model would say of an example had it not seen that example's fold
(the same book, ch. 5.4.2): training and its folds cost seconds where a logistic regression took half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

from components.arrays import save_arrays
from components.ridge import SEED, Alike, leave_folds_out, solve_ridge, split_folds

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
DIRECTIONS = 192
# How many examples the reading of other languages is a sum over: it is smoother, without n-grams.
LANDMARKS = 2000
# Keeps the likeness of two landmarks with the same vector apart from 1.
JITTER = 1e-3
# Of how many examples one asks what a model that had not seen them would say, a fifth of all examples at a time.
ASKED = 4000
SHARPEST = 60.0
# What a number of a sentence vector is multiplied by to be kept in a byte, and how finely weights are kept.
BYTE_SCALE = 36.0
WEIGHT_LIMIT = 1023
# How finely the directions of sentence vectors are kept: a byte a number.
BASIS_LIMIT = 127
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
    `classes`; `foreign` is a second head, that reads the sentence vector alone and weighs the examples of `landmarks`
    (l,) only. `sharpness` multiplies the scores before the softmax. Numbers are float32.
    """

    classes: np.ndarray
    idf: np.ndarray
    basis: np.ndarray
    examples: np.ndarray
    counts: csr_matrix
    labels: np.ndarray
    head: Head
    landmarks: np.ndarray
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
            scores[~is_ours] = self.foreign.score(dense[~is_ours], bend[np.ix_(~is_ours, self.landmarks)])
        nearest = [row[self.labels == first].max() for row, first in zip(cosines, scores.argmax(axis=1), strict=True)]
        return scores, np.array(nearest, dtype=np.float32)

    def chances(self, scores: np.ndarray) -> np.ndarray:
        """Scores (m, c) as probabilities."""
        return softmax(self.sharpness * scores)

    @cached_property
    def _ngram_weights(self) -> np.ndarray:
        """What each n-gram weighs for each class, (v, c): the examples' weights, summed once for all."""
        return NGRAM_SHARE * (weigh(self.counts, self.idf).T @ self.head.weights)

    def save(self, path: Path) -> None:
        """Write the arrays: vectors in a byte a number (they are learnt from as such)."""
        basis, basis_scale = round_weights(self.basis, BASIS_LIMIT)
        save_arrays(
            path,
            classes=self.classes,
            idf=self.idf,
            basis=basis,
            basis_scale=basis_scale,
            examples=np.round(self.examples * BYTE_SCALE).astype(np.int8),
            count_values=self.counts.data.astype(np.uint16),
            count_places=self.counts.indices.astype(np.min_scalar_type(self.counts.shape[1])),
            count_ends=self.counts.indptr.astype(np.int32),
            labels=self.labels,
            landmarks=self.landmarks.astype(np.uint16),
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
            basis=read_basis(arrays, examples.shape[1]),
            examples=examples,
            counts=csr_matrix(values, shape=(len(arrays["labels"]), len(arrays["idf"])), dtype=np.float32),
            labels=arrays["labels"],
            # Each of the examples before they were chosen.
            landmarks=arrays.get("landmarks", np.arange(len(examples))),
            head=_read_head(arrays, "head", "weights", examples),
            foreign=_read_head(arrays, "foreign", "foreign_weights", examples),
            sharpness=float(arrays["sharpness"]),
        )


def read_basis(arrays: dict[str, np.ndarray], size: int) -> np.ndarray:
    """The directions (512, d) of vectors of `size` numbers: earlier releases kept them in sixteen bits, or had none."""
    scale = arrays.get("basis_scale", np.float32(1))
    return np.asarray(arrays.get("basis", np.eye(size)).astype(np.float32) * scale)


def _read_head(arrays: dict[str, np.ndarray], prefix: str, first_name: str, examples: np.ndarray) -> Head:
    if f"{prefix}_line" not in arrays:
        return Head.sum_up(arrays[first_name].astype(np.float32), examples)
    return Head.from_arrays(arrays, prefix)


@dataclass(frozen=True)
class OutOfFold:
    """What a model says of examples that it did not see: which ones (m,), probabilities (m, c) and likeness (m,)."""

    asked: np.ndarray
    probabilities: np.ndarray
    likeness: np.ndarray


def fit(dense: np.ndarray, counts: csr_matrix, intents: np.ndarray) -> tuple[KernelModel, OutOfFold]:
    """Fit on sentence vectors (n, 512), n-gram counts (n, v) and intent names (n,).

    Gives the model, and what it would say of ASKED of the examples had it not seen the fold that they are in.
    Memory: half of a matrix of n × n float32.
    """
    order, asked = _put_last(len(intents))
    basis = find_basis(dense, DIRECTIONS)
    examples = np.round(dense[order] @ basis * BYTE_SCALE).astype(np.float32) / np.float32(BYTE_SCALE)
    counts = csr_matrix(counts, dtype=np.float32)[order]
    classes, labels = np.unique(intents[order], return_inverse=True)
    wanted = np.eye(len(classes), dtype=np.float32)[labels]
    idf = _inverse_frequency(counts)
    slack = _slack(labels)
    landmarks = _choose_landmarks(labels)
    foreign_weights = _solve_few(examples, landmarks, slack, wanted)
    weights, inverse = solve_ridge(_both_alike(examples, weigh(counts, idf)), slack, wanted, asked)
    folds = split_folds(labels[-asked:], len(labels))
    scores = leave_folds_out(inverse, weights[-asked:], wanted[-asked:], folds)
    sharpness = fit_sharpness(scores, labels[-asked:])
    head, foreign = Head.sum_up(weights, examples), Head.sum_up(foreign_weights, examples[landmarks])
    kept = labels.astype(np.int16)
    model = KernelModel(classes, idf, basis, examples, counts, kept, head, landmarks, foreign, sharpness)
    likeness = _likeness_unseen(examples, labels, scores.argmax(axis=1), folds)
    return model, OutOfFold(order[-asked:], softmax(sharpness * scores), likeness)


def find_basis(dense: np.ndarray, most: int) -> np.ndarray:
    """The directions (512, d) in which sentence vectors (n, 512) differ most, as they are kept: `most` of them.

    The products of vectors along them are those of the vectors, but for what lies in no direction of the examples
    (principal components, without a centre).
    """
    _, directions = np.linalg.eigh((dense.T @ dense).astype(np.float64))
    basis, scale = round_weights(directions[:, ::-1][:, : min(most, len(dense))], BASIS_LIMIT)
    return basis * scale


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
    """Whole numbers up to `limit` (n, c), and the scale of each class (c,) that they are multiplied by.

    Scales are powers of two: what was rounded once is not changed by being rounded again.
    """
    most = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float16).tiny)
    scale = np.exp2(np.ceil(np.log2(most / limit))).astype(np.float32)
    return np.round(weights / scale).astype(np.min_scalar_type(-limit)), scale


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
    """Likeness of sentence vectors, (n, m): 1 for the same sentence, less the farther they are.

    And one more: a constant that stands for the intercept.
    """
    cosines = dense @ examples.T
    cosines -= 1
    cosines *= STEEPNESS
    np.exp(cosines, out=cosines)
    cosines += 1
    return cosines


def _both_alike(examples: np.ndarray, ngrams: csr_matrix) -> Alike:
    """Likeness of examples by their vectors (n, d) and their n-grams (n, v)."""

    def alike(rows: slice, columns: slice) -> np.ndarray:
        by_ngrams = (ngrams[rows] @ ngrams[columns].T.tocsr()).toarray()
        by_ngrams *= NGRAM_SHARE
        by_ngrams += _alike(examples[rows], examples[columns])
        return by_ngrams

    return alike


def _slack(labels: np.ndarray) -> np.ndarray:
    """How far the score of each example may be from its label, (n,)."""
    sizes = np.bincount(labels)
    return (REGULARISATION * (sizes[labels] / sizes.mean()) ** BALANCE).astype(np.float32)


def _put_last(size: int) -> tuple[np.ndarray, int]:
    """An order (n,) of `size` examples whose last ones are drawn at random, and how many these are: ASKED at most."""
    asked = min(ASKED, size)
    drawn = np.random.default_rng(SEED).permutation(size)
    return np.concatenate([np.sort(drawn[asked:]), np.sort(drawn[:asked])]), asked


def _choose_landmarks(labels: np.ndarray) -> np.ndarray:
    """Which of the examples, evenly over the subjects, LANDMARKS at most: (l,), for labels (n,)."""
    by_subject = labels.argsort(kind="stable")
    evenly = np.linspace(0, len(labels) - 1, min(LANDMARKS, len(labels))).round().astype(np.int64)
    return np.sort(by_subject[evenly])


def _solve_few(examples: np.ndarray, landmarks: np.ndarray, slack: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Weights (l, c) of the landmarks (l,), for labels `wanted` (n, c) of all examples (n, d).

    Subset of regressors (Rasmussen & Williams, 2006, ch. 8.3.1).
    """
    jitter = JITTER * np.eye(len(landmarks), dtype=np.float32)
    among = _alike(examples[landmarks], examples[landmarks]) + jitter
    root = cholesky(among, lower=True, overwrite_a=True, check_finite=False)
    held = np.sqrt(slack)
    features = solve_triangular(root, _alike(examples[landmarks], examples) / held, lower=True, check_finite=False)
    gram = features @ features.T + np.eye(len(landmarks), dtype=np.float32)
    weights = cho_solve(cho_factor(gram, overwrite_a=True, check_finite=False), features @ (wanted / held[:, None]))
    return np.asarray(solve_triangular(root, weights, lower=True, trans="T", check_finite=False))


def fit_sharpness(scores: np.ndarray, labels: np.ndarray) -> float:
    """The factor that makes probabilities of scores, (n, c): the likeliest one given the labels, (n,)."""

    def surprise(sharpness: float) -> float:
        given = softmax(sharpness * scores)[np.arange(len(labels)), labels]
        return float(-np.log(given.clip(1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(1.0, SHARPEST), method="bounded").x)


def _likeness_unseen(
    examples: np.ndarray, labels: np.ndarray, first: np.ndarray, folds: list[np.ndarray]
) -> np.ndarray:
    """Cosine (m,) of each of the last examples to the nearest one, outside of its fold, of its first class (m,)."""
    asked = len(first)
    likeness = np.zeros(asked, dtype=np.float32)
    for fold in folds:
        seen = np.setdiff1d(np.arange(len(examples)), len(examples) - asked + fold)
        held_back = examples[-asked:][fold]
        likeness[fold] = _nearest(held_back, examples[seen], labels[seen], first[fold])
    return likeness


def _nearest(dense: np.ndarray, examples: np.ndarray, labels: np.ndarray, first: np.ndarray) -> np.ndarray:
    nearest = np.empty(len(dense), dtype=np.float32)
    for index in np.unique(first):
        rows = first == index
        nearest[rows] = (dense[rows] @ examples[labels == index].T).max(axis=1)
    return nearest


def softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores / scores.sum(axis=1, keepdims=True)
