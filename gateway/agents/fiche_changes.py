"""What changed between two texts, line by line, as people read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from itertools import groupby

CONTEXT = 1  # unchanged lines shown around a change


@dataclass(frozen=True)
class Line:
    """One line: `kind` is "added", "removed", "same", or "skipped" for the unchanged lines left out."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[Line]:
    """The lines that changed from one text to the other, with the lines around them."""
    marks = {"+": "added", "-": "removed", " ": "same"}
    compared = [line for line in ndiff(old.splitlines(), new.splitlines()) if line[0] != "?"]
    lines = [Line(marks[line[0]], line[2:]) for line in compared]
    return list(_shorten(lines))


def _shorten(lines: list[Line]) -> Iterator[Line]:
    for is_same, group in groupby(lines, key=lambda line: line.kind == "same"):
        run = list(group)
        if not is_same or len(run) <= 2 * CONTEXT + 1:
            yield from run
        else:
            yield from run[:CONTEXT]
            yield Line("skipped", "…")
            yield from run[-CONTEXT:]
