"""A candidate release, answering in a worker of its own, so that the exam marks what residents would really get."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from knowledge.base import KnowledgeBase
from knowledge.machine import available_memory, find_ports
from knowledge.replies import reply_for_fiche
from knowledge.text import as_meant
from knowledge.urgences import find_urgences, load_declencheurs
from training.children import start_child
from training.exam import Given

START_SECONDS = 120
# What one more worker takes, and the conversations below which it costs more to start than it saves.
WORKER_BYTES = 700_000_000
WORTH_A_WORKER = 250
LOG_TAIL = 400
_ENDPOINTS = "tracker_store: {type: SQL, dialect: sqlite, db: var/tracker.db}\nlock_store: {type: in_memory}\n"
Task = TypeVar("Task")
Result = TypeVar("Result")


class CandidateFailed(Exception):
    """The release does not start or does not answer; the message is in French."""


class Candidate:
    """One release that answers as the gateway would have it answer: distress first, then the worker."""

    def __init__(self, release: Path, port: int, token: str) -> None:
        """Reach the worker at `port`, with the alerts of the release's own content."""
        self._base = KnowledgeBase.load(release / "data")
        self._declencheurs = load_declencheurs(release / "data")
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._token = token

    def ask(self, session: str, message: str) -> Given:
        """One message of a conversation, and what came back."""
        message = as_meant(message)
        urgences = find_urgences(message, self._declencheurs)
        if urgences:
            alerts = [reply_for_fiche(self._base.fiches[slug], self._base, kind="alert") for slug in urgences]
            return Given(tuple(alert.kind for alert in alerts), "\n".join(alert.text for alert in alerts), urgences)
        answer = self._post("/turn", {"session": session, "text": message})
        replies = answer["replies"]
        texts = [reply["text"] + " " + " ".join(choice["label"] for choice in reply["choices"]) for reply in replies]
        return Given(tuple(reply["kind"] for reply in replies), "\n".join(texts), tuple(answer["subjects"]))

    def is_ready(self) -> bool:
        """Whether the worker answers yet."""
        try:
            self._connection.request("GET", "/health", headers={"X-Allo-Token": self._token})
            return self._connection.getresponse().read() != b""
        except OSError:
            self._connection.close()
            return False

    def _post(self, path: str, body: dict[str, str]) -> dict[str, list]:
        headers = {"X-Allo-Token": self._token, "Content-Type": "application/json"}
        self._connection.request("POST", path, json.dumps(body), headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise CandidateFailed(f"La version ne répond pas au message « {body['text']} » (état {response.status}).")
        return dict(json.loads(content))


@contextmanager
def standing_by(conversations: int, bytes_taken: int = 0) -> Iterator[StandBy | None]:
    """Start as many workers as the conversations are worth and the machine can bear, before their release is there.

    They load what is the same for every release, at a low priority. `bytes_taken` of the memory are for something else
    meanwhile: with none left, nothing is started. They are stopped at the end.
    """
    count = _count_workers(conversations, available_memory() - bytes_taken)
    with _started(count) if count else nullcontext() as waiting:
        yield waiting


@contextmanager
def running(release: Path, conversations: int, waiting: StandBy | None = None) -> Iterator[tuple[Candidate, ...]]:
    """Give the folder `release` to the workers that stand by, or to new ones, and give them ready to answer.

    Raises CandidateFailed.
    """
    count = max(1, _count_workers(conversations, available_memory()))
    with nullcontext(waiting) if waiting else _started(count) as workers:
        workers.take(release)
        yield workers.wait_ready(release)


def share(
    candidates: Sequence[Candidate],
    tasks: Iterable[Task],
    take: Callable[[Candidate, Task], Result],
    advance: Callable[[], None],
) -> list[Result]:
    """What `take` gives of each task, in their order; each goes whole to the first candidate that is free.

    `advance` is called after each. The first error stops the rest and goes through.
    """
    free: SimpleQueue[Candidate] = SimpleQueue()
    for candidate in candidates:
        free.put(candidate)

    def take_one(task: Task) -> Result:
        candidate = free.get()
        try:
            return take(candidate, task)
        finally:
            free.put(candidate)

    results = []
    with ThreadPoolExecutor(len(candidates)) as pool:
        try:
            for result in pool.map(take_one, tasks):
                results.append(result)
                advance()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


@dataclass(frozen=True)
class StandBy:
    """Workers that wait to be told their release, one for each of `ports`: one process until then, its copies after."""

    process: subprocess.Popen[str]
    ports: tuple[int, ...]
    token: str
    log: Path

    def take(self, release: Path) -> None:
        """Tell them their release; they end when they cannot answer from it."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{release.resolve()}\n")
            self.process.stdin.flush()

    def wait_ready(self, release: Path) -> tuple[Candidate, ...]:
        """The candidates, once they all answer. Raises CandidateFailed."""
        candidates = tuple(Candidate(release, port, self.token) for port in self.ports)
        deadline = time.monotonic() + START_SECONDS
        while not all(candidate.is_ready() for candidate in candidates):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise CandidateFailed(f"La version ne démarre pas. {self.log.read_text()[-LOG_TAIL:]}")
            time.sleep(0.1)
        return candidates


@contextmanager
def _started(count: int) -> Iterator[StandBy]:
    ports, token = tuple(find_ports(count)), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as var, (Path(var) / "worker.log").open("w+") as log:
        environment = {**os.environ, "ALLO_WORKER_TOKEN": token, "ALLO_VAR": var}
        # Stores of its own: whatever the town's endpoints.yml names, an exam leaves nothing in it.
        endpoints = Path(var) / "endpoints.yml"
        endpoints.write_text(_ENDPOINTS, encoding="utf-8")
        command = [sys.executable, "-m", "worker", "--unmasked", "--endpoints", str(endpoints)]
        process = start_child(
            [*command, *(part for port in ports for part in ("--port", str(port)))],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            yield StandBy(process, ports, token, Path(log.name))
        finally:
            process.terminate()
            # Its copies stop when nobody holds the other end.
            process.communicate()


def _count_workers(conversations: int, memory: int) -> int:
    cores, worth = len(os.sched_getaffinity(0)), conversations // WORTH_A_WORKER
    return max(0, min(cores, max(1, worth), memory // WORKER_BYTES))
