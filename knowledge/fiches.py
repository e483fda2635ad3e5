"""The fiches: one Markdown file per subject, with a short French header."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.marked_yaml import (
    FicheError,
    Key,
    Marked,
    did_you_mean,
    parse,
    raise_first,
    read_text,
    shown_path,
)
from knowledge.sources import Source, load_sources
from knowledge.text import normalize
from knowledge.traductions import KEY as TRADUCTIONS
from knowledge.traductions import Traduction, fingerprint, read_traductions, traduction_errors

__all__ = [
    "FOLDERS",
    "Complement",
    "Fiche",
    "FicheError",
    "Lien",
    "ParsedFiche",
    "fiche_paths",
    "find_file",
    "load_fiches",
    "parse_fiche",
    "same_name_error",
    "sort_fiches",
    "strip_article",
]

FOLDERS = {
    "notion": "notions",
    "quartier": "quartiers",
    "partenaire": "partenaires",
    "domaine": "domaines",
    "objectif": "objectifs",
    "axe": "axes",
    "demarche": "demarches",
    "urgence": "urgences",
    "bot": "bot",
}
_REQUIRED = ("titre", "genre", "simple", "responsable", "verifie_le", "a_revoir_le")
_OPTIONAL = ("alias", "questions", "citation", "source", "complement", "liens", TRADUCTIONS)
_LEADING_ARTICLE = re.compile(r"^(?:l|la|le|les|un|une|des|du|d) ")


@dataclass(frozen=True)
class Complement:
    """A fact that the town's page does not hold, with its own public source and the day it was checked."""

    texte: str
    source: str
    url: str | None
    verifie_le: date


@dataclass(frozen=True)
class Lien:
    """A link shown under the answer."""

    texte: str
    url: str


@dataclass(frozen=True)
class Fiche:
    """One subject: how people ask for it, what is answered, and what supports the answer."""

    slug: str
    genre: str
    titre: str
    alias: tuple[str, ...]
    questions: tuple[str, ...]
    citations: tuple[str, ...]
    source: str | None
    complements: tuple[Complement, ...]
    simple: str
    responsable: str
    verifie_le: date
    a_revoir_le: date
    liens: tuple[Lien, ...]
    corps: str
    traductions: tuple[Traduction, ...] = ()

    @property
    def texte_francais(self) -> str:
        """The fingerprint of the French answer, which a translation is checked against."""
        return fingerprint((self.corps, self.simple, *(complement.texte for complement in self.complements)))

    def traduction(self, langue: str) -> Traduction | None:
        """The translation that may be shown: checked, and against the French answer as it is now."""
        found = next((one for one in self.traductions if one.langue == langue and one.is_checked), None)
        return found if found and found.texte_francais == self.texte_francais else None


@dataclass(frozen=True)
class ParsedFiche:
    """A fiche, its file, its header with line numbers, and the line where its answer begins (from 1)."""

    path: Path
    header: Marked
    body_line: int
    fiche: Fiche


def load_fiches(data: Path) -> tuple[Fiche, ...]:
    """Load every fiche of `data/fiches`, in the page's order within each genre. Raises FicheError."""
    fiches: dict[str, Fiche] = {}
    for path in fiche_paths(data):
        parsed = parse_fiche(path, data)
        if parsed.fiche.slug in fiches:
            raise same_name_error(parsed)
        fiches[parsed.fiche.slug] = parsed.fiche
    return sort_fiches(fiches.values(), load_sources(data))


def fiche_paths(data: Path) -> list[Path]:
    """The files of all fiches, sorted; the README files beside them are not fiches."""
    return sorted(path for path in (data / "fiches").rglob("*.md") if path.name.lower() != "readme.md")


def find_file(data: Path, slug: str) -> Path | None:
    """The file of an existing fiche."""
    return next((path for path in fiche_paths(data) if path.stem == slug), None)


def parse_fiche(path: Path, data: Path) -> ParsedFiche:
    """Read one fiche. Raises FicheError; its `others` are the other errors of the same header."""
    shown = shown_path(path, data)
    header, corps, body_line = _split_header(read_text(path, shown), shown)
    raise_first(_header_errors(header))
    return ParsedFiche(shown, header, body_line, _make_fiche(path.stem, header, corps))


def same_name_error(parsed: ParsedFiche) -> FicheError:
    """The error of a second fiche whose file has the same name, in another folder."""
    message = f"une autre fiche porte déjà le nom « {parsed.fiche.slug} » : renommez ce fichier."
    return FicheError(parsed.path, 1, message)


def sort_fiches(fiches: Iterable[Fiche], sources: dict[str, Source]) -> tuple[Fiche, ...]:
    """Sort by genre, then in the page's order: by the place of the fiche's name in what it cites."""
    pages = {slug: f" {normalize(source.texte)} " for slug, source in sources.items()}
    genres = list(FOLDERS)
    return tuple(sorted(fiches, key=lambda fiche: (genres.index(fiche.genre), *_place_in_page(fiche, pages))))


def strip_article(words: str) -> str:
    """Drop the article that opens a normalised name: "la caf" is called "caf"."""
    return _LEADING_ARTICLE.sub("", words)


def _place_in_page(fiche: Fiche, pages: dict[str, str]) -> tuple[int, str]:
    """Where the fiche's name stands in what it cites: "emploi" alone is written earlier in the page."""
    page = pages.get(fiche.source or "", "")
    citation = f" {normalize(fiche.citations[0])} " if fiche.citations else ""
    place = page.find(citation) if citation else -1
    if place < 0:
        return len(page) + max(_place_of_name(fiche, page), 0), fiche.slug
    return place + max(_place_of_name(fiche, citation), 0), fiche.slug


def _place_of_name(fiche: Fiche, text: str) -> int:
    for name in (fiche.titre, *fiche.alias):
        place = text.find(f" {strip_article(normalize(name))} ")
        if place >= 0:
            return place
    return -1


def _split_header(text: str, shown: Path) -> tuple[Marked, str, int]:
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise FicheError(shown, 1, "la première ligne d’une fiche doit être « --- ».")
    for number, line in enumerate(lines[1:], start=2):
        # Indented, it is a line of a text.
        if line.rstrip() == "---":
            header = parse("\n".join(lines[1 : number - 1]), shown, first_line=2)
            body = lines[number:]
            blank = next((i for i, body_line in enumerate(body) if body_line.strip()), 0)
            return header, "\n".join(body).strip(), number + 1 + blank
    raise FicheError(shown, 1, "l’en-tête n’est pas fermé : ajoutez une ligne « --- » avant la réponse.")


def _header_errors(header: Marked) -> list[FicheError]:
    errors = header.key_errors((*_REQUIRED, *_OPTIONAL), _REQUIRED)
    genre = header.values.get("genre")
    if isinstance(genre, str) and genre and genre not in FOLDERS:
        errors.append(header.fail(f"genre inconnu « {genre} »{did_you_mean(genre, FOLDERS)}", "genre"))
    keys = {
        "complement": (("texte", "source", "url", "verifie_le"), ("texte", "source", "verifie_le")),
        "liens": (("texte", "url"), ("texte", "url")),
    }
    for name, (allowed, required) in keys.items():
        try:
            for item in header.mappings(name):
                errors += header.key_errors(allowed, required, *item)
        except FicheError as error:
            errors.append(error)
    return errors + traduction_errors(header)


def _make_fiche(slug: str, header: Marked, corps: str) -> Fiche:
    return Fiche(
        slug=slug,
        genre=header.text("genre"),
        titre=header.text("titre"),
        alias=header.texts("alias"),
        questions=header.texts("questions"),
        citations=header.texts("citation"),
        source=header.text("source") or None,
        complements=tuple(_make_complement(header, item) for item in header.mappings("complement")),
        simple=header.text("simple"),
        responsable=header.text("responsable"),
        verifie_le=header.date("verifie_le"),
        a_revoir_le=header.date("a_revoir_le"),
        liens=tuple(
            Lien(header.text(*item, "texte"), header.text(*item, "url")) for item in header.mappings("liens")
        ),
        corps=corps,
        traductions=read_traductions(header),
    )


def _make_complement(header: Marked, item: Key) -> Complement:
    return Complement(
        texte=header.text(*item, "texte"),
        source=header.text(*item, "source"),
        url=header.text(*item, "url") or None,
        verifie_le=header.date(*item, "verifie_le"),
    )
