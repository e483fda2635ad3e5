import subprocess
import sys
from xml.etree import ElementTree

import pytest

from training.evaluate import SliceResult
from training.exam import Expected, Given, mark
from training.picture import count_answers, draw_confusions


def result(*answers):
    """One slice from (expected subject, kind, answered subject)."""
    marks = [
        mark(Expected("?", (wanted,)), Given((kind,), "", (got,) if got else ())) for wanted, kind, got in answers
    ]
    return SliceResult("une", "une", tuple((one,) for one in marks))


WRONG = result(
    ("ars", "answer", "caf"),
    ("ars", "answer", "caf"),
    ("ars", "clarify", None),
    ("list_axe", "fallback", None),
    ("caf", "answer", "caf"),
)


def test_it_counts_what_came_instead_of_what_was_expected():
    counts = {("ars", "caf"): 2, ("ars", "(demande)"): 1, ("list_axe", "(ne sait pas)"): 1}
    assert count_answers([WRONG]) == counts


def test_the_picture_names_what_was_missed_and_what_came(tmp_path, monkeypatch):
    monkeypatch.setitem(pytest.importorskip("matplotlib").rcParams, "svg.fonttype", "none")
    assert draw_confusions(tmp_path / "confusions.svg", [WRONG])
    written = "".join(ElementTree.parse(tmp_path / "confusions.svg").getroot().itertext())
    assert all(name in written for name in ("ars", "list_axe", "caf", "(demande)", "(ne sait pas)", "2"))


def test_the_same_exam_gives_the_same_picture(tmp_path):
    for name in ("one.svg", "other.svg"):
        draw_confusions(tmp_path / name, [WRONG])
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


def test_nothing_is_drawn_when_nothing_is_wrong(tmp_path):
    assert not draw_confusions(tmp_path / "confusions.svg", [result(("caf", "answer", "caf"))])
    assert not (tmp_path / "confusions.svg").exists()


def test_it_costs_no_start_time():
    command = "import sys, training.picture; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
