"""Everything that would be missed, in one file, and back: `python -m gateway backup FILE`, `restore FILE`.

In it: the databases, the keys, the working content (`data/`, the exam) and the releases that were published. It is
made while the service runs: each database is copied as it is at one moment, a release never changes.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from gateway import texts
from gateway.archive import ArchiveError, Manifest, extract, measure, read_manifest, write_archive
from gateway.database import Database
from gateway.errors import Unavailable
from gateway.presence import is_at_work
from gateway.recovery import COMPANIONS, REPLACED, RESTORING, TRACKER_FILE, count_kept, is_damaged, sqlite_file
from gateway.settings import Settings
from training import locks
from training.content import ASIDE_FOLDER
from training.publication import LOG_FILE, answerable, point_to
from training.releases import CURRENT, current_id, find_damage

DATA, EXAM = "data", "tests/questions"
APP, TRACKER, DUMP = "var/app.db", f"var/{TRACKER_FILE}", "var/database.dump"
WHO = "restauration"
MARGIN = 50_000_000  # bytes that must stay free


class BackupError(Exception):
    """A backup that cannot be made or restored; its text says why, in French, and that nothing has changed."""


def back_up(file: Path, settings: Settings, database: Database) -> Manifest:
    """Write a backup of the service, running or not, and read it back. Raises BackupError."""
    if file.exists():
        raise BackupError(texts.backup_exists(file))
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as staged:
            sources = _gather(settings, Path(staged))
            kind = "sqlite" if sqlite_file(settings.database_url) else "postgresql"
            files = {name: measure(path) for name, path in sources.items()}
            made_at = datetime.now(UTC).isoformat(timespec="seconds")
            current = current_id(settings.models)
            write_archive(file, Manifest(made_at, kind, current, count_kept(database), files), sources)
        # A backup that cannot be read back is none.
        return extract(file, None)
    except (ArchiveError, OSError, sqlite3.Error, Unavailable) as error:
        raise BackupError(texts.backup_failed(_reason(error))) from None


def restore(file: Path, settings: Settings, *, force: bool = False) -> tuple[Manifest, Path | None]:
    """Put a service back as it was; returns what came back, and where what was there is now. Raises BackupError.

    All is taken out and compared with its hash before anything is touched.
    """
    if is_at_work(settings.var):
        raise BackupError(texts.RESTORE_RUNNING)
    try:
        with ExitStack() as stack:
            for name in (locks.TRAINING, locks.PUBLICATION):
                settings.models.mkdir(parents=True, exist_ok=True)
                stack.enter_context(locks.exclusive(settings.models, name, WHO))
            manifest = _check(read_manifest(file), settings)
            there = [path for path in _targets(settings) if path.exists() or path.is_symlink()]
            if there and not force:
                raise BackupError(texts.restore_not_empty(there[0]))
            staged = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=settings.var, prefix=RESTORING)))
            extract(file, staged)
            _check_staged(manifest, staged)
            return manifest, _put_back(manifest, staged, settings, force=force)
    except ArchiveError as error:
        raise BackupError(texts.backup_unreadable(file, str(error))) from None
    except locks.Busy as error:
        raise BackupError(str(error)) from None
    except OSError as error:
        raise BackupError(texts.restore_failed(_reason(error))) from None


def _gather(settings: Settings, staged: Path) -> dict[str, Path]:
    """Everything a backup holds: its name there → a file that does not change any more."""
    sources = dict(_copy_databases(settings, staged))
    sources |= {f"var/{path.name}": path for path in sorted(settings.var.glob("*.key"))}
    for name, folder in (("data", settings.project / DATA), ("questions", settings.project / EXAM)):
        if folder.is_dir():
            # Staff may save a fiche meanwhile.
            shutil.copytree(folder, staged / name)
            sources |= _files_of(staged / name, f"project/{name}")
    for release in answerable(settings.models):
        if find_damage(release) is None:
            sources |= _files_of(release, f"models/{release.name}")
    if (settings.models / LOG_FILE).exists():
        sources[f"models/{LOG_FILE}"] = Path(shutil.copy2(settings.models / LOG_FILE, staged))
    return sources


def _copy_databases(settings: Settings, staged: Path) -> Iterator[tuple[str, Path]]:
    app = sqlite_file(settings.database_url)
    if app is None:
        _run_postgresql(["pg_dump", "--format=custom", f"--file={staged / 'database.dump'}"], settings.database_url)
        yield DUMP, staged / "database.dump"
    for name, path in ((APP, app), (TRACKER, settings.var / TRACKER_FILE)):
        if path is not None and path.exists():
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(staged / Path(name).name)) as copy:
                source.backup(copy)
            yield name, staged / Path(name).name


def _files_of(folder: Path, name: str) -> dict[str, Path]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {f"{name}/{path.relative_to(folder).as_posix()}": path for path in paths}


def _check(manifest: Manifest, settings: Settings) -> Manifest:
    kind = "sqlite" if sqlite_file(settings.database_url) else "postgresql"
    if manifest.database != kind:
        raise BackupError(texts.restore_other_database(manifest.database, kind))
    # Twice: what is taken out, and what is put in place.
    needed = 2 * sum(part.size for part in manifest.files.values()) + MARGIN
    free = shutil.disk_usage(settings.var).free
    if needed > free:
        raise BackupError(texts.restore_no_room(needed // 1_000_000, free // 1_000_000))
    return manifest


def _check_staged(manifest: Manifest, staged: Path) -> None:
    for name in (APP, TRACKER):
        if is_damaged(staged / name):
            raise ArchiveError(f"{name} is damaged")
    if manifest.current is not None:
        release = staged / "models" / Path(manifest.current).name
        if not release.is_dir() or find_damage(release) is not None:
            raise ArchiveError("the published release is damaged")


def _targets(settings: Settings) -> list[Path]:
    """What a restoration replaces: files, and the published release."""
    app = sqlite_file(settings.database_url)
    databases = [path for path in (app, settings.var / TRACKER_FILE) if path is not None]
    return [*databases, *sorted(settings.var.glob("*.key")), settings.models / CURRENT]


def _put_back(manifest: Manifest, staged: Path, settings: Settings, *, force: bool) -> Path | None:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = settings.var / f"{REPLACED}{stamp}"
    app = sqlite_file(settings.database_url)
    if app is None:
        clean = ["--clean", "--if-exists"] if force else []
        command = ["pg_restore", *clean, "--no-owner", "--single-transaction", str(staged / DUMP)]
        _run_postgresql(command, settings.database_url, option="--dbname")
    keys = sorted(path.name for path in (staged / "var").glob("*.key"))
    places = {TRACKER: settings.var / TRACKER_FILE, **{f"var/{name}": settings.var / name for name in keys}}
    if app is not None:
        places[APP] = app
    for name, target in places.items():
        # A log written ahead belongs to the file that leaves.
        for companion in COMPANIONS:
            _move_aside(target.with_name(target.name + companion), aside / target.name)
        if (staged / name).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(staged / name, target)
    _replace_folder(staged / "project" / "data", settings.project / DATA, settings.models / ASIDE_FOLDER / stamp / DATA)
    _replace_folder(staged / "project" / "questions", settings.project / EXAM, aside / "questions")
    _put_back_releases(manifest, staged / "models", settings.models, aside)
    return aside if aside.exists() else None


def _put_back_releases(manifest: Manifest, staged: Path, models: Path, aside: Path) -> None:
    for release in sorted(path for path in staged.glob("*") if path.is_dir()):
        if not (models / release.name).exists() or find_damage(models / release.name) is not None:
            _move_aside(models / release.name, aside / "models" / release.name)
            shutil.move(release, models / release.name)
    if (staged / LOG_FILE).exists():
        _move_aside(models / LOG_FILE, aside / LOG_FILE)
        shutil.move(staged / LOG_FILE, models / LOG_FILE)
    if manifest.current is not None:
        point_to(models, manifest.current)


def _replace_folder(coming: Path, target: Path, aside: Path) -> None:
    if coming.is_dir():
        _move_aside(target, aside)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(coming, target)


def _move_aside(path: Path, aside: Path) -> None:
    if path.exists():
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(path, aside.parent / path.name)


def _run_postgresql(command: list[str], url: str, option: str = "--dbname") -> None:
    made = make_url(url)
    address = made.set(drivername="postgresql", password=None).render_as_string()
    environ = {**os.environ, **({"PGPASSWORD": str(made.password)} if made.password else {})}
    try:
        done = subprocess.run([*command, f"{option}={address}"], env=environ, capture_output=True, check=False)
    except FileNotFoundError:
        raise BackupError(texts.postgresql_missing(command[0])) from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BackupError(texts.postgresql_failed(command[0], lines[-1] if lines else str(done.returncode)))


def _reason(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
