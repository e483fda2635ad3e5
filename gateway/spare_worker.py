"""The worker that was just replaced, kept ready for a while: going back right after a publication takes no start."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from gateway.worker_process import Worker

LOOK = 1.0  # seconds between two looks at whether it is still needed
LONGEST = 3600.0  # seconds after which it is stopped, whoever still speaks to it


class Spare:
    """At most one worker, that answers those whose conversation began with it, or nobody."""

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._is_taken: asyncio.Future[bool] | None = None

    @property
    def worker(self) -> Worker | None:
        """The one that is kept, if it still runs."""
        return self._worker if self._worker is not None and self._worker.is_running else None

    def put(self, worker: Worker) -> asyncio.Future[bool]:
        """From now on, keep this one; what comes back is for `keep`."""
        self.let_go()
        self._worker, self._is_taken = worker, asyncio.get_running_loop().create_future()
        return self._is_taken

    async def keep(
        self, is_taken: asyncio.Future[bool], seconds: float, is_needed: Callable[[], Awaitable[bool]]
    ) -> bool:
        """Wait until it is taken back (True), another one comes (False), or nobody needs it after `seconds` (False)."""
        worker, began = self._worker, time.monotonic()
        try:
            while True:
                done, _ = await asyncio.wait([is_taken], timeout=seconds)
                if done:
                    return is_taken.result()
                if time.monotonic() - began > LONGEST or not await is_needed():
                    return is_taken.done() and is_taken.result()
                seconds = LOOK
        finally:
            if self._worker is worker and self._is_taken is is_taken:
                self._worker = None

    async def take(self, release: Path, patience: float) -> Worker | None:
        """The worker of a release, when it is the one that is kept and still answers within `patience` seconds."""
        worker, is_taken = self._worker, self._is_taken
        if worker is None or is_taken is None or worker.release != release or not await worker.is_healthy(patience):
            return None
        if worker is not self._worker or is_taken.done():
            return None
        is_taken.set_result(True)
        self._worker = None
        return worker

    def let_go(self) -> None:
        """Keep it no longer."""
        if self._is_taken is not None and not self._is_taken.done():
            self._is_taken.set_result(False)
