"""`python -m benchmarks.alternate`: both sides started, and asked in turn: when the machine slows down, both do.

It takes what `python -m benchmarks compare` has installed and trained; writes a section of RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import Progress

from benchmarks.assistants import BENCH, Assistant, Ours, Running, Stock, serve
from benchmarks.errors import BenchmarkError
from benchmarks.load import LoadResult, load_conversations, run_load
from benchmarks.machine import Machine, describe_machine
from benchmarks.measure import percentile
from benchmarks.report import format_number, write_section

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
SECTION = "tour-a-tour"
USERS = (1, 2, 8)
WARM_UP = 8


@dataclass(frozen=True)
class Round:
    """The same load on one side, then on the other."""

    users: int
    stock: LoadResult
    ours: LoadResult

    @property
    def time_ratio(self) -> float:
        """Median time of an answer, ours by the stock pipeline's."""
        return percentile(self.ours.latencies, 0.5) / percentile(self.stock.latencies, 0.5)

    @property
    def rate_ratio(self) -> float:
        """Answers a second, ours by the stock pipeline's."""
        return self.ours.answers_per_second / self.stock.answers_per_second


def main() -> int:
    """Run the command line; returns the exit code."""
    console, machine, arguments = Console(), describe_machine(), _parse_arguments()
    try:
        rounds = _measure(arguments.rounds, console)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    section = render_section(rounds, machine, date.today())
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0


def render_section(rounds: Sequence[Round], machine: Machine, today: date) -> str:
    """The section of RESULTS.md."""
    crowds = dict.fromkeys(one.users for one in rounds)
    lost = sum(one.stock.lost + one.ours.lost for one in rounds)
    return "\n".join(
        [
            "## À côté de Rasa d’origine, tour à tour",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            "| personnes à la fois | médiane, Rasa d’origine | ce projet | rapport | réponses/s, Rasa d’origine "
            "| ce projet | rapport |",
            "|---|---|---|---|---|---|---|",
            *(_render_row([one for one in rounds if one.users == users]) for users in crowds),
            "",
            "Les deux assistants sont démarrés, et interrogés l’un après l’autre avec les mêmes conversations, "
            f"{len(rounds) // max(1, len(crowds))} fois : quand la machine va plus ou moins vite, c’est pour les deux. "
            "Médiane des tours ; entre parenthèses, le plus bas et le plus haut. Rapport : celui de chaque tour, ce "
            f"projet ÷ Rasa d’origine. Messages restés sans réponse : {lost}.",
            "",
            "Pour refaire ces mesures : `make bench`, puis `python -m benchmarks.alternate`",
        ]
    )


def _render_row(rounds: Sequence[Round]) -> str:
    values = (
        ([percentile(one.stock.latencies, 0.5) * 1000 for one in rounds], 1, " ms"),
        ([percentile(one.ours.latencies, 0.5) * 1000 for one in rounds], 1, " ms"),
        ([one.time_ratio for one in rounds], 2, " ×"),
        ([one.stock.answers_per_second for one in rounds], 1, ""),
        ([one.ours.answers_per_second for one in rounds], 1, ""),
        ([one.rate_ratio for one in rounds], 2, " ×"),
    )
    return f"| {rounds[0].users} | " + " | ".join(_show(found, digits, unit) for found, digits, unit in values) + " |"


def _show(values: Sequence[float], digits: int, unit: str) -> str:
    low, high = (format_number(value, digits) for value in (min(values), max(values)))
    return f"{format_number(median(values), digits)}{unit} ({low} – {high})"


def _measure(count: int, console: Console) -> list[Round]:
    stock, ours = Stock(BENCH / "stock-venv"), Ours(BENCH / "ours-venv")
    if not (stock.model().is_file() and ours.model().is_file()):
        raise BenchmarkError("Rien n’est installé ni entraîné dans .bench : lancez d’abord « make bench ».")
    conversations = load_conversations(HERE / "conversations.yml")
    rounds = []
    with serve(stock) as one, serve(ours) as other, Progress(console=console) as progress:
        sides: tuple[tuple[Assistant, Running], ...] = ((stock, one), (ours, other))
        for side, running in sides:
            run_load(side.adapter, running.address, conversations[:WARM_UP], max(USERS))
        task = progress.add_task("tour à tour", total=count * len(USERS))
        for users in USERS * count:
            loads = [run_load(side.adapter, running.address, conversations, users) for side, running in sides]
            rounds.append(Round(users, *loads))
            progress.advance(task)
    return rounds


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alternate", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how many times each side is asked (5)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
