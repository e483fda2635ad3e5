"""How many messages may be answered at once: a few, the next ones wait a little, the rest is refused at once.

One worker computes one answer at a time. Above what it can do, a queue without an end would make everybody wait for
ever longer; with this one, who is let in is answered in time, and who is not knows it at once and may try again.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

# Enough that the worker never waits for the next message, too few to make one another slow.
AT_ONCE = 3
# Seconds from a message to its answer: what is expected to take longer is refused, unless nobody is before it.
ANSWERED_WITHIN = 0.5
# Seconds that an answer takes, before one was measured, and what each one weighs in their mean.
FIRST_GUESS = 0.1
WEIGHT = 0.1
# Seconds after which a message that is still being answered no longer holds its place: it is stuck, most probably. More
# where answers take long: as many times their mean. As many as there are places may be given up, no more.
STUCK_AFTER = 2.0
STUCK_MEANS = 10
# Seconds after which to try again: not the same for all, or they would all come back together.
RETRY_SOONEST, RETRY_LATEST = 2, 8


class Overloaded(Exception):
    """More messages than can be answered in time; `retry_after` is in whole seconds."""

    def __init__(self) -> None:
        super().__init__("overloaded")
        self.retry_after = random.randint(RETRY_SOONEST, RETRY_LATEST)


class Admission:
    """Lets `at_once` messages in; the next ones wait in order, or are refused when it would take them too long."""

    def __init__(
        self,
        at_once: int = AT_ONCE,
        answered_within: float = ANSWERED_WITHIN,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.waiting = 0
        self.running = 0
        self._at_once = at_once
        self._answered_within = answered_within
        self._clock = clock
        self._free = asyncio.Semaphore(at_once)
        self._mean = FIRST_GUESS
        # Messages that run without a place.
        self._stuck: set[object] = set()

    @property
    def expected_wait(self) -> float:
        """Seconds that one more message would wait when every place is taken, as far as the last answers tell."""
        return (self.waiting + 1) * self._mean / self._at_once

    def now(self) -> float:
        """The time, for `enter`."""
        return self._clock()

    @asynccontextmanager
    async def enter(self, arrived: float | None = None) -> AsyncIterator[None]:
        """Be let in, in the order of arrival; raises Overloaded, at once when the wait is known to be too long.

        `arrived`: when the message began to be looked at (`now`); a process that is short of time makes it wait before.
        """
        if self._free.locked():
            spent = self._clock() - arrived if arrived is not None else 0.0
            await self._wait(self._answered_within - self._mean - spent)
        else:
            await self._free.acquire()
        began = self._clock()
        self.running += 1
        message = object()
        limit = max(STUCK_AFTER, STUCK_MEANS * self._mean)
        giving_up = asyncio.get_running_loop().call_later(limit, self._give_up, message)
        try:
            yield
            # One that fails, at once or after its time limit, says nothing of how long an answer takes.
            self._mean += WEIGHT * (self._clock() - began - self._mean)
        finally:
            giving_up.cancel()
            self.running -= 1
            if message in self._stuck:
                self._stuck.discard(message)
            else:
                self._free.release()

    def _give_up(self, message: object) -> None:
        """Let another one have the place of a message that is stuck."""
        if len(self._stuck) < self._at_once:
            self._stuck.add(message)
            self._free.release()

    async def _wait(self, patience: float) -> None:
        """Wait for a place, `patience` seconds at most; raises Overloaded."""
        if self.expected_wait > patience:
            raise Overloaded
        self.waiting += 1
        try:
            async with asyncio.timeout(patience):
                await self._free.acquire()
        except TimeoutError:
            raise Overloaded from None
        finally:
            self.waiting -= 1
