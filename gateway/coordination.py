"""What the gateways of one service agree on; here for one that is alone, in `redis_coordination.py` for several.

One message of a conversation at a time, a conversation that ends with the release it began with, a new release that
is opened once everybody has it, and how often somebody may write.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from gateway.errors import Unavailable

CONVERSATIONS_LIMIT = 10_000


@dataclass(frozen=True)
class Presence:
    """What a gateway says of itself: the releases it can answer from, and the one it gives new conversations."""

    ready: frozenset[str]
    opened: str | None
    keys: str = ""  # fingerprint of the keys that it signs and seals with


class Coordination(Protocol):
    """Every method may raise Unavailable."""

    # Seconds of silence after which a conversation is over; 0 when conversations are not tied to a release.
    pause: float

    def in_turn(self, key: str, patience: float) -> AbstractAsyncContextManager[None]:
        """Messages of one conversation are answered one at a time; `patience` is the longest wait, in seconds."""

    async def find_release(self, session: str) -> str | None:
        """The release of a conversation that is not over."""

    async def keep_release(self, session: str, release: str) -> None:
        """A conversation goes on, with this release."""

    async def is_spoken_to(self, release: str) -> bool:
        """Whether some conversation that is not over has this release."""

    async def announce(self, presence: Presence) -> None:
        """Say what this gateway can do; said often, forgotten soon."""

    async def others(self) -> Sequence[Presence]:
        """What the other gateways said."""

    async def has_strangers(self) -> bool:
        """Whether one of the others signs and seals with other keys than this one."""

    async def take(self, limit: str, key: str, count: float, period: float) -> int | None:
        """Count one try of `count` a `period` (seconds); the seconds to wait, None when each gateway counts alone."""

    async def is_working(self) -> bool:
        """Whether gateways can agree now."""

    async def close(self) -> None:
        """Leave."""


class Alone:
    """One gateway, which only has to agree with itself."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # Conversation → its release, and when it is over (monotonic clock); the one silent for longest comes first.
        self._releases: OrderedDict[str, tuple[str, float]] = OrderedDict()

    @asynccontextmanager
    async def in_turn(self, key: str, patience: float) -> AsyncIterator[None]:
        """Messages are answered in the order in which they came."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with asyncio.timeout(patience):
                await lock.acquire()
        except TimeoutError:
            raise Unavailable("the message before is not answered") from None
        try:
            yield
        finally:
            lock.release()

    async def find_release(self, session: str) -> str | None:
        """The release of a conversation that is not over."""
        release, end = self._releases.get(session, (None, 0.0))
        return release if end > time.monotonic() else None

    async def keep_release(self, session: str, release: str) -> None:
        """A conversation goes on, with this release."""
        self._releases[session] = (release, time.monotonic() + self.pause)
        self._releases.move_to_end(session)
        while len(self._releases) > CONVERSATIONS_LIMIT:
            self._releases.popitem(last=False)

    async def is_spoken_to(self, release: str) -> bool:
        """Whether some conversation that is not over has this release."""
        now = time.monotonic()
        return any(name == release and end > now for name, end in self._releases.values())

    async def announce(self, presence: Presence) -> None:
        """Nobody listens."""

    async def others(self) -> Sequence[Presence]:
        """There are none."""
        return ()

    async def has_strangers(self) -> bool:
        """There are no others."""
        return False

    async def take(self, limit: str, key: str, count: float, period: float) -> int | None:
        """This gateway counts alone."""
        return None

    async def is_working(self) -> bool:
        """Always."""
        return True

    async def close(self) -> None:
        """Nothing to leave."""
