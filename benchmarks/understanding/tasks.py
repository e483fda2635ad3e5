"""The tasks, read from MASSIVE (fr-FR): what each side learns, and the sentences it is asked."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError

WHOLE = "massive_fr.csv"
SPLIT = "massive12_20shot"
NOISE, OFF_TOPIC = "test_noise.csv", "test_oos.csv"
CLEAN = "clean"
SHOTS, DRAWS = 8, 5


@dataclass(frozen=True)
class Task:
    """One draw: examples (text, intent), and test sentences with their intent (None off topic) and their hand."""

    name: str
    train: list[tuple[str, str]]
    texts: list[str]
    intents: list[str | None]
    hands: list[str]


def find_tasks(data: Path) -> dict[str, list[Task]]:
    """Title → its draws, for a folder with MASSIVE as a whole, or with one few-shot split. Raises BenchmarkError."""
    split = data / SPLIT if (data / SPLIT).is_dir() else data
    tasks: dict[str, list[Task]] = {}
    if list(split.glob("train_seed*.csv")):
        tasks["12 × 20"] = list(_read_split(split))
    if (data / WHOLE).is_file():
        tasks |= _read_whole(data / WHOLE)
    if not tasks:
        raise BenchmarkError(f"Il n’y a ni fichier {WHOLE} ni fichier train_seed*.csv dans {data}.")
    return tasks


def _read_split(folder: Path) -> Iterator[Task]:
    noise, off_topic = _read(folder / NOISE), _read(folder / OFF_TOPIC)
    for path in sorted(folder.glob("train_seed*.csv")):
        yield Task(
            name=f"{folder.name}/{path.stem}",
            train=[(row["text"], row["intent"]) for row in _read(path)],
            texts=[row["text"] for row in noise + off_topic],
            intents=[row["intent"] for row in noise] + [None] * len(off_topic),
            hands=[row["noise"] for row in noise] + [CLEAN] * len(off_topic),
        )


def _read_whole(path: Path) -> dict[str, list[Task]]:
    rows = _read(path)
    train = [(row["text"], row["intent"]) for row in rows if row["split"] == "train"]
    test = [(row["text"], row["intent"]) for row in rows if row["split"] == "test"]
    draws = [(f"shots{SHOTS}/seed{seed}", _draw(train, seed)) for seed in range(DRAWS)]
    few = [_make(name, examples, test) for name, examples in draws]
    return {f"60 × {SHOTS}": few, "60, tout": [_make("all", train, test)]}


def _make(name: str, train: list[tuple[str, str]], test: list[tuple[str, str]]) -> Task:
    return Task(name, train, [text for text, _ in test], [intent for _, intent in test], [CLEAN] * len(test))


def _draw(rows: list[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """A few examples of each intent (all of them when there are fewer)."""
    by_intent: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        by_intent.setdefault(row[1], []).append(row)
    chance = random.Random(seed)
    return [
        row for _, known in sorted(by_intent.items()) for row in chance.sample(known, min(SHOTS, len(known)))
    ]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
