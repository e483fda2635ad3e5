"""Who did what in the console, when and why: written in the transaction that does it, and never changed.

An action is a short French sentence (« Compte ajouté »): it is what staff read and filter on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table, Text, delete, func, insert, select
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata

COMMAND_LINE = "ligne de commande"
KEPT_DAYS = 365
PAGE_SIZE = 50

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),  # seconds since 1970, UTC
    Column("who", String(254), nullable=False, index=True),
    Column("action", String(100), nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("details", JSON, nullable=False),
)


@dataclass(frozen=True)
class Note:
    """One line of the journal; `at` is in seconds since 1970."""

    at: float
    who: str
    action: str
    target: str = ""
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The journal. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock

    def note(self, who: str, action: str, target: str = "", reason: str = "", **details: Any) -> None:
        """Write one line of its own; inside another transaction, use `insert_note`."""
        with self._db.writing() as db:
            insert_note(db, who, action, target, reason, at=self._clock(), **details)

    def find(self, *, who: str = "", action: str = "", page: int = 1) -> tuple[list[Note], int]:
        """One page of lines, newest first, and how many there are in all."""
        wanted = [column == value for column, value in ((journal.c.who, who), (journal.c.action, action)) if value]
        newest = select(journal).where(*wanted).order_by(journal.c.id.desc())
        with self._db.reading() as db:
            count = int(db.execute(select(func.count()).select_from(journal).where(*wanted)).scalar() or 0)
            rows = db.execute(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
        return [Note(row.at, row.who, row.action, row.target, row.reason, row.details) for row in rows], count

    def known(self, column: str) -> list[str]:
        """Every value that a column (`who` or `action`) has taken, in order."""
        with self._db.reading() as db:
            return list(db.execute(select(journal.c[column]).distinct().order_by(journal.c[column])).scalars())

    def purge(self) -> int:
        """Forget what is older than KEPT_DAYS; returns how many lines."""
        with self._db.writing() as db:
            return int(db.execute(delete(journal).where(journal.c.at < self._clock() - KEPT_DAYS * 86400)).rowcount)


def insert_note(
    db: Connection,
    who: str,
    action: str,
    target: str = "",
    reason: str = "",
    *,
    at: float | None = None,
    **details: Any,
) -> None:
    """Write a line in the transaction that does what it says."""
    when = int(time.time() if at is None else at)
    row = {"at": when, "who": who, "action": action, "target": target, "reason": reason, "details": details}
    db.execute(insert(journal).values(row))
