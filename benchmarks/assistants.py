"""The two sides of the comparison: how each is trained, started, and found on disk."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from benchmarks.errors import BenchmarkError
from benchmarks.load import AdapterClass, OursAdapter, StockAdapter, wait_for_answer
from benchmarks.processes import LOGS, Command, Process, clean_environ, find_port, stop
from benchmarks.stock_project import write_endpoints, write_stock_project

ROOT = Path(__file__).parent.parent
BENCH = ROOT / ".bench"
CONTENT = ROOT / "data"
FIRST_QUESTION = "quels sont les quartiers concernés ?"
START_LIMIT = 300.0


class Assistant(Protocol):
    """One side: this project, or the stock pipeline."""

    name: str
    environment: Path
    adapter: AdapterClass

    def prepare_training(self, short: bool = False) -> Command:
        """The training from nothing: earlier models are removed now. `short`: only to see it work."""

    def prepare_next_training(self) -> Command:
        """A training while the assistant answers: nothing that it uses is touched."""

    def prepare_start(self, port: int) -> Sequence[Command]:
        """The programs that answer on `port`, with an empty conversation store."""

    def model(self) -> Path:
        """The trained model's file."""


class Running:
    """A started assistant: its address, its processes, the seconds from command to first answer."""

    def __init__(self, address: str, processes: Sequence[Process], start_seconds: float) -> None:
        """Keep what was started."""
        self.address = address
        self.pids = [process.pid for process in processes]
        self.start_seconds = start_seconds


class Ours:
    """This project: `python -m training`, then `python -m gateway`, which starts its own worker."""

    name = "ours"
    adapter: AdapterClass = OursAdapter

    def __init__(self, environment: Path) -> None:
        """Use an environment that holds `requirements/run.txt`."""
        self.environment = environment
        self._folder = BENCH / "ours"
        self._models = self._folder / "models"
        self._python = str(environment / "bin" / "python")

    def prepare_training(self, short: bool = False) -> Command:
        """Train, evaluate, pass the gate and publish, with no release yet."""
        shutil.rmtree(self._folder, ignore_errors=True)
        return self._train("train")

    def prepare_next_training(self) -> Command:
        """Make and publish the next release."""
        return self._train("next-train")

    def prepare_start(self, port: int) -> Sequence[Command]:
        """The gateway, with an empty `var/`."""
        shutil.rmtree(self._folder / "var", ignore_errors=True)
        settings = {
            "ALLO_PORT": str(port),
            "ALLO_VAR": str(self._folder / "var"),
            "ALLO_MODELS": str(self._models),
            "ALLO_RATE_LIMIT": "0",
        }
        return [Command([self._python, "-m", "gateway"], ROOT, clean_environ() | settings, "ours-gateway")]

    def model(self) -> Path:
        """The Rasa model inside the published release."""
        return self._models / "current" / "model.tar.gz"

    def _train(self, log: str) -> Command:
        # `publish` evaluates first, and refuses what the gate does not let through.
        training = [self._python, "-m", "training", "--models", str(self._models)]
        both = " && ".join(shlex.join([*training, verb]) for verb in ("train", "publish"))
        return Command(["sh", "-c", both], ROOT, clean_environ(), f"ours-{log}")


class Stock:
    """The stock pipeline: `rasa train`, then `rasa run` and `rasa run actions`."""

    name = "stock"
    adapter: AdapterClass = StockAdapter

    def __init__(self, environment: Path, epochs: int | None = None) -> None:
        """Use an environment that holds `requirements/bench-stock.txt`; `epochs` shortens a trial."""
        self.environment = environment
        self._folder = BENCH / "stock"
        self._epochs = epochs

    def prepare_training(self, short: bool = False) -> Command:
        """Train a project just written: Rasa's cache of earlier trainings is not there."""
        return self._train(self._folder, "train", 1 if short else self._epochs)

    def prepare_next_training(self) -> Command:
        """Train in a folder beside the one that answers."""
        return self._train(BENCH / "stock-next", "next-train", self._epochs)

    def prepare_start(self, port: int) -> Sequence[Command]:
        """Rasa and its action server, started together, with an empty tracker store."""
        for store in self._folder.glob("tracker.db*"):
            store.unlink()
        actions_port = find_port()
        write_endpoints(self._folder, actions_port)
        address = ["--interface", "127.0.0.1", "--port", str(port), "--model", str(self.model())]
        files = ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        return [
            self._command(self._folder, "actions", "run", "actions", "--port", str(actions_port)),
            self._command(self._folder, "rasa", "run", *address, *files),
        ]

    def model(self) -> Path:
        """The model that `rasa train` leaves."""
        return self._folder / "models" / "model.tar.gz"

    def _train(self, folder: Path, log: str, epochs: int | None) -> Command:
        write_stock_project(CONTENT, folder, epochs)
        return self._command(folder, log, "train", "--fixed-model-name", "model")

    def _command(self, folder: Path, log: str, *arguments: str) -> Command:
        rasa = str(self.environment / "bin" / "rasa")
        return Command([rasa, *arguments], folder, clean_environ(), f"stock-{log}")


@contextmanager
def serve(assistant: Assistant) -> Iterator[Running]:
    """Start an assistant, wait for its first answer, stop its processes on the way out."""
    port = find_port()
    address = f"http://127.0.0.1:{port}"
    commands = assistant.prepare_start(port)
    processes: list[Process] = []
    started = time.monotonic()
    try:
        for command in commands:
            processes.append(command.start())
        _wait_until_ready(assistant, address, started + START_LIMIT)
        yield Running(address, processes, time.monotonic() - started)
    finally:
        stop(processes)


def _wait_until_ready(assistant: Assistant, address: str, deadline: float) -> None:
    try:
        asyncio.run(wait_for_answer(assistant.adapter, address, FIRST_QUESTION, deadline))
    except TimeoutError:
        raise BenchmarkError(
            f"Aucune réponse après {START_LIMIT:.0f} s ; journaux : {LOGS.relative_to(ROOT)}/{assistant.name}-*.log"
        ) from None
