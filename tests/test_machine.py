import socket
import subprocess
import sys

import pytest

from knowledge.machine import LOOPBACK, available_memory, find_ports

GB = 1_000_000_000


# A group's files in each version of control groups: (limit, taken, files that can be given back).
VERSION_2 = ("0::/services/allo", "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file")
SOFT = ("0::/services/allo", "sys/fs/cgroup", "memory.high", "memory.current", "inactive_file")
VERSION_1 = (
    "7:cpu:/elsewhere\n4:memory:/services/allo\n0::/elsewhere",
    "sys/fs/cgroup/memory",
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    "total_inactive_file",
)


@pytest.fixture
def machine(tmp_path):
    """A machine with 8 GB left, whose process is in the group /services/allo."""

    def build(version, groups):
        line, top, *names, given_back_name = version
        files = {
            "proc/meminfo": f"MemTotal: 16000000 kB\nMemAvailable:   {8 * GB // 1024} kB\n",
            "proc/self/cgroup": f"{line}\n",
        }
        for group, (limit, taken, given_back) in groups.items():
            folder = f"{top}/{group}".rstrip("/")
            files |= {f"{folder}/{name}": f"{value}\n" for name, value in zip(names, (limit, taken), strict=True)}
            files[f"{folder}/memory.stat"] = f"rss 12\n{given_back_name} {given_back}\nactive_file 5\n"
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return build


@pytest.mark.parametrize(
    "version",
    [
        pytest.param(VERSION_2, id="version-2"),
        pytest.param(SOFT, id="soft-limit"),
        pytest.param(VERSION_1, id="version-1"),
    ],
)
@pytest.mark.parametrize(
    ("groups", "left"),
    [
        pytest.param({}, 8, id="no-group"),
        pytest.param({"services/allo": ("max", GB, 0)}, 8, id="a-group-without-a-limit"),
        pytest.param({"services/allo": (2**63 - 4096, GB, 0)}, 8, id="no-limit-in-version-1"),
        pytest.param({"services/allo": (2 * GB, GB, 0)}, 1, id="a-service-with-a-limit"),
        pytest.param({"services/allo": (3 * GB, 2 * GB, GB)}, 2, id="files-that-can-be-given-back"),
        pytest.param({"services/allo": ("max", GB, 0), "services": (4 * GB, GB, 0)}, 3, id="a-limit-above"),
        pytest.param({"": (5 * GB, GB, 0)}, 4, id="a-container"),
        pytest.param({"services/allo": (GB, 2 * GB, 0)}, 0, id="more-than-the-limit"),
        pytest.param({"services/allo": (99 * GB, GB, 0)}, 8, id="a-limit-larger-than-the-machine"),
    ],
)
def test_what_is_left_is_the_least_of_the_machine_and_of_each_group(machine, version, groups, left):
    assert available_memory(machine(version, groups)) == pytest.approx(left * GB, abs=1024)


def test_this_machine_has_some_left():
    assert available_memory() > 0


def test_nothing_is_known_where_nothing_is_said(tmp_path):
    assert available_memory(tmp_path) == 0


def test_ports_are_free_and_each_another_one():
    ports = find_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.socket() as server:
            server.bind((LOOPBACK, port))


RANKS = """
from pathlib import Path
from subprocess import run
from knowledge import machine
for rank in (machine.ANSWERING, machine.TRAINING, machine.ANSWERING):
    machine.go_first(rank)
    print(Path("/proc/self/oom_score_adj").read_text().strip())
run(["cat", "/proc/self/oom_score_adj"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes by rank")
def test_a_training_is_ended_before_who_answers_and_what_it_starts_with_it():
    ranks = subprocess.run([sys.executable, "-c", RANKS], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(ranks) == ["500", "800", "800", "800"]
