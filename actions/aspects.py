"""What is asked of whatever was just told, « c’est où ? », « qui paie ? »: what the page says, or does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from actions.contexte import Contexte
from actions.detresse import URGENCE
from actions.questions import Question
from actions.telling import MESSAGE_CHOICE, OFFERS, Answer, tell, tell_sujet
from knowledge.aspects import Aspect, find_aspect
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.genres import BROAD_GENRES, PROPER_GENRES
from knowledge.replies import Choice, Reply
from knowledge.stories import find_last_question
from knowledge.text import normalize, typographie

NOT_OF_THE_PAGE = ("bot", URGENCE)
NOTION = "notion"
JOIN, SERVICE, PARTNERS, PLACES = "rejoindre_conseil_citoyen", "contacter_service", "list_partenaire", "list_quartier"
# From this share on, a question is about what the classifier says.
SURE = 0.7
FREE = "C’est gratuit : faire cette demande ici ne coûte rien."
NOT_SAID = "À propos de « {name} », la page de la Ville ne dit pas {what}."
ASK_THE_SERVICE = "Pour le demander au service, dites « je veux laisser un message »."


@dataclass(frozen=True)
class Way:
    """How an aspect is answered: by the subject itself where its text holds `says`; else `what` is not said, and
    another subject is told, if there is one that helps."""

    sujet: str | None
    what: str = ""
    says: str = ""


WAYS = {
    Aspect.SURE: Way("bot_sources"),
    Aspect.RIGHTS: Way("aides_et_avantages"),
    Aspect.WHO_KNOWS: Way(SERVICE),
    Aspect.HERE: Way(PLACES),
    Aspect.WHERE: Way(SERVICE, "où cela se passe", r"\b(?:adresse|lieu)\b"),
    Aspect.WHEN: Way(None, "quand, ni pour combien de temps", r"\b(?:20\d\d|dates?|quand|durees?|horaires)\b"),
    Aspect.COST: Way(None, "si c’est gratuit ou payant", r"\b(?:gratuit\w*|payant\w*|argent|prix|budget)\b"),
    Aspect.PAID: Way(None, "si c’est payé", r"\b(?:pay\w+|remuner\w+|benevol\w+)\b"),
    Aspect.MONEY: Way(PARTNERS, "qui paie", r"\b(?:argent|budget|financ\w+)\b"),
    Aspect.WHO_DECIDES: Way(PARTNERS, "qui décide", r"\b(?:decid\w+|choisi\w*)\b"),
    Aspect.MEANS: Way("actions_menees", "comment cela se fait", r"\bcomment\b"),
    Aspect.EFFECT: Way("actions_menees", "ce que cela a donné", r"\b(?:decid\w+|resultats?|bilans?)\b"),
    Aspect.FOR_WHOM: Way("quartier_prioritaire", "à qui cela s’adresse en particulier", r"\bhabitants\b"),
    Aspect.JOINING: Way(JOIN),
    Aspect.CONDITIONS: Way(JOIN, "s’il y a des conditions, comme l’âge ou la nationalité", r"\b(?:age|nationalite)\b"),
}
# What is asked of a place by « c’est où ? », « c’est pour qui ? » is the place itself.
OF_PLACES = frozenset([Aspect.WHERE, Aspect.FOR_WHOM])
ONLY_OF_JOINING = frozenset([Aspect.JOINING, Aspect.CONDITIONS])
OF_JOINING = frozenset([Aspect.WHERE, Aspect.WHEN, Aspect.COST, Aspect.PAID, Aspect.CONDITIONS])


def answer_aspect(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """What is known of an aspect of the subject just told, or that it is not; None for another question.

    The conversation stays about that subject, but for « comment y entrer ? », which is one of its own.
    """
    # « Je vois que vous ne savez pas. À qui le demander ? »
    last = find_last_question(question.reading)
    aspect = find_aspect(question.reading) or (find_aspect(last) if last else None)
    if aspect is None or not contexte.sujets or question.has_own_name:
        return None
    told = _find_told(aspect, question, contexte, base)
    answer = None if told is None or _is_clear(aspect, question, told, base) else _answer(aspect, told, base)
    if answer is None or aspect is Aspect.JOINING:
        return answer
    return replace(answer, contexte=contexte)


def _find_told(aspect: Aspect, question: Question, contexte: Contexte, base: KnowledgeBase) -> str | None:
    """What it is asked of: the last subject, or one told before, by its pronoun or because one may only join that."""
    if aspect in ONLY_OF_JOINING:
        return next((told for told in reversed(contexte.recent) if _is_about(told, JOIN, base)), None)
    # « Il dure combien de temps ? »
    return question.intent if question.intent in contexte.told else contexte.sujets[-1]


def _is_clear(aspect: Aspect, question: Question, told: str, base: KnowledgeBase) -> bool:
    """Whether a question that needs words for it is surely about another subject: « ça coûte combien ? » may be."""
    fiche = base.by_slug(question.intent)
    is_another = question.intent != told and fiche is not None and fiche.genre in BROAD_GENRES
    return is_another and bool(WAYS[aspect].what) and (not question.weights or question.weights[0] >= SURE)


def _answer(aspect: Aspect, told: str, base: KnowledgeBase) -> Answer | None:
    way, fiche = WAYS[aspect], base.by_slug(told)
    if way.sujet and not way.what:
        return tell_sujet(way.sujet, base)
    if (fiche and fiche.genre in NOT_OF_THE_PAGE) or (aspect in OF_PLACES and _is_about(told, PLACES, base)):
        return None
    is_named = fiche is not None and fiche.genre in PROPER_GENRES
    if aspect is Aspect.COST and told in OFFERS:
        return _say(FREE, told, base)
    lead = NOT_SAID.format(what=way.what, name=base.name_of(told))
    saying = _find_saying(way.says, fiche, base) if fiche else None
    if saying:
        return tell(saying, base, "" if saying is fiche else lead)
    is_joining = _is_about(told, JOIN, base)
    # Where the service is helps nobody who asks where the CAF is.
    elsewhere = None if aspect in OF_PLACES and is_named else way.sujet
    sujet = JOIN if is_joining and aspect in OF_JOINING else elsewhere
    return tell_sujet(sujet, base, lead) if sujet else _say(f"{lead}\n\n{ASK_THE_SERVICE}", told, base, MESSAGE_CHOICE)


def _find_saying(words: str, told: Fiche, base: KnowledgeBase) -> Fiche | None:
    """What holds these words: the subject told, or the notion that rests on the same sentence of the page.

    The State has no date, and the contract that it signs has one, or says that it has none.
    """
    notions = [fiche for fiche in base.fiches.values() if fiche.genre == NOTION and told.genre in PROPER_GENRES]
    of_it = [notion for notion in notions if base.are_neighbours(told.slug, notion.slug)]
    return next((fiche for fiche in (told, *of_it) if re.search(words, normalize(fiche.corps))), None)


def _say(text: str, told: str, base: KnowledgeBase, *choices: Choice) -> Answer:
    """Something else of a subject than its answer, with what that answer rests on and offers."""
    answer = tell_sujet(told, base)
    reply = answer.replies[0]
    said = Reply("answer", typographie(text), choices=choices or reply.choices, sources=reply.sources, subject=told)
    return replace(answer, replies=(said,), offre="message" if choices else answer.offre)


def _is_about(told: str, sujet: str, base: KnowledgeBase) -> bool:
    """Whether a subject is another one, one of its list, or rests on the same sentence of the page."""
    fiche = base.by_slug(told)
    is_member = fiche is not None and LIST_PREFIX + fiche.genre == sujet
    return told == sujet or is_member or base.are_neighbours(told, sujet)
