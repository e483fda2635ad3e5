"""Work on the second core: the same results, in order, and the same errors."""

import os

import pytest

from components.beside import FEWEST, map_beside, start_beside


def double(numbers):
    return [2 * number for number in numbers]


def processes(items):
    return [os.getpid() for _ in items]


def one_core(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1, FEWEST, FEWEST + 1])
def test_the_results_come_in_order(count):
    assert map_beside(double, range(count)) == [2 * number for number in range(count)]


def test_a_message_never_starts_a_process():
    assert set(map_beside(processes, range(FEWEST - 1))) == {os.getpid()}


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core")
def test_the_second_half_is_done_beside():
    done_by = map_beside(processes, range(FEWEST))
    assert done_by[0] == os.getpid() and done_by[-1] != os.getpid() and len(set(done_by)) == 2


def test_with_one_core_all_is_done_here(monkeypatch):
    one_core(monkeypatch)
    assert set(map_beside(processes, range(FEWEST))) == {os.getpid()}


def fail():
    raise ValueError("illisible")


def end():
    os._exit(1)


def test_waiting_raises_what_the_work_raised():
    with pytest.raises(ValueError, match="illisible"):
        start_beside(fail)()


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core")
def test_waiting_says_when_the_process_was_ended():
    with pytest.raises(EOFError):
        start_beside(end)()
