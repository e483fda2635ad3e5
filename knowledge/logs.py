"""What a process writes in its log: that something happened, when, and how grave it is. Never what anyone said.

What others log may quote a message (the words of an exception, the arguments of a call): of theirs, only the words
that are always the same are kept; of an exception, its type and where it was raised.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any

FORMATS = ("text", "json")
OURS = ("gateway", "worker", "training", "knowledge")
FRAMES = 6  # of an exception, the innermost ones


class Discreet(logging.Formatter):
    """A line for people: the time, who says it, what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, or a few when something was raised."""
        line = f"{datetime.fromtimestamp(record.created).isoformat(' ', 'seconds')} {record.name} {event_of(record)}"
        counts = getattr(record, "counts", None)
        error = error_of(record)
        more = "".join(f"\n  {place}" for place in error["at"]) if error else ""
        return line + (f" {counts}" if counts else "") + (f" ({error['type']})" if error else "") + more


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines: time (UTC), level, logger, event, and what there is to count."""

    def format(self, record: logging.LogRecord) -> str:
        """The object, on one line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event_of(record),
        }
        counts, error = getattr(record, "counts", None), error_of(record)
        line |= {"counts": counts} if counts else {}
        line |= {"error": error} if error else {}
        return json.dumps(line, ensure_ascii=False)


def configure_logs(process: str, style: str, level: int = logging.WARNING) -> None:
    """Have everything that a process logs, on its standard error, be in one of FORMATS; another one counts as text.

    As JSON, warnings and what crashes the process are lines too; `process` is the name that these have.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if style == "json" else Discreet())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False
    if style == "json":
        logging.captureWarnings(True)
        sys.excepthook = partial(_log_crash, logging.getLogger(process))


def event_of(record: logging.LogRecord) -> str:
    """What happened: all that our own code says of it, and of others the words that are always the same."""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    return str(record.msg).partition("\n")[0]


def error_of(record: logging.LogRecord) -> dict[str, Any] | None:
    """The type of what was raised, and where, innermost last."""
    if not record.exc_info or record.exc_info[0] is None:
        return None
    kind, _, trace = record.exc_info
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return {"type": kind.__name__, "at": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]}


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _log_crash(
    log: logging.Logger, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    log.critical("stopped by an error", exc_info=(kind, error, trace))
