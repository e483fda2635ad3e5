"""The lists ("les partenaires", "les quartiers"): how each is introduced, and whether it is complete."""

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.fiches import FOLDERS, FicheError
from knowledge.marked_yaml import Marked, did_you_mean, load_file, raise_first
from knowledge.text import normalize

FILE = "genres.yml"
_KEYS = ("titre", "intro", "simple", "citation", "source", "complete", "questions")

# How people call the lists.
GENRE_WORDS = {
    "axe": r"axes?|priorites?",
    "objectif": r"objectifs?|buts?",
    "domaine": r"domaines?|themes?",
    "quartier": r"quartiers?",
    "partenaire": r"partenaires?|signataires?",
}
# A message that says the name of one of these speaks of it; the words of the others (« école », « travail ») are said
# in passing.
PROPER_GENRES = ("quartier", "partenaire")
# Fiches of these answer many questions, and not only what bears their name.
BROAD_GENRES = ("notion", "demarche")


@dataclass(frozen=True)
class Genre:
    """One list; `complete` is False when the page ends it with « … »."""

    slug: str
    titre: str
    intro: str
    simple: str
    citations: tuple[str, ...]
    source: str
    complete: bool
    questions: tuple[str, ...]


def load_genres(data: Path) -> dict[str, Genre]:
    """Load `data/genres.yml`, in the file's order. Raises FicheError."""
    return parse_genres(load_file(data, FILE))


def parse_genres(marked: Marked) -> dict[str, Genre]:
    """Build the lists from their keys. Raises FicheError; its `others` are the other errors of the file."""
    raise_first(_key_errors(marked))
    return {slug: _make_genre(marked, slug) for slug in marked.values}


def _key_errors(marked: Marked) -> list[FicheError]:
    errors: list[FicheError] = []
    for slug in marked.values:
        if slug not in FOLDERS:
            errors.append(marked.fail(f"genre inconnu « {slug} »{did_you_mean(slug, FOLDERS)}", slug))
        errors += marked.key_errors(_KEYS, _KEYS, slug)
    return errors


def _make_genre(marked: Marked, slug: str) -> Genre:
    return Genre(
        slug=slug,
        titre=marked.text(slug, "titre"),
        intro=marked.text(slug, "intro"),
        simple=marked.text(slug, "simple"),
        citations=marked.texts(slug, "citation"),
        source=marked.text(slug, "source"),
        complete=marked.flag(slug, "complete"),
        questions=marked.texts(slug, "questions"),
    )


def find_genre(text: str, words: dict[str, str] = GENRE_WORDS) -> str | None:
    """The list that a text speaks of: the first genre of `words` with one of its words in it."""
    plain = normalize(text)
    return next((genre for genre, pattern in words.items() if re.search(rf"\b(?:{pattern})\b", plain)), None)
