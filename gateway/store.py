"""Conversations in the application database: their turns, replies, choices, and opinions on replies."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from gateway.database import Database, insert_or, metadata
from gateway.figures import Figure, count_figures
from gateway.questions import Understood, drop_empty, groups_of_turns, insert_questions, note_verdict
from gateway.resident_requests import ResidentRequest, insert_request
from knowledge.masking import mask_values

HISTORY_LIMIT = 200  # turns
FORGOTTEN_AT_A_TIME = 100  # conversations

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("began_on", Date, nullable=False, index=True),
    # Fingerprint of the client's id of a first message: the same one sent twice opens one session.
    Column("first_key", String(64), unique=True),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("client_id", String(64)),
    Column("fingerprint", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("release", String(64), nullable=False),
    UniqueConstraint("session_id", "client_id"),
)

replies = Table(
    "replies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("body", JSON, nullable=False),
)

choices = Table(
    "choices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reply_id", ForeignKey("replies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("payload", Text, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("reply_id", ForeignKey("replies.id", ondelete="CASCADE"), primary_key=True),
    Column("verdict", String(16), nullable=False),
    Column("comment", Text, nullable=False),
    Column("given_on", Date, nullable=False),
)

# Conversations erased here whose tracker the worker still has to erase.
erasures = Table("erasures", metadata, Column("session_id", String(32), primary_key=True))


# A message in, a message out: what is written each time is put into words once.
_IS_ERASURE_PENDING = select(func.count()).select_from(erasures).where(erasures.c.session_id == bindparam("session_id"))
_ENSURE_SESSION = text(
    "INSERT INTO sessions (id, began_on, first_key) VALUES (:id, :began_on, :first_key) ON CONFLICT (id) DO NOTHING"
).bindparams(bindparam("began_on", type_=Date))
_FIND_TURN = select(turns).where(
    turns.c.session_id == bindparam("session"), turns.c.client_id == bindparam("client")
)
_INSERT_TURN, _INSERT_REPLIES, _INSERT_CHOICES = insert(turns), insert(replies), insert(choices)


class DuplicateTurn(Exception):
    """The same client id was written meanwhile, by another process: its turn is the one that counts."""


@dataclass(frozen=True)
class StoredChoice:
    """A choice the server issued: what the resident sees and what the worker receives."""

    id: str
    label: str
    payload: str


@dataclass(frozen=True)
class StoredReply:
    """One reply as the contract shows it, without its id and choices, which are kept beside it."""

    id: str
    body: dict[str, Any]
    choices: tuple[StoredChoice, ...] = ()

    def hide(self, hidden: dict[str, str]) -> "StoredReply":
        """The reply with some strings replaced, in what it says and in what it offers."""
        texts = {key: mask_values(text, hidden) for key, text in self.body.items() if isinstance(text, str)}
        offered = (replace(choice, label=mask_values(choice.label, hidden)) for choice in self.choices)
        return replace(self, body=self.body | texts, choices=tuple(offered))

    def to_dict(self) -> dict[str, Any]:
        """The reply of the contract; payloads stay here."""
        shown = [{"id": choice.id, "label": choice.label} for choice in self.choices]
        return {"id": self.id, **self.body, "choices": shown}


@dataclass(frozen=True)
class Turn:
    """One message, as it may be kept, what was answered, and how its questions were understood."""

    client_id: str | None
    fingerprint: str
    message: str
    release: str
    replies: tuple[StoredReply, ...]
    understood: tuple[Understood, ...] = ()
    figures: tuple[Figure, ...] = ()


class Store:
    """Conversations in a database. Every method raises Unavailable when it cannot be read or written."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def recall(self, session_id: str, client_id: str | None) -> tuple[Turn | None, bool]:
        """The turn already answered for this client id in this session, and whether the session was erased and its
        tracker is still there."""
        with self._db.reading() as db:
            asked = {"session": session_id, "client": client_id}
            found = _load_turns(db, _FIND_TURN, asked) if client_id is not None else []
            return found[0] if found else None, _is_erasure_pending(db, session_id)

    def find_first(self, first_key: str) -> tuple[str, date, Turn | None] | None:
        """The session a first message opened: its id, its day, and its turn when it is still the only one."""
        with self._db.reading() as db:
            session = db.execute(select(sessions).where(sessions.c.first_key == first_key)).first()
            if session is None:
                return None
            found = _load_turns(db, select(turns).where(turns.c.session_id == session.id).order_by(turns.c.id).limit(2))
        return session.id, session.began_on, found[0] if len(found) == 1 else None

    def find_choice(self, session_id: str, choice_id: str) -> StoredChoice | None:
        """A choice issued in this session."""
        query = (
            select(choices)
            .join(replies, choices.c.reply_id == replies.c.id)
            .join(turns, replies.c.turn_id == turns.c.id)
            .where(choices.c.id == choice_id, turns.c.session_id == session_id)
        )
        with self._db.reading() as db:
            row = db.execute(query).first()
        return StoredChoice(row.id, row.label, row.payload) if row else None

    def save_turn(
        self,
        session_id: str,
        began: date,
        turn: Turn,
        *,
        first_key: str | None = None,
        request: ResidentRequest | None = None,
        on: date,
    ) -> None:
        """Keep a turn, its replies and its request together or not at all; raises DuplicateTurn."""
        try:
            with self._db.writing() as db:
                db.execute(_ENSURE_SESSION, {"id": session_id, "began_on": began, "first_key": first_key})
                turn_id = _insert_turn(db, session_id, turn)
                insert_questions(db, turn_id, turn.release, turn.understood, on)
                count_figures(db, on, turn.figures)
                if request is not None:
                    insert_request(db, request, on)
        except IntegrityError:
            raise DuplicateTurn from None

    def history(self, session_id: str) -> list[Turn]:
        """The last turns of a session, oldest first."""
        newest = select(turns).where(turns.c.session_id == session_id).order_by(turns.c.id.desc()).limit(HISTORY_LIMIT)
        with self._db.reading() as db:
            return _load_turns(db, newest)[::-1]

    def erase(self, session_id: str) -> None:
        """Forget a conversation, and note that the worker has to forget it too."""
        with self._db.writing() as db:
            _erase_sessions(db, [session_id], decided_too=True)
        self._db.scrub()

    def purge(self, before: date) -> int:
        """Forget every conversation begun before a day; returns how many.

        A few at a time, with as long a pause between two: a message that is to be written does not wait for them all.
        """
        forgotten = 0
        while True:
            began = time.monotonic()
            with self._db.writing() as db:
                few = select(sessions.c.id).where(sessions.c.began_on < before).limit(FORGOTTEN_AT_A_TIME)
                old = list(db.execute(few).scalars())
                if old:
                    _erase_sessions(db, old, decided_too=False)
            forgotten += len(old)
            if len(old) < FORGOTTEN_AT_A_TIME:
                break
            time.sleep(time.monotonic() - began)
        if forgotten:
            self._db.scrub()
        return forgotten

    def redate(self, after: date, to: date) -> int:
        """Give a day to the conversations that a wrong clock has dated after `after`; returns how many."""
        with self._db.writing() as db:
            return int(db.execute(update(sessions).where(sessions.c.began_on > after).values(began_on=to)).rowcount)

    def pending_erasures(self, limit: int = 100) -> list[str]:
        """Sessions whose tracker the worker has not erased yet."""
        with self._db.reading() as db:
            return list(db.execute(select(erasures.c.session_id).limit(limit)).scalars())

    def is_erasure_pending(self, session_id: str) -> bool:
        """Whether this conversation was erased and its tracker is still there."""
        with self._db.reading() as db:
            return _is_erasure_pending(db, session_id)

    def confirm_erasure(self, session_id: str) -> None:
        """The worker has erased its part."""
        with self._db.writing() as db:
            db.execute(delete(erasures).where(erasures.c.session_id == session_id))

    def save_feedback(self, reply_id: str, session_id: str | None, verdict: str, comment: str, on: date) -> bool:
        """Keep one opinion per reply, the last one; False when the reply is not of that session."""
        with self._db.writing() as db:
            owner = (
                select(turns.c.session_id, turns.c.id)
                .join(replies, replies.c.turn_id == turns.c.id)
                .where(replies.c.id == reply_id)
            )
            row = db.execute(owner).first()
            if row is None or session_id not in (None, row.session_id):
                return False
            former = db.execute(select(feedback).where(feedback.c.reply_id == reply_id)).first()
            if former is not None:
                count_figures(db, former.given_on, [Figure(former.verdict, count=-1)])
                db.execute(delete(feedback).where(feedback.c.reply_id == reply_id))
            count_figures(db, on, [Figure(verdict)])
            db.execute(insert(feedback).values(reply_id=reply_id, verdict=verdict, comment=comment, given_on=on))
            note_verdict(db, row.id, verdict)
        return True


def _is_erasure_pending(db: Connection, session_id: str) -> bool:
    return bool(db.execute(_IS_ERASURE_PENDING, {"session_id": session_id}).scalar())


def _insert_turn(db: Connection, session_id: str, turn: Turn) -> int:
    row = {
        "session_id": session_id,
        "client_id": turn.client_id,
        "fingerprint": turn.fingerprint,
        "message": turn.message,
        "release": turn.release,
    }
    turn_id = int(db.execute(_INSERT_TURN, row).inserted_primary_key[0])
    said = [
        {"id": reply.id, "turn_id": turn_id, "position": place, "body": reply.body}
        for place, reply in enumerate(turn.replies)
    ]
    offered = [
        {"id": choice.id, "reply_id": reply.id, "position": place, "label": choice.label, "payload": choice.payload}
        for reply in turn.replies
        for place, choice in enumerate(reply.choices)
    ]
    for statement, rows in ((_INSERT_REPLIES, said), (_INSERT_CHOICES, offered)):
        if rows:
            db.execute(statement, rows)
    return turn_id


def _erase_sessions(db: Connection, session_ids: Sequence[str], *, decided_too: bool) -> None:
    touched = groups_of_turns(db, select(turns.c.id).where(turns.c.session_id.in_(session_ids)))
    db.execute(delete(sessions).where(sessions.c.id.in_(session_ids)))
    forget_at_worker(db, session_ids)
    drop_empty(db, touched, decided_too=decided_too)


def forget_at_worker(db: Connection, session_ids: Collection[str]) -> None:
    """Note that the worker has to erase what it keeps of these conversations."""
    if session_ids:
        # Another gateway may be erasing the same one.
        noted = insert_or(db, erasures).on_conflict_do_nothing()
        db.execute(noted, [{"session_id": session_id} for session_id in session_ids])


def _load_turns(db: Connection, query: Any, values: dict[str, Any] | None = None) -> list[Turn]:
    rows = db.execute(query, values or {}).all()
    by_turn = _load_replies(db, [row.id for row in rows])
    return [
        Turn(row.client_id, row.fingerprint, row.message, row.release, tuple(by_turn.get(row.id, ()))) for row in rows
    ]


def _load_replies(db: Connection, turn_ids: Sequence[int]) -> dict[int, list[StoredReply]]:
    if not turn_ids:
        return {}
    query = select(replies).where(replies.c.turn_id.in_(turn_ids)).order_by(replies.c.turn_id, replies.c.position)
    rows = db.execute(query).all()
    issued = _load_choices(db, [row.id for row in rows])
    by_turn: dict[int, list[StoredReply]] = {}
    for row in rows:
        reply = StoredReply(row.id, row.body, tuple(issued.get(row.id, ())))
        by_turn.setdefault(row.turn_id, []).append(reply)
    return by_turn


def _load_choices(db: Connection, reply_ids: Sequence[str]) -> dict[str, list[StoredChoice]]:
    if not reply_ids:
        return {}
    query = select(choices).where(choices.c.reply_id.in_(reply_ids)).order_by(choices.c.position)
    rows: Sequence[Row] = db.execute(query).all()
    issued: dict[str, list[StoredChoice]] = {}
    for row in rows:
        issued.setdefault(row.reply_id, []).append(StoredChoice(row.id, row.label, row.payload))
    return issued
