"""Distress that no expression of `declencheurs.yml` foresaw, and that the classifier recognises.

What counts is how sure it is that a message calls for one of the urgences, whichever. When it is, the number is the
whole answer; when it may be, the number comes before what would have been answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.questions import Question
from knowledge.base import KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.replies import Reply, reply_for_fiche
from knowledge.text import typographie

URGENCE = "urgence"
# Weights of the urgences together, from which they are the answer, or are named before the answer. See
# docs/decisions/0007: at these, one hard negative in a hundred is an alert, and one in eight sees a number first.
SURE = 0.9
POSSIBLE = 0.5
# Someone whose distress may be of two sorts gets both numbers.
NEARLY_AS_LIKELY = 0.5
IN_DOUBT = "Si vous êtes en danger ou en difficulté :"


@dataclass(frozen=True)
class Distress:
    """The urgences that a message may call for, the likeliest first, and how likely one of them is (0..1)."""

    urgences: tuple[Fiche, ...] = ()
    weight: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the numbers are the answer."""
        return self.weight >= SURE

    @property
    def is_possible(self) -> bool:
        """Whether the message may be a call for help; it is then kept nowhere."""
        return self.weight >= POSSIBLE

    def alerts(self, base: KnowledgeBase) -> tuple[Reply, ...]:
        """The cards of the urgences."""
        return tuple(reply_for_fiche(fiche, base, kind="alert") for fiche in self.urgences)

    def warn(self, text: str) -> str:
        """A text with the first number before it."""
        return typographie(f"{IN_DOUBT}\n\n{self.urgences[0].corps}\n\n{text}")


def find_distress(questions: Iterable[Question], base: KnowledgeBase) -> Distress:
    """The strongest sign of distress in the parts of a message."""
    return max((_weigh(question, base) for question in questions), key=lambda distress: distress.weight)


def _weigh(question: Question, base: KnowledgeBase) -> Distress:
    # A button has no other candidate than its own intent.
    weights = dict(zip(question.ranking, question.weights, strict=False)) or {question.intent: 1.0}
    urgences = [fiche for slug in weights if (fiche := base.by_slug(slug)) and fiche.genre == URGENCE]
    if not urgences:
        return Distress()
    urgences.sort(key=lambda fiche: -weights[fiche.slug])
    enough = NEARLY_AS_LIKELY * weights[urgences[0].slug]
    near = tuple(fiche for fiche in urgences[:2] if weights[fiche.slug] >= enough)
    return Distress(near, sum(weights[fiche.slug] for fiche in urgences))
