"""Read the whole content again and say, in French, what to mend: `python -m knowledge.check [data]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

from knowledge import appels, contacts, genres, urgences
from knowledge.fiches import ParsedFiche, fiche_paths, parse_fiche, same_name_error
from knowledge.genres import parse_genres
from knowledge.langues import FILE as LANGUES_FILE
from knowledge.langues import FRENCH
from knowledge.marked_yaml import FicheError, load_file
from knowledge.rules import ERROR, RULES, Content, Finding, count, from_fiche_error
from knowledge.sources import load_sources
from knowledge.text import normalize

Loaded = TypeVar("Loaded")

PERMITTED_FILE = "mots_permis.txt"

__all__ = ["Finding", "check", "main"]


def main(arguments: Iterable[str] | None = None) -> int:
    """Print the findings; the exit code is 1 when there is an error, else 0."""
    parser = argparse.ArgumentParser(prog="knowledge.check", description="Relit tout le contenu.")
    parser.add_argument("data", nargs="?", type=Path, default=Path("data"), help="dossier du contenu")
    data = parser.parse_args(None if arguments is None else list(arguments)).data
    if not (data / "fiches").is_dir():
        print(f"{data} : ce dossier ne contient pas de dossier « fiches ».")
        return 1
    findings = check(data)
    errors = [finding for finding in findings if finding.level == ERROR]
    warnings = [finding for finding in findings if finding.level != ERROR]
    for error in errors:
        print(error)
    if warnings:
        print("À surveiller :")
    for warning in warnings:
        print(f"  {warning}")
    outcome = count(len(errors), "erreur") if errors else "tout est en ordre"
    print(f"{count(len(fiche_paths(data)), 'fiche')}, {outcome}.")
    return 1 if errors else 0


def check(data: Path, today: date | None = None) -> list[Finding]:
    """Everything to mend or to know in a data folder, in the order of the files."""
    content, findings = read_content(data, today or date.today())
    for rule in RULES:
        findings.extend(rule(content))
    return sorted(set(findings), key=lambda f: (f.path.as_posix(), f.line, f.level, f.message))


def read_content(data: Path, today: date) -> tuple[Content, list[Finding]]:
    """Read all that can be read, and list what cannot."""
    reader = _Reader(data)
    genres_file = reader.read(load_file, data, genres.FILE)
    declencheurs = reader.read(load_file, data, urgences.FILE)
    contact = reader.read(load_file, data, contacts.FILE)
    langues = reader.read(load_file, data, LANGUES_FILE) if (data / LANGUES_FILE).is_file() else None
    calls_file = reader.read(load_file, data, appels.FILE) if (data / appels.FILE).is_file() else None
    calls = calls_file and reader.read(appels.read_appels, calls_file)
    lists = genres_file and reader.read(parse_genres, genres_file)
    contact_values = contact and reader.read(contacts.parse_contact, contact)
    expressions = declencheurs and reader.read(urgences.read_declencheurs, declencheurs)
    content = Content(
        fiches=reader.read_fiches(),
        sources=reader.read(load_sources, data) or {},
        genres=lists or {},
        genres_file=genres_file if lists else None,
        declencheurs=declencheurs if expressions else None,
        appels=calls_file if calls else None,
        contact=contact if contact_values else None,
        langues=frozenset(langues.values) - {FRENCH} if langues else frozenset(),
        permitted=_read_permitted(data),
        today=today,
    )
    return content, reader.findings


class _Reader:
    """Reads the files one by one, and keeps what goes wrong."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.findings: list[Finding] = []

    def read(self, load: Callable[..., Loaded], *arguments: object) -> Loaded | None:
        """What `load` gives, or None when it fails."""
        try:
            return load(*arguments)
        except FicheError as error:
            self.findings.extend(from_fiche_error(error))
            return None

    def read_fiches(self) -> tuple[ParsedFiche, ...]:
        """The fiches that can be read."""
        fiches: dict[str, ParsedFiche] = {}
        for path in fiche_paths(self.data):
            parsed = self.read(parse_fiche, path, self.data)
            if parsed and parsed.fiche.slug in fiches:
                self.findings.extend(from_fiche_error(same_name_error(parsed)))
            elif parsed:
                fiches[parsed.fiche.slug] = parsed
        return tuple(fiches.values())


def _read_permitted(data: Path) -> frozenset[str]:
    """The words of `mots_permis.txt`, one a line, normalised; a line may end with a comment after #."""
    path = data / PERMITTED_FILE
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in normalize(line.partition("#")[0]).split())


if __name__ == "__main__":
    sys.exit(main())
