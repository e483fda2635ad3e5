"""A real PostgreSQL, started for the run on a loopback port, and an empty database of it for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg2
import pytest

from knowledge.machine import find_ports

# The server refuses to run as root: there, it runs as the account that Debian's package makes.
ACCOUNT = "postgres"
OPTIONS = ("fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories=")
EMPTY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)
_numbers = count(1)


class PostgresServer:
    """A server of its own, known by its port; everybody on the machine may come in."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._user = ACCOUNT if os.geteuid() == 0 else None
        data = folder / "data"
        if self._user:
            shutil.chown(folder, self._user)
        make = [programs / "initdb", "-D", data, "-U", "allo", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, user=self._user, cwd=folder)
        (self.port,) = find_ports(1)
        settings = [word for option in OPTIONS for word in ("-c", option)]
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(self.port), *settings],
            user=self._user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def url(self, database: str) -> str:
        """The address of a database, as SQLAlchemy and ALLO_DATABASE_URL write it."""
        return f"postgresql+psycopg2://allo@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run SQL outside any transaction."""
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="allo", dbname=database)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def make_database(self) -> str:
        """The address of a new empty database."""
        name = f"allo_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def wait_ready(self, within: float = 30.0) -> None:
        """Wait until it takes connections."""
        deadline = time.monotonic() + within
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg2.OperationalError:
                assert self.process.poll() is None, "PostgreSQL stopped as it started"
                assert time.monotonic() < deadline, "PostgreSQL does not start"
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop it at once."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server; skips where Debian's package is missing, unless CI=true."""
    programs = _find_programs()
    if programs is None:
        missing = "PostgreSQL is missing: apt install postgresql"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    # Not under pytest's own folder, which another account may not enter.
    folder = Path(tempfile.mkdtemp(prefix="allo-postgres-"))
    server = PostgresServer(programs, folder)
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: PostgresServer) -> str:
    """The address of the one database of the run: a new one for each test would be a thousand files each time."""
    return postgres_server.make_database()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_database: str) -> str:
    """The address of a database of a real PostgreSQL, emptied; whoever was still connected is not any more."""
    for statement in EMPTY:
        postgres_server.run(statement, postgres_database.rpartition("/")[2])
    return postgres_database


def _find_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or (os.geteuid() == 0 and ACCOUNT not in {entry.pw_name for entry in pwd.getpwall()}):
        return None
    return found[-1].parent
