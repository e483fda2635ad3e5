import pytest

from training.evaluate import (
    SliceResult,
    count_false_alerts,
    count_false_sure,
    count_missed_alerts,
    interval,
    list_confusions,
    summarize,
    take_exam,
)
from training.exam import Expected, Given, Slice, mark


def given(kind, *subjects):
    return Given((kind,), "", subjects)


def result(name, *conversations):
    """A slice from the marks of its conversations, or from single marks."""
    return SliceResult(name, name, tuple(one if isinstance(one, tuple) else (one,) for one in conversations))


RIGHT = mark(Expected("la CAF", ("caf",)), given("answer", "caf"))
WRONG = mark(Expected("l’ARS", ("ars",)), given("answer", "caf"))
ASKED = mark(Expected("l’État", ("etat",)), given("clarify"))
SENT_AWAY = mark(Expected("météo", kinds=("fallback",)), given("fallback"))
FALSE_SURE = mark(Expected("piscine", kinds=("fallback",)), given("answer", "sante"))
ALERT = mark(Expected("au feu", ("urgence_incendie",), ("alert",)), given("alert", "urgence_incendie"))
MISSED = mark(Expected("il brûle", ("urgence_incendie",), ("alert",)), given("answer", "caf"))
FALSE_ALERT = mark(Expected("mort de rire", kinds=(), forbidden_kinds=("alert",)), given("alert", "suicide"))
# What may be an alert or not is no false alert.
TOLERATED = mark(Expected("j’ai peur", kinds=("alert", "clarify")), given("alert", "urgence_police"))


@pytest.mark.parametrize(
    ("right", "size", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none"),
        pytest.param(8, 10, 0.4902, 0.9433, id="eight-of-ten"),
        pytest.param(10, 10, 0.7225, 1.0, id="all"),
        pytest.param(50, 100, 0.4038, 0.5962, id="half"),
        pytest.param(1, 1, 0.2065, 1.0, id="one"),
        pytest.param(949, 1000, 0.9335, 0.9610, id="many"),
    ],
)
def test_the_interval_is_that_of_wilson(right, size, low, high):
    assert interval(right, size) == pytest.approx((low, high), abs=1e-4)


def test_a_conversation_is_right_when_all_its_turns_are():
    part = result("suivis", (RIGHT, RIGHT), (RIGHT, WRONG), RIGHT)
    assert (part.size, part.right) == (3, 2)
    assert part.accuracy == pytest.approx(2 / 3)
    assert len(part.marks) == 5


def test_it_sums_up_each_slice():
    summary = summarize([result("clair", RIGHT, RIGHT, WRONG, ASKED)])["slices"]["clair"]
    assert (summary["size"], summary["right"], summary["accuracy"]) == (4, 2, 0.5)
    assert summary["interval"] == interval(2, 4)
    assert summary["outcomes"] == {"sûr": 3, "demande": 1}
    assert summary["wrong"] == [
        {"message": "l’ARS", "faults": ["répond sur caf au lieu de ars"]},
        {"message": "l’État", "faults": ["réponse de genre clarify au lieu de answer"]},
    ]


def test_overall_counts_every_conversation_once():
    summary = summarize([result("petit", WRONG), result("grand", RIGHT, RIGHT, RIGHT)])
    assert summary["overall"] == 0.75
    assert summary["worst"] == 0.0


def test_it_counts_what_matters_most():
    results = [
        result("hors_sujet", FALSE_SURE, SENT_AWAY, FALSE_ALERT),
        result("detresse", ALERT, MISSED, MISSED, TOLERATED),
        result("clair", RIGHT, FALSE_SURE),
    ]
    assert count_false_sure(results) == 1
    assert count_missed_alerts(results) == 2
    assert count_false_alerts(results) == 1
    summary = summarize(results)
    assert [summary[key] for key in ("false_sure_off_topic", "missed_alerts", "false_alerts")] == [1, 2, 1]


def test_confusions_are_between_two_subjects():
    results = [result("clair", WRONG, WRONG, RIGHT, ASKED, FALSE_SURE), result("detresse", MISSED)]
    assert list_confusions(results) == {("ars", "caf"): 2, ("urgence_incendie", "caf"): 1}


class Script:
    """A candidate that knows a few answers, and remembers who asked what."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def ask(self, session, message):
        self.asked.append((session, message))
        return self.answers.get(message, given("fallback"))


def exam_of(name, *conversations):
    turns = (tuple(Expected(message, (subject,)) for message, subject in turns) for turns in conversations)
    return Slice(name, name, tuple(turns))


def test_it_takes_the_exam_and_puts_the_worst_slice_first():
    candidate = Script({"la CAF": given("answer", "caf"), "l’ARS": given("answer", "ars")})
    slices = [
        exam_of("forte", [("la CAF", "caf")], [("l’ARS", "ars")]),
        exam_of("faible", [("l’État", "etat")]),
        exam_of("moyenne", [("la CAF", "caf")], [("l’État", "etat")]),
    ]
    done = []
    results = take_exam([candidate], slices, lambda: done.append(1))
    assert [(part.name, part.right, part.size) for part in results] == [
        ("faible", 0, 1),
        ("moyenne", 1, 2),
        ("forte", 2, 2),
    ]
    assert len(done) == 5
    assert summarize(results)["worst"] == 0.0


def test_a_conversation_is_one_session_of_its_own():
    candidate = Script({})
    take_exam([candidate], [exam_of("suivis", [("a", "x"), ("b", "x")], [("c", "x")])], lambda: None)
    (first, _), (second, _), (third, _) = candidate.asked
    assert [message for _, message in candidate.asked] == ["a", "b", "c"]
    assert first == second != third
