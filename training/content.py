"""What differs between two contents: files added, changed, removed, line by line; and taking an old content back."""

from __future__ import annotations

import difflib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from training import locks
from training.releases import CONTENT_PARTS, check_intact

ADDED, CHANGED, REMOVED = "ajouté", "modifié", "retiré"
DATA = "data"
ASIDE_FOLDER = "brouillons"
MOST_ASIDE = 20
# Of one file, lines shown at most.
MOST_LINES = 200
_TITLE = re.compile(r"^titre:\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class FileChange:
    """One file that differs: its path, its title for people, ADDED, CHANGED or REMOVED, and its lines (sign, text).

    Signs are those of a diff: « + », « - », « » for a line around, « … » between two places.
    """

    path: str
    title: str
    kind: str
    lines: tuple[tuple[str, str], ...]


def compare_contents(before: Path, after: Path) -> list[FileChange]:
    """The files of a content (data, config, domain) that differ from one folder to another, in order."""
    old, new = _read_files(before), _read_files(after)
    changed = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return [_compare_file(path, old.get(path), new.get(path)) for path in changed]


def compare_texts(path: str, before: str, after: str, kind: str = CHANGED) -> FileChange:
    """How one file went from one text to another."""
    title = _TITLE.search(after or before)
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[3:]
    shown = [("…", "") if line.startswith("@@") else (line[:1].strip(), line[1:]) for line in lines]
    return FileChange(path, title[1].strip("\"'") if title else path, kind, tuple(shown[:MOST_LINES]))


def take_back(models: Path, project: Path, release: str, by: str) -> str:
    """Make the content of a release the working one again; returns the name of what is set aside.

    The present working content is kept whole in `models/brouillons/`. Raises ReleaseError, Busy or OSError; the
    working folder is then as it was.
    """
    check_intact(models, release)
    with locks.exclusive(models, locks.TRAINING, by):
        return _replace_data(models, project, models / release / DATA)


def take_back_aside(models: Path, project: Path, name: str, by: str) -> str | None:
    """Make a content that was set aside the working one again, the present one aside; None when there is no such."""
    if name not in list_aside(models):
        return None
    with locks.exclusive(models, locks.TRAINING, by):
        return _replace_data(models, project, models / ASIDE_FOLDER / name / DATA)


def list_aside(models: Path) -> list[str]:
    """The names of the contents that were set aside, the newest first."""
    return sorted((path.name for path in models.glob(f"{ASIDE_FOLDER}/*") if (path / DATA).is_dir()), reverse=True)


def _replace_data(models: Path, project: Path, source: Path) -> str:
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    coming, leaving = project / f".{DATA}-{name}", project / f".{DATA}-{name}-avant"
    aside = models / ASIDE_FOLDER / name
    try:
        # All that can fail for lack of room comes before the working folder is touched.
        shutil.copytree(project / DATA, aside / DATA)
        shutil.copytree(source, coming)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(coming, ignore_errors=True)
        raise
    os.replace(project / DATA, leaving)
    os.replace(coming, project / DATA)
    shutil.rmtree(leaving, ignore_errors=True)
    for old in list_aside(models)[MOST_ASIDE:]:
        shutil.rmtree(models / ASIDE_FOLDER / old, ignore_errors=True)
    return name


def _read_files(folder: Path) -> dict[str, bytes]:
    paths = [path for part in CONTENT_PARTS for path in (folder / part, *sorted((folder / part).rglob("*")))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def _compare_file(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    old, new = _decode(before), _decode(after)
    kind = ADDED if before is None else REMOVED if after is None else CHANGED
    return compare_texts(path, old, new, kind)


def _decode(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "replace")
