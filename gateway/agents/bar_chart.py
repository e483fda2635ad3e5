"""Stacked bars as the numbers of an inline SVG: no style, no script; the template draws, the colours are classes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.agents.dashboard import Step

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 220, 44, 24, 10
GAP = 0.25  # of a bar's place
MOST_LABELS = 8


@dataclass(frozen=True)
class Piece:
    """One rectangle; `kind` says its colour, `title` what it counts."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """A label and where it stands, across or up."""

    at: float
    text: str


@dataclass(frozen=True)
class BarChart:
    """A whole chart, in the units of its viewBox."""

    pieces: Sequence[Piece]
    heights: Sequence[Mark]
    labels: Sequence[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


def draw_bars(steps: Sequence[Step]) -> BarChart:
    """One bar for each step, its outcomes one above the other."""
    top = _round_up(max((step.total for step in steps), default=0))
    floor, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    place = (WIDTH - LEFT) / max(1, len(steps))
    pieces = []
    for number, step in enumerate(steps):
        below = 0.0
        for kind, count in step.counts.items():
            tall = room * count / top
            if count:
                x = LEFT + place * (number + GAP / 2)
                y = floor - below - tall
                pieces.append(Piece(kind, round(x, 1), round(y, 1), round(place * (1 - GAP), 1), round(tall, 1)))
            below += tall
    every = math.ceil(len(steps) / MOST_LABELS)
    labels = [
        Mark(round(LEFT + place * (number + 0.5), 1), f"{step.first:%d/%m}")
        for number, step in enumerate(steps)
        if number % every == 0
    ]
    heights = [Mark(round(floor - room * share, 1), str(round(top * share))) for share in (0, 0.5, 1)]
    return BarChart(pieces, heights, labels)


def _round_up(most: int) -> int:
    """The first round even number that is not below: 2, 4, 6, 8, 10, 20, 40…"""
    power = 1
    while True:
        for digit in (2, 4, 6, 8, 10):
            if digit * power >= most:
                return digit * power
        power *= 10
