"""One side measured: train, start, load, memory, disk; repeated, and kept as JSON under `.bench/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.progress import Progress

from benchmarks.assistants import Assistant, Running
from benchmarks.environments import read_versions
from benchmarks.load import Conversation, LoadResult, run_load
from benchmarks.measure import measure_folder, measure_memory, percentile

CROWDS = (2, 8)
STEPS_IN_A_RUN = 4 + len(CROWDS)
WARM_UP = 4


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
    assistant: Assistant, conversations: Sequence[Conversation], runs: int, progress: Progress
) -> Measures:
    """Measure one side `runs` times, from an empty model folder each time. Raises BenchmarkError."""
    measures = Measures(assistant.name, read_versions(assistant.environment))
    task = progress.add_task(assistant.name, total=runs * STEPS_IN_A_RUN)

    def step(run: int, what: str) -> None:
        progress.update(task, advance=1, description=f"{assistant.name}, essai {run}/{runs} : {what}")

    for run in range(1, runs + 1):
        progress.update(task, description=f"{assistant.name}, essai {run}/{runs} : entraînement")
        measures.add("train_seconds", assistant.train())
        step(run, "démarrage")
        with assistant.start() as running:
            measures.add("start_seconds", running.start_seconds)
            step(run, "mise en train")
            run_load(assistant.adapter, running.address, conversations[:WARM_UP], users=2)
            step(run, "une personne")
            _measure_alone(assistant, running, conversations, measures)
            for users in CROWDS:
                step(run, f"{users} personnes")
                result = _load(assistant, running, conversations, users, measures)
                measures.add(f"answers_per_second_{users}", result.answers_per_second)
            measures.add("memory_bytes", measure_memory(running.pids))
        step(run, "arrêt")
    measures.add("model_bytes", assistant.model().stat().st_size)
    measures.add("environment_bytes", measure_folder(assistant.environment))
    return measures


def _measure_alone(
    assistant: Assistant, running: Running, conversations: Sequence[Conversation], measures: Measures
) -> None:
    result = _load(assistant, running, conversations, 1, measures)
    measures.add("latency_median_seconds", percentile(result.latencies, 0.5))
    measures.add("latency_p95_seconds", percentile(result.latencies, 0.95))


def _load(
    assistant: Assistant,
    running: Running,
    conversations: Sequence[Conversation],
    users: int,
    measures: Measures,
) -> LoadResult:
    result = run_load(assistant.adapter, running.address, conversations, users)
    measures.messages += len(result.latencies) + result.lost
    measures.lost += result.lost
    return result
