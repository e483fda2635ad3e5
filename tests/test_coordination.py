"""What gateways agree on, alone and through a real Redis: turns, releases, presence, limits."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
import redis

from gateway.coordination import Alone, Coordination, Presence
from gateway.errors import Unavailable
from gateway.limits import RateLimit, SharedLimit
from gateway.redis_coordination import Together, lock_environ

pytest_plugins = ["redis_fixtures"]

NOBODY = "redis://127.0.0.1:1/0"
Join = Callable[..., Together]


@pytest.fixture
async def join(redis_url: str) -> AsyncIterator[Join]:
    """One more gateway."""
    joined: list[Together] = []

    def one(pause: float = 60.0, keys: str = "k", ttl: float = 5.0) -> Together:
        joined.append(Together(redis_url, pause, keys, ttl))
        return joined[-1]

    yield one
    for gateway in joined:
        await gateway.close()


@pytest.fixture(params=["alone", "together"])
def pair(request: pytest.FixtureRequest) -> tuple[Coordination, Coordination]:
    """Two gateways; the same one twice when it is alone."""
    if request.param == "alone":
        one = Alone(pause=0.3)
        return one, one
    join = request.getfixturevalue("join")
    return join(pause=0.3), join(pause=0.3)


async def test_turns_of_one_conversation_never_overlap(pair: tuple[Coordination, Coordination]) -> None:
    inside = most = 0

    async def turn(gateway: Coordination) -> None:
        nonlocal inside, most
        async with gateway.in_turn("s", patience=10):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(turn(pair[number % 2]) for number in range(40)))
    assert most == 1


async def test_other_conversations_do_not_wait(pair: tuple[Coordination, Coordination]) -> None:
    async with pair[0].in_turn("s", patience=1), pair[1].in_turn("other", patience=0.1):
        pass


async def test_a_message_does_not_wait_for_ever(pair: tuple[Coordination, Coordination]) -> None:
    async with pair[0].in_turn("s", patience=1):
        with pytest.raises(Unavailable):
            async with pair[1].in_turn("s", patience=0.1):
                pass
    async with pair[1].in_turn("s", patience=1):
        pass


async def test_a_conversation_keeps_its_release_until_it_is_over(pair: tuple[Coordination, Coordination]) -> None:
    await pair[0].keep_release("s", "r1")
    assert await pair[1].find_release("s") == "r1"
    assert await pair[1].find_release("other") is None
    assert await pair[1].is_spoken_to("r1")
    assert not await pair[1].is_spoken_to("r2")
    await pair[1].keep_release("s", "r2")
    assert await pair[0].find_release("s") == "r2"
    await asyncio.sleep(0.35)
    assert await pair[0].find_release("s") is None
    assert not await pair[0].is_spoken_to("r2")


async def test_a_long_turn_keeps_its_lock(join: Join) -> None:
    first, second = join(ttl=0.3), join(ttl=0.3)
    async with first.in_turn("s", patience=1):
        await asyncio.sleep(0.6)
        with pytest.raises(Unavailable):
            async with second.in_turn("s", patience=0.1):
                pass


async def test_a_gateway_that_is_killed_holds_a_conversation_up_for_a_moment_only(join: Join) -> None:
    dead, alive = join(ttl=0.5), join(ttl=0.5)
    held = dead.in_turn("s", patience=1)
    await held.__aenter__()
    (renewing,) = [task for task in asyncio.all_tasks() if "_renew" in repr(task.get_coro())]
    renewing.cancel()
    began = time.monotonic()
    async with alive.in_turn("s", patience=5):
        assert 0.1 < time.monotonic() - began < 1
        # It is not dead after all, and gives back what is no longer its own.
        with suppress(asyncio.CancelledError):
            await held.__aexit__(None, None, None)
        with pytest.raises(Unavailable):
            async with dead.in_turn("s", patience=0.1):
                pass


async def test_gateways_know_of_one_another(join: Join) -> None:
    first, second = join(), join()
    assert list(await first.others()) == []
    await first.announce(Presence(frozenset({"r1"}), "r1"))
    await second.announce(Presence(frozenset({"r1", "r2"}), "r1"))
    assert list(await first.others()) == [Presence(frozenset({"r1", "r2"}), "r1", "k")]
    await second.close()
    assert list(await first.others()) == []


async def test_a_gateway_with_other_keys_is_a_stranger(join: Join) -> None:
    first, same, other = join(), join(), join(keys="other")
    await first.announce(Presence(frozenset(), None))
    assert not await same.has_strangers()
    assert await other.has_strangers()


async def test_every_key_ends_by_itself(join: Join, redis_url: str) -> None:
    gateway = join()
    await gateway.keep_release("s", "r1")
    await gateway.announce(Presence(frozenset({"r1"}), "r1"))
    await gateway.take("rate", "x", 10, 60)
    async with gateway.in_turn("s", patience=1):
        with redis.Redis.from_url(redis_url, decode_responses=True) as client:
            lives = {key: client.ttl(key) for key in client.scan_iter()}
    # The list of the gateways stays, with the names of those that were seen last.
    assert lives.pop("allo:gateways") == -1
    assert len(lives) == 5
    assert all(0 < life <= 60 for life in lives.values()), lives


async def test_gateways_count_together(join: Join) -> None:
    def fingerprint(name: str, key: str) -> str:
        return f"<{name} {key}>"

    first, second = (SharedLimit("rate", RateLimit(10), join(), fingerprint) for _ in range(2))
    waits = [await limit.take("192.0.2.1") for _ in range(8) for limit in (first, second)]
    assert waits[:10] == [0] * 10
    assert all(1 <= wait <= 6 for wait in waits[10:])
    assert await first.take("192.0.2.2") == 0


async def test_a_shared_bucket_fills_again_as_one_of_a_gateway_does(join: Join) -> None:
    gateway = join()
    waits = [await gateway.take("rate", "x", 3, 0.6) for _ in range(4)]
    assert waits == [0, 0, 0, 1]
    await asyncio.sleep(0.25)
    assert [await gateway.take("rate", "x", 3, 0.6) for _ in range(2)] == [0, 1]


async def test_without_redis_each_one_counts_alone_and_no_turn_is_taken() -> None:
    gateway = Together(NOBODY, pause=60)
    limit = SharedLimit("rate", RateLimit(1), gateway, lambda *words: "".join(words))
    assert [await limit.take("a"), await limit.take("a")] == [0, 60]
    refused: list[Callable[[], Awaitable[object]]] = [
        lambda: gateway.find_release("s"),
        lambda: gateway.keep_release("s", "r"),
        lambda: gateway.is_spoken_to("r"),
        lambda: gateway.others(),
    ]
    for ask in refused:
        with pytest.raises(Unavailable):
            await ask()
    with pytest.raises(Unavailable):
        async with gateway.in_turn("s", patience=1):
            pass
    assert not await gateway.is_working()
    await gateway.close()


def test_a_worker_is_told_of_redis_in_the_words_of_the_endpoints_file() -> None:
    told = lock_environ("rediss://:secret@redis.example:6380/3")
    assert told["REDIS_HOST"] == "redis.example"
    assert (told["REDIS_PORT"], told["REDIS_DB"], told["REDIS_PASSWORD"]) == ("6380", "3", "secret")
    assert told["REDIS_SSL"] == "1"
    assert lock_environ("redis://redis.example")["REDIS_SSL"] == ""
