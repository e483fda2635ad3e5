"""The knowledge base: everything that one `data` folder says, behind one object.

It answers the questions of `rasa_sdk.knowledge_base.storage.KnowledgeBase` with the same methods, without
importing it: only `actions/` knows Rasa. Unlike Rasa's in-memory base it never shuffles: a list keeps the
order of the town's page.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

from knowledge.ailleurs import Ailleurs, load_ailleurs
from knowledge.contacts import Contact, load_contact
from knowledge.fiches import Fiche, load_fiches, strip_article
from knowledge.gazetteer import Gazetteer
from knowledge.genres import Genre, load_genres
from knowledge.homonyms import Homonyms
from knowledge.langues import FRENCH
from knowledge.ordinals import LAST
from knowledge.search import Match, SearchIndex
from knowledge.sources import Source, load_sources
from knowledge.text import normalize

# The subject « all the fiches of a genre ».
LIST_PREFIX = "list_"
OrdinalMapping = dict[str, Callable[[list[Any]], Any]]


class KnowledgeBase:
    """Fiches, lists, sources and contact of one town."""

    def __init__(
        self,
        fiches: tuple[Fiche, ...],
        genres: dict[str, Genre],
        sources: dict[str, Source],
        contact: Contact,
        ailleurs: Ailleurs | None = None,
    ) -> None:
        self.fiches = {fiche.slug: fiche for fiche in fiches}
        self.genres = genres
        self.sources = sources
        self.contact = contact
        self.langue = FRENCH
        self.ailleurs = ailleurs or Ailleurs()
        self.gazetteer = Gazetteer(fiches)
        self.homonyms = Homonyms(fiches)
        self.ordinal_mention_mapping = _make_ordinal_mapping()
        self._every_name = Gazetteer(fiches, genres={fiche.genre for fiche in fiches})
        self._index = SearchIndex(fiches)

    @classmethod
    def load(cls, data: Path) -> KnowledgeBase:
        """Load a data folder. Raises FicheError, whose French message says which file to mend."""
        return cls(load_fiches(data), load_genres(data), load_sources(data), load_contact(data), load_ailleurs(data))

    def speaking(self, langue: str) -> KnowledgeBase:
        """The same base for someone of another language: its fiches answer in it where a translation was checked."""
        same = copy(self)
        same.langue = langue
        return same

    def list_genre(self, genre: str) -> tuple[Fiche, ...]:
        """The fiches of a genre in the page's order; none for an unknown genre."""
        return tuple(fiche for fiche in self.fiches.values() if fiche.genre == genre)

    def by_slug(self, slug: str) -> Fiche | None:
        """The fiche of that name."""
        return self.fiches.get(slug)

    def by_alias(self, text: str) -> Fiche | None:
        """The fiche that the whole text names, whatever its genre: "la CAF", "mont liebaut"."""
        wanted = strip_article(normalize(text))
        for mention in self._every_name.find(text):
            if strip_article(normalize(text[mention.start : mention.end])) == wanted:
                return self.fiches[mention.slug]
        return None

    def by_number(self, genre: str, n: int) -> Fiche | None:
        """The nth fiche of a genre in the page's order, from 1; -1 is the last."""
        fiches = self.list_genre(genre)
        if n == 0 or abs(n) > len(fiches):
            return None
        return fiches[n - 1 if n > 0 else n]

    def name_of(self, subject: str) -> str | None:
        """What people call a subject: the titre of a fiche or, for `list_<genre>`, of the list."""
        fiche, genre = self.by_slug(subject), self.genres.get(subject.removeprefix(LIST_PREFIX))
        return fiche.titre if fiche else genre.titre if genre else None

    def are_neighbours(self, one: str, other: str) -> bool:
        """Whether two subjects of different sorts rest on the same sentence of the page, or one on a part of it."""
        fiche, fellow = self.by_slug(one), self.by_slug(other)
        if fiche and fellow and fiche.genre == fellow.genre:
            return False
        quotes, others = self._quotes(one), self._quotes(other)
        return any(quote in text or text in quote for quote in quotes for text in others)

    def _quotes(self, subject: str) -> tuple[str, ...]:
        fiche, genre = self.by_slug(subject), self.genres.get(subject.removeprefix(LIST_PREFIX))
        return fiche.citations if fiche else genre.citations if genre else ()

    def search(self, text: str, limit: int = 3) -> list[Match]:
        """The fiches nearest to a free text, best first."""
        return self._index.rank(text)[:limit]

    async def get_attributes_of_object(self, object_type: str) -> list[str]:
        """Names of the attributes of a genre's objects; none for an unknown genre."""
        fiches = self.list_genre(object_type)
        return list(_as_object(fiches[0])) if fiches else []

    async def get_key_attribute_of_object(self, object_type: str) -> str:
        """The attribute that identifies an object: the slug of the fiche."""
        return "slug"

    async def get_representation_function_of_object(self, object_type: str) -> Callable[..., str]:
        """How an object is shown to people: by its titre."""
        return _get_titre

    def set_ordinal_mention_mapping(self, mapping: OrdinalMapping) -> None:
        """Replace the way ordinals pick in a list."""
        self.ordinal_mention_mapping = mapping

    async def get_objects(
        self, object_type: str, attributes: list[dict[str, str]], limit: int = 5
    ) -> list[dict[str, Any]]:
        """Objects of a genre in the page's order whose attributes all have the given name and value."""
        found = [
            item
            for item in map(_as_object, self.list_genre(object_type))
            if all(item.get(attribute["name"]) == attribute["value"] for attribute in attributes)
        ]
        return found[:limit]

    async def get_object(self, object_type: str, object_identifier: str) -> dict[str, Any] | None:
        """The object of a genre with that slug or, failing that, that name; None when there is none."""
        fiche = self.by_slug(str(object_identifier)) or self.by_alias(str(object_identifier))
        return _as_object(fiche) if fiche and fiche.genre == object_type else None

    def get_object_types(self) -> list[str]:
        """The genres that have fiches."""
        return list(dict.fromkeys(fiche.genre for fiche in self.fiches.values()))


def _as_object(fiche: Fiche) -> dict[str, Any]:
    """The plain attributes of a fiche, ready for a slot: texts and lists of texts."""
    return {
        "slug": fiche.slug,
        "genre": fiche.genre,
        "titre": fiche.titre,
        "alias": list(fiche.alias),
        "corps": fiche.corps,
        "simple": fiche.simple,
        "source": fiche.source or "",
        "responsable": fiche.responsable,
        "verifie_le": fiche.verifie_le.isoformat(),
        "a_revoir_le": fiche.a_revoir_le.isoformat(),
    }


def _get_titre(item: dict[str, Any]) -> str:
    return str(item["titre"])


def _make_ordinal_mapping() -> OrdinalMapping:
    def pick(place: int) -> Callable[[list[Any]], Any]:
        return lambda items: items[place]

    # "ANY" takes the first one: the same question always gets the same answer.
    return {str(n): pick(n - 1) for n in range(1, LAST + 1)} | {"ANY": pick(0), "LAST": pick(-1)}
