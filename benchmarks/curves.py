"""Curves as a picture (SVG): one panel for each measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

ACROSS = 2
PANEL = (5.2, 3.0)


@dataclass(frozen=True)
class Curve:
    """A name and its points (x, y)."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """Curves on the same axes; `x` and `y` say what is measured, units included."""

    title: str
    x: str
    y: str
    curves: Sequence[Curve]
    is_marked: bool = False


def draw_panels(path: Path, panels: Sequence[Panel]) -> None:
    """Write the picture to `path`; heights start at zero, so that what looks flat is flat."""
    across = min(ACROSS, len(panels))
    down = math.ceil(len(panels) / across)
    figure = Figure(figsize=(PANEL[0] * across, PANEL[1] * down), layout="constrained")
    FigureCanvasSVG(figure)
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(down, across, place)
        for curve in panel.curves:
            xs, ys = zip(*curve.points, strict=True)
            axes.plot(xs, ys, label=curve.name, marker="o" if panel.is_marked else None)
        axes.set_title(panel.title, loc="left")
        axes.set_xlabel(panel.x)
        axes.set_ylabel(panel.y)
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        if len(panel.curves) > 1:
            axes.legend(frameon=False)
    # No date and no chance in the file: the same figures give the same picture.
    with rc_context({"svg.hashsalt": "allo", "svg.fonttype": "none"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
