"""« À revoir »: what staff read, the most useful first, and what they decide on it.

What a decision is worth is people × doubt × importance: over the near-identical askings of a question, the sum of
how much there is to doubt of each (1 − confidence; half at least when nothing was answered; all of it when a resident
said that the answer was wrong), times the importance of the subject (`review_groups`). What was decided on, or set
aside, never comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Row

from gateway.agents.journal import insert_note
from gateway.database import Database
from gateway.questions import KEPT_DECISIONS_DAYS, groups, questions
from gateway.review_sample import JUDGING, JUSTE, judge_sampled, week_of
from gateway.store import feedback, replies, turns

SUJET, HORS_SUJET, NOUVEAU, ECARTE, COLLEGUE = "sujet", "hors_sujet", "nouveau", "ecarte", "collegue"
DECISIONS = (JUSTE, SUJET, HORS_SUJET, NOUVEAU, ECARTE, COLLEGUE)
# Fifteen minutes a week, at some twenty seconds a decision.
PER_WEEK = 40
SAMPLE_EVERY = 4
SHOWN = 50
ASKINGS_SHOWN = 20
# Below that, a decision teaches nothing: one person, one answer that is nearly sure.
LEAST_USEFUL = 0.25


@dataclass(frozen=True)
class Line:
    """One question of the list: what it was taken for, how many asked it, and why it is there.

    `doubt` is the mean of its askings (0..1), `importance` that of its subject.
    """

    id: int
    text: str
    subject: str
    asked: int
    last_on: date
    doubt: float
    importance: float
    is_sample: bool = False
    decision: str | None = None
    target: str | None = None
    note: str = ""
    decided_by: str | None = None


@dataclass(frozen=True)
class Asking:
    """One asking of a question: how it was understood, what was answered, what the resident thought of it."""

    text: str
    asked_on: date
    release: str
    language: str
    kind: str
    subject: str
    answered: str | None
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    verdict: str | None
    turn_id: int | None


@dataclass(frozen=True)
class Said:
    """One exchange of a conversation, as it was kept; `comment` is the resident's opinion on the reply."""

    message: str
    replies: tuple[str, ...]
    is_this_one: bool
    comment: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the week is: decisions made of those that are asked for, and what is left to decide on."""

    done: int
    left: int
    samples_left: int

    @property
    def goal(self) -> int:
        """How many decisions make this week's work."""
        return min(PER_WEEK, self.done + self.left) + self.samples_left

    @property
    def is_over(self) -> bool:
        """Whether that is all for this week."""
        return self.samples_left == 0 and (self.done >= PER_WEEK or self.left == 0)


class Review:
    """What is to be read and decided. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def list_open(self, today: date, limit: int = SHOWN) -> list[Line]:
        """What to decide on, the most useful first; one answer chosen by chance after every fourth question."""
        with self._db.reading() as db:
            useful = _useful().order_by(groups.c.score.desc(), groups.c.id).limit(limit)
            lines = [_as_line(row) for row in db.execute(useful)]
            drawn = {row.id: _as_line(row, is_sample=True) for row in db.execute(_drawn(today))}
        lines = [line for line in lines if line.id not in drawn]
        for place, sample in enumerate(drawn.values()):
            lines.insert((place + 1) * SAMPLE_EVERY + place, sample)
        return lines

    def list_decided(self, decision: str, limit: int = SHOWN) -> list[Line]:
        """What was decided in a given way, the latest first."""
        latest = select(groups).where(groups.c.decision == decision).order_by(groups.c.decided_on.desc(), groups.c.id)
        with self._db.reading() as db:
            return [_as_line(row) for row in db.execute(latest.limit(limit))]

    def count_decided(self) -> dict[str, int]:
        """Decision → how many questions."""
        counted = select(groups.c.decision, func.count()).group_by(groups.c.decision)
        with self._db.reading() as db:
            return {decision: count for decision, count in db.execute(counted).all() if decision}

    def progress(self, today: date) -> Progress:
        """How far the week is."""
        monday = today - timedelta(days=today.weekday())
        since = select(func.count()).where(groups.c.decided_on >= monday)
        with self._db.reading() as db:
            done = int(db.execute(since).scalar() or 0)
            left = int(db.execute(select(func.count()).select_from(_useful().subquery())).scalar() or 0)
            samples = int(db.execute(select(func.count()).select_from(_drawn(today).subquery())).scalar() or 0)
        return Progress(done, left, samples)

    def find(self, group_id: int) -> Line | None:
        """One question, whatever was decided on it."""
        with self._db.reading() as db:
            row = db.execute(select(groups).where(groups.c.id == group_id)).first()
        return _as_line(row) if row else None

    def askings(self, group_id: int) -> list[Asking]:
        """The last askings of a question, the most doubtful first."""
        query = select(questions).where(questions.c.group_id == group_id)
        ordered = query.order_by(questions.c.doubt.desc(), questions.c.id.desc()).limit(ASKINGS_SHOWN)
        with self._db.reading() as db:
            return [_as_asking(row) for row in db.execute(ordered)]

    def around(self, turn_id: int, before: int = 2, after: int = 1) -> list[Said]:
        """The conversation around a turn, masked as it was kept; nothing says whose it is."""
        with self._db.reading() as db:
            session = db.execute(select(turns.c.session_id).where(turns.c.id == turn_id)).scalar()
            own = select(turns).where(turns.c.session_id == session)
            earlier = own.where(turns.c.id < turn_id).order_by(turns.c.id.desc()).limit(before)
            later = own.where(turns.c.id >= turn_id).order_by(turns.c.id).limit(after + 1)
            rows = [*reversed(db.execute(earlier).all()), *db.execute(later).all()]
            return [_read_said(db, row, turn_id) for row in rows]

    def decide(
        self, group_id: int, decision: str, by: str, on: date, *, target: str | None = None, note: str = ""
    ) -> bool:
        """Write a decision, and its line of the journal; False when there is no such question any more."""
        assert decision in DECISIONS
        values = {"decision": decision, "target": target, "note": note, "decided_by": by, "decided_on": on}
        with self._db.writing() as db:
            row = db.execute(select(groups.c.text, groups.c.decision).where(groups.c.id == group_id)).first()
            if row is None:
                return False
            db.execute(update(groups).where(groups.c.id == group_id).values(**values))
            if decision in JUDGING:
                judge_sampled(db, group_id, decision, target, on)
            insert_note(db, by, "Question revue", f"n° {group_id}", note, décision=decision, sujet=target or "")
        return True

    def purge(self, today: date) -> int:
        """Forget the decisions older than KEPT_DECISIONS_DAYS on what nobody asks any more; returns how many."""
        old = groups.c.decided_on < today - timedelta(days=KEPT_DECISIONS_DAYS)
        with self._db.writing() as db:
            count = int(db.execute(delete(groups).where(groups.c.asked == 0, old)).rowcount)
        if count:
            self._db.scrub()
        return count

    def undo(self, group_id: int, by: str) -> None:
        """Take a decision back: the question returns to the list."""
        cleared = {"decision": None, "target": None, "note": "", "decided_by": None, "decided_on": None}
        with self._db.writing() as db:
            db.execute(update(groups).where(groups.c.id == group_id).values(**cleared))
            insert_note(db, by, "Décision reprise", f"n° {group_id}")


def _useful() -> Any:
    return select(groups).where(groups.c.decision.is_(None), groups.c.score >= LEAST_USEFUL)


def _drawn(today: date) -> Any:
    waiting = select(questions.c.group_id).where(
        questions.c.sampled == week_of(today), questions.c.judged.is_(False)
    )
    return select(groups).where(groups.c.decision.is_(None), groups.c.id.in_(waiting)).order_by(groups.c.id)


def _as_line(row: Row[Any], *, is_sample: bool = False) -> Line:
    return Line(
        id=row.id,
        text=row.text,
        subject=row.subject,
        asked=row.asked,
        last_on=row.last_on,
        doubt=row.score / (row.asked * row.importance) if row.asked else 0.0,
        importance=row.importance,
        is_sample=is_sample,
        decision=row.decision,
        target=row.target,
        note=row.note,
        decided_by=row.decided_by,
    )


def _as_asking(row: Row[Any]) -> Asking:
    return Asking(
        text=row.text,
        asked_on=row.asked_on,
        release=row.release,
        language=row.language,
        kind=row.kind,
        subject=row.subject,
        answered=row.answered,
        confidence=row.confidence,
        candidates=tuple((str(name), float(weight)) for name, weight in row.candidates),
        verdict=row.verdict,
        turn_id=row.turn_id,
    )


def _read_said(db: Connection, turn: Row[Any], this_one: int) -> Said:
    query = (
        select(replies.c.body, feedback.c.comment)
        .join(feedback, feedback.c.reply_id == replies.c.id, isouter=True)
        .where(replies.c.turn_id == turn.id)
        .order_by(replies.c.position)
    )
    rows = db.execute(query).all()
    comments = [row.comment for row in rows if row.comment]
    return Said(turn.message, tuple(row.body["text"] for row in rows), turn.id == this_one, " ".join(comments))
