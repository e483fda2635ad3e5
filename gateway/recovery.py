"""What the start does after a bad end: looks at the databases, sets a damaged one aside, takes from it what it can.

Only SQLite files: PostgreSQL looks after its own. Whatever is done is said, in French, on the terminal and in the
console's journal.
"""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import JSON, Table, func, select
from sqlalchemy.engine import make_url

from gateway import texts
from gateway.agents.accounts import staff
from gateway.agents.journal import insert_note
from gateway.database import Database, metadata
from gateway.presence import Arrival
from gateway.resident_requests import requests
from gateway.settings import Settings
from gateway.store import sessions

TRACKER_FILE = "tracker.db"
ASIDE = "damaged-"
# What a restoration took the place of.
REPLACED = "replaced-"
# Where a backup is taken out, before it is believed.
RESTORING = ".restore-"
# Both are kept for whoever wants them back, then forgotten like everything else.
ASIDE_DAYS = 7
DONE = "done"
COMPANIONS = ("", "-wal", "-shm")
WHO = "service"
ACTION = "Base abîmée mise de côté"
CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass
class Recovery:
    """What was found before the start: whether the last run was cut, the damaged files (name → folder)."""

    aside: dict[str, Path] = field(default_factory=dict)
    is_cut: bool = False


def set_damaged_aside(settings: Settings, arrival: Arrival) -> Recovery:
    """Look at the databases before anybody opens them; a damaged one leaves its place. Raises OSError."""
    found = Recovery(is_cut=arrival.cut > 0)
    if not arrival.is_alone:
        return found
    for path in (sqlite_file(settings.database_url), settings.var / TRACKER_FILE):
        if path is not None and is_damaged(path):
            found.aside[path.name] = _set_aside(path, settings.var)
        elif path is not None:
            # Set aside by a start that was cut before it had taken anything back.
            for folder in settings.var.glob(f"{ASIDE}*"):
                if (folder / path.name).exists() and not (folder / DONE).exists():
                    found.aside[path.name] = folder
    return found


def take_back(settings: Settings, recovery: Recovery, database: Database) -> list[str]:
    """Copy what can be read of a damaged application database into the new one; returns what there is to say.

    Raises Unavailable, OSError or sqlite3.Error.
    """
    said = []
    path, aside = sqlite_file(settings.database_url), recovery.aside
    if path is not None and path.name in aside:
        is_partial = salvage(aside[path.name] / path.name, path)
        said.append(texts.database_set_aside(path.name, aside[path.name], count_kept(database), is_partial))
    if TRACKER_FILE in aside:
        said.append(texts.tracker_set_aside(TRACKER_FILE, aside[TRACKER_FILE]))
    for name, folder in aside.items():
        with database.writing() as db:
            insert_note(db, WHO, ACTION, name, folder.name)
        (folder / DONE).touch()
    if recovery.is_cut and not aside:
        said.append(texts.was_cut(count_kept(database)))
    return said


def is_damaged(path: Path) -> bool:
    """Whether a SQLite file is not what SQLite wrote; False when it is not there, or cannot be looked at now."""
    if not path.exists():
        return False
    if path.stat().st_size == 0:
        return True
    try:
        with closing(_open(path)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in CORRUPT


def salvage(damaged: Path, fresh: Path) -> bool:
    """Copy every readable row of a damaged file into a fresh database; whether some rows were not."""
    lost = False
    with closing(_open(damaged)) as source, closing(sqlite3.connect(fresh, isolation_level=None)) as target:
        # Otherwise SQLite does not even open a file that is shorter than it should be.
        source.execute("PRAGMA writable_schema = ON")
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN IMMEDIATE")
        for table in metadata.sorted_tables:
            columns = _shared_columns(source, table)
            if not columns:
                lost = True
                continue
            rows = _Rows(source, table, columns)
            marks = ", ".join("?" * len(columns))
            into = f"INSERT OR IGNORE INTO {table.name} ({_names(columns)}) VALUES ({marks})"
            target.executemany(into, rows)
            lost = lost or rows.is_cut
        lost = _drop_orphans(target) or lost
        target.execute("COMMIT")
    return lost


def count_kept(database: Database) -> dict[str, int]:
    """How much of what matters is there."""
    with database.reading() as db:
        return {
            name: int(db.execute(select(func.count()).select_from(table)).scalar() or 0)
            for name, table in (("conversations", sessions), ("demandes", requests), ("comptes", staff))
        }


def purge_aside(var: Path, now: float | None = None) -> int:
    """Remove what was set aside more than ASIDE_DAYS ago; returns how many folders."""
    limit = (time.time() if now is None else now) - ASIDE_DAYS * 86400
    folders = [folder for kind in (ASIDE, REPLACED, RESTORING) for folder in var.glob(f"{kind}*") if folder.is_dir()]
    old = [folder for folder in folders if folder.stat().st_mtime < limit]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


class _Rows:
    """The rows of a table that can be read, from its first one down to a bad page, then from its last one up to it."""

    def __init__(self, source: sqlite3.Connection, table: Table, columns: Sequence[str]) -> None:
        self._source = source
        self._table = table.name
        self._columns = columns
        self._json = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, JSON)]
        self.is_cut = False

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        last = None
        for number, row in self._scan("ASC"):
            last = number
            yield row
        if not self.is_cut:
            return
        for number, row in self._scan("DESC"):
            if last is not None and number <= last:
                return
            yield row

    def _scan(self, order: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        query = f"SELECT rowid, {_names(self._columns)} FROM {self._table} ORDER BY rowid {order}"
        try:
            cursor = self._source.execute(query)
            while (found := cursor.fetchone()) is not None:
                if self._is_whole(found[1:]):
                    yield found[0], found[1:]
                else:
                    self.is_cut = True
        except sqlite3.DatabaseError:
            self.is_cut = True

    def _is_whole(self, row: tuple[Any, ...]) -> bool:
        try:
            for place in self._json:
                json.loads(row[place])
        except (ValueError, TypeError):
            return False
        return True


def _shared_columns(source: sqlite3.Connection, table: Table) -> list[str]:
    try:
        there = {row[1] for row in source.execute(f"PRAGMA table_info({table.name})")}
    except sqlite3.DatabaseError:
        return []
    return [column.name for column in table.columns if column.name in there]


def _drop_orphans(target: sqlite3.Connection) -> bool:
    """Delete the rows whose parent could not be read; whether there were any."""
    dropped = False
    while orphans := target.execute("PRAGMA foreign_key_check").fetchall():
        dropped = True
        for name, number, _parent, _key in orphans:
            target.execute(f"DELETE FROM {name} WHERE rowid = ?", [number])
    return dropped


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _set_aside(path: Path, var: Path) -> Path:
    folder = var / f"{ASIDE}{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    folder.mkdir(mode=0o700, exist_ok=True)
    # The log written ahead goes along: it belongs to that file, and would spoil the next one.
    for companion in COMPANIONS[::-1]:
        part = path.with_name(path.name + companion)
        if part.exists():
            os.replace(part, folder / part.name)
    return folder


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for another database."""
    made = make_url(url)
    return Path(made.database) if made.get_backend_name() == "sqlite" and made.database else None


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=1)
