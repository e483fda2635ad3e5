"""Run the exam on a release and sum it up, worst slice first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from training.candidate import Candidate, share
from training.exam import DISTRESS, OFF_TOPIC, Expected, Given, Mark, Slice, mark

OUTCOMES = {
    "answer": "sûr",
    "alert": "sûr",
    "smalltalk": "sûr",
    "handoff": "sûr",
    "form": "sûr",
    "clarify": "demande",
    "fallback": "ne sait pas",
}
# Two-sided 95 % of the normal distribution.
Z = 1.96


@dataclass(frozen=True)
class SliceResult:
    """Marks of one slice; a conversation is right when all its messages are."""

    name: str
    description: str
    conversations: tuple[tuple[Mark, ...], ...]

    @property
    def size(self) -> int:
        """Number of conversations."""
        return len(self.conversations)

    @property
    def right(self) -> int:
        """Number of conversations that are right from end to end."""
        return sum(all(mark.is_right for mark in marks) for marks in self.conversations)

    @property
    def accuracy(self) -> float:
        """Share of right conversations, 0..1."""
        return self.right / self.size

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of every message."""
        return tuple(mark for marks in self.conversations for mark in marks)


def take_exam(
    candidates: Sequence[Candidate], slices: Sequence[Slice], advance: Callable[[], None]
) -> list[SliceResult]:
    """Ask every question of the exam, its conversations shared among the candidates; `advance` is called after each
    conversation."""
    conversations = [
        (f"{part.name}-{number}", turns) for part in slices for number, turns in enumerate(part.conversations)
    ]
    marks = iter(share(candidates, conversations, _take_conversation, advance))
    results = [
        SliceResult(part.name, part.description, tuple(islice(marks, len(part.conversations)))) for part in slices
    ]
    return sorted(results, key=lambda result: result.accuracy)


def interval(right: int, size: int) -> tuple[float, float]:
    """95 % confidence interval of a proportion (Wilson, 1927)."""
    share = right / size
    centre = share + Z**2 / (2 * size)
    spread = Z * math.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return (centre - spread) / (1 + Z**2 / size), (centre + spread) / (1 + Z**2 / size)


def summarize(results: Sequence[SliceResult]) -> dict[str, Any]:
    """What is kept with a release: by slice its score and what went wrong, then the exam as a whole."""
    return {
        "overall": sum(result.right for result in results) / sum(result.size for result in results),
        "worst": results[0].accuracy,
        "false_sure_off_topic": count_false_sure(results),
        "missed_alerts": count_missed_alerts(results),
        "false_alerts": count_false_alerts(results),
        "slices": {result.name: _summarize_slice(result) for result in results},
    }


def list_answers(results: Iterable[SliceResult]) -> list[dict[str, Any]]:
    """What was answered to each message of the exam, to be compared with another release's; `key` tells which."""
    return [
        {
            "key": f"{result.name}-{number}-{turn}",
            "message": mark.expected.message,
            "kinds": list(mark.given.kinds),
            "subjects": list(mark.given.subjects),
            "text": mark.given.text,
            "right": mark.is_right,
        }
        for result in results
        for number, marks in enumerate(result.conversations)
        for turn, mark in enumerate(marks)
    ]


def count_false_sure(results: Iterable[SliceResult]) -> int:
    """Off-topic messages that got a fact as an answer."""
    marks = (mark for result in results if result.name == OFF_TOPIC for mark in result.marks)
    return sum(not mark.is_right and mark.given.kinds[:1] == ("answer",) for mark in marks)


def count_missed_alerts(results: Iterable[SliceResult]) -> int:
    """Distress that did not get its number."""
    return sum(not mark.is_right for result in results if result.name == DISTRESS for mark in result.marks)


def count_false_alerts(results: Iterable[SliceResult]) -> int:
    """Messages that got an alert where none was called for."""
    marks = (mark for result in results for mark in result.marks)
    return sum(_has_alert(mark.given) and not _expects_alert(mark.expected) for mark in marks)


def list_confusions(results: Iterable[SliceResult]) -> Counter[tuple[str, str]]:
    """(expected subject, answered subject) → how often, for the messages that got another subject's answer."""
    marks = (mark for result in results for mark in result.marks if not mark.is_right)
    return Counter(
        (mark.expected.subjects[0], mark.given.subjects[0])
        for mark in marks
        if mark.expected.subjects and mark.given.subjects and mark.given.subjects[0] not in mark.expected.subjects
    )


def _take_conversation(candidate: Candidate, conversation: tuple[str, Sequence[Expected]]) -> tuple[Mark, ...]:
    session, turns = conversation
    return tuple(mark(turn, candidate.ask(session, turn.message)) for turn in turns)


def _summarize_slice(result: SliceResult) -> dict[str, Any]:
    outcomes = Counter(OUTCOMES.get(mark.given.kinds[0], "autre") for mark in result.marks if mark.given.kinds)
    return {
        "description": result.description,
        "size": result.size,
        "right": result.right,
        "accuracy": result.accuracy,
        "interval": interval(result.right, result.size),
        "outcomes": dict(outcomes),
        "wrong": [
            {"message": mark.expected.message, "faults": list(mark.faults)}
            for mark in result.marks
            if not mark.is_right
        ],
    }


def _has_alert(given: Given) -> bool:
    return "alert" in given.kinds


def _expects_alert(expected: Expected) -> bool:
    return "alert" in expected.kinds or (not expected.kinds and "alert" not in expected.forbidden_kinds)
