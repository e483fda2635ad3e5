"""A phrase erased everywhere that it may stand, and the receipt: review list, conversations, examples, exam, releases.

A phrase is found where its normalised words follow one another (« Mme Xylo, rue Haute » is found in « mme xylo rue
haute ? »). What the published release has learnt cannot be unlearnt without another training: the receipt says so.
The worker keeps its own record of a conversation, which the gateway cannot read: where the phrase was said, that record
is erased whole, by the service that runs or by its next start. Requests are sealed: `erase-request` erases those.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, delete, select, update

from gateway import texts
from gateway.agents.fiche_desk import versions
from gateway.agents.journal import COMMAND_LINE, insert_note
from gateway.database import Database
from gateway.questions import drop_empty, groups, questions
from gateway.store import feedback, forget_at_worker, turns
from knowledge.examples import write_whole
from knowledge.text import normalize
from training.content import ASIDE_FOLDER, list_aside
from training.real_questions import list_real, remove_real
from training.releases import current_id, list_releases, remove_release

SHORTEST = 8  # normalised letters: « caf » stands everywhere
CONTENT = ("data/fiches/**/*.md", "data/genres.yml", "data/nlu/*.yml")
RELEASE_FILES = ("*.yml", "*.md", "*.json", "*.txt")


class PhraseTooShort(ValueError):
    """A phrase that stands in too many places to be erased blindly."""


@dataclass(frozen=True)
class Receipt:
    """What was erased: numbers, the files of the content, the releases removed; and what is left to do."""

    questions: int
    messages: int
    records: int
    history: int
    examples: tuple[str, ...]
    exam: int
    removed: tuple[str, ...]
    published: str | None


def erase_phrase(phrase: str, database: Database, project: Path, models: Path) -> Receipt:
    """Erase a phrase everywhere. Raises PhraseTooShort, Unavailable, OSError or ExamError; may be run again."""
    words = normalize(phrase)
    if len(words) < SHORTEST:
        raise PhraseTooShort(phrase)
    erased = _erase_in_database(words, database)
    # The working folder, and what was set aside of it when an older content was taken back.
    folders = (project, *(models / ASIDE_FOLDER / name for name in list_aside(models)))
    examples = tuple(
        path for folder in folders for pattern in CONTENT for path in _erase_in_files(words, folder, pattern)
    )
    exam = _erase_in_exam(words, project / "tests" / "questions")
    removed, published = _erase_releases(words, models)
    return Receipt(*erased, examples, exam, removed, published)


# The worker's part is done by a process that has one.
_WHEN = " (dans la minute si le service tourne, sinon dès qu’il démarrera)"


def tell(receipt: Receipt) -> str:
    """The receipt in French, line by line."""
    lines = [
        "Reçu d’effacement",
        f"- questions à revoir : {receipt.questions}",
        f"- messages et avis gardés : {receipt.messages}",
        f"- conversations oubliées par l’assistant : {receipt.records}{_WHEN if receipt.records else ''}",
        f"- anciens textes de fiches : {receipt.history}",
        f"- exemples, dans : {', '.join(receipt.examples) or 'aucun fichier'}",
        f"- questions d’examen : {receipt.exam}",
        f"- versions supprimées : {', '.join(receipt.removed) or 'aucune'}",
    ]
    if receipt.published:
        lines.append(
            f"À faire : la version publiée, {receipt.published}, contient encore cette phrase. Entraînez et publiez "
            "une nouvelle version, puis recommencez cette commande."
        )
    else:
        lines.append("Cette phrase n’est plus nulle part, sauf dans vos sauvegardes.")
    return "\n".join(lines)


def _erase_in_database(words: str, database: Database) -> tuple[int, int, int, int]:
    with database.writing() as db:
        spoken = {row.session_id for row in db.execute(select(turns)) if _holds(row.message, words)}
        found = [row.id for row in db.execute(select(questions.c.id, questions.c.text)) if _holds(row.text, words)]
        touched = _groups_of(db, found)
        for number in found:
            db.execute(delete(questions).where(questions.c.id == number))
        named = [row.id for row in db.execute(select(groups.c.id, groups.c.text)) if _holds(row.text, words)]
        for number in named:
            db.execute(delete(groups).where(groups.c.id == number))
        drop_empty(db, [number for number in touched if number not in named], decided_too=False)
        said = _replace(db, turns.c.id, turns.c.message, words) + _replace(
            db, feedback.c.reply_id, feedback.c.comment, words
        )
        _replace(db, groups.c.id, groups.c.note, words)
        forget_at_worker(db, spoken)
        history = _erase_in_history(db, words)
        insert_note(db, COMMAND_LINE, "Phrase effacée", questions=len(found) + len(named), messages=said)
    database.scrub()
    return len(found) + len(named), said, len(spoken), history


def _erase_in_history(db: Any, words: str) -> int:
    """Take the phrase out of the examples of what fiches were; returns of how many texts."""
    rows = db.execute(select(versions.c.id, versions.c.text)).all()
    changed = {row.id: text for row in rows if (text := _without(row.text, words)) != row.text}
    for number, text in changed.items():
        db.execute(update(versions).where(versions.c.id == number).values(text=text))
    return len(changed)


def _without(text: str, words: str) -> str:
    """A text without the lines of its lists of examples that hold the phrase."""
    lines = text.split("\n")
    return "\n".join(line for line in lines if not (line.lstrip().startswith("- ") and _holds(line, words)))


def _groups_of(db: Any, numbers: list[int]) -> list[int]:
    mine = select(questions.c.id, questions.c.group_id).where(questions.c.group_id.is_not(None))
    wanted = set(numbers)
    return list({row.group_id for row in db.execute(mine) if row.id in wanted})


def _replace(db: Any, key: Column[Any], column: Column[Any], words: str) -> int:
    found = [row[0] for row in db.execute(select(key, column)) if _holds(row[1], words)]
    for number in found:
        db.execute(update(column.table).where(key == number).values({column.name: texts.PHRASE_ERASED}))
    return len(found)


def _erase_in_files(words: str, folder: Path, pattern: str) -> list[str]:
    """Take out of the lists of examples the lines that hold the phrase; what else is written stays."""
    changed = []
    for path in sorted(folder.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        kept = _without(text, words)
        if kept != text:
            write_whole(path, kept)
            changed.append(path.relative_to(folder).as_posix())
    return changed


def _erase_in_exam(words: str, exam: Path) -> int:
    found = [question.text for question in list_real(exam) if _holds(question.text, words)]
    return sum(remove_real(exam, text) for text in found)


def _erase_releases(words: str, models: Path) -> tuple[tuple[str, ...], str | None]:
    """Remove the releases that hold the phrase; the published one stays, and is named."""
    holding = [one.id for one in list_releases(models) if _release_holds(models / one.id, words)]
    current = current_id(models)
    removed = [name for name in holding if name != current]
    for name in removed:
        remove_release(models, name)
    return tuple(removed), current if current in holding else None


def _release_holds(folder: Path, words: str) -> bool:
    files = (path for pattern in RELEASE_FILES for path in folder.rglob(pattern))
    return any(_holds(line, words) for path in files for line in path.read_text("utf-8", "replace").split("\n"))


def _holds(text: str, words: str) -> bool:
    return f" {words} " in f" {normalize(text)} "
