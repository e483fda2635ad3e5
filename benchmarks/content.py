"""`python -m benchmarks.content`: what a bigger content costs: training, start, memory, time of a message; as curves.

Contents are made up (`big_content.py`), in a folder that is thrown away. The model alone is trained, without exam: the
questions of the exam know nothing of what is made up.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import psutil
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import track

from benchmarks.big_content import count_content, write_project
from benchmarks.curves import Curve, Panel, draw_panels
from benchmarks.errors import BenchmarkError
from benchmarks.machine import Machine, describe_machine
from benchmarks.measure import measure_memory, percentile
from benchmarks.report import format_number, write_section
from benchmarks.residents import QUESTIONS, draw_talks
from benchmarks.town_site import ROOT
from training.candidate import CandidateFailed, running
from training.model import TrainingFailed, train_model

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PICTURE = ROOT / "docs" / "images" / "contenu.svg"
SECTION = "contenu"
# Fiches and subjects in all; the first is the content as it is.
SIZES = ((0, 0), (1000, 100), (3000, 150), (10_000, 200))
SEED = 41
MESSAGES = 150
MB = 1e6


@dataclass(frozen=True)
class Measures:
    """One size: fiches, subjects, training examples; seconds to train and to start, bytes held, seconds a message."""

    fiches: int
    subjects: int
    examples: int
    training: float
    start: float
    memory: int
    p50: float
    p95: float


def main() -> int:
    """Run the command line; returns the exit code."""
    arguments, console, machine = _parse_arguments(), Console(), describe_machine()
    try:
        with tempfile.TemporaryDirectory() as folder:
            measures = [
                _measure(Path(folder) / str(fiches), fiches, subjects, console) for fiches, subjects in arguments.sizes
            ]
    except (BenchmarkError, TrainingFailed, CandidateFailed) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    draw_panels(PICTURE, as_panels(measures))
    section = render_section(measures, machine, date.today())
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0


def as_panels(measures: Sequence[Measures]) -> list[Panel]:
    """What to draw: each cost, by the number of fiches."""
    costs: tuple[tuple[str, str, Callable[[Measures], float]], ...] = (
        ("Entraîner", "s", lambda one: one.training),
        ("Démarrer", "s", lambda one: one.start),
        ("Mémoire de l’assistant", "Mo", lambda one: one.memory / MB),
        ("Répondre (médiane)", "ms", lambda one: one.p50 * 1000),
    )
    return [
        Panel(title, "fiches", unit, [Curve(title, [(one.fiches, cost(one)) for one in measures])], is_marked=True)
        for title, unit, cost in costs
    ]


def render_section(measures: Sequence[Measures], machine: Machine, today: date) -> str:
    """The section of RESULTS.md."""
    rows = [
        f"| {one.fiches} | {one.subjects} | {one.examples} | {format_number(one.training, 1)} s | "
        f"{format_number(one.start, 1)} s | {one.memory / MB:.0f} Mo | {_ms(one.p50)} | {_ms(one.p95)} |"
        for one in measures
    ]
    return "\n".join(
        [
            "## Un contenu bien plus grand",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            "| fiches | sujets | exemples | entraîner | démarrer | mémoire | répondre, médiane | 95ᵉ centile |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            "![Ce que coûte un contenu plus grand](../docs/images/contenu.svg)",
            "",
            "La première ligne est le contenu tel qu’il est ; les autres y ajoutent des fiches inventées. Un sujet a "
            "ses questions, que le modèle apprend ; les autres fiches se trouvent par leur nom. Entraîner : le modèle "
            f"seul, sans l’examen. Répondre : {MESSAGES} messages l’un après l’autre, au programme qui répond, sans la "
            "passerelle.",
            "",
            "Pour refaire ces mesures : `make bench-content`",
        ]
    )


def _measure(folder: Path, fiches: int, subjects: int, console: Console) -> Measures:
    with console.status(f"Écriture de {fiches or 'ce qu’il y a de'} fiches…"):
        write_project(ROOT, folder, fiches, subjects)
        held = count_content(folder / "data")
    with console.status(f"Entraînement sur {held.fiches} fiches et {held.subjects} sujets…"):
        began = time.monotonic()
        train_model(folder)
        training = time.monotonic() - began
    began = time.monotonic()
    with console.status("Démarrage…") as status, running(folder, conversations=1) as (candidate,):
        start = time.monotonic() - began
        status.stop()
        messages = [talk.messages[0] for talk in islice((t for t in draw_talks(SEED) if t.kind == QUESTIONS), MESSAGES)]
        times = []
        for number, message in enumerate(track(messages, "Messages", console=console)):
            began = time.perf_counter()
            candidate.ask(f"mesure-{number}", message)
            times.append(time.perf_counter() - began)
        workers = [process.pid for process in psutil.Process().children() if "worker" in process.cmdline()]
        memory = measure_memory(workers)
    return Measures(
        held.fiches, held.subjects, held.examples, training, start, memory, statistics.median(times),
        percentile(times, 0.95),
    )  # fmt: skip


def _ms(seconds: float) -> str:
    return f"{format_number(seconds * 1000, 1)} ms"


def _parse_size(text: str) -> tuple[int, int]:
    fiches, _, subjects = text.partition(":")
    return int(fiches), int(subjects)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.content", description=__doc__)
    parser.add_argument(
        "--sizes", type=_parse_size, nargs="+", default=SIZES, help="fiches:subjects of each content (0:0 as it is)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
