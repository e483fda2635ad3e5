"""How often somebody may try a password: per address of the network, and per account."""

import time
from collections.abc import Callable

from gateway.coordination import Coordination
from gateway.limits import RateLimit, SharedLimit

PERIOD = 15 * 60.0  # seconds
PER_ADDRESS, PER_ACCOUNT = 30, 10


class LoginLimits:
    """Counts tries at passwords and links, on all gateways together; nothing is written, and memory is bounded."""

    def __init__(
        self,
        coordination: Coordination,
        fingerprint: Callable[[str, str], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fingerprint`: as in SharedLimit."""
        addresses = RateLimit(PER_ADDRESS, clock, period=PERIOD)
        accounts = RateLimit(PER_ACCOUNT, clock, period=PERIOD)
        self._addresses = SharedLimit("login-address", addresses, coordination, fingerprint)
        self._accounts = SharedLimit("login-account", accounts, coordination, fingerprint)

    async def take(self, address: str | None, account: str = "") -> int:
        """Count one try; returns 0 when it is allowed, else the whole seconds to wait."""
        wait = await self._addresses.take(address)
        return wait or (await self._accounts.take(account) if account else 0)
