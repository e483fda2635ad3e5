"""What a message that leans on another is about, from all of its readings at once.

Alone, « et des travaux ? » says little; with the name of the subject before it, it is nearly always that very subject.
Neither is believed: each subject is weighed by what both give it, and by what the words say about coming back to the
one that was told.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from knowledge.base import KnowledgeBase
from knowledge.intents import OFF_TOPIC
from knowledge.reference import count_own_words, has_no_subject, is_some_of_it, points_back, stands_for_a_name

# What one may ask about any subject.
ASKED_OF_ANYTHING = frozenset(
    {
        "aides_et_avantages", "actions_menees", "contacter_service", "list_partenaire", "rejoindre_conseil_citoyen",
        "verifier_adresse",
    }
)  # fmt: skip
# Fitted on follow-ups of which one knows what they were about (decisions 45 and 48): a logistic regression over
# subjects.
WEIGHTS = {
    "alone": 0.4, "sure_alone": 0.9, "whole": 0.5, "off_topic": -0.3, "off_topic_going_on": -2.2, "near": 1.1,
    "asked_of_anything": 0.4, "back_by_name": 0.9, "back_going_on": -1.2, "back_own_words": -0.4,
    "back_some_of_it": -0.2, "back_asks_more": 0.4, "back_may_ask_more": 0.2, "back_asks_again": 2.6,
    "back_has_no_subject": 0.9, "back_points": 0.5,
}  # fmt: skip
# Shares below it are not told apart, and no share counts for more than the last one.
LEAST_ALONE, LEAST_WHOLE, MOST_ALONE = 0.01, 0.0005, 0.95
CANDIDATES, LEAST_CANDIDATE = 4, 0.02

Shares = Counter[str]


@dataclass(frozen=True)
class FollowUp:
    """A message after `slug` was told: the share of each subject alone, with its name, and in what follows « et ».

    `is_one`: whether its pronoun may stand for that subject. `more`, `again`: how likely it asks more of what was told,
    or to hear it again.
    """

    text: str
    slug: str
    is_one: bool
    alone: Shares
    whole: Shares
    rest: Shares | None
    more: float = 0.0
    again: float = 0.0


def rank_subjects(message: FollowUp, base: KnowledgeBase) -> list[tuple[str, float]]:
    """Each subject that a message may be about with its chance, 0..1, the likeliest first."""
    readings = (message.alone, message.whole, message.rest or Counter())
    found = {name for shares in readings for name, share in shares.most_common(CANDIDATES) if share >= LEAST_CANDIDATE}
    scores = {subject: _score(subject, message, base) for subject in sorted(found | {message.slug})}
    most = max(scores.values())
    weights = {subject: math.exp(score - most) for subject, score in scores.items()}
    total = sum(weights.values())
    return sorted(((subject, weight / total) for subject, weight in weights.items()), key=lambda item: -item[1])


def _score(subject: str, message: FollowUp, base: KnowledgeBase) -> float:
    comes_back = subject == message.slug
    found = _signs_of_coming_back(message) if comes_back else _signs_of_another(subject, message, base)
    said = (message.rest or message.alone)[subject]
    found |= {"alone": math.log(min(said, 1.0) + LEAST_ALONE), "asked_of_anything": float(subject in ASKED_OF_ANYTHING)}
    return sum(WEIGHTS[name] * value for name, value in found.items())


def _signs_of_another(subject: str, message: FollowUp, base: KnowledgeBase) -> dict[str, float]:
    said = (message.rest or message.alone)[subject]
    is_off_topic = subject == OFF_TOPIC
    return {
        "sure_alone": -math.log(1 - min(MOST_ALONE, said)),
        "whole": math.log(min(message.whole[subject], 1.0) + LEAST_WHOLE),
        "off_topic": float(is_off_topic),
        "off_topic_going_on": float(is_off_topic and message.rest is not None),
        "near": float(base.are_neighbours(subject, message.slug)),
    }


def _signs_of_coming_back(message: FollowUp) -> dict[str, float]:
    """The name that was added always points to itself: what it gives is no sign."""
    return {
        "back_by_name": float(stands_for_a_name(message.text) and message.is_one),
        "back_going_on": float(message.rest is not None),
        "back_own_words": math.log(1 + count_own_words(message.text)),
        "back_some_of_it": float(is_some_of_it(message.text)),
        "back_asks_more": message.more,
        "back_may_ask_more": math.log(message.more + LEAST_ALONE),
        "back_asks_again": message.again,
        "back_has_no_subject": float(has_no_subject(message.text)),
        "back_points": float(points_back(message.text)),
    }
