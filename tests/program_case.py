"""`python -m gateway` as a process: started, asked, killed. Its worker is the fake one unless a test says otherwise."""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from gateway_case import FAKE_WORKER, is_running, read_notes

ROOT = Path(__file__).parents[1]
# The program itself, with the fake worker in place of the real one.
PROGRAM = f"import sys; from gateway.__main__ import main; sys.exit(main({FAKE_WORKER!r}))"

# The program with its own worker.
REAL = "import sys; from gateway.__main__ import main; sys.exit(main())"

Run = Callable[..., "Program"]


class Program:
    """A running `python -m gateway`, its terminal kept in a file."""

    def __init__(self, environ: dict[str, str], terminal: Path, program: str = PROGRAM) -> None:
        self.environ = environ
        self._terminal = terminal
        with terminal.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def terminal(self) -> str:
        """Everything printed so far."""
        return self._terminal.read_text()

    def wait_for(self, text: str, within: float = 60.0) -> None:
        """Wait until something is printed."""
        deadline = time.monotonic() + within
        while text not in self.terminal:
            assert time.monotonic() < deadline, self.terminal
            assert self.process.poll() is None or text in self.terminal, self.terminal
            time.sleep(0.02)

    @property
    def port(self) -> int:
        """The port that was printed."""
        self.wait_for("http://")
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.terminal)
        assert found
        return int(found[1])

    def chat(self, message: str, within: float = 10.0) -> int:
        """Send one message; returns the status."""
        return self.post({"message": message}, within)[0]

    def post(self, body: dict[str, Any], within: float = 10.0) -> tuple[int, dict[str, Any]]:
        """POST /api/chat; returns the status and the answer. Raises OSError or HTTPException."""
        return self._ask("POST", "/api/chat", json.dumps(body), {"Content-Type": "application/json"}, within)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, Any]]:
        """GET an address that answers in JSON."""
        return self._ask("GET", path, None, headers, 10)

    def history(self, session: str) -> list[dict[str, Any]]:
        """The turns of a conversation."""
        status, answer = self.get("/api/chat/history", Authorization=f"Bearer {session}")
        assert status == 200, answer
        return list(answer["turns"])

    def wait_ready(self, within: float = 120.0) -> None:
        """Wait until a message could be answered and kept."""
        deadline = time.monotonic() + within
        while self.get("/readyz")[0] != 200:
            assert time.monotonic() < deadline, self.terminal
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill the gateway outright; its worker goes with it."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stop it in order."""
        self.process.terminate()
        assert self.process.wait(30) == 0, self.terminal

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str], within: float
    ) -> tuple[int, dict[str, Any]]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=within)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())


def worker_pids(tmp_path: Path) -> list[int]:
    """Every worker that was ever started."""
    return read_notes(tmp_path / "journal.jsonl", "started")


def wait_gone(pid: int, within: float = 5.0) -> None:
    """Wait until a process is gone."""
    deadline = time.monotonic() + within
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def run_command(environ: dict[str, str], *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """A command beside the service, `said` on its standard input."""
    command = [sys.executable, "-m", "gateway", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, input=said, capture_output=True, text=True, check=False)
