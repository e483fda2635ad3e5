"""The folder that staff teach in: its subjects and its examples, read again when a file has changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from gateway.agents import texts
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.examples import Examples
from knowledge.intents import OFF_TOPIC
from knowledge.text import normalize, typographie

DATA = "data"
EXAM = Path("tests/questions")


@dataclass(frozen=True)
class Teaching:
    """What the working folder holds: its knowledge base, its examples, and what each subject is called."""

    base: KnowledgeBase
    examples: Examples
    names: dict[str, str]

    def name_of(self, subject: str | None) -> str:
        """What staff call a subject; its own code when nothing else is known."""
        return self.names.get(subject or "") or texts.DIALOGUE_SUBJECTS.get(subject or "") or subject or "–"

    def find_subject(self, typed: str) -> str | None:
        """The subject of that name or of that code, if any."""
        wanted = normalize(typed)
        by_name = (subject for subject, name in self.names.items() if normalize(name) == wanted)
        return typed if typed in self.names else next(by_name, None)


class WorkingFolder:
    """Reads the folder once for each state of it. Blocks; raises FicheError or OSError."""

    def __init__(self, project: Path) -> None:
        self.data = project / DATA
        self.exam = project / EXAM
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._teaching: Teaching | None = None

    def read(self) -> Teaching:
        """The subjects and the examples as they are now."""
        with self._lock:
            stamp = self._read_stamp()
            if self._teaching is None or stamp != self._stamp:
                self._teaching, self._stamp = _load(self.data), stamp
            return self._teaching

    def _read_stamp(self) -> tuple[int, int]:
        times = [path.stat().st_mtime_ns for path in self.data.rglob("*") if path.is_file()]
        return max(times, default=0), len(times)


def _load(data: Path) -> Teaching:
    base = KnowledgeBase.load(data)
    fiches = {fiche.slug: fiche.titre for fiche in base.fiches.values()}
    lists = {LIST_PREFIX + name: genre.titre for name, genre in base.genres.items()}
    named = {subject: typographie(name) for subject, name in (fiches | lists).items()}
    return Teaching(base, Examples.load(data, base), named | {OFF_TOPIC: texts.DIALOGUE_SUBJECTS[OFF_TOPIC]})
