"""What a follow-up is about, from its readings together."""

from __future__ import annotations

from collections import Counter

import pytest

from components.pooling import FollowUp, rank_subjects
from knowledge.content import shared_base

SURE = Counter({"caf": 0.95})


def follow_up(text, alone, *, whole=SURE, rest=None, is_one=True):
    """A message after the CAF was told."""
    return FollowUp(text, "caf", is_one, Counter(alone), Counter(whole), None if rest is None else Counter(rest))


@pytest.mark.parametrize(
    ("message", "first"),
    [
        pytest.param(follow_up("ça existe encore ?", {}), "caf", id="rien d’autre"),
        pytest.param(
            follow_up("qui vient au Perroy ?", {"list_quartier": 0.6}, whole={"caf": 0.5, "list_quartier": 0.3}),
            "list_quartier", id="les deux lectures",
        ),
        pytest.param(follow_up("des aides ?", {"aides_et_avantages": 0.9}), "aides_et_avantages", id="sûr à lui seul"),
        pytest.param(follow_up("elle paie quoi ?", {"aides_et_avantages": 0.3}), "caf", id="elle"),
        pytest.param(
            follow_up("et l’école ?", {}, rest={"education": 0.6}, whole={"caf": 0.8, "education": 0.05}), "education",
            id="ce qui suit et",
        ),
    ],
)  # fmt: skip
def test_the_likeliest_subject_comes_first(message, first):
    assert rank_subjects(message, shared_base())[0][0] == first


def test_chances_add_up_to_one():
    ranked = rank_subjects(follow_up("des aides ?", {"aides_et_avantages": 0.5, "emploi": 0.2}), shared_base())
    assert sum(chance for _, chance in ranked) == pytest.approx(1.0)
    assert [chance for _, chance in ranked] == sorted((chance for _, chance in ranked), reverse=True)


def test_a_pronoun_that_stands_for_somebody_else_is_no_sign():
    messages = (follow_up("elle y gagne ?", {"aides_et_avantages": 0.3}, is_one=is_one) for is_one in (True, False))
    about_it, about_her = (dict(rank_subjects(message, shared_base()))["caf"] for message in messages)
    assert about_it > about_her
