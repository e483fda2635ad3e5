"""Who is at work in a folder `var/`: one locked file for each gateway, taken away when it stops in order.

The lock is the kernel's: it goes with its holder, however it ends. A file that nobody holds is therefore a gateway
that was cut: killed, or out of power.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "running"


@dataclass(frozen=True)
class Arrival:
    """What a gateway finds when it comes: how many ended without stopping, and whether none is at work."""

    cut: int
    is_alone: bool


@contextlib.contextmanager
def present(var: Path) -> Iterator[Arrival]:
    """Be at work in a folder; raises OSError when it cannot be written."""
    cut, at_work = _look(var)
    mine = var / FOLDER / f"{os.getpid()}-{secrets.token_hex(4)}"
    mine.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(mine, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in cut:
            left.unlink(missing_ok=True)
        yield Arrival(len(cut), not at_work)
        with contextlib.suppress(OSError):
            mine.unlink()
    finally:
        os.close(descriptor)


def is_at_work(var: Path) -> bool:
    """Whether a gateway is at work in a folder."""
    return bool(_look(var)[1])


def _look(var: Path) -> tuple[list[Path], list[Path]]:
    """The files of those who were cut, and of those who are at work."""
    cut: list[Path] = []
    at_work: list[Path] = []
    for path in sorted((var / FOLDER).glob("*")):
        with contextlib.suppress(FileNotFoundError):
            (at_work if _is_held(path) else cut).append(path)
    return cut, at_work


def _is_held(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
