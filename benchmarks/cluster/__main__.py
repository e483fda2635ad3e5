"""`python -m benchmarks.cluster`: answers a second with 1, 2 and 3 workers, real servers around; writes RESULTS.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import cycle, product
from pathlib import Path

import psutil
from rich.console import Console
from rich.markdown import Markdown

from benchmarks.cluster.servers import find_missing
from benchmarks.cluster.site import Cluster, open_cluster
from benchmarks.cluster.small_machines import limited
from benchmarks.errors import BenchmarkError
from benchmarks.load import Conversation, LoadResult, OursAdapter, load_conversations, run_load
from benchmarks.machine import Machine, describe_machine
from benchmarks.measure import percentile
from benchmarks.report import format_number, write_section

FOLDER = Path(__file__).parent.parent
RESULTS = FOLDER / "RESULTS.md"
SECTION = "grappe"
# Workers of each gateway.
SHAPES = ((1,), (1, 1), (2, 1))
# Share of a core that a worker gets: whatever it can have, then as little as on a small machine of its own, so that the
# cores of this one last for three of them and all the rest.
SHARES = (None, 0.3)
WARM_UP, USERS_PER_WORKER = 5.0, 3
PARTS = {"ouvriers": "worker", "passerelles": "gateway", "PostgreSQL": "postgres", "Redis": "redis-server"}


@dataclass(frozen=True)
class Measure:
    """One shape: its workers, what the load saw, cores kept busy by each of PARTS.

    `share`: of a core, what a worker got; None for whatever it could have.
    """

    workers: int
    gateways: int
    load: LoadResult
    busy: dict[str, float]
    share: float | None = None


def main() -> int:
    """Run the command line; returns the exit code."""
    console, machine, arguments = Console(), describe_machine(), _parse_arguments()
    missing = find_missing()
    if missing:
        console.print(f"[red]Il manque ici : « apt install {' '.join(missing)} ».[/red]")
        return 1
    measures = []
    try:
        for share, shape in product(SHARES, SHAPES):
            with console.status(f"{sum(shape)} programme(s) qui répondent, {len(shape)} passerelle(s)…"):
                measures.append(_measure(arguments.models, shape, arguments.seconds, share))
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    section = render_section(measures, machine, date.today(), arguments.seconds)
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0


def render_section(measures: Sequence[Measure], machine: Machine, today: date, seconds: float) -> str:
    """The section of RESULTS.md."""
    alone = {one.share: one.load.answers_per_second for one in measures if one.workers == 1}
    rows = [
        f"| {one.workers} | {one.gateways} | {_as_cores(one.share)} | "
        f"{format_number(one.load.answers_per_second, 1)} | "
        f"{format_number(one.load.answers_per_second / alone[one.share], 2)} | {_ms(one.load.latencies, 0.5)} | "
        f"{_ms(one.load.latencies, 0.95)} | {one.load.lost} | "
        + " | ".join(format_number(one.busy[part], 2) for part in PARTS)
        + " |"
        for one in measures
    ]
    return "\n".join(
        [
            "## Plusieurs programmes qui répondent, plusieurs passerelles",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            "| ouvriers | passerelles | cœur par ouvrier | réponses/s | ÷ un seul | médiane | 95ᵉ centile | "
            "sans réponse | " + " | ".join(f"cœurs : {part}" for part in PARTS)
            + " |",
            "|" + "---|" * (8 + len(PARTS)),
            *rows,
            "",
            "Le vrai assistant derrière HAProxy, avec PostgreSQL (durable) et Redis, tous sur cette machine, comme le "
            f"programme qui pose les questions ; {USERS_PER_WORKER} habitants par ouvrier, chacun parlant dès qu’il a "
            f"sa réponse, {seconds:.0f} s par ligne. « Cœurs » : temps de calcul de chaque part, par seconde.",
            "Quand leur somme approche le nombre de cœurs, un ouvrier de plus ne peut rien ajouter sur cette machine : "
            "dans les dernières lignes chaque ouvrier n’a qu’une part de cœur (groupe de contrôle), comme sur une "
            "petite machine à lui, et les cœurs suffisent à tous.",
            "",
            "Pour refaire ces mesures : `make bench-cluster`",
        ]
    )


def _measure(models: Path, shape: Sequence[int], seconds: float, share: float | None) -> Measure:
    talks = load_conversations(FOLDER / "conversations.yml")
    users = USERS_PER_WORKER * sum(shape)
    with (
        tempfile.TemporaryDirectory(prefix="allo-cluster-") as folder,
        open_cluster(models, Path(folder), shape, settings={"ALLO_RATE_LIMIT": "0"}) as cluster,
    ):
        _wait_workers(cluster, sum(shape))
        pids = [pid for gateway in cluster.gateways for pid in gateway.workers()]
        with limited(pids, share) if share else nullcontext():
            run_load(OursAdapter, cluster.url, _during(talks, WARM_UP), users)
            before = _read_times()
            load = run_load(OursAdapter, cluster.url, _during(talks, seconds), users)
            after = _read_times()
    busy = {part: (after[part] - before[part]) / load.elapsed for part in PARTS}
    return Measure(sum(shape), len(shape), load, busy, share)


def _wait_workers(cluster: Cluster, count: int) -> None:
    """A gateway answers as soon as its first worker does: wait for the others."""
    limit = time.monotonic() + 120
    while sum(gateway.count_workers() for gateway in cluster.gateways) < count:
        if time.monotonic() > limit:
            raise BenchmarkError("Un des programmes qui répondent n’a pas démarré.")
        time.sleep(0.2)


def _during(talks: Sequence[Conversation], seconds: float) -> Iterator[Conversation]:
    limit = time.monotonic() + seconds
    for talk in cycle(talks):
        if time.monotonic() > limit:
            return
        yield talk


def _read_times() -> dict[str, float]:
    """Seconds of computing of each of PARTS, started by this process, until now."""
    times = dict.fromkeys(PARTS, 0.0)
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            words, spent = process.cmdline(), process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        for part, name in PARTS.items():
            if name in words[1:3] or (words and Path(words[0]).name.startswith(name)):
                times[part] += spent.user + spent.system
                break
    return times


def _as_cores(share: float | None) -> str:
    return "–" if share is None else format_number(share, 1)


def _ms(latencies: Sequence[float], share: float) -> str:
    return f"{format_number(percentile(latencies, share) * 1000, 0)} ms"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    parser.add_argument("--seconds", type=float, default=30.0, help="seconds of load for each shape (30)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
