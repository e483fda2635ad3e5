"""What the exam of the published release says, as the page « à propos » shows it: worst slice first."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.releases import ReleaseError, load_evaluation

LABELS = {
    "clair": "Questions écrites clairement",
    "sans_accents": "Questions sans accents",
    "sms_phonetique": "SMS, fautes et écriture comme on parle",
    "un_mot": "Un ou deux mots",
    "non_natif": "Français de personnes qui l’apprennent",
    "vocal": "Longs messages dictés",
    "langues": "Autres langues",
    "hors_sujet": "Questions sur autre chose",
    "detresse": "Détresse et urgences",
    "fausses_alertes": "Exagérations, qui ne sont pas des urgences",
    "hostile": "Messages piégés",
    "suivis": "Conversations de plusieurs messages",
    "dialogue": "Politesses et questions sur l’assistant",
}


_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError)


@dataclass(frozen=True)
class SliceScore:
    """One kind of question: how many were asked, how many were answered right, the 95 % interval (0 to 100)."""

    label: str
    right: int
    size: int
    low: float
    high: float

    @property
    def percent(self) -> float:
        """Share of right answers, 0 to 100."""
        return 100 * self.right / self.size


@dataclass(frozen=True)
class Quality:
    """The exam of a release: its slices, worst first, and its gravest faults counted."""

    slices: tuple[SliceScore, ...]
    missed_alerts: int
    false_alerts: int
    false_sure: int

    @property
    def right(self) -> int:
        """Right answers in all slices."""
        return sum(part.right for part in self.slices)

    @property
    def size(self) -> int:
        """Questions in all slices."""
        return sum(part.size for part in self.slices)


def load_quality(models: Path, release: str) -> Quality | None:
    """The exam of a release; None when it took none, or when the file is not what it got or cannot be used."""
    try:
        evaluation = load_evaluation(models, release) if release else None
        return _read(evaluation) if evaluation else None
    except (ReleaseError, OSError, *_MALFORMED):
        return None


def _read(evaluation: dict[str, Any]) -> Quality | None:
    slices = [_read_slice(name, values) for name, values in evaluation["slices"].items()]
    if not slices:
        return None
    return Quality(
        tuple(sorted(slices, key=lambda part: part.percent)),
        int(evaluation["missed_alerts"]),
        int(evaluation["false_alerts"]),
        int(evaluation["false_sure_off_topic"]),
    )


def _read_slice(name: str, values: dict[str, Any]) -> SliceScore:
    low, high = values["interval"]
    label = LABELS.get(name, name.replace("_", " "))
    return SliceScore(label, int(values["right"]), int(values["size"]), 100 * float(low), 100 * float(high))
