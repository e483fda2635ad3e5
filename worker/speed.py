"""What Rasa does again at each message, done once. Measured in docs/decisions/0005-one-process-worker.md.

Nothing here changes a result: each replacement gives the same answer as the code that it stands for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.events import Event
from sqlalchemy import event


def speed_up_rasa() -> None:
    """Skip the checks and searches that cannot come out otherwise in this process."""
    # Re-checks a JSON schema against the schema of schemas at each action: more than half of a turn. The actions run
    # in this process, and rasa_sdk itself builds what they return.
    RemoteAction._validate_action_result = _accept
    # Walks every subclass of Event for each event read back from the store.
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def speed_up_store(store: TrackerStore) -> None:
    """Let SQLite write without waiting for the disk at each message; a power cut never corrupts the file."""
    if isinstance(store, SQLTrackerStore) and store.engine.dialect.name == "sqlite":
        event.listen(store.engine, "connect", _set_pragmas)
        store.engine.dispose()


def _accept(_action: RemoteAction, _result: dict[str, Any]) -> bool:
    return True


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
