"""The confusions of the exam as a picture: what was asked, and what was answered instead.

Matplotlib takes a second to import: not before there is something to draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from training.evaluate import OUTCOMES, SliceResult
from training.exam import Mark

FILE = "confusions.svg"
MOST_ROWS = 30
CELL = 0.34
MARGIN = 3.4


def count_answers(results: Iterable[SliceResult]) -> Counter[tuple[str, str]]:
    """(expected subject, what came instead: a subject, « (demande) », « (ne sait pas) ») → how often."""
    marks = (mark for result in results for mark in result.marks if not mark.is_right and mark.expected.subjects)
    return Counter((mark.expected.subjects[0], instead) for mark in marks if (instead := _instead(mark)))


def draw_confusions(path: Path, results: Iterable[SliceResult]) -> bool:
    """Write the picture (SVG) to `path`, the subjects most often missed first; False when there is nothing to draw."""
    counts = count_answers(results)
    if not counts:
        return False
    missed: Counter[str] = Counter()
    for (expected, _), times in counts.items():
        missed[expected] += times
    rows = [subject for subject, _ in missed.most_common(MOST_ROWS)]
    columns = _order_columns({pair: times for pair, times in counts.items() if pair[0] in rows})
    _draw(path, rows, columns, counts)
    return True


def _instead(mark: Mark) -> str | None:
    outcome = OUTCOMES.get(mark.given.kinds[0]) if mark.given.kinds else None
    if outcome in ("demande", "ne sait pas"):
        return f"({outcome})"
    first = mark.given.subjects[0] if mark.given.subjects else None
    return first if first not in mark.expected.subjects else None


def _order_columns(counts: dict[tuple[str, str], int]) -> list[str]:
    """« (demande) » and « (ne sait pas) » first, then subjects, the most often given first."""
    given: Counter[str] = Counter()
    for (_, instead), times in counts.items():
        given[instead] += times
    return sorted(given, key=lambda name: (not name.startswith("("), -given[name], name))


def _draw(path: Path, rows: list[str], columns: list[str], counts: Counter[tuple[str, str]]) -> None:
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    size = (MARGIN + CELL * len(columns), MARGIN + CELL * len(rows))
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    values = [[counts[row, column] for column in columns] for row in rows]
    axes.imshow(values, cmap="Blues", vmin=0, aspect="equal")
    axes.set_xticks(range(len(columns)), columns, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xlabel("ce qui a été répondu")
    axes.set_ylabel("ce qui était attendu")
    axes.set_title("Réponses fausses de l’examen", loc="left")
    axes.spines[:].set_visible(False)
    most = max(map(max, values))
    for down, line in enumerate(values):
        for across, times in enumerate(line):
            if times:
                ink = "white" if times > most / 2 else "black"
                axes.text(across, down, str(times), ha="center", va="center", color=ink, fontsize=9)
    # No date and no chance in the file: the same exam gives the same picture.
    with rc_context({"svg.hashsalt": FILE}):
        figure.savefig(path, format="svg", metadata={"Date": None})
