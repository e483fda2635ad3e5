"""The graph of a model gives the same, planned once or at each message."""

from __future__ import annotations

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from worker.speed import PlannedRunner


class Plus(GraphComponent):
    """Adds numbers."""

    def __init__(self, more: int) -> None:
        self.more = more

    @classmethod
    def create(cls, config, model_storage, resource, execution_context) -> Plus:
        return cls(config["more"])

    def add(self, number: int, other: int = 0) -> int:
        return number + other + self.more


def node(more, **needs):
    return SchemaNode(needs=needs, uses=Plus, constructor_name="create", fn="add", config={"more": more})


# « last » needs « second » and « first », which « second » needs too; « beside » is asked for by nobody.
SCHEMA = GraphSchema(
    {
        "last": node(100, number="second", other="first"),
        "second": node(10, number="first"),
        "first": node(1, number="given"),
        "beside": node(1000, number="given"),
    }
)


def make(runner, tmp_path):
    schema = GraphSchema(SCHEMA.nodes)
    return runner.create(schema, LocalModelStorage(tmp_path), ExecutionContext(graph_schema=schema))


@pytest.mark.parametrize("targets", [["last"], ["second", "beside"]], ids=["one", "two"])
def test_targets_have_the_output_that_dask_gives(tmp_path, targets):
    planned, dask = make(PlannedRunner, tmp_path), make(DaskGraphRunner, tmp_path)
    for given in (0, 5):
        found = planned.run({"given": given}, targets)
        assert found == dask.run({"given": given}, targets)
    assert found == ({"last": 122} if targets == ["last"] else {"second": 16, "beside": 1005})


def test_nothing_is_run_that_no_target_needs(tmp_path):
    runner = make(PlannedRunner, tmp_path)
    del runner._instantiated_nodes["beside"]
    assert runner.run({"given": 1}, ["second"]) == {"second": 12}
