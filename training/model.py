"""Train Rasa's model of a release, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from training.releases import MODEL_FILE

_MOST_LINES = 3


class TrainingFailed(Exception):
    """The training did not give a model; the message is in French and says why."""


def train_model(folder: Path) -> None:
    """Train on the content of `folder` and write `model.tar.gz` there. Raises TrainingFailed.

    It is the plain `rasa train` command: a process that can be stopped, whose memory is given back, and whose output
    is shown only when it fails.
    """
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation", "--fixed-model-name", MODEL_FILE.split(".")[0]]
    command += ["--config", str(folder / "config.yml"), "--domain", str(folder / "domain.yml")]
    command += ["--data", str(folder / "data"), "--out", str(folder)]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "ALLO_CONTENT": str(folder / "data")}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        done = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False)
        output.seek(0)
        if done.returncode or not (folder / MODEL_FILE).is_file():
            raise TrainingFailed(f"L’entraînement a échoué, rien n’a changé. {_explain(output.read())}")


def _explain(output: str) -> str:
    """The last errors of Rasa's output."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "rror" in line and "File " not in line]
    return "\n".join((errors or lines)[-_MOST_LINES:])
