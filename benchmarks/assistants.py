"""The two sides of the comparison: how each is trained, started, stopped and found on disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from benchmarks.errors import BenchmarkError
from benchmarks.load import AdapterClass, OursAdapter, StockAdapter, wait_for_answer
from benchmarks.stock_project import write_endpoints, write_stock_project

ROOT = Path(__file__).parent.parent
BENCH = ROOT / ".bench"
CONTENT = ROOT / "data"
LOGS = BENCH / "logs"
FIRST_QUESTION = "quels sont les quartiers concernés ?"
START_LIMIT = 300.0
STOP_LIMIT = 30.0


class Assistant(Protocol):
    """One side: this project, or the stock pipeline."""

    name: str
    environment: Path
    adapter: AdapterClass

    def train(self) -> float:
        """Train from nothing, to the end; returns the seconds it took."""

    def start(self) -> Any:
        """Context manager: start with an empty conversation store, yield a `Running`, stop every process."""

    def model(self) -> Path:
        """The trained model's file."""


class Running:
    """A started assistant: its address, its processes, and the seconds from command to first answer."""

    def __init__(self, address: str, processes: list[subprocess.Popen[bytes]], start_seconds: float) -> None:
        """Keep what was started."""
        self.address = address
        self.pids = [process.pid for process in processes]
        self.start_seconds = start_seconds


class Ours:
    """This project: `python -m training train`, then `python -m gateway`, which starts its own worker."""

    name = "ours"
    adapter: AdapterClass = OursAdapter

    def __init__(self, environment: Path) -> None:
        """Use an environment that holds `requirements/run.txt`."""
        self.environment = environment
        self._folder = BENCH / "ours"
        self._models = self._folder / "models"

    def train(self) -> float:
        """Train, evaluate, pass the gate and publish a first release, from nothing."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._models.mkdir(parents=True)
        return _run_timed([self._python, "-m", "training", "train"], ROOT, self._environ(0), "ours-train")

    @contextmanager
    def start(self) -> Iterator[Running]:
        """Start the gateway on a free port, with an empty `var/`."""
        shutil.rmtree(self._folder / "var", ignore_errors=True)
        port = _find_port()
        commands = {"gateway": [self._python, "-m", "gateway"]}
        with _serve(self, commands, ROOT, self._environ(port), port) as running:
            yield running

    def model(self) -> Path:
        """The Rasa model inside the published release."""
        return self._models / "current" / "model.tar.gz"

    @property
    def _python(self) -> str:
        return str(self.environment / "bin" / "python")

    def _environ(self, port: int) -> dict[str, str]:
        settings = {
            "ALLO_PORT": str(port),
            "ALLO_VAR": str(self._folder / "var"),
            "ALLO_MODELS": str(self._models),
            "ALLO_RATE_LIMIT": "0",
        }
        return _clean_environ() | settings


class Stock:
    """The stock pipeline: `rasa train`, then `rasa run` and `rasa run actions`."""

    name = "stock"
    adapter: AdapterClass = StockAdapter

    def __init__(self, environment: Path, epochs: int | None = None) -> None:
        """Use an environment that holds `requirements/bench-stock.txt`; `epochs` shortens a trial."""
        self.environment = environment
        self._folder = BENCH / "stock"
        self._epochs = epochs

    def train(self) -> float:
        """Train from nothing: the project is written again, without Rasa's cache of earlier trainings."""
        write_stock_project(CONTENT, self._folder, self._epochs)
        return _run_timed(
            [self._rasa, "train", "--fixed-model-name", "model"],
            self._folder,
            _clean_environ(),
            "stock-train",
        )

    @contextmanager
    def start(self) -> Iterator[Running]:
        """Start Rasa and its action server together, with an empty tracker store."""
        for store in self._folder.glob("tracker.db*"):
            store.unlink()
        port, actions_port = _find_port(), _find_port()
        write_endpoints(self._folder, actions_port)
        server = [
            self._rasa,
            "run",
            "--interface",
            "127.0.0.1",
            "--port",
            str(port),
            "--model",
            str(self.model()),
        ]
        commands = {
            "rasa": [*server, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
            "actions": [self._rasa, "run", "actions", "--port", str(actions_port)],
        }
        with _serve(self, commands, self._folder, _clean_environ(), port) as running:
            yield running

    def model(self) -> Path:
        """The model that `rasa train` leaves."""
        return self._folder / "models" / "model.tar.gz"

    @property
    def _rasa(self) -> str:
        return str(self.environment / "bin" / "rasa")


def _clean_environ() -> dict[str, str]:
    """This process's environment without its own ALLO_… settings and Python paths."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ALLO_", "RASA_", "PYTHON", "VIRTUAL_ENV"))
    }
    return kept | {"RASA_TELEMETRY_ENABLED": "false"}


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run_timed(command: list[str], folder: Path, environ: Mapping[str, str], log_name: str) -> float:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    started = time.perf_counter()
    with log.open("wb") as output:
        code = subprocess.run(command, cwd=folder, env=dict(environ), stdout=output, stderr=output).returncode
    elapsed = time.perf_counter() - started
    if code:
        raise BenchmarkError(f"L’entraînement a échoué ; son journal : {log.relative_to(ROOT)}")
    return elapsed


@contextmanager
def _serve(
    assistant: Assistant, commands: dict[str, list[str]], folder: Path, environ: Mapping[str, str], port: int
) -> Iterator[Running]:
    LOGS.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    processes: list[subprocess.Popen[bytes]] = []
    started = time.monotonic()
    try:
        for name, command in commands.items():
            with (LOGS / f"{assistant.name}-{name}.log").open("wb") as output:
                processes.append(
                    subprocess.Popen(
                        command,
                        cwd=folder,
                        env=dict(environ),
                        stdout=output,
                        stderr=output,
                        start_new_session=True,
                    )
                )
        _wait_until_ready(assistant, address, started)
        yield Running(address, processes, time.monotonic() - started)
    finally:
        _stop(processes)


def _wait_until_ready(assistant: Assistant, address: str, started: float) -> None:
    try:
        asyncio.run(wait_for_answer(assistant.adapter, address, FIRST_QUESTION, started + START_LIMIT))
    except TimeoutError:
        raise BenchmarkError(
            f"Aucune réponse après {START_LIMIT:.0f} s ; "
            f"journaux : {LOGS.relative_to(ROOT)}/{assistant.name}-*.log"
        ) from None


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each group of processes to end, then end what is left of it."""
    for process in processes:
        _signal_group(process, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            pass
        _signal_group(process, signal.SIGKILL)
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
