"""E-mails that tell the service that a request has come: written with the request, sent until the server takes them.

An e-mail says that there is a request, its code and where to read it; never who asks, nor what.
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata

FIRST_PAUSE, LONGEST_PAUSE = 60, 6 * 3600  # seconds between two tries, doubled each time
BATCH = 20

outbox = Table(
    "outbox",
    metadata,
    Column("code", String(32), ForeignKey("requests.code", ondelete="CASCADE"), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False, index=True),  # seconds since 1970
)


class Outbox:
    """E-mails to send. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock

    def due(self) -> list[str]:
        """The codes of the requests to tell about now, longest waiting first."""
        query = select(outbox.c.code).where(_is_due(self._clock())).order_by(outbox.c.next_at).limit(BATCH)
        with self._db.reading() as db:
            return list(db.execute(query).scalars())

    def claim(self, code: str) -> bool:
        """Take one to send: no other gateway sends it meanwhile, and it comes back later unless `done` is called."""
        now = int(self._clock())
        with self._db.writing(alone="outbox") as db:
            due = (outbox.c.code == code, _is_due(now))
            tries = db.execute(select(outbox.c.tries).where(*due)).scalar()
            if tries is None:
                return False
            later = now + min(FIRST_PAUSE * 2 ** min(tries, 16), LONGEST_PAUSE)
            db.execute(update(outbox).where(*due).values(tries=tries + 1, next_at=later))
        return True

    def done(self, code: str) -> None:
        """It is sent."""
        with self._db.writing() as db:
            db.execute(delete(outbox).where(outbox.c.code == code))

    def count(self) -> int:
        """How many were tried and did not leave."""
        with self._db.reading() as db:
            return int(db.execute(select(func.count()).select_from(outbox).where(outbox.c.tries > 0)).scalar() or 0)

    def clear(self) -> int:
        """Forget them all: nobody wants e-mails; returns how many."""
        with self._db.writing() as db:
            return int(db.execute(delete(outbox)).rowcount)


def insert_mail(db: Connection, code: str) -> None:
    """Put one in the outbox, in the transaction that keeps the request."""
    db.execute(insert(outbox).values(code=code, tries=0, next_at=0))


def _is_due(now: float) -> Any:
    # What waits for longer than anything may wait was put off before the clock was put back.
    return ~outbox.c.next_at.between(int(now) + 1, int(now) + LONGEST_PAUSE)
