"""Who is signed in: a random token in a cookie, its hash in the database, an end that comes by itself."""

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata

IDLE_LIMIT = 2 * 3600  # seconds without a request
WHOLE_LIMIT = 10 * 3600  # seconds since signing in
SEEN_EVERY = 60  # seconds between two writes of « seen »

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("began_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)


class StaffSessions:
    """Sessions of staff. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock

    def open(self, staff_id: int, former: str | None = None) -> str:
        """A new session; returns its token. The session this browser had before is over, and all that have expired."""
        token, now = secrets.token_urlsafe(32), int(self._clock())
        with self._db.writing() as db:
            db.execute(delete(staff_sessions).where(~_is_alive(now)))
            if former is not None:
                db.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == hash_token(former)))
            row = {"token_hash": hash_token(token), "staff_id": staff_id, "began_at": now, "seen_at": now}
            db.execute(insert(staff_sessions).values(row))
        return token

    def read(self, token: str) -> int | None:
        """The number of the person a token signs in; None when it has expired or never was."""
        now = int(self._clock())
        here = staff_sessions.c.token_hash == hash_token(token)
        with self._db.reading() as db:
            row = db.execute(select(staff_sessions).where(here, _is_alive(now))).first()
        if row is None:
            return None
        if now - row.seen_at >= SEEN_EVERY:
            with self._db.writing() as db:
                db.execute(update(staff_sessions).where(here).values(seen_at=now))
        return int(row.staff_id)

    def close(self, token: str) -> None:
        """End one session."""
        with self._db.writing() as db:
            db.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == hash_token(token)))

    def close_all(self, staff_id: int) -> None:
        """End every session of a person, on every machine."""
        with self._db.writing() as db:
            end_sessions(db, staff_id)


def end_sessions(db: Connection, staff_id: int) -> None:
    """End every session of a person, in the transaction that makes it necessary."""
    db.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))


def hash_token(token: str) -> str:
    """What is kept of a random secret: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _is_alive(now: int) -> Any:
    # What was seen later than now was seen before the clock was put back: such a session would last for years.
    seen = staff_sessions.c.seen_at.between(now - IDLE_LIMIT + 1, now + IDLE_LIMIT)
    return seen & (staff_sessions.c.began_at > now - WHOLE_LIMIT)
