"""How often somebody may try a password: per address of the network, and per account."""

import time
from collections.abc import Callable

from gateway.limits import RateLimit

PERIOD = 15 * 60.0  # seconds
PER_ADDRESS, PER_ACCOUNT = 30, 10


class LoginLimits:
    """Counts tries at passwords and links; in memory only, bounded."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._addresses = RateLimit(PER_ADDRESS, clock, period=PERIOD)
        self._accounts = RateLimit(PER_ACCOUNT, clock, period=PERIOD)

    def take(self, address: str | None, account: str = "") -> int:
        """Count one try; returns 0 when it is allowed, else the whole seconds to wait."""
        wait = self._addresses.take(address)
        return wait or (self._accounts.take(account) if account else 0)
