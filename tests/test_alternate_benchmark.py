"""What the measure of both sides in turn writes, from figures that are given."""

from datetime import date

import pytest

from benchmarks.alternate import Round, render_section
from benchmarks.load import LoadResult
from benchmarks.machine import Machine

MACHINE = Machine(2, 4 * 10**9, "AMD EPYC", "Linux x86_64", "3.11.7", 0.1)


def load(milliseconds, seconds, lost=0):
    return LoadResult([milliseconds / 1000] * 100, lost, seconds)


def test_each_round_gives_its_own_ratios():
    one = Round(1, stock=load(40, 4.0), ours=load(20, 2.0))
    assert (one.time_ratio, one.rate_ratio) == (pytest.approx(0.5), pytest.approx(2.0))


def test_the_table_has_the_median_of_the_rounds():
    slow, fast = (Round(1, load(40 * pace, 4.0 * pace), load(20 * pace, 2.0 * pace, lost=1)) for pace in (3, 1))
    odd = Round(1, stock=load(40, 4.0), ours=load(30, 3.0))
    crowd = Round(8, stock=load(100, 4.0), ours=load(50, 1.0))
    section = render_section([slow, crowd, fast, crowd, odd, crowd], MACHINE, date(2026, 1, 2))
    assert "| 1 | 40,0 ms (40,0 – 120,0) | 30,0 ms (20,0 – 60,0) | 0,50 × (0,50 – 0,75) |" in section
    assert "| 8 | 100,0 ms (100,0 – 100,0) | 50,0 ms (50,0 – 50,0) | 0,50 × (0,50 – 0,50) | 25,0" in section
    assert "4,00 × (4,00 – 4,00) |" in section
    assert "3 fois" in section
    assert "sans réponse : 2." in section
