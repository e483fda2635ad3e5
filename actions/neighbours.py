"""What is told when the classifier is not sure: two subjects whose answers go together, or the likelier of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.detresse import URGENCE
from actions.questions import Question
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.intents import OFF_TOPIC, REACTION
from knowledge.reference import asks
from knowledge.text import normalize

# The second subject is that much likelier than the third.
LEAD = 2
# From this confidence on, half of the answers or more are the right ones: one is told, as a guess that says so.
LIKELY = 0.45
MAYBE_NOT_OURS = 0.15
# A guess says that it is one, and shows what else was meant: it may be told a little nearer to off-topic. From there
# on, one is told that it may be none of ours, with what is near as buttons.
GUESS_NOT_OURS = 0.2
SECOND_LIKELY = 0.1
# What is said in passing, and calls for no more than a word.
CHAT = frozenset({"greet", "thank", "goodbye", "affirm", REACTION})
# What is said against it is too, where nothing is asked.
COMPLAINT = frozenset({"deny", "insult"})
TALK = CHAT | COMPLAINT
# What is said to a machine, or asked about people, is no question to guess at.
ORDER = re.compile(
    r"\b(?:ignor\w+|oublie\w*|instructions?|consignes?|prompt|systeme|admin\w*|mot de passe|imagine\w*|fai[st] comme|"
    r"(?:dis|dites|repete\w*|repond\w*|affirme\w*|ecri\w+|confirme\w*) (?:moi )?(?:que|seulement|juste)|"
    r"tu es (?:maintenant|un|une)|a partir de maintenant|"
    r"(?:noms?|numeros?|adresses?|telephones?|mails?|dossiers?) (?:de|des|d) "
    r"(?:m|mme|madame|monsieur|mon|ma|mes|habitants?))\b"
)
CODE = re.compile(r"[<>{}\\]|--|^\s*/|;\s*\w+ ")


def find_neighbours(question: Question, base: KnowledgeBase, share: float) -> tuple[str, ...]:
    """The two likeliest subjects where they rest on the same sentence of the page: both are told, none is asked.

    `share`: the least that the classifier gives to the second one. Empty when something else is as likely, or when the
    message may not be for us at all.
    """
    first, second, *_ = (*question.ranking, "", "")
    shares = (*question.weights, 0.0, 0.0, 0.0)
    is_clear = shares[1] >= share and shares[1] >= LEAD * shares[2]
    is_ours = OFF_TOPIC not in (first, second) and is_likely_ours(question)
    return (first, second) if is_ours and is_clear and base.are_neighbours(first, second) else ()


def is_likely_ours(question: Question) -> bool:
    """Whether a message has little to do with what is off-topic."""
    return share_of_off_topic(question) < MAYBE_NOT_OURS


def share_of_off_topic(question: Question) -> float:
    """What the classifier gives to off-topic, 0..1."""
    return dict(zip(question.ranking, question.weights, strict=False)).get(OFF_TOPIC, 0.0)


def is_likely_chat(question: Question) -> bool:
    """Whether a message asks nothing, most likely: « ok ok je vois le truc », « bon courage »."""
    talk = CHAT if asks(question.reading) else TALK
    shares = zip(question.ranking, question.weights, strict=False)
    is_likely = sum(share for name, share in shares if name in talk) >= LIKELY
    return {*question.ranking[:1]} <= talk and is_likely and is_likely_ours(question)


def is_likely_complaint(question: Question) -> bool:
    """Whether a message that asks nothing is rather against what was said: « ça ne m’aide pas »."""
    return {*question.ranking[:1]} <= COMPLAINT


def find_guess(question: Question, base: KnowledgeBase) -> str | None:
    """The likeliest subject, where it is likely enough to be told as what was probably meant; never an urgence."""
    if not question.weights or question.weights[0] < LIKELY or share_of_off_topic(question) >= GUESS_NOT_OURS:
        return None
    if ORDER.search(normalize(question.reading)) or CODE.search(question.text):
        return None
    # « Les trois objectifs ? » has the look of a rank and holds none.
    has_no_subject = question.ranking[0].startswith("ask_") and question.weights[1:] > (SECOND_LIKELY,)
    first = question.ranking[1 if has_no_subject else 0]
    fiche = base.by_slug(first)
    is_subject = first.startswith(LIST_PREFIX) or (fiche is not None and fiche.genre != URGENCE)
    return first if is_subject and base.name_of(first) else None


def is_same_theme(sujets: Iterable[str], base: KnowledgeBase) -> bool:
    """Whether they are a domaine and the axe that its answer holds already."""
    return {fiche.genre for sujet in sujets if (fiche := base.by_slug(sujet))} == {"domaine", "axe"}
