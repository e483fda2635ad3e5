"""A worker that is killed, frozen, or out of memory: what residents get meanwhile, and what was counted."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gateway_case import DISTRESS, Gateway, StartGateway, is_running

from gateway import monitor, texts

pytest_plugins = ["gateway_fixtures"]

GROUPS = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
LITTLE = 60 << 20  # bytes


@pytest.fixture(autouse=True)
def always_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again each time that /readyz is asked."""
    monkeypatch.setattr(monitor, "PROBE_AGE", 0.0)


@pytest.fixture
def little_memory() -> Iterator[Path]:
    """A control group whose processes have little memory: the kernel kills the one that takes more."""
    parent = next((group for group in GROUPS if group.is_dir()), GROUPS[0])
    group = parent / f"allo-test-{os.getpid()}"
    limit = "memory.limit_in_bytes" if parent == GROUPS[0] else "memory.max"
    try:
        group.mkdir()
        (group / limit).write_text(str(LITTLE))
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        pytest.skip(f"no control group can be made here: {error.strerror}")
    yield group
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            return group.rmdir()
        time.sleep(0.05)


async def ready(gateway: Gateway) -> tuple[int, list[str]]:
    """What /readyz says."""
    async with gateway.client.get("/readyz") as response:
        return response.status, (await response.json())["failing"]


async def count(gateway: Gateway, name: str) -> float:
    """One figure of /metrics."""
    async with gateway.client.get("/metrics") as response:
        found = re.search(rf"^{re.escape(name)} (\S+)$", await response.text(), re.MULTILINE)
    assert found, name
    return float(found[1])


async def send_until_answered(gateway: Gateway, body: dict[str, Any], within: float = 10.0) -> dict[str, Any]:
    """The same message, with its id, until it is answered: a resident who presses « Réessayer »."""
    deadline = time.monotonic() + within
    while True:
        async with gateway.client.post("/api/chat", json=body) as response:
            answer = await response.json()
        if response.status == 200:
            return dict(answer)
        assert (response.status, answer["error"]["message"]) == (503, texts.ERRORS["unavailable"])
        assert "03 00 00 00 00" in answer["error"]["contact"]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def kill(gateway: Gateway) -> None:
    assert gateway.supervisor.pid
    os.kill(gateway.supervisor.pid, signal.SIGKILL)


def freeze(gateway: Gateway) -> None:
    assert gateway.supervisor.pid
    os.kill(gateway.supervisor.pid, signal.SIGSTOP)


@pytest.mark.parametrize("fault", [pytest.param(kill, id="killed"), pytest.param(freeze, id="frozen")])
async def test_a_lost_worker_is_replaced_and_every_message_sent_again_is_kept_once(
    start_gateway: StartGateway, fault: Any
) -> None:
    gateway = await start_gateway(turn_timeout=1.0)
    session = (await gateway.chat("avant"))["session"]
    pid = gateway.supervisor.pid
    assert pid is not None
    assert await ready(gateway) == (200, [])
    fault(gateway)
    bodies = [{"message": f"pendant {number}", "session": session, "id": f"essai-{number:04d}"} for number in range(4)]
    for body in bodies:
        await send_until_answered(gateway, body)
    assert gateway.supervisor.pid != pid
    assert not is_running(pid)
    assert await ready(gateway) == (200, [])
    assert await count(gateway, "allo_worker_restarts_total") == 1
    messages = [turn["message"] for turn in await gateway.history(session)]
    assert messages == ["avant", *(body["message"] for body in bodies)]


async def test_readyz_says_that_a_frozen_worker_does_not_answer_before_it_is_given_up(gateway: Gateway) -> None:
    freeze(gateway)
    began = time.monotonic()
    assert await ready(gateway) == (503, ["worker"])
    assert time.monotonic() - began < 4
    # Alive, and calls for help are answered.
    async with gateway.client.get("/healthz") as response:
        assert response.status == 200
    assert "3114" in (await gateway.chat(DISTRESS))["replies"][0]["text"]


async def test_a_worker_that_takes_all_the_memory_is_killed_by_the_kernel_and_replaced(
    start_gateway: StartGateway, little_memory: Path
) -> None:
    gateway = await start_gateway(turn_timeout=10.0)
    session = (await gateway.chat("avant"))["session"]
    pid = gateway.supervisor.pid
    assert pid is not None
    await gateway.post({"message": f"/!mémoire {little_memory}", "session": session}, status=503)
    assert not is_running(pid)
    await send_until_answered(gateway, {"message": "après", "session": session, "id": "essai-0001"})
    assert [turn["message"] for turn in await gateway.history(session)] == ["avant", "après"]
    assert await count(gateway, "allo_worker_restarts_total") == 1


HOLDER = """
import os, sys
from pathlib import Path
from knowledge import machine
rank, group, size = sys.argv[1:]
machine.go_first(getattr(machine, rank))
Path(group, "cgroup.procs").write_text(str(os.getpid()))
held = [bytearray(b"x") * (1 << 20) for _ in range(int(size))]
print("held", flush=True)
sys.stdin.read()
"""


def test_a_training_for_which_there_is_no_memory_ends_and_not_who_answers(little_memory: Path) -> None:
    def hold(rank: str, size: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLDER, rank, str(little_memory), str(size)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    with hold("ANSWERING", 35) as answering:
        assert answering.stdout is not None
        assert answering.stdout.readline() == "held\n"
        with hold("TRAINING", 30) as training:
            assert training.wait(timeout=20) == -signal.SIGKILL
        assert answering.poll() is None


async def test_messages_that_are_stuck_are_cut_off_and_counted(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(turn_timeout=0.4)
    assert await count(gateway, "allo_turns_cut_off_total") == 0
    began = time.monotonic()
    await asyncio.gather(*(gateway.post({"message": "/!bloque"}, status=503) for _ in range(3)))
    assert time.monotonic() - began < 3
    assert await count(gateway, "allo_turns_cut_off_total") == 3
    assert await count(gateway, 'allo_chat_requests_total{outcome="unavailable"}') == 3
    assert (await gateway.chat("bonjour"))["replies"]


async def test_a_message_sent_again_has_the_same_name_for_the_worker_and_another_message_another_one(
    gateway: Gateway,
) -> None:
    first = {"message": "/!erreur", "id": "essai-0001"}
    await gateway.post(first, status=503)
    await gateway.post(first, status=503)
    await gateway.post(first | {"message": "/!charabia"}, status=503)
    await gateway.post(first | {"id": "essai-0002"}, status=503)
    told = [(turn["session"], turn["id"]) for turn in gateway.seen("turn")]
    assert told[0] == told[1]
    # The conversation that a first message opens is named after its id: another try finds it again.
    assert told[2][0] == told[0][0] != told[3][0]
    assert len({name for _, name in told}) == 3
    assert "essai" not in str(told)
