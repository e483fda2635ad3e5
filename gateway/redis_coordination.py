"""Several gateways agree through Redis. Nothing in it lasts: every key ends by itself, and no word of anybody is there.

A lock that its holder does not renew ends within LOCK_TTL: a gateway that is killed holds nobody up for longer. The
other keys hold names of releases, random names of conversations, and keyed fingerprints of who writes too fast.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from gateway.coordination import Alone, Presence
from gateway.errors import Unavailable

PREFIX = "allo:"
GATEWAYS = f"{PREFIX}gateways"
LOCK_TTL = 5.0  # seconds
LOCK_POLL = 0.02
PRESENCE_TTL = 10.0  # seconds after which a gateway that says nothing is gone
TIMEOUT = 2.0  # seconds for Redis to answer

# A token bucket in one number: when it will be full again. Returns the whole seconds to wait, 0 when it is allowed.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local count, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + period / count
local wait = full - now - period
if wait > 0.000001 then return math.max(1, math.ceil(wait)) end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
return 0
"""


def lock_environ(url: str) -> dict[str, str]:
    """What `endpoints.cluster.yml` needs to know of a Redis, for the lock store of a worker."""
    given = parse_url(url)
    return {
        "REDIS_HOST": str(given.get("host", "localhost")),
        "REDIS_PORT": str(given.get("port", 6379)),
        "REDIS_DB": str(given.get("db", 0)),
        "REDIS_USERNAME": str(given.get("username", "default")),
        "REDIS_PASSWORD": str(given.get("password", "")),
        "REDIS_SSL": "1" if url.startswith("rediss:") else "",
        # The gateway gives a conversation one turn at a time; a worker that is killed must not lock it for a minute.
        "TICKET_LOCK_LIFETIME": "10",
    }


class Together:
    """One of several gateways; every method raises Unavailable when Redis does not answer."""

    def __init__(self, url: str, pause: float, keys: str = "", ttl: float = LOCK_TTL) -> None:
        """`url` as redis-py reads it, `pause` as in Coordination, `keys` a fingerprint, `ttl` of a lock (seconds)."""
        self.pause = pause
        self._keys = keys
        self._ttl = ttl
        self._name = secrets.token_hex(8)
        self._alone = Alone()
        self._redis: Redis[str] = Redis.from_url(
            url, decode_responses=True, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT
        )
        self._take = self._redis.register_script(_TAKE)

    @asynccontextmanager
    async def in_turn(self, key: str, patience: float) -> AsyncIterator[None]:
        """In the order in which they came to this gateway; a gateway that loses Redis meanwhile ends its turn."""
        async with self._alone.in_turn(key, patience), self._held(key, patience):
            yield

    @asynccontextmanager
    async def _held(self, key: str, patience: float) -> AsyncIterator[None]:
        lock = self._redis.lock(f"{PREFIX}turn:{key}", timeout=self._ttl, sleep=LOCK_POLL, blocking_timeout=patience)
        with _translated_errors():
            if not await lock.acquire():
                raise Unavailable("the message before is not answered")
        renewing = asyncio.create_task(self._renew(lock))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            # Without Redis it ends by itself.
            with contextlib.suppress(LockError, RedisError, OSError):
                await lock.release()

    async def _renew(self, lock: Lock) -> None:
        while True:
            await asyncio.sleep(self._ttl / 3)
            with contextlib.suppress(RedisError, OSError):
                await lock.reacquire()

    async def find_release(self, session: str) -> str | None:
        """The release of a conversation that is not over."""
        with _translated_errors():
            found: str | None = await self._redis.get(f"{PREFIX}release:{session}")
        return found

    async def keep_release(self, session: str, release: str) -> None:
        """A conversation goes on, with this release."""
        milliseconds = int(self.pause * 1000)
        with _translated_errors():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.set(f"{PREFIX}release:{session}", release, px=milliseconds)
                pipeline.set(f"{PREFIX}spoken:{release}", 1, px=milliseconds)
                await pipeline.execute()

    async def is_spoken_to(self, release: str) -> bool:
        """Whether some conversation that is not over has this release."""
        with _translated_errors():
            return bool(await self._redis.exists(f"{PREFIX}spoken:{release}"))

    async def announce(self, presence: Presence) -> None:
        """Say what this gateway can do, for PRESENCE_TTL."""
        said = json.dumps({"ready": sorted(presence.ready), "opened": presence.opened, "keys": self._keys})
        with _translated_errors():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.sadd(GATEWAYS, self._name)
                pipeline.set(_presence_key(self._name), said, px=int(PRESENCE_TTL * 1000))
                await pipeline.execute()

    async def others(self) -> Sequence[Presence]:
        """What the other gateways said less than PRESENCE_TTL ago."""
        with _translated_errors():
            names = sorted(await self._redis.smembers(GATEWAYS) - {self._name})
            told = await self._redis.mget([_presence_key(name) for name in names]) if names else []
            gone = [name for name, said in zip(names, told, strict=True) if said is None]
            if gone:
                await self._redis.srem(GATEWAYS, *gone)
        said = map(json.loads, filter(None, told))
        return [Presence(frozenset(one["ready"]), one["opened"], one["keys"]) for one in said]

    async def has_strangers(self) -> bool:
        """Whether one of the others signs and seals with other keys than this one."""
        return any(other.keys != self._keys for other in await self.others())

    async def take(self, limit: str, key: str, count: float, period: float) -> int | None:
        """The seconds to wait; 0 when it is allowed."""
        with _translated_errors():
            return int(await self._take(keys=[f"{PREFIX}{limit}:{key}"], args=[count, period]))

    async def is_working(self) -> bool:
        """Whether Redis answers."""
        try:
            with _translated_errors():
                return bool(await self._redis.ping())
        except Unavailable:
            return False

    async def close(self) -> None:
        """Say that this gateway is gone."""
        with contextlib.suppress(Unavailable), _translated_errors():
            await self._redis.delete(_presence_key(self._name))
        await self._redis.close()


def _presence_key(name: str) -> str:
    return f"{PREFIX}gateway:{name}"


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable(type(error).__name__) from error
