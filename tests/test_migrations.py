"""The schema of the database: made, brought up from the release before, refused when it is newer than the code."""

import multiprocessing
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree
from threading import Timer
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from program_case import Run
from sqlalchemy import create_engine, inspect, select, text

import gateway.app  # noqa: F401 (every table of the metadata)
from gateway import migration, texts
from gateway.database import Database, metadata
from gateway.resident_requests import requests
from gateway.sessions import Session, SessionKeeper, today
from gateway.settings import Settings
from gateway.startup import SECRET_LENGTH, StartError, open_database, prepare_folder
from gateway.store import Store

pytest_plugins = ["gateway_fixtures", "postgres_fixtures", "program_fixtures"]

BEFORE = Path(__file__).parent / "databases"
# What sealed the request of the databases of before.
KEY = "p2DJjY2CThZBz_dRakn14riH6tegZTLhmKqT9Tg1fQo="
SECRET = "5ec7e7" + "0" * (SECRET_LENGTH - 6)
EVERY = ["sqlite", "postgresql"]
Rows = dict[str, list[tuple[Any, ...]]]

ADDS = """revision, down_revision = "9000", "{latest}"
branch_labels = depends_on = None
import sqlalchemy as sa
from alembic import op
def upgrade():
    op.create_table("apart", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column("first_key", existing_type=sa.String(64), type_=sa.String(80))
"""


@pytest.fixture(params=EVERY)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/app.db"


@pytest.fixture
def old_url(url: str, request: pytest.FixtureRequest) -> str:
    """A database as the last release without versions made it, with a row in every table."""
    kind = url.partition("+")[0].partition(":")[0]
    script = (BEFORE / f"before-migrations.{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            db.executescript(script)
    else:
        request.getfixturevalue("postgres_server").run(script, url.rpartition("/")[2])
    return url


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Add a version of one's own after the latest."""

    def add(source: str) -> None:
        folder = copytree(migration.FOLDER, tmp_path / "migrations")
        (folder / "versions" / "9000_more.py").write_text(source.format(latest=migration.LATEST))
        monkeypatch.setattr(migration, "FOLDER", folder)
        monkeypatch.setattr(migration, "VERSIONS", (*migration.VERSIONS, "9000"))
        monkeypatch.setattr(migration, "LATEST", "9000")

    return add


def prepare(url: str) -> None:
    """Do what a start does."""
    database = Database(url, KEY)
    database.prepare()
    database.close()


def read_rows(url: str, tables: list[str] | None = None) -> Rows:
    """Every row of every table, as the database holds it."""
    engine = create_engine(url)
    with engine.connect() as db:
        names = sorted(tables or inspect(db).get_table_names())
        rows = {name: sorted(map(tuple, db.execute(text(f"SELECT * FROM {name}"))), key=str) for name in names}
    engine.dispose()
    return rows


def read_version(url: str) -> str:
    return str(read_rows(url, ["alembic_version"])["alembic_version"][0][0])


def differences(url: str) -> list[Any]:
    """What a database lacks or has too much of, compared with the code."""
    engine = create_engine(url)
    with engine.connect() as db:
        found = compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata)
    engine.dispose()
    return list(found)


def start_together(url: str, barrier: Any, ends: Any) -> None:
    barrier.wait()
    try:
        prepare(url)
        ends.put("ready")
    except Exception as error:
        ends.put(repr(error))


def test_an_empty_database_becomes_what_the_code_expects(url: str) -> None:
    assert differences(url) != []
    prepare(url)
    assert differences(url) == []
    assert read_version(url) == migration.LATEST


def test_the_database_of_the_release_before_is_upgraded_with_nothing_lost(old_url: str) -> None:
    before = read_rows(old_url)
    assert [name for name, rows in before.items() if not rows] == [], "a table of before has no row to lose"
    prepare(old_url)
    assert differences(old_url) == []
    assert read_version(old_url) == migration.LATEST
    assert read_rows(old_url, list(before)) == before
    database = Database(old_url, KEY)
    (turn,) = Store(database).history("a" * 32)
    assert (turn.message, turn.replies[0].body["text"]) == (
        "quels quartiers ?",
        "Deux quartiers : « le nord » et « le sud ».",
    )
    with database.reading() as db:
        assert db.execute(select(requests.c.fields)).scalar() == {"nom": "Zoé", "texte": "une demande"}
    # Rows still refer to one another: what is erased goes with what depends on it.
    Store(database).purge(date(2030, 1, 1))
    assert [rows for rows in read_rows(old_url, ["turns", "replies", "choices", "feedback"]).values() if rows] == []
    database.close()


def test_a_service_upgraded_from_the_release_before_goes_on_with_its_conversations(run: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    (var / "data.key").write_text(KEY)
    (var / "secret.key").write_text(SECRET)
    script = (BEFORE / "before-migrations.sqlite.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(var / "app.db")) as db:
        # As if written now: what is past its retention would be forgotten.
        db.executescript(script.replace("2026-11-20", today().isoformat()).replace("1763640000", str(int(time.time()))))
    program = run()
    program.wait_for("Allô Quartiers : http")
    token = SessionKeeper(SECRET, 30).sign(Session("a" * 32, today()))
    assert [turn["message"] for turn in program.history(token)] == ["quels quartiers ?"]
    assert program.chat("bonjour") == 200
    program.process.terminate()
    assert program.process.wait(20) == 0
    assert read_version(f"sqlite:///{var}/app.db") == migration.LATEST
    before = re.findall(r'INSERT INTO "(\w+)"', script)
    after = read_rows(f"sqlite:///{var}/app.db")
    # What waited to be done is done; the rest is there.
    assert [name for name in set(before) - {"erasures", "outbox"} if not after[name]] == []


def test_a_table_that_was_missing_is_made(old_url: str) -> None:
    engine = create_engine(old_url)
    with engine.begin() as db:
        db.execute(text("DROP TABLE sample_verdicts"))
    engine.dispose()
    prepare(old_url)
    assert differences(old_url) == []


def test_starting_again_changes_nothing(old_url: str) -> None:
    prepare(old_url)
    before = read_rows(old_url)
    prepare(old_url)
    assert read_rows(old_url) == before


def test_gateways_that_start_at_once_wait_for_one_another(url: str) -> None:
    forking = multiprocessing.get_context("fork")
    barrier, ends = forking.Barrier(4), forking.Queue()
    starts = [forking.Process(target=start_together, args=(url, barrier, ends)) for _ in range(4)]
    for start in starts:
        start.start()
    assert [ends.get(timeout=60) for _ in starts] == ["ready"] * 4
    for start in starts:
        start.join(10)
    assert differences(url) == []
    assert len(read_rows(url)["alembic_version"]) == 1


def test_a_newer_database_is_refused_and_left_as_it_is(settings: Settings, old_url: str) -> None:
    prepare(old_url)
    engine = create_engine(old_url)
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = read_rows(old_url)
    prepare_folder(settings.var)
    with pytest.raises(StartError) as refused:
        open_database(replace(settings, database_url=old_url))
    assert str(refused.value) == texts.DATABASE_NEWER
    assert read_rows(old_url) == before


def test_a_version_that_copies_a_table_keeps_the_rows_that_refer_to_it(
    old_url: str, versions: Callable[[str], None]
) -> None:
    prepare(old_url)
    before = read_rows(old_url)
    versions(ADDS)
    prepare(old_url)
    after = read_rows(old_url)
    assert after.pop("apart") == []
    assert after.pop("alembic_version") == [("9000",)]
    del before["alembic_version"]
    assert after == before


def test_a_version_that_fails_leaves_the_database_as_it_was(old_url: str, versions: Callable[[str], None]) -> None:
    prepare(old_url)
    before = read_rows(old_url)
    versions(ADDS + "    raise RuntimeError('cut')\n")
    with pytest.raises(RuntimeError):
        prepare(old_url)
    assert read_rows(old_url) == before


def test_versions_are_one_line_without_a_branch() -> None:
    config = Config()
    config.set_main_option("script_location", str(migration.FOLDER))
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(migration.VERSIONS)
    assert scripts.get_heads() == [migration.LATEST]


def test_a_start_with_nothing_to_upgrade_does_not_import_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    program = (
        "import sys; from gateway.database import Database; "
        f"Database({url!r}).prepare(); print('alembic' in sys.modules)"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
        for _ in range(2)
    )
    assert (first, second) == ("True", "False")


def test_a_gateway_that_opens_a_new_file_waits_for_the_one_that_writes_to_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE beside (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        Timer(0.3, other.execute, ("DROP TABLE beside",)).start()
        Timer(0.4, other.execute, ("COMMIT",)).start()
        prepare(url)
    assert differences(url) == []
