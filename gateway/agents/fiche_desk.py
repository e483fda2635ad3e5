"""The fiches as staff work on them: the working folder's files, their history, and the answers taken down at once.

A fiche that is saved is live after the next publication; an answer that is taken down is gone with the next message.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, delete, insert, select

from gateway.agents.journal import insert_note
from gateway.content import current_release
from gateway.database import Database, metadata
from gateway.withdrawals import Withdrawals, taken_down
from knowledge.fiche_files import Review, fiche_file, review_draft, save_fiche
from knowledge.fiches import Fiche, FicheError, ParsedFiche, fiche_paths, find_file, parse_fiche

SOON = timedelta(days=30)

versions = Table(
    "fiche_versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("slug", String(64), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),  # seconds since 1970, UTC
    Column("who", String(254), nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
)

class FicheChanged(Exception):
    """Somebody else saved the fiche meanwhile."""


@dataclass(frozen=True)
class Etat:
    """A fiche in the list: `tags` says what staff have to know of it, most pressing first.

    `error` says why it cannot be read.
    """

    slug: str
    titre: str
    genre: str
    tags: tuple[str, ...]
    a_revoir_le: date | None
    questions: int
    error: str = ""


@dataclass(frozen=True)
class Version:
    """One text that a fiche had; `at` is in seconds since 1970."""

    at: float
    who: str
    reason: str
    text: str


class FicheDesk:
    """What the screens of the fiches do. Every method blocks; database troubles raise Unavailable."""

    def __init__(self, database: Database, project: Path, models: Path, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._models = models
        self._clock = clock
        self.data = project / "data"

    def list_all(self, today: date) -> list[Etat]:
        """Every fiche of the working folder."""
        published, gone = self._published_texts(), self.down()
        return [self._etat(path, published, gone, today) for path in fiche_paths(self.data)]

    def path_of(self, slug: str, genre: str) -> Path:
        """The file of a fiche: where it is, or where a new one of this genre goes."""
        return find_file(self.data, slug) or fiche_file(self.data, genre, slug)

    def read(self, slug: str) -> tuple[ParsedFiche, str] | None:
        """A fiche and the text of its file; None when there is none. Raises FicheError."""
        path = find_file(self.data, slug)
        return (parse_fiche(path, self.data), path.read_text(encoding="utf-8")) if path else None

    def save(self, path: Path, text: str, *, opened: str, who: str, reason: str) -> Review:
        """Save a fiche that nothing is wrong with; `opened` is the mark of the text that was being edited.

        Raises FicheChanged when the file is not that text any more; a refused review means that nothing was written.
        """
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if opened != mark_of(old):
            raise FicheChanged
        review = review_draft(self.data, path, text)
        if review.is_refused or text == old:
            return review
        action = "Fiche modifiée" if old else "Fiche créée"
        with self._db.writing() as db:
            if old and db.execute(select(versions.c.id).where(versions.c.slug == path.stem)).first() is None:
                # What it was before the console knew it: the history begins with it.
                self._insert_version(db, path.stem, "", "avant la console", old)
            self._insert_version(db, path.stem, who, reason, text)
            insert_note(db, who, action, path.stem, reason)
            save_fiche(path, text)
        return review

    def history(self, slug: str) -> list[Version]:
        """What the fiche said before, newest first."""
        query = select(versions).where(versions.c.slug == slug).order_by(versions.c.id.desc())
        with self._db.reading() as db:
            return [Version(row.at, row.who, row.reason, row.text) for row in db.execute(query)]

    def down(self) -> dict[str, str]:
        """The answers taken down, each with the reason."""
        return Withdrawals(self._db).read()

    def take_down(self, slug: str, who: str, reason: str) -> None:
        """Stop giving an answer, from the next message on."""
        with self._db.writing() as db:
            db.execute(delete(taken_down).where(taken_down.c.slug == slug))
            db.execute(insert(taken_down).values(slug=slug, at=int(self._clock()), who=who, reason=reason))
            insert_note(db, who, "Réponse retirée", slug, reason)

    def put_back(self, slug: str, who: str, reason: str) -> None:
        """Give the answer again."""
        with self._db.writing() as db:
            db.execute(delete(taken_down).where(taken_down.c.slug == slug))
            insert_note(db, who, "Réponse remise", slug, reason)

    def _etat(self, path: Path, published: dict[str, str], gone: dict[str, str], today: date) -> Etat:
        try:
            fiche = parse_fiche(path, self.data).fiche
        except FicheError as error:
            return Etat(path.stem, path.stem, "", ("illisible",), None, 0, str(error))
        is_draft = published.get(path.stem) != path.read_text(encoding="utf-8")
        tags = _tags(fiche, today, is_down=path.stem in gone, is_draft=is_draft)
        return Etat(fiche.slug, fiche.titre, fiche.genre, tags, fiche.a_revoir_le, len(fiche.questions))

    def _published_texts(self) -> dict[str, str]:
        release = current_release(self._models)
        paths: Sequence[Path] = fiche_paths(release / "data") if release else ()
        return {path.stem: path.read_text(encoding="utf-8") for path in paths}

    def _insert_version(self, db: object, slug: str, who: str, reason: str, text: str) -> None:
        row = {"slug": slug, "at": int(self._clock()), "who": who, "reason": reason, "text": text}
        db.execute(insert(versions).values(row))  # type: ignore[attr-defined]


def mark_of(text: str) -> str:
    """What tells one text of a fiche from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def _tags(fiche: Fiche, today: date, *, is_down: bool, is_draft: bool) -> tuple[str, ...]:
    tags = ["retirée"] if is_down else []
    if fiche.a_revoir_le < today:
        tags.append("expirée")
    elif fiche.a_revoir_le < today + SOON:
        tags.append("à revoir")
    if is_draft:
        tags.append("brouillon")
    return tuple(tags) or ("à jour",)
