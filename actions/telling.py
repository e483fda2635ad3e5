"""How a subject is told: one fiche, several, or a list; with the context and the offer that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from actions.contexte import Contexte
from actions.detresse import URGENCE
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.replies import Choice, Reply, reply_for_fiche, reply_for_genre

MOST_TOLD = 3
MOST_CHOICES = 3
# Kinds of replies whose buttons are what the person may have meant.
ASKING = ("clarify", "fallback")

MESSAGE_CHOICE = Choice("Laisser un message au service", "/start_message")
# What a resident can be offered to do after an answer: subject → (offer, label, payload).
OFFERS = {
    "rejoindre_conseil_citoyen": ("join", "Faire une demande pour le conseil citoyen", "/start_join"),
    "contacter_service": ("message", MESSAGE_CHOICE.label, MESSAGE_CHOICE.payload),
}


@dataclass(frozen=True)
class Answer:
    """What to say to one message, what the conversation is about from now on, and what was offered.

    `is_beside`: what was told and offered before stays as it was.
    """

    replies: tuple[Reply, ...]
    contexte: Contexte
    offre: str | None = None
    is_answered: bool = True
    is_private: bool = False
    is_beside: bool = False


def tell_sujet(sujet: str, base: KnowledgeBase, lead: str = "") -> Answer:
    """A subject as the context names it: a slug or `list_<genre>`."""
    if sujet.startswith(LIST_PREFIX):
        return tell_list(sujet.removeprefix(LIST_PREFIX), base, lead)
    return tell(base.fiches[sujet], base, lead)


def tell_guess(sujet: str, others: Iterable[str], base: KnowledgeBase) -> Answer:
    """The subject that was probably meant, said to be a guess, with buttons for what else it may have been."""
    lead = f"Si j’ai bien compris, votre question porte sur : {base.name_of(sujet)}."
    answer = tell_sujet(sujet, base, lead)
    first, *more = answer.replies
    choices = (*first.choices, *make_choices(others, base))[:MOST_CHOICES]
    return replace(answer, replies=(replace(first, choices=choices), *more))


def tell(fiche: Fiche, base: KnowledgeBase, lead: str = "", genre: str | None = None) -> Answer:
    """One fiche; `genre` is the list that a rank picks in from now on, when it is not the fiche’s own."""
    offer = OFFERS.get(fiche.slug)
    reply = reply_for_fiche(fiche, base, kind=_kind(fiche), lead=lead)
    if offer:
        reply = replace(reply, choices=(Choice(offer[1], offer[2]),))
    contexte = Contexte((fiche.slug,), genre or (fiche.genre if fiche.genre in base.genres else None))
    return Answer((reply,), contexte, offre=offer[0] if offer else None)


def tell_each(slugs: Sequence[str], base: KnowledgeBase, lead: str = "", genre: str | None = None) -> Answer:
    """Each fiche of the same sort as the first: « l’ARS et la CAF », but not « la CAF, pour l’emploi »."""
    fiches = [base.fiches[slug] for slug in slugs if base.fiches[slug].genre == base.fiches[slugs[0]].genre]
    return join_answers([tell(fiche, base, lead, genre) for fiche in fiches[:MOST_TOLD]])


def tell_all(sujets: Sequence[str], base: KnowledgeBase) -> Answer:
    """Each subject or list, whatever its sort, three at most."""
    return join_answers([tell_sujet(sujet, base) for sujet in sujets[:MOST_TOLD]])


def tell_list(genre: str, base: KnowledgeBase, lead: str = "") -> Answer:
    """The list of a genre."""
    return Answer((reply_for_genre(genre, base, lead),), Contexte((LIST_PREFIX + genre,), genre))


def find_offered(answer: Answer, base: KnowledgeBase) -> tuple[str, ...]:
    """The subjects that an answer gives to choose from, rather than to go on with."""
    choices = (choice for reply in answer.replies if reply.kind in ASKING for choice in reply.choices)
    return tuple(sujet for choice in choices if base.name_of(sujet := choice.payload.removeprefix("/")))


def keep_offer(offre: str | None, answer: Answer, base: KnowledgeBase) -> str | None:
    """What was offered before, as long as one still speaks of it: « il faut quel âge ? » then « oui, je la fais »."""
    subject = next((slug for slug, (name, _, _) in OFFERS.items() if name == offre), None)
    goes_on = subject and any(
        sujet == subject or base.are_neighbours(sujet, subject) for sujet in answer.contexte.sujets
    )
    return offre if goes_on else None


def _kind(fiche: Fiche) -> str:
    if fiche.slug == "contacter_service":
        return "handoff"
    return {"bot": "smalltalk", URGENCE: "alert"}.get(fiche.genre, "answer")


def join_answers(answers: Sequence[Answer]) -> Answer:
    """Several answers as one message; the last one is what the conversation goes on about, in the last list told."""
    return Answer(
        replies=tuple(reply for answer in answers for reply in answer.replies),
        contexte=Contexte(
            tuple(dict.fromkeys(sujet for answer in answers for sujet in answer.contexte.sujets)),
            next((answer.contexte.genre for answer in reversed(answers) if answer.contexte.genre), None),
        ),
        offre=next((answer.offre for answer in reversed(answers) if answer.offre), None),
    )


def make_choices(subjects: Iterable[str], base: KnowledgeBase) -> tuple[Choice, ...]:
    """Buttons for the subjects that have a name of their own, three at most."""
    named = ((subject, _label(subject, base)) for subject in subjects)
    return tuple(Choice(label, f"/{subject}") for subject, label in named if label)[:MOST_CHOICES]


def _label(subject: str, base: KnowledgeBase) -> str | None:
    fiche = base.by_slug(subject)
    return None if fiche and fiche.genre == URGENCE else base.name_of(subject)
