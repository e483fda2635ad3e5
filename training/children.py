"""Child processes that do not outlive the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dying_with_us() -> Callable[[], None]:
    """A `preexec_fn`: the child is killed when this process dies, even killed outright."""
    return partial(_die_with, os.getpid())


def start_child(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a program that is killed when this process dies; `options` are those of `subprocess.Popen`."""
    with _interrupted_later():
        return subprocess.Popen(command, preexec_fn=dying_with_us(), **options)


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Have Ctrl-C wait: what it raises in the midst of a fork is lost."""
    if threading.current_thread() is not threading.main_thread():
        # It is raised in the main thread alone.
        yield
        return
    asked: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if asked:
            signal.raise_signal(signal.SIGINT)


def _die_with(parent: int) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
