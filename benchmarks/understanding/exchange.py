"""What a side is given and gives back, as JSON files."""

from __future__ import annotations

import json
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

TIMED = 300


def read_task(path: Path) -> dict[str, Any]:
    """`train`: [text, intent] pairs; `texts`: sentences to answer."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def write_answers(path: Path, intents: Sequence[str], scores: Sequence[float], seconds: float) -> None:
    """The intent of each sentence, how sure it is, seconds for one, and this process's peak memory in bytes."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answers = {"intents": list(intents), "scores": list(scores), "seconds": seconds, "memory": memory}
    path.write_text(json.dumps(answers), encoding="utf-8")


def time_one(answer: Callable[[str], object], texts: Sequence[str]) -> float:
    """Median seconds of processor for one sentence, one after the other, the last of `texts`.

    Of processor, not of the clock: the figure is the same on a busy machine.
    """
    taken = []
    for text in texts[-TIMED:]:
        start = time.process_time()
        answer(text)
        taken.append(time.process_time() - start)
    return statistics.median(taken)
