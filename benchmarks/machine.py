"""The machine on which the figures were measured: what explains them, nothing that names it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Machine:
    """Cores, memory in bytes, family of the processor, system, and the load before the measures."""

    cores: int
    memory: int
    processor: str
    system: str
    python: str
    load: float


def describe_machine() -> Machine:
    """Read this machine."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        memory=psutil.virtual_memory().total,
        processor=_read_processor(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=os.getloadavg()[0],
    )


def _read_processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "inconnu")
