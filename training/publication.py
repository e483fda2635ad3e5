"""What residents get: publishing through the gate, going back, the log of both, and which old releases are kept.

`models/current` is replaced in one step, so there is never half a publication; `models/publications.jsonl` says what
was published, when, by whom and why. There is no other door: a caller who has a release and no verdict has nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training import gate, locks
from training.exam import EXAM_FOLDER, exam_hash
from training.releases import (
    CURRENT,
    Manifest,
    ReleaseError,
    check_intact,
    current_id,
    list_releases,
    load_evaluation,
    load_manifest,
    remove_release,
)

LOG_FILE = "publications.jsonl"
PUBLISHED, ROLLED_BACK = "publication", "retour"
KEEP = 20
# The one that answers, and those that one would go back to.
ALWAYS_KEPT = 4


class Refused(ReleaseError):
    """The gate said no; the message is its sentence."""


class NotExamined(ReleaseError):
    """The gate cannot tell: an exam has to be taken first; `release` is the one that has to."""

    def __init__(self, release: str) -> None:
        super().__init__(
            f"La version {release} n’a pas passé l’examen d’aujourd’hui : `python -m training evaluate {release}`."
        )
        self.release = release


@dataclass(frozen=True)
class Publication:
    """One line of the log: `at` is ISO, UTC; `kind` is PUBLISHED or ROLLED_BACK."""

    release: str
    at: str
    by: str
    reason: str
    kind: str
    replaced: str | None


def judge(models: Path, project: Path, release: str) -> gate.Verdict:
    """What the gate says of a release today, on the questions of the working folder. Raises NotExamined."""
    exam = exam_hash(project / EXAM_FOLDER)
    found = _evaluation_for(models, release, exam)
    published = current_id(models)
    before = _evaluation_for(models, published, exam) if published and published != release else None
    return gate.judge(found, before)


def publish(models: Path, project: Path, release: str, by: str, reason: str) -> gate.Verdict:
    """Publish a release that the gate lets through. Raises ReleaseError (Refused, NotExamined) or Busy."""
    load_manifest(models, release)
    with locks.exclusive(models, locks.PUBLICATION, by):
        check_intact(models, release)
        verdict = judge(models, project, release)
        if not verdict.is_open:
            raise Refused(verdict.sentence)
        if release != current_id(models):
            _switch(models, release, by, reason, PUBLISHED)
    return verdict


def rollback(models: Path, release: str, by: str, reason: str) -> None:
    """Go back to a release that was published before. Raises ReleaseError or Busy.

    Model, content, thresholds and answers are one folder, whose hashes are proven to be those of its manifest. The
    gate has nothing to say: it opened to this release before, and going back must work on a bad day.
    """
    load_manifest(models, release)
    if not reason.strip():
        raise ReleaseError("Dites en quelques mots pourquoi vous revenez à cette version.")
    with locks.exclusive(models, locks.PUBLICATION, by):
        if release == current_id(models):
            raise ReleaseError(f"La version {release} est déjà celle qui répond.")
        if release not in {line.release for line in read_log(models)}:
            raise ReleaseError(f"La version {release} n’a jamais été publiée : elle doit passer l’examen d’abord.")
        check_intact(models, release)
        _switch(models, release, by, reason.strip(), ROLLED_BACK)


def read_log(models: Path) -> list[Publication]:
    """Every publication and every return, the oldest first."""
    try:
        lines = (models / LOG_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Publication(**content) for content in map(_read_line, lines) if content]


def answerable(models: Path) -> list[Path]:
    """The folders one may answer from: the published release, then those that were published before it, last first."""
    link = models / CURRENT
    names = [link.resolve().name] * link.is_dir() + [line.release for line in reversed(read_log(models))]
    return [models / name for name in dict.fromkeys(names) if (models / name).is_dir()]


def prune(models: Path, keep: int, by: str) -> list[str]:
    """Remove the oldest releases beyond `keep`; returns their ids. Raises Busy.

    The published one and the last that were published before it stay, however old they are.
    """
    with locks.exclusive(models, locks.PUBLICATION, by):
        kept = _always_kept(models)
        old = [manifest.id for manifest in list_releases(models)[keep:] if manifest.id not in kept]
        for release in old:
            remove_release(models, release)
    return old


def choose(models: Path, release: str | None) -> Manifest:
    """The release that is named, else the newest. Raises ReleaseError."""
    if release:
        return load_manifest(models, release)
    known = list_releases(models)
    if not known:
        raise ReleaseError("Il n’y a encore aucune version. Entraînez-en une : python -m training train")
    return known[0]


def _evaluation_for(models: Path, release: str, exam: str) -> dict[str, Any]:
    evaluation = load_evaluation(models, release)
    if evaluation is None or evaluation["exam"] != exam:
        raise NotExamined(release)
    return evaluation


def _switch(models: Path, release: str, by: str, reason: str, kind: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    # Written first: what cannot be written down is not done.
    _append(models / LOG_FILE, Publication(release, now, by, reason, kind, current_id(models)))
    point_to(models, release)


def point_to(models: Path, release: str) -> None:
    """Make a release the published one in one step: for a publication, and for a backup that knows which one was."""
    for left in models.glob(f".{CURRENT}-*"):
        left.unlink()
    link = models / f".{CURRENT}-{secrets.token_hex(4)}"
    link.symlink_to(release)
    os.replace(link, models / CURRENT)


def _append(path: Path, line: Publication) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * _is_cut(path) + json.dumps(asdict(line), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _is_cut(path: Path) -> bool:
    """Whether the last line was cut by a full disk: the next one must not stick to it."""
    return path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")


def _read_line(line: str) -> dict[str, Any] | None:
    try:
        return dict(json.loads(line))
    except ValueError:
        return None


def _always_kept(models: Path) -> set[str | None]:
    recent: list[str] = []
    for line in reversed(read_log(models)):
        if line.release not in recent:
            recent.append(line.release)
    return {current_id(models), *recent[:ALWAYS_KEPT]}
