"""The rules that apply to a conversation are those that Rasa finds by comparing each of them."""

import json
import random

import pytest
from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy

from worker.rule_index import RuleIndex

POLICY = object.__new__(RulePolicy)
LISTEN, ANSWER, FORM = "action_listen", "action_answer", "join_form"


def said(intent, before=LISTEN, **more):
    return {"user": {"intent": intent}, "prev_action": {"action_name": before}, **more}


def after(action, **more):
    return {"prev_action": {"action_name": action}, **more}


RULES = {
    "answer": [said("caf")],
    "listen": [said("caf"), said("caf", ANSWER)],
    "other": [said("anru")],
    "form-only": [said("affirm", active_loop={"name": FORM})],
    "no-form": [said("affirm", active_loop={"name": SHOULD_NOT_BE_SET})],
    "offered": [said("affirm", slots={"offre": [1.0, 0.0]})],
    "any-intent": [after(FORM, active_loop={"name": FORM}), after("action_submit")],
    "no-intent": [said(SHOULD_NOT_BE_SET)],
    "start": [{}, said("caf")],
    "only-start": [{}],
}
KEYS = {json.dumps(states, sort_keys=True): name for name, states in RULES.items()}
INDEX = RuleIndex(KEYS, POLICY._is_rule_applicable)


def find(*states):
    return {KEYS[key] for key in INDEX.find(list(states))}


@pytest.mark.parametrize(
    ("states", "names"),
    [
        pytest.param([{}, said("caf")], {"answer", "start"}, id="first-message"),
        pytest.param([{}, said("caf"), said("caf", ANSWER)], {"listen"}, id="after-the-answer"),
        pytest.param([{}, said("anru"), said("caf")], {"answer"}, id="second-message"),
        pytest.param([said("affirm", active_loop={"name": FORM})], {"form-only"}, id="in-a-form"),
        pytest.param([said("affirm", slots={"offre": (1.0, 0.0)})], {"no-form", "offered"}, id="after-an-offer"),
        pytest.param(
            [after(FORM, active_loop={"name": FORM}), said("caf", "action_submit")], {"any-intent"}, id="any-intent"
        ),
        pytest.param([{}], {"only-start"}, id="nothing-yet"),
        pytest.param([said("unheard")], set(), id="no-rule"),
    ],
)
def test_the_rules_of_a_conversation(states, names):
    assert find(*states) == names


def test_any_conversation_has_the_rules_that_rasa_finds():
    draw = random.Random(0)
    pool = [
        {},
        *(said(intent, before) for intent in ("caf", "anru", "affirm") for before in (LISTEN, ANSWER, FORM)),
        said("affirm", active_loop={"name": FORM}),
        said("affirm", slots={"offre": (1.0, 0.0)}),
        after("action_submit"),
    ]
    found = 0
    for _ in range(2000):
        states = draw.choices(pool, k=draw.randint(1, 4))
        backwards = states[::-1]
        compared = {
            KEYS[key]
            for key in KEYS
            if all(POLICY._is_rule_applicable(key, place, state) for place, state in enumerate(backwards))
        }
        assert find(*states) == compared
        found += len(compared)
    assert found > 500
