"""Rasa's own `train` command without what brings a release nothing: `python -m training.rasa_train …`.

The model is the same. After each component Rasa takes the fingerprint of all training data and stores what came out,
to skip that component the next time; a release is always trained whole. And Rasa merges its training data twice, each
time copying all that was read before, and tells two messages apart by the fingerprints of all that they hold.
See docs/decisions/0011-training-time.md.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any


def main() -> None:
    """Train as `rasa train` does with the same options."""
    # What a training leaves behind goes with its process: looking for it among all messages takes a tenth of the time.
    gc.disable()
    from rasa.__main__ import main as run_rasa

    skip_cache()
    read_once()
    merge_without_copies()
    sys.argv.insert(1, "train")
    # Rasa makes the folder of its cache all the same, and would in the installed code, which may be read-only.
    with TemporaryDirectory(prefix="rasa-cache-") as cache:
        os.environ["RASA_CACHE_DIRECTORY"] = cache
        run_rasa()


def skip_cache() -> None:
    """Let Rasa keep nothing of this training for the next one, in this process."""
    from rasa.engine.training.hooks import TrainingHook

    TrainingHook.on_before_node = _give_back_memory
    TrainingHook.on_after_node = _keep_nothing


def read_once() -> None:
    """Let Rasa take the training data, first asked for without a language, again when it asks with one."""
    from rasa.shared.importers.importer import E2EImporter

    read = E2EImporter.get_nlu_data
    E2EImporter.get_nlu_data = lambda importer, language=None: read(importer)


def merge_without_copies() -> None:
    """Let Rasa put training data together from the messages that it has read, and tell these apart by their text."""
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data import message, training_data

    # Lists and mappings are new, what they hold is shared: whoever read it forgets it.
    training_data.copy = SimpleNamespace(deepcopy=lambda read: read.copy())
    message.Message.__hash__ = lambda said: hash((said.get(TEXT), said.get(INTENT)))


def _give_back_memory(*_values: Any, **_named: Any) -> dict[str, Any]:
    # What a component has freed stays with the process otherwise, while the next one takes more: on a small machine the
    # assistant answers beside.
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    return {}


def _keep_nothing(*_values: Any, **_named: Any) -> dict[str, Any]:
    return {}


if __name__ == "__main__":
    main()
