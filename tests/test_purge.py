"""What is past its retention is forgotten by itself, and it is said: to staff, to machines, in numbers only."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gateway_case import Gateway, StartGateway
from sqlalchemy import update

from gateway import purge as purging
from gateway.agents.journal import Journal
from gateway.agents.keys import JOURNAL
from gateway.database import Database
from gateway.errors import Unavailable
from gateway.keys import DATABASE
from gateway.purge import Purge
from gateway.resident_requests import requests
from gateway.sessions import today
from gateway.store import sessions

pytest_plugins = ["gateway_fixtures"]

ReadTable = Callable[[str], list[dict[str, Any]]]


async def read_metrics(gateway: Gateway) -> dict[str, float]:
    """Every sample of /metrics, by its name and labels."""
    async with gateway.client.get("/metrics") as response:
        lines = [line.rpartition(" ") for line in (await response.text()).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def grow_old(gateway: Gateway) -> None:
    """Put everything a year back."""
    then = today() - timedelta(days=365)
    with gateway.client.app[DATABASE].writing() as db:
        db.execute(update(sessions).values(began_on=then))
        db.execute(update(requests).values(created_on=then))


async def test_a_start_forgets_what_is_too_old_and_tells_how_much(
    start_gateway: StartGateway, read_table: ReadTable
) -> None:
    before = await start_gateway()
    for message in ("bonjour", "demande"):
        await before.chat(message)
    grow_old(before)
    await before.client.close()
    after = await start_gateway()
    await after.chat("encore là")
    async with asyncio.timeout(30):
        while not (notes := [note for note in read_table("journal") if note["who"] == purging.WHO]):
            await asyncio.sleep(0.02)
    assert [turn["message"] for turn in read_table("turns")] == ["encore là"]
    assert read_table("requests") == []
    (note,) = notes
    assert note["action"] == purging.ACTION
    assert note["details"] == '{"conversations": 2, "demandes": 1}'
    metrics = await read_metrics(after)
    assert metrics['allo_purged_total{part="conversations"}'] == 2
    assert metrics['allo_purged_total{part="requests"}'] == 1
    assert metrics['allo_purged_total{part="figures"}'] == 0


async def test_the_worker_forgets_up_to_the_same_day_as_soon_as_it_can(
    start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.app.TIDY_EVERY", 0.1)
    # No worker yet at the first try.
    gateway = await start_gateway(ready=False)
    assert (await read_metrics(gateway))["allo_purge_done_timestamp_seconds"] == 0
    async with asyncio.timeout(30):
        while not (seen := gateway.seen("forgot_before")):
            await asyncio.sleep(0.05)
        while not (done := (await read_metrics(gateway))["allo_purge_done_timestamp_seconds"]):
            await asyncio.sleep(0.05)
    oldest = today() - timedelta(days=gateway.settings.retention_days)
    assert seen == [datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC).timestamp()]
    assert done == pytest.approx(datetime.now(UTC).timestamp(), abs=60)


async def test_a_part_that_fails_is_tried_again_and_keeps_no_other(database: Database) -> None:
    tries: list[str] = []

    async def forget_nothing() -> int:
        tries.append("nothing")
        return 0

    async def fail_once() -> int:
        tries.append("once")
        if tries.count("once") == 1:
            raise Unavailable("no worker")
        return 3

    purge = Purge({"events": fail_once, "figures": forget_nothing}, Journal(database), lambda: 12.0)
    purge.fall_due()
    with pytest.raises(Unavailable):
        await purge.run()
    assert (tries, purge.done_at) == (["once", "nothing"], 0.0)
    assert purge.is_due
    await purge.run()
    assert not purge.is_due
    assert tries == ["once", "nothing", "once"]
    assert (purge.forgotten, purge.done_at) == ({"events": 3, "figures": 0}, 12.0)
    ((note,), _) = Journal(database).find()
    assert note.details == {"événements de l’assistant": 3}


async def test_nothing_forgotten_is_no_line_of_the_journal(gateway: Gateway) -> None:
    notes, _ = await asyncio.to_thread(gateway.client.app[JOURNAL].find, who=purging.WHO)
    assert notes == []
