"""Processes that get a share of a core each, as on machines of their own: those of this one then last for several."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.errors import BenchmarkError

PERIOD = 50_000  # microseconds: an answer fits in what a worker gets of one
# The first for version 1 of control groups, the second for version 2.
CONTROLLERS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))


@contextlib.contextmanager
def limited(pids: Sequence[int], share: float) -> Iterator[None]:
    """Give each process `share` of a core, and what it started with it; raises BenchmarkError where that may not be."""
    controller = next((folder for folder in CONTROLLERS if (folder / "cgroup.procs").is_file()), None)
    if controller is None:
        raise BenchmarkError("Les groupes de contrôle (cgroup) de cette machine ne se laissent pas écrire.")
    groups = [controller / f"allo-{os.getpid()}-{pid}" for pid in pids]
    try:
        try:
            for pid, group in zip(pids, groups, strict=True):
                _make_group(group, share)
                (group / "cgroup.procs").write_text(str(pid))
        except OSError as error:
            raise BenchmarkError(f"Un groupe de contrôle ne se laisse pas écrire ({error.strerror}).") from None
        yield
    finally:
        for group in groups:
            _remove_group(group, controller)


def _make_group(group: Path, share: float) -> None:
    group.mkdir()
    quota = round(share * PERIOD)
    if (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{quota} {PERIOD}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(quota))


def _remove_group(group: Path, controller: Path) -> None:
    with contextlib.suppress(OSError):
        for pid in (group / "cgroup.procs").read_text().split():
            (controller / "cgroup.procs").write_text(pid)
        group.rmdir()
