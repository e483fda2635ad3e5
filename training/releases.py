"""Releases: one immutable folder each.

`models/<id>/` holds the Rasa model, the content it was trained from, its evaluation, and a manifest with the hash of
each part. `models/current` is a symbolic link to the published one (`training.publication` sets it).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training.files import read_json, write_json

CURRENT = "current"
MANIFEST_FILE = "manifest.json"
EVALUATION_FILE = "evaluation.json"
MODEL_FILE = "model.tar.gz"
# What a release is trained from: it answers from its own copy, whatever happens to the working folder.
CONTENT_PARTS = ("data", "config.yml", "domain.yml")
# Where the model keeps the lines that it fitted between « sure », « ask » and « don't know ».
_THRESHOLDS = "/decision.json"
_ID = re.compile(r"^\d{8}-\d{6}-[0-9a-f]{4}$")
_UNFINISHED = ".unfinished-"
UNFINISHED = f"{_UNFINISHED}*"


class ReleaseError(Exception):
    """Something is wrong with a release; the message is in French and says what to do."""


@dataclass(frozen=True)
class Manifest:
    """Who made a release, when (ISO, UTC), why, from which one; `hashes`: part → SHA-256.

    `thresholds` are those of its model, to be read; `exam` and `evaluation` are the SHA-256 of the questions it was
    examined with and of the file of its results, None as long as it was not.
    """

    id: str
    made_by: str
    made_at: str
    reason: str
    parent: str | None
    hashes: dict[str, str]
    thresholds: dict[str, Any] = field(default_factory=dict)
    exam: str | None = None
    evaluation: str | None = None


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
            thresholds=_read_thresholds(folder / MODEL_FILE),
        )
        write_json(folder / MANIFEST_FILE, asdict(manifest))
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


def check_intact(models: Path, release: str) -> Manifest:
    """The manifest of a release whose every part is as it was made, and which has no other. Raises ReleaseError."""
    manifest, folder = load_manifest(models, release), models / release
    if find_damage(folder) is not None or set(_list_parts(folder)) != set(manifest.hashes):
        raise ReleaseError(f"La version {release} a été modifiée depuis sa création : elle ne peut pas être publiée.")
    return manifest


def find_damage(folder: Path) -> str | None:
    """The first part of a release that is not, byte for byte, what was made; None when all are.

    A folder that `make_release` did not make has no manifest, and nothing to be compared with.
    """
    if not _ID.match(folder.name) and not (folder / MANIFEST_FILE).exists():
        return None
    manifest = read_json(folder / MANIFEST_FILE)
    if manifest is None or not isinstance(manifest.get("hashes"), dict):
        return MANIFEST_FILE
    for part, made in manifest["hashes"].items():
        try:
            is_same = _hash(folder / part) == made
        except OSError:
            is_same = False
        if not is_same:
            return str(part)
    return None


def save_evaluation(models: Path, release: str, evaluation: dict[str, Any]) -> None:
    """Keep the exam's results with the release they belong to; the manifest vouches for them."""
    manifest = load_manifest(models, release)
    write_json(models / release / EVALUATION_FILE, evaluation)
    vouched = replace(manifest, exam=evaluation.get("exam"), evaluation=_hash(models / release / EVALUATION_FILE))
    write_json(models / release / MANIFEST_FILE, asdict(vouched))


def load_evaluation(models: Path, release: str) -> dict[str, Any] | None:
    """The exam's results of a release; None when it was not examined, or when they are not those it got."""
    path, manifest = models / release / EVALUATION_FILE, load_manifest(models, release)
    if not path.is_file() or _hash(path) != manifest.evaluation:
        return None
    evaluation = read_json(path)
    return evaluation if evaluation and evaluation.get("exam") == manifest.exam else None


def remove_unfinished(models: Path) -> None:
    """Clear what a training or a removal that was cut in the middle left behind; only while nobody trains."""
    for folder in models.glob(UNFINISHED):
        shutil.rmtree(folder, ignore_errors=True)


def remove_release(models: Path, release: str) -> None:
    """Remove a release: out of every list in one step, then file by file."""
    aside = models / f"{_UNFINISHED}{load_manifest(models, release).id}"
    os.replace(models / release, aside)
    shutil.rmtree(aside, ignore_errors=True)


def hash_parts(folder: Path) -> dict[str, str]:
    """SHA-256 of each part of a release: the model and what it was trained from."""
    return {part: _hash(folder / part) for part in _list_parts(folder)}


def _list_parts(folder: Path) -> list[str]:
    return [part for part in (MODEL_FILE, *CONTENT_PARTS) if (folder / part).exists()]


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


def _read_thresholds(model: Path) -> dict[str, Any]:
    """The thresholds inside a model; none when it holds none that we know."""
    if not tarfile.is_tarfile(model):
        return {}
    with tarfile.open(model) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(_THRESHOLDS) else None
            if file:
                return dict(json.load(file))
    return {}
