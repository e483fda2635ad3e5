"""Train Rasa's model of a release, in a process of its own."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.children import start_child
from training.failures import explain_end
from training.releases import MODEL_FILE

MODEL_NAME = MODEL_FILE.removesuffix(".tar.gz")
# What a training takes at its highest, with 10,000 sentences.
TRAINING_BYTES = 2_000_000_000
_MOST_LINES = 3
_ERROR = re.compile(r"[\w.]*(?:Error|Exception|Invalid\w+): ")
# What our own components raise is said in French.
_OURS = re.compile(r"^(?:ContentError|InvalidConfigException): ")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


class TrainingFailed(Exception):
    """The training did not give a model; the message is in French and says why."""


def train_model(folder: Path) -> None:
    """Train on the content of `folder` and write `model.tar.gz` there. Raises TrainingFailed.

    It is the `rasa train` command without its cache: a process that can be stopped, whose memory is given back, and
    whose output is shown only when it fails.
    """
    command = [sys.executable, "-m", "training.rasa_train", "--force", "--skip-validation"]
    command += ["--config", str(folder / "config.yml"), "--domain", str(folder / "domain.yml")]
    command += ["--data", str(folder / "data"), "--out", str(folder), "--fixed-model-name", MODEL_NAME]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "ALLO_CONTENT": str(folder / "data")}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        status = _run(command, env=environment, stdout=output, stderr=output)
        output.seek(0)
        if status or not (folder / MODEL_FILE).is_file():
            written = output.read().replace(f"{folder}/", "")
            raise TrainingFailed(explain_end(status, written) or _explain(written))


def _run(command: Sequence[str], **options: Any) -> int:
    """Run a program to its end, or end it with whatever ends this; its exit status."""
    process = start_child(command, **options)
    try:
        return process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise


def _explain(output: str) -> str:
    """The error that ended Rasa's output, a few lines at most."""
    lines = [line.strip() for line in _COLOURS.sub("", output).splitlines() if line.strip()]
    errors = [number for number, line in enumerate(lines) if _ERROR.match(line)]
    first = errors[-1] if errors else -_MOST_LINES
    return _OURS.sub("", "\n".join(lines[first:][:_MOST_LINES]))
