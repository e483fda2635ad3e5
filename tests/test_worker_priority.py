"""What a worker leaves to others while it starts, in processes of their own: a priority is not given back."""

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import os, threading
from worker.priority import step_back

def niceness():
    return [os.getpriority(os.PRIO_PROCESS, int(thread)) for thread in os.listdir("/proc/self/task")]

os.setpriority(os.PRIO_PROCESS, 0, {before})
if {drops_rights}:
    os.setuid(65534)
come_forward = step_back()
stop = threading.Event()
other = threading.Thread(target=stop.wait)
other.start()
print(sorted(niceness()))
come_forward()
print(sorted(niceness()))
stop.set()
"""


def run(before, drops_rights):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(before=before, drops_rights=drops_rights)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(os.geteuid() != 0, reason="only a privileged process may come forward again by itself")
@pytest.mark.parametrize(
    ("before", "drops_rights", "during", "after"),
    [
        pytest.param(0, False, 10, 0, id="privileged"),
        pytest.param(10, False, 19, 10, id="privileged-and-already-behind"),
        pytest.param(0, True, 1, 1, id="it-could-not-come-back"),
    ],
)
def test_it_steps_back_only_when_it_may_come_forward(before, drops_rights, during, after):
    assert run(before, drops_rights) == [[during] * 2, [after] * 2]
