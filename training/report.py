"""The evaluation as people read it on the command line, in French."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from training.evaluate import (
    SliceResult,
    count_false_alerts,
    count_false_sure,
    count_missed_alerts,
    interval,
    list_confusions,
    summarize,
)

MOST_CONFUSIONS = 12


def print_evaluation(console: Console, results: Sequence[SliceResult], with_faults: bool) -> None:
    """Print the slices, the worst first, what is asked back or sent away, the alerts and the confusions."""
    console.print(_slices_table(results))
    console.print(
        f"Hors sujet avec une réponse affirmée : {count_false_sure(results)} · détresses sans le bon numéro : "
        f"{count_missed_alerts(results)} · fausses alertes : {count_false_alerts(results)}"
    )
    confusions = list_confusions(results).most_common(MOST_CONFUSIONS)
    if confusions:
        console.print("Confusions : " + " · ".join(f"{a} → {b} ({n})" for (a, b), n in confusions))
    if with_faults:
        _print_faults(console, results)


def _slices_table(results: Sequence[SliceResult]) -> Table:
    table = Table(title="L’examen, de la tranche la plus faible à la plus forte")
    for heading in ("tranche", "justes", "%", "intervalle à 95 %", "sûr", "demande", "ne sait pas"):
        table.add_column(heading, justify="left" if heading == "tranche" else "right")
    summary = summarize(results)["slices"]
    for result in results:
        low, high = interval(result.right, result.size)
        outcomes = summary[result.name]["outcomes"]
        table.add_row(
            result.name,
            f"{result.right}/{result.size}",
            f"{100 * result.accuracy:.1f}",
            f"{100 * low:.0f}–{100 * high:.0f}",
            *(str(outcomes.get(outcome, 0)) for outcome in ("sûr", "demande", "ne sait pas")),
        )
    return table


def _print_faults(console: Console, results: Sequence[SliceResult]) -> None:
    for result in results:
        for mark in result.marks:
            if not mark.is_right:
                message = f"{result.name} : « {mark.expected.message} » — {' ; '.join(mark.faults)}"
                console.print(message, markup=False, highlight=False)
