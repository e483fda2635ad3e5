"""A small town and its content, all in order, for the tests of knowledge/ to read or to break."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

Changes = Mapping[str, str | None]

PAGE = """La vie des quartiers

Pour notre ville, deux quartiers sont concernés :

  • Le quartier du Moulin
  • Le quartier de la rue de Lorraine

L’État, la CAF et d’autres partenaires signent un « Contrat de Quartier » pour l’emploi, la santé…
"""
SOURCES = """page:
  titre: La page de la Ville
  url: https://ville.example/quartiers
"""
GENRES = """quartier:
  titre: Les quartiers
  intro: "Deux quartiers sont concernés :"
  simple: "Il y a deux quartiers :"
  citation: "Pour notre ville, deux quartiers sont concernés :"
  source: page
  complete: true
  questions:
{questions}
partenaire:
  titre: Les partenaires
  intro: "Des partenaires signent le Contrat de Quartier :"
  simple: "Des partenaires signent un contrat :"
  citation: "L’État, la CAF et d’autres partenaires signent"
  source: page
  complete: false
  questions:
{others}
"""
CONTACT = """nom: service des quartiers
telephone: ""
courriel: ""
page: ""
horaires: ""
"""
DECLENCHEURS = """banales:
  - mort de rire
  - ça me tue
incendie:
  - au feu
  - la maison brul*
  - il y a * fumée partout
malaise:
  - respire plus
  - je veux * mourir
"""
MOULIN = """---
titre: Le quartier du Moulin
genre: quartier
alias:
  - Moulin
  - quartier Moulin
questions:
{questions}
citation: "Le quartier du Moulin"
source: page
simple: |
  Le quartier du Moulin est concerné.
  C’est l’un des deux quartiers.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
---

Le **quartier du Moulin** est concerné.

La page ne donne pas ses rues :

- ni leur nom
- ni leur nombre
"""
LORRAINE = """---
titre: Le quartier de la rue de Lorraine
genre: quartier
alias: [rue de Lorraine]
questions:
{questions}
citation: "Le quartier de la rue de Lorraine"
source: page
simple: Le quartier de la rue de Lorraine est concerné.
responsable: service des quartiers
verifie_le: 2026-01-08
a_revoir_le: 2026-07-08
---

Le quartier de la rue de Lorraine est concerné.
"""
CAF = """---
titre: La CAF
genre: partenaire
alias:
  - CAF
  - caisse d’allocations familiales
questions:
{questions}
citation:
  - "L’État, la CAF et d’autres partenaires signent"
source: page
complement:
  - texte: "La CAF verse des allocations dans 101 départements."
    source: Le site de la CAF
    url: https://caf.example
    verifie_le: 2026-01-09
simple: |
  La CAF est la caisse d’allocations familiales.
  Elle signe le contrat.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
liens:
  - texte: Le site de la CAF
    url: https://caf.example
---

La CAF signe le Contrat de Quartier avec l’État.
"""
ETAT = """---
titre: L’État
genre: partenaire
alias:
  - État
questions:
{questions}
citation: "L’État, la CAF et d’autres partenaires signent"
source: page
simple: L’État signe le contrat.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
---

L’État signe le Contrat de Quartier.
"""
INCENDIE = """---
titre: Un incendie
genre: urgence
complement:
  - texte: "Les pompiers répondent au 18, jour et nuit."
    source: Le site officiel
    verifie_le: 2026-01-10
simple: Appelez le **18**.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
---

**18** : appelez les pompiers.
"""
MALAISE = """---
titre: Un malaise
genre: urgence
complement:
  - texte: "Le Samu répond au 15, jour et nuit."
    source: Le site officiel
    verifie_le: 2026-01-10
simple: Appelez le **15**.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
---

**15** : appelez le Samu.
"""
IDENTITE = """---
titre: Qui je suis
genre: bot
questions:
{questions}
simple: Je suis un programme.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
---

Je suis un programme, pas une personne.
"""
README = "# Comment écrire une fiche\n\nCe fichier n’est pas une fiche.\n"

SUBJECTS = {
    "fiches/quartiers/moulin.md": (MOULIN, "le Moulin"),
    "fiches/quartiers/rue_de_lorraine.md": (LORRAINE, "la rue de Lorraine"),
    "fiches/partenaires/caf.md": (CAF, "la CAF"),
    "fiches/partenaires/etat.md": (ETAT, "l’État"),
    "fiches/bot/identite.md": (IDENTITE, "le robot"),
}


def list_questions(subject: str, count: int = 25, indent: str = "  ") -> str:
    """YAML lines of `count` different questions on a subject."""
    return "\n".join(f"{indent}- que dire de {subject} en {number} mots" for number in range(1, count + 1))


@lru_cache(maxsize=1)
def good_files() -> dict[str, str]:
    """The files of a data folder in which there is nothing to mend."""
    files = {
        path: text.format(questions=list_questions(subject)) for path, (text, subject) in SUBJECTS.items()
    }
    lists = GENRES.format(
        questions=list_questions("tous les quartiers", indent="    "),
        others=list_questions("tous les partenaires", indent="    "),
    )
    return files | {
        "sources/page.txt": PAGE,
        "sources/sources.yml": SOURCES,
        "genres.yml": lists,
        "contact.yml": CONTACT,
        "declencheurs.yml": DECLENCHEURS,
        "fiches/urgences/incendie.md": INCENDIE,
        "fiches/urgences/malaise.md": MALAISE,
        "fiches/README.md": README,
    }


def write_data(folder: Path, changes: Changes | None = None) -> Path:
    """Write the good files into `folder/data`, some replaced, added or (None) left out; give that folder."""
    data = folder / "data"
    _write(data, {**good_files(), **(changes or {})})
    return data


@contextmanager
def changed(data: Path, changes: Changes) -> Iterator[None]:
    """Change some files of a good data folder for a while: quicker than a whole one for each case."""
    _write(data, changes)
    try:
        yield
    finally:
        _write(data, {name: good_files().get(name) for name in changes})


def edit(name: str, old: str, new: str, *more: str) -> dict[str, str | None]:
    """The change of one piece of a good file, or of several; each piece must be there, once."""
    text = good_files()[name]
    pieces = (old, new, *more)
    for before, after in zip(pieces[::2], pieces[1::2], strict=True):
        assert text.count(before) == 1, f"{before!r} is {text.count(before)} times in {name}"
        text = text.replace(before, after)
    return {name: text}


def _write(data: Path, files: Changes) -> None:
    for name, text in files.items():
        path = data / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
