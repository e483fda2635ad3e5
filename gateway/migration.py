"""The schema of the application database, brought to what this code expects, version after version.

A version is a file of `migrations/versions/`, numbered. Nothing of alembic is imported when there is nothing to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

FOLDER = Path(__file__).parent / "migrations"
VERSIONS = tuple(sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py")))
LATEST = VERSIONS[-1]
# Any number that all gateways agree on.
LOCK = 4_610_117
WAIT = 600_000  # milliseconds for another gateway to end its upgrade of a SQLite file


class NewerDatabase(Exception):
    """The database was upgraded by a newer release than this one, which would not know what it holds."""


def upgrade(engine: Engine) -> None:
    """Bring the database to the latest version, all of it or nothing; raises NewerDatabase.

    Several gateways may start at once: one does it, the others wait for it.
    """
    with engine.connect() as db:
        if _version(db) == LATEST:
            return
    with _alone(engine) as db:
        if _version(db) != LATEST:
            _apply(db)


def _version(db: Connection) -> str | None:
    """The version of the schema; None when nothing tells. Raises NewerDatabase."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in VERSIONS:
        raise NewerDatabase(found)
    return found


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction in which no other gateway upgrades."""
    with engine.connect() as connection:
        db = connection.execution_options(allo_writes=True)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(db)
        with db.begin():
            if engine.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield db


def _prepare_sqlite(db: Connection) -> None:
    raw = db.connection.dbapi_connection
    # To change a column, SQLite copies the table and drops the old one: the rows that refer to it must not go with it.
    for pragma in ("foreign_keys = OFF", f"busy_timeout = {WAIT}"):
        raw.execute(f"PRAGMA {pragma}").fetchall()
    # Closed at the end instead of going back to the pool with these settings.
    db.detach()


def _apply(db: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(FOLDER))
    command.upgrade(config, LATEST)
