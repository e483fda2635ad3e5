"""What the measure of the cluster writes, from figures that are given."""

from datetime import date

from benchmarks.cluster.__main__ import PARTS, Measure, render_section
from benchmarks.load import LoadResult
from benchmarks.machine import Machine

MACHINE = Machine(2, 4 * 10**9, "AMD EPYC", "Linux x86_64", "3.11.7", 0.1)


def test_each_shape_is_compared_with_one_worker():
    busy = dict.fromkeys(PARTS, 0.25)
    one = Measure(1, 1, LoadResult([0.02] * 100, 0, 2.0), busy)
    two = Measure(2, 2, LoadResult([0.03] * 180, 1, 2.0), busy)
    section = render_section([one, two], MACHINE, date(2026, 1, 2), 2)
    assert "| 1 | 1 | 50,0 | 1,00 | 20 ms | 20 ms | 0 | 0,25 | 0,25 | 0,25 | 0,25 |" in section
    assert "| 2 | 2 | 90,0 | 1,80 | 30 ms | 30 ms | 1 | 0,25 | 0,25 | 0,25 | 0,25 |" in section
