"""The state of a training: what is written, what is read back, and how one that was killed is known."""

import os
import signal
import subprocess
import sys
import time

import pytest

from training import locks
from training.failures import DISK_FULL, OUT_OF_MEMORY, explain_end, explain_error
from training.progress import (
    DONE,
    EXAMINING,
    FAILED,
    INTERRUPTED,
    JUDGING,
    LEARNING,
    RUNNING,
    Progress,
    Stage,
    State,
    read_state,
)
from training.times import format_left

STAGES = (LEARNING, EXAMINING, JUDGING)


def begin(models, told=None):
    models.mkdir(exist_ok=True)
    return Progress.begin(models, "Alice", "essai", STAGES, ([] if told is None else told).append)


def test_nothing_is_known_before_the_first_training(tmp_path):
    assert read_state(tmp_path) is None


def test_each_stage_is_told_and_written(tmp_path):
    told = []
    with locks.exclusive(tmp_path, locks.TRAINING, "Alice"):
        progress = begin(tmp_path, told)
        with progress.stage(EXAMINING, 3) as advance:
            advance()
            progress.change()
            state = read_state(tmp_path)
            assert (state.status, state.stage.name, state.stage.done, state.stage.total) == (RUNNING, EXAMINING, 1, 3)
        assert read_state(tmp_path).stage is None
        progress.name_release("r2")
        progress.finish("Accepté.", True)
    state = read_state(tmp_path)
    assert (state.status, state.release, state.message, state.is_open) == (DONE, "r2", "Accepté.", True)
    assert told[-1] == state


def test_a_failure_says_what_happened_and_stays(tmp_path):
    begin(tmp_path).fail("Le disque est plein.")
    assert (read_state(tmp_path).status, read_state(tmp_path).message) == (FAILED, "Le disque est plein.")


def test_one_that_was_killed_is_known_by_its_free_lock(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from training import locks; from training.progress import *\n"
        "models = Path(sys.argv[1])\n"
        "with locks.exclusive(models, locks.TRAINING, 'Alice'):\n"
        "    with Progress.begin(models, 'Alice', 'essai', ['entrainer'], print).stage('entrainer'):\n"
        "        print('ready', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    while process.stdout.readline() != "ready\n":
        assert process.poll() is None
    assert read_state(tmp_path).status == RUNNING
    with (
        pytest.raises(locks.Busy, match=r"Un entraînement est déjà en cours, par Alice depuis \d\d h \d\d\."),
        locks.exclusive(tmp_path, locks.TRAINING, "Bob"),
    ):
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    state = read_state(tmp_path)
    assert state.status == INTERRUPTED
    assert "pendant « Entraînement »" in state.message
    assert "Rien n’a changé pour les habitants" in state.message
    with locks.exclusive(tmp_path, locks.TRAINING, "Bob"):
        assert locks.is_held(tmp_path, locks.TRAINING)
    assert not locks.is_held(tmp_path, locks.TRAINING)


def test_the_time_left_comes_from_earlier_trainings(tmp_path):
    progress = begin(tmp_path)
    assert progress.state.time_left(time.time()) is None
    for name in STAGES:
        with progress.stage(name):
            pass
    progress.finish("Accepté.", True)
    assert set(begin(tmp_path).state.expected) == set(STAGES)


@pytest.mark.parametrize(
    ("stages", "left"),
    [
        pytest.param((Stage(LEARNING), Stage(EXAMINING)), 60, id="nothing-begun"),
        pytest.param((Stage(LEARNING, began=990), Stage(EXAMINING)), 50, id="in-the-first"),
        pytest.param((Stage(LEARNING, began=900), Stage(EXAMINING)), 20, id="longer-than-expected"),
        pytest.param((Stage(LEARNING, 900, 940), Stage(EXAMINING, 990, None, 50, 100)), 10, id="half-counted"),
        pytest.param((Stage(LEARNING, 900, 940), Stage(EXAMINING, 940, 960)), 0, id="all-done"),
    ],
)
def test_the_time_left_counts_what_is_ahead(stages, left):
    state = State("Alice", "essai", 900, stages, {LEARNING: 40, EXAMINING: 20})
    assert state.time_left(1000) == pytest.approx(left)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "bientôt fini"), (12, "encore 10 s"), (43, "encore 45 s"), (100, "encore 2 min")],
    ids=["over", "ten", "seconds", "minutes"],
)
def test_the_time_left_is_said_in_round_numbers(seconds, said):
    assert format_left(seconds) == said


@pytest.mark.parametrize(
    ("code", "output", "said"),
    [
        pytest.param(-9, "", OUT_OF_MEMORY, id="killed"),
        pytest.param(1, "Traceback\nMemoryError\n", OUT_OF_MEMORY, id="memory-error"),
        pytest.param(1, "OSError: [Errno 28] No space left on device", DISK_FULL, id="disk-full"),
        pytest.param(1, "InvalidConfigException: autre chose", None, id="something-else"),
    ],
)
def test_how_a_child_ended_is_said_in_french(code, output, said):
    assert explain_end(code, output) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(OSError(28, "No space left on device"), DISK_FULL, id="disk-full"),
        pytest.param(MemoryError(), OUT_OF_MEMORY, id="memory"),
        pytest.param(ConnectionResetError(), OUT_OF_MEMORY, id="worker-gone"),
        pytest.param(ValueError("?"), None, id="a-bug"),
    ],
)
def test_an_error_of_the_machine_is_said_in_french(error, said):
    assert explain_error(error) == said
