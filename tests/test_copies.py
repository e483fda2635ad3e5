"""Copies of one process: each has its port, and none outlives another."""

import os
import signal
import subprocess
import sys
import time

import pytest

COPIES = 3
# Each tells its process and its port, then waits until one of the others is no more.
SCRIPT = """
import os, select
from worker.copies import share_out
port, ends = share_out([11, 12, 13])
os.write(1, f"{os.getpid()} {port}\\n".encode())
while ends:
    if not all(end.recv(1) for end in select.select(ends, [], [])[0]):
        break
"""


@pytest.fixture
def copies():
    """Port → process id."""
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as first:
        pids = {int(port): int(pid) for pid, port in (first.stdout.readline().split() for _ in range(COPIES))}
        assert pids[11] == first.pid
        yield pids
        for pid in pids.values():
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_each_has_its_port(copies):
    assert sorted(copies) == [11, 12, 13]
    assert len(set(copies.values())) == COPIES


@pytest.mark.parametrize("port", [11, 12, 13], ids=["the-first", "a-copy", "the-last"])
def test_when_one_is_killed_all_end(copies, port):
    assert all(map(is_running, copies.values()))
    os.kill(copies[port], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(map(is_running, copies.values())):
        assert time.monotonic() < deadline
        time.sleep(0.01)
