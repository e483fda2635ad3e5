"""A few sure answers read again each week, chosen by chance: how often the assistant is wrong without a doubt."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, case, func, insert, select, update
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata
from gateway.questions import groups, questions
from training.evaluate import interval

PER_WEEK = 10
WEEKS_SHOWN = 12
JUSTE = "juste"

verdicts = Table(
    "sample_verdicts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("week", String(8), nullable=False, index=True),
    Column("is_right", Boolean, nullable=False),
    Column("judged_on", Date, nullable=False),
)


@dataclass(frozen=True)
class WeekError:
    """What was found among the sure answers of one week: `wrong` of `judged`."""

    week: str
    judged: int
    wrong: int


@dataclass(frozen=True)
class ErrorEstimate:
    """The share of sure answers that are wrong (0..1), its 95 % interval (Wilson), and the weeks it comes from."""

    judged: int
    wrong: int
    weeks: tuple[WeekError, ...]

    @property
    def share(self) -> float:
        """Wrong answers among those judged."""
        return self.wrong / self.judged

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % interval."""
        return interval(self.wrong, self.judged)


def week_of(day: date) -> str:
    """« 2026-S48 »: weeks of ISO 8601."""
    year, week, _ = day.isocalendar()
    return f"{year}-S{week:02}"


class Sampling:
    """Draws and counts. Blocks; raises Unavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def draw(self, today: date) -> int:
        """Complete the sample of the week out of the sure answers of the last seven days; how many were drawn."""
        week = week_of(today)
        with self._db.writing() as db:
            missing = PER_WEEK - _count_drawn(db, week)
            eligible = select(questions.c.id).where(
                questions.c.kind == "answer",
                questions.c.group_id.is_not(None),
                questions.c.sampled.is_(None),
                questions.c.asked_on > today - timedelta(days=7),
            )
            chosen = _choose(list(db.execute(eligible).scalars()), missing) if missing > 0 else []
            for question_id in chosen:
                db.execute(update(questions).where(questions.c.id == question_id).values(sampled=week))
            _judge_decided(db, week, today)
        return len(chosen)

    def estimate(self) -> ErrorEstimate | None:
        """What the samples of the last weeks say; None before the first verdict."""
        week, wrong = verdicts.c.week, func.sum(case((verdicts.c.is_right, 0), else_=1))
        by_week = select(week, func.count(), wrong).group_by(week).order_by(week.desc()).limit(WEEKS_SHOWN)
        with self._db.reading() as db:
            rows = db.execute(by_week).all()
        weeks = tuple(WeekError(name, int(judged), int(bad)) for name, judged, bad in reversed(rows))
        judged, bad = sum(week.judged for week in weeks), sum(week.wrong for week in weeks)
        return ErrorEstimate(judged, bad, weeks) if judged else None


def judge_sampled(db: Connection, group_id: int, decision: str, target: str | None, on: date) -> None:
    """Count a decision on a group for the answers of it that chance chose, in the transaction that decides."""
    drawn = select(questions.c.id, questions.c.sampled, questions.c.answered).where(
        questions.c.group_id == group_id, questions.c.sampled.is_not(None), questions.c.judged.is_(False)
    )
    for row in db.execute(drawn).all():
        is_right = decision == JUSTE or (target is not None and target == row.answered)
        db.execute(insert(verdicts).values(week=row.sampled, is_right=is_right, judged_on=on))
        db.execute(update(questions).where(questions.c.id == row.id).values(judged=True))


def _count_drawn(db: Connection, week: str) -> int:
    waiting = select(func.count()).where(questions.c.sampled == week, questions.c.judged.is_(False))
    judged = select(func.count()).where(verdicts.c.week == week)
    return int(db.execute(waiting).scalar() or 0) + int(db.execute(judged).scalar() or 0)


def _choose(ids: list[int], count: int) -> list[int]:
    return random.SystemRandom().sample(ids, min(count, len(ids)))


def _judge_decided(db: Connection, week: str, on: date) -> None:
    """What was chosen of a question already decided on needs nobody."""
    decided = (
        select(groups.c.id, groups.c.decision, groups.c.target)
        .join(questions, questions.c.group_id == groups.c.id)
        .where(questions.c.sampled == week, questions.c.judged.is_(False), groups.c.decision.in_(JUDGING))
        .distinct()
    )
    for row in db.execute(decided).all():
        judge_sampled(db, row.id, row.decision, row.target, on)


# Decisions that say whether the answer was right. To set aside or to ask a colleague says nothing of it.
JUDGING = (JUSTE, "sujet", "hors_sujet", "nouveau")
