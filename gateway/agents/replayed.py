"""Residents' questions that are asked again of a new release, before it is published: retained ones, masked."""

from collections.abc import Sequence

from sqlalchemy import select

from gateway.database import Database
from gateway.questions import groups
from gateway.review import HORS_SUJET, SUJET
from gateway.review_sample import JUSTE
from knowledge.intents import OFF_TOPIC
from training.changes import Question

# Of the last ones.
REPLAYED = 200


class RetainedQuestions:
    """The questions that are kept, near-identical ones once. Its methods block, and raise Unavailable when the
    database does not answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def last(self) -> list[Question]:
        """The last REPLAYED questions, with the subject that staff decided on."""
        latest = select(groups).order_by(groups.c.last_on.desc(), groups.c.id.desc()).limit(REPLAYED)
        with self._db.reading() as db:
            rows = db.execute(latest).all()
        return [Question(str(row.id), row.text, _read_subject(row.decision, row.subject, row.target)) for row in rows]

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """Question's id → its text, for those that are still kept."""
        wanted = [int(number) for number in ids if number.isdigit()]
        with self._db.reading() as db:
            found = db.execute(select(groups.c.id, groups.c.text).where(groups.c.id.in_(wanted))).all()
        return {str(row.id): row.text for row in found}


def _read_subject(decision: str | None, subject: str, target: str | None) -> str | None:
    """The subject that must answer, as far as staff have said."""
    if decision in (SUJET, HORS_SUJET):
        return OFF_TOPIC if decision == HORS_SUJET else target
    return subject if decision == JUSTE else None
