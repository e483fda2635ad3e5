"""This process on its machine: the memory that is left for it, its turn to be ended, ports to listen on."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")
LOOPBACK = "127.0.0.1"

# Who is ended first when memory runs short (`go_first`): a training, which can be asked for again, then who answers,
# whom the gateway starts again.
ANSWERING, TRAINING = 500, 800


@dataclass(frozen=True)
class Accounts:
    """Where control groups of a version keep the memory of a group: the line of /proc/self/cgroup that names the group,
    the folder of all groups, and files of a group: limits, what it takes, and files read that could be given back.
    """

    line: str
    top: str
    limits: tuple[str, ...]
    taken: str
    given_back: str


# Version 2, and version 1, which older machines and some containers still have. Over `memory.high` a group is not
# ended, but hardly runs any more.
ACCOUNTS = (
    Accounts(r"^0::/(.*)$", "sys/fs/cgroup", ("memory.max", "memory.high"), "memory.current", "inactive_file"),
    Accounts(
        r"^\d+:(?:[a-z,]+,)?memory(?:,[a-z,]+)?:/(.*)$",
        "sys/fs/cgroup/memory",
        ("memory.limit_in_bytes",),
        "memory.usage_in_bytes",
        "total_inactive_file",
    ),
)


def available_memory(root: Path = ROOT) -> int:
    """Bytes that this process may still take without another one losing any: on the machine, and in each control group
    that a service or a container keeps it in. `root` is where /proc and /sys are.
    """
    found = re.search(r"^MemAvailable:\s+(\d+) kB", _read(root / "proc/meminfo"), re.MULTILINE)
    return max(0, min([int(found[1]) * 1024 if found else 0, *_left_in_groups(root)]))


def go_first(rank: int) -> None:
    """When memory runs short, have the kernel end this process, or those that it starts, before any of a lower rank.

    `rank` is at most 1000; a process without is at 0, and one that was given a higher one keeps it.
    """
    own = ROOT / "proc/self/oom_score_adj"
    with suppress(OSError):
        own.write_text(str(max(rank, int(own.read_text()))))


def find_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on now, each another one."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _left_in_groups(root: Path) -> Iterator[int]:
    for accounts in ACCOUNTS:
        found = re.search(accounts.line, _read(root / "proc/self/cgroup"), re.MULTILINE)
        top = root / accounts.top
        group = top / (found[1] if found else "")
        for folder in (group, *group.parents):
            yield from _left_in_group(folder, accounts)
            if folder == top:
                break


def _left_in_group(group: Path, accounts: Accounts) -> Iterator[int]:
    limits = [text for name in accounts.limits if (text := _read(group / name).strip()).isdigit()]
    taken = _read(group / accounts.taken).strip()
    if limits and taken.isdigit():
        # Files that were read are counted too, and given back when somebody needs the room.
        given_back = re.search(rf"^{accounts.given_back} (\d+)$", _read(group / "memory.stat"), re.MULTILINE)
        yield min(map(int, limits)) - int(taken) + (int(given_back[1]) if given_back else 0)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
