"""Distress that the classifier finds: the number when it is sure, the number first when it is not."""

from pathlib import Path

import pytest

from actions.answers import answer_message
from actions.contexte import Contexte
from actions.questions import Question
from knowledge.base import KnowledgeBase
from knowledge.intents import OFF_TOPIC, UNKNOWN, UNSURE

QUARTIERS = Contexte(("list_quartier",), "quartier")
TEXT = "je ne sais plus quoi faire"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.load(Path(__file__).parent.parent / "data")


def question(intent, **weights):
    return Question(TEXT, intent, tuple(weights), (), tuple(weights.values()))


def answer(base, *questions, whole=None):
    return answer_message(questions, whole or questions[0], QUARTIERS, base)


def kinds(given):
    return [reply.kind for reply in given.replies]


@pytest.mark.parametrize(
    ("intent", "weights", "slugs"),
    [
        pytest.param("suicide", {"suicide": 0.95}, ["suicide"], id="one"),
        pytest.param(UNSURE, {"suicide": 0.6, "sans_abri": 0.31, "caf": 0.1}, ["suicide", "sans_abri"], id="either"),
        pytest.param(UNSURE, {"suicide": 0.7, "victimes": 0.25, "caf": 0.1}, ["suicide"], id="one-rather"),
        pytest.param("suicide", {}, ["suicide"], id="a-button"),
    ],
)
def test_when_it_is_sure_the_numbers_are_the_answer(base, intent, weights, slugs):
    given = answer(base, question(intent, **weights))
    assert [reply.subject for reply in given.replies] == slugs
    assert set(kinds(given)) == {"alert"}
    assert given.is_private
    assert given.contexte == QUARTIERS


@pytest.mark.parametrize(
    ("intent", "weights", "kind"),
    [
        pytest.param(UNSURE, {"suicide": 0.6, "sante": 0.2, "ars": 0.1}, "clarify", id="unsure"),
        pytest.param(UNKNOWN, {"suicide": 0.3, "sans_abri": 0.25}, "fallback", id="unknown"),
        pytest.param(OFF_TOPIC, {"out_of_scope": 0.45, "suicide": 0.51}, "fallback", id="off-topic"),
        pytest.param("suicide", {"suicide": 0.85, "sante": 0.1}, "clarify", id="first-but-not-sure"),
    ],
)
def test_when_it_may_be_distress_the_number_comes_first(base, intent, weights, kind):
    given = answer(base, question(intent, **weights))
    assert kinds(given) == [kind]
    assert given.replies[0].text.startswith("Si vous êtes en danger ou en difficulté\u202f:\n\n**3114**")
    assert given.is_private


@pytest.mark.parametrize(
    ("intent", "weights"),
    [
        pytest.param("sante", {"sante": 0.9, "suicide": 0.05}, id="another-subject"),
        pytest.param(OFF_TOPIC, {"out_of_scope": 0.8, "suicide": 0.15}, id="off-topic"),
        pytest.param(UNSURE, {"sante": 0.4, "suicide": 0.3}, id="unsure"),
    ],
)
def test_another_message_is_answered_as_ever(base, intent, weights):
    given = answer(base, question(intent, **weights))
    assert "3114" not in "".join(reply.text for reply in given.replies)
    assert not given.is_private


def test_distress_in_one_of_several_questions_is_answered_alone(base):
    given = answer(base, question("caf", caf=0.99), question("suicide", suicide=0.97), whole=question("caf", caf=0.6))
    assert [reply.subject for reply in given.replies] == ["suicide"]


def test_a_subject_that_is_sure_is_answered_even_if_another_part_is_doubtful(base):
    doubtful = question("suicide", suicide=0.6, sante=0.3)
    given = answer(base, question("caf", caf=0.99), doubtful, whole=question("caf", caf=0.6))
    assert given.replies[0].subject == "caf"
    assert "alert" not in kinds(given)
