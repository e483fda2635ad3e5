"""What the gateway itself reads of the published release: emergency answers, the contact, names of lists.

These work while the worker is down: a person in distress is answered by fixed text, and everybody else
learns whom to turn to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from knowledge.base import KnowledgeBase
from knowledge.contacts import format_contact
from knowledge.langues import Langues, load_langues
from knowledge.replies import Reply, explain_french, reply_for_fiche
from knowledge.text import typographie
from knowledge.urgences import find_urgences, load_declencheurs
from training.publication import answerable
from training.releases import find_damage

CURRENT = "current"


@dataclass
class Content:
    """The content of the release that answers; `contact` is one Markdown sentence.

    There is one of them for the whole life of the gateway: it becomes another when another release is published.
    """

    release: str
    base: KnowledgeBase
    declencheurs: Any
    langues: Langues
    contact: str

    def prepare(self, release: Path) -> Callable[[], None]:
        """Read the content of another release; what comes back puts it in place. Raises FicheError or OSError."""
        other = read_content(release / "data", release.name)
        return partial(self._become, other)

    def _become(self, other: "Content") -> None:
        # In one step: nobody sees the fiches of one release with the contact of another.
        self.__dict__ = other.__dict__

    def find_alerts(self, text: str) -> tuple[Reply, ...]:
        """The fixed answers to a distress or an emergency; none to anything else."""
        fiches = [self.base.by_slug(slug) for slug in find_urgences(text, self.declencheurs)]
        if not fiches:
            return ()
        langue = self.langues.detect(text)
        base = self.base.speaking(langue)
        alerts = tuple(reply_for_fiche(fiche, base, kind="alert") for fiche in fiches if fiche)
        return (*alerts, *explain_french(alerts, langue, self.langues))

    def known_subjects(self) -> list[str]:
        """What the assistant knows, in the words of the content: its lists, then the démarches."""
        listed = [genre.titre for genre in self.base.genres.values()]
        return [typographie(titre) for titre in (*listed, *(f.titre for f in self.base.list_genre("demarche")))]


def current_release(models: Path) -> Path | None:
    """The folder of the published release, its link resolved; None when nothing is published."""
    link = models / CURRENT
    return link.resolve() if link.is_dir() else None


def load_content(models: Path, project: Path) -> Content:
    """Load the content of the published release, or of the one before it when a file of it is damaged.

    Without any, the content of the working folder: calls for help are answered from it. Raises FicheError or OSError.
    """
    release = next((folder for folder in answerable(models) if not find_damage(folder)), None)
    return read_content((release or project) / "data", release.name if release else "")


def read_content(data: Path, release: str) -> Content:
    """The content of a folder `data/`. Raises FicheError or OSError."""
    base = KnowledgeBase.load(data)
    contact = typographie(format_contact(base.contact))
    return Content(release, base, load_declencheurs(data), load_langues(data), contact)
