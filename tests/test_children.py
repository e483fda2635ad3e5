"""Programs that this project starts: they end with it, and Ctrl-C is not lost while one is made."""

import signal
import subprocess
import sys

import pytest

# Ctrl-C comes in the midst of the fork, where Python ignores what it raises.
SCRIPT = """
import os, signal, subprocess, sys, time
from training.children import dying_with_us, start_child
# A shell that starts its tests in the background has them ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
os.register_at_fork(after_in_parent=interrupt)
command = [sys.executable, "-c", "import time; time.sleep(60)"]
try:
    {start}
    time.sleep(0.2)
    print("lost")
except KeyboardInterrupt:
    print("heard")
"""


def play(start):
    script = SCRIPT.format(start=start)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30).stdout.strip()


@pytest.mark.parametrize(
    ("start", "answer"),
    [
        pytest.param("start_child(command)", "heard", id="ours"),
        # What it is there for: should Python mend this, it can go.
        pytest.param("subprocess.Popen(command, preexec_fn=dying_with_us())", "lost", id="plain"),
    ],
)
def test_ctrl_c_while_a_program_is_started(start, answer):
    assert play(start) == answer


def test_a_program_ends_with_who_started_it():
    script = (
        "import os, sys\nfrom training.children import start_child\n"
        "print(start_child([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)\nos.read(0, 1)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], check=True, timeout=10)
