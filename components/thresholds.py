"""From a classifier's scores to « sure », « ask » or « don't know », fitted on examples it did not learn from.

Thresholds do not carry over from one data set to another: they are fitted at each training, on the out-of-fold
predictions of the training examples, and are part of the release.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import product

import numpy as np
from sklearn.linear_model import LogisticRegression

# What an outcome is worth to a resident. A confident wrong answer costs more than a right one brings: it is believed,
# and acted upon. Being asked « do you mean A or B? », with the right one among them, is one more step for someone
# who already had to write.
RIGHT, WRONG = 1.0, -1.5
ASKED_WITH_RIGHT, ASKED_WITHOUT = 0.25, -1.0
SENT_AWAY, RIGHTLY_SENT_AWAY = -0.5, 1.0

# What two decisions may differ by, a message, and still count as equal.
NEARLY = 0.01

CANDIDATES = np.round(np.arange(0.05, 0.96, 0.025), 3)


@dataclass(frozen=True)
class Decision:
    """How scores become a confidence, and where the two lines are drawn.

    `confidence = 1 / (1 + exp(-(bias + weights · signals)))`, an estimate of the chance that the first subject
    is the right one; `sure` and `ask` are the lowest confidences at which to answer and to propose.
    """

    bias: float
    weights: tuple[float, ...]
    sure: float
    ask: float

    def confidence(self, signals: np.ndarray) -> np.ndarray:
        """Chance of being right, float array (n,), for `signals` of shape (n, len(weights))."""
        return 1.0 / (1.0 + np.exp(-(self.bias + signals @ np.asarray(self.weights))))

    def to_dict(self) -> dict[str, object]:
        """The decision as plain JSON."""
        return asdict(self)


def read_signals(probabilities: np.ndarray, likeness: np.ndarray) -> np.ndarray:
    """What tells a good prediction from a bad one, float array (n, 3).

    Shapes: `probabilities` (n, classes); `likeness` (n,), the highest cosine between the message and an example
    of the class that came first. Columns: log-odds of the first class, its lead over the second, likeness.
    """
    ordered = np.sort(probabilities, axis=1)[:, ::-1].clip(1e-6, 1 - 1e-6)
    first, second = ordered[:, 0], ordered[:, 1]
    return np.column_stack([np.log(first / (1 - first)), np.log(first / second), likeness])


def fit_decision(signals: np.ndarray, is_right: np.ndarray, is_near: np.ndarray, is_ours: np.ndarray) -> Decision:
    """Fit the confidence, then the two lines that are worth most to residents.

    Shapes: `signals` (n, k); the others boolean (n,): the first class is right; the right class is among the
    first three; the message is about one of our subjects (not off-topic).
    """
    # One right and one wrong example in the middle: small contents are sometimes all right, and must train too.
    middle = np.repeat(signals.mean(axis=0, keepdims=True), 2, axis=0)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.vstack([signals, middle]), np.append(is_right, [True, False]))
    lines = Decision(float(model.intercept_[0]), tuple(float(w) for w in model.coef_[0]), 1.0, 1.0)
    confidence = lines.confidence(signals)
    worth = {
        (sure, ask): _worth(confidence, is_right, is_near, is_ours, sure, ask)
        for sure, ask in product(CANDIDATES, CANDIDATES)
        if ask <= sure
    }
    # Many lines are worth nearly the same: among those, answer rather than ask, and ask rather than send away. Each
    # confidence comes from a model with fewer examples than the one that residents talk to.
    least = max(worth.values()) - NEARLY * len(confidence)
    sure, ask = min(lines for lines, value in worth.items() if value >= least)
    return Decision(lines.bias, lines.weights, float(sure), float(ask))


def _worth(
    confidence: np.ndarray, is_right: np.ndarray, is_near: np.ndarray, is_ours: np.ndarray, sure: float, ask: float
) -> float:
    answered = np.where(is_right, RIGHT, WRONG)
    asked = np.where(is_near, ASKED_WITH_RIGHT, ASKED_WITHOUT)
    sent_away = np.where(is_ours, SENT_AWAY, RIGHTLY_SENT_AWAY)
    return float(np.select([confidence >= sure, confidence >= ask], [answered, asked], sent_away).sum())
