"""Programs that the benchmarks start: each in a group of its own, its output in a log, ended in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from knowledge.machine import find_ports

LOGS = Path(__file__).parent.parent / ".bench" / "logs"
STOP_LIMIT = 30.0

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Command:
    """A program to start: its arguments, working folder, environment, and the name of its log."""

    arguments: list[str]
    folder: Path
    environ: dict[str, str]
    log: str

    @property
    def log_path(self) -> Path:
        """Where its output goes."""
        return LOGS / f"{self.log}.log"

    def start(self) -> Process:
        """Start it."""
        LOGS.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("wb") as output:
            return subprocess.Popen(
                self.arguments,
                cwd=self.folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def run(self) -> float:
        """Run it to the end; returns the seconds it took. Raises BenchmarkError when it fails."""
        started = time.perf_counter()
        with self.started() as process:
            code = process.wait()
        elapsed = time.perf_counter() - started
        self.check(code)
        return elapsed

    def check(self, code: int) -> None:
        """Raise BenchmarkError unless the exit code is 0."""
        if code:
            shown = self.log_path.relative_to(LOGS.parent.parent)
            raise BenchmarkError(f"Une commande a échoué (code {code}) ; son journal : {shown}")

    @contextmanager
    def started(self) -> Iterator[Process]:
        """The started process, ended on the way out whatever happens."""
        process = self.start()
        try:
            yield process
        finally:
            stop([process])


def stop(processes: Iterable[Process]) -> None:
    """Ask each group of processes to end, then end what is left of it."""
    for process in processes:
        if process.poll() is None:
            _signal_group(process, signal.SIGTERM)
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT)
        _signal_group(process, signal.SIGKILL)
        process.wait()


def clean_environ() -> dict[str, str]:
    """This process's environment, without what would change how either side runs."""
    dropped = ("ALLO_", "RASA_", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"RASA_TELEMETRY_ENABLED": "false"}


def find_port() -> int:
    """A free port of the loopback address."""
    return find_ports(1)[0]


def _signal_group(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
