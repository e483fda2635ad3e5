"""Training examples added to the working folder, one line at a time: the rest of the file stays as it was written.

An example belongs to a fiche (`data/fiches/…/<slug>.md`), to a list (`data/genres.yml`) or to what is off-topic
(`data/nlu/hors_sujet.yml`).
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge import genres
from knowledge.alike import find_alike
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.check import check
from knowledge.fiches import find_file, parse_fiche
from knowledge.intents import OFF_TOPIC
from knowledge.marked_yaml import FicheError, Marked, load_file
from knowledge.rules import ERROR
from knowledge.text import normalize, strip_invisible

OFF_TOPIC_FILE = "nlu/hors_sujet.yml"
LONGEST = 200
# How alike (0..100) an example must be to another subject's to confuse, and to one of its own to add nothing.
CONFUSES = 85.0
ADDS_NOTHING = 96.0
_COUNTED = re.compile(r"\d+(?: \w+)?")
_ITEM = re.compile(r"^(\s*)- ")


class ExampleRefused(ValueError):
    """An example that cannot be added; its message says why in French, and what to do."""


@dataclass(frozen=True)
class Example:
    """One training example of the working folder."""

    text: str
    subject: str


@dataclass(frozen=True)
class Nearest:
    """The example nearest to a new one, how alike they are (0..100), and whether it is another subject's."""

    example: Example
    likeness: float
    is_conflict: bool


class Examples:
    """Every example of a working folder, to compare new ones with."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        self._words = {place: normalize(example.text) for place, example in enumerate(examples)}

    @classmethod
    def load(cls, data: Path, base: KnowledgeBase) -> Examples:
        """Those of the fiches, of the lists and of what is off-topic. Raises FicheError."""
        of_fiches = [Example(text, fiche.slug) for fiche in base.fiches.values() for text in fiche.questions]
        lists = base.genres.items()
        of_lists = [Example(text, LIST_PREFIX + name) for name, genre in lists for text in genre.questions]
        return cls([*of_fiches, *of_lists, *(Example(text, OFF_TOPIC) for text in _read_off_topic(data))])

    def __iter__(self) -> Iterator[Example]:
        """Each example, those of the fiches first."""
        return iter(self._examples)

    def has(self, text: str) -> bool:
        """Whether a text is one of them, whatever its case, accents and punctuation."""
        return normalize(text) in self._words.values()

    def find_conflict(self, text: str, subject: str) -> Nearest | None:
        """The example of another subject that a new one would be confused with."""
        others = {place: words for place, words in self._words.items() if self._examples[place].subject != subject}
        return self._nearest(text, others, CONFUSES, is_conflict=True)

    def find_same(self, text: str, subject: str) -> Nearest | None:
        """The example of its own subject that a new one only repeats."""
        own = {place: words for place, words in self._words.items() if self._examples[place].subject == subject}
        return self._nearest(text, own, ADDS_NOTHING, is_conflict=False)

    def _nearest(self, text: str, among: dict[int, str], least: float, *, is_conflict: bool) -> Nearest | None:
        found = find_alike(text, among, least)
        return Nearest(self._examples[found[0]], found[1], is_conflict) if found else None


def add_example(data: Path, subject: str, text: str) -> Path:
    """Add an example to a subject, checked as the rest of the content is; the file that holds it.

    Raises ExampleRefused, and nothing has changed.
    """
    text = " ".join(strip_invisible(text).split())
    if not 2 <= len(text) <= LONGEST:
        raise ExampleRefused(f"Écrivez une question de 2 à {LONGEST} signes.")
    path, content = _place(data, subject, text)
    before = path.read_text(encoding="utf-8")
    known = _read_errors(data)
    write_whole(path, content)
    broken = [message for error, message in _read_errors(data).items() if error not in known]
    if broken:
        write_whole(path, before)
        raise ExampleRefused(f"Cette question ne peut pas être ajoutée : {broken[0]}")
    return path


def _read_errors(data: Path) -> dict[tuple[Path, str], str]:
    """What is wrong in the content: file and message without what it counts → message."""
    errors = (finding for finding in check(data) if finding.level == ERROR)
    return {(error.path, _COUNTED.sub("", error.message)): error.message for error in errors}


def write_whole(path: Path, content: str) -> None:
    """Replace a file in one step: a write cut in the middle leaves the old one."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, path.stat().st_mode if path.exists() else 0o644)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def quote(text: str) -> str:
    """A text as YAML writes it: bare when that reads back as the same text, else in double quotes."""
    try:
        is_bare = yaml.safe_load(f"- {text}") == [text]
    except yaml.YAMLError:
        is_bare = False
    return text if is_bare else json.dumps(text, ensure_ascii=False)


def _place(data: Path, subject: str, text: str) -> tuple[Path, str]:
    """The file of a subject, and what it holds once the example is added."""
    if subject == OFF_TOPIC:
        path = data / OFF_TOPIC_FILE
        lines = path.read_text(encoding="utf-8").split("\n")
        last = max((number for number, line in enumerate(lines) if _ITEM.match(line)), default=None)
        if last is None:
            raise ExampleRefused(f"Le fichier {OFF_TOPIC_FILE} n’a pas la forme attendue : ajoutez-y la question.")
        return path, _insert(lines, last, text)
    name = subject.removeprefix(LIST_PREFIX)
    if subject.startswith(LIST_PREFIX):
        path = data / genres.FILE
        return path, _add_to_list(path, load_file(data, genres.FILE), (name, "questions"), text)
    path = _find_fiche(data, subject)
    return path, _add_to_list(path, _read_header(path, data), ("questions",), text)


def _find_fiche(data: Path, slug: str) -> Path:
    found = find_file(data, slug)
    if found is None:
        raise ExampleRefused(f"Aucune fiche ne s’appelle « {slug} » dans le dossier de travail.")
    return found


def _read_header(path: Path, data: Path) -> Marked:
    try:
        return parse_fiche(path, data).header
    except FicheError as error:
        raise ExampleRefused(f"La fiche a d’abord besoin d’être corrigée : {error}") from None


def _add_to_list(path: Path, header: Marked, key: tuple[str, ...], text: str) -> str:
    lines = path.read_text(encoding="utf-8").split("\n")
    count = len(header.texts(*key))
    if (*key, count - 1) not in header.lines:
        raise ExampleRefused("Cette fiche n’a pas encore de liste de questions : ajoutez la première dans la fiche.")
    last = header.lines[(*key, count - 1)] - 1
    item = _ITEM.match(lines[last])
    indent = len(item[1]) if item else 0
    while last + 1 < len(lines) and _goes_on(lines[last + 1], indent):
        last += 1
    return _insert(lines, last, quote(text), indent)


def _goes_on(line: str, indent: int) -> bool:
    """Whether a line is the rest of an item whose dash stands at `indent`."""
    return bool(line.strip()) and len(line) - len(line.lstrip()) > indent


def _insert(lines: list[str], after: int, text: str, indent: int | None = None) -> str:
    item = _ITEM.match(lines[after])
    spaces = indent if indent is not None else len(item[1]) if item else 0
    return "\n".join([*lines[: after + 1], f"{' ' * spaces}- {text}", *lines[after + 1 :]])


def _read_off_topic(data: Path) -> list[str]:
    path = data / OFF_TOPIC_FILE
    if not path.is_file():
        return []
    blocks = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", ())
    lines = (line.strip() for block in blocks for line in str(block.get("examples", "")).splitlines())
    return [line.removeprefix("- ") for line in lines if line.startswith("- ")]

