"""The worker that was just replaced, kept ready for a while: going back right after a publication takes no start."""

import asyncio
from pathlib import Path

from gateway.worker_process import Worker


class Spare:
    """At most one worker, that answers nobody."""

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._is_taken: asyncio.Future[bool] | None = None

    async def keep(self, worker: Worker, seconds: float) -> bool:
        """Keep a worker, until it is taken back (True), or it is too late or another one comes (False)."""
        self._let_go()
        self._worker, self._is_taken = worker, asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                return await self._is_taken
        except TimeoutError:
            return False
        finally:
            if self._worker is worker:
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

    def _let_go(self) -> None:
        if self._is_taken is not None and not self._is_taken.done():
            self._is_taken.set_result(False)
