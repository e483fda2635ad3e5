"""What the figures of a period say, ready to be drawn: sums, shares, and the order in which they matter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.figures import DailyFigure
from gateway.incoming import VERDICTS

# What became of a question, best first.
OUTCOMES = {"answer": "Répondues", "clarify": "Demande de préciser", "fallback": "Sujet inconnu"}
NOT_ANSWERED = ("clarify", "fallback")
LONG_PERIOD = 92  # days, above which a bar is a week
MOST_SUBJECTS = 15


@dataclass(frozen=True)
class Step:
    """One bar: its first day, and how many questions of each outcome."""

    first: date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All the questions of this bar."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Summary:
    """One period. `subjects` and `unanswered` are (subject, how many), the most asked first."""

    first: date
    last: date
    outcomes: Mapping[str, int]
    verdicts: Mapping[str, int]
    mean_ms: int | None
    steps: Sequence[Step]
    days_per_step: int
    subjects: Sequence[tuple[str, int]]
    unanswered: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return sum(self.outcomes.values())

    def share(self, outcome: str) -> int:
        """The percentage of questions that ended so; 0 when there were none."""
        return round(100 * self.outcomes[outcome] / self.questions) if self.questions else 0


def summarize(figures: Iterable[DailyFigure], first: date, last: date) -> Summary:
    """The summary of a period, both days included."""
    found = list(figures)
    asked = [one for one in found if one.kind in OUTCOMES]
    spent = sum(one.total_ms for one in asked)
    total = sum(one.count for one in asked)
    days_per_step = 7 if (last - first).days + 1 > LONG_PERIOD else 1
    return Summary(
        first=first,
        last=last,
        outcomes={kind: _count(one for one in asked if one.kind == kind) for kind in OUTCOMES},
        verdicts={verdict: _count(one for one in found if one.kind == verdict) for verdict in VERDICTS},
        mean_ms=round(spent / total) if total else None,
        steps=_steps(asked, first, last, days_per_step),
        days_per_step=days_per_step,
        subjects=_ranked((one.subject, one.count) for one in asked if one.kind == "answer"),
        unanswered=_ranked((one.subject, one.count) for one in asked if one.kind in NOT_ANSWERED),
        languages=_ranked((one.language, one.count) for one in asked),
    )


def _steps(asked: Sequence[DailyFigure], first: date, last: date, length: int) -> list[Step]:
    many = (last - first).days // length + 1
    counts: list[Counter[str]] = [Counter(dict.fromkeys(OUTCOMES, 0)) for _ in range(many)]
    for one in asked:
        counts[(one.day - first).days // length][one.kind] += one.count
    return [Step(first + timedelta(days=place * length), dict(counted)) for place, counted in enumerate(counts)]


def _ranked(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for name, count in pairs:
        counted[name] += count
    return [pair for pair in counted.most_common(MOST_SUBJECTS) if pair[0] and pair[1] > 0]


def _count(figures: Iterable[DailyFigure]) -> int:
    return sum(one.count for one in figures)
