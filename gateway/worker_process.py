"""One process that answers, for one release: started, waited for, asked over loopback, drained, stopped."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from gateway.errors import Unavailable
from gateway.questions import Understood, read_understood
from gateway.resident_requests import ResidentRequest
from knowledge.machine import LOOPBACK, find_ports
from knowledge.replies import Reply
from training.children import dying_with_us

WORKER_COMMAND = (sys.executable, "-m", "worker")
MOST_LEFT = 1000  # conversations
LOG_LIMIT = 1_000_000  # bytes kept before the worker's log starts again


class WorkerFailed(Exception):
    """A worker that did not start, died or hung; its text says which, in French."""


class Superseded(WorkerFailed):
    """A worker that is not wanted any more, before it even answered."""


@dataclass(frozen=True)
class SwitchFailure:
    """A published release that does not start, and why; another one goes on answering."""

    release: str
    detail: str


@dataclass(frozen=True)
class Pacing:
    """Times of the supervision, in seconds."""

    start: float = 300.0  # for a worker to answer after it is started, on a machine that has much else to do
    poll: float = 0.1  # between two looks at one that starts
    watch: float = 5.0  # between two looks at one that runs
    answer: float = 5.0  # for a look to be answered
    misses: int = 3  # unanswered looks in a row that make a hang
    grace: float = 3.0  # between asking a worker to stop and killing it
    backoff: float = 0.5  # before the first restart, doubled at each failure
    backoff_limit: float = 30.0
    follow: float = 0.3  # between two looks at which release is published
    spare: float = 120.0  # during which the worker that was just replaced is kept, in case one goes back to it
    steady: float = 60.0  # a worker that lived this long starts the count again


@dataclass(frozen=True)
class TurnResult:
    """What the worker answered to one message; of a private one, which may be a call for help, nothing is kept.

    `masked` is the message as it may be kept, `hidden` what to write instead of some strings when the replies are.
    """

    release: str
    replies: tuple[Reply, ...]
    request: ResidentRequest | None
    masked: str
    hidden: dict[str, str]
    understood: tuple[Understood, ...]
    subjects: tuple[str, ...] = ()
    is_private: bool = False


@dataclass
class _Place:
    """One of the copies of a worker: where it listens, and how many messages it is answering."""

    port: int
    busy: int = 0

    def url(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"


class Worker:
    """One worker, for one release: a process and its copies, each of which answers one message at a time."""

    def __init__(
        self, command: Sequence[str], release: Path, log_file: Path, environ: Mapping[str, str], copies: int = 1
    ) -> None:
        """`copies`: how many processes answer, the first one counted."""
        self.release = release
        self._command = command
        self._log_file = log_file
        self._token = secrets.token_hex(32)
        self._environ = {**environ, "ALLO_WORKER_TOKEN": self._token}
        self._copies = copies
        self._places: list[_Place] = []
        # Conversations whose message was given up on, and is still being answered there.
        self._left: OrderedDict[str, _Place] = OrderedDict()
        self._process: asyncio.subprocess.Process | None = None
        self._client: ClientSession | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def pid(self) -> int | None:
        """The process id, once started."""
        return self._process.pid if self._process else None

    @property
    def busy(self) -> int:
        """How many messages it is answering."""
        return sum(place.busy for place in self._places)

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def memory(self) -> int:
        """Bytes of memory that its processes take, what they share counted once; 0 when they are gone."""
        return sum(map(_proportional_size, _family(self.pid))) if self.pid else 0

    async def start(self) -> None:
        """Start the process; it does not answer yet. Raises WorkerFailed."""
        self._places = [_Place(port) for port in find_ports(self._copies)]
        ports = (part for place in self._places for part in ("--port", str(place.port)))
        arguments = [*self._command, "--release", str(self.release), *ports]
        # Kept for less time than the worker keeps them: none is closed just as it is used.
        self._client = ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=15),
            headers={"X-Allo-Token": self._token},
            timeout=ClientTimeout(total=None),
        )
        try:
            with _open_log(self._log_file) as output:
                self._process = await asyncio.create_subprocess_exec(
                    *arguments,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=self._environ,
                    # Its own group: Ctrl-C reaches the gateway alone, which then stops it in order.
                    start_new_session=True,
                    # Even a gateway that is killed outright leaves no worker behind it.
                    preexec_fn=dying_with_us(),
                )
        except (OSError, subprocess.SubprocessError) as error:
            raise WorkerFailed(f"impossible de le démarrer : {error}") from None

    async def wait_ready(self, pacing: Pacing, is_wanted: Callable[[], bool]) -> None:
        """Wait until the process answers; raises WorkerFailed when it dies, takes too long, or is not wanted."""
        deadline = time.monotonic() + pacing.start
        while not await self.is_healthy(pacing.answer):
            self._raise_if_dead()
            if not is_wanted():
                raise Superseded("une autre version a été publiée")
            if time.monotonic() > deadline:
                raise WorkerFailed("il met trop de temps à démarrer")
            await asyncio.sleep(pacing.poll)

    async def is_healthy(self, timeout: float) -> bool:
        """Whether each copy answers within `timeout` seconds."""
        return await self._is_well("/health", timeout) is True

    async def can_keep(self, timeout: float) -> bool | None:
        """Whether each copy can write what is said; None when one does not answer within `timeout` seconds."""
        return await self._is_well("/store", timeout)

    async def wait_end(self, timeout: float) -> bool:
        """Whether the process ended by itself within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._started.wait()
        except TimeoutError:
            return False
        return True

    async def turn(
        self, session: str, *, text: str | None, payload: str | None, message_id: str | None = None
    ) -> TurnResult:
        """Send one message; raises Unavailable when no proper answer comes back."""
        body = {"session": session} | ({"text": text} if payload is None else {"payload": payload})
        if message_id is not None:
            body["id"] = message_id
        place = self._choose_place(session)
        try:
            with self._in_use(place):
                async with self._http.post(place.url("/turn"), json=body) as response:
                    if response.status != 200:
                        raise Unavailable(f"worker status {response.status}")
                    return _read_turn(json.loads(await response.read()))
        except asyncio.CancelledError:
            self._remember_left(session, place)
            raise
        except (ClientError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unavailable(type(error).__name__) from error

    async def mask(self, text: str) -> str:
        """A text without its personal data; raises Unavailable."""
        return str(await self._request(self._least_busy(), "POST", "/mask", "text", json={"text": text}))

    async def forget_before(self, timestamp: float) -> int:
        """Erase what was said before a time (seconds, epoch); how many events. Raises Unavailable."""
        query = {"before": str(timestamp)}
        return int(await self._request(self._least_busy(), "DELETE", "/sessions", "events", params=query))

    async def erase(self, session: str) -> None:
        """Erase the tracker of a session, in every copy; raises Unavailable."""
        self._left.pop(session, None)
        for place in self._places:
            await self._request(place, "DELETE", f"/sessions/{session}")

    async def _request(self, place: _Place, method: str, path: str, wanted: str | None = None, **options: Any) -> Any:
        """What a copy answers under the key `wanted`, or nothing when none is. Raises Unavailable."""
        expected = HTTPStatus.OK if wanted else HTTPStatus.NO_CONTENT
        try:
            with self._in_use(place):
                async with self._http.request(method, place.url(path), **options) as response:
                    if response.status != expected:
                        raise Unavailable(f"worker status {response.status}")
                    return (await response.json())[wanted] if wanted else None
        except (ClientError, OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(type(error).__name__) from error

    async def drain(self, timeout: float) -> None:
        """Wait for what it is answering, `timeout` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._idle.wait()

    async def stop(self, grace: float) -> None:
        """End the process and everything it started: asked first, killed after `grace` seconds."""
        if self._process is not None:
            # The leader may be gone while a process it started is not: the group is signalled either way.
            if self._process.returncode is None:
                _signal_group(self._process.pid, signal.SIGTERM)
                await self.wait_end(grace)
            _signal_group(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        if self._client is not None:
            await self._client.close()

    def _choose_place(self, session: str) -> _Place:
        """The copy to ask: the least busy one, or the one that has not done yet with the last message of a session."""
        return self._left.pop(session, None) or self._least_busy()

    def _least_busy(self) -> _Place:
        return min(self._places, key=lambda place: place.busy)

    @contextlib.contextmanager
    def _in_use(self, place: _Place) -> Iterator[None]:
        place.busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            place.busy -= 1
            if not self.busy:
                self._idle.set()

    def _remember_left(self, session: str, place: _Place) -> None:
        self._left[session] = place
        while len(self._left) > MOST_LEFT:
            self._left.popitem(last=False)

    async def _is_well(self, path: str, timeout: float) -> bool | None:
        """Whether each copy says yes; None when one says nothing within `timeout` seconds."""
        answers = await asyncio.gather(*(self._ask(place, path, timeout) for place in self._places))
        return None if None in answers else all(answers)

    async def _ask(self, place: _Place, path: str, timeout: float) -> bool | None:
        try:
            async with asyncio.timeout(timeout), self._http.get(place.url(path)) as response:
                return response.status == 200
        except (ClientError, OSError, TimeoutError):
            return None

    @property
    def _started(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    @property
    def _http(self) -> ClientSession:
        assert self._client is not None
        return self._client

    def _raise_if_dead(self) -> None:
        code = self._started.returncode
        if code is not None:
            raise WorkerFailed(f"il s’est arrêté au démarrage, code {code}")


def _read_turn(body: dict[str, Any]) -> TurnResult:
    replies = tuple(Reply.from_dict(reply) for reply in body["replies"])
    if not replies:
        raise ValueError("a turn without a reply")
    request = body.get("request")
    return TurnResult(
        release=str(body["release"]),
        replies=replies,
        request=ResidentRequest(str(request["kind"]), str(request["code"]), dict(request["fields"]))
        if request
        else None,
        masked=str(body["masked"]),
        hidden={str(value): str(label) for value, label in body["hidden"].items()},
        understood=read_understood(body["questions"], body["subjects"], replies),
        subjects=tuple(str(subject) for subject in body["subjects"]),
        is_private=bool(body.get("private")),
    )


def _family(pid: int) -> list[int]:
    """A process and its children; none when it is gone."""
    try:
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    except OSError:
        return []


def _proportional_size(pid: int) -> int:
    """Bytes of memory of a process, of what it shares with others its part alone; 0 when it is gone."""
    try:
        sizes = dict(line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    except OSError:
        return 0
    return int(sizes["Pss"].split()[0]) * 1024


def _open_log(path: Path) -> Any:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT:
            path.unlink()
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
