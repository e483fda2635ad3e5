"""Everything is killed outright, again and again, while residents write: what was acknowledged is there, once.

`kill -9` stops the processes where they are, as a power cut does; what the kernel holds is not lost with them, so that
the application database asks the disk to write (`synchronous = FULL`) before anything is acknowledged.
"""

import http.client
import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from program_case import Program, Run, wait_gone, worker_pids

from gateway import database

pytest_plugins = ["gateway_fixtures", "program_fixtures"]

ROUNDS = 5
RESIDENTS = 4
SEED = 20261127


class Resident(threading.Thread):
    """Sends one message after the other, and the same one again when it was not acknowledged."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.program: Program | None = None
        self.conversations: dict[str, list[str]] = {}
        self.codes: list[str] = []
        self.statuses: set[int] = set()
        self.refused = 0
        self.retried = 0
        self.is_over = False
        self._number = number

    def run(self) -> None:
        """Until it is over; the last message is acknowledged too."""
        session, count = None, 0
        while not self.is_over:
            # A conversation of ten messages, then another one.
            session = session if count % 10 else None
            name = f"{self._number}-{count:05d}"
            text = f"demande {name}" if count % 3 == 0 else f"message {name}"
            session = self._insist({"message": text, "session": session, "id": f"essai-{name}"})
            self.conversations.setdefault(session, []).append(text)
            if count % 3 == 0:
                self.codes.append(name)
            count += 1

    def _insist(self, body: dict[str, Any]) -> str:
        tries = 0
        while True:
            with suppress(OSError, http.client.HTTPException, ValueError):
                assert self.program is not None
                status, answer = self.program.post(body)
                if status == 200:
                    self.retried += tries > 0
                    return str(answer["session"])
                self.statuses.add(status)
            tries += 1
            self.refused += 1
            time.sleep(0.05)


def test_nothing_acknowledged_is_lost(run: Run, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    app = tmp_path / "var" / "app.db"
    program = run(ALLO_RATE_LIMIT="0")
    program.wait_ready()
    residents = [Resident(number) for number in range(RESIDENTS)]
    for resident in residents:
        resident.program = program
        resident.start()
    for _ in range(ROUNDS):
        time.sleep(chance.uniform(0.2, 0.8))
        workers = worker_pids(tmp_path)
        program.process.kill()
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        program.process.wait()
        for pid in workers:
            wait_gone(pid)
        with closing(sqlite3.connect(app)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        program = run(ALLO_RATE_LIMIT="0")
        for resident in residents:
            resident.program = program
        program.wait_ready()
        assert "s’était arrêté sans prévenir" in program.terminal
        assert "Traceback" not in program.terminal
    time.sleep(0.3)
    for resident in residents:
        resident.is_over = True
    for resident in residents:
        resident.join(30)
    acknowledged = {session: texts for resident in residents for session, texts in resident.conversations.items()}
    kept = {session: [turn["message"] for turn in program.history(session)] for session in acknowledged}
    # In the order in which they were sent: none is missing, none is there twice.
    assert kept == acknowledged
    with closing(sqlite3.connect(app)) as db:
        codes = sorted(code for (code,) in db.execute("SELECT code FROM requests"))
        turns = db.execute("SELECT count(*) FROM turns").fetchone()[0]
    assert codes == sorted(code for resident in residents for code in resident.codes)
    sent = sum(map(len, acknowledged.values()))
    refused, retried = sum(one.refused for one in residents), sum(one.retried for one in residents)
    print(
        f"\n{ROUNDS} kills, {sent} messages acknowledged, {len(codes)} of them requests; "
        f"{refused} tries not answered, {retried} messages acknowledged at a second try; {turns} turns kept"
    )
    assert turns == sent
    assert retried > 0
    # Nothing else was ever answered than « not now ».
    assert set().union(*(one.statuses for one in residents)) <= {503}


def test_the_disk_is_asked_to_write_before_anything_is_acknowledged(tmp_path: Path) -> None:
    made = database.Database(f"sqlite:///{tmp_path}/app.db")
    with made.reading() as db:
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    made.close()


@pytest.mark.parametrize("cut", [pytest.param(True, id="killed"), pytest.param(False, id="stopped-in-order")])
def test_the_next_start_says_how_the_last_one_ended(run: Run, tmp_path: Path, cut: bool) -> None:
    program = run()
    assert program.chat("demande") == 200
    if cut:
        program.kill()
    else:
        program.stop()
    again = run()
    again.wait_ready()
    assert ("conversations : 1, demandes : 1, comptes : 0" in again.terminal) is cut
    # Said once: this one is stopped in order.
    again.stop()
    third = run()
    third.wait_ready()
    assert "sans prévenir" not in third.terminal
