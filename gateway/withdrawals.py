"""Answers that staff have taken down: from the next message on they are not given, whatever the release says."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import BigInteger, Column, String, Table, Text, select

from gateway import texts
from gateway.database import Database, metadata
from knowledge.replies import Reply

FRESH = 1.0  # seconds during which the list is not read again

taken_down = Table(
    "taken_down",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),  # seconds since 1970, UTC
    Column("who", String(254), nullable=False),
    Column("reason", Text, nullable=False),
)


class Withdrawals:
    """The answers taken down, for whoever is about to give one."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._slugs: frozenset[str] = frozenset()
        self._read_at = -FRESH

    async def apply(self, replies: Iterable[Reply], contact: str) -> tuple[Reply, ...]:
        """The replies, with a word and the contact in place of what is taken down. Raises Unavailable."""
        gone = await self._known()
        return tuple(_withdrawn(reply, contact) if reply.subject in gone else reply for reply in replies)

    def read(self) -> dict[str, str]:
        """Slug → why it was taken down. Blocks; raises Unavailable."""
        with self._db.reading() as db:
            return {row.slug: row.reason for row in db.execute(select(taken_down))}

    async def _known(self) -> frozenset[str]:
        if time.monotonic() - self._read_at >= FRESH:
            self._slugs = frozenset(await asyncio.to_thread(self.read))
            self._read_at = time.monotonic()
        return self._slugs


def _withdrawn(reply: Reply, contact: str) -> Reply:
    text = f"{texts.TAKEN_DOWN}\n\n{contact}"
    return replace(reply, kind="fallback", text=text, simple=None, lang="fr", choices=(), sources=())
