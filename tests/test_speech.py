"""The language that replies are given in."""

import pytest
from rasa_sdk import Tracker

from actions.speech import explain_language, language_of
from knowledge.replies import Reply

FRENCH = Reply("answer", "La CAF signe.")
POLISH = Reply("answer", "CAF podpisuje.", lang="pl")


def user(language):
    return {"event": "user", "parse_data": {"language": language} if language else {}}


def tracker(message, *events):
    return Tracker("essai", {}, message, list(events), False, None, {}, None)


@pytest.mark.parametrize(
    ("message", "events", "language"),
    [
        pytest.param({"language": "pl"}, [user("en"), user("pl")], "pl", id="typed"),
        pytest.param({}, [user("pl"), {"event": "bot"}, user(None)], "pl", id="a-button-after-polish"),
        pytest.param({}, [user("pl"), user("fr"), user(None)], "fr", id="a-button-after-french"),
        pytest.param({}, [user(None)], "fr", id="a-button-and-nothing-else"),
        pytest.param({}, [{"event": "user", "parse_data": None}], "fr", id="no-parse-data"),
    ],
)
def test_it_is_that_of_what_was_typed_last(message, events, language):
    assert language_of(tracker(message, *events)) == language


@pytest.mark.parametrize(
    ("replies", "language", "langs"),
    [
        pytest.param([FRENCH], "fr", ["fr"], id="french"),
        pytest.param([FRENCH, FRENCH], "pl", ["fr", "fr", "pl"], id="one-sentence-for-all"),
        pytest.param([POLISH], "pl", ["pl"], id="translated"),
        pytest.param([POLISH, FRENCH], "pl", ["pl", "fr", "pl"], id="half-translated"),
    ],
)
def test_one_sentence_explains_what_is_in_french(replies, language, langs):
    assert [reply.lang for reply in explain_language(replies, language)] == langs
