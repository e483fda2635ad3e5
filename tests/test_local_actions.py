"""Rasa's action server as a function call: same answers, same refusals."""

import json

import pytest
from rasa.utils.endpoints import ClientResponseError

from worker.local_actions import LocalActions


@pytest.fixture(scope="module")
def actions():
    return LocalActions()


def call(action, intent="caf", **slots):
    """What Rasa sends to an action server."""
    message = {"text": "", "intent": {"name": intent}, "entities": []}
    tracker = {
        "sender_id": "essai",
        "slots": {"contexte": None, "offre": None, **slots},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "sender_id": "essai", "tracker": tracker}


async def test_it_runs_the_action_and_gives_its_events_and_responses(actions):
    result = await actions.request(json=call("action_answer"))
    assert [event["name"] for event in result["events"]] == ["contexte", "offre"]
    assert [response["subject"] for response in result["responses"]] == ["caf"]


async def test_what_it_gives_can_be_stored(actions):
    result = await actions.request(json=call("action_answer"))
    contexte = json.loads(json.dumps(result))["events"][0]["value"]
    assert contexte == {"sujets": ["caf"], "genre": "partenaire", "montres": [], "avant": []}


async def test_an_unknown_action_is_refused_as_by_an_action_server(actions):
    with pytest.raises(ClientResponseError) as refused:
        await actions.request(json=call("action_nowhere"))
    assert refused.value.status == 404
    assert json.loads(refused.value.text)["action_name"] == "action_nowhere"


async def test_it_needs_no_domain_with_each_call(actions):
    assert "domain" not in call("action_answer")
    assert (await actions.request(json=call("action_suggest_subjects", "dont_know")))["responses"]
