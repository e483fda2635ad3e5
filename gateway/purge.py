"""What is past its retention is forgotten, part by part, and it is said: in the log, in /metrics, in the journal."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.agents.journal import Journal
from gateway.errors import Unavailable

log = logging.getLogger("gateway.purge")

Part = Callable[[], Awaitable[int]]

WHO, ACTION = "purge automatique", "Données effacées, délai passé"
# What the journal calls each part; what is about staff alone is not worth a line of it.
TITLES = {
    "conversations": "conversations",
    "events": "événements de l’assistant",
    "requests": "demandes",
    "decisions": "décisions sur des questions",
}


class Purge:
    """Forgets what is due; a part that fails stays due, and does not keep the others."""

    def __init__(self, parts: Mapping[str, Part], journal: Journal, clock: Callable[[], float] = time.time) -> None:
        """`parts`: name → what forgets and tells how many; it may raise Unavailable or OSError."""
        self.forgotten = dict.fromkeys(parts, 0)
        # When everything was last done, in seconds since 1970.
        self.done_at = 0.0
        self._parts = parts
        self._due: set[str] = set()
        self._journal = journal
        self._clock = clock

    def fall_due(self) -> None:
        """Everything is to be looked at again."""
        self._due = set(self._parts)

    @property
    def is_due(self) -> bool:
        """Whether there is something to do."""
        return bool(self._due)

    async def run(self) -> None:
        """Do what is due. Raises Unavailable or OSError when something could not be done, once the rest is."""
        counts: dict[str, int] = {}
        failure: Unavailable | OSError | None = None
        for name in [name for name in self._parts if name in self._due]:
            try:
                counts[name] = await self._parts[name]()
                self._due.discard(name)
            except (Unavailable, OSError) as reason:
                failure = reason
        await self._report(counts)
        if failure is not None:
            raise failure
        self.done_at = self._clock()

    async def _report(self, counts: Mapping[str, int]) -> None:
        for name, count in counts.items():
            self.forgotten[name] += count
        found = {name: count for name, count in counts.items() if count}
        if found:
            log.info("purged", extra={"counts": found})
        told: dict[str, Any] = {TITLES[name]: count for name, count in found.items() if name in TITLES}
        if told:
            await asyncio.to_thread(self._journal.note, WHO, ACTION, **told)
