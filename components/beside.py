"""Work on the second core while training: in a forked process, which shares what is loaded and sends its result back.

Threads do not help there: most of it is Python, or numbers between which Python holds the lock.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Under this a process costs more than it brings, and an assistant that answers never forks.
FEWEST = 500


def start_beside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Start `work` on another core; call what is given back to wait for its result. With one core it is done then.

    Waiting raises what `work` raised, and EOFError when its process was ended from outside.
    """
    if len(os.sched_getaffinity(0)) < 2:
        return work
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    process = fork.Process(target=_send, args=(work, sender), daemon=True)
    process.start()
    sender.close()

    def wait() -> Result:
        with receiver:
            result, error = receiver.recv()
        process.join()
        if error is not None:
            raise error
        return result

    return wait


def map_beside(work: Callable[[Sequence[Item]], Iterable[Result]], items: Sequence[Item]) -> list[Result]:
    """What `work` gives for `items`, in order: half of them here, half beside when there are many."""
    if len(items) < FEWEST:
        return list(work(items))
    # Every other one: long or misspelt ones, which take more time, stand side by side.
    wait = start_beside(lambda: work(items[1::2]))
    here, beside = work(items[::2]), wait()
    return [result for pair in zip_longest(here, beside) for result in pair][: len(items)]


def _send(work: Callable[[], Any], sender: Connection) -> None:
    try:
        sender.send((work(), None))
    except Exception as error:
        sender.send((None, error))
