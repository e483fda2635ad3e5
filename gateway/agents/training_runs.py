"""Trainings that the console starts: a process of its own, that outlives the gateway and answers to nobody's memory.

The gateway never loads Rasa. What it knows of a training is what `training.progress` reads in the models folder,
the same for one that was started from the command line.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from json import dumps
from pathlib import Path

from gateway.settings import Settings
from training import locks
from training.changes import Question
from training.progress import State, read_state
from training.releases import UNFINISHED, remove_unfinished

COMMAND = (sys.executable, "-m", "training")
LOG_FILE = "training.log"
# For a training to say that it has begun: Python starts, and not much more.
START_SECONDS = 20.0


class NotStarted(Exception):
    """A training that did not begin; its text says why, in French."""


class TrainingRuns:
    """Starts trainings and tells how the last one is doing. Its methods block."""

    def __init__(
        self, settings: Settings, questions: Callable[[], list[Question]], command: Sequence[str] = COMMAND
    ) -> None:
        """`questions` are residents' retained questions, to be asked of both releases."""
        self._settings = settings
        self._questions = questions
        self._command = command

    @property
    def state(self) -> State | None:
        """The last training, running or ended, whoever started it."""
        return read_state(self._settings.models)

    def clear_leftovers(self) -> None:
        """Remove what a training that was killed left behind; never while one runs."""
        models = self._settings.models
        if any(models.glob(UNFINISHED)):
            with contextlib.suppress(locks.Busy, OSError), locks.exclusive(models, locks.TRAINING, "démarrage"):
                remove_unfinished(models)

    def train(self, by: str, reason: str) -> None:
        """Start a training; raises NotStarted."""
        self._start(["train"], by, reason)

    def examine(self, release: str, by: str, reason: str) -> None:
        """Have a release take today's exam; raises NotStarted."""
        self._start(["evaluate", release], by, reason)

    def _start(self, action: list[str], by: str, reason: str) -> None:
        began = time.time()
        log = self._settings.var / LOG_FILE
        folders = ["--models", str(self._settings.models), "--project", str(self._settings.project)]
        options = ["--keep", str(self._settings.keep_releases)]
        order = [f"--reason={reason}", f"--by={by}", "--progress", "json", "--replay"]
        try:
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [*self._command, *folders, *options, *action, *order],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=output,
                    # Its own session: a gateway that stops or starts again leaves it alone.
                    start_new_session=True,
                )
            self._send_questions(process)
        except OSError as error:
            raise NotStarted(f"L’entraînement n’a pas pu démarrer ({error.strerror}).") from None
        # Somebody has to read its end, or it would stay in the list of processes.
        threading.Thread(target=process.wait, daemon=True).start()
        self._wait_begun(process, began, log)

    def _send_questions(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        # One that ends before it has read them says why in its log.
        with contextlib.suppress(BrokenPipeError), process.stdin as lines:
            for question in self._questions():
                lines.write(dumps(asdict(question), ensure_ascii=False).encode() + b"\n")

    def _wait_begun(self, process: subprocess.Popen[bytes], began: float, log: Path) -> None:
        """Come back once the training can be seen; raises NotStarted with what it said if it ended before."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                if process.returncode and not self._has_begun(began):
                    raise NotStarted(_read_end(log))
                return
            if self._has_begun(began) and locks.is_held(self._settings.models, locks.TRAINING):
                return
            time.sleep(0.05)

    def _has_begun(self, after: float) -> bool:
        state = self.state
        return state is not None and state.began >= after


def _read_end(log: Path) -> str:
    """The last words of a training that did not begin."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    # A trace is for whoever reads the log, not for a screen.
    if not lines or "Traceback" in "".join(lines):
        return "L’entraînement n’a pas pu démarrer. Le détail est dans le journal du service."
    return lines[-1]
