"""What the assistant sends back: the objects shared by the actions, the worker and the gateway."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.text import typographie

KINDS = ("answer", "clarify", "fallback", "handoff", "form", "alert", "smalltalk")
_NUMBERED = ("axe", "objectif")
_INCOMPLETE = "La page termine cette liste par « … » : elle n’est pas complète."


@dataclass(frozen=True)
class ReplySource:
    """Where a statement comes from; `quote` is word for word, `verified_on` an ISO day."""

    title: str
    url: str | None
    quote: str
    verified_on: str
    complement: bool


@dataclass(frozen=True)
class Choice:
    """A button; `payload` is `/intent` or `/intent{json}`."""

    label: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One reply; raises ValueError when `kind` is not one of KINDS.

    `subject` says what it is about (a slug or `list_<genre>`), for evaluation: it is no part of the contract.
    """

    kind: str
    text: str
    simple: str | None = None
    lang: str = "fr"
    choices: tuple[Choice, ...] = ()
    sources: tuple[ReplySource, ...] = ()
    subject: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of reply: {self.kind!r}")

    def to_dict(self) -> dict[str, Any]:
        """The reply as the public contract shapes it, ready for JSON."""
        return {
            "kind": self.kind,
            "text": self.text,
            "simple": self.simple,
            "lang": self.lang,
            "choices": [asdict(choice) for choice in self.choices],
            "sources": [asdict(source) for source in self.sources],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Reply:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError on another shape."""
        return cls(
            kind=values["kind"],
            text=values["text"],
            simple=values.get("simple"),
            lang=values.get("lang", "fr"),
            choices=tuple(Choice(**choice) for choice in values.get("choices", ())),
            sources=tuple(ReplySource(**source) for source in values.get("sources", ())),
        )


def reply_for_fiche(fiche: Fiche, base: KnowledgeBase, kind: str = "answer", lead: str = "") -> Reply:
    """The answer of a fiche, with its compléments, its links and everything that supports it."""
    # An urgence is read in a hurry: its complément is the source of the number, not one more paragraph.
    complements = () if fiche.genre == "urgence" else fiche.complements
    paragraphs = [f"{lead} {fiche.corps}".strip(), *(f"Complément : {complement.texte}" for complement in complements)]
    liens = "\n".join(f"- [{lien.texte}]({lien.url})" for lien in fiche.liens)
    return Reply(
        kind=kind,
        text=_paragraphs(*paragraphs, liens),
        simple=_paragraphs(f"{lead} {fiche.simple}".strip(), liens),
        sources=_citation_sources(fiche.citations, fiche.source, fiche.verifie_le.isoformat(), base)
        + tuple(
            ReplySource(c.source, c.url, c.texte, c.verifie_le.isoformat(), complement=True)
            for c in fiche.complements
        ),
        subject=fiche.slug,
    )


def reply_for_genre(genre: str, base: KnowledgeBase, lead: str = "") -> Reply:
    """The list of a genre in the page's order. Raises KeyError when `genre` has no list."""
    liste = base.genres[genre]
    fiches = base.list_genre(genre)
    items = "\n".join(
        f"{number}. {fiche.titre}" if genre in _NUMBERED else f"- {fiche.titre}"
        for number, fiche in enumerate(fiches, start=1)
    )
    end = "" if liste.complete else _INCOMPLETE
    # The list is as old as the fiche that was checked longest ago.
    verified_on = min((fiche.verifie_le.isoformat() for fiche in fiches), default="")
    return Reply(
        kind="answer",
        text=_paragraphs(lead, liste.intro, items, end),
        simple=_paragraphs(lead, liste.simple, items, end),
        sources=_citation_sources(liste.citations, liste.source, verified_on, base),
        subject=f"{LIST_PREFIX}{genre}",
    )


def _citation_sources(
    citations: tuple[str, ...], slug: str | None, verified_on: str, base: KnowledgeBase
) -> tuple[ReplySource, ...]:
    source = base.sources.get(slug or "")
    if source is None:
        return ()
    return tuple(
        ReplySource(source.titre, source.url, citation, verified_on, complement=False)
        for citation in citations
    )


def _paragraphs(*paragraphs: str) -> str:
    return typographie("\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip()))
