"""Figures of each day, without a word of anybody: they stay when the conversations are gone.

One row for a day, what became of a question (or an opinion), its subject and its language. Written in the
transaction that keeps the turn; what is kept nowhere (a call for help) is counted nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, Column, Date, Integer, String, Table, bindparam, delete, select, text
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata
from gateway.sessions import today
from gateway.worker_process import TurnResult

KEPT_DAYS = 3 * 365

daily_figures = Table(
    "daily_figures",
    metadata,
    Column("day", Date, primary_key=True),
    # The kind of the reply, or the verdict of an opinion.
    Column("kind", String(16), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("total_ms", BigInteger, nullable=False),
)


@dataclass(frozen=True)
class Figure:
    """How many times something happened, and the milliseconds spent on answering, together."""

    kind: str
    subject: str = ""
    language: str = ""
    count: int = 1
    total_ms: int = 0


@dataclass(frozen=True)
class DailyFigure(Figure):
    """A figure and its day."""

    day: date = date.min


class Figures:
    """The figures. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def between(self, first: date, last: date) -> list[DailyFigure]:
        """The figures of some days, both included, oldest first."""
        query = select(daily_figures).where(daily_figures.c.day.between(first, last)).order_by(daily_figures.c.day)
        with self._db.reading() as db:
            rows = db.execute(query).all()
        return [
            DailyFigure(row.kind, row.subject, row.language, row.count, row.total_ms, day=row.day) for row in rows
        ]

    def purge(self) -> int:
        """Forget what is older than KEPT_DAYS; returns how many rows."""
        with self._db.writing() as db:
            old = daily_figures.c.day < today() - timedelta(days=KEPT_DAYS)
            return int(db.execute(delete(daily_figures).where(old)).rowcount)


def figures_of(result: TurnResult, seconds: float) -> tuple[Figure, ...]:
    """What a turn adds to the figures: one for each question, or one for a button or a step of a request."""
    spent = round(seconds * 1000)
    if result.is_private:
        return ()
    if not result.understood:
        first = result.replies[0]
        subject = result.subjects[0] if result.subjects else ""
        return (Figure(first.kind, subject, first.lang, total_ms=spent),)
    share = spent // len(result.understood)
    return tuple(
        Figure(asked.kind, asked.answered or asked.subject, asked.language, total_ms=share)
        for asked in result.understood
    )


# In one statement: two gateways count the same subject at the same moment.
_ADD = text(
    "INSERT INTO daily_figures (day, kind, subject, language, count, total_ms)"
    " VALUES (:day, :kind, :subject, :language, :count, :total_ms)"
    " ON CONFLICT (day, kind, subject, language) DO UPDATE"
    " SET count = daily_figures.count + excluded.count, total_ms = daily_figures.total_ms + excluded.total_ms"
).bindparams(bindparam("day", type_=Date))


def count_figures(db: Connection, day: date, figures: Iterable[Figure]) -> None:
    """Add figures to those of a day."""
    rows = [
        {
            "day": day,
            "kind": figure.kind,
            "subject": figure.subject[:80],
            "language": figure.language[:16],
            "count": figure.count,
            "total_ms": figure.total_ms,
        }
        for figure in figures
    ]
    if rows:
        db.execute(_ADD, rows)
