"""A worker that starts leaves the processor to the one that answers residents, and takes its place once it is ready.

Only where it may: without privilege a process that steps back cannot come forward again, unless its limit allows it
(`LimitNICE=+0` in a systemd unit).
"""

from __future__ import annotations

import os
from collections.abc import Callable

STEP = 10
_LOWEST = 19


def step_back() -> Callable[[], None]:
    """Lower the priority of this process; call what is given to have it back as it was."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    if not _may_come_back(before):
        return lambda: None
    _set_niceness(min(before + STEP, _LOWEST))
    return lambda: _set_niceness(before)


def _may_come_back(niceness: int) -> bool:
    """Whether it may, seen by trying: where it may not, it stays one step behind, which nobody notices."""
    _set_niceness(min(niceness + 1, _LOWEST))
    try:
        _set_niceness(niceness)
    except PermissionError:
        return False
    return True


def _set_niceness(niceness: int) -> None:
    # To Linux each thread has its own.
    for thread in os.listdir("/proc/self/task"):
        os.setpriority(os.PRIO_PROCESS, int(thread), niceness)
