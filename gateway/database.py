"""The application database itself: how it is opened, read, written and wiped.

Each subject has its own tables and its own class (`store.py` for conversations), on the one `metadata` of this
module; each change of them is a version in `migrations/`. Their methods block, so the web process calls them in a
thread. Times are days: nothing here tells at what hour somebody wrote, nor from where.
"""

import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from gateway.errors import Unavailable
from gateway.migration import upgrade
from gateway.sealing import seal_with

BUSY_TIMEOUT = 5000  # milliseconds
PAUSE = 0.02  # seconds before asking again

metadata = MetaData()

heartbeat = Table(
    "heartbeat", metadata, Column("id", Integer, primary_key=True), Column("beats", Integer, nullable=False)
)


class Database:
    """The database behind one URL. Every method raises Unavailable when it cannot be read or written."""

    def __init__(self, url: str, data_key: str | None = None) -> None:
        """`data_key` (Fernet) opens the sealed columns; without it they can be neither read nor written."""
        with _translated_errors():
            self._engine = _create_engine(url)
        if data_key is not None:
            seal_with(self._engine, data_key)

    def prepare(self) -> None:
        """Bring the tables to what this release expects (`migrations/`); raises NewerDatabase."""
        with _translated_errors():
            upgrade(self._engine)

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()

    def check_writable(self) -> None:
        """Write one number and commit it: the only honest proof that the next turn can be kept."""
        with self.writing() as db:
            # In one statement: two gateways may write the first one.
            beat = insert_or(db, heartbeat).values(id=1, beats=1)
            more = {"beats": heartbeat.c.beats + 1}
            db.execute(beat.on_conflict_do_update(index_elements=["id"], set_=more))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with _translated_errors(), self._engine.connect() as db:
            yield db

    @contextmanager
    def writing(self, alone: str = "") -> Iterator[Connection]:
        """One transaction: all of it is written, or nothing. IntegrityError goes through.

        `alone` names work that no other gateway may be doing meanwhile: it waits. SQLite has one writer anyway.
        """
        with _translated_errors(), self._engine.connect() as db:
            db = db.execution_options(allo_writes=True)
            with db.begin():
                if alone and db.dialect.name == "postgresql":
                    lock = zlib.crc32(f"allo.{alone}".encode())
                    db.execute(select(func.pg_advisory_xact_lock(lock)))
                yield db

    def scrub(self) -> None:
        """Leave no copy of what was erased in SQLite's write-ahead log."""
        if self._engine.dialect.name != "sqlite":
            return
        with _translated_errors(), self._engine.connect() as db:
            raw = db.connection.dbapi_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def insert_or(db: Connection, table: Table) -> Any:
    """An INSERT that can say what happens ON CONFLICT, in the words of this database."""
    return (postgresql if db.dialect.name == "postgresql" else sqlite).insert(table)


def _create_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, future=True, pool_pre_ping=True)
    engine = create_engine(
        url, future=True, poolclass=QueuePool, pool_size=8, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # sqlite3 would otherwise begin transactions by itself, too late to wait for the lock.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT}",
        "synchronous = FULL",
        "foreign_keys = ON",
        # What is erased must not stay readable in the free pages of the file.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    _turn_to_wal(connection)


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Let readers go on while one writes. Raises sqlite3.OperationalError.

    While another gateway writes to a new file, SQLite refuses this at once, whatever the timeout.
    """
    last = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > last:
                raise
            time.sleep(PAUSE)


def _begin_sqlite(db: Connection) -> None:
    # A writer takes the lock at once: one that upgrades later can be refused without any wait.
    writes = db.get_execution_options().get("allo_writes")
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise Unavailable(type(error).__name__) from error
