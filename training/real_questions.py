"""Questions of the exam that come from residents, rewritten by staff: `reelles.yml`, a slice like the others.

The format is the one of `tests/questions/README.md`; each question is one line of the list, so that the file reads
and compares well.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.examples import quote, write_whole
from knowledge.text import normalize
from training.exam import ExamError, load_exam

FILE = "reelles.yml"
_HEADER = 'description: "Questions réelles des habitants, réécrites par les agents"\nquestions:\n'
# What is expected of a message that is none of our subjects, as in hors_sujet.yml.
_NOT_OURS = ("fallback", "handoff")


@dataclass(frozen=True)
class RealQuestion:
    """One question, and the subject that must answer it; None when it must be said that it is off-topic."""

    text: str
    subject: str | None


def list_real(exam: Path) -> list[RealQuestion]:
    """The questions of the file, in order; none when there is no file. Raises ExamError."""
    path = exam / FILE
    if not path.is_file():
        return []
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
        return [RealQuestion(str(entry["question"]), entry.get("sujet")) for entry in entries]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ExamError(f"{FILE} ne se lit pas ({error}). Voyez le README du dossier.") from error


def is_in_exam(exam: Path, text: str) -> bool:
    """Whether a question is in the exam already, whatever its case, accents and punctuation. Raises ExamError."""
    slices = load_exam(exam) if any(exam.glob("*.yml")) else []
    asked = (turn.message for part in slices for turns in part.conversations for turn in turns)
    return normalize(text) in {normalize(message) for message in asked}


def add_real(exam: Path, question: RealQuestion) -> None:
    """Add a question at the end of the file. Raises ExamError when it cannot be read back."""
    _write(exam, [*list_real(exam), question])


def remove_real(exam: Path, text: str) -> bool:
    """Take a question out; False when it was not there. Raises ExamError."""
    known = list_real(exam)
    kept = [question for question in known if normalize(question.text) != normalize(text)]
    if len(kept) < len(known):
        _write(exam, kept)
    return len(kept) < len(known)


def _write(exam: Path, questions: list[RealQuestion]) -> None:
    exam.mkdir(parents=True, exist_ok=True)
    if questions:
        write_whole(exam / FILE, _HEADER + "".join(map(_as_entry, questions)))
    else:
        # A slice without a question cannot be marked.
        (exam / FILE).unlink(missing_ok=True)


def _as_entry(question: RealQuestion) -> str:
    if question.subject is None:
        return f"  - question: {quote(question.text)}\n    kind: [{', '.join(_NOT_OURS)}]\n"
    return f"  - question: {quote(question.text)}\n    sujet: {question.subject}\n"
