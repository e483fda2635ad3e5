"""Parts tried for a given time, and how many inputs each has seen."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings

from benchmarks.fuzz.browser import open_markdown
from benchmarks.fuzz.parts import PARTS, Part
from benchmarks.fuzz.texts import MARKED_UP

WIDGET = "Markdown du widget, dans Chromium"
ROUND = 300  # inputs between two looks at the clock


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


def try_named(name: str, seconds: float) -> Tried:
    """Try one of PARTS, or WIDGET in a browser of its own. Raises BenchmarkError where that is missing."""
    if name != WIDGET:
        return try_part(next(part for part in PARTS if part.name == name), seconds)
    with open_markdown() as check:
        return try_part(Part(WIDGET, MARKED_UP, check), seconds)


def try_all(minutes: float, jobs: int) -> Iterator[Tried]:
    """Share the time between all the parts, `jobs` of them at once; each as soon as it is over."""
    names = [WIDGET, *(part.name for part in PARTS)]
    with ProcessPoolExecutor(jobs) as pool:
        runs = [pool.submit(try_named, name, minutes * 60 / len(names)) for name in names]
        yield from (run.result() for run in as_completed(runs))
