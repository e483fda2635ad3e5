"""One training at a time, one publication at a time, whoever asks: console, command line, another machine's mount.

The lock is the kernel's (`flock`): it is given back when its holder dies, however it dies. The file also says who
holds it and since when, for whoever comes second.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

TRAINING = "entrainement"
PUBLICATION = "publication"
_SENTENCES = {
    TRAINING: "Un entraînement est déjà en cours{who}. Attendez qu’il finisse, puis recommencez.",
    PUBLICATION: "Une publication est déjà en cours{who}. Attendez quelques secondes, puis recommencez.",
}
# A look at the lock (`is_held`) holds it for an instant: it must not pass for somebody at work.
_PATIENCE = 0.3
_PAUSE = 0.02


class Busy(Exception):
    """Somebody else is at it; the message is in French and says who, since when."""


@contextmanager
def exclusive(models: Path, purpose: str, by: str) -> Iterator[None]:
    """Hold the lock of a purpose (TRAINING or PUBLICATION). Raises Busy when somebody else has it."""
    models.mkdir(parents=True, exist_ok=True)
    with _open(models, purpose) as descriptor:
        if not _acquire(descriptor):
            raise Busy(_SENTENCES[purpose].format(who=_read_holder(descriptor)))
        _write_holder(descriptor, by)
        yield


def is_held(models: Path, purpose: str) -> bool:
    """Whether somebody is at it now."""
    if not _path(models, purpose).exists():
        return False
    with _open(models, purpose) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _path(models: Path, purpose: str) -> Path:
    return models / f".{purpose}.lock"


@contextmanager
def _open(models: Path, purpose: str) -> Iterator[int]:
    descriptor = os.open(_path(models, purpose), os.O_RDWR | os.O_CREAT, 0o660)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def _write_holder(descriptor: int, by: str) -> None:
    # A full disk is no reason to refuse: the lock holds without its label.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        label = {"by": by, "since": datetime.now(UTC).isoformat(timespec="seconds")}
        os.pwrite(descriptor, json.dumps(label).encode(), 0)


def _read_holder(descriptor: int) -> str:
    try:
        label = json.loads(os.pread(descriptor, 4096, 0))
        since = datetime.fromisoformat(label["since"]).astimezone()
    except (ValueError, KeyError, TypeError):
        return ""
    return f", par {label['by']} depuis {since:%H h %M}"
