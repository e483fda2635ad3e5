"""The exam: held-back questions by slice, and how a reply is marked. No Rasa here.

The format and the rules of marking are in `tests/questions/README.md`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ANSWERING_KINDS = frozenset({"answer", "alert", "smalltalk"})
OTHER_KINDS = frozenset({"clarify", "fallback", "handoff", "form"})
# In the working folder.
EXAM_FOLDER = Path("tests/questions")
DISTRESS = "detresse"
OFF_TOPIC = "hors_sujet"
_APOSTROPHES = re.compile("[’‘ʼ`´]")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


class ExamError(Exception):
    """A file of the exam cannot be read; the message is in French and names it."""


@dataclass(frozen=True)
class Expected:
    """One message and what is expected of its reply (see the README of the exam for each key)."""

    message: str
    subjects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("answer",)
    forbidden_kinds: tuple[str, ...] = ()
    contains: tuple[tuple[str, ...], ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slice:
    """One file of the exam: conversations, most of them of one message."""

    name: str
    description: str
    conversations: tuple[tuple[Expected, ...], ...]


@dataclass(frozen=True)
class Given:
    """What the assistant gave: kinds and texts of its bubbles, subjects that it answered."""

    kinds: tuple[str, ...]
    text: str
    subjects: tuple[str, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether the first bubble states something, rather than asks back or sends away."""
        return bool(self.kinds) and self.kinds[0] in ANSWERING_KINDS


@dataclass(frozen=True)
class Mark:
    """The mark of one message: `faults` is empty when it is right."""

    expected: Expected
    given: Given
    faults: tuple[str, ...] = field(default=())

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong with the reply."""
        return not self.faults


def load_exam(folder: Path) -> list[Slice]:
    """The slices of the exam, by file name. Raises ExamError."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise ExamError(f"Aucune question d’examen dans {folder} : il faut des fichiers « tranche.yml ».")
    return [_read_slice(path) for path in files]


def exam_hash(folder: Path) -> str:
    """SHA-256 of the exam: results of two releases compare only when they answered the same questions."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def mark(expected: Expected, given: Given) -> Mark:
    """Compare a reply with what is expected of it."""
    faults = [*_mark_kind(expected, given), *_mark_absent(expected, given)]
    if given.is_answer or not _may_answer_or_not(expected):
        faults += [*_mark_subject(expected, given), *_mark_contains(expected, given)]
    return Mark(expected, given, tuple(faults))


def fold(text: str) -> str:
    """Text as the exam compares it: no case, no accents, one form of apostrophe and of space."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text)).casefold()
    return _SPACES.sub(" ", "".join(letter for letter in text if not unicodedata.combining(letter))).strip()


def _mark_kind(expected: Expected, given: Given) -> list[str]:
    kind = given.kinds[0] if given.kinds else "rien"
    if expected.forbidden_kinds and kind in expected.forbidden_kinds:
        return [f"réponse de genre {kind}, interdit ici"]
    if expected.kinds and kind not in expected.kinds:
        return [f"réponse de genre {kind} au lieu de {' ou '.join(expected.kinds)}"]
    return []


def _mark_subject(expected: Expected, given: Given) -> list[str]:
    # A yes-or-no question about a member is answered by the member's fiche or by the list.
    wanted = set(expected.subjects) - {"ask_member"}
    if not wanted or not given.subjects or wanted & set(given.subjects):
        return []
    return [f"répond sur {', '.join(given.subjects)} au lieu de {' ou '.join(sorted(wanted))}"]


def _mark_contains(expected: Expected, given: Given) -> list[str]:
    text = fold(given.text)
    missing = [options for options in expected.contains if not any(fold(option) in text for option in options)]
    return [f"il manque « {' » ou « '.join(options)} »" for options in missing]


def _mark_absent(expected: Expected, given: Given) -> list[str]:
    text = fold(given.text)
    return [f"contient « {words} »" for words in expected.absent if fold(words) in text]


def _may_answer_or_not(expected: Expected) -> bool:
    allowed = set(expected.kinds) or (ANSWERING_KINDS | OTHER_KINDS) - set(expected.forbidden_kinds)
    return bool(allowed & ANSWERING_KINDS) and bool(allowed & OTHER_KINDS)


def _read_slice(path: Path) -> Slice:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        conversations = tuple(
            tuple(_read_expected(turn) for turn in entry.get("tours", [entry])) for entry in content["questions"]
        )
        part = Slice(path.stem, content["description"], conversations)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ExamError(f"{path} : ce fichier d’examen ne se lit pas ({error}). Voyez le README du dossier.") from error
    if not part.conversations:
        raise ExamError(f"{path} : ce fichier d’examen n’a aucune question. Ajoutez-en, ou supprimez-le.")
    return part


def _read_expected(entry: dict[str, Any]) -> Expected:
    forbidden = _as_tuple(entry.get("pas"))
    return Expected(
        message=entry["message"] if "message" in entry else entry["question"],
        subjects=_as_tuple(entry.get("sujet")),
        kinds=_as_tuple(entry.get("kind", () if forbidden else "answer")),
        forbidden_kinds=forbidden,
        contains=tuple(_as_tuple(item) for item in entry.get("contient", ())),
        absent=_as_tuple(entry.get("absent")),
    )


def _as_tuple(value: str | Sequence[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
