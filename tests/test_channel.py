import pytest

from worker.channel import TurnChannel

REPLY = {"kind": "answer", "text": "La CAF", "simple": None, "lang": "fr", "choices": [], "sources": [], "fields": []}
REQUEST = {"kind": "message", "code": "ABCD-EFGH", "fields": {}}


async def send(*messages):
    channel = TurnChannel()
    for message in messages:
        await channel.send_response("session", message)
    return channel


async def test_it_keeps_the_whole_reply_of_an_action():
    channel = await send({"text": "La CAF", "reply": REPLY, "subject": "caf"})
    assert channel.replies == [REPLY | {"subject": "caf"}]
    assert (channel.subjects, channel.request) == (["caf"], None)


async def test_a_plain_response_becomes_small_talk():
    channel = await send({"text": "Bonjour !", "buttons": [{"title": "La CAF", "payload": "/caf"}]})
    assert channel.replies == [
        {
            "kind": "smalltalk",
            "text": "Bonjour\u202f!",
            "simple": None,
            "lang": "fr",
            "choices": [{"label": "La CAF", "payload": "/caf"}],
            "sources": [],
            "fields": [],
            "subject": None,
        }
    ]
    assert channel.subjects == []


async def test_replies_come_in_order_with_their_subjects():
    channel = await send(
        {"text": "un", "reply": REPLY, "subject": "a"}, {"text": "deux"}, {"text": "trois", "subject": "b"}
    )
    assert [reply["text"] for reply in channel.replies] == ["La CAF", "deux", "trois"]
    assert channel.subjects == ["a", "b"]


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([{"text": "reçu", "request": REQUEST}], id="with-its-reply"),
        pytest.param([{"text": "reçu", "request": REQUEST}, {"text": "autre chose"}], id="before-another-reply"),
    ],
)
async def test_it_keeps_a_finished_request(messages):
    assert (await send(*messages)).request == REQUEST


async def test_a_message_that_says_nothing_is_no_reply():
    assert (await send({"text": None}, {"custom": {}})).replies == []


@pytest.mark.parametrize(
    ("messages", "is_private"),
    [
        pytest.param([{"text": "La CAF", "reply": REPLY}], False, id="an-answer"),
        pytest.param([{"text": "3114", "reply": REPLY | {"kind": "alert"}}, {"text": "autre"}], True, id="an-alert"),
        pytest.param([{"text": "3114 ?", "reply": REPLY, "private": True}], True, id="said-to-be-private"),
    ],
)
async def test_it_tells_a_message_of_which_nothing_may_be_kept(messages, is_private):
    assert (await send(*messages)).is_private is is_private
