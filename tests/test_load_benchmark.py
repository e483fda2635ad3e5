"""What the load measures are made of, without the machine time: residents, steps, promises."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from itertools import islice

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.machine import Machine
from benchmarks.overload import (
    Measures,
    Sent,
    Step,
    count_alerts,
    find_capacity,
    plan_steps,
    render_section,
    summarize,
    summarize_steps,
)
from benchmarks.residents import DISTRESS, QUESTIONS, SPELT_RIGHT, draw_talks, load_kinds, mean_length, slip

MACHINE = Machine(2, 4 * 10**9, "AMD EPYC", "Linux x86_64", "3.11.7", 0.1)
GOOD = Step(sent=80.0, answered=40.0, refused=0.5, lost=0.0, p50=0.3, p95=0.9)
CALM = Step(sent=20.0, answered=20.0, refused=0.0, lost=0.0, p50=0.02, p95=0.05)


def sent(
    at: float, status: int = 200, *, step: int = 0, took: float = 0.1, told: bool = True, alert: bool = False
) -> Sent:
    code = None if status == 200 else "busy"
    return Sent(at, took, step, DISTRESS if alert else QUESTIONS, status, code, told and status != 200, alert)


# --- Residents -------------------------------------------------------------------------------------------


def test_the_shares_of_the_kinds_make_a_whole_and_are_kept() -> None:
    kinds = load_kinds()
    assert sum(kind.part for kind in kinds) == 100
    drawn = Counter(talk.kind for talk in islice(draw_talks(1), 4000))
    for kind in kinds:
        assert drawn[kind.name] / 40 == pytest.approx(kind.part, abs=2)


def test_the_same_seed_draws_the_same_residents() -> None:
    first, again, other = (list(islice(draw_talks(seed), 50)) for seed in (1, 1, 2))
    assert first == again != other


def test_messages_are_hardly_ever_the_same_twice_and_fit_the_contract() -> None:
    talks = list(islice(draw_talks(1), 1000))
    assert all(1 <= len(message) <= 500 for talk in talks for message in talk.messages)
    known = {talk for kind in load_kinds() for talk in kind.conversations}
    assert 0.5 < sum(talk.messages not in known for talk in talks) / len(talks) < 0.9
    assert all(talk.messages in known for talk in talks if talk.kind in SPELT_RIGHT)
    assert 3 < mean_length(1) < 4


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_slip_changes_a_letter_or_two(share: float) -> None:
    chance = random.Random(3)
    changed = [slip("qui sont les partenaires", chance, share) for _ in range(200)]
    assert all(abs(len(text) - len("qui sont les partenaires")) <= 1 for text in changed)
    assert (len(set(changed)) > 20) is (share == 1.0)


# --- Steps -----------------------------------------------------------------------------------------------


def test_a_step_counts_what_was_answered_refused_and_lost() -> None:
    messages = [sent(1.0, took=second / 10) for second in range(1, 7)]
    messages += [sent(1.5, 503), sent(1.6, 429), sent(1.7, 503, told=False), sent(1.8, 0)]
    step = summarize([*messages, sent(9.0), sent(1.2, alert=True)], 1.0, 3.0)
    assert (step.sent, step.answered, step.refused, step.lost) == (5.0, 3.0, 0.2, 0.2)
    assert (step.p50, step.p95) == (0.3, 0.6)


def test_without_any_message_it_says_where_to_look() -> None:
    with pytest.raises(BenchmarkError, match=r"locust\.log"):
        summarize([], 0.0, 1.0)


def test_the_step_during_which_it_stopped_is_left_out() -> None:
    plan = plan_steps()
    seconds = plan[0][0]
    messages = [sent(number * seconds + 5, step=number) for number in range(3)]
    assert len(summarize_steps(messages, plan)) == 2
    assert len(summarize_steps(messages, plan[:3])) == 3


def test_each_step_sends_more_than_the_one_before() -> None:
    rates = [rate for _, rate in plan_steps()]
    assert rates == sorted(rates)
    assert rates[-1] > 100


def test_the_capacity_is_the_most_that_was_answered() -> None:
    assert find_capacity([CALM, GOOD, CALM]) == 40.0


def test_a_call_for_help_without_its_number_is_seen() -> None:
    missed = Sent(1.0, 0.1, 0, DISTRESS, 503, "busy", True, False)
    assert count_alerts([sent(1.0, alert=True), missed, sent(2.0)]) == (2, 1)


# --- Promises --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overload", "afterwards", "alerts", "is_kept"),
    [
        pytest.param({}, {}, (5, 5), True, id="kept"),
        pytest.param({"p95": 1.01}, {}, (5, 5), False, id="slow"),
        pytest.param({"refused": 0.0}, {}, (5, 5), False, id="nothing-refused"),
        pytest.param({"lost": 0.01}, {}, (5, 5), False, id="lost"),
        pytest.param({}, {"refused": 0.01}, (5, 5), False, id="still-refusing-afterwards"),
        pytest.param({}, {}, (5, 4), False, id="a-call-for-help-without-its-number"),
    ],
)
def test_what_is_promised_of_too_much_load(
    overload: dict[str, float], afterwards: dict[str, float], alerts: tuple[int, int], is_kept: bool
) -> None:
    measures = Measures([CALM], 40.0, Step(**(vars(GOOD) | overload)), Step(**(vars(CALM) | afterwards)), alerts, 0.01)
    assert measures.is_kept is is_kept
    section = render_section(measures, 60, MACHINE, date(2026, 1, 2))
    assert ("**non**" not in section) is is_kept
    assert "40,0 messages par seconde" in section
    assert "make load" in section
