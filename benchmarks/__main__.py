"""`python -m benchmarks {stock,ours,compare}`: measure one side, or both and write RESULTS.md."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from benchmarks.assistants import BENCH, ROOT, Assistant, Ours, Stock
from benchmarks.environments import ensure_ours, ensure_stock
from benchmarks.errors import BenchmarkError
from benchmarks.load import load_conversations
from benchmarks.machine import describe_machine
from benchmarks.report import SECTION, render_section, write_section
from benchmarks.trial import Measures, measure_assistant

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
QUICK_EPOCHS = 3
STOCK_EPOCHS = 100
QUICK_CONVERSATIONS = 8
BUSY = 0.5


def main() -> int:
    """Run the command line; returns the exit code."""
    arguments = _parse_arguments()
    console = Console()
    try:
        _run(arguments, console)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    except KeyboardInterrupt:
        console.print("Mesures interrompues : rien n’a été écrit.")
        return 130
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("side", choices=("stock", "ours", "compare"), help="compare: both, then RESULTS.md")
    parser.add_argument("--runs", type=int, default=3, help="how many times each side is measured (3)")
    parser.add_argument(
        "--stock-trainings",
        type=int,
        default=1,
        help="in how many of these runs the stock pipeline is trained, minutes each time (1); ours always is",
    )
    parser.add_argument(
        "--stock-epochs",
        type=int,
        default=STOCK_EPOCHS,
        help="epochs of the stock pipeline's DIET and TED (100); fewer is faster to measure, and said in RESULTS.md",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a trial of the program itself: short training, few conversations, RESULTS.md left alone",
    )
    return parser.parse_args()


def _run(arguments: argparse.Namespace, console: Console) -> None:
    machine = describe_machine()
    if machine.load > BUSY:
        console.print(
            f"[yellow]La machine est occupée (charge {machine.load:.2f}) : les durées en souffriront.[/yellow]"
        )
    sides = ("stock", "ours") if arguments.side == "compare" else (arguments.side,)
    measured = {side: _measure(side, arguments, console) for side in sides}
    if arguments.side != "compare":
        return
    options = f"--runs {arguments.runs} --stock-trainings {arguments.stock_trainings}"
    if arguments.stock_epochs != STOCK_EPOCHS:
        options += f" --stock-epochs {arguments.stock_epochs}"
    command = f"python -m benchmarks compare {options}"
    section = render_section(
        measured["stock"], measured["ours"], machine, command, date.today(), arguments.stock_epochs
    )
    console.print(Markdown(section))
    if not arguments.quick:
        write_section(RESULTS, SECTION, section)
        console.print(f"Écrit dans {RESULTS.relative_to(ROOT)}.")


def _measure(side: str, arguments: argparse.Namespace, console: Console) -> Measures:
    epochs = QUICK_EPOCHS if arguments.quick else arguments.stock_epochs
    assistant = _prepare(side, epochs, console)
    conversations = load_conversations(HERE / "conversations.yml")
    if arguments.quick:
        conversations = conversations[:QUICK_CONVERSATIONS]
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    trainings = arguments.stock_trainings if side == "stock" else arguments.runs
    with Progress(*columns, console=console) as progress:
        measures = measure_assistant(assistant, conversations, arguments.runs, trainings, progress)
    path = BENCH / "measures" / f"{side}.json"
    measures.save(path)
    console.print(f"Mesures gardées dans {path.relative_to(ROOT)}.")
    return measures


def _prepare(side: str, epochs: int, console: Console) -> Assistant:
    requirements = ROOT / "requirements"
    if side == "stock":
        environment = BENCH / "stock-venv"
        ensure_stock(requirements / "bench-stock.txt", environment, console)
        return Stock(environment, epochs)
    environment = BENCH / "ours-venv"
    ensure_ours(requirements / "run.txt", environment, console)
    return Ours(environment)


if __name__ == "__main__":
    sys.exit(main())
