"""What changes for residents between two releases: the same questions asked of both, the answers side by side.

The exam's questions know which answer is better: the marks say so. Of residents' own questions nothing but their
number is kept here; their text stays in the database of the gateway, and is forgotten there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.candidate import Candidate, share
from training.exam import OFF_TOPIC, Given
from training.files import read_json, write_json

CHANGES_FILE = "changes.json"
EXAM, REAL = "examen", "question reçue"
BETTER, WORSE, UNDECIDED = "mieux", "pire", "à vous de dire"
# In the order of a list, and of a sentence.
_VERDICTS = (WORSE, UNDECIDED, BETTER)
_TOLD = (BETTER, WORSE, UNDECIDED)


@dataclass(frozen=True)
class Question:
    """A resident's question; `subject` is what staff decided: a subject, OFF_TOPIC, or None."""

    id: str
    text: str
    subject: str | None = None


@dataclass(frozen=True)
class Change:
    """One question whose answer changes; `message` is None for a resident's, which `key` finds in the database."""

    origin: str
    key: str
    message: str | None
    before: Given
    after: Given
    verdict: str


@dataclass(frozen=True)
class Changes:
    """Everything that changes from a release to another, the worst first, among `asked` questions."""

    before: str
    after: str
    asked: int
    changes: tuple[Change, ...]

    @property
    def sentence(self) -> str:
        """« 6 réponses changent : 4 mieux, 1 pire, 1 à vous de dire. »"""
        asked = f"{self.asked:,}".replace(",", "\u202f")
        if not self.changes:
            return f"Aucune réponse ne change, sur {asked} questions."
        counts = Counter(change.verdict for change in self.changes)
        parts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _TOLD if counts[verdict])
        number = len(self.changes)
        head = f"{number} réponses changent" if number > 1 else "1 réponse change"
        return f"{head} sur {asked} : {parts}."


def replay(
    candidates: Sequence[Candidate], questions: Sequence[Question], advance: Callable[[], None]
) -> dict[str, Given]:
    """Ask each question in a conversation of its own; question's id → what came back."""

    def ask(candidate: Candidate, question: Question) -> Given:
        return candidate.ask(f"replay-{question.id}", question.text)

    given = share(candidates, questions, ask, advance)
    return {question.id: answer for question, answer in zip(questions, given, strict=True)}


def compare_exams(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """The messages of the exam whose answer changes, from two evaluations of the same exam."""
    known = {answer["key"]: answer for answer in before["answers"]}
    pairs = [(known[answer["key"]], answer) for answer in after["answers"] if answer["key"] in known]
    return [
        Change(EXAM, new["key"], new["message"], _given(old), _given(new), _say(old["right"], new["right"]))
        for old, new in pairs
        if _given(old) != _given(new)
    ]


def compare_real(questions: Iterable[Question], before: dict[str, Given], after: dict[str, Given]) -> list[Change]:
    """The residents' questions whose answer changes."""
    return [
        Change(REAL, question.id, None, before[question.id], after[question.id], _say_real(question, before, after))
        for question in questions
        if before[question.id] != after[question.id]
    ]


def sort_changes(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What is worse first, then what staff have to say, then what is better."""
    return tuple(sorted(changes, key=lambda change: _VERDICTS.index(change.verdict)))


def save_changes(models: Path, changes: Changes) -> None:
    """Keep the changes beside the release that would bring them."""
    write_json(models / changes.after / CHANGES_FILE, asdict(changes))


def load_changes(models: Path, release: str) -> Changes | None:
    """The changes that a release would bring, or None when it was compared with nothing."""
    content = read_json(models / release / CHANGES_FILE)
    if content is None:
        return None
    changes = tuple(
        Change(**entry | {"before": _given(entry["before"]), "after": _given(entry["after"])})
        for entry in content["changes"]
    )
    return Changes(**content | {"changes": changes})


def read_questions(lines: Iterable[str]) -> tuple[Question, ...]:
    """Questions, one JSON object a line: `{"id", "text", "subject"}`. Raises ValueError."""
    try:
        return tuple(Question(**json.loads(line)) for line in lines if line.strip())
    except TypeError as error:
        raise ValueError(str(error)) from None


def _given(answer: dict[str, Any]) -> Given:
    return Given(tuple(answer["kinds"]), answer["text"], tuple(answer["subjects"]))


def _say(was_right: bool, is_right: bool) -> str:
    if was_right == is_right:
        return UNDECIDED
    return BETTER if is_right else WORSE


def _say_real(question: Question, before: dict[str, Given], after: dict[str, Given]) -> str:
    if question.subject is None:
        return UNDECIDED
    return _say(_is_about(before[question.id], question.subject), _is_about(after[question.id], question.subject))


def _is_about(given: Given, subject: str) -> bool:
    if subject == OFF_TOPIC:
        return not given.is_answer
    return given.is_answer and subject in given.subjects
