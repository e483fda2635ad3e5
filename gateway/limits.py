"""How often one address may write: a token bucket per address, in a bounded amount of memory.

Addresses stay in memory only, and an IPv6 one counts as its /64 network, which is what one home holds.
"""

import contextlib
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from gateway.coordination import Coordination
from gateway.errors import Unavailable

BUCKETS_LIMIT = 10_000


@dataclass
class _Bucket:
    tokens: float
    seen: float


class RateLimit:
    """Allows `count` messages a `period` (in seconds) per address, all at once if need be; 0 allows everything."""

    def __init__(self, count: int, clock: Callable[[], float] = time.monotonic, *, period: float = 60.0) -> None:
        self._capacity = float(count)
        self._period = period
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    @property
    def count(self) -> float:
        """How many messages are allowed a `period`; 0 for all of them."""
        return self._capacity

    @property
    def period(self) -> float:
        """In seconds."""
        return self._period

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, address: str | None) -> int:
        """Count one message; returns 0 when it is allowed, else the whole seconds to wait."""
        if not self._capacity:
            return 0
        bucket = self._bucket(_network(address or ""))
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, math.ceil((1 - bucket.tokens) * self._period / self._capacity))

    def _bucket(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._capacity, now)
        bucket.tokens = min(self._capacity, bucket.tokens + (now - bucket.seen) * self._capacity / self._period)
        bucket.seen = now
        self._buckets[key] = bucket
        # The address that has been silent for longest is forgotten first.
        while len(self._buckets) > BUCKETS_LIMIT:
            self._buckets.popitem(last=False)
        return bucket


class SharedLimit:
    """A limit that all gateways count together; while they cannot, each one counts alone."""

    def __init__(
        self, name: str, alone: RateLimit, coordination: Coordination, fingerprint: Callable[[str, str], str]
    ) -> None:
        """`fingerprint(name, key)`: what other gateways are told of who writes, an address for instance."""
        self._name = name
        self._alone = alone
        self._coordination = coordination
        self._fingerprint = fingerprint

    async def take(self, address: str | None) -> int:
        """Count one message; returns 0 when it is allowed, else the whole seconds to wait."""
        if not self._alone.count:
            return 0
        key = self._fingerprint(self._name, _network(address or ""))
        wait = None
        with contextlib.suppress(Unavailable):
            wait = await self._coordination.take(self._name, key, self._alone.count, self._alone.period)
        return self._alone.take(address) if wait is None else wait


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address) or parsed.ipv4_mapped:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
