"""The record of a request and its follow-up code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.join_form import JOIN
from actions.message_form import MESSAGE
from actions.requests import Demande, inform, make_record, new_code, summarize

VALUES = {
    "join__profil": "association",
    "join__quartier": "autre quartier",
    "join__nom": "Zoé",
    "join__contact": "+33612345678",
    "join__accord": True,
}


def test_a_code_can_be_read_out_and_not_guessed() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", code) for code in codes)
    assert not set("".join(codes)) & set("0O1IL2Z5S8B")


def test_a_record_holds_what_was_agreed_to_and_nothing_else() -> None:
    assert make_record(JOIN, VALUES, "CDFG-HJKM") == {
        "kind": "join",
        "code": "CDFG-HJKM",
        "fields": {
            "profil": "association",
            "quartier": "autre quartier",
            "nom": "Zoé",
            "contact": "+33612345678",
        },
    }


def test_a_request_without_consent_is_not_complete() -> None:
    assert JOIN.is_complete(VALUES)
    assert not JOIN.is_complete(VALUES | {"join__accord": None})
    assert not JOIN.is_complete(VALUES | {"join__accord": "oui"})
    assert not JOIN.is_complete(VALUES | {"join__nom": None})


def test_a_summary_shows_a_number_as_people_read_it() -> None:
    assert "06 12 34 56 78" in summarize(JOIN, VALUES)


def test_a_message_stays_on_one_line_of_the_summary() -> None:
    values = {"message__texte": "un\n\n- deux", "message__nom": "Zoé", "message__contact": "a@b.fr"}
    assert summarize(MESSAGE, values).splitlines()[0].endswith("«\u202fun - deux\u202f»")


def test_a_summary_shows_words_as_they_were_typed() -> None:
    values = {"message__texte": 'l\'"abri" est sale !', "message__nom": "Zoé", "message__contact": "a@b.fr"}
    assert 'l\'"abri" est sale !' in summarize(MESSAGE, values)


def test_a_request_finds_what_is_named() -> None:
    assert JOIN.champ_named("je veux changer mon téléphone") is JOIN.champ("join__contact")
    assert JOIN.champ_named("le prénom") is JOIN.champ("join__nom")
    assert JOIN.champ_named("le numérique") is None


def test_a_button_answers_for_a_slot() -> None:
    choice = inform("Habitante ou habitant", "join__profil", "habitant")
    assert choice.payload == '/inform{"champ": "join__profil", "valeur": "habitant"}'


@pytest.mark.parametrize("demande", [JOIN, MESSAGE], ids=["join", "message"])
def test_the_domain_and_the_actions_know_the_same_slots(demande: Demande) -> None:
    domain = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))
    executor = ActionExecutor()
    executor.register_package("actions")
    asked = [*(champ.slot for champ in demande.champs), demande.accord]
    names = {f"action_ask_{slot}" for slot in (*asked, demande.correction)}
    names |= {f"validate_{demande.form}", f"action_submit_{demande.kind}"}
    assert domain["forms"][demande.form]["required_slots"] == asked
    assert set(demande.slots) <= set(domain["slots"])
    assert names <= set(domain["actions"])
    assert names <= set(executor.actions)
