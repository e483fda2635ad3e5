"""The workers that take the exam, for real: one process, and a copy of it."""

import time

import psutil
import pytest

from training import candidate as candidates

pytestmark = pytest.mark.model
ASKED = "la CAF est partenaire ?"


@pytest.fixture(scope="module")
def workers(release):
    """Two candidates that answer from the release, and the processes they are."""
    before = set(psutil.Process().children(recursive=True))
    with (
        candidates.standing_by(2 * candidates.WORTH_A_WORKER) as waiting,
        candidates.running(release, 0, waiting) as running,
    ):
        yield running, set(psutil.Process().children(recursive=True)) - before


def test_each_answers_by_itself(workers):
    running, processes = workers
    assert len(running) == len(processes) == min(2, len(psutil.Process().cpu_affinity()))
    answers = [candidate.ask("s1", ASKED) for candidate in running]
    assert {answer.subjects for answer in answers} == {("caf",)}
    assert len({answer.text for answer in answers}) == 1


def test_none_is_left_when_the_exam_is_over(release):
    before = set(psutil.Process().children(recursive=True))
    with candidates.running(release, 2 * candidates.WORTH_A_WORKER):
        left = set(psutil.Process().children(recursive=True)) - before
        assert left
    deadline = time.monotonic() + 10
    while any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in left):
        assert time.monotonic() < deadline
        time.sleep(0.05)
