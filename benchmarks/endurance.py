"""`python -m benchmarks.endurance`: days of traffic, as fast as the service takes it, and what its memory becomes.

A busy month of a town of this size is taken to be 20,000 questions, as in `benchmarks.review`: a working day of eight
hours has a thousand. Some ten thousand messages go through the real service; the memory of the gateway and of the
worker is read all along, drawn, and its slope fitted once the caches have filled.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import aiohttp
import psutil
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from benchmarks.curves import Curve, Panel, draw_panels
from benchmarks.errors import BenchmarkError
from benchmarks.load import ANSWER_TIMEOUT, OursAdapter
from benchmarks.machine import Machine, describe_machine
from benchmarks.report import format_number, write_section
from benchmarks.residents import Talk, draw_talks
from benchmarks.town_site import ROOT, open_town

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PICTURE = ROOT / "docs" / "images" / "memoire.svg"
SECTION = "endurance"
SEED = 23
DAY = 1000  # messages in eight hours
MESSAGES = 10_000
RESIDENTS = 3  # at the same time, each writing as soon as it has its answer
EVERY = 2.0  # seconds between two looks at the memory
# Caches fill first: the slope is that of what comes after this share of the messages.
WARM_UP = 0.5
MOST_GROWTH = 1.0  # MB a thousand messages
PROGRAMS = ("gateway", "worker")
MB = 1e6


@dataclass(frozen=True)
class Look:
    """The memory at one moment: messages answered so far, bytes held (RSS) by each program."""

    messages: int
    held: dict[str, int]


@dataclass
class Traffic:
    """What the residents have seen so far; `again`: messages that were refused and sent once more."""

    answered: int = 0
    again: int = 0
    lost: int = 0
    looks: list[Look] = field(default_factory=list)


@dataclass(frozen=True)
class Measures:
    """Everything that was read, and the seconds it took."""

    traffic: Traffic
    elapsed: float

    def growth(self, program: str) -> float:
        """MB that a program takes for each thousand messages, once its caches are full."""
        last = self.traffic.looks[-1].messages
        looks = [look for look in self.traffic.looks if look.messages >= WARM_UP * last]
        if len({look.messages for look in looks}) < 2:
            raise BenchmarkError("Trop peu de messages pour une pente : donnez-en plus avec --messages.")
        slope, _ = statistics.linear_regression(
            [look.messages / 1000 for look in looks], [look.held[program] / MB for look in looks]
        )
        return slope

    @property
    def is_kept(self) -> bool:
        """Whether nothing grows, and nothing was lost."""
        return not self.traffic.lost and all(self.growth(program) <= MOST_GROWTH for program in PROGRAMS)


def main() -> int:
    """Run the command line; returns the exit code, 1 when a promise is not kept."""
    arguments, console, machine = _parse_arguments(), Console(), describe_machine()
    try:
        with open_town(arguments.models) as site:
            measures = asyncio.run(_measure(site.chat, arguments.messages, console))
        section = render_section(measures, machine, date.today(), arguments.messages)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    draw_panels(PICTURE, [as_panel(measures)])
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0 if measures.is_kept else 1


def find_programs() -> dict[str, psutil.Process]:
    """The gateway and the worker that this process has started. Raises BenchmarkError."""
    found: dict[str, psutil.Process] = {}
    for process in psutil.Process().children(recursive=True):
        named = set(process.cmdline()[1:3]) & set(PROGRAMS)
        found |= dict.fromkeys(named, process)
    if set(found) != set(PROGRAMS):
        raise BenchmarkError("Les programmes du service sont introuvables : son journal est dans .bench/logs.")
    return found


def render_section(measures: Measures, machine: Machine, today: date, messages: int) -> str:
    """The section of RESULTS.md."""
    traffic, first, last = measures.traffic, measures.traffic.looks[0], measures.traffic.looks[-1]
    rows = []
    for program in PROGRAMS:
        growth, top = measures.growth(program), max(look.held[program] for look in traffic.looks)
        middle = next(look for look in traffic.looks if look.messages >= WARM_UP * last.messages)
        held = (first.held[program], middle.held[program], last.held[program], top)
        rows.append(
            f"| {program} | {' | '.join(f'{bytes_ / MB:.0f} Mo' for bytes_ in held)} | {format_number(growth, 2)} Mo | "
            f"{'oui' if growth <= MOST_GROWTH else '**non**'} |"
        )
    return "\n".join(
        [
            "## Longtemps : la mémoire",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            f"**{traffic.answered} messages** en {measures.elapsed / 60:.0f} min "
            f"({format_number(traffic.answered / measures.elapsed, 1)} /s), soit "
            f"{format_number(traffic.answered / DAY, 1)} journées de huit heures. Sans réponse : {traffic.lost} ; "
            f"refusés puis renvoyés : {traffic.again}.",
            "",
            f"| programme | au début | à la moitié | à la fin | au plus | croissance pour 1 000 messages | ≤ "
            f"{format_number(MOST_GROWTH, 0)} Mo |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "![La mémoire des deux programmes, message après message](../docs/images/memoire.svg)",
            "",
            f"Une journée de huit heures est comptée pour {DAY} messages : vingt mille questions par mois, en vingt "
            f"jours. {RESIDENTS} habitants à la fois écrivent dès qu’ils ont leur réponse, chacun avec ses fautes de "
            "frappe, dans des conversations neuves (`benchmarks/residents.yml`). Mémoire : RSS. La croissance est la "
            "pente de la seconde moitié, une fois les caches remplis.",
            "",
            f"Pour refaire ces mesures : `python -m benchmarks.endurance --messages {messages}`",
        ]
    )


def as_panel(measures: Measures) -> Panel:
    """What to draw."""
    looks = measures.traffic.looks
    curves = [Curve(program, [(look.messages, look.held[program] / MB) for look in looks]) for program in PROGRAMS]
    return Panel("Mémoire, message après message", "messages", "Mo", curves)


async def _measure(chat: str, messages: int, console: Console) -> Measures:
    traffic, programs = Traffic(), find_programs()
    talks = draw_talks(SEED)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    began = time.monotonic()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Des journées de messages", total=messages)
        async with aiohttp.ClientSession(timeout=ANSWER_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as http:
            looking = asyncio.create_task(_look(traffic, programs, progress, task))
            residents = (_be_resident(http, chat, talks, traffic, messages) for _ in range(RESIDENTS))
            try:
                await asyncio.gather(*residents)
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)
    elapsed = time.monotonic() - began
    _take_look(traffic, programs)
    return Measures(traffic, elapsed)


async def _be_resident(
    http: aiohttp.ClientSession, chat: str, talks: Iterator[Talk], traffic: Traffic, messages: int
) -> None:
    """Hold conversations until there have been enough messages in all."""
    while traffic.answered + traffic.lost < messages:
        adapter = OursAdapter(chat)
        for message in next(talks).messages:
            if await _ask(adapter, http, message, traffic):
                traffic.answered += 1
            else:
                traffic.lost += 1


async def _ask(adapter: OursAdapter, http: aiohttp.ClientSession, message: str, traffic: Traffic) -> bool:
    """Send a message, again when it was refused; whether it was answered."""
    for _ in range(20):
        try:
            return bool(await adapter.ask(http, message))
        except aiohttp.ClientResponseError as error:
            if error.status != 503:
                return False
            traffic.again += 1
            await asyncio.sleep(0.5)
        except (aiohttp.ClientError, TimeoutError):
            return False
    return False


async def _look(traffic: Traffic, programs: dict[str, psutil.Process], progress: Progress, task: TaskID) -> None:
    while True:
        _take_look(traffic, programs)
        shown = " · ".join(f"{name} {traffic.looks[-1].held[name] / MB:.0f} Mo" for name in PROGRAMS)
        progress.update(task, completed=traffic.answered, description=f"{traffic.answered} messages · {shown}")
        await asyncio.sleep(EVERY)


def _take_look(traffic: Traffic, programs: dict[str, psutil.Process]) -> None:
    try:
        held = {name: process.memory_info().rss for name, process in programs.items()}
    except psutil.NoSuchProcess:
        raise BenchmarkError("Un des programmes s’est arrêté pendant la mesure.") from None
    traffic.looks.append(Look(traffic.answered, held))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    parser.add_argument("--messages", type=int, default=MESSAGES, help=f"how many messages ({MESSAGES})")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
