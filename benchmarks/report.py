"""`RESULTS.md`: the table of promises, written from measured figures only, between two markers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.measure import Spread, summarize
from benchmarks.trial import Measures

TITLE = "# Mesures\n\nCe fichier est écrit par les programmes de `benchmarks/` : ne le modifiez pas à la main.\n"
SECTION = "vitesse"


@dataclass(frozen=True)
class Unit:
    """How a measure is written: divisor, decimals, symbol."""

    divisor: float
    decimals: int
    symbol: str

    def format(self, spread: Spread) -> str:
        """« 1,96 Go (1,95–1,98) »; the bounds only when the runs differ."""
        middle = f"{self._number(spread.median)} {self.symbol}".rstrip()
        low, high = self._number(spread.low), self._number(spread.high)
        return middle if low == high else f"{middle} ({low}–{high})"

    def _number(self, value: float) -> str:
        return format_number(value / self.divisor, self.decimals)


@dataclass(frozen=True)
class Limit:
    """What was promised of one measure: an absolute bound, or a bound on ours ÷ stock."""

    text: str
    is_kept: Callable[[float, float], bool]


@dataclass(frozen=True)
class Line:
    """One line of the table: what is measured, in which unit, and what was promised of it."""

    title: str
    key: str
    unit: Unit
    limit: Limit | None = None


GIGABYTES = Unit(1e9, 2, "Go")
MEGABYTES = Unit(1e6, 1, "Mo")
SECONDS = Unit(1, 1, "s")
MILLISECONDS = Unit(1e-3, 1, "ms")
RATE = Unit(1, 1, "/s")


def at_most(bound: float, text: str) -> Limit:
    """Our own figure does not exceed `bound`, in the measure's base unit."""
    return Limit(text, lambda stock, ours: ours <= bound)


def ratio_at_most(bound: float) -> Limit:
    """Ours is at most `bound` times the stock figure."""
    return Limit(f"≤ {format_number(bound, 1)} ×", lambda stock, ours: ours <= bound * stock)


def ratio_at_least(bound: float) -> Limit:
    """Ours is at least `bound` times the stock figure."""
    return Limit(f"≥ {format_number(bound, 0)} ×", lambda stock, ours: ours >= bound * stock)


def format_number(value: float, decimals: int) -> str:
    """A number as French writes it."""
    return f"{value:.{decimals}f}".replace(".", ",")


NO_PAUSE = at_most(1, "aucune pause (≤ 1 s)")

LINES = (
    Line("mémoire, tout en marche", "memory_bytes", GIGABYTES, at_most(0.8e9, "≤ 0,8 Go")),
    Line("de la commande à la première réponse", "start_seconds", SECONDS, at_most(12, "≤ 12 s")),
    Line("temps de réponse médian, une personne", "latency_median_seconds", MILLISECONDS, ratio_at_most(0.5)),
    Line("temps de réponse, 95ᵉ centile", "latency_p95_seconds", MILLISECONDS, ratio_at_most(0.5)),
    Line("réponses par seconde, 2 personnes", "answers_per_second_2", RATE, ratio_at_least(3)),
    Line("réponses par seconde, 8 personnes", "answers_per_second_8", RATE, ratio_at_least(3)),
    Line("entraînement (¹)", "train_seconds", SECONDS, at_most(40, "≤ 40 s")),
    Line("plus longue attente pendant un entraînement", "longest_wait_seconds", SECONDS, NO_PAUSE),
    Line("environnement sur le disque", "environment_bytes", GIGABYTES, at_most(1.1e9, "≤ 1,1 Go")),
    Line("modèle entraîné", "model_bytes", MEGABYTES),
)


def render_table(stock: Measures, ours: Measures) -> str:
    """The table of DESIGN's promises: promised, stock, ours, ratio, kept."""
    rows = ["| | promesse | Rasa d’origine | ce projet | rapport | tenue |", "|---|---|---|---|---|---|"]
    for line in LINES:
        theirs, mine = summarize(stock.values[line.key]), summarize(ours.values[line.key])
        ratio = f"{format_number(mine.median / theirs.median, 2)} ×"
        promised, kept = _judge(line.limit, theirs.median, mine.median)
        cells = [line.title, promised, line.unit.format(theirs), line.unit.format(mine), ratio, kept]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def render_section(
    stock: Measures, ours: Measures, machine: Machine, command: str, today: date, epochs: int = 100
) -> str:
    """The whole section: where and when, the table, how to read it, versions, the command."""
    return "\n\n".join(
        [
            "## Rapidité et poids, à côté de Rasa d’origine",
            f"{today.isoformat()} · {_format_machine(machine)}",
            render_table(stock, ours),
            _explain(stock, ours, epochs),
            f"* Rasa d’origine : {_format_versions(stock.versions)}\n* ce projet : {_format_versions(ours.versions)}",
            f"Pour refaire ces mesures : `{command}`",
        ]
    )


def write_section(path: Path, name: str, section: str) -> None:
    """Replace the section `name` of the file, or add it at the end; the other sections stay as they are."""
    opening, closing = f"<!-- {name} : début -->", f"<!-- {name} : fin -->"
    text = path.read_text(encoding="utf-8") if path.exists() else TITLE
    block = f"{opening}\n{section}\n{closing}"
    before, found, rest = text.partition(opening)
    after = rest.partition(closing)[2] if found else "\n"
    kept = before if found else f"{text.rstrip()}\n\n"
    path.write_text(f"{kept}{block}{after}", encoding="utf-8")


def _judge(limit: Limit | None, stock: float, ours: float) -> tuple[str, str]:
    if limit is None:
        return "–", "–"
    return limit.text, "oui" if limit.is_kept(stock, ours) else "**non**"


def _explain(stock: Measures, ours: Measures, epochs: int) -> str:
    runs, trainings = len(ours.values["start_seconds"]), len(stock.values["train_seconds"])
    return f"""\
Médiane de {runs} essais ({trainings} pour l’entraînement de Rasa d’origine) ; entre parenthèses, le plus bas et le plus
haut. Un côté après l’autre, par HTTP, sur la même machine, avec les mêmes exemples d’entraînement et les mêmes
conversations. Mémoire : somme des PSS de tous les processus, après la charge. Rapport : ce projet ÷ Rasa d’origine.

(¹) Pour Rasa d’origine, `rasa train` seul, avec {epochs} époques pour DIET et TED (100 à l’origine : le temps
d’entraînement est à peu près proportionnel, le reste n’en dépend pas) ; pour ce projet, entraîner, évaluer,
comparer à la version publiée et publier.

Messages envoyés : {stock.messages} à Rasa d’origine, {ours.messages} à ce projet ; restés sans réponse :
{stock.lost} et {ours.lost}."""


def _format_machine(machine: Machine) -> str:
    return (
        f"{machine.cores} cœurs {machine.processor}, {format_number(machine.memory / 1e9, 0)} Go de mémoire, "
        f"{machine.system}, Python {machine.python} · "
        f"charge avant les mesures : {format_number(machine.load, 2)}"
    )


def _format_versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
