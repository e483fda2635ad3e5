"""Contents of any size, made up for the measures: the project's own, with more fiches and more subjects.

A subject has questions of its own, which the model learns; the other fiches are found by their names, as places and
associations would be. Names are two rare French words, drawn always the same way.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge.fiches import load_fiches
from knowledge.lexicon import word_frequencies
from training.releases import CONTENT_PARTS

SEED = 6
KINDS = ("association", "atelier", "club", "comité", "espace", "foyer", "maison", "régie", "relais", "salle")
FOLDER = "fiches/notions"
FICHE = """---
titre: {name}
genre: notion
alias:
  - {name}{questions}
simple: |
  {name} est une fiche inventée.
responsable: mesures
verifie_le: 2026-11-01
a_revoir_le: 2027-05-01
---

**{name}** est une fiche inventée pour les mesures. Elle parle de {words}.
"""
QUESTIONS = (
    "c’est quoi {}",
    "qu’est-ce que {}",
    "parlez-moi de {}",
    "où se trouve {}",
    "à quoi sert {}",
    "comment contacter {}",
    "qui s’occupe de {}",
    "quels sont les horaires de {}",
    "je cherche {}",
    "je voudrais des informations sur {}",
    "est-ce que {} est ouvert à tous",
    "combien coûte {}",
    "comment s’inscrire à {}",
    "c koi {}",
    "mon voisin m’a parlé de {}",
    "qui peut aller à {}",
    "depuis quand existe {}",
    "{}",
    "que fait {} dans le quartier",
    "y a-t-il {} près de chez moi",
)


def write_project(project: Path, target: Path, fiches: int, subjects: int) -> None:
    """Copy the content of `project` to `target`, with as many fiches and subjects as are wanted in all.

    Both count what is there already; fewer than that changes nothing.
    """
    for part in CONTENT_PARTS:
        source = project / part
        if source.is_dir():
            shutil.copytree(source, target / part)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / part)
    held, folder = count_content(target / "data"), target / "data" / FOLDER
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(islice(make_names(), max(0, fiches - held.fiches))):
        text = make_fiche(name, is_subject=number < subjects - held.subjects)
        (folder / f"fiche_{number:05}.md").write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Size:
    """How many fiches a content has, how many of its fiches have questions of their own, and how many these are."""

    fiches: int
    subjects: int
    examples: int


def count_content(data: Path) -> Size:
    """The size of a content. Raises FicheError."""
    fiches = load_fiches(data)
    return Size(len(fiches), sum(bool(one.questions) for one in fiches), sum(len(one.questions) for one in fiches))


def make_names() -> Iterator[str]:
    """Names that are all different: « Atelier glycine bastingage », and so on."""
    chance = random.Random(SEED)
    words = sorted(
        word for word, count in word_frequencies().items() if word.isalpha() and 6 <= len(word) <= 10 and count < 3000
    )
    seen: set[str] = set()
    while True:
        name = f"{chance.choice(KINDS).capitalize()} {chance.choice(words)} {chance.choice(words)}"
        if name not in seen:
            seen.add(name)
            yield name


def make_fiche(name: str, *, is_subject: bool) -> str:
    """One fiche; a subject has a question in each way of asking."""
    asked = [question.format(name.lower()) for question in QUESTIONS] if is_subject else []
    questions = "".join(f"\n  - {question}" for question in asked)
    kind, *words = name.lower().split()
    return FICHE.format(
        name=name, questions=f"\nquestions:{questions}" if asked else "", words=" et de ".join((kind, *words))
    )
