"""The linear classifier itself: numpy arrays in, probabilities out.

A multinomial logistic regression on the sentence vector beside TF-IDF-weighted character n-grams. The n-grams
are reduced for training (truncated SVD) and the weights brought back to n-gram space afterwards, which gives the
same linear model eight times faster than training on the n-grams themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize as scale_rows

REDUCED = 300
INVERSE_REGULARISATION = 10.0
# Going on from here takes a third more time and gains nothing out of fold.
TOLERANCE = 0.2
FOLDS = 5
SEED = 0
BYTE_SCALE = 127.0
WEIGHTS = ("dense_weights", "sparse_weights", "foreign_weights")


@dataclass(frozen=True)
class LinearModel:
    """Weights of the classifier, and its examples' vectors to measure likeness with.

    Shapes: `classes` (c,); `idf` (v,); `dense_weights` (512, c); `sparse_weights` (v, c); `intercept` (c,);
    `foreign_weights` (512, c) and `foreign_intercept` (c,), of a second head that reads the sentence vector alone;
    `examples` (n, 512), the sentence vectors; `labels` (n,), index into `classes`. Numbers are float32.
    """

    classes: np.ndarray
    idf: np.ndarray
    dense_weights: np.ndarray
    sparse_weights: np.ndarray
    intercept: np.ndarray
    foreign_weights: np.ndarray
    foreign_intercept: np.ndarray
    examples: np.ndarray
    labels: np.ndarray

    def probabilities(self, dense: np.ndarray, counts: csr_matrix) -> np.ndarray:
        """Probability of each class, (n, c), for sentence vectors (n, 512) and n-gram counts (n, v)."""
        ngrams = weigh(counts, self.idf) @ self.sparse_weights
        return _softmax(dense @ self.dense_weights + ngrams + self.intercept)

    def foreign_probabilities(self, dense: np.ndarray) -> np.ndarray:
        """The same for messages in another language, whose n-grams mean nothing here: (n, c) for vectors (n, 512)."""
        return _softmax(dense @ self.foreign_weights + self.foreign_intercept)

    def likeness(self, dense: np.ndarray, first: np.ndarray) -> np.ndarray:
        """Cosine, (n,), between each sentence vector and the nearest example of its class `first` (n,)."""
        same_class = [self.examples[self.labels == index] @ vector for vector, index in zip(dense, first, strict=True)]
        return np.array([cosines.max() for cosines in same_class], dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the arrays as one compressed `.npz`: data only, nothing that runs when it is read.

        Weights are kept in half precision and vectors in a byte a number, a quarter of the size for the same answers.
        """
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        arrays |= {name: arrays[name].astype(np.float16) for name in WEIGHTS}
        np.savez_compressed(path, **arrays | {"examples": np.round(self.examples * BYTE_SCALE).astype(np.int8)})

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {field.name: stored[field.name] for field in fields(cls)}
        arrays |= {name: arrays[name].astype(np.float32) for name in WEIGHTS}
        return cls(**arrays | {"examples": arrays["examples"].astype(np.float32) / BYTE_SCALE})


def weigh(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """Counts to TF-IDF rows of length 1, with 1 + log(count) for the term frequency."""
    weighted = csr_matrix(counts, dtype=np.float32)
    weighted.data = (1.0 + np.log(weighted.data)) * idf[weighted.indices]
    return scale_rows(weighted, copy=False)


def fit(dense: np.ndarray, counts: csr_matrix, intents: np.ndarray, with_foreign: bool = True) -> LinearModel:
    """Fit the classifier on sentence vectors (n, 512), n-gram counts (n, v) and intent names (n,).

    `with_foreign`: fit the head for other languages too, a third of the time, which the folds do not use.
    """
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
    ngrams = weigh(counts, idf)
    svd = TruncatedSVD(min(REDUCED, min(ngrams.shape) - 1), n_iter=3, random_state=SEED).fit(ngrams)
    classes, labels = np.unique(intents, return_inverse=True)
    regression = _regress(np.hstack([dense, svd.transform(ngrams)]), labels)
    foreign = _regress(dense, labels) if with_foreign else None
    weights, size = _per_class(regression.coef_), dense.shape[1]
    return LinearModel(
        classes=classes,
        idf=idf,
        dense_weights=weights[:, :size].T.astype(np.float32),
        sparse_weights=(svd.components_.T @ weights[:, size:].T).astype(np.float32),
        intercept=_per_class(regression.intercept_).astype(np.float32),
        foreign_weights=_weights_or_zeros(foreign, size, len(classes)),
        foreign_intercept=_per_class(foreign.intercept_).astype(np.float32) if foreign else np.zeros(len(classes)),
        examples=dense,
        labels=labels.astype(np.int16),
    )


def predict_out_of_fold(
    dense: np.ndarray, counts: csr_matrix, intents: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, c) and likeness (n,) of every example, each from a model that did not see it."""
    classes = np.unique(intents)
    probabilities = np.zeros((len(intents), len(classes)), dtype=np.float32)
    likeness = np.zeros(len(intents), dtype=np.float32)
    for seen, held_back in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(dense, intents):
        model = fit(dense[seen], counts[seen], intents[seen], with_foreign=False)
        found = model.probabilities(dense[held_back], counts[held_back])
        probabilities[np.ix_(held_back, np.searchsorted(classes, model.classes))] = found
        likeness[held_back] = model.likeness(dense[held_back], found.argmax(axis=1))
    return probabilities, likeness


def _regress(features: np.ndarray, labels: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=INVERSE_REGULARISATION, max_iter=400, tol=TOLERANCE).fit(features, labels)


def _weights_or_zeros(regression: LogisticRegression | None, size: int, classes: int) -> np.ndarray:
    if regression is None:
        return np.zeros((size, classes), dtype=np.float32)
    return _per_class(regression.coef_).T.astype(np.float32)


def _per_class(weights: np.ndarray) -> np.ndarray:
    """With two classes scikit-learn keeps one row of weights: give each class its own."""
    return weights if len(weights) > 1 else np.concatenate([-weights / 2, weights / 2])


def _softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores / scores.sum(axis=1, keepdims=True)
