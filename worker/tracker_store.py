"""Rasa's SQL tracker store with the queries that a turn needs, and no others."""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import bindparam, create_engine, delete, event, func, insert, or_, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from worker.discretion import Discretion, cleared_slots

# As Rasa writes the event of a message.
USER_EVENT = f'"event": "{UserUttered.type_name}"'
MOST_REMEMBERED = 10_000
AT_A_TIME, MOST_BATCHES = 1000, 20  # events deleted at once: people wait for no more than that; and in one call


class TurnTrackerStore(SQLTrackerStore):
    """Same table and rows as Rasa's own SQL store, personal data masked, read and written in a fifth of the time.

    Rasa counts the stored events before each save, and writes the new ones one by one; here the count is known from
    the read that opened the turn, and the new events go in one statement. Turns of one conversation never overlap
    (the lock store sees to it), so the count holds between the two, whichever worker wrote before.
    """

    engine: Engine

    def __init__(self, discretion: Discretion, **settings: Any) -> None:
        """Open the database as Rasa would; SQLite writes ahead, without waiting for the disk at each message.

        `discretion` says what may be written of each event.
        """
        try:
            super().__init__(**settings)
        except IntegrityError:
            # Another worker made the table at the same moment.
            super().__init__(**settings)
        self._discretion = discretion
        self._stored: OrderedDict[str, int] = OrderedDict()
        self._expected: dict[str, str] = {}
        self._failed: set[str] = set()
        self._read = _make_query(self.SQLEvent.__table__)
        if self.engine.dialect.name == "sqlite":
            self._keep_connections()
        else:
            # A connection that the database closed, as it restarted, is opened again instead of failing a turn.
            self._use(create_engine(self.engine.url, pool_pre_ping=True))

    def _keep_connections(self) -> None:
        """SQLAlchemy opens a SQLite file anew for each query unless it is told to keep it open."""
        self._use(create_engine(self.engine.url, poolclass=QueuePool, connect_args=_CONNECT))
        event.listen(self.engine, "connect", _set_pragmas)

    def _use(self, engine: Engine) -> None:
        self.engine.dispose()
        self.engine = engine
        self.sessionmaker = sessionmaker(bind=engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the latest session of a conversation; None when there is none."""
        with self._noting_failure(sender_id):
            with self.engine.connect() as database:
                stored = database.execute(self._read, {"sender": sender_id}).scalars().all()
            stored = self._without_expected(sender_id, stored)
        self._remember(sender_id, len(stored))
        if not stored or not self.domain:
            return None
        events = [self._discretion.from_row(data) for data in stored]
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    @contextmanager
    def _noting_failure(self, sender_id: str) -> Iterator[None]:
        # Rasa hides it: it goes on with a store in memory, which nobody reads at the next message.
        try:
            yield
        except SQLAlchemyError:
            self._failed.add(sender_id)
            self._stored.pop(sender_id, None)
            raise

    def take_failure(self, sender_id: str) -> bool:
        """Whether a conversation could not be read or written since this was last asked."""
        is_failed = sender_id in self._failed
        self._failed.discard(sender_id)
        return is_failed

    def expect(self, sender_id: str, message_id: str) -> None:
        """A message is about to come: when it is read next, what was written of it before is as if it never was."""
        self._expected[sender_id] = message_id

    def _without_expected(self, sender_id: str, stored: Sequence[str]) -> Sequence[str]:
        expected = self._expected.pop(sender_id, None)
        if expected is None:
            return stored
        last = next((place for place in range(len(stored))[::-1] if USER_EVENT in stored[place]), None)
        written = json.loads(stored[last]) if last is not None else {}
        if written.get("message_id") != expected:
            return stored
        self.erase(sender_id, since=written["timestamp"])
        return stored[:last]

    def can_write(self) -> bool:
        """Whether a conversation could be written now: one is, and is taken back; waits as long as a turn would."""
        events = self.SQLEvent.__table__
        try:
            with self.engine.begin() as database:
                database.execute(insert(events), [{"sender_id": "", "type_name": "", "data": "{}"}])
                database.execute(delete(events).where(events.c.sender_id == ""))
        except SQLAlchemyError:
            return False
        return True

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that came since the conversation was read."""
        known = self._stored.get(tracker.sender_id)
        if known is None:
            await self.retrieve(tracker.sender_id)
            known = self._stored[tracker.sender_id]
        await self.stream_events(tracker)
        events = list(tracker.events)
        kept = self._discretion.review(tracker.sender_id, events)
        rows = [_as_row(tracker.sender_id, new, self._discretion.to_row(new, kept)) for new in events[known:]]
        if rows:
            with self._noting_failure(tracker.sender_id), self.engine.begin() as database:
                self._forget_answers(database, tracker.sender_id, cleared_slots(events[known:]))
                database.execute(insert(self.SQLEvent.__table__), rows)
        self._remember(tracker.sender_id, known + len(rows))

    def _forget_answers(self, database: Connection, sender_id: str, slots: list[str]) -> None:
        """Delete the answers that a request has taken back, or that it has handed over."""
        events = self.SQLEvent.__table__
        if slots:
            of_slots = (events.c.type_name == SlotSet.type_name, events.c.action_name.in_(slots))
            database.execute(delete(events).where(events.c.sender_id == sender_id, *of_slots))

    def erase(self, sender_id: str, since: float = 0.0) -> None:
        """Delete the events of a conversation, or those written from `since` (seconds, epoch) on."""
        events = self.SQLEvent.__table__
        with self.engine.begin() as database:
            database.execute(delete(events).where(events.c.sender_id == sender_id, events.c.timestamp >= since))
        self._truncate_log()
        self._stored.pop(sender_id, None)

    async def forget_before(self, timestamp: float) -> int:
        """Delete events older than a time (seconds, epoch), the oldest first; returns how many, 0 when none is left.

        Those of conversations that the gateway never knew too: a turn that was answered, and then could not be kept.
        """
        events = self.SQLEvent.__table__
        forgotten = 0
        for _ in range(MOST_BATCHES):
            oldest = select(events.c.id).order_by(events.c.id).limit(AT_A_TIME).subquery()
            query = delete(events).where(events.c.id.in_(select(oldest.c.id)), events.c.timestamp < timestamp)
            with self.engine.begin() as database:
                count = int(database.execute(query).rowcount)
            forgotten += count
            if not count:
                break
            # People are answered between two.
            await asyncio.sleep(0)
        if forgotten:
            self._stored.clear()
            self._truncate_log()
        return forgotten

    def _truncate_log(self) -> None:
        """What SQLite writes ahead of the file still holds what was erased."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as database:
                database.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _remember(self, sender_id: str, count: int) -> None:
        self._stored[sender_id] = count
        self._stored.move_to_end(sender_id)
        while len(self._stored) > MOST_REMEMBERED:
            self._stored.popitem(last=False)


def create_tracker_store(endpoint: EndpointConfig | None, discretion: Discretion) -> TrackerStore:
    """The store that `endpoints.yml` names: ours for SQL, else Rasa's own in memory.

    Raises NotImplementedError for any other: it would write what people say as they said it.
    """
    if endpoint and endpoint.type and endpoint.type.lower() == "sql":
        return TurnTrackerStore(discretion, host=endpoint.url, **endpoint.kwargs)
    store = TrackerStore.create(endpoint)
    if not isinstance(store, InMemoryTrackerStore):
        raise NotImplementedError(f"{type(store).__name__} cannot mask what it writes: use SQL in endpoints.yml")
    return store


def expect(store: TrackerStore, session: str, message_id: str) -> None:
    """A message is about to come, maybe again."""
    if isinstance(store, TurnTrackerStore):
        store.expect(session, message_id)


def take_failure(store: TrackerStore, session: str) -> bool:
    """Whether the last turn of a conversation could not be read or written; memory never fails."""
    return isinstance(store, TurnTrackerStore) and store.take_failure(session)


def can_write(store: TrackerStore) -> bool:
    """Whether a conversation could be written now; memory always can."""
    return not isinstance(store, TurnTrackerStore) or store.can_write()


def let_go(store: TrackerStore) -> None:
    """Close the connections to the database, which are opened again at need."""
    if isinstance(store, TurnTrackerStore):
        store.engine.dispose()


def delete_conversation(store: TrackerStore, session: str) -> None:
    """Rasa 3.6 has no way to delete a conversation: do it as each store keeps them. Raises NotImplementedError."""
    if isinstance(store, TurnTrackerStore):
        store.erase(session)
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(session, None)
    else:
        raise NotImplementedError(f"{type(store).__name__} cannot erase a conversation: use SQL in endpoints.yml")


async def forget_before(store: TrackerStore, timestamp: float) -> int:
    """Delete events older than a time (seconds, epoch), as TurnTrackerStore does. In memory, none lives that long."""
    return await store.forget_before(timestamp) if isinstance(store, TurnTrackerStore) else 0


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


def _as_row(sender_id: str, new: Event, data: dict[str, Any]) -> dict[str, Any]:
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


# Nobody else is answered while one waits for a lock (seconds).
_CONNECT = {"check_same_thread": False, "timeout": 2}
# A power cut may lose the last message, never the file; erased conversations leave no bytes behind.
_PRAGMAS: Iterable[str] = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA secure_delete=ON")
