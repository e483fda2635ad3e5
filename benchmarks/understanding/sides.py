"""Runs each side of the comparison in a process of its own and reads back its answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.environments import ensure_stock, read_versions
from benchmarks.errors import BenchmarkError
from benchmarks.understanding.tasks import Task

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BENCH = ROOT / ".bench"
# What DIET and nlp.js need for 11,514 examples is counted in tens of minutes.
MOST_FOR_OTHERS = 2000


@dataclass(frozen=True)
class Answers:
    """What a side answered: intents and scores by sentence, seconds for one sentence, peak memory in bytes."""

    intents: list[str]
    scores: list[float]
    seconds: float
    memory: int


@dataclass(frozen=True)
class Side:
    """One side: its title, the command that answers a task file, its versions.

    Answers are kept in `.bench/understanding/`: those of a rival, which does not change with this project, are read
    again the next time. The `is_main` side is measured on every draw.
    """

    title: str
    command: tuple[str, ...]
    versions: dict[str, str]
    is_main: bool = False
    is_rival: bool = False

    def answer(self, task: Task, kept_only: bool = False) -> Answers | None:
        """Learn and answer `task`, or read kept answers; None when there are none, or when the task is too big.

        Raises BenchmarkError.
        """
        path = BENCH / "understanding" / _file_name(self.title) / f"{_file_name(task.name)}.json"
        if not kept_only and not (self.is_rival and path.is_file()) and self._can_learn(task):
            path.parent.mkdir(parents=True, exist_ok=True)
            _run(self.command, task, path)
        return Answers(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None

    def _can_learn(self, task: Task) -> bool:
        return self.is_main or len(task.train) <= MOST_FOR_OTHERS


def find_sides(console: Console) -> list[Side]:
    """This project with and without its spelling, DIET in the stock environment, nlp.js where Node is there."""
    ours = (sys.executable, "-W", "ignore", "-m", "benchmarks.understanding.ours")
    environment = read_versions(Path(sys.prefix))
    sides = [
        Side("ce projet", (*ours, "{task}", "{answers}"), environment, is_main=True),
        Side("ce projet, sans corriger", (*ours, "{task}", "{answers}", "--as-typed"), {}),
        _make_diet(console),
    ]
    nlpjs = _make_nlpjs(console)
    return [*sides, nlpjs] if nlpjs else sides


def _make_diet(console: Console) -> Side:
    folder = BENCH / "stock-venv"
    bin_folder = ensure_stock(ROOT / "requirements" / "bench-stock.txt", folder, console)
    command = (str(bin_folder / "python"), "-W", "ignore", str(HERE / "diet.py"))
    config = str(HERE.parent / "stock" / "config.yml")
    versions = read_versions(folder)
    return Side("Rasa DIET", (*command, config, "{task}", "{answers}"), versions, is_rival=True)


def _make_nlpjs(console: Console) -> Side | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        console.print("Node n’est pas sur cette machine : nlp.js n’est pas mesuré.")
        return None
    folder = BENCH / "nlpjs"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", folder)
    _call([npm, "install", "--no-audit", "--no-fund"], folder)
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    versions = wanted | {"node": _call([node, "--version"], folder).strip().removeprefix("v")}
    return Side("nlp.js", (node, str(HERE / "nlpjs.js"), str(folder), "{task}", "{answers}"), versions, is_rival=True)


def _run(command: tuple[str, ...], task: Task, answers: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "task.json"
        given.write_text(json.dumps({"train": task.train, "texts": task.texts}), encoding="utf-8")
        found = Path(folder) / "answers.json"
        places = {"{task}": str(given), "{answers}": str(found)}
        _call([places.get(part, part) for part in command], ROOT)
        shutil.move(found, answers)


def _call(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["aucun message"])[-1]
        raise BenchmarkError(f"{Path(command[0]).name} s’est arrêté : {last}")
    return done.stdout


def _file_name(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title)
