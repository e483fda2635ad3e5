"""A fiche as a file that a program writes: the same keys in the same order, and nothing that the checks refuse.

What is saved is what `make check` accepts, so that a fiche written in the console and one written by hand are alike.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from knowledge.check import check
from knowledge.examples import write_whole
from knowledge.fiches import FOLDERS, Fiche, FicheError, ParsedFiche, parse_fiche
from knowledge.marked_yaml import Key, Value
from knowledge.rules import ERROR
from knowledge.text import normalize

KEYS = (
    "titre", "genre", "alias", "questions", "citation", "source", "complement", "simple", "responsable",
    "verifie_le", "a_revoir_le", "liens", "traductions",
)  # fmt: skip
BODY = "corps"
LONGEST_SLUG = 50
_ALWAYS_QUOTED = ("citation", "complement")
_ALWAYS_BLOCKS = ("simple",)
# What YAML reads as nothing at all.
_NOTHING = ("~", "null")


@dataclass(frozen=True)
class Remark:
    """One finding of the check about a fiche that is being written: the key it is about, or `corps`."""

    key: str
    level: str
    message: str

    @property
    def is_error(self) -> bool:
        """Whether the fiche cannot be saved like this."""
        return self.level == ERROR


def format_fiche(values: Mapping[str, Value], corps: str) -> str:
    """The text of a fiche: its header in the order of KEYS, empty keys left out, then the answer."""
    lines = [line for key in KEYS if values.get(key) for line in _write_key(key, values[key])]
    return "\n".join(["---", *lines, "---", "", corps.strip(), ""])


def fiche_file(data: Path, genre: str, slug: str) -> Path:
    """Where a fiche is kept. Raises KeyError for an unknown genre."""
    return data / "fiches" / FOLDERS[genre] / f"{slug}.md"


def make_slug(titre: str) -> str:
    """The name of a new fiche's file, from its title: « L’épicerie solidaire » → `l_epicerie_solidaire`."""
    words = re.sub(r"[^a-z0-9]+", "_", normalize(titre)).strip("_")
    return words[:LONGEST_SLUG].rstrip("_")


@dataclass(frozen=True)
class Review:
    """What the check says of a fiche that is being written, and the fiche itself when it can be read."""

    remarks: tuple[Remark, ...]
    fiche: Fiche | None

    @property
    def is_refused(self) -> bool:
        """Whether something has to be mended before it is saved."""
        return any(remark.is_error for remark in self.remarks)


def read_draft(data: Path, path: Path, text: str) -> Fiche | None:
    """The fiche that this text would make; None when it cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.relative_to(data)
        draft.parent.mkdir(parents=True)
        draft.write_text(text, encoding="utf-8")
        parsed = _parse(draft, Path(folder))
        return parsed.fiche if parsed else None


def review_draft(data: Path, path: Path, text: str, today: date | None = None) -> Review:
    """What the whole check would say if this fiche were saved so: of it, and of others because of it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / data.name
        shutil.copytree(data, copy)
        target = copy / path.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        findings = check(copy, today)
        parsed = _parse(target, copy)
    mine = [finding for finding in findings if finding.path.name == path.name]
    elsewhere = [finding for finding in findings if finding not in mine and finding.level == ERROR]
    remarks = [Remark(_key_at(parsed, f.line), f.level, f.message) for f in mine]
    # What was wrong before is not this fiche's doing.
    known = {(finding.path, finding.message) for finding in check(data, today)} if elsewhere else set()
    remarks += [Remark(KEYS[0], f.level, str(f)) for f in elsewhere if (f.path, f.message) not in known]
    return Review(tuple(remarks), parsed.fiche if parsed else None)


def save_fiche(path: Path, text: str) -> None:
    """Put a fiche in its place, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)


def _parse(path: Path, data: Path) -> ParsedFiche | None:
    try:
        return parse_fiche(path, data)
    except FicheError:
        return None


def _key_at(parsed: ParsedFiche | None, line: int) -> str:
    """The key that stands on a line; the first one when the fiche cannot be read."""
    if parsed is None:
        return KEYS[0]
    if line >= parsed.body_line:
        return BODY
    starts = sorted((number, str(key[0])) for key, number in parsed.header.lines.items() if len(key) == 1)
    before = [key for number, key in starts if number <= line]
    return before[-1] if before else KEYS[0]


def _write_key(key: str, value: Value) -> list[str]:
    if isinstance(value, str):
        return _write_text(key, value, "", (key,))
    if isinstance(value, list):
        return [f"{key}:", *(line for item in value for line in _write_item(item, (key,)))]
    return [f"{key}:", *_write_mapping(value, "  ", (key,))]


def _write_item(item: Value, key: Key) -> list[str]:
    if isinstance(item, str):
        return [f"  - {_scalar(item, key[0] in _ALWAYS_QUOTED)}"]
    assert isinstance(item, dict)
    lines = _write_mapping(item, "    ", key)
    return [f"  - {lines[0].strip()}", *lines[1:]]


def _write_mapping(mapping: Mapping[str, Value], indent: str, key: Key) -> list[str]:
    lines: list[str] = []
    for name, value in mapping.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_write_mapping(value, f"{indent}  ", (*key, name))]
        elif value:
            lines += _write_text(name, str(value), indent, (*key, name))
    return lines


def _write_text(name: str, text: str, indent: str, key: Key) -> list[str]:
    text = text.strip()
    if "\n" in text or key[-1] in _ALWAYS_BLOCKS:
        return [f"{indent}{name}: |", *(f"{indent}  {line}".rstrip() for line in text.split("\n"))]
    is_quoted = key[0] in _ALWAYS_QUOTED and name in (*_ALWAYS_QUOTED, "texte")
    return [f"{indent}{name}: {_scalar(text, is_quoted)}"]


def _scalar(text: str, is_quoted: bool) -> str:
    """Plain where YAML reads the same text back, else between double quotes."""
    if is_quoted or not _reads_back(text):
        return json.dumps(text, ensure_ascii=False)
    return text


def _reads_back(text: str) -> bool:
    if text.lower() in _NOTHING:
        return False
    try:
        return bool(yaml.load(f"- {text}\n- k: {text}\n", yaml.BaseLoader) == [text, {"k": text}])
    except (yaml.YAMLError, RecursionError):
        return False
