import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import thresholds
from components.thresholds import Decision, fit_decision, read_signals


def make_predictions(size=600, seed=0, off_topic=0.3):
    """Predictions that are right as often as their first signal says; off-topic ones have low signals."""
    random = np.random.default_rng(seed)
    is_ours = random.random(size) > off_topic
    signals = random.normal(loc=np.where(is_ours, 1.0, -2.0)[:, np.newaxis], scale=1.5, size=(size, 3))
    is_right = is_ours & (random.random(size) < 1 / (1 + np.exp(-1.5 * signals[:, 0])))
    is_near = is_right | (is_ours & (random.random(size) < 0.6))
    return signals, is_right, is_near, is_ours


def test_confidence_is_the_chance_of_being_right():
    signals, is_right, is_near, is_ours = make_predictions(4000)
    confidence = fit_decision(signals, is_right, is_near, is_ours).confidence(signals)
    for low in (0.0, 0.25, 0.5, 0.75):
        band = (confidence >= low) & (confidence < low + 0.25)
        assert abs(confidence[band].mean() - is_right[band].mean()) < 0.06


def test_a_wrong_answer_that_costs_more_makes_it_sure_less_often(monkeypatch):
    predictions = make_predictions()
    lines, sure = [], []
    for cost in (-0.5, -1.5, -4.0, -12.0):
        monkeypatch.setattr(thresholds, "WRONG", cost)
        decision = fit_decision(*predictions)
        lines.append(decision.sure)
        sure.append(int((decision.confidence(predictions[0]) >= decision.sure).sum()))
    assert lines == sorted(lines)
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > sure[-1]


def test_questions_that_cost_more_make_it_ask_less_often(monkeypatch):
    predictions = make_predictions()
    asked = []
    for cost in (-0.2, -1.0, -5.0):
        monkeypatch.setattr(thresholds, "ASKED_WITHOUT", cost)
        decision = fit_decision(*predictions)
        confidence = decision.confidence(predictions[0])
        asked.append(int(((confidence >= decision.ask) & (confidence < decision.sure)).sum()))
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > asked[-1]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([30, 200]), st.sampled_from([0.0, 0.3, 0.9]))
def test_it_never_asks_where_it_is_sure(seed, size, off_topic):
    decision = fit_decision(*make_predictions(size, seed, off_topic))
    assert 0 < decision.ask <= decision.sure < 1


def test_it_answers_what_is_right_and_sends_away_what_is_not_ours():
    signals = np.repeat([[4.0, 4.0, 1.0], [-4.0, 0.1, 0.1]], 50, axis=0)
    is_ours = np.repeat([True, False], 50)
    decision = fit_decision(signals, is_ours, is_ours, is_ours)
    confidence = decision.confidence(signals)
    assert (confidence[is_ours] >= decision.sure).all()
    assert (confidence[~is_ours] < decision.ask).all()


def test_it_asks_when_the_right_subject_is_often_second():
    signals = np.repeat([[4.0, 4.0, 1.0], [0.0, 0.1, 0.8], [-4.0, 0.1, 0.1]], 50, axis=0)
    clear, doubtful, none = np.eye(3, dtype=bool).repeat(50, axis=1)
    is_right = clear | (doubtful & (np.arange(150) % 5 < 2))
    decision = fit_decision(signals, is_right, ~none, ~none)
    confidence = decision.confidence(signals)
    assert ((confidence[doubtful] >= decision.ask) & (confidence[doubtful] < decision.sure)).all()
    assert (confidence[clear] >= decision.sure).all()


@pytest.mark.parametrize("is_right", [pytest.param(True, id="all-right"), pytest.param(False, id="all-wrong")])
def test_it_is_fitted_even_when_every_prediction_comes_out_alike(is_right):
    signals = np.random.default_rng(0).normal(size=(40, 3))
    outcomes = np.full(40, is_right)
    decision = fit_decision(signals, outcomes, outcomes, np.full(40, True))
    assert ((decision.confidence(signals) >= decision.sure) == is_right).all()


def test_confidence_grows_with_each_signal():
    decision = Decision(bias=-1.0, weights=(0.5, 1.0, 2.0), sure=0.6, ask=0.3)
    base = decision.confidence(np.zeros((1, 3)))
    for signals in np.eye(3):
        assert decision.confidence(signals[np.newaxis, :]) > base
    assert base == pytest.approx(1 / (1 + np.exp(1.0)))


def test_it_reads_the_signals_of_a_prediction():
    signals = read_signals(np.array([[0.1, 0.6, 0.3], [0.5, 0.5, 0.0]]), np.array([0.9, 0.2]))
    assert signals[0] == pytest.approx([np.log(0.6 / 0.4), np.log(2), 0.9])
    assert signals[1] == pytest.approx([0, 0, 0.2], abs=1e-9)


def test_a_prediction_that_is_certain_has_finite_signals():
    assert np.isfinite(read_signals(np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones(2))).all()


def test_a_decision_can_be_written_as_json_and_read_back():
    decision = fit_decision(*make_predictions(100))
    read = Decision(**json.loads(json.dumps(decision.to_dict())))
    signals = make_predictions(50, seed=1)[0]
    assert (read.sure, read.ask) == (decision.sure, decision.ask)
    assert np.array_equal(read.confidence(signals), decision.confidence(signals))
