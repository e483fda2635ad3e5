"""The worker is a process: it is killed, frozen and broken here for real, and comes back."""

import asyncio
import gc
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gateway_case import DISTRESS, FAKE_WORKER, QUICK, Gateway, StartGateway, is_running, write_data

from gateway import texts
from gateway.errors import Unavailable
from gateway.workers import Supervisor
from knowledge.replies import KINDS

pytest_plugins = ["gateway_fixtures"]

Moment = Callable[[Supervisor, Path], Awaitable[None]]


async def wait_answer(gateway: Gateway, session: str | None = None, within: float = 8.0) -> dict[str, Any]:
    """The first answer that comes back, trying again until then."""
    deadline = time.monotonic() + within
    while True:
        async with gateway.client.post("/api/chat", json={"message": "de retour", "session": session}) as response:
            if response.status == 200:
                return dict(await response.json())
            assert response.status == 503
        assert time.monotonic() < deadline, "the worker did not come back"
        await asyncio.sleep(0.05)


async def test_without_worker_it_says_so_with_the_contact(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(defect="crash", ready=False)
    async with gateway.client.post("/api/chat", json={"message": "bonjour"}) as response:
        assert response.status == 503
        assert int(response.headers["Retry-After"]) > 0
        error = (await response.json())["error"]
    assert error["code"] == "unavailable"
    assert error["message"] == texts.ERRORS["unavailable"]
    assert "03 00 00 00 00" in error["contact"]


async def test_a_killed_worker_comes_back_and_the_conversation_with_it(gateway: Gateway) -> None:
    session = (await gateway.chat("avant"))["session"]
    pid = gateway.supervisor.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await wait_answer(gateway, session)
    assert gateway.supervisor.pid != pid
    assert gateway.supervisor.restarts == 1
    messages = [turn["message"] for turn in await gateway.history(session)]
    assert messages == ["avant", "de retour"]


async def test_a_worker_that_dies_during_a_turn_is_a_503_and_the_same_id_may_try_again(
    gateway: Gateway,
) -> None:
    body = {"message": "/!meurs", "id": "0123456789abcdef"}
    await gateway.post(body, status=503)
    await wait_answer(gateway)
    await gateway.post(body, status=503)


async def test_a_stuck_message_is_cut_off_and_the_others_go_on(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(turn_timeout=0.3)
    pid = gateway.supervisor.pid
    began = time.monotonic()
    await gateway.post({"message": "/!bloque"}, status=503)
    assert time.monotonic() - began < 2
    await gateway.chat("bonjour")
    # It still answered when looked at: nobody else's turn is cut.
    assert gateway.supervisor.pid == pid


async def test_messages_behind_a_stuck_one_do_not_pile_up(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(turn_timeout=0.4)
    session = (await gateway.chat("avant"))["session"]
    began = time.monotonic()
    body = {"message": "/!bloque", "session": session}
    await asyncio.gather(*(gateway.post(body, status=503) for _ in range(6)))
    assert time.monotonic() - began < 2


async def test_a_frozen_worker_is_replaced(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(turn_timeout=0.3)
    pid = gateway.supervisor.pid
    assert pid is not None
    await gateway.post({"message": "/!fige"}, status=503)
    await wait_answer(gateway)
    assert gateway.supervisor.pid != pid
    assert not is_running(pid)


@pytest.mark.parametrize("typed", ["/!erreur", "/!charabia", "/!rien"])
async def test_an_answer_that_is_none_is_a_503(gateway: Gateway, typed: str) -> None:
    error = await gateway.post({"message": typed}, status=503)
    assert error["error"]["code"] == "unavailable"
    assert (await gateway.chat("bonjour"))["replies"]


async def test_a_worker_that_never_starts_is_tried_less_and_less_often(start_gateway: StartGateway) -> None:
    pacing = replace(QUICK, backoff=0.2, backoff_limit=0.4)
    gateway = await start_gateway(defect="crash", ready=False, pacing=pacing)
    await asyncio.sleep(1.5)
    # 0, 0.2, 0.6, 1.0, 1.4 seconds, and each start takes a little more.
    assert len(gateway.seen("started")) <= 5
    deadline = time.monotonic() + 20
    while len(gateway.seen("started")) < 2:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_a_worker_that_never_answers_is_given_up(start_gateway: StartGateway) -> None:
    pacing = replace(QUICK, start=1.0)
    gateway = await start_gateway(defect="silent", ready=False, pacing=pacing)
    deadline = time.monotonic() + 10
    while len(gateway.seen("started")) < 2:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    assert not is_running(gateway.seen("started")[0])


async def test_erasing_while_the_worker_is_away_reaches_it_later(gateway: Gateway) -> None:
    session = (await gateway.chat("secret"))["session"]
    tracker = gateway.seen("turn")[0]["session"]
    assert gateway.supervisor.pid is not None
    os.kill(gateway.supervisor.pid, signal.SIGKILL)
    async with gateway.client.delete("/api/chat", headers={"X-Session": session}) as response:
        assert response.status == 200
    assert gateway.seen("erased") == []
    # Going on with the same session is enough: it is erased before anything else is said in it.
    await wait_answer(gateway, session)
    assert gateway.seen("erased") == [tracker]


async def test_it_waits_for_a_release(start_gateway: StartGateway, models: Path) -> None:
    (models / "current").rename(models / "aside")
    (models / "current").symlink_to("nowhere")
    said: list[str] = []
    supervisor = Supervisor(
        models, models / "log", {}, turn_timeout=1, command=FAKE_WORKER, pacing=QUICK, tell=said.append
    )
    supervisor.start()
    try:
        await asyncio.sleep(0.2)
        with pytest.raises(Unavailable):
            await supervisor.turn("s", text="bonjour")
        assert said == [texts.NO_RELEASE]
    finally:
        await supervisor.stop()


async def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.01)


async def let_the_old_one_end(supervisor: Supervisor, models: Path) -> None:
    """Another release has its place, and it does not stop when it is asked to."""
    old = supervisor.pid
    await publish(supervisor, models)
    assert old is not None
    os.kill(old, signal.SIGSTOP)
    await asyncio.sleep(2 * QUICK.spare)


async def publish(supervisor: Supervisor, models: Path) -> None:
    """Another release has just its place."""
    write_data(models / "r2" / "data")
    (models / "next").symlink_to("r2")
    (models / "next").rename(models / "current")
    await wait_until(lambda: supervisor.release == "r2", "the new release does not answer")


async def kill(supervisor: Supervisor, models: Path) -> None:
    """It is killed, which has just been seen."""
    assert supervisor.pid is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    await wait_until(lambda: not supervisor.is_ready, "nobody saw that it was killed")


async def begin(supervisor: Supervisor, models: Path) -> None:
    """It is being replaced after it was killed, and does not answer yet."""
    await kill(supervisor, models)
    await asyncio.sleep(QUICK.backoff + 0.05)


@pytest.mark.parametrize("moment", [publish, let_the_old_one_end, kill, begin])
async def test_stopping_leaves_no_process_and_no_connection_whatever_was_on_its_way(
    models: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, moment: Moment
) -> None:
    journal = tmp_path / "journal.jsonl"
    environ = {**os.environ, "FAKE_WORKER_JOURNAL": str(journal)}
    supervisor = Supervisor(
        models, tmp_path / "log", environ, turn_timeout=1, command=FAKE_WORKER, pacing=QUICK
    )
    supervisor.start()
    await supervisor.wait_ready()
    await moment(supervisor, models)
    await supervisor.stop()
    notes = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [note["started"] for note in notes if is_running(note["started"])] == []
    gc.collect()
    assert [record.message for record in caplog.records if "Unclosed" in record.message] == []


async def test_ready_only_when_a_turn_could_be_answered_and_kept(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look() -> tuple[int, list[str]]:
        async with gateway.client.get("/readyz") as response:
            return response.status, (await response.json())["failing"]

    assert await look() == (200, [])
    assert gateway.supervisor.pid is not None
    os.kill(gateway.supervisor.pid, signal.SIGSTOP)
    os.kill(gateway.supervisor.pid, signal.SIGKILL)
    await asyncio.sleep(0.05)
    assert await look() == (503, ["worker"])
    async with gateway.client.get("/healthz") as response:
        assert response.status == 200
    await wait_answer(gateway)
    assert await look() == (200, [])


async def test_a_database_that_refuses_to_write_is_a_503(
    start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = await start_gateway()
    monkeypatch.setattr("gateway.monitor.PROBE_AGE", 0)
    session = (await gateway.chat("avant"))["session"]
    for path in gateway.settings.var.glob("app.db*"):
        path.write_bytes(b"not a database at all" * 100)
    await gateway.post({"message": "bonjour", "session": session}, status=503)
    async with gateway.client.get("/readyz") as response:
        assert (response.status, (await response.json())["failing"]) == (503, ["database"])
    async with gateway.client.get("/") as response:
        assert response.status == 200
    assert (await gateway.chat(DISTRESS))["replies"][0]["kind"] == "alert"


async def test_counters_are_at_zero_before_anything_happens(gateway: Gateway) -> None:
    """A counter that appears with its first event has not grown, for Prometheus."""
    async with gateway.client.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    for outcome in ("answered", "alert", "busy", "unavailable", "failed"):
        assert f'allo_chat_requests_total{{outcome="{outcome}"}} 0.0' in lines
    for kind in KINDS:
        assert f'allo_turn_seconds_count{{kind="{kind}"}} 0.0' in lines


async def test_metrics_count_outcomes_and_name_nobody(gateway: Gateway) -> None:
    await gateway.chat("bonjour")
    await gateway.chat(DISTRESS)
    await gateway.post({"message": ""}, status=400)
    await gateway.post({"message": "/!erreur"}, status=503)
    async with gateway.client.get("/metrics") as response:
        metrics = await response.text()
    for line in (
        'allo_chat_requests_total{outcome="answered"} 1.0',
        'allo_chat_requests_total{outcome="alert"} 1.0',
        'allo_chat_requests_total{outcome="empty_message"} 1.0',
        'allo_chat_requests_total{outcome="unavailable"} 1.0',
        'allo_turn_seconds_count{kind="answer"} 1.0',
        "allo_worker_up 1.0",
        "allo_worker_restarts_total 0.0",
    ):
        assert line in metrics
    assert "bonjour" not in metrics
