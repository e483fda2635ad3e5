"""The marks of two releases by slice of the exam, worst first: rows for a table, coordinates for a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, LABEL_WIDTH, ROW = 460, 126, 34
BAR = 11
# What the files of the exam are called for people; another one goes by its own name.
NAMES = {
    "clair": "français clair",
    "detresse": "détresse",
    "fausses_alertes": "fausses alertes",
    "hors_sujet": "hors sujet",
    "non_natif": "apprend le français",
    "sans_accents": "sans accents",
    "sms_phonetique": "SMS, phonétique",
    "un_mot": "un mot",
}
_SCALE = WIDTH - LABEL_WIDTH - 60


@dataclass(frozen=True)
class SliceRow:
    """One slice: its name and what it is for people, right answers of `size`, shares 0..1, before and after."""

    name: str
    description: str
    size: int
    right: int
    before: float | None
    after: float
    interval: tuple[float, float]

    @property
    def is_worse(self) -> bool:
        """Whether it loses something."""
        return self.before is not None and self.after < self.before

    @property
    def is_better(self) -> bool:
        """Whether it gains something."""
        return self.before is not None and self.after > self.before


@dataclass(frozen=True)
class Bar:
    """A row of the drawing, in pixels from the top left."""

    row: SliceRow
    y: int
    before: int
    after: int


@dataclass(frozen=True)
class Chart:
    """The drawing: bars from `left`, a line at each `grid` (pixels, percent)."""

    bars: tuple[Bar, ...]
    height: int
    grid: tuple[tuple[int, int], ...]
    width: int = WIDTH
    left: int = LABEL_WIDTH
    thick: int = BAR


def read_rows(before: dict[str, Any] | None, after: dict[str, Any]) -> list[SliceRow]:
    """The slices of an evaluation beside those of another, the weakest first."""
    known = before["slices"] if before else {}
    rows = [
        SliceRow(
            name=NAMES.get(name, name.replace("_", " ")),
            description=str(found.get("description", "")),
            size=found["size"],
            right=found["right"],
            before=known[name]["accuracy"] if name in known else None,
            after=found["accuracy"],
            interval=tuple(found["interval"]),
        )
        for name, found in after["slices"].items()
    ]
    return sorted(rows, key=lambda row: row.after)


def draw(rows: Sequence[SliceRow]) -> Chart:
    """Where each bar goes."""
    bars = tuple(
        Bar(row, number * ROW + 8, round((row.before or 0) * _SCALE), round(row.after * _SCALE))
        for number, row in enumerate(rows)
    )
    grid = tuple((LABEL_WIDTH + round(percent / 100 * _SCALE), percent) for percent in (0, 25, 50, 75, 100))
    return Chart(bars, len(rows) * ROW + 28, grid)
