"""Releases: one immutable folder each, and a link to the published one.

`models/<id>/` holds the Rasa model, the content it was trained from, its evaluation, and a manifest with the hash of
each part. `models/current` is a symbolic link, replaced in one step.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

CURRENT = "current"
MANIFEST_FILE = "manifest.json"
EVALUATION_FILE = "evaluation.json"
MODEL_FILE = "model.tar.gz"
# What a release is trained from: it answers from its own copy, whatever happens to the working folder.
CONTENT_PARTS = ("data", "config.yml", "domain.yml")
_ID = re.compile(r"^\d{8}-\d{6}-[0-9a-f]{4}$")
_UNFINISHED = ".unfinished-"


class ReleaseError(Exception):
    """Something is wrong with a release; the message is in French and says what to do."""


@dataclass(frozen=True)
class Manifest:
    """Who made a release, when (ISO, UTC), why, from which one; `hashes`: part → SHA-256."""

    id: str
    made_by: str
    made_at: str
    reason: str
    parent: str | None
    hashes: dict[str, str]


def make_release(models: Path, project: Path, made_by: str, reason: str, train: Callable[[Path], None]) -> Manifest:
    """Make a release: copy the content of `project`, train on the copy, write the manifest, then give it its name.

    `train` receives the release's folder and writes `model.tar.gz` in it. Whatever it raises goes through
    (ReleaseError when it writes nothing), and nothing is left behind.
    """
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    with _unfinished_folder(models, name) as folder:
        for part in CONTENT_PARTS:
            _copy(project / part, folder / part)
        train(folder)
        if not (folder / MODEL_FILE).is_file():
            raise ReleaseError("L’entraînement n’a pas donné de modèle : rien n’a changé.")
        manifest = Manifest(
            id=name,
            made_by=made_by,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            reason=reason,
            parent=current_id(models),
            hashes=hash_parts(folder),
        )
        _write_json(folder / MANIFEST_FILE, asdict(manifest))
        os.replace(folder, models / name)
    return manifest


def load_manifest(models: Path, release: str) -> Manifest:
    """The manifest of a release. Raises ReleaseError when there is no such release."""
    if not _ID.match(release) or not (models / release / MANIFEST_FILE).is_file():
        raise ReleaseError(
            f"La version « {release} » n’existe pas. `python -m training list` donne celles qui existent."
        )
    return Manifest(**json.loads((models / release / MANIFEST_FILE).read_text(encoding="utf-8")))


def list_releases(models: Path) -> list[Manifest]:
    """Every finished release, the newest first."""
    names = sorted((path.name for path in models.glob(f"*/{MANIFEST_FILE}") for path in [path.parent]), reverse=True)
    return [load_manifest(models, name) for name in names if _ID.match(name)]


def current_id(models: Path) -> str | None:
    """The published release, or None before the first publication."""
    link = models / CURRENT
    return link.resolve().name if link.is_symlink() and link.exists() else None


def publish(models: Path, release: str) -> None:
    """Make a release the published one, in one step. Raises ReleaseError when it is damaged."""
    manifest = load_manifest(models, release)
    changed = [part for part, digest in hash_parts(models / release).items() if manifest.hashes.get(part) != digest]
    if changed or set(manifest.hashes) - set(hash_parts(models / release)):
        raise ReleaseError(f"La version {release} a été modifiée depuis sa création : elle ne peut pas être publiée.")
    link = models / f".{CURRENT}-{secrets.token_hex(4)}"
    link.symlink_to(release)
    os.replace(link, models / CURRENT)


def save_evaluation(models: Path, release: str, evaluation: dict[str, object]) -> None:
    """Keep the exam's results beside the release they belong to."""
    _write_json(models / release / EVALUATION_FILE, evaluation)


def load_evaluation(models: Path, release: str) -> dict[str, object] | None:
    """The exam's results of a release, or None when it was not evaluated."""
    path = models / release / EVALUATION_FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def hash_parts(folder: Path) -> dict[str, str]:
    """SHA-256 of each part of a release: the model and what it was trained from."""
    parts = [part for part in (MODEL_FILE, *CONTENT_PARTS) if (folder / part).exists()]
    return {part: _hash(folder / part) for part in parts}


@contextmanager
def _unfinished_folder(models: Path, name: str) -> Iterator[Path]:
    models.mkdir(parents=True, exist_ok=True)
    folder = models / f"{_UNFINISHED}{name}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(file.relative_to(path.parent).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
