"""What residents ask of the service, in the application database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, String, Table, delete, insert, update
from sqlalchemy.engine import Connection

from gateway.database import Database, metadata
from gateway.outbox import insert_mail
from gateway.sealing import SealedJSON

# What a resident asks of the service. It outlives the conversation and is not tied to it.
requests = Table(
    "requests",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("fields", SealedJSON, nullable=False),
    Column("created_on", Date, nullable=False, index=True),
)


@dataclass(frozen=True)
class ResidentRequest:
    """A finished request of a resident, to be handed to the service."""

    kind: str
    code: str
    fields: dict[str, Any]


class RequestStore:
    """Residents' requests. Every method raises Unavailable when the database cannot be read or written."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def purge(self, before: date) -> int:
        """Forget every request made before a day; returns how many."""
        return self._delete(requests.c.created_on < before)

    def redate(self, after: date, to: date) -> int:
        """Give a day to the requests that a wrong clock has dated after `after`; returns how many."""
        with self._db.writing() as db:
            return int(db.execute(update(requests).where(requests.c.created_on > after).values(created_on=to)).rowcount)

    def erase(self, code: str) -> bool:
        """Forget the request that has this follow-up code; False when there is none."""
        return self._delete(requests.c.code == code) > 0

    def _delete(self, condition: Any) -> int:
        with self._db.writing() as db:
            count = int(db.execute(delete(requests).where(condition)).rowcount)
        if count:
            self._db.scrub()
        return count


def insert_request(db: Connection, request: ResidentRequest, on: date) -> None:
    """Write a request, and the e-mail that tells the service, in the transaction that keeps its turn."""
    row = insert(requests).values(code=request.code, kind=request.kind, fields=request.fields, created_on=on)
    db.execute(row)
    insert_mail(db, request.code)
