"""`python -m gateway` as a person meets it: what it prints, how it stops, what it refuses to start with."""

import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gateway_case import is_running
from program_case import ROOT, Program, Run, wait_gone, worker_pids

from gateway import startup, texts

pytest_plugins = ["gateway_fixtures", "program_fixtures"]

# How many heaps the C library has once eight threads have taken memory at the same time, before and after.
COUNT_HEAPS = """
import ctypes, re, threading
from pathlib import Path
from gateway.__main__ import share_heaps

libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p

def count_heaps(path):
    file = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
    libc.malloc_info(0, file)
    libc.fclose(file)
    return len(re.findall("<heap nr=", Path(path).read_text()))

def take_memory(path):
    together = threading.Barrier(9)
    def take():
        libc.malloc(1000)
        together.wait()
    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    together.wait()
    return count_heaps(path)

share_heaps() if {shared} else None
print(take_memory({path!r}))
"""

def test_it_prints_progress_then_the_address(run: Run) -> None:
    program = run()
    assert program.port
    program.wait_for(texts.ready(f"http://127.0.0.1:{program.port}"))
    starting, first_access, ready = program.terminal.splitlines()
    assert starting == texts.STARTING
    assert first_access.startswith(texts.first_access(f"http://127.0.0.1:{program.port}/agents/premier-acces/"))
    assert ready == f"Allô Quartiers : http://127.0.0.1:{program.port}"
    assert program.chat("bonjour") == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_every_process(run: Run, tmp_path: Path, number: signal.Signals) -> None:
    program = run()
    assert program.chat("bonjour") == 200
    (worker,) = worker_pids(tmp_path)
    assert is_running(worker)
    program.process.send_signal(number)
    assert program.process.wait(60) == 0
    assert program.terminal.splitlines()[-2:] == [texts.STOPPING, texts.STOPPED]
    assert not is_running(worker)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", program.port)) != 0


def test_ctrl_c_stops_a_frozen_worker_too(run: Run, tmp_path: Path) -> None:
    program = run(ALLO_TURN_TIMEOUT="1")
    assert program.chat("/!fige") == 503
    (worker,) = worker_pids(tmp_path)
    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(15) == 0
    assert not is_running(worker)


def test_ctrl_c_while_it_starts(run: Run, tmp_path: Path) -> None:
    program = run(FAKE_WORKER_DEFECT="silent")
    program.wait_for(texts.STARTING)
    time.sleep(0.5)
    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(60) == 0
    assert "Traceback" not in program.terminal
    for pid in worker_pids(tmp_path):
        assert not is_running(pid)


def test_a_message_being_answered_is_answered_and_kept_before_it_stops_and_others_are_refused(
    run: Run, tmp_path: Path
) -> None:
    program = run()
    program.wait_ready()
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=20)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/api/chat", json.dumps({"message": "/!très lent"}), headers)
    while "/!tr" not in (tmp_path / "journal.jsonl").read_text():
        time.sleep(0.02)
    program.process.send_signal(signal.SIGTERM)
    program.wait_for(texts.STOPPING)
    with pytest.raises(ConnectionRefusedError):
        while True:
            socket.create_connection(("127.0.0.1", program.port)).close()
            time.sleep(0.02)
    assert program.process.poll() is None
    answer = connection.getresponse()
    assert answer.status == 200
    session = json.loads(answer.read())["session"]
    assert program.process.wait(60) == 0
    assert [turn["message"] for turn in run().history(session)] == ["/!très lent"]


def test_a_gateway_killed_outright_leaves_no_worker(run: Run, tmp_path: Path) -> None:
    program = run()
    assert program.chat("bonjour") == 200
    (worker,) = worker_pids(tmp_path)
    program.process.kill()
    wait_gone(worker)


def test_what_was_answered_before_a_kill_is_there_at_the_next_start(run: Run) -> None:
    program = run()
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=10)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/api/chat", json.dumps({"message": "gardé"}), headers)
    session = json.loads(connection.getresponse().read())["session"]
    program.process.kill()
    program.process.wait()
    again = http.client.HTTPConnection("127.0.0.1", run().port, timeout=10)
    again.request("GET", "/api/chat/history", headers={"X-Session": session})
    turns = json.loads(again.getresponse().read())["turns"]
    assert [turn["message"] for turn in turns] == ["gardé"]


def test_a_worker_that_dies_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    program = run()
    assert program.chat("bonjour") == 200
    os.kill(worker_pids(tmp_path)[0], signal.SIGKILL)
    program.wait_for(texts.BACK)
    assert "il s’est arrêté" in program.terminal
    assert "Traceback" not in program.terminal


def test_only_its_owner_reads_what_it_writes(run: Run, tmp_path: Path) -> None:
    program = run()
    assert program.chat("bonjour") == 200
    var = tmp_path / "var"
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    for name in ("secret.key", "worker.log"):
        assert stat.S_IMODE((var / name).stat().st_mode) == 0o600
    assert len((var / "secret.key").read_text()) == startup.SECRET_LENGTH


def test_nothing_a_resident_says_is_printed_or_logged(run: Run, tmp_path: Path) -> None:
    program = run()
    for message in ("Xylophone", "Xylophone /!", "/!erreur", "x" * 600):
        program.chat(message)
    with socket.create_connection(("127.0.0.1", program.port)) as raw:
        raw.sendall(b"Xylophone\r\n\r\n")
        answer = raw.recv(4096)
    assert b"400" in answer
    assert b"aiohttp" not in answer.lower()
    assert b"Python" not in answer
    assert "Xylophone" not in program.terminal
    assert "127.0.0.1" not in program.terminal.replace(f"http://127.0.0.1:{program.port}", "")
    assert "Xylophone" not in (tmp_path / "var" / "worker.log").read_text()


# --- What it refuses to start with ---------------------------------------------------------------------


def refusal(program: Program) -> str:
    """The one line of a program that did not start."""
    assert program.process.wait(15) == 1
    lines = program.terminal.splitlines()
    assert len(lines) == 1, program.terminal
    return lines[0]


def test_a_port_in_use(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refusal(run(ALLO_PORT=str(port))) == texts.port_in_use("127.0.0.1", port)


def test_a_second_gateway_on_the_same_port(run: Run) -> None:
    port = run().port
    assert "déjà utilisé" in refusal(run(ALLO_PORT=str(port)))


def test_an_address_of_another_machine(run: Run) -> None:
    assert "Impossible d’écouter sur 192.0.2.1" in refusal(run(ALLO_HOST="192.0.2.1"))


def test_a_wrong_setting(run: Run) -> None:
    assert refusal(run(ALLO_RATE_LIMIT="beaucoup")).startswith("ALLO_RATE_LIMIT : « beaucoup »")
    assert "vouliez-vous dire « ALLO_HOST »" in refusal(run(ALLO_HOSTS="a"))


def test_a_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "ALLO_VAR" in refusal(run(ALLO_VAR=str(tmp_path / "file" / "var")))
    assert "ALLO_VAR" in refusal(run(ALLO_VAR="/proc/allo"))


def test_a_database_that_does_not_open(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/app.db"
    assert "unable to open database file" in refusal(run(ALLO_DATABASE_URL=url))
    assert "ALLO_DATABASE_URL" in refusal(run(ALLO_DATABASE_URL="postgresql://u:motdepasse@127.0.0.1:9/allo"))


def test_a_secret_that_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret.key").write_text("court")
    assert refusal(run()) == texts.secret_unusable(tmp_path / "var" / "secret.key")


def test_a_content_that_is_broken(run: Run, models: Path) -> None:
    (models / "r1" / "data" / "contact.yml").write_text("nom: [")
    assert "contact.yml" in refusal(run())


def test_no_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=12_345_678)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(startup.StartError, match="Il ne reste que 12 Mo"):
        startup.prepare_folder(tmp_path / "var")


def test_an_argument_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "--port", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (1, texts.USAGE)


@pytest.mark.parametrize(("shared", "is_right"), [(True, range(1, 3)), (False, range(3, 100))], ids=["shared", "not"])
def test_threads_share_their_heaps(tmp_path: Path, shared: bool, is_right: range) -> None:
    program = COUNT_HEAPS.format(shared=shared, path=str(tmp_path / "heaps.xml"))
    environ = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) in is_right
