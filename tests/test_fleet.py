"""Several gateways with several workers, on a real PostgreSQL and a real Redis: one service, seen from outside."""

import asyncio
import itertools
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from gateway_case import DISTRESS, QUICK, Gateway, StartGateway, is_running, write_data
from program_case import Run

from gateway import texts
from gateway.fleet import LOOK

pytest_plugins = ["gateway_fixtures", "program_fixtures", "redis_fixtures"]

StartCluster = Callable[..., Awaitable[list[Gateway]]]


@pytest.fixture
def start_cluster(start_gateway: StartGateway, postgres_url: str, redis_url: str) -> StartCluster:
    """Start gateways that share their databases; one number of workers for each."""

    async def start(*workers: int, pause: float = 60.0, **changes: Any) -> list[Gateway]:
        shared = {"database_url": postgres_url, "redis_url": redis_url, "conversation_pause": pause}
        # A machine that has other things to do is no hang.
        shared |= {"turn_timeout": 10.0, "pacing": replace(QUICK, answer=10.0, start=60)}
        return [await start_gateway(workers=count, **{**shared, **changes}) for count in workers]

    return start


@dataclass
class Resident:
    """Somebody who talks all the time, each message to the next gateway, each with a mark of its own."""

    gateways: Sequence[Gateway]
    mark: str
    session: str | None = None
    sent: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    refused: int = 0

    async def talk(self, is_over: Callable[[], bool]) -> None:
        """Go on until it is over."""
        for number in itertools.count():
            if is_over():
                return
            await self.say(f"{self.mark} {number}", self.gateways[number % len(self.gateways)])
            await asyncio.sleep(0.01)

    async def say(self, message: str, gateway: Gateway) -> None:
        """One message, sent again as long as it is told to come back."""
        body = {"message": message, "session": self.session, "id": f"{self.mark}-{len(self.sent)}-{'x' * 8}"}
        while True:
            async with gateway.client.post("/api/chat", json=body) as response:
                answer = await response.json()
            if response.status == 200:
                break
            assert response.status == 503, answer
            assert response.headers["Retry-After"]
            self.refused += 1
            await asyncio.sleep(0.05)
        assert answer["replies"][0]["text"] == f"écho : {message}"
        self.session = answer["session"]
        self.sent.append(message)
        self.releases.append(answer["release"])


def publish(models: Path, name: str, kind: str = "publication") -> None:
    """Make a release if need be, and publish it as another process would."""
    if not (models / name).exists():
        write_data(models / name / "data")
    line = f'{{"release": "{name}", "at": "", "by": "", "reason": "", "kind": "{kind}", "replaced": null}}\n'
    with (models / "publications.jsonl").open("a") as log:
        log.write(line)
    (models / ".current-new").symlink_to(name)
    (models / ".current-new").rename(models / "current")


async def wait_until(is_true: Callable[[], object], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not is_true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_the_same_message_sent_to_both_at_once_runs_once(start_cluster: StartCluster) -> None:
    gateways = await start_cluster(1, 1)
    body = {"message": "bonjour", "id": "0123456789abcdef"}
    answers = await asyncio.gather(*(gateways[number % 2].post(body) for number in range(6)))
    assert len({(answer["session"], answer["replies"][0]["id"]) for answer in answers}) == 1
    body |= {"session": answers[0]["session"], "id": "fedcba9876543210"}
    answers = await asyncio.gather(*(gateways[number % 2].post(body) for number in range(6)))
    assert len({answer["replies"][0]["id"] for answer in answers}) == 1
    # Both gateways' workers write the same journal.
    assert len(gateways[0].seen("turn")) == 2


async def test_a_conversation_goes_on_at_any_gateway_and_is_erased_everywhere(start_cluster: StartCluster) -> None:
    gateways = await start_cluster(2, 1)
    resident = Resident(gateways, "a")
    for number in range(6):
        await resident.say(f"message {number}", gateways[number % 2])
    assert resident.session
    assert [turn["message"] for turn in await gateways[1].history(resident.session)] == resident.sent
    headers = {"Authorization": f"Bearer {resident.session}"}
    async with gateways[1].client.delete("/api/chat", headers=headers) as response:
        assert response.status == 200
    assert await gateways[0].history(resident.session) == []


async def test_addresses_are_counted_together(start_cluster: StartCluster) -> None:
    gateways = await start_cluster(1, 1, rate_limit=4)
    statuses = []
    for number in range(6):
        async with gateways[number % 2].client.post("/api/chat", json={"message": "bonjour"}) as response:
            statuses.append(response.status)
    assert statuses == [200] * 4 + [429] * 2


async def test_a_publication_under_load_gives_no_conversation_two_releases(
    start_cluster: StartCluster, models: Path
) -> None:
    gateways = await start_cluster(2, 1, pause=4)
    old = gateways[0].seen("started")
    residents = [Resident(gateways, f"r{number}") for number in range(4)]
    is_over = False
    talking = [asyncio.create_task(resident.talk(lambda: is_over)) for resident in residents]
    silent = Resident(gateways, "silent")
    await silent.say("avant", gateways[0])
    publish(models, "r2")
    await wait_until(lambda: all(gateway.fleet.release == "r2" for gateway in gateways))
    newcomers = [Resident(gateways, f"n{number}") for number in range(4)]
    talking += [asyncio.create_task(resident.talk(lambda: is_over)) for resident in newcomers]
    # Longer than a replaced worker is kept for nobody.
    await asyncio.sleep(2)
    assert all(map(is_running, old))
    is_over = True
    await asyncio.gather(*talking)
    assert {release for resident in residents for release in resident.releases} == {"r1"}
    assert {release for resident in newcomers for release in resident.releases} == {"r2"}
    assert sum(resident.refused for resident in (*residents, *newcomers)) == 0
    assert min(len(resident.sent) for resident in residents) > 10
    for resident in (*residents, *newcomers):
        assert resident.session
        assert [turn["message"] for turn in await gateways[0].history(resident.session)] == resident.sent[-200:]
    # A conversation that was silent for long is another one; nobody needs the old workers any more.
    await asyncio.sleep(4)
    await silent.say("après", gateways[1])
    assert silent.releases == ["r1", "r2"]
    await wait_until(lambda: not any(map(is_running, old)))


async def test_new_conversations_wait_for_the_slowest_gateway(
    start_cluster: StartCluster, models: Path, tmp_path: Path
) -> None:
    # Its own folder, where the new release does not start.
    other = tmp_path / "other-models"
    shutil.copytree(models, other, symlinks=True)
    write_data(other / "r2" / "data")
    (other / "r2" / "defect").write_text("crash")
    (first,) = await start_cluster(2)
    (second,) = await start_cluster(1, models=other)
    # Until the first has seen that it is not alone any more.
    await asyncio.sleep(2 * LOOK)
    publish(models, "r2")
    publish(other, "r2")
    await wait_until(lambda: second.fleet.failure and first.supervisor.release == "r2")
    await asyncio.sleep(0.5)
    assert {(await gateway.chat("bonjour"))["release"] for gateway in (first, second)} == {"r1"}
    (other / "r2" / "defect").unlink()
    await wait_until(lambda: first.fleet.release == second.fleet.release == "r2")
    assert {(await gateway.chat("bonjour"))["release"] for gateway in (first, second)} == {"r2"}


async def test_a_release_that_is_withdrawn_loses_its_conversations_at_once(
    start_cluster: StartCluster, models: Path
) -> None:
    gateways = await start_cluster(1, 1)
    publish(models, "r2")
    await wait_until(lambda: all(gateway.fleet.release == "r2" for gateway in gateways))
    resident = Resident(gateways, "a")
    await resident.say("avant", gateways[0])
    publish(models, "r1", "retour")
    await wait_until(lambda: all(gateway.fleet.release == "r1" for gateway in gateways))
    await resident.say("après", gateways[1])
    assert resident.releases == ["r2", "r1"]


async def test_a_gateway_that_comes_while_a_release_is_not_open_yet_starts_with_the_one_that_is(
    start_cluster: StartCluster, models: Path
) -> None:
    write_data(models / "r2" / "data")
    (models / "r2" / "defect").write_text("silent")
    (first,) = await start_cluster(1)
    # Until it has said what it has.
    await asyncio.sleep(2 * LOOK)
    publish(models, "r2")
    (second,) = await start_cluster(1)
    assert {(await gateway.chat("bonjour"))["release"] for gateway in (first, second)} == {"r1"}


async def test_a_worker_lost_under_load_is_felt_by_those_it_was_answering_only(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(workers=3, turn_timeout=10.0)
    is_over = False
    residents = [Resident([gateway], f"r{number}") for number in range(4)]
    talking = [asyncio.create_task(resident.talk(lambda: is_over)) for resident in residents]
    await asyncio.sleep(0.5)
    assert gateway.supervisor.pid
    os.kill(gateway.supervisor.pid, signal.SIGKILL)
    await wait_until(lambda: gateway.supervisor.restarts == 1 and gateway.fleet.ready == 3)
    is_over = True
    await asyncio.gather(*talking)
    assert all(resident.refused <= 1 for resident in residents)
    for resident in residents:
        assert resident.session
        assert [turn["message"] for turn in await gateway.history(resident.session)] == resident.sent[-200:]


async def test_without_redis_nothing_is_taken_and_a_call_for_help_is_answered(
    start_cluster: StartCluster,
) -> None:
    (gateway,) = await start_cluster(1, redis_url="redis://127.0.0.1:1/0", ready=False)
    answer = await gateway.post({"message": "bonjour"}, status=503)
    assert answer["error"]["code"] == "unavailable"
    async with gateway.client.get("/readyz") as response:
        assert response.status == 503
        assert "redis" in (await response.json())["failing"]
    assert (await gateway.chat(DISTRESS))["replies"][0]["kind"] == "alert"


def test_a_program_with_other_keys_than_the_other_gateways_does_not_start(
    run: Run, tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    shared = {"ALLO_DATABASE_URL": postgres_url, "ALLO_REDIS_URL": redis_url}
    first = run(**shared, ALLO_WORKERS="2")
    first.wait_ready()
    status, answer = first.post({"message": "bonjour"})
    assert status == 200
    stranger = run(**shared, ALLO_VAR=str(tmp_path / "other"))
    assert stranger.process.wait(60) == 1
    assert stranger.terminal.strip().endswith(texts.OTHER_KEYS)
    (tmp_path / "third").mkdir()
    for name in ("secret.key", "data.key"):
        shutil.copy(tmp_path / "var" / name, tmp_path / "third" / name)
    third = run(**shared, ALLO_VAR=str(tmp_path / "third"))
    third.wait_ready()
    assert [turn["message"] for turn in third.history(answer["session"])] == ["bonjour"]
    first.kill()
    assert third.post({"message": "encore", "session": answer["session"]}, within=20)[0] == 200
