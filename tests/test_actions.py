"""The custom actions, and that domain, rules and actions agree on their names."""

from pathlib import Path

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from components.fiche_importer import ANSWER_ACTION
from knowledge.content import shared_base
from knowledge.replies import Reply

PROJECT = Path(__file__).parent.parent
DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
CONFIG = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))
RULES = yaml.safe_load((PROJECT / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
STEPS = [step for rule in RULES for step in rule["steps"]]


@pytest.fixture(scope="module")
def actions():
    """Name → action, as the worker registers them."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor.actions


def domain_intents():
    return {intent if isinstance(intent, str) else next(iter(intent)) for intent in DOMAIN["intents"]}


def fallback_actions():
    return {policy[key] for policy in CONFIG["policies"] for key in policy if key.endswith("fallback_action_name")}


def actions_of_forms():
    """The names that Rasa calls for the forms: one for each slot, one that validates."""
    asking = {f"action_ask_{slot}" for slot in DOMAIN["slots"]}
    return asking | {f"validate_{form}" for form in DOMAIN["forms"]}


def test_a_class_bears_the_name_of_its_action(actions):
    for name, action in actions.items():
        assert type(action.__self__).__name__ == "".join(word.capitalize() for word in name.split("_"))


def test_the_domain_lists_the_actions_that_exist(actions):
    assert sorted(DOMAIN["actions"]) == sorted(set(actions) - {ANSWER_ACTION})


def test_every_action_is_called_by_someone(actions):
    called = {step["action"] for step in STEPS if "action" in step} | fallback_actions() | actions_of_forms()
    assert set(actions) - called == set()


def test_every_response_is_said_by_a_rule():
    assert set(DOMAIN["responses"]) - {step.get("action") for step in STEPS} == set()


def test_every_rule_does_what_exists(actions):
    done = {step["action"] for step in STEPS if "action" in step}
    assert done <= set(actions) | set(DOMAIN["responses"]) | set(DOMAIN["forms"])


def test_every_slot_of_a_form_can_be_asked_for(actions):
    for form, settings in DOMAIN["forms"].items():
        assert settings["required_slots"]
        assert {f"action_ask_{slot}" for slot in settings["required_slots"]} <= set(actions), form


def test_every_intent_has_a_rule_and_every_rule_an_intent():
    assert domain_intents() == {step["intent"] for step in STEPS if "intent" in step}


def test_every_intent_can_be_understood_or_is_set_by_the_pipeline_or_a_button():
    written = {
        entry["intent"]
        for path in (PROJECT / "data" / "nlu").glob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    }
    assert domain_intents() - written == {"nlu_unsure", "nlu_fallback", "inform"}
    assert written <= domain_intents()


def run(actions, name, message, **slots):
    """Run an action on a message, given as Rasa's parse of it; what it says and the slots it sets."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("essai", {"contexte": None, "offre": None, **slots}, message, [], False, None, {}, None)
    return dispatcher.messages, actions[name](dispatcher, tracker, {})


def understood(text, intent):
    part = {"text": text, "intent": intent, "ranking": [], "entities": []}
    return {"text": text, "intent": {"name": intent}, "entities": [], "questions": [part], "whole": part}


def test_it_answers_and_remembers_what_about(actions):
    messages, events = run(actions, "action_answer", understood("quels sont les axes ?", "list_axe"))
    assert [message["subject"] for message in messages] == ["list_axe"]
    assert {event["name"]: event["value"] for event in events} == {
        "contexte": {"sujets": ("list_axe",), "genre": "axe", "montres": (), "avant": ()},
        "offre": None,
    }


def test_it_goes_on_from_what_it_remembers(actions):
    contexte = {"sujets": ["list_axe"], "genre": "axe"}
    messages, _ = run(actions, "action_answer", understood("le cinquième", "ask_ordinal"), contexte=contexte)
    assert [message["subject"] for message in messages] == ["axe_05_sante"]


def test_it_answers_a_button_which_did_not_go_through_the_pipeline(actions):
    messages, _ = run(actions, "action_answer", {"text": "/caf", "intent": {"name": "caf"}, "entities": []})
    assert [message["subject"] for message in messages] == ["caf"]


def test_a_reply_leaves_whole_for_the_worker_and_plain_for_other_channels(actions):
    (message,), _ = run(actions, "action_answer", understood("", "rejoindre_conseil_citoyen"))
    reply = Reply.from_dict(message["reply"])
    assert message["text"] == reply.text
    assert message["buttons"] == [{"title": choice.label, "payload": choice.payload} for choice in reply.choices]
    assert len(message["buttons"]) == 1
    assert reply.sources


def test_it_offers_what_can_be_done_next(actions):
    _, events = run(actions, "action_answer", understood("", "rejoindre_conseil_citoyen"))
    assert {"event": "slot", "timestamp": None, "name": "offre", "value": "join"} in events


def test_it_proposes_subjects_and_keeps_the_context(actions):
    contexte = {"sujets": ["caf"], "genre": "partenaire"}
    (message,), events = run(actions, "action_suggest_subjects", understood("?", "dont_know"), contexte=contexte)
    assert len(message["buttons"]) == 3
    assert events[0]["value"] == {
        "sujets": ("caf",),
        "genre": "partenaire",
        "montres": ("list_quartier", "conseil_citoyen", "list_domaine"),
        "avant": (),
    }


def test_a_yes_takes_the_only_subject_that_was_offered(actions):
    contexte = {"sujets": ["caf"], "genre": "partenaire", "montres": ["conseil_citoyen"]}
    messages, events = run(actions, "action_confirm", understood("oui", "affirm"), contexte=contexte)
    assert [message["subject"] for message in messages] == ["conseil_citoyen"]
    assert events[0]["value"]["avant"] == ("caf",)


def test_a_yes_to_several_subjects_is_asked_which(actions):
    contexte = {"sujets": [], "genre": None, "montres": ["sante", "axe_05_sante"]}
    (message,), _ = run(actions, "action_confirm", understood("oui", "affirm"), contexte=contexte)
    assert [button["payload"] for button in message["buttons"]] == ["/sante", "/axe_05_sante"]


def test_a_yes_to_nothing_is_a_word(actions):
    (message,), events = run(actions, "action_confirm", understood("oui", "affirm"), contexte={"sujets": ["caf"]})
    assert message["response"] == "utter_nothing_to_confirm"
    assert events == []


def test_what_nobody_foresaw_is_proposed_subjects_and_forgotten(actions):
    (message,), events = run(actions, "action_default_fallback", understood("?", "deny"))
    assert message["reply"]["kind"] == "clarify"
    assert [event["event"] for event in events] == ["rewind"]


def test_every_button_of_a_subject_names_an_intent(actions):
    intents = domain_intents() | set(shared_base().fiches) | {f"list_{genre}" for genre in shared_base().genres}
    for slug in shared_base().fiches:
        messages, _ = run(actions, "action_answer", understood("", slug))
        for button in (button for message in messages for button in message["buttons"]):
            assert button["payload"].removeprefix("/").split("{")[0] in intents
