"""Rasa's REST channel: its shapes, its buttons, and nobody in anybody else's conversation."""

from typing import Any

import pytest
from gateway_case import DISTRESS, Gateway, StartGateway

from gateway import texts
from gateway.sessions import SessionKeeper

pytest_plugins = ["gateway_fixtures"]

HOOK = "/webhooks/rest/webhook"
TOWN = "https://www.ville.example"
XML, JSON = {"Content-Type": "text/xml"}, {"Content-Type": "application/json"}


@pytest.fixture
async def channel(start_gateway: StartGateway) -> Gateway:
    """A gateway with the channel open."""
    return await start_gateway(rest_channel=True)


async def send(gateway: Gateway, sender: Any, message: Any, status: int = 200) -> Any:
    """Post to the channel, expecting a status."""
    async with gateway.client.post(HOOK, json={"sender": sender, "message": message}) as response:
        answer = await response.json()
        assert response.status == status, answer
        return answer


@pytest.mark.parametrize(("method", "path"), [("GET", "/webhooks/rest/"), ("POST", HOOK)], ids=["status", "webhook"])
async def test_it_is_closed_by_default(gateway: Gateway, method: str, path: str) -> None:
    body = {"json": {"sender": "a", "message": "bonjour"}} if method == "POST" else {}
    async with gateway.client.request(method, path, **body) as response:
        assert response.status == 404
        assert (await response.json())["error"]["message"] == texts.ERRORS["not_found"]
    assert gateway.seen("turn") == []


async def test_it_says_that_it_is_open(channel: Gateway) -> None:
    async with channel.client.get("/webhooks/rest/") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_a_message_is_answered_in_rasas_shape(channel: Gateway) -> None:
    assert await send(channel, "zoé", "bonjour") == [{"recipient_id": "zoé", "text": "écho : bonjour"}]
    assert [message["text"] for message in await send(channel, "zoé", "plusieurs")] == ["un", "deux"]


async def test_an_answer_says_where_it_comes_from(channel: Gateway) -> None:
    [message] = await send(channel, "zoé", "riche")
    said, *sources = message["text"].split("\n\n")[-3:]
    assert said == "- un\n- deux"
    assert sources[0].startswith("Source")
    assert "Page de la Ville (vérifié le 1er novembre 2026)" in sources[0]
    assert f"[Service public](https://www.service-public.fr/) ({texts.COMPLEMENT}, vérifié" in sources[1]


async def test_the_conversation_of_a_sender_goes_on(channel: Gateway) -> None:
    await send(channel, "zoé", "un")
    await send(channel, "zoé", "deux")
    await send(channel, "ali", "trois")
    first, second, other = [turn["session"] for turn in channel.seen("turn")]
    assert first == second != other


async def test_a_button_works_in_its_own_conversation_only(channel: Gateway) -> None:
    [message] = await send(channel, "zoé", "riche")
    assert [button["title"] for button in message["buttons"]] == ["Le contrat de ville", "Les partenaires"]
    payload = message["buttons"][0]["payload"]
    assert "contrat" not in payload
    [other] = await send(channel, "ali", payload)
    assert other["text"] == f"écho : {payload}"
    [own] = await send(channel, "zoé", payload)
    assert own["text"] == "Vous avez choisi /contrat_de_ville"


@pytest.mark.parametrize("message", ["/restart", '/inform{"champ": "nom"}', "/contrat_de_ville", "EXTERNAL: /x"])
async def test_what_looks_like_a_payload_is_text(channel: Gateway, message: str) -> None:
    assert (await send(channel, "zoé", message))[0]["text"] == f"écho : {message}"
    assert "payload" not in channel.seen("turn")[0]


async def test_nothing_tells_who_the_sender_is(channel: Gateway) -> None:
    await send(channel, "zygomatique@ville.example", "bonjour")
    assert b"zygomatique" not in channel.bytes_on_disk()
    assert "zygomatique" not in channel.journal.read_text()


async def test_a_senders_name_opens_nothing_elsewhere(channel: Gateway) -> None:
    await send(channel, "zoe", "bonjour")
    for token in ("zoe", channel.seen("turn")[0]["session"]):
        async with channel.client.get("/api/chat/history", headers={"X-Session": token}) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (400, "invalid_session")


def test_a_session_depends_on_the_secret_and_on_every_letter() -> None:
    one, two = SessionKeeper("a" * 64, 30), SessionKeeper("b" * 64, 30)
    ids = {one.for_sender("zoé").id, one.for_sender("zoé ").id, two.for_sender("zoé").id, one.open().id}
    assert len(ids) == 4
    assert {len(id_) for id_ in ids} == {32}
    assert one.for_sender("zoé") == one.for_sender("zoé")


async def test_distress_comes_first_and_leaves_nothing(start_gateway: StartGateway, read_table: Any) -> None:
    gateway = await start_gateway(rest_channel=True, rate_limit=1)
    await send(gateway, "zoé", "bonjour")
    await send(gateway, "zoé", "encore", status=429)
    # Even with a sender that would be refused otherwise.
    for sender in ("zoé", "", None, 7, "x" * 5000):
        [message] = await send(gateway, sender, DISTRESS)
        assert "3114" in message["text"]
    assert [turn["message"] for turn in read_table("turns")] == ["bonjour"]
    assert b"zygomatique" not in gateway.bytes_on_disk()


@pytest.mark.parametrize(
    ("sender", "message", "code"),
    [
        pytest.param(None, "bonjour", "invalid_sender", id="no-sender"),
        pytest.param("", "bonjour", "invalid_sender", id="empty-sender"),
        pytest.param("x" * 201, "bonjour", "invalid_sender", id="long-sender"),
        pytest.param({"a": 1}, "bonjour", "invalid_sender", id="object-sender"),
        pytest.param("zoé", None, "empty_message", id="no-message"),
        pytest.param("zoé", "", "empty_message", id="empty-message"),
        pytest.param("zoé", " \u200b ", "empty_message", id="invisible-message"),
        pytest.param("zoé", "x" * 501, "message_too_long", id="long-message"),
        pytest.param("zoé", ["bonjour"], "wrong_type", id="list-message"),
    ],
)
async def test_bad_input_is_refused(channel: Gateway, sender: Any, message: Any, code: str) -> None:
    answer = await send(channel, sender, message, status=400)
    assert answer == {"error": {"code": code, "message": texts.ERRORS[code]}}
    assert channel.seen("turn") == []


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        pytest.param({"data": "<x/>", "headers": XML}, 415, "unsupported_media_type", id="xml"),
        pytest.param({"data": "{", "headers": JSON}, 400, "not_json", id="cut"),
        pytest.param({"json": ["a"]}, 400, "not_json", id="list"),
        pytest.param({"json": {"sender": "a", "message": "b" * 20000}}, 413, "body_too_large", id="big"),
    ],
)
async def test_bad_bodies_are_refused(channel: Gateway, options: dict[str, Any], status: int, code: str) -> None:
    async with channel.client.post(HOOK, **options) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (status, code)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_are_refused(channel: Gateway, method: str) -> None:
    async with channel.client.request(method, HOOK) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (405, "method_not_allowed")


async def test_a_failing_worker_is_said_with_the_contact(channel: Gateway) -> None:
    error = (await send(channel, "zoé", "/!erreur", status=503))["error"]
    assert (error["code"], "03 00 00 00 00" in error["contact"]) == ("unavailable", True)


async def test_only_the_towns_sites_may_use_it_from_their_pages(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(rest_channel=True, allowed_origins=frozenset([TOWN]))
    for origin, status in ((TOWN, 200), ("https://ailleurs.example", 403)):
        headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
        body = {"sender": "a", "message": "b"}
        async with gateway.client.post(HOOK, json=body, headers=headers) as response:
            assert response.status == status
            assert ("Access-Control-Allow-Origin" in response.headers) == (status == 200)
