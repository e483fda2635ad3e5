"""Releases whose model is a dummy and whose marks are said, for what is drawn and decided from them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training import changes, releases
from training.exam import EXAM_FOLDER, Given, exam_hash

MARKS = {"clair": (9, 10), "sms_phonetique": (6, 10), "hors_sujet": (8, 10)}
Marks = dict[str, tuple[int, int]]


def make_release(models: Path, project: Path, reason: str = "essai", by: str = "bob@ville.example") -> str:
    """A release of the working folder, that has not taken the exam."""
    return releases.make_release(models, project, by, reason, lambda folder: _write_model(folder)).id


def examine(models: Path, project: Path, release: str, marks: Marks | None = None, **wrong: list[str]) -> None:
    """Give a release its marks on the exam of the working folder; `wrong` names messages by slice."""
    found = marks or MARKS
    slices = {name: _slice(*found[name], wrong.get(name, [])) for name in found}
    slices.setdefault("detresse", _slice(5, 5, wrong.get("detresse", [])))
    right = sum(part["right"] for part in slices.values())
    evaluation = {
        "exam": exam_hash(project / EXAM_FOLDER),
        "overall": right / sum(part["size"] for part in slices.values()),
        "worst": min(part["accuracy"] for part in slices.values()),
        "slices": slices,
        "answers": [],
    }
    releases.save_evaluation(models, release, evaluation)


def make_examined(models: Path, project: Path, marks: Marks | None = None, **more: Any) -> str:
    """A release that has taken the exam."""
    release = make_release(models, project, **{key: more.pop(key) for key in ("reason", "by") if key in more})
    examine(models, project, release, marks, **more)
    return release


def examined_as(models: Path, project: Path, release: str, reason: str, marks: Marks) -> str:
    """A release that has taken the exam, under a name and a date of our own."""
    made = make_release(models, project, reason)
    (models / made).rename(models / release)
    manifest = models / release / releases.MANIFEST_FILE
    day = datetime.strptime(release[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"id": release, "made_at": day.isoformat()}))
    examine(models, project, release, marks)
    return release


def make_change(verdict: str, message: str, before: str, after: str, **more: Any) -> changes.Change:
    """One answer that changes."""
    sides = [Given(("answer",), text, ("sujet",)) for text in (before, after)]
    return changes.Change(changes.EXAM, message, message, *sides, verdict, **more)


def _slice(right: int, size: int, wrong: list[str]) -> dict[str, Any]:
    share = right / size
    entries = [{"message": message, "faults": []} for message in wrong]
    return {
        "description": "",
        "size": size,
        "right": right,
        "accuracy": share,
        "interval": [max(share - 0.1, 0), min(share + 0.1, 1)],
        "outcomes": {},
        "wrong": entries,
    }


def _write_model(folder: Path) -> None:
    (folder / releases.MODEL_FILE).write_bytes(b"model of " + str(releases.hash_parts(folder)).encode())
