"""Publishing while residents ask: a new worker takes over from the old one, and nobody notices."""

import asyncio
import json
import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from gateway_case import CONTACT, DISTRESS, QUICK, Gateway, StartGateway, is_running, write_data

from gateway import texts
from gateway.admission import AT_ONCE
from gateway.content import load_content
from gateway.worker_process import Pacing
from gateway.workers import Supervisor
from training import releases

pytest_plugins = ["gateway_fixtures"]


def add_release(models: Path, name: str, defect: str = "") -> None:
    """Another release, whose contact and whose emergency card say its name."""
    data = models / name / "data"
    write_data(data)
    (data / "contact.yml").write_text(CONTACT.replace("03 00 00 00 00", f"03 00 00 00 {name[1:]:0>2}"))
    card = data / "fiches" / "urgences" / "suicide_prevention.md"
    card.write_text(card.read_text().replace("à toute heure", f"à toute heure, dit {name}"))
    if defect:
        (models / name / "defect").write_text(defect)


def publish(models: Path, name: str) -> None:
    """Move the link, as another process would."""
    (models / ".current-new").symlink_to(name)
    (models / ".current-new").rename(models / "current")


async def wait_release(gateway: Gateway, name: str, within: float = 8.0) -> None:
    """Wait until a release answers residents."""
    deadline = time.monotonic() + within
    while gateway.supervisor.release != name:
        assert time.monotonic() < deadline, f"{gateway.supervisor.release} still answers"
        await asyncio.sleep(0.02)


async def wait_gone(pid: int | None, within: float = 5.0) -> None:
    """Wait until a worker is gone."""
    assert pid is not None
    deadline = time.monotonic() + within
    while is_running(pid):
        assert time.monotonic() < deadline, "the old worker is still there"
        await asyncio.sleep(0.02)


async def test_a_publication_moves_the_traffic_and_the_content_and_stops_the_old_worker(
    gateway: Gateway, models: Path
) -> None:
    old = gateway.supervisor.pid
    session = (await gateway.chat("avant"))["session"]
    add_release(models, "r2")
    publish(models, "r2")
    await wait_release(gateway, "r2")
    answer = await gateway.chat("après", session)
    assert answer["release"] == "r2"
    alert = await gateway.chat(DISTRESS)
    assert (alert["release"], "dit r2" in alert["replies"][0]["text"]) == ("r2", True)
    async with gateway.client.get("/assistant") as page:
        assert "03 00 00 00 02" in (await page.text()).replace("\u202f", " ").replace("\u00a0", " ")
    assert [turn["message"] for turn in await gateway.history(session)] == ["avant", "après"]
    await wait_gone(old)
    assert gateway.supervisor.restarts == 0


async def test_no_request_fails_and_none_waits_while_releases_are_published(
    start_gateway: StartGateway, models: Path
) -> None:
    # A machine that has other things to do is no hang.
    gateway = await start_gateway(turn_timeout=10.0, pacing=replace(QUICK, answer=10.0))
    statuses: list[int] = []
    seen: set[str] = set()
    slowest = 0.0
    is_over = False

    async def reside(number: int) -> None:
        nonlocal slowest
        session = None
        while not is_over:
            began = time.monotonic()
            body = {"message": "/!lent" if number % 4 == 0 else "bonjour", "session": session}
            async with gateway.client.post("/api/chat", json=body) as response:
                statuses.append(response.status)
                answer = await response.json()
            slowest = max(slowest, time.monotonic() - began)
            session = answer.get("session")
            seen.add(answer.get("release", ""))

    residents = [asyncio.create_task(reside(number)) for number in range(AT_ONCE)]
    for name in ("r2", "r3", "r4"):
        add_release(models, name)
        publish(models, name)
        await wait_release(gateway, name, within=30)
        await asyncio.sleep(0.3)
    is_over = True
    await asyncio.gather(*residents)
    assert set(statuses) == {200}
    assert len(statuses) > 50
    assert seen == {"r1", "r2", "r3", "r4"}


async def test_a_message_that_is_being_answered_is_answered_by_the_old_worker(
    start_gateway: StartGateway, models: Path
) -> None:
    gateway = await start_gateway(turn_timeout=5.0)
    old = gateway.supervisor.pid
    add_release(models, "r2")
    publish(models, "r2")
    results = []
    while gateway.supervisor.release != "r2":
        results.append(asyncio.create_task(gateway.chat("/!lent")))
        await asyncio.sleep(0.15)
    answers = await asyncio.gather(*results)
    assert {answer["release"] for answer in answers} >= {"r1"}
    await wait_gone(old)


@pytest.mark.parametrize("defect", ["crash", "silent", "content"])
async def test_a_release_that_does_not_start_changes_nothing_and_is_said(
    start_gateway: StartGateway, models: Path, defect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = await start_gateway()
    said: list[str] = []
    monkeypatch.setattr(gateway.supervisor, "_tell", said.append)
    monkeypatch.setattr(gateway.supervisor, "_pacing", gateway.supervisor._pacing.__class__(start=0.5, follow=0.05))
    pid = gateway.supervisor.pid
    add_release(models, "r2", defect if defect != "content" else "")
    if defect == "content":
        (models / "r2" / "data" / "contact.yml").write_text("nom: [")
    publish(models, "r2")
    deadline = time.monotonic() + 10
    while gateway.supervisor.failure is None:
        assert time.monotonic() < deadline
        assert (await gateway.chat("toujours là"))["release"] == "r1"
    failure = gateway.supervisor.failure
    assert failure.release == "r2"
    assert said == [texts.not_switched("r2", "r1", failure.detail)]
    assert (gateway.supervisor.pid, gateway.supervisor.restarts) == (pid, 0)
    # Going back to what answers clears it.
    publish(models, "r1")
    await asyncio.sleep(0.5)
    assert gateway.supervisor.failure is None


async def test_a_worker_lost_while_the_published_release_does_not_start_is_replaced_by_its_own_release(
    start_gateway: StartGateway, models: Path
) -> None:
    gateway = await start_gateway()
    add_release(models, "r2", "crash")
    publish(models, "r2")
    deadline = time.monotonic() + 10
    while gateway.supervisor.failure is None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    async with gateway.client.post("/api/chat", json={"message": "/!meurs"}) as response:
        assert response.status == 503
    while gateway.supervisor.is_ready:
        await asyncio.sleep(0.02)
    await wait_release(gateway, "r1")
    assert (await gateway.chat("de retour"))["release"] == "r1"


async def test_a_gateway_that_starts_on_a_release_that_does_not_answers_with_the_one_before(
    start_gateway: StartGateway, models: Path
) -> None:
    add_release(models, "r2", "crash")
    publish(models, "r2")
    lines = [
        {"release": name, "at": "2026-01-01T00:00:00+00:00", "by": "a", "reason": "r", "kind": "publication"}
        for name in ("r1", "r2")
    ]
    log = "".join(json.dumps(line | {"replaced": None}) + "\n" for line in lines)
    (models / "publications.jsonl").write_text(log)
    gateway = await start_gateway()
    answer = await gateway.chat("bonjour")
    assert answer["release"] == "r1"
    assert (await gateway.chat(DISTRESS))["release"] == "r1"
    assert gateway.supervisor.failure is not None
    assert gateway.supervisor.failure.release == "r2"
    # As soon as it starts, it takes its place.
    (models / "r2" / "defect").unlink()
    await wait_release(gateway, "r2")


async def test_going_back_right_after_a_publication_takes_no_start(start_gateway: StartGateway, models: Path) -> None:
    gateway = await start_gateway(pacing=replace(QUICK, spare=60))
    old = gateway.supervisor.pid
    add_release(models, "r2")
    publish(models, "r2")
    await wait_release(gateway, "r2")
    new = gateway.supervisor.pid
    await gateway.chat("bonjour")
    await asyncio.sleep(0.2)
    publish(models, "r1")
    await wait_release(gateway, "r1")
    assert gateway.supervisor.pid == old
    assert (await gateway.chat("bonjour"))["release"] == "r1"
    assert (await gateway.chat(DISTRESS))["release"] == "r1"
    assert len(gateway.seen("started")) == 2
    # One that died meanwhile is not trusted: another one starts.
    await asyncio.sleep(0.2)
    assert new is not None
    os.kill(new, signal.SIGKILL)
    publish(models, "r2")
    await wait_release(gateway, "r2")
    assert gateway.supervisor.pid not in (old, new)
    assert (await gateway.chat("bonjour"))["release"] == "r2"
    await gateway.supervisor.stop()
    assert not any(map(is_running, gateway.seen("started")))


async def test_a_release_published_while_another_one_starts_does_not_wait_for_it(
    gateway: Gateway, models: Path
) -> None:
    add_release(models, "r2", "silent")
    add_release(models, "r3")
    publish(models, "r2")
    await asyncio.sleep(0.3)
    publish(models, "r3")
    await wait_release(gateway, "r3", within=5)
    assert gateway.supervisor.failure is None


async def test_stopping_in_the_middle_of_a_switch_leaves_no_process(start_gateway: StartGateway, models: Path) -> None:
    gateway = await start_gateway()
    add_release(models, "r2", "silent")
    publish(models, "r2")
    while len(gateway.seen("started")) < 2:
        await asyncio.sleep(0.02)
    await gateway.supervisor.stop()
    assert not any(map(is_running, gateway.seen("started")))


@pytest.mark.model
async def test_the_real_assistant_is_replaced_and_comes_back_byte_for_byte(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tmp_path / "models"
    for name in ("r1", "r2"):
        shutil.copytree(release, models / name)
    caf = models / "r2" / "data" / "fiches" / "partenaires" / "caf.md"
    caf.write_text(caf.read_text().replace("simple: |\n  ", "simple: |\n  Nouveau. ", 1))
    # A content of its own, not a damaged one.
    (models / "r2" / releases.MANIFEST_FILE).unlink()
    publish(models, "r1")
    content = load_content(models, tmp_path)
    environ = {**os.environ, "ALLO_VAR": str(tmp_path)}
    supervisor = Supervisor(models, tmp_path / "worker.log", environ, turn_timeout=30, pacing=Pacing(start=300))
    supervisor.follow_with(content.prepare, content.release)
    supervisor.start()
    try:
        await supervisor.wait_ready()
        before = await ask_all(supervisor, "avant")
        publish(models, "r2")
        await wait_answering(supervisor, "r2")
        changed = await ask_all(supervisor, "entre")
        began = time.monotonic()
        publish(models, "r1")
        await wait_answering(supervisor, "r1")
        took = time.monotonic() - began
        after = await ask_all(supervisor, "après")
    finally:
        await supervisor.stop()
    with capsys.disabled():
        print(f"\nback to the release before in {took:.1f} s")
    assert after == before
    assert [number for number, text in enumerate(changed) if text != before[number]] == [0]
    assert content.release == "r1"


ASKED = ("c’est quoi la CAF ?", "qui sont les partenaires ?", "quels quartiers ?", "bonjour", "la météo ?")


async def ask_all(supervisor: Supervisor, session: str) -> list[str]:
    """What is answered to each of ASKED, in conversations of their own."""
    turns = [await supervisor.turn(f"{session}-{number}", text=text) for number, text in enumerate(ASKED)]
    return [json.dumps([reply.to_dict() for reply in turn.replies], ensure_ascii=False) for turn in turns]


async def wait_answering(supervisor: Supervisor, name: str) -> None:
    """Ask all the time until a release answers; every question gets its answer."""
    deadline = time.monotonic() + 300
    while (await supervisor.turn("toujours", text="bonjour")).release != name:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
