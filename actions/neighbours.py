"""Two subjects that could both be meant, and whose answers go together."""

from __future__ import annotations

from collections.abc import Iterable

from actions.questions import Question
from knowledge.base import KnowledgeBase
from knowledge.intents import OFF_TOPIC

# The second subject is that much likelier than the third.
LEAD = 2


def find_neighbours(question: Question, base: KnowledgeBase, share: float) -> tuple[str, ...]:
    """The two likeliest subjects where they rest on the same sentence of the page: both are told, none is asked.

    `share`: the least that the classifier gives to the second one. Empty when something else is as likely, or when the
    message may not be for us at all.
    """
    first, second, *rest = (*question.ranking, "", "")
    is_ours = OFF_TOPIC not in (first, second, *rest[:1])
    shares = (*question.weights, 0.0, 0.0, 0.0)
    is_clear = shares[1] >= share and shares[1] >= LEAD * shares[2]
    return (first, second) if is_ours and is_clear and base.are_neighbours(first, second) else ()


def is_same_theme(sujets: Iterable[str], base: KnowledgeBase) -> bool:
    """Whether they are a domaine and the axe that its answer holds already."""
    return {fiche.genre for sujet in sujets if (fiche := base.by_slug(sujet))} == {"domaine", "axe"}
