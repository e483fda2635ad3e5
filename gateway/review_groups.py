"""Near-identical questions put together, so that staff decide once: in the background, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from gateway.database import Database
from gateway.questions import count_again, groups, questions
from knowledge.alike import find_alike
from knowledge.base import KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.intents import OFF_TOPIC
from knowledge.text import normalize

# At this likeness (0..100), two questions that came under the same subject are the same one.
SAME_QUESTION = 88.0
AT_A_TIME = 500
# What a wrong answer would cost a resident, next to an ordinary subject.
IMPORTANCE = {"urgence": 3.0, "demarche": 2.0, "bot": 0.5}
ORDINARY, OFF_TOPIC_IMPORTANCE, POLITENESS = 1.0, 0.7, 0.2

Importance = Callable[[str], float]


def importance_in(base: KnowledgeBase, subject: str) -> float:
    """How much a question about a subject matters: emergencies most, then démarches; politeness least."""
    fiche: Fiche | None = base.by_slug(subject)
    if fiche is not None:
        return IMPORTANCE.get(fiche.genre, ORDINARY)
    if subject == OFF_TOPIC:
        return OFF_TOPIC_IMPORTANCE
    return ORDINARY if base.name_of(subject) else POLITENESS


class Grouping:
    """Puts the new questions in groups. Blocks; raises Unavailable when the database does not answer."""

    def __init__(self, database: Database, importance: Importance) -> None:
        self._db = database
        self._importance = importance

    def run(self) -> int:
        """Group every question that came since; returns how many."""
        done = 0
        while batch := self.run_once():
            done += batch
        return done

    def run_once(self) -> int:
        """Group the oldest AT_A_TIME of them; returns how many."""
        with self._db.writing(alone="grouping") as db:
            fresh = select(questions).where(questions.c.group_id.is_(None)).order_by(questions.c.id).limit(AT_A_TIME)
            rows = db.execute(fresh).all()
            known: dict[str, dict[int, str]] = {}
            touched = {self._place(db, row, known) for row in rows}
            count_again(db, touched)
        return len(rows)

    def _place(self, db: Connection, row: Row[Any], known: dict[str, dict[int, str]]) -> int:
        """Put one question in its group; `known`: subject → group → its words, read once a batch."""
        if row.subject not in known:
            mine = select(groups.c.id, groups.c.words).where(groups.c.subject == row.subject)
            known[row.subject] = {group.id: group.words for group in db.execute(mine)}
        found = find_alike(row.text, known[row.subject], SAME_QUESTION)
        group_id = found[0] if found else self._open(db, row, known[row.subject])
        changed = {"last_on": row.asked_on}
        db.execute(update(groups).where(groups.c.id == group_id).values(**changed))
        db.execute(update(questions).where(questions.c.id == row.id).values(group_id=group_id))
        return group_id

    def _open(self, db: Connection, row: Row[Any], known: dict[int, str]) -> int:
        words = normalize(row.text)
        values = {
            "text": row.text,
            "words": words,
            "subject": row.subject,
            "importance": self._importance(row.subject),
            "asked": 0,
            "score": 0.0,
            "last_on": row.asked_on,
        }
        group_id = int(db.execute(insert(groups).values(**values)).inserted_primary_key[0])
        known[group_id] = words
        return group_id
