"""What the measure of the cluster writes, from figures that are given."""

from dataclasses import replace
from datetime import date

import pytest

from benchmarks.cluster import small_machines
from benchmarks.cluster.__main__ import PARTS, Measure, render_section
from benchmarks.cluster.small_machines import PERIOD
from benchmarks.errors import BenchmarkError
from benchmarks.load import LoadResult
from benchmarks.machine import Machine

MACHINE = Machine(2, 4 * 10**9, "AMD EPYC", "Linux x86_64", "3.11.7", 0.1)


def test_each_shape_is_compared_with_one_worker():
    busy = dict.fromkeys(PARTS, 0.25)
    one = Measure(1, 1, LoadResult([0.02] * 100, 0, 2.0), busy)
    two = Measure(2, 2, LoadResult([0.03] * 180, 1, 2.0), busy)
    small = replace(one, load=LoadResult([0.05] * 40, 0, 2.0), share=0.2)
    three = replace(small, workers=3, gateways=2, load=LoadResult([0.05] * 116, 0, 2.0))
    section = render_section([one, two, small, three], MACHINE, date(2026, 1, 2), 2)
    assert "| 1 | 1 | 0,2 | 20,0 | 1,00 |" in section
    assert "| 3 | 2 | 0,2 | 58,0 | 2,90 |" in section
    assert "| 1 | 1 | – | 50,0 | 1,00 | 20 ms | 20 ms | 0 | 0,25 | 0,25 | 0,25 | 0,25 |" in section
    assert "| 2 | 2 | – | 90,0 | 1,80 | 30 ms | 30 ms | 1 | 0,25 | 0,25 | 0,25 | 0,25 |" in section


def test_without_control_groups_one_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(small_machines, "CONTROLLERS", (tmp_path,))
    with pytest.raises(BenchmarkError, match="groupes de contrôle"), small_machines.limited([1], 0.2):
        pass


def test_each_process_has_a_group_with_its_quota_while_it_is_limited(tmp_path, monkeypatch):
    monkeypatch.setattr(small_machines, "CONTROLLERS", (tmp_path,))
    (tmp_path / "cgroup.procs").write_text("")
    with small_machines.limited([11, 12], 0.2):
        groups = sorted(tmp_path.glob("allo-*"))
        assert [(group / "cgroup.procs").read_text() for group in groups] == ["11", "12"]
        assert {(group / "cpu.cfs_quota_us").read_text() for group in groups} == {str(PERIOD // 5)}
    assert (tmp_path / "cgroup.procs").read_text() == "12"
