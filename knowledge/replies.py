"""What the assistant sends back: the objects shared by the actions, the worker and the gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.langues import FRENCH, Langues
from knowledge.text import typographie
from knowledge.traductions import Traduction

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
class Field:
    """A field that may stand for the question box, for the next message; `type` and `autocomplete` are HTML's.

    Several fields are ways to answer: one of them is enough.
    """

    label: str
    type: str
    autocomplete: str


@dataclass(frozen=True)
class Reply:
    """One reply; raises ValueError when `kind` is not one of KINDS.

    `subject` says what it is about (a slug or `list_<genre>`), for evaluation: it is no part of the contract.
    """

    kind: str
    text: str
    simple: str | None = None
    lang: str = FRENCH
    choices: tuple[Choice, ...] = ()
    sources: tuple[ReplySource, ...] = ()
    fields: tuple[Field, ...] = ()
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
            "fields": [asdict(field) for field in self.fields],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Reply:
        """The inverse of `to_dict`, a `subject` beside it. Raises KeyError, TypeError or ValueError."""
        return cls(
            kind=values["kind"],
            text=values["text"],
            simple=values.get("simple"),
            lang=values.get("lang", FRENCH),
            choices=tuple(Choice(**choice) for choice in values.get("choices", ())),
            sources=tuple(ReplySource(**source) for source in values.get("sources", ())),
            fields=tuple(Field(**field) for field in values.get("fields", ())),
            subject=values.get("subject"),
        )


_set_type_once = lru_cache(maxsize=1000)(typographie)


def reply_for_fiche(fiche: Fiche, base: KnowledgeBase, kind: str = "answer", lead: str = "") -> Reply:
    """The answer of a fiche, with its compléments, its links and everything that supports it.

    In the language of `base` where a translation was checked; it says all of the answer, without `lead`.
    """
    traduction = fiche.traduction(base.langue)
    if traduction:
        return _reply_translated(fiche, traduction, base, kind)
    # An urgence is read in a hurry: its complément is the source of the number, not one more paragraph.
    complements = () if fiche.genre == "urgence" else fiche.complements
    paragraphs = [f"{lead} {fiche.corps}".strip(), *(f"Complément : {complement.texte}" for complement in complements)]
    liens = _links(fiche)
    # What the fiche alone says is the same each time.
    set_type = typographie if lead else _set_type_once
    return Reply(
        kind=kind,
        text=set_type(_paragraphs(*paragraphs, liens)),
        simple=set_type(_paragraphs(f"{lead} {fiche.simple}".strip(), liens)),
        sources=_sources(fiche, base),
        subject=fiche.slug,
    )


def _reply_translated(fiche: Fiche, traduction: Traduction, base: KnowledgeBase, kind: str) -> Reply:
    """The same answer in another language, whose typography is left to whoever wrote it."""
    liens = _links(fiche)
    return Reply(
        kind=kind,
        text=_paragraphs(traduction.texte, liens),
        simple=_paragraphs(traduction.simple, liens) if traduction.simple else None,
        lang=traduction.langue,
        sources=_sources(fiche, base),
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
    set_type = typographie if lead else _set_type_once
    return Reply(
        kind="answer",
        text=set_type(_paragraphs(lead, liste.intro, items, end)),
        simple=set_type(_paragraphs(lead, liste.simple, items, end)),
        sources=_citation_sources(liste.citations, liste.source, verified_on, base),
        subject=f"{LIST_PREFIX}{genre}",
    )


def explain_french(replies: Iterable[Reply], langue: str, langues: Langues) -> tuple[Reply, ...]:
    """What follows replies to someone of another language: one sentence of theirs, unless all of these are in it."""
    french = [reply for reply in replies if reply.lang != langue]
    if not french or langue == FRENCH:
        return ()
    is_alert = any(reply.kind == "alert" for reply in french)
    phrase = (langues.urgences if is_alert else langues.phrases).get(langue)
    return (Reply("alert" if is_alert else "smalltalk", phrase, lang=langue),) if phrase else ()


def _links(fiche: Fiche) -> str:
    return "\n".join(f"- [{lien.texte}]({lien.url})" for lien in fiche.liens)


def _sources(fiche: Fiche, base: KnowledgeBase) -> tuple[ReplySource, ...]:
    cited = _citation_sources(fiche.citations, fiche.source, fiche.verifie_le.isoformat(), base)
    return cited + tuple(
        ReplySource(c.source, c.url, c.texte, c.verifie_le.isoformat(), complement=True) for c in fiche.complements
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
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
