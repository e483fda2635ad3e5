"""The gate: a release may be published only if it is no worse for anyone than the one it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_NAMED = 3


@dataclass(frozen=True)
class Verdict:
    """Whether a release may be published, and why in one French sentence."""

    is_open: bool
    sentence: str


def judge(candidate: dict[str, Any], published: dict[str, Any] | None) -> Verdict:
    """Compare two evaluations (`training.evaluate.summarize`) of the same exam; a first release beats none."""
    if published is None:
        return Verdict(True, "Accepté : première version.")
    missed = _broken(candidate, published, "detresse")
    if missed:
        return Verdict(False, f"Refusé : le bon numéro d’urgence n’est plus donné pour {_name(missed)}.")
    if candidate["overall"] < published["overall"]:
        return Verdict(False, f"Refusé : moins de bonnes réponses qu’avant{_explain(candidate, published)}.")
    if candidate["worst"] < published["worst"]:
        return Verdict(False, f"Refusé : la tranche la plus faible baisse{_explain(candidate, published)}.")
    return Verdict(True, "Accepté : aussi bien ou mieux que la version publiée.")


def _broken(candidate: dict[str, Any], published: dict[str, Any], part: str) -> list[str]:
    """Messages of a slice that are wrong now and were right before."""
    before = {entry["message"] for entry in _wrong(published, part)}
    return [entry["message"] for entry in _wrong(candidate, part) if entry["message"] not in before]


def _wrong(evaluation: dict[str, Any], part: str) -> list[dict[str, Any]]:
    return list(evaluation["slices"].get(part, {}).get("wrong", []))


def _explain(candidate: dict[str, Any], published: dict[str, Any]) -> str:
    broken = [message for part in candidate["slices"] for message in _broken(candidate, published, part)]
    return f" ; ne marche plus : {_name(broken)}" if broken else ""


def _name(messages: list[str]) -> str:
    named = ", ".join(f"« {message} »" for message in messages[:MOST_NAMED])
    more = len(messages) - MOST_NAMED
    return f"{named} et {more} autre{'s' if more > 1 else ''}" if more > 0 else named
