"""What the worker writes to its log: that something failed, never what anyone said."""

from __future__ import annotations

import logging
import warnings

import structlog


def silence_rasa() -> None:
    """Keep Rasa quiet: unless told otherwise it prints every message, entity and slot, and spends longer on it
    than on answering."""
    warnings.filterwarnings("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for name in ("rasa", "rasa_sdk"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
