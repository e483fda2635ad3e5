"""What staff tell everybody: a banner, and the pause of the assistant.

Kept in the database for every gateway, and in memory for every message: a pause asked on one gateway is known on the
others within POLL seconds. Calls for help are answered before anybody looks here.
"""

import asyncio
import logging
import time
from dataclasses import dataclass

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text, delete, insert, select
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata
from gateway.errors import Unavailable

log = logging.getLogger("gateway.announcements")

POLL = 5.0  # seconds

# One row, or none as long as nothing was ever announced.
announcements = Table(
    "announcements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("paused", Boolean, nullable=False),
    Column("message", Text, nullable=False),
    Column("banner", Text, nullable=False),
    Column("changed_by", String(254), nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)


@dataclass(frozen=True)
class Announcement:
    """What is announced: `message` is why the assistant is paused, `banner` is shown above the conversation."""

    paused: bool = False
    message: str = ""
    banner: str = ""
    changed_by: str = ""
    changed_at: int = 0


class Announcements:
    """The announcement in force. `current` never waits; the methods block, and raise Unavailable."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.current = Announcement()

    def refresh(self) -> None:
        """Read again what is announced."""
        with self._db.reading() as db:
            row = db.execute(select(announcements)).first()
        self.current = Announcement(*row[1:]) if row else Announcement()

    def write(self, db: Connection, *, paused: bool, message: str, banner: str, by: str) -> None:
        """Announce something else, in the transaction that notes why; `refresh` once it is written."""
        row = {"id": 1, "paused": paused, "message": message, "banner": banner, "changed_by": by}
        db.execute(delete(announcements))
        db.execute(insert(announcements).values(**row, changed_at=int(time.time())))

    async def follow(self) -> None:
        """Keep `current` true, for ever; what was known last stays true while the database is away."""
        while True:
            try:
                await asyncio.to_thread(self.refresh)
            except Unavailable as reason:
                log.info("announcements not read: %s", reason)
            await asyncio.sleep(POLL)
