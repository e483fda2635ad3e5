"""The rules of a policy, found by how their last state begins instead of being compared one by one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import product

from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import State

# What of a state tells most rules apart: the last action, and the intent.
TOLD = (("prev_action", "action_name"), ("user", "intent"))
Told = tuple[str | None, ...]


class RuleIndex:
    """Says which rules apply to a conversation, as Rasa does: `RulePolicy._get_possible_keys`."""

    def __init__(self, rules: Iterable[str], is_applicable: Callable[[str, int, State], bool]) -> None:
        """`rules`: as Rasa keeps them, each the JSON of its states; `is_applicable(rule, place, state)`: whether a rule
        agrees with the state at a place, counted backwards from the last."""
        self._is_applicable = is_applicable
        self._rules: dict[Told, list[str]] = defaultdict(list)
        for rule in rules:
            self._rules[_tell(json.loads(rule)[-1])].append(rule)

    def find(self, states: list[State]) -> set[str]:
        """The rules that apply to a conversation, given its states, the latest last."""
        # A rule that does not tell applies whatever the state is.
        told = product(*({value, None} for value in _tell(states[-1])))
        backwards = states[::-1]
        return {
            rule
            for key in told
            for rule in self._rules.get(key, ())
            if all(self._is_applicable(rule, place, state) for place, state in enumerate(backwards))
        }


def _tell(state: State) -> Told:
    values = (state.get(part, {}).get(name) for part, name in TOLD)
    return tuple(None if value == SHOULD_NOT_BE_SET else value for value in values)
