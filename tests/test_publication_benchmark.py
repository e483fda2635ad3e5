from datetime import date

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.machine import Machine
from benchmarks.publication import Answer, Measures, copy_release, render_section

MACHINE = Machine(2, 4 * 10**9, "AMD EPYC", "Linux x86_64", "3.11.7", 0.1)


def answers(milliseconds, lost=0):
    given = [Answer(0.0, milliseconds / 1000, "r1")] * 20
    return given + [Answer(0.0, 30.0, None)] * lost


@pytest.mark.parametrize(
    ("during", "cold", "is_kept"),
    [
        pytest.param(answers(149), 9.9, True, id="kept"),
        pytest.param(answers(151), 9.9, False, id="three-times-slower"),
        pytest.param(answers(50), 10.1, False, id="slow-way-back"),
        pytest.param(answers(50, lost=1), 5.0, False, id="one-message-lost"),
    ],
)
def test_what_is_promised_of_a_publication(during, cold, is_kept):
    measures = Measures(answers(50), during, answers(50), 9.0, cold, 0.5)
    assert measures.is_kept is is_kept
    assert ("**non**" not in render_section(measures, MACHINE, date(2026, 1, 2))) is is_kept


def test_lost_messages_are_counted_apart_from_how_long_answers_take():
    measures = Measures(answers(50), answers(80, lost=2), answers(51), 9.0, 5.0, 0.5)
    section = render_section(measures, MACHINE, date(2026, 1, 2))
    assert "| pendant | 22 | 2 | 80 ms |" in section
    assert "| 95ᵉ centile pendant ÷ avant | < 3 | 1,60 | oui |" in section


def test_without_a_published_release_it_says_what_to_do(tmp_path):
    with pytest.raises(BenchmarkError, match="make train"):
        copy_release(tmp_path, tmp_path / "copies")
