"""Parts tried for a given time, one after the other, and how many inputs each has seen."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings

from benchmarks.fuzz.parts import Part

ROUND = 2000  # inputs between two looks at the clock


@dataclass
class Tried:
    """One part: inputs tried, seconds spent, and the input that broke it with the error, if one did."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    found: str = ""


def try_part(part: Part, seconds: float, most: int = ROUND) -> Tried:
    """Try seeds, then inputs made at random, until the time is over or one of them is wrong."""
    tried, began = Tried(part.name), time.monotonic()
    limit = began + seconds

    def check(sent: object) -> None:
        tried.inputs += 1
        part.check(sent)

    # Nothing is kept from one round to the next: each is another draw.
    once = settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        for seed in part.seeds:
            check(seed)
        while True:
            once(given(part.inputs)(check))()
            if time.monotonic() >= limit:
                break
    except Exception as error:
        tried.found = "".join(traceback.format_exception_only(error))
    tried.seconds = time.monotonic() - began
    return tried


def try_all(parts: Sequence[Part], minutes: float, tell: Callable[[Tried], None]) -> list[Tried]:
    """Share the time between the parts; `tell` hears of each when it is over."""
    tried = []
    for part in parts:
        tried.append(try_part(part, minutes * 60 / len(parts)))
        tell(tried[-1])
    return tried
