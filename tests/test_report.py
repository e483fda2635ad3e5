import io

import pytest
from rich.console import Console

from training.evaluate import SliceResult
from training.exam import Expected, Given, mark
from training.report import print_evaluation


def result(name, *pairs):
    """A slice from (message, expected subject, answered subject)."""
    marks = (mark(Expected(message, (wanted,)), Given(("answer",), "", (got,))) for message, wanted, got in pairs)
    return SliceResult(name, name, tuple((one,) for one in marks))


RESULTS = [
    result("faible", ("l’[ARS] ?", "ars", "caf"), ("la CAF", "caf", "caf")),
    result("forte", ("les axes", "list_axe", "list_axe")),
]


@pytest.fixture
def printed():
    def render(with_faults):
        output = io.StringIO()
        print_evaluation(Console(file=output, width=120), RESULTS, with_faults)
        return output.getvalue()

    return render


def test_it_prints_a_line_a_slice_with_its_interval(printed):
    lines = [line for line in printed(False).splitlines() if "│" in line]
    faible, forte = (next(line for line in lines if name in line) for name in ("faible", "forte"))
    assert ("1/2" in faible, "50.0" in faible, "9–91" in faible) == (True, True, True)
    assert ("1/1" in forte, "100.0" in forte, "21–100" in forte) == (True, True, True)
    assert lines.index(faible) < lines.index(forte)


def test_it_names_what_was_mixed_up(printed):
    assert "Confusions : ars → caf (1)" in printed(False)


def test_it_prints_every_fault_as_it_is_when_asked(printed):
    fault = "faible : « l’[ARS] ? » — répond sur caf au lieu de ars"
    assert fault in printed(True)
    assert fault not in printed(False)
