"""One side measured: train, start, load, memory, disk; repeated, and kept as JSON under `.bench/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

from rich.progress import Progress

from benchmarks.assistants import Assistant, Running, serve
from benchmarks.environments import read_versions
from benchmarks.load import Conversation, LoadResult, run_load
from benchmarks.measure import measure_folder, measure_memory, percentile

CROWDS = (2, 8)
STEPS_OF_A_LOAD = 3 + len(CROWDS)
STEPS_OF_A_TRAINING = 2
WARM_UP = 8


@dataclass
class Measures:
    """Everything measured on one side: one value per run for each key, and what never changes."""

    name: str
    versions: dict[str, str]
    values: dict[str, list[float]] = field(default_factory=dict)
    messages: int = 0
    lost: int = 0

    def add(self, key: str, value: float) -> None:
        """Keep the value of one run."""
        self.values.setdefault(key, []).append(value)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Measures:
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def measure_assistant(
    assistant: Assistant, conversations: Sequence[Conversation], runs: int, trainings: int, progress: Progress
) -> Measures:
    """Measure one side `runs` times, the first `trainings` of them with a training. Raises BenchmarkError."""
    measures = Measures(assistant.name, read_versions(assistant.environment))
    steps = _Steps(assistant.name, runs, trainings, progress)
    steps.begin(0, "un tour pour rien")
    _warm_up(assistant)
    for run in range(1, runs + 1):
        trains = run <= trainings
        if trains:
            steps.begin(run, "entraînement")
            measures.add("train_seconds", assistant.prepare_training().run())
        steps.begin(run, "démarrage")
        with serve(assistant) as running:
            measures.add("start_seconds", running.start_seconds)
            load = _Load(assistant, running, conversations, measures)
            _measure_answers(load, run, steps)
            measures.add("memory_bytes", measure_memory(running.pids))
            if trains:
                steps.begin(run, "un entraînement pendant que l’on répond")
                _measure_beside_training(load)
    steps.end()
    measures.add("model_bytes", assistant.model().stat().st_size)
    measures.add("environment_bytes", measure_folder(assistant.environment))
    return measures


class _Steps:
    """What the console shows."""

    def __init__(self, name: str, runs: int, trainings: int, progress: Progress) -> None:
        self._name = name
        self._runs = runs
        self._progress = progress
        total = 1 + runs * STEPS_OF_A_LOAD + trainings * STEPS_OF_A_TRAINING
        self._task = progress.add_task(name, total=total)
        self._begun = 0

    def begin(self, run: int, what: str) -> None:
        description = f"{self._name}, essai {run}/{self._runs} : {what}"
        self._progress.update(self._task, completed=self._begun, description=description)
        self._begun += 1

    def end(self) -> None:
        self._progress.update(self._task, completed=self._begun, description=f"{self._name} : terminé")


@dataclass
class _Load:
    """The load on one started assistant; what was sent and lost is counted in `measures`."""

    assistant: Assistant
    running: Running
    conversations: Sequence[Conversation]
    measures: Measures

    def run(self, users: int, conversations: Iterable[Conversation] | None = None) -> LoadResult:
        """Hold the conversations, all of them once unless others are given."""
        chosen = self.conversations if conversations is None else conversations
        result = run_load(self.assistant.adapter, self.running.address, chosen, users)
        self.measures.messages += len(result.latencies) + result.lost
        self.measures.lost += result.lost
        return result


def _warm_up(assistant: Assistant) -> None:
    """Once for nothing, on both sides: Python writes its bytecode, files come into memory."""
    assistant.prepare_training(short=True).run()
    with serve(assistant):
        pass


def _measure_answers(load: _Load, run: int, steps: _Steps) -> None:
    steps.begin(run, "mise en train")
    load.run(max(CROWDS), load.conversations[:WARM_UP])
    steps.begin(run, "une personne")
    latencies = load.run(1).latencies
    load.measures.add("latency_median_seconds", percentile(latencies, 0.5))
    load.measures.add("latency_p95_seconds", percentile(latencies, 0.95))
    for users in CROWDS:
        steps.begin(run, f"{users} personnes")
        load.measures.add(f"answers_per_second_{users}", load.run(users).answers_per_second)


def _measure_beside_training(load: _Load) -> None:
    """The longest that one person waits for an answer while the next model is being trained."""
    command = load.assistant.prepare_next_training()
    with command.started() as training:
        latencies = load.run(1, _repeat_until(load.conversations, lambda: training.poll() is not None)).latencies
        command.check(training.wait())
    load.measures.add("longest_wait_seconds", max(latencies))


def _repeat_until(conversations: Sequence[Conversation], is_over: Callable[[], bool]) -> Iterator[Conversation]:
    for conversation in cycle(conversations):
        if is_over():
            return
        yield conversation
