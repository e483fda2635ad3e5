"""Distress that the second net finds: the number when it is sure, the number first when it is not."""

from pathlib import Path

import pytest

from actions.answers import answer_message
from actions.contexte import Contexte
from actions.detresse import POSSIBLE
from actions.questions import Question
from knowledge.base import KnowledgeBase
from knowledge.intents import OFF_TOPIC, UNKNOWN, UNSURE

QUARTIERS = Contexte(("list_quartier",), "quartier")
TEXT = "je ne sais plus quoi faire"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.load(Path(__file__).parent.parent / "data")


def question(intent, score=None, **urgences):
    return Question(TEXT, intent, distress=score, urgences=tuple(urgences.items()))


def answer(base, *questions, whole=None):
    return answer_message(questions, whole or questions[0], QUARTIERS, base)


def kinds(given):
    return [reply.kind for reply in given.replies]


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        pytest.param(question("sante", POSSIBLE, suicide=1.0), ["suicide"], id="whatever-its-subject"),
        pytest.param(question(UNSURE, 1.2, suicide=0.5, sans_abri=0.31), ["suicide", "sans_abri"], id="either"),
        pytest.param(question(UNSURE, 1.2, suicide=0.7, victimes=0.15), ["suicide"], id="one-rather"),
        pytest.param(question("suicide"), ["suicide"], id="a-button"),
    ],
)
def test_when_it_is_sure_the_numbers_are_the_answer(base, asked, slugs):
    given = answer(base, asked)
    assert [reply.subject for reply in given.replies] == slugs
    assert set(kinds(given)) == {"alert"}
    assert given.is_private
    assert given.contexte == QUARTIERS


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        pytest.param(UNKNOWN, "fallback", id="unknown"),
        pytest.param(OFF_TOPIC, "fallback", id="off-topic"),
        pytest.param("suicide", "fallback", id="an-urgence-for-the-classifier"),
    ],
)
def test_when_it_may_be_distress_the_number_comes_first(base, intent, kind):
    given = answer(base, question(intent, POSSIBLE, suicide=0.8))
    assert kinds(given) == [kind]
    assert given.replies[0].text.startswith("Si vous êtes en danger ou en difficulté\u202f:\n\n**3114**")
    assert given.is_private


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(question("sante", POSSIBLE, suicide=0.9), id="answered"),
        pytest.param(question(OFF_TOPIC, POSSIBLE - 0.01, suicide=0.9), id="off-topic"),
        pytest.param(question("suicide", -1.0, suicide=0.9), id="an-urgence-for-the-classifier"),
        pytest.param(question("sante"), id="nothing-measured"),
        pytest.param(question(UNSURE, 1.2, removed_since=0.9), id="an-urgence-that-is-gone"),
    ],
)
def test_another_message_is_answered_as_ever(base, asked):
    given = answer(base, asked)
    assert "3114" not in "".join(reply.text for reply in given.replies)
    assert "alert" not in kinds(given)
    assert not given.is_private


@pytest.mark.parametrize(
    ("text", "score", "kind"),
    [
        pytest.param("il est tombé du banc, plus de peur que de mal", 1.2, "fallback", id="reassured"),
        pytest.param("mort de honte", 1.2, "fallback", id="exaggerated"),
        pytest.param("avoue, c’est la faute des autres", 1.2, "fallback", id="ordered"),
        pytest.param("il est tombé du banc, plus de peur que de mal", 1.6, "alert", id="near-all-the-same"),
        pytest.param("il est tombé du banc", 1.2, "alert", id="none-of-these"),
    ],
)
def test_what_only_looks_like_a_call_must_be_nearer(base, text, score, kind):
    given = answer(base, Question(text, UNKNOWN, distress=score, urgences=(("suicide", 0.9),)))
    assert kinds(given)[0] == kind
    assert "3114" in given.replies[0].text


def test_distress_in_one_of_several_questions_is_answered_alone(base):
    given = answer(base, question("caf", -1.0), question("caf", 0.9, suicide=0.9), whole=question("caf", -0.6))
    assert [reply.subject for reply in given.replies] == ["suicide"]


@pytest.mark.parametrize(
    ("score", "share", "kind"),
    [
        pytest.param(0.6, 0.6, "alert", id="near-to-one-sort"),
        pytest.param(0.6, 0.3, "fallback", id="near-to-every-sort"),
        pytest.param(1.1, 0.3, "alert", id="very-near"),
        pytest.param(0.45, 0.8, "alert", id="less-near-but-to-one-sort"),
        pytest.param(0.45, 0.6, "fallback", id="less-near-and-to-two-sorts"),
    ],
)
def test_a_call_that_calls_for_nothing_in_particular_is_a_doubt(base, score, share, kind):
    given = answer(base, question(UNKNOWN, score, suicide=share, victimes=share - 0.1))
    assert kinds(given)[0] == kind
    assert "3114" in given.replies[0].text
    assert given.is_private
