"""Whether what erases may believe today's date: a clock that leaps must not erase everything at once.

The last day that was believed is in `var/clock.json`. When the date is suddenly more than LEAP away from it, nothing is
erased until it has stayed so for HOLD: a wrong clock is put right meanwhile, and a service that was stopped for weeks
keeps what it should have erased for one day more. A leap is said once, to whoever reads the terminal.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from gateway import texts
from training.files import read_json, write_json

log = logging.getLogger("gateway.clock")

FILE = "clock.json"
DAY = 86400.0
LEAP = 2 * DAY  # seconds
HOLD = 1 * DAY


class ClockGuard:
    """Believes the clock, or waits."""

    def __init__(
        self, var: Path, clock: Callable[[], float] = time.time, tell: Callable[[str], None] = log.warning
    ) -> None:
        self._path = var / FILE
        self._clock = clock
        self._tell = tell
        self._is_told = False
        # After this day (UTC), whatever is dated was dated by a clock that was wrong.
        self.last_day = _day(clock())

    def trust(self) -> bool:
        """Whether the clock is believed now. Raises OSError: what cannot be noted is not believed either."""
        now, known = self._clock(), read_json(self._path) or {}
        believed, latest, seen = (known.get(name, now) for name in ("believed", "latest", "seen"))
        since = known.get("since")
        if abs(now - believed) <= LEAP:
            since = None
        else:
            # Another leap starts the wait again.
            since = now if since is None or abs(now - seen) > LEAP else since
            self._say(believed, now)
        if is_believed := since is None or now - since >= HOLD:
            believed, since, self._is_told = now, None, False
            self.last_day = _day(max(latest, now) + DAY)
            latest = max(latest, now)
        write_json(self._path, {"believed": believed, "seen": now, "since": since, "latest": latest})
        return is_believed

    def _say(self, believed: float, now: float) -> None:
        if not self._is_told:
            self._is_told = True
            self._tell(texts.clock_leapt(_day(believed), _day(now)))


def _day(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()
