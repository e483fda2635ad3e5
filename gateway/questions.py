"""Residents' questions as staff may read them: masked, with how each was understood, tied to nobody.

A question is linked to its turn while the conversation exists, and goes with it. Near-identical questions make a
group (`review.py`), which is what staff decide on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection

from gateway.database import metadata
from knowledge.intents import OFF_TOPIC
from knowledge.replies import Reply
from knowledge.text import normalize

# What an answer leaves to doubt, at least, when it only proposed subjects or gave up.
UNSURE_KINDS = ("clarify", "fallback")
LEAST_DOUBT_UNSURE = 0.5
BAD_VERDICTS = ("fausse", "hors_sujet")
KEPT_DECISIONS_DAYS = 365

groups = Table(
    "question_groups",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("text", Text, nullable=False),
    # The words of the first of them, normalised: the same words come back to the same group.
    Column("words", Text, nullable=False, index=True),
    Column("subject", String(80), nullable=False, index=True),
    Column("importance", Float, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("decision", String(16)),
    Column("target", String(80)),
    Column("note", Text, nullable=False, default=""),
    Column("decided_by", String(254)),
    Column("decided_on", Date),
    Index("by_usefulness", "decision", "score"),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), index=True),
    Column("group_id", ForeignKey("question_groups.id", ondelete="CASCADE"), index=True),
    Column("asked_on", Date, nullable=False, index=True),
    Column("release", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(16), nullable=False),
    # What was answered, and what came first to mind.
    Column("answered", String(80)),
    Column("kind", String(16), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("doubt", Float, nullable=False),
    Column("verdict", String(16)),
    # The week in which chance chose it to be read again, although the answer was sure.
    Column("sampled", String(8), index=True),
    Column("judged", Boolean, nullable=False, default=False),
)


@dataclass(frozen=True)
class Understood:
    """One question of a message: its masked text, the first subject and how sure it is (0..1), the next candidates,
    its language, the kind of reply it got and the subject that was answered, if one was."""

    text: str
    subject: str
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    language: str
    kind: str
    answered: str | None

    @property
    def doubt(self) -> float:
        """How much there is to doubt, 0..1."""
        doubt = min(1.0, max(0.0, 1.0 - self.confidence))
        # Off-topic is a decision like another: it may be sure.
        is_unsure = self.kind in UNSURE_KINDS and self.subject != OFF_TOPIC
        return max(doubt, LEAST_DOUBT_UNSURE) if is_unsure else doubt


def read_understood(
    understood: Iterable[dict[str, Any]], subjects: Sequence[str], replies: Sequence[Reply]
) -> tuple[Understood, ...]:
    """What the worker understood, each question with what it got. Raises KeyError, TypeError or ValueError."""
    asked = list(understood)
    return tuple(_read_one(question, asked, subjects, replies) for question in asked)


_INSERT = insert(questions)


def insert_questions(
    db: Connection, turn_id: int | None, release: str, understood: Iterable[Understood], on: date
) -> None:
    """Write the questions of a turn in the transaction that keeps it."""
    rows = [
        {
            "turn_id": turn_id,
            "asked_on": on,
            "release": release,
            "text": question.text,
            "language": question.language,
            "answered": question.answered,
            "kind": question.kind,
            "subject": question.subject,
            "confidence": question.confidence,
            "candidates": [list(candidate) for candidate in question.candidates],
            "doubt": question.doubt,
        }
        for question in understood
    ]
    if rows:
        db.execute(_INSERT, rows)


def note_verdict(db: Connection, turn_id: int, verdict: str) -> None:
    """Note a resident's opinion on the questions of a turn: a wrong answer leaves everything to doubt."""
    changed = {"verdict": verdict} | ({"doubt": 1.0} if verdict in BAD_VERDICTS else {})
    db.execute(update(questions).where(questions.c.turn_id == turn_id).values(**changed))
    touched = select(questions.c.group_id).where(questions.c.turn_id == turn_id, questions.c.group_id.is_not(None))
    count_again(db, list(db.execute(touched).scalars()))


def groups_of_turns(db: Connection, turn_ids: Any) -> list[int]:
    """The groups that hold a question of these turns (a subquery of their ids)."""
    query = select(questions.c.group_id).where(questions.c.turn_id.in_(turn_ids), questions.c.group_id.is_not(None))
    return list(db.execute(query.distinct()).scalars())


def count_again(db: Connection, group_ids: Iterable[int]) -> None:
    """Count the questions of groups, and what deciding on each is worth: people × doubt × importance."""
    for group_id in set(group_ids):
        own = questions.c.group_id == group_id
        query = select(func.count(), func.coalesce(func.sum(questions.c.doubt), 0.0)).where(own)
        asked, doubt = db.execute(query).one()
        changed = {"asked": asked, "score": doubt * groups.c.importance}
        db.execute(update(groups).where(groups.c.id == group_id).values(**changed))


def drop_empty(db: Connection, group_ids: Sequence[int], *, decided_too: bool) -> None:
    """Forget the groups that hold nothing any more, those that were decided on only when asked; the others keep no
    words of who left."""
    count_again(db, group_ids)
    _rename(db, group_ids)
    empty = delete(groups).where(groups.c.id.in_(group_ids), groups.c.asked == 0)
    db.execute(empty if decided_too else empty.where(groups.c.decision.is_(None)))


def _rename(db: Connection, group_ids: Sequence[int]) -> None:
    """Give each group that still holds questions the words of one of them."""
    said = select(questions.c.id).where(questions.c.group_id == groups.c.id, questions.c.text == groups.c.text)
    left = select(groups.c.id).where(groups.c.id.in_(group_ids), groups.c.asked > 0, ~said.exists())
    for group_id in db.execute(left).scalars().all():
        own = select(questions.c.text).where(questions.c.group_id == group_id).order_by(questions.c.id).limit(1)
        text = str(db.execute(own).scalar())
        db.execute(update(groups).where(groups.c.id == group_id).values(text=text, words=normalize(text)))


def _read_one(
    question: dict[str, Any], asked: Sequence[Any], subjects: Sequence[str], replies: Sequence[Reply]
) -> Understood:
    subject = str(question["subject"] or "")
    is_alone = len(asked) == 1
    answered = (subjects[0] if subjects else None) if is_alone else (subject if subject in subjects else None)
    unanswered = next((reply.kind for reply in replies if reply.kind in UNSURE_KINDS), replies[0].kind)
    return Understood(
        text=str(question["text"]),
        subject=subject,
        confidence=float(question["confidence"]),
        candidates=tuple((str(name), float(weight)) for name, weight in question["candidates"]),
        language=str(question["language"]),
        kind=replies[0].kind if is_alone or answered else unanswered,
        answered=answered,
    )
