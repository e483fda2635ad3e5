"""Residents' requests as the service works on them: their state and a note, in a table beside the requests' own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, String, Table, case, delete, func, insert, select
from sqlalchemy.engine import Connection, Row

from gateway.agents.journal import insert_note
from gateway.database import Database, metadata
from gateway.resident_requests import requests
from gateway.sealing import SealedJSON
from gateway.sessions import today

NEW = "nouvelle"
STATES = (NEW, "prise en charge", "close")
KINDS = {"join": "Rejoindre un conseil citoyen", "message": "Message au service"}
FIELDS = {
    "profil": "Profil",
    "quartier": "Quartier",
    "nom": "Nom",
    "contact": "Téléphone ou courriel",
    "texte": "Message",
}
NOTE_LIMIT = 2000
PAGE_SIZE = 25

# A request without a row here is new.
request_states = Table(
    "request_states",
    metadata,
    Column("code", ForeignKey("requests.code", ondelete="CASCADE"), primary_key=True),
    Column("state", String(20), nullable=False),
    # A note may say as much of somebody as their request does.
    Column("note", SealedJSON, nullable=False),
    Column("changed_by", String(254), nullable=False),
    Column("changed_on", Date, nullable=False),
)

_state = func.coalesce(request_states.c.state, NEW)
# What nobody has read comes first, what is closed last.
_urgency = case({state: place for place, state in enumerate(STATES)}, value=_state, else_=len(STATES))
_followed = requests.outerjoin(request_states, request_states.c.code == requests.c.code)


@dataclass(frozen=True)
class FollowedRequest:
    """A request and how far the service is with it."""

    code: str
    kind: str
    fields: dict[str, Any]
    created_on: date
    state: str
    note: str
    changed_by: str
    changed_on: date | None

    @property
    def kind_label(self) -> str:
        """What is asked for, as staff read it."""
        return KINDS.get(self.kind, self.kind)

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """What the resident answered, beside what was asked."""
        return [(FIELDS.get(name, name), str(value)) for name, value in self.fields.items()]


class RequestsDesk:
    """The requests to follow. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, *, state: str = "", kind: str = "", page: int | None = 1) -> tuple[list[FollowedRequest], int]:
        """One page of requests (all of them for None), the new ones first, and how many there are in all."""
        wanted = [column == value for column, value in ((_state, state), (requests.c.kind, kind)) if value]
        query = _select().where(*wanted).order_by(_urgency, requests.c.created_on.desc(), requests.c.code)
        if page is not None:
            query = query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        with self._db.reading() as db:
            count = int(db.execute(select(func.count()).select_from(_followed).where(*wanted)).scalar() or 0)
            return [_read(row) for row in db.execute(query)], count

    def count_by_state(self) -> dict[str, int]:
        """How many requests there are in each state."""
        query = select(_state.label("state"), func.count().label("many")).select_from(_followed).group_by(_state)
        with self._db.reading() as db:
            found = {row.state: row.many for row in db.execute(query)}
        return {state: found.get(state, 0) for state in STATES}

    def get(self, code: str) -> FollowedRequest | None:
        """The request of a follow-up code."""
        with self._db.reading() as db:
            return _get(db, code)

    def follow(self, code: str, state: str, note: str, *, by: str) -> bool:
        """Set the state and the note; False when the request is gone."""
        with self._db.writing() as db:
            before = _get(db, code)
            if before is None:
                return False
            row = {"code": code, "state": state, "note": note, "changed_by": by, "changed_on": today()}
            db.execute(delete(request_states).where(request_states.c.code == code))
            db.execute(insert(request_states).values(row))
            # What staff write about somebody stays beside the request, and goes with it.
            insert_note(db, by, "Demande suivie", code, avant=before.state, après=state)
        self._db.scrub()
        return True

    def erase(self, code: str, *, by: str, reason: str) -> bool:
        """Forget a request and what was noted about it; False when it is gone already."""
        with self._db.writing() as db:
            if not db.execute(delete(requests).where(requests.c.code == code)).rowcount:
                return False
            insert_note(db, by, "Demande supprimée", code, reason)
        self._db.scrub()
        return True


def table_of(found: Sequence[FollowedRequest]) -> tuple[list[str], list[list[str]]]:
    """Requests as a table to save: one column for each thing that may be asked."""
    names = list(dict.fromkeys((*FIELDS, *(name for one in found for name in one.fields))))
    header = ["Code", "Demande", "Reçue le", "État", "Note", *(FIELDS.get(name, name) for name in names)]
    rows = [
        [one.code, one.kind_label, one.created_on.isoformat(), one.state, one.note]
        + [str(one.fields.get(name, "")) for name in names]
        for one in found
    ]
    return header, rows


def _select() -> Any:
    followed = (request_states.c.state, request_states.c.note, request_states.c.changed_by, request_states.c.changed_on)
    return select(requests, *followed).select_from(_followed)


def _get(db: Connection, code: str) -> FollowedRequest | None:
    row = db.execute(_select().where(requests.c.code == code)).first()
    return _read(row) if row else None


def _read(row: Row) -> FollowedRequest:
    follow = (row.state or NEW, row.note or "", row.changed_by or "", row.changed_on)
    return FollowedRequest(row.code, row.kind, row.fields, row.created_on, *follow)
