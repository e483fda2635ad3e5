"""What Rasa does again at each message, done once. Measured in docs/decisions/0005-one-process-worker.md.

Nothing here changes a result: each replacement gives the same answer as the code that it stands for.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import State
from rasa.shared.core.events import Event

from worker.rule_index import RuleIndex

# Name of a node, the node, and the names of what it needs.
Plan = list[tuple[str, GraphNode, tuple[str, ...]]]


def speed_up_rasa() -> None:
    """Skip the checks and searches that cannot come out otherwise in this process."""
    # Re-checks a JSON schema against the schema of schemas at each action: more than half of a turn. The actions run
    # in this process, and rasa_sdk itself builds what they return.
    RemoteAction._validate_action_result = _accept
    # Looks whether the domain has the intent that was found, and builds an empty domain to compare it with: the intents
    # that can be found and the domain are of one training.
    MessageProcessor._check_for_unseen_features = _accept
    # Walks every subclass of Event for each event read back from the store.
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
    # Plans the graph anew for each message.
    processor.DaskGraphRunner = PlannedRunner
    # Compares the conversation with every rule, of which there are three for each subject.
    RulePolicy._get_possible_keys = _find_rules
    # These modules copy what they tell the debug log, which nobody keeps, and nothing else.
    processor.copy = rule_policy.copy = SimpleNamespace(deepcopy=_same)


class PlannedRunner(DaskGraphRunner):
    """Runs the nodes of a graph one after the other, in an order that is found once."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """As Rasa makes its own runner."""
        super().__init__(*arguments, **named)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The output of each of the `targets` (node names); `inputs`: what stands for nodes that are not there."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plan(wanted):
            outputs[name] = node(*(outputs[need] for need in needs))
        return dict(outputs[name] for name in wanted)

    def _plan(self, wanted: tuple[str, ...]) -> Plan:
        """The nodes that `wanted` takes, each after those that it needs."""
        if wanted not in self._plans:
            nodes = self._graph_schema.minimal_graph_schema(list(wanted)).nodes
            order: dict[str, None] = {}
            for name in wanted:
                _put_after_needs(name, nodes, order)
            self._plans[wanted] = [
                (name, self._instantiated_nodes[name], tuple(nodes[name].needs.values())) for name in order
            ]
        return self._plans[wanted]


def _put_after_needs(name: str, nodes: dict[str, Any], order: dict[str, None]) -> None:
    if name in order or name not in nodes:
        return
    for need in nodes[name].needs.values():
        _put_after_needs(need, nodes, order)
    order[name] = None


def _find_rules(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    indexes: dict[int, RuleIndex] = policy.__dict__.setdefault("_indexes", {})
    if id(lookup) not in indexes:
        indexes[id(lookup)] = RuleIndex(lookup, policy._is_rule_applicable)
    return indexes[id(lookup)].find(states)


def _accept(*_nothing_to_check: Any) -> bool:
    return True


def _same(value: Any) -> Any:
    return value
