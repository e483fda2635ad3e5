"""What is read off the machine: memory of processes, size of folders, and the summary of repeated runs."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Spread:
    """The median of repeated runs, with the lowest and the highest."""

    median: float
    low: float
    high: float


def summarize(values: Sequence[float]) -> Spread:
    """The spread of one measure over its runs; raises ValueError when there is none."""
    if not values:
        raise ValueError("no value to summarize")
    return Spread(statistics.median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0..1) of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no value to rank")
    rank = max(1, math.ceil(share * len(values)))
    return sorted(values)[rank - 1]


def measure_memory(pids: Iterable[int]) -> int:
    """Bytes of memory held by these processes and their children.

    PSS: a page shared by several processes is counted once, in shares.
    """
    processes: dict[int, psutil.Process] = {}
    for pid in pids:
        root = psutil.Process(pid)
        processes |= {process.pid: process for process in (root, *root.children(recursive=True))}
    return sum(_measure_pss(process) for process in processes.values())


def measure_folder(folder: Path) -> int:
    """Bytes that a folder takes on disk: blocks, each file once even when it has several names."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            status = os.lstat(os.path.join(parent, name))
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_blocks * 512
    return total


def _measure_pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0
