"""Residents' questions that are asked again of a new release, before it is published: retained ones, masked."""

from collections.abc import Sequence

from gateway.database import Database
from training.changes import Question

# Of the last ones.
REPLAYED = 200


class RetainedQuestions:
    """The questions that are kept. Its methods block, and raise Unavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def last(self) -> list[Question]:
        """The last REPLAYED questions."""
        return []

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """Question's id → its text, for those that are still kept."""
        return {}
