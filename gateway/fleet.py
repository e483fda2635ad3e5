"""All the workers of this gateway, in step with those of the other gateways.

A release is opened to new conversations once every worker of every gateway can answer from it; a conversation that
is not over goes on with the release it has, whichever gateway its messages come to (docs/decisions/0036).
"""

import asyncio
import contextlib
from collections.abc import Sequence

from gateway.coordination import Alone, Coordination, Presence
from gateway.errors import Unavailable
from gateway.worker_process import SwitchFailure, TurnResult
from gateway.workers import Prepare, Supervisor

LOOK = 0.3  # seconds between two looks at what the other gateways have


class Fleet:
    """Speaks to the workers for the rest of the gateway: to the one that has least to do, of the right release."""

    def __init__(self, supervisors: Sequence[Supervisor], coordination: Coordination | None = None) -> None:
        """One worker for each of `supervisors`, which all follow the same folder of releases."""
        self.coordination = coordination or Alone()
        self._supervisors = supervisors
        self._others: Sequence[Presence] = ()
        self._opened: str | None = None
        # How often another release was opened.
        self.moves = 0
        self._is_way_back = False
        self._task: asyncio.Task[None] | None = None
        for supervisor in supervisors:
            supervisor.join(self._is_needed, self._find_opened)

    def __len__(self) -> int:
        """How many workers there are when all answer."""
        return len(self._supervisors)

    @property
    def places(self) -> int:
        """How many messages are answered at a time when all workers answer."""
        return sum(supervisor.copies for supervisor in self._supervisors)

    @property
    def is_ready(self) -> bool:
        """Whether a new conversation would be answered, as far as is known."""
        return self.release is not None

    @property
    def release(self) -> str | None:
        """The release that answers new conversations, which is not always the published one yet."""
        self._settle()
        return self._opened if self._opened in self._releases() else None

    @property
    def failure(self) -> SwitchFailure | None:
        """A published release that does not start here."""
        return next((supervisor.failure for supervisor in self._supervisors if supervisor.failure), None)

    @property
    def ready(self) -> int:
        """How many workers answer."""
        return sum(supervisor.is_ready for supervisor in self._supervisors)

    @property
    def restarts(self) -> int:
        """How many workers were lost since the start."""
        return sum(supervisor.restarts for supervisor in self._supervisors)

    @property
    def memory(self) -> int:
        """Bytes of memory that the workers take."""
        return sum(supervisor.memory for supervisor in self._supervisors)

    @property
    def cut_off(self) -> int:
        """How many messages took longer than they may."""
        return sum(supervisor.cut_off for supervisor in self._supervisors)

    def start(self) -> None:
        """Start the workers, in the background; once is enough."""
        if self._task is None:
            self._task = asyncio.create_task(self._follow())
            if isinstance(self.coordination, Alone):
                self._start_workers()

    def follow_with(self, prepare: Prepare, shown: str) -> None:
        """Have the gateway's own content move with the workers; `shown` is the release it shows now."""
        for supervisor in self._supervisors:
            supervisor.follow_with(prepare, shown)

    async def wait_ready(self) -> None:
        """Wait until a worker answers."""
        waiting = [asyncio.create_task(supervisor.wait_ready()) for supervisor in self._supervisors]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def stop(self) -> None:
        """Stop the workers and do not start another."""
        while self._task is not None and not self._task.done():
            # Redis's client may take a cancellation for the end of its own wait.
            self._task.cancel()
            await asyncio.wait([self._task], timeout=LOOK)
        await self.coordination.close()
        await asyncio.gather(*(supervisor.stop() for supervisor in self._supervisors))

    async def turn(
        self, session: str, *, text: str | None = None, payload: str | None = None, message_id: str | None = None
    ) -> TurnResult:
        """One message of one session, `text` as typed or the `payload` of a choice; raises Unavailable."""
        release = await self._choose(session)
        worker = self._least_busy(release)
        return await worker.turn(session, text=text, payload=payload, message_id=message_id, release=release)

    async def failing(self) -> list[str]:
        """What keeps a message from being answered, asked of the workers now: "worker", "tracker"."""
        if not self.is_ready:
            return ["worker"]
        found = await asyncio.gather(*(one.can_keep() for one in self._supervisors if one.is_ready))
        answers = [can_keep for can_keep in found if can_keep is not None]
        if not answers:
            return ["worker"]
        return [] if any(answers) else ["tracker"]

    async def mask(self, text: str) -> str:
        """Have a worker mask the personal data of a text, names included; raises Unavailable."""
        return await self._least_busy(self._open_release()).mask(text)

    async def erase(self, session: str) -> None:
        """Have a worker erase the tracker of a session; raises Unavailable."""
        await self._least_busy(self._open_release()).erase(session)

    async def forget_before(self, timestamp: float) -> int:
        """Have a worker erase what was said before a time (seconds, epoch), in a few goes; how many events."""
        forgotten = 0
        while count := await self._least_busy(self._open_release()).forget_before(timestamp):
            forgotten += count
        return forgotten

    async def _choose(self, session: str) -> str:
        """The release that answers a conversation: the one it has, else the one that is open; raises Unavailable."""
        opened = self._open_release()
        if not self.coordination.pause:
            return opened
        kept = await self.coordination.find_release(session)
        release = opened if kept is None or self._is_over(kept) else kept
        await self.coordination.keep_release(session, release)
        return release

    def _is_over(self, release: str) -> bool:
        """Whether conversations leave a release that they have: it was withdrawn, or no worker has it any more."""
        if release in self._releases():
            return self._is_way_back
        if any(other.opened == release for other in self._others):
            raise Unavailable("a release that this gateway does not have yet")
        return True

    def _open_release(self) -> str:
        release = self.release
        if release is None:
            raise Unavailable("no worker")
        return release

    def _least_busy(self, release: str) -> Supervisor:
        able = [supervisor for supervisor in self._supervisors if release in supervisor.releases]
        if not able:
            raise Unavailable("no worker")
        return min(able, key=lambda supervisor: supervisor.load(release))

    def _releases(self) -> frozenset[str]:
        return frozenset().union(*(supervisor.releases for supervisor in self._supervisors))

    def _settle(self) -> None:
        """Open the newest release once all have it; alone, any rather than none."""
        newest = {supervisor.release for supervisor in self._supervisors if supervisor.release}
        others = [other for other in self._others if other.ready]
        if len(newest) == 1 and all(newest <= other.ready for other in others):
            self._open(*newest)
        elif newest and not others and self._opened not in self._releases():
            self._open(max(newest))

    def _open(self, release: str) -> None:
        if release != self._opened:
            self.moves += self._opened is not None
            self._is_way_back = self._supervisors[0].was_gone_back_to(release)
            self._opened = release

    def _find_opened(self) -> str | None:
        """What the other gateways have open; None when there are none."""
        return next((other.opened for other in self._others if other.opened), None)

    async def _is_needed(self, release: str) -> bool:
        """Whether someone may still be answered from a release that was replaced here."""
        if release == self.release or any(other.opened == release for other in self._others):
            return True
        try:
            return bool(self.coordination.pause) and await self.coordination.is_spoken_to(release)
        except Unavailable:
            return True

    def _start_workers(self) -> None:
        for supervisor in self._supervisors:
            supervisor.start()

    async def _follow(self) -> None:
        """Tell the other gateways what this one has, and learn what they have."""
        while True:
            with contextlib.suppress(Unavailable):
                self._others = await self.coordination.others()
                able = [supervisor.releases for supervisor in self._supervisors if supervisor.is_ready]
                ready = frozenset.intersection(*able) if able else frozenset()
                await self.coordination.announce(Presence(ready, self.release))
            self._start_workers()
            await asyncio.sleep(LOOK)

