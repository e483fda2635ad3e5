"""Everything in one file while the service runs, put back elsewhere, and compared with what was there."""

import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gateway_case import write_project
from program_case import REAL, ROOT, Program, Run, run_command
from releases_case import make_examined
from sqlalchemy import select

from gateway.archive import MANIFEST, extract, measure
from gateway.backup import BackupError, back_up, restore
from gateway.database import Database
from gateway.presence import present
from gateway.recovery import REPLACED, TRACKER_FILE
from gateway.resident_requests import ResidentRequest, insert_request, requests
from gateway.settings import Settings
from gateway.startup import load_data_key, load_secret
from training.publication import LOG_FILE, publish
from training.releases import CURRENT, current_id, find_damage

pytest_plugins = ["gateway_fixtures", "program_fixtures", "postgres_fixtures"]

PASSWORD = "un mot de passe assez long"
DAY_ONE = date(2026, 11, 27)


@pytest.fixture
def published(tmp_path: Path, project: Path) -> Path:
    """A models folder with a published release."""
    models = tmp_path / "published"
    publish(models, project, make_examined(models, project), "bob@ville.example", "essai")
    return models


@pytest.fixture
def service(settings: Settings, published: Path) -> Settings:
    """A service that is stopped, with one request in it."""
    here = replace(settings, models=published)
    here.var.mkdir()
    load_secret(here.var)
    database = open_database(here)
    with database.writing() as db:
        insert_request(db, ResidentRequest("message", "ABCD-EFGH", {"nom": "Zoé"}), DAY_ONE)
    database.close()
    with closing(sqlite3.connect(here.var / TRACKER_FILE)) as db, db:
        db.execute("CREATE TABLE events (data TEXT)")
        db.execute("INSERT INTO events VALUES ('x')")
    return here


@pytest.fixture
def elsewhere(tmp_path: Path, service: Settings) -> Settings:
    """Another machine: the code and its first content, nothing else."""
    new = tmp_path / "elsewhere"
    project = write_project(new / "project")
    (project / "data" / "contact.yml").write_text("nom: un autre service\n")
    (new / "var").mkdir()
    url = f"sqlite:///{new}/var/app.db"
    return replace(service, var=new / "var", models=new / "models", project=project, database_url=url)


def open_database(settings: Settings) -> Database:
    """The application database of a service."""
    database = Database(settings.database_url, load_data_key(settings.var))
    database.prepare()
    return database


def save(settings: Settings, file: Path) -> Path:
    """A backup of a service."""
    database = open_database(settings)
    back_up(file, settings, database)
    database.close()
    return file


def read_requests(settings: Settings) -> dict[str, Any]:
    """The requests, decrypted."""
    database = open_database(settings)
    with database.reading() as db:
        found = {row.code: row.fields for row in db.execute(select(requests))}
    database.close()
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(var: Path, table: str) -> list[Any]:
    """A whole table of the application database."""
    with closing(sqlite3.connect(var / "app.db")) as db:
        return db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def environ_of(program: Program, settings: Settings) -> dict[str, str]:
    """The environment of a program for another service."""
    return program.environ | {
        "ALLO_VAR": str(settings.var),
        "ALLO_MODELS": str(settings.models),
        "ALLO_PROJECT": str(settings.project),
    }


# --- There and back --------------------------------------------------------------------------------------


def test_a_running_service_is_saved_and_comes_back_elsewhere_as_it_was(
    run: Run, tmp_path: Path, project: Path, published: Path, elsewhere: Settings
) -> None:
    shutil.rmtree(tmp_path / "var")
    program = run(ALLO_MODELS=str(published), ALLO_PROJECT=str(project), ALLO_RATE_LIMIT="0")
    added = run_command(program.environ, "add-staff", "zoe@ville.example", "--role", "publication", said=PASSWORD)
    assert added.returncode == 0, added.stderr
    sessions = [program.post({"message": f"question {number}"})[1]["session"] for number in range(5)]
    assert program.post({"message": "demande CODE-ZERO"})[0] == 200
    before = {session: program.history(session) for session in sessions}
    # Residents go on writing while it is saved.
    is_over = threading.Event()
    more: list[tuple[str, str]] = []

    def write() -> None:
        while not is_over.is_set():
            text = f"demande CODE-{len(more):04d}"
            more.append((text, program.post({"message": text})[1]["session"]))

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "allo.backup"
    saved = run_command(program.environ, "backup", str(file))
    is_over.set()
    writer.join()
    assert saved.returncode == 0, saved.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "gardez-la aussi secrète" in saved.stdout
    program.stop()
    accounts, answer = rows(tmp_path / "var", "staff"), before[sessions[0]][0]["replies"]

    done = run_command(environ_of(program, elsewhere), "restore", str(file))
    assert done.returncode == 0, done.stderr
    again = run(**environ_of(program, elsewhere))
    again.wait_ready()
    assert {session: again.history(session) for session in sessions} == before
    assert rows(elsewhere.var, "staff") == accounts != []
    # Of what was written meanwhile, what came before the copy is there, whole, and nothing of what came after.
    kept = [bool(again.history(session)) for _, session in more]
    assert kept == sorted(kept, reverse=True)
    codes = {text.removeprefix("demande ") for (text, _), there in zip(more, kept, strict=True) if there}
    found = read_requests(elsewhere)
    assert found == {code: {"nom": "Zoé"} for code in ("CODE-ZERO", *codes)}
    # The same question gets the same answer.
    said = again.post({"message": "question 0"})[1]
    assert [reply | {"id": ""} for reply in said["replies"]] == [reply | {"id": ""} for reply in answer]
    assert said["release"] == current_id(published) == current_id(elsewhere.models)
    assert files_in(elsewhere.project / "data") == files_in(project / "data")
    assert files_in(elsewhere.project / "tests") == files_in(project / "tests")
    print(f"\n{len(before)} conversations, {len(found)} requests of {len(more) + 1} sent, {file.stat().st_size} bytes")


@pytest.mark.model
def test_the_real_assistant_answers_byte_for_byte_after_it_came_back(
    run: Run, tmp_path: Path, release: Path, elsewhere: Settings
) -> None:
    shutil.rmtree(tmp_path / "var")
    here = {"ALLO_MODELS": str(release.parent), "ALLO_PROJECT": str(ROOT)}
    asked = ("qui sont les partenaires ?", "c’est quoi un conseil citoyen ?", "et lequel est pour la santé ?")

    def ask(program: Program, session: str | None = None) -> tuple[str, list[Any]]:
        program.wait_ready()
        said = []
        for text in asked:
            status, answer = program.post({"message": text, "session": session}, within=30)
            assert status == 200, answer
            session = answer["session"]
            said.append([{**reply, "id": "", "choices": len(reply["choices"])} for reply in answer["replies"]])
        return str(session), said

    program = run(REAL, **here)
    session, before = ask(program)
    file = tmp_path / "allo.backup"
    saved = run_command(program.environ, "backup", str(file))
    assert saved.returncode == 0, saved.stderr
    history = program.history(session)
    program.stop()
    done = run_command(environ_of(program, elsewhere), "restore", str(file))
    assert done.returncode == 0, done.stderr
    again = run(REAL, **environ_of(program, elsewhere))
    assert ask(again)[1] == before
    assert again.history(session) == history
    # The conversation goes on where it was: its tracker came along.
    assert ask(again, session)[1][2] == before[2]
    assert files_in(elsewhere.models / release.name) == files_in(release)


def test_what_is_in_it(service: Settings, tmp_path: Path) -> None:
    file = save(service, tmp_path / "allo.backup")
    with tarfile.open(file) as archive:
        names = archive.getnames()
        assert all(member.isreg() and member.mode == 0o600 for member in archive)
    release = current_id(service.models)
    assert names[0] == MANIFEST
    assert {
        "var/app.db",
        "var/tracker.db",
        "var/secret.key",
        "var/data.key",
        "project/data/contact.yml",
        "project/questions/clair.yml",
        f"models/{LOG_FILE}",
        f"models/{release}/model.tar.gz",
        f"models/{release}/manifest.json",
    } <= set(names)
    manifest = extract(file, tmp_path / "out")
    assert manifest.files == {name: measure(tmp_path / "out" / name) for name in names[1:]}
    assert (manifest.current, manifest.counts["demandes"]) == (release, 1)


def test_a_damaged_release_is_not_saved_as_if_it_were_whole(service: Settings, tmp_path: Path) -> None:
    release = current_id(service.models)
    (service.models / str(release) / "model.tar.gz").write_bytes(b"x")
    file = save(service, tmp_path / "allo.backup")
    with tarfile.open(file) as archive:
        assert not [name for name in archive.getnames() if name.startswith(f"models/{release}/")]


def test_postgresql_without_its_programs_says_which_package(
    service: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://u:motdepasse@127.0.0.1:9/allo"
    database = open_database(service)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="« pg_dump » manque : installez le paquet « postgresql-client »"):
        back_up(tmp_path / "allo.backup", replace(service, database_url=url), database)
    assert list(tmp_path.glob("*.backup")) == list(tmp_path.glob(".backup-*")) == []


def test_postgresql_there_and_back(
    service: Settings, elsewhere: Settings, tmp_path: Path, postgres_server: Any
) -> None:
    here = replace(service, database_url=postgres_server.make_database())
    there = replace(elsewhere, database_url=postgres_server.make_database())
    database = open_database(here)
    with database.writing() as db:
        insert_request(db, ResidentRequest("message", "WXYZ-EFGH", {"nom": "Zoé"}), DAY_ONE)
    back_up(tmp_path / "allo.backup", here, database)
    database.close()
    restore(tmp_path / "allo.backup", there)
    assert read_requests(there) == {"WXYZ-EFGH": {"nom": "Zoé"}}
    with pytest.raises(BackupError, match="déjà un service"):
        restore(tmp_path / "allo.backup", there)
    restore(tmp_path / "allo.backup", there, force=True)
    assert read_requests(there) == {"WXYZ-EFGH": {"nom": "Zoé"}}
    with pytest.raises(BackupError, match="base postgresql, ce service utilise sqlite"):
        restore(tmp_path / "allo.backup", elsewhere)


# --- What it refuses -------------------------------------------------------------------------------------


def test_a_backup_replaces_no_file(service: Settings, tmp_path: Path) -> None:
    (tmp_path / "allo.backup").write_text("une autre")
    with pytest.raises(BackupError, match="existe déjà"):
        save(service, tmp_path / "allo.backup")
    assert (tmp_path / "allo.backup").read_text() == "une autre"


def test_a_running_service_is_never_replaced(service: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = save(service, tmp_path / "allo.backup")
    with present(elsewhere.var), pytest.raises(BackupError, match="en marche"):
        restore(file, elsewhere, force=True)
    restore(file, elsewhere)


def test_a_service_that_is_there_is_replaced_only_when_asked_and_kept_aside(
    service: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    file = save(service, tmp_path / "allo.backup")
    database = open_database(elsewhere)
    with database.writing() as db:
        insert_request(db, ResidentRequest("message", "WXYZ-EFGH", {"nom": "Bob"}), DAY_ONE)
    database.close()
    key = (elsewhere.var / "data.key").read_text()
    with pytest.raises(BackupError, match="Il y a déjà un service ici"):
        restore(file, elsewhere)
    assert list(read_requests(elsewhere)) == ["WXYZ-EFGH"]
    _, aside = restore(file, elsewhere, force=True)
    assert read_requests(elsewhere) == {"ABCD-EFGH": {"nom": "Zoé"}}
    assert aside is not None and aside.name.startswith(REPLACED)
    assert (aside / "data.key").read_text() == key
    assert stat.S_IMODE(aside.stat().st_mode) == 0o700
    former = Database(f"sqlite:///{aside}/app.db", key)
    with former.reading() as db:
        assert [row.fields for row in db.execute(select(requests))] == [{"nom": "Bob"}]
    former.close()
    # The content that staff had here is among the drafts.
    (draft,) = elsewhere.models.glob("brouillons/*/data/contact.yml")
    assert draft.read_text() == "nom: un autre service\n"


Members = list[tuple[tarfile.TarInfo, bytes]]


def member(name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = "") -> tuple[Any, bytes]:
    """One member of an archive."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(content)
    return info, content


def change_manifest(**changes: Any) -> Callable[[Members], Members]:
    """A manifest that says something else."""

    def change(members: Members) -> Members:
        told = json.loads(members[0][1]) | changes
        return [member(MANIFEST, json.dumps(told).encode()), *members[1:]]

    return change


def announce(name: str, content: bytes = b"x") -> Callable[[Members], Members]:
    """A file more, in the manifest too."""

    def change(members: Members) -> Members:
        told = json.loads(members[0][1])
        # The hash of an empty file does as well: the name is refused first.
        told["files"][name] = {"size": len(content), "sha256": "0" * 64}
        return [member(MANIFEST, json.dumps(told).encode()), *members[1:], member(name, content)]

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(announce("../outside"), id="parent"),
        pytest.param(announce("/etc/outside"), id="absolute"),
        pytest.param(announce("project/data/../../../outside"), id="parent-inside"),
        pytest.param(announce("project/data//outside"), id="empty-part"),
        pytest.param(announce("models/current"), id="current"),
        pytest.param(announce("var/other.txt"), id="other-file"),
        pytest.param(announce("project/data/x.md"), id="wrong-hash"),
        pytest.param(lambda members: [*members, member("project/data/x.md")], id="not-announced"),
        pytest.param(lambda members: [*members, members[-1]], id="twice"),
        pytest.param(lambda members: members[:-1], id="one-missing"),
        pytest.param(lambda members: members[1:], id="no-manifest"),
        pytest.param(lambda members: [], id="nothing"),
        pytest.param(
            lambda members: [*members, member("project/data/x", b"", tarfile.SYMTYPE, "/etc/passwd")], id="symlink"
        ),
        pytest.param(
            lambda members: [*members, member("project/data/x", b"", tarfile.LNKTYPE, "var/data.key")], id="hard-link"
        ),
        pytest.param(lambda members: [*members, member("project/data/x", b"", tarfile.CHRTYPE)], id="device"),
        pytest.param(lambda members: [member("x", b"0" * 999, tarfile.XHDTYPE), *members], id="pax-header"),
        pytest.param(change_manifest(format=2), id="other-format"),
        pytest.param(change_manifest(current="../../outside"), id="release-outside"),
        pytest.param(change_manifest(current="20260101-000000-abcd"), id="release-missing"),
        pytest.param(change_manifest(files=[]), id="files-not-a-table"),
        pytest.param(change_manifest(more=1), id="more-in-manifest"),
    ],
)
def test_an_archive_that_is_not_ours_changes_nothing(
    service: Settings, elsewhere: Settings, tmp_path: Path, spoil: Callable[[Members], Members]
) -> None:
    file = save(service, tmp_path / "allo.backup")
    with tarfile.open(file) as archive:
        members = [(info, archive.extractfile(info).read()) for info in archive]  # type: ignore[union-attr]
    with tarfile.open(file, "w:gz") as archive:
        for info, content in spoil(members):
            archive.addfile(info, io.BytesIO(content))
    assert_refused(file, elsewhere, tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content[:2000] + bytes([content[2000] ^ 1]) + content[2001:], id="byte-flipped"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"PK\x03\x04" + content, id="no-gzip"),
    ],
)
def test_a_file_that_was_spoiled_changes_nothing(
    service: Settings, elsewhere: Settings, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    file = save(service, tmp_path / "allo.backup")
    file.write_bytes(spoil(file.read_bytes()))
    assert_refused(file, elsewhere, tmp_path)


def test_a_file_larger_than_the_disk_is_not_taken_out(service: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = save(service, tmp_path / "allo.backup")
    with tarfile.open(file) as archive:
        members = [(info, archive.extractfile(info).read()) for info in archive]  # type: ignore[union-attr]
    told = json.loads(members[0][1])
    told["files"]["var/tracker.db"]["size"] = 10**15
    with tarfile.open(file, "w:gz") as archive:
        for info, content in [member(MANIFEST, json.dumps(told).encode()), *members[1:]]:
            archive.addfile(info, io.BytesIO(content))
    with pytest.raises(BackupError, match="Mo libres pour restaurer"):
        restore(file, elsewhere)


def assert_refused(file: Path, elsewhere: Settings, tmp_path: Path) -> None:
    """Restoring it says why, and touches nothing."""
    before = files_in(elsewhere.var.parent)
    with pytest.raises(BackupError, match="n’est pas une sauvegarde entière"):
        restore(file, elsewhere)
    after = {name: content for name, content in files_in(elsewhere.var.parent).items() if not name.endswith(".lock")}
    assert after == before
    assert not (tmp_path / "outside").exists()
    assert not (elsewhere.models / CURRENT).exists()
    assert not list(elsewhere.var.iterdir())


def test_the_restored_release_is_whole(service: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    restore(save(service, tmp_path / "allo.backup"), elsewhere)
    current = elsewhere.models / CURRENT
    assert current.is_symlink()
    assert os.readlink(current) == current_id(service.models)
    assert find_damage(current.resolve()) is None
    assert load_data_key(elsewhere.var) == load_data_key(service.var)
