"""Too many messages at once: a few are answered, the next ones wait a little, the rest is refused and told so."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

import pytest
from gateway_case import DISTRESS, Clock, Gateway, StartGateway

from gateway import admission, texts
from gateway.admission import Admission, Overloaded

pytest_plugins = ["gateway_fixtures"]


async def take(queue: Admission, clock: Clock, seconds: float) -> None:
    async with queue.enter():
        clock.now += seconds


async def hold(queue: Admission, until: asyncio.Event, seen: list[int], name: int) -> None:
    async with queue.enter():
        seen.append(name)
        await until.wait()


async def start(count: int, make: Callable[[int], object]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(make(name)) for name in range(count)]  # type: ignore[arg-type]
    await asyncio.sleep(0.01)
    return tasks


async def test_the_next_ones_wait_in_the_order_in_which_they_came() -> None:
    queue, done, seen = Admission(at_once=2), asyncio.Event(), list[int]()
    tasks = await start(5, lambda name: hold(queue, done, seen, name))
    assert (queue.running, queue.waiting, seen) == (2, 3, [0, 1])
    done.set()
    await asyncio.gather(*tasks)
    assert (queue.running, queue.waiting, seen) == (0, 0, [0, 1, 2, 3, 4])


async def test_who_waits_too_long_is_refused_and_leaves_its_place() -> None:
    queue, done = Admission(at_once=1, answered_within=0.25), asyncio.Event()
    first = await start(1, lambda name: hold(queue, done, [], name))
    with pytest.raises(Overloaded):
        await take(queue, Clock(), 0)
    assert (queue.running, queue.waiting) == (1, 0)
    done.set()
    await asyncio.gather(*first)
    await take(queue, Clock(), 0)


@pytest.mark.parametrize(
    ("seconds", "let_in"),
    [
        pytest.param(0.1, 18, id="quick-answers"),
        pytest.param(0.5, 2, id="slow-answers"),
        pytest.param(0.9, 0, id="nearly-too-slow"),
        pytest.param(3, 0, id="much-too-slow"),
    ],
)
async def test_the_queue_is_as_long_as_the_answers_are_quick(seconds: float, let_in: int) -> None:
    """The wait is worked out from the answers measured, two at once, against a second from message to answer."""
    clock, done = Clock(), asyncio.Event()
    queue = Admission(at_once=2, answered_within=1.001, clock=clock)
    for _ in range(100):
        await take(queue, clock, seconds)
    tasks = await start(2 + let_in + 3, lambda name: hold(queue, done, [], name))
    refused = [task for task in tasks if task.done() and isinstance(task.exception(), Overloaded)]
    assert (queue.running, queue.waiting, len(refused)) == (2, let_in, 3)
    done.set()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_fails_says_nothing_of_how_long_an_answer_takes() -> None:
    clock = Clock()
    queue = Admission(at_once=1, clock=clock)
    for _ in range(50):
        with pytest.raises(ConnectionError):
            async with queue.enter():
                clock.now += 20
                raise ConnectionError
    done = asyncio.Event()
    tasks = await start(2, lambda name: hold(queue, done, [], name))
    assert (queue.running, queue.waiting) == (1, 1)
    done.set()
    await asyncio.gather(*tasks)


def test_those_refused_together_do_not_come_back_together() -> None:
    seconds = {Overloaded().retry_after for _ in range(200)}
    assert len(seconds) > 1
    assert min(seconds) >= admission.RETRY_SOONEST


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> Gateway:
    """A gateway whose stuck messages are cut off after a second and a half."""
    return await start_gateway(turn_timeout=1.5)


async def fill(gateway: Gateway, before: int = 0) -> list[asyncio.Task[dict[str, object]]]:
    """As many stuck messages as may run at once; `before`: the messages that the worker has had."""
    tasks = [
        asyncio.create_task(gateway.post({"message": "/!bloque"}, status=503)) for _ in range(admission.AT_ONCE)
    ]
    while len(gateway.seen("turn")) < before + admission.AT_ONCE:
        await asyncio.sleep(0.01)
    return tasks


async def test_when_it_is_full_a_message_is_refused_with_its_text_and_the_contact(gateway: Gateway) -> None:
    stuck = await fill(gateway)
    async with gateway.client.post("/api/chat", json={"message": "bonjour"}) as response:
        assert response.status == 503
        assert admission.RETRY_SOONEST <= int(response.headers["Retry-After"]) <= admission.RETRY_LATEST
        error = (await response.json())["error"]
    assert (error["code"], error["message"]) == ("busy", texts.ERRORS["busy"])
    assert "03 00 00 00 00" in error["contact"]
    async with gateway.client.post("/assistant", data={"message": "ma longue question"}) as response:
        assert response.status == 503
        page = await response.text()
    assert "ma longue question" in page
    assert "Beaucoup de personnes" in page
    await asyncio.gather(*stuck)


async def test_stuck_messages_do_not_keep_the_others_waiting_until_they_are_cut_off(
    start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "STUCK_AFTER", 1.5)
    gateway = await start_gateway(turn_timeout=30)
    stuck = await fill(gateway)
    assert (await gateway.post({"message": "bonjour"}, status=503))["error"]["code"] == "busy"
    await answered_at_last(gateway, within=10)
    assert not any(task.done() for task in stuck)
    # As many again: then it is full until one of them ends.
    more = await fill(gateway, before=len(gateway.seen("turn")))
    await asyncio.sleep(2)
    assert (await gateway.post({"message": "bonjour"}, status=503))["error"]["code"] == "busy"
    assert gateway.supervisor.pid is not None
    os.kill(gateway.supervisor.pid, signal.SIGKILL)
    await asyncio.gather(*stuck, *more)
    await answered_at_last(gateway, within=10)


async def answered_at_last(gateway: Gateway, within: float) -> None:
    """Send a message until it is answered."""
    deadline = time.monotonic() + within
    while True:
        async with gateway.client.post("/api/chat", json={"message": "bonjour"}) as response:
            if response.status == 200:
                return
        assert time.monotonic() < deadline, "nobody is answered"
        await asyncio.sleep(0.05)


async def test_when_it_is_full_a_call_for_help_is_answered(gateway: Gateway) -> None:
    stuck = await fill(gateway)
    answer = await gateway.chat(DISTRESS)
    assert answer["replies"][0]["kind"] == "alert"
    assert not any(task.done() for task in stuck)
    await asyncio.gather(*stuck)


async def test_when_it_is_full_a_message_already_answered_is_found_again(gateway: Gateway) -> None:
    body = {"message": "bonjour", "id": "0123456789abcdef"}
    first = await gateway.post(body)
    stuck = await fill(gateway)
    assert await gateway.post(body) == first
    await asyncio.gather(*stuck)


async def test_what_is_refused_is_counted_and_the_next_message_is_answered(gateway: Gateway) -> None:
    stuck = await fill(gateway)
    assert (await gateway.post({"message": "bonjour"}, status=503))["error"]["code"] == "busy"
    async with gateway.client.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    assert 'allo_chat_requests_total{outcome="busy"} 1.0' in lines
    assert f"allo_turns_running {admission.AT_ONCE}.0" in lines
    assert "allo_turns_waiting 0.0" in lines
    await asyncio.gather(*stuck)
    await gateway.chat("bonjour")
