"""Keeps a worker of the published release answering, and moves from one release to the next without a pause.

Publishing, from the console or from the command line of any process, changes the link `models/current`. It is seen
here: a worker for the new release starts beside the one that answers, is waited for, gets the traffic; the old one
ends what it is answering and stops. A new release that does not start changes nothing, and it is said.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from gateway import texts
from gateway.content import current_release
from gateway.errors import Unavailable
from gateway.spare_worker import Spare
from gateway.worker_process import WORKER_COMMAND, Pacing, Superseded, SwitchFailure, TurnResult, Worker, WorkerFailed
from knowledge.fiches import FicheError
from training.publication import ROLLED_BACK, answerable, read_log
from training.releases import find_damage

PROBE = 3.0  # seconds

log = logging.getLogger("gateway.workers")

# Reads what the gateway itself shows of a release; what comes back puts it in place, at once.
Prepare = Callable[[Path], Callable[[], None]]
Answer = TypeVar("Answer")


class Supervisor:
    """Keeps a worker of the published release answering, and speaks to it for the rest of the gateway."""

    def __init__(
        self,
        models: Path,
        log_file: Path,
        environ: Mapping[str, str],
        *,
        turn_timeout: float,
        copies: int = 1,
        command: Sequence[str] = WORKER_COMMAND,
        pacing: Pacing | None = None,
        tell: Callable[[str], None] = log.warning,
    ) -> None:
        self.restarts = 0
        self.cut_off = 0
        self._models = models
        self._log_file = log_file
        self._environ = environ
        self._turn_timeout = turn_timeout
        self._command = command
        self.copies = copies
        self._pacing = pacing or Pacing()
        self._tell = tell
        self._current: Worker | None = None
        self._good: Path | None = None
        self.failure: SwitchFailure | None = None
        self._retry_at = 0.0
        self._prepare: Prepare | None = None
        self._shown: str | None = None
        self._said = ""
        self._retiring: set[asyncio.Task[None]] = set()
        # Those that are not wholly stopped yet, whatever was on its way when this one was told to stop.
        self._left: set[Worker] = set()
        self._spare = Spare()
        self._is_needed: Callable[[str], Awaitable[bool]] = _never
        self._find_opened: Callable[[], str | None] = _nothing
        self._ready = asyncio.Event()
        self._suspect = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a worker answers, as far as is known."""
        return self._current is not None

    @property
    def release(self) -> str | None:
        """The release that answers residents, which is not always the published one yet."""
        return self._current.release.name if self._current else None

    @property
    def pid(self) -> int | None:
        """The process id of the worker that answers."""
        return self._current.pid if self._current else None

    @property
    def releases(self) -> frozenset[str]:
        """The releases that this one can answer from: that of its worker, that of the one it just replaced."""
        return frozenset(worker.release.name for worker in (self._current, self._spare.worker) if worker)

    def was_gone_back_to(self, release: str) -> bool:
        """Whether a release was published last by a return to it."""
        published = read_log(self._models)
        return bool(published) and (published[-1].release, published[-1].kind) == (release, ROLLED_BACK)

    def load(self, release: str) -> int:
        """How many messages the worker of one of `releases` is answering."""
        return self._worker(release).busy

    def join(self, is_needed: Callable[[str], Awaitable[bool]], find_opened: Callable[[], str | None]) -> None:
        """Be one of several: keep the old worker as long as its release is needed, start with what others opened."""
        self._is_needed, self._find_opened = is_needed, find_opened

    @property
    def memory(self) -> int:
        """Bytes of memory that the worker which answers takes."""
        return self._current.memory if self._current else 0

    async def wait_ready(self) -> None:
        """Wait until a worker answers."""
        await self._ready.wait()

    def start(self) -> None:
        """Start keeping a worker alive, in the background; once is enough."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_alive())

    def follow_with(self, prepare: Prepare, shown: str) -> None:
        """Have the gateway's own content move with the worker; `shown` is the release it shows now."""
        self._prepare, self._shown = prepare, shown

    async def stop(self) -> None:
        """Stop the workers and do not start another."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await asyncio.gather(*(self._end(worker, self._pacing.grace) for worker in self._left))

    async def turn(
        self,
        session: str,
        *,
        text: str | None = None,
        payload: str | None = None,
        message_id: str | None = None,
        release: str | None = None,
    ) -> TurnResult:
        """One message of one session, `text` as typed or the `payload` of a choice; raises Unavailable.

        The same `message_id` sent twice is one message. `release`: one of `releases`, when it is not the newest that
        has to answer.
        """
        worker = self._worker(release)
        try:
            async with asyncio.timeout(self._turn_timeout):
                return await worker.turn(session, text=text, payload=payload, message_id=message_id)
        except TimeoutError:
            # Either this message is too much for it or it hangs: looking at it now tells which.
            self.cut_off += 1
            self._suspect.set()
            if worker is self._spare.worker:
                # Nobody looks at that one.
                self._spare.let_go()
            raise Unavailable("turn timeout") from None

    async def can_keep(self) -> bool | None:
        """Whether the worker can write what is said; None when it does not answer, which is looked into."""
        worker = self._current
        found = await worker.can_keep(PROBE) if worker is not None else None
        if found is None:
            self._suspect.set()
        return found

    async def mask(self, text: str) -> str:
        """Have the worker mask the personal data of a text, names included; raises Unavailable."""
        return await self._within_limit(self._worker().mask(text))

    async def erase(self, session: str) -> None:
        """Have the worker erase its tracker of a session; raises Unavailable."""
        await self._within_limit(self._worker().erase(session))

    async def forget_before(self, timestamp: float) -> int:
        """Have the worker erase what was said before a time (seconds, epoch); raises Unavailable."""
        return await self._within_limit(self._worker().forget_before(timestamp))

    async def _within_limit(self, asked: Awaitable[Answer]) -> Answer:
        """What a worker answers; one that takes longer than a message may is looked at. Raises Unavailable."""
        try:
            async with asyncio.timeout(self._turn_timeout):
                return await asked
        except TimeoutError:
            self._suspect.set()
            raise Unavailable("timeout") from None

    def _worker(self, release: str | None = None) -> Worker:
        for worker in (self._current, self._spare.worker):
            if worker is not None and release in (None, worker.release.name):
                return worker
        raise Unavailable("no worker")

    async def _keep_alive(self) -> None:
        failures = 0
        while True:
            release = await self._choose(await self._wait_release())
            began = time.monotonic()
            try:
                await self._run_once(release)
            except WorkerFailed as failure:
                self._tell(texts.unreachable(str(failure)))
            self.restarts += 1
            failures = 0 if time.monotonic() - began > self._pacing.steady else failures + 1
            await asyncio.sleep(self._pause(failures))

    def _pause(self, failures: int) -> float:
        return min(self._pacing.backoff * 2 ** min(max(failures - 1, 0), 16), self._pacing.backoff_limit)

    async def _choose(self, published: Path) -> Path:
        """The published release, or the one that is still open elsewhere; the one before when it does not start."""
        opened = self._find_opened()
        if opened is not None and (self._models / opened).is_dir() and not self._is_failing(self._models / opened):
            return self._models / opened
        if self.failure is None or not self._is_failing(published):
            return published
        known = [self._good] * (self._good is not None) + answerable(self._models)
        for release in known:
            if release and release != published and not await asyncio.to_thread(find_damage, release):
                self._tell_stand_in(texts.stands_in(published.name, release.name, self.failure.detail))
                return release
        return published

    def _tell_stand_in(self, line: str) -> None:
        # Each time that the worker of the other release is started again, but said once.
        if line != self._said:
            self._said = line
            self._tell(line)

    def _is_failing(self, release: Path) -> bool:
        return self.failure is not None and self.failure.release == release.name

    async def _wait_release(self) -> Path:
        told = False
        while True:
            release = current_release(self._models)
            if release is not None:
                return release
            if not told:
                self._tell(texts.NO_RELEASE)
                told = True
            await asyncio.sleep(1)

    async def _run_once(self, release: Path) -> None:
        worker = await self._open(release, is_wanted=lambda: True)
        self._current = worker
        self._ready.set()
        if self.restarts:
            self._tell(texts.BACK)
        follower = asyncio.create_task(self._follow())
        grace = self._pacing.grace
        try:
            while True:
                await self._watch(self._worker())
        except WorkerFailed:
            grace = 0
            raise
        finally:
            worker = self._worker()
            self._current = None
            self._ready.clear()
            follower.cancel()
            await asyncio.gather(follower, return_exceptions=True)
            await self._end(worker, grace)

    async def _open(self, release: Path, is_wanted: Callable[[], bool]) -> Worker:
        """A worker that answers, with the gateway's content in step; raises WorkerFailed."""
        spare = await self._spare.take(release, self._pacing.answer)
        worker = spare or Worker(self._command, release, self._log_file, self._environ, self.copies)
        self._left.add(worker)
        try:
            if spare is None:
                await self._refuse_damaged(release)
                await worker.start()
                await worker.wait_ready(self._pacing, is_wanted)
            await self._show(release)
        except BaseException as error:
            await self._end(worker, 0)
            if isinstance(error, WorkerFailed) and not isinstance(error, Superseded):
                self.failure = SwitchFailure(release.name, str(error))
            raise
        self._good = release
        return worker

    async def _refuse_damaged(self, release: Path) -> None:
        part = await asyncio.to_thread(find_damage, release)
        if part is not None:
            raise WorkerFailed(texts.damaged(part))

    async def _show(self, release: Path) -> None:
        if self._prepare is None or self._shown == release.name:
            return
        try:
            put_in_place = await asyncio.to_thread(self._prepare, release)
        except (FicheError, OSError) as error:
            raise WorkerFailed(f"son contenu ne se lit pas : {error}") from None
        put_in_place()
        self._shown = release.name

    async def _follow(self) -> None:
        """Move to whatever release is published, for as long as a worker answers."""
        failures = 0
        while True:
            await asyncio.sleep(self._pacing.follow)
            published = current_release(self._models)
            if published is None or published == self._worker().release:
                self.failure, failures = None, 0
                await self._catch_up()
            elif not self._is_failing(published) or time.monotonic() > self._retry_at:
                failures = 0 if await self._move_to(published) else failures + 1
                self._retry_at = time.monotonic() + self._pause(failures)

    async def _catch_up(self) -> None:
        # The first worker may answer before the gateway has read anything.
        with contextlib.suppress(WorkerFailed):
            await self._show(self._worker().release)

    async def _move_to(self, release: Path) -> bool:
        """Put a worker of another release in the place of the one that answers; whether it worked."""
        known = self.failure
        try:
            worker = await self._open(release, is_wanted=lambda: current_release(self._models) == release)
        except Superseded:
            return False
        except WorkerFailed as failure:
            # It is tried again and again: the same failure is said once.
            if self.failure != known:
                self._tell(texts.not_switched(release.name, self._worker().release.name, str(failure)))
            return False
        old, self._current, self.failure = self._worker(), worker, None
        # Whoever watches the old one looks up, and watches the new one.
        self._suspect.set()
        self._retire(old)
        self._tell(texts.switched(release.name))
        return True

    def _retire(self, worker: Worker) -> None:
        task = asyncio.create_task(self._leave(worker, self._spare.put(worker)))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _leave(self, worker: Worker, put: asyncio.Future[bool]) -> None:
        """Keep a worker for a while; unless it is taken back, let it end what it is answering, and stop it."""
        is_taken = False
        try:
            is_taken = await self._spare.keep(put, self._pacing.spare, partial(self._is_needed, worker.release.name))
            if not is_taken:
                await worker.drain(self._turn_timeout)
        finally:
            if not is_taken:
                await self._end(worker, self._pacing.grace)

    async def _end(self, worker: Worker, grace: float) -> None:
        await worker.stop(grace)
        self._left.discard(worker)

    async def _watch(self, worker: Worker) -> None:
        """Look at a worker until another one has its place; raises WorkerFailed when it fails."""
        misses = 0
        while worker is self._current:
            ended = await self._ended_before_next_look(worker)
            if worker is not self._current:
                return
            if ended:
                raise WorkerFailed("il s’est arrêté")
            misses = 0 if await worker.is_healthy(self._pacing.answer) else misses + 1
            if misses >= self._pacing.misses and worker is self._current:
                raise WorkerFailed("il ne réagit plus")
            if misses:
                self._suspect.set()

    async def _ended_before_next_look(self, worker: Worker) -> bool:
        ended = asyncio.create_task(worker.wait_end(self._pacing.watch))
        suspect = asyncio.create_task(self._suspect.wait())
        try:
            await asyncio.wait((ended, suspect), return_when=asyncio.FIRST_COMPLETED)
            return ended.done() and ended.result()
        finally:
            self._suspect.clear()
            for task in (ended, suspect):
                task.cancel()
            await asyncio.gather(ended, suspect, return_exceptions=True)


async def _never(release: str) -> bool:
    return False


def _nothing() -> str | None:
    return None
