"""The questions of every subject as a spreadsheet, out and back in: every line is good, or nothing is changed."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook

from gateway.incoming import clean
from knowledge.fiche_files import Review, format_fiche, review_draft
from knowledge.fiches import fiche_paths, find_file, parse_fiche
from knowledge.marked_yaml import Value
from knowledge.text import normalize, typographie

HEADER = ("sujet", "question")
FICHES_HEADER = ("sujet", "titre", "genre", "réponse", "plus simple", "à revoir le")
MOST_LINES = 5000
UNPACKED_LIMIT = 50_000_000  # bytes
QUESTION_LIMIT = 300


class SheetError(Exception):
    """The file is no such spreadsheet; the text is a French sentence."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line of the spreadsheet, numbered as the spreadsheet numbers it."""

    line: int
    message: str


@dataclass(frozen=True)
class Plan:
    """What an import would do: the new questions of each subject; or why it cannot be done."""

    added: dict[str, list[str]]
    problems: list[Problem]

    @property
    def count(self) -> int:
        """How many questions would be added."""
        return sum(map(len, self.added.values()))


def list_questions(data: Path) -> Iterator[tuple[str, str]]:
    """Subject and question, for every question of every fiche."""
    for path in fiche_paths(data):
        for question in parse_fiche(path, data).fiche.questions:
            yield path.stem, question


def list_fiches(data: Path) -> Iterator[tuple[str, ...]]:
    """One line for each fiche."""
    for path in fiche_paths(data):
        fiche = parse_fiche(path, data).fiche
        yield fiche.slug, fiche.titre, fiche.genre, fiche.corps, fiche.simple, fiche.a_revoir_le.isoformat()


def read_sheet(content: bytes) -> list[tuple[int, str, str]]:
    """Line, subject and question of the first sheet of an .xlsx file. Raises SheetError.

    Formulas are read as text and never computed.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > UNPACKED_LIMIT:
            raise SheetError(typographie("Ce classeur est trop gros : coupez-le en plusieurs."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        cells = book.worksheets[0].iter_rows(max_col=2, values_only=True)
        rows = list(zip(range(1, MOST_LINES + 2), cells, strict=False))
    except SheetError:
        raise
    except Exception:
        # A damaged or hostile file makes zipfile, expat and openpyxl raise almost anything.
        raise SheetError(typographie("Ce fichier n’est pas un classeur .xlsx que l’on sait lire.")) from None
    if not rows or tuple(normalize(str(cell or "")) for cell in rows[0][1]) != HEADER:
        raise SheetError(typographie("La première ligne doit porter deux titres : « sujet » et « question »."))
    if len(rows) > MOST_LINES:
        raise SheetError(typographie(f"Ce classeur a plus de {MOST_LINES} lignes : coupez-le en plusieurs."))
    texts = [(line, [_text(cell) for cell in (*row, None, None)[:2]]) for line, row in rows[1:]]
    return [(line, subject, question) for line, (subject, question) in texts if subject or question]


def plan_import(data: Path, lines: Iterable[tuple[int, str, str]]) -> Plan:
    """What the lines would add: a question that its subject already has is passed over, the rest is checked."""
    known = {path.stem: parse_fiche(path, data).fiche.questions for path in fiche_paths(data)}
    owner = {normalize(question): slug for slug, questions in known.items() for question in questions}
    added: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for line, subject, question in lines:
        holder = owner.get(normalize(question))
        message = _refusal(subject, question, holder, known)
        if message:
            problems.append(Problem(line, typographie(message)))
        elif holder is None:
            owner[normalize(question)] = subject
            added.setdefault(subject, []).append(question)
    return Plan(added, problems)


def write_subject(data: Path, slug: str, questions: list[str]) -> tuple[Path, str, Review]:
    """The file of a subject with more questions: its path, its text, and what the checks say of it."""
    path = find_file(data, slug)
    assert path is not None
    parsed = parse_fiche(path, data)
    values: dict[str, Value] = {**parsed.header.values, "questions": [*parsed.fiche.questions, *questions]}
    text = format_fiche(values, parsed.fiche.corps)
    return path, text, review_draft(data, path, text)


def _refusal(subject: str, question: str, holder: str | None, known: dict[str, tuple[str, ...]]) -> str:
    if subject not in known:
        return f"Le sujet « {subject} » n’existe pas. La feuille « Fiches » de l’export donne ceux qui existent."
    if not question:
        return "Il manque la question."
    if len(question) > QUESTION_LIMIT:
        return f"La question est trop longue : {QUESTION_LIMIT} signes au plus."
    if holder not in (None, subject):
        return f"Cette question est déjà celle du sujet « {holder} » : gardez-la à un seul endroit."
    return ""


def _text(cell: object) -> str:
    # The apostrophe by which an export keeps a cell from being a formula is no part of the question.
    text = clean(str(cell if cell is not None else ""))
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
