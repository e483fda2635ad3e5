"""The database is locked, the disk is full or read-only: what is not kept is not acknowledged, and it comes back."""

import dataclasses
import errno
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from gateway_case import DISTRESS, QUICK, Gateway, StartGateway
from program_case import REAL, ROOT, Program, Run

from gateway import monitor, texts
from gateway.startup import StartError, prepare_folder

pytest_plugins = ["gateway_fixtures", "program_fixtures"]

SIZE = 64  # megabytes
# A machine whose disk is busy is no reason to give a worker up.
PATIENT = dataclasses.replace(QUICK, answer=10.0)


@pytest.fixture(autouse=True)
def always_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again each time that /readyz is asked."""
    monkeypatch.setattr(monitor, "PROBE_AGE", 0.0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, that can really be full or read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", folder], check=False).returncode:
        pytest.skip("a file system can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def failing_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in a file, that the kernel can be told to give up as it does when a disk fails."""
    image, folder = tmp_path / "disk.ext4", tmp_path / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(SIZE * 2 << 20)
    make = ["mkfs.ext4", "-q", image]
    if not shutil.which(str(make[0])) or os.geteuid() or subprocess.run(make, check=False).returncode:
        pytest.skip("a file system can only be made and mounted by root")
    if subprocess.run(["mount", "-o", "loop", image, folder], check=False).returncode:
        pytest.skip("no loop device can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Leave no byte free."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    assert os.statvfs(folder).f_bavail == 0
    return filler


def remount(folder: Path, how: str) -> None:
    """Make a file system read-only (`ro`), or have it fail (`abort`)."""
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


async def ready(gateway: Gateway) -> tuple[int, list[str]]:
    """What /readyz says."""
    async with gateway.client.get("/readyz") as response:
        return response.status, (await response.json())["failing"]


async def check_refused(gateway: Gateway, body: dict[str, Any]) -> None:
    """What a resident gets meanwhile, and what works all the same."""
    error = (await gateway.post(body, status=503))["error"]
    assert error["message"] == texts.ERRORS["unavailable"]
    assert error["contact"]
    assert await ready(gateway) == (503, ["database"])
    assert "3114" in (await gateway.chat(DISTRESS))["replies"][0]["text"]
    async with gateway.client.get("/assistant") as response:
        assert response.status == 200


async def check_back(gateway: Gateway, session: str, body: dict[str, Any]) -> None:
    """The same message again is answered, and kept once; the worker did not have to answer it twice."""
    assert await ready(gateway) == (200, [])
    answer = await gateway.post(body)
    assert answer == await gateway.post(body)
    assert [turn["message"] for turn in await gateway.history(session)] == ["avant", "pendant"]
    assert [turn["text"] for turn in gateway.seen("turn")] == ["avant", "pendant"]


async def test_the_database_is_locked(start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.database.BUSY_TIMEOUT", 500)
    gateway = await start_gateway(pacing=PATIENT)
    session = (await gateway.chat("avant"))["session"]
    body = {"message": "pendant", "session": session, "id": "essai-0001"}
    with closing(sqlite3.connect(gateway.settings.var / "app.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await check_refused(gateway, body)
        # What does not have to be written is read all the same.
        assert len(await gateway.history(session)) == 1
        other.execute("ROLLBACK")
    await check_back(gateway, session, body)


async def test_the_disk_is_full(start_gateway: StartGateway, small_disk: Path) -> None:
    url = f"sqlite:///{small_disk}/var/app.db"
    gateway = await start_gateway(var=small_disk / "var", database_url=url, pacing=PATIENT)
    session = (await gateway.chat("avant"))["session"]
    body = {"message": "pendant", "session": session, "id": "essai-0001"}
    filler = fill(small_disk)
    await check_refused(gateway, body)
    filler.unlink()
    await check_back(gateway, session, body)


async def test_the_disk_fails_and_becomes_read_only(start_gateway: StartGateway, failing_disk: Path) -> None:
    url = f"sqlite:///{failing_disk}/var/app.db"
    gateway = await start_gateway(var=failing_disk / "var", database_url=url, pacing=PATIENT)
    session = (await gateway.chat("avant"))["session"]
    remount(failing_disk, "abort")
    with pytest.raises(OSError, match="Read-only file system"):
        (failing_disk / "proof").write_bytes(b"x")
    await check_refused(gateway, {"message": "pendant", "session": session, "id": "essai-0001"})
    # What was acknowledged is read all the same.
    assert [turn["message"] for turn in await gateway.history(session)] == ["avant"]


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_it_does_not_start_on_such_a_disk_and_says_why(small_disk: Path, how: str) -> None:
    if how == "full":
        fill(small_disk)
    else:
        remount(small_disk, "ro")
    with pytest.raises(StartError) as refused:
        prepare_folder(small_disk / "var")
    reason = "Il ne reste que 0 Mo" if how == "full" else os.strerror(errno.EROFS)
    assert reason in str(refused.value)


@pytest.mark.model
def test_the_real_worker_and_its_own_database(run: Run, release: Path, small_disk: Path) -> None:
    """Locked and full for the tracker store; cut between the worker's answer and the gateway's writing."""
    var = small_disk / "var"
    settings = {
        "ALLO_MODELS": str(release.parent),
        "ALLO_PROJECT": str(ROOT),
        "ALLO_VAR": str(var),
        "ALLO_RATE_LIMIT": "0",
    }
    program = run(REAL, **settings)
    program.wait_ready()
    session = say(program, "je veux laisser un message au service", None, "essai-0001")["session"]

    with locked(var / "tracker.db"):
        body = {"message": "Marie Durand", "session": session, "id": "essai-0002"}
        assert program.post(body, within=30)[0] == 503
        assert wait_failing(program) == ["tracker"]
    wait_ready_again(program)

    filler = fill(small_disk)
    assert program.post(body, within=30)[0] == 503
    assert "tracker" in wait_failing(program)
    filler.unlink()
    wait_ready_again(program)

    # The worker has answered and written; the gateway could not, and everything is cut.
    with locked(var / "app.db"):
        assert program.post(body, within=30)[0] == 503
        written = messages(var)
        program.kill()
    assert len(written) == 2
    again = run(REAL, **settings)
    again.wait_ready()
    answer = say(again, "Marie Durand", session, "essai-0002")
    # The step of the form was not taken twice, and the form goes on with the next one.
    assert [reply["kind"] for reply in answer["replies"]] == ["form"]
    assert messages(var) == written
    assert [turn["id"] for turn in again.history(session)] == ["essai-0001", "essai-0002"]
    # When memory is short, the kernel takes the worker first.
    children = Path(f"/proc/{again.process.pid}/task/{again.process.pid}/children").read_text().split()
    assert "500" in [Path(f"/proc/{child}/oom_score_adj").read_text().strip() for child in children]


def say(program: Program, text: str, session: str | None, name: str) -> dict[str, Any]:
    """One message that is answered."""
    status, answer = program.post({"message": text, "session": session, "id": name}, within=30)
    assert status == 200, answer
    return answer


class locked:
    """Somebody else writes in a database, for as long as this lasts."""

    def __init__(self, path: Path) -> None:
        self._other = sqlite3.connect(path, isolation_level=None, timeout=10)

    def __enter__(self) -> None:
        self._other.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self._other.close()


def wait_failing(program: Program, within: float = 15.0) -> list[str]:
    """What /readyz says is failing, once it says so."""
    deadline = time.monotonic() + within
    while True:
        status, answer = program.get("/readyz")
        if status == 503:
            return list(answer["failing"])
        assert time.monotonic() < deadline
        time.sleep(0.2)


def wait_ready_again(program: Program) -> None:
    """Wait until a message could be kept again."""
    time.sleep(0.1)
    program.wait_ready()


def messages(var: Path) -> list[Any]:
    """The messages that the tracker store holds, in order: as many rows as were kept."""
    with closing(sqlite3.connect(var / "tracker.db")) as db:
        return db.execute("SELECT sender_id, intent_name FROM events WHERE type_name = 'user' ORDER BY id").fetchall()
