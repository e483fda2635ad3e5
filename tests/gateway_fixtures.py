"""A gateway on a real SQLite file, with a tiny content and a fake worker in a real process."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gateway_case import DATA_KEY, FAKE_WORKER, QUICK, Clock, Gateway, StartGateway, write_data, write_project

from gateway.app import create_app
from gateway.content import load_content
from gateway.coordination import Alone
from gateway.database import Database
from gateway.fleet import Fleet
from gateway.redis_coordination import Together
from gateway.settings import Settings
from gateway.startup import load_secret, open_database, prepare_folder
from gateway.worker_process import Pacing
from gateway.workers import Supervisor

pytest_plugins = ["postgres_fixtures"]

DATABASE = "app.db"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder with one published release, r1."""
    folder = tmp_path / "models"
    write_data(folder / "r1" / "data")
    (folder / "current").symlink_to("r1")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A working folder with the same content as the release, and an exam of one question."""
    return write_project(tmp_path / "project")


@pytest.fixture
def settings(tmp_path: Path, models: Path, project: Path) -> Settings:
    """Default settings in a temporary folder, without rate limit."""
    var = tmp_path / "var"
    defaults = Settings.from_env({"ALLO_VAR": str(var), "ALLO_MODELS": str(models)})
    # Much more than a fake worker takes, even on a machine that has much else to do.
    return replace(defaults, rate_limit=0, turn_timeout=10.0, project=project)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row: a copy of it takes a hundredth of the time of the migrations."""
    path = tmp_path_factory.mktemp("database") / "app.db"
    made = Database(f"sqlite:///{path}", DATA_KEY)
    made.prepare()
    made.close()
    return path


@pytest.fixture
def start_gateway(
    aiohttp_client: Any, settings: Settings, tmp_path: Path, empty_database: Path
) -> StartGateway:
    """Start a gateway; keyword arguments change its settings, `pacing` its supervision."""

    async def start(
        *, pacing: Pacing = QUICK, ready: bool = True, defect: str = "", workers: int = 1, **changes: Any
    ) -> Gateway:
        changed = replace(settings, **changes)
        journal = tmp_path / "journal.jsonl"
        environ = {**os.environ, "FAKE_WORKER_JOURNAL": str(journal), "FAKE_WORKER_DEFECT": defect}
        prepare_folder(changed.var)
        if changed.database_url == _sqlite_url(changed.var) and not (changed.var / DATABASE).exists():
            shutil.copy(empty_database, changed.var / DATABASE)
        supervisors = [
            Supervisor(
                changed.models,
                changed.var / "worker.log",
                environ,
                turn_timeout=changed.turn_timeout,
                command=FAKE_WORKER,
                pacing=pacing,
            )
            for _ in range(workers)
        ]
        pause = changed.conversation_pause
        fleet = Fleet(supervisors, Together(changed.redis_url, pause) if changed.redis_url else Alone(pause))
        secret = load_secret(changed.var)
        app = create_app(
            changed, secret, load_content(changed.models, changed.project), open_database(changed), fleet
        )
        client = await aiohttp_client(app)
        if ready:
            await asyncio.gather(*(supervisor.wait_ready() for supervisor in supervisors))
        return Gateway(client, supervisors[0], changed, journal, fleet)

    return start


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> Gateway:
    """A gateway whose worker answers."""
    return await start_gateway()


@pytest.fixture
def read_table(settings: Settings) -> Callable[[str], list[dict[str, Any]]]:
    """Read a whole table of the SQLite file, behind the gateway's back."""

    def read(table: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(settings.var / "app.db")) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(f"SELECT * FROM {table}")]

    return read


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> str:
    """The address of a database without a row: a test that asks for it is played on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(empty_database, tmp_path / DATABASE)
        return _sqlite_url(tmp_path)
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of its own, for what is tested without a gateway."""
    made = Database(database_url, DATA_KEY)
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    """A clock that is set by hand."""
    return Clock()


def _sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / DATABASE}"
