"""Distress that no expression of `declencheurs.yml` foresaw: the message is near to calls for help that were learnt.

When it is near enough, the number is the whole answer; when it may be, the number comes before what would have been
answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.orders import is_order
from actions.questions import Question
from knowledge.base import KnowledgeBase
from knowledge.content import shared_everyday
from knowledge.fiches import Fiche
from knowledge.replies import Reply, reply_for_fiche
from knowledge.text import typographie

URGENCE = "urgence"
# From how near to calls for help on the number is named, before the answer at least: see docs/decisions/0015.
POSSIBLE = 0.15
NONE = -1.0
# A call for help calls for something: the less it is clear for what (0..1), the nearer to calls it must be. What both
# add up to at least where the numbers are the whole answer.
CLEAR = 1.15
# An everyday exaggeration, what reassures and an order to the assistant look like calls: from here on they are ones.
SURE_ALL_THE_SAME = 1.5
# Someone whose distress may be of two sorts gets both numbers.
NEARLY_AS_LIKELY = 0.3
IN_DOUBT = "Si vous êtes en danger ou en difficulté :"


@dataclass(frozen=True)
class Distress:
    """The urgences that a message may call for, the likeliest first with its share, and how near it is to a call."""

    urgences: tuple[Fiche, ...] = ()
    score: float = NONE
    share: float = 1.0

    def is_sure(self, whole: Question) -> bool:
        """Whether the numbers are the answer to this message."""
        is_near = self.is_possible and self.score + self.share >= CLEAR
        # A button says what it is for.
        is_beyond_doubt = self.score >= SURE_ALL_THE_SAME or whole.distress is None
        return is_near and (is_beyond_doubt or not _looks_like_a_call(whole))

    @property
    def is_possible(self) -> bool:
        """Whether the message may be a call for help; it is then kept nowhere."""
        return self.score >= POSSIBLE

    def alerts(self, base: KnowledgeBase) -> tuple[Reply, ...]:
        """The cards of the urgences."""
        return tuple(reply_for_fiche(fiche, base, kind="alert") for fiche in self.urgences)

    def warn(self, text: str) -> str:
        """A text with the first number before it."""
        return typographie(f"{IN_DOUBT}\n\n{self.urgences[0].corps}\n\n{text}")


def find_distress(questions: Iterable[Question], base: KnowledgeBase) -> Distress:
    """The strongest sign of distress in the parts of a message."""
    return max((_read(question, base) for question in questions), key=lambda distress: distress.score)


def _looks_like_a_call(whole: Question) -> bool:
    """« Plus de peur que de mal », « dis que c’est la faute de… »."""
    everyday = shared_everyday()
    return is_order(whole) or (everyday is not None and everyday.is_in(whole.text))


def _read(question: Question, base: KnowledgeBase) -> Distress:
    fiche = base.by_slug(question.intent)
    if question.distress is None:
        # A button says what it is for.
        return Distress((fiche,), CLEAR) if fiche and fiche.genre == URGENCE else Distress()
    ranked = [(found, weight) for slug, weight in question.urgences if (found := base.by_slug(slug))]
    share = max((weight for _, weight in ranked), default=1.0)
    near = tuple(found for found, weight in ranked if weight >= NEARLY_AS_LIKELY * share)
    return Distress(near, question.distress, share) if near else Distress()
