"""`python -m benchmarks.overload`: what the service can take, and what it does with twice as much; writes RESULTS.md.

Locust (benchmarks/locustfile.py) sends residents who arrive whatever becomes of those before them: in steps, until the
service refuses some; then twice the messages that it could take, then half of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.environments import ensure_stock
from benchmarks.errors import BenchmarkError
from benchmarks.machine import Machine, describe_machine
from benchmarks.measure import percentile
from benchmarks.processes import Command, clean_environ
from benchmarks.report import format_number, write_section
from benchmarks.residents import draw_talks, mean_length
from benchmarks.town_site import ROOT, open_town

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
REQUIREMENTS = ROOT / "requirements" / "bench-load.txt"
ENVIRONMENT = ROOT / ".bench" / "load-venv"
LOCUSTFILE = ROOT / "benchmarks" / "locustfile.py"
SECTION = "charge"
SEED = 11
TALKS = 4000
PAUSE = 1.0  # seconds between two messages of a resident, on average
FIRST_RATE, GROWTH, STEPS = 4.0, 1.35, 13  # messages a second
STEP = 9.0  # seconds
# The first seconds of a step are left out: the conversations of the one before are still there.
SETTLING = 3.0
# From a step that refuses more than this, there is nothing to learn higher up.
REFUSES_MUCH = 0.3
OVERLOAD, AFTERWARDS = 2.0, 0.5
DRAIN = 40.0  # seconds, more than a message may take: what is not back by then is lost
WITHIN = 1.0  # seconds, what 95 % of the accepted messages must not exceed
BUSY = (429, 503)


@dataclass(frozen=True)
class Sent:
    """One message: when (seconds from the start), seconds until its answer, in which step, what came back.

    `kind`: of conversation. `told`: whether a refusal had its sentence and `Retry-After`. `alert`: whether the answer
    is an emergency number.
    """

    at: float
    took: float
    step: int
    kind: str
    status: int
    code: str | None
    told: bool
    alert: bool

    @property
    def is_answered(self) -> bool:
        """Whether the message was answered by the assistant."""
        return self.status == 200

    @property
    def is_refused(self) -> bool:
        """Whether it was refused as it should be: status, sentence and when to try again."""
        return self.status in BUSY and self.told


@dataclass(frozen=True)
class Step:
    """What came of one rate: messages a second sent and answered, shares refused and lost (0..1), seconds."""

    sent: float
    answered: float
    refused: float
    lost: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Measures:
    """The rising steps, the capacity (messages a second), the overload, the time after it, the calls for help in it.

    `alerts`: how many calls for help were sent in the overload, and how many got their number; `alert_p95` seconds.
    """

    rising: Sequence[Step]
    capacity: float
    overload: Step
    afterwards: Step
    alerts: tuple[int, int]
    alert_p95: float

    @property
    def promises(self) -> tuple[tuple[str, str, str, bool], ...]:
        """What is promised, its limit, what was measured, whether it is kept."""
        over, after = self.overload, self.afterwards
        sent, answered = self.alerts
        return (
            ("95ᵉ centile des messages acceptés", "< 1 s", _ms(over.p95), over.p95 < WITHIN),
            ("messages refusés, avec quand réessayer", "> 0", _percent(over.refused), over.refused > 0),
            ("messages sans réponse ni refus", "0", _percent(over.lost), over.lost == 0),
            ("appels à l’aide qui ont reçu leur numéro", "tous", f"{answered} sur {sent}", sent == answered),
            ("messages refusés une fois la charge retombée", "0", _percent(after.refused), after.refused == 0),
        )

    @property
    def is_kept(self) -> bool:
        """Whether all of it is true."""
        return all(kept for *_, kept in self.promises)


def main() -> int:
    """Run the command line; returns the exit code, 1 when a promise is not kept."""
    arguments, console, machine = _parse_arguments(), Console(), describe_machine()
    try:
        locust = ensure_stock(REQUIREMENTS, ENVIRONMENT, console) / "locust"
        with open_town(arguments.models) as site:
            measures = _measure(Sender(locust, site.chat, console), arguments.seconds)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    section = render_section(measures, arguments.seconds, machine, date.today())
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0 if measures.is_kept else 1


class Sender:
    """Has Locust send conversations to one address."""

    def __init__(self, locust: Path, address: str, console: Console) -> None:
        """`locust`: the command, in its own environment."""
        self._locust, self._address, self._console = locust, address, console
        self._talks = [asdict(talk) for talk in islice(draw_talks(SEED), TALKS)]
        self._length = mean_length(SEED)

    def send(self, steps: Sequence[tuple[float, float]], stop_at: float, what: str) -> list[Sent]:
        """Send each step (seconds, messages a second); one that is refused more than `stop_at` is the last."""
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "sent.jsonl"
            output.touch()
            orders = {
                "address": self._address,
                "talks": self._talks,
                "steps": [(seconds, rate / self._length) for seconds, rate in steps],
                "pause": PAUSE,
                "output": str(output),
                "drain": DRAIN,
                "stop_at": stop_at,
            }
            written = Path(folder) / "orders.json"
            written.write_text(json.dumps(orders), encoding="utf-8")
            arguments = [str(self._locust), "-f", str(LOCUSTFILE), "--headless", "--only-summary", "--users", "1"]
            command = Command(arguments, ROOT, clean_environ() | {"LOAD_ORDERS": str(written)}, "locust")
            self._run(command, output, sum(seconds for seconds, _ in steps), what)
            return [Sent(**json.loads(line)) for line in output.read_text(encoding="utf-8").splitlines()]

    def _run(self, command: Command, output: Path, seconds: float, what: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as progress, command.started() as process:
            task = progress.add_task(what, total=seconds)
            began = time.monotonic()
            while process.poll() is None:
                sent = output.read_bytes().count(b"\n")
                progress.update(task, completed=time.monotonic() - began, description=f"{what} : {sent} messages")
                time.sleep(0.5)
        command.check(process.returncode)


def plan_steps() -> list[tuple[float, float]]:
    """The rising steps: seconds, and messages a second."""
    return [(STEP, FIRST_RATE * GROWTH**number) for number in range(STEPS)]


def summarize(sent: Sequence[Sent], start: float, end: float) -> Step:
    """What came of the messages of a span of time, calls for help left out: they never wait."""
    within = [one for one in sent if start <= one.at < end and not one.alert]
    if not within:
        raise BenchmarkError("Aucun message envoyé : le journal de Locust est dans .bench/logs/locust.log")
    times = [one.took for one in within if one.is_answered] or [float("inf")]
    refused = sum(one.is_refused for one in within)
    answered = sum(one.is_answered for one in within)
    return Step(
        sent=len(within) / (end - start),
        answered=answered / (end - start),
        refused=refused / len(within),
        lost=(len(within) - refused - answered) / len(within),
        p50=percentile(times, 0.5),
        p95=percentile(times, 0.95),
    )


def summarize_steps(sent: Sequence[Sent], steps: Sequence[tuple[float, float]]) -> list[Step]:
    """Each step that took place, its first seconds left out."""
    start, last = 0.0, max((one.step for one in sent), default=0)
    found = []
    for number, (seconds, _) in enumerate(steps):
        # The one during which it stopped was not whole.
        if number < last or number == len(steps) - 1 == last:
            found.append(summarize(sent, start + SETTLING, start + seconds))
        start += seconds
    return found


def find_capacity(steps: Sequence[Step]) -> float:
    """The most answers a second that any step got."""
    return max(step.answered for step in steps)


def count_alerts(sent: Sequence[Sent]) -> tuple[int, int]:
    """Calls for help: how many were sent, how many got their number."""
    calls = [one for one in sent if one.kind == "detresse"]
    return len(calls), sum(one.alert for one in calls)


def render_section(measures: Measures, seconds: float, machine: Machine, today: date) -> str:
    """The section of RESULTS.md."""
    over, after = measures.overload, measures.afterwards
    rows = [_row(f"{format_number(step.sent, 1)} /s", step) for step in measures.rising]
    rows += [_row(f"**{format_number(over.sent, 1)} /s**, {seconds:.0f} s", over)]
    rows += [_row(f"{format_number(after.sent, 1)} /s, aussitôt après", after)]
    return "\n".join(
        [
            "## Quand trop de personnes écrivent",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            f"Capacité : **{format_number(measures.capacity, 1)} messages par seconde**. Deux fois plus, pendant "
            f"{seconds:.0f} s :",
            "",
            "| | limite | mesuré | tenue |",
            "|---|---|---|---|",
            *(
                f"| {name} | {limit} | {found} | {'oui' if kept else '**non**'} |"
                for name, limit, found, kept in measures.promises
            ),
            "",
            "| messages envoyés | répondus | refusés | perdus | temps médian | 95ᵉ centile |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "Les habitants arrivent au hasard (loi de Poisson), quoi que deviennent ceux d’avant, et écrivent toutes "
            f"les {format_number(PAUSE, 0)} s en moyenne : questions, suites, demandes, hors sujet, appels à l’aide "
            "(`benchmarks/residents.yml`). Le temps d’un message compte depuis le moment où il devait partir. La "
            "capacité est le plus grand nombre de réponses par seconde ; tout tourne sur la même machine, Locust "
            "compris.",
            f"Appels à l’aide pendant la surcharge : 95ᵉ centile {_ms(measures.alert_p95)}.",
            "",
            "Pour refaire ces mesures : `make load`",
        ]
    )


def _measure(sender: Sender, seconds: float) -> Measures:
    rising_plan = plan_steps()
    rising = summarize_steps(sender.send(rising_plan, REFUSES_MUCH, "La charge monte"), rising_plan)
    capacity = find_capacity(rising)
    plan = [(seconds, OVERLOAD * capacity), (2 * STEP, AFTERWARDS * capacity)]
    sent = sender.send(plan, 1.0, "Deux fois trop, puis la moitié")
    during = [one for one in sent if one.at < seconds]
    alerts = [one.took for one in during if one.alert] or [0.0]
    return Measures(
        rising,
        capacity,
        summarize(sent, SETTLING, seconds),
        summarize(sent, seconds + SETTLING, seconds + 2 * STEP),
        count_alerts(during),
        percentile(alerts, 0.95),
    )


def _row(name: str, step: Step) -> str:
    return (
        f"| {name} | {format_number(step.answered, 1)} /s | {_percent(step.refused)} | {_percent(step.lost)} | "
        f"{_ms(step.p50)} | {_ms(step.p95)} |"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < float("inf") else "–"


def _percent(share: float) -> str:
    return f"{format_number(share * 100, 1)} %"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the overload lasts (60)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
