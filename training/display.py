"""The progress of a training on a terminal: bars for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from training.progress import State
from training.times import format_left


@contextmanager
def show_bars(console: Console) -> Iterator[Callable[[State], None]]:
    """A bar for each stage, and the time left as far as earlier trainings tell."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    left = TextColumn("{task.fields[left]}")
    with Progress(*columns, left, console=console) as bars:
        tasks: dict[str, TaskID] = {}
        yield lambda state: _show(bars, tasks, state)


@contextmanager
def show_json(console: Console) -> Iterator[Callable[[State], None]]:
    """One line for each change; `time_left` in seconds, or null."""

    def tell(state: State) -> None:
        line = state.to_dict() | {"time_left": state.time_left(time.time())}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    yield tell


def _show(bars: Progress, tasks: dict[str, TaskID], state: State) -> None:
    left = state.time_left(time.time())
    for stage in state.stages:
        if not stage.began:
            continue
        if stage.name not in tasks:
            tasks[stage.name] = bars.add_task(stage.label, total=stage.total or None, left="")
        is_over = stage.ended is not None
        bars.update(
            tasks[stage.name],
            total=1 if is_over else stage.total or None,
            completed=1 if is_over else stage.done,
            left="" if is_over or left is None else format_left(left),
        )
