"""What the machine has left for this process: memory, and ports to listen on."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

ROOT = Path("/")
LOOPBACK = "127.0.0.1"


def available_memory(root: Path = ROOT) -> int:
    """Bytes that this process may still take without another one losing any: on the machine, and in each control group
    (version 2) that a service or a container keeps it in. `root` is where /proc and /sys are.
    """
    found = re.search(r"^MemAvailable:\s+(\d+) kB", _read(root / "proc/meminfo"), re.MULTILINE)
    return max(0, min([int(found[1]) * 1024 if found else 0, *_left_in_groups(root)]))


def find_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on now, each another one."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _left_in_groups(root: Path) -> Iterator[int]:
    found = re.search(r"^0::/(.*)$", _read(root / "proc/self/cgroup"), re.MULTILINE)
    top = root / "sys/fs/cgroup"
    group = top / (found[1] if found else "")
    for folder in (group, *group.parents):
        limit, taken = _read(folder / "memory.max").strip(), _read(folder / "memory.current").strip()
        if limit.isdigit() and taken.isdigit():
            # Files that were read are counted too, and given back when somebody needs the room.
            given_back = re.search(r"^inactive_file (\d+)$", _read(folder / "memory.stat"), re.MULTILINE)
            yield int(limit) - int(taken) + (int(given_back[1]) if given_back else 0)
        if folder == top:
            return


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
