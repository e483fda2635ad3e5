"""Train Rasa's model of a release."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path

from training.releases import MODEL_FILE


class TrainingFailed(Exception):
    """The training did not give a model; the message is in French and says why."""


def train_model(folder: Path) -> None:
    """Train on the content of `folder` and write `model.tar.gz` there. Raises TrainingFailed.

    Rasa takes five seconds to import: only when something is really trained.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["ALLO_CONTENT"] = str(folder / "data")
    warnings.filterwarnings("ignore")
    import structlog
    from rasa.model_training import train

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("rasa").setLevel(logging.ERROR)
    try:
        result = train(
            domain=str(folder / "domain.yml"),
            config=str(folder / "config.yml"),
            training_files=str(folder / "data"),
            output=str(folder),
            fixed_model_name=MODEL_FILE.removesuffix(".tar.gz"),
            force_training=True,
        )
    except Exception as error:
        raise TrainingFailed(f"L’entraînement a échoué : {error}") from error
    if result.code != 0 or not (folder / MODEL_FILE).is_file():
        raise TrainingFailed("L’entraînement n’a pas donné de modèle.")
