"""The conversation contract: one message is answered once, kept once, and bad input is refused in French."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from gateway_case import DISTRESS, Gateway, StartGateway

from gateway import texts
from gateway.agents.keys import REQUESTS_DESK
from gateway.keys import CONVERSATIONS
from gateway.sessions import Session, today

pytest_plugins = ["gateway_fixtures"]

ID = "0123456789abcdef"


async def test_it_answers_with_the_shape_of_the_contract(gateway: Gateway) -> None:
    answer = await gateway.chat("riche")
    assert set(answer) == {"session", "release", "replies"}
    assert answer["release"] == "r1"
    reply = answer["replies"][0]
    assert set(reply) == {"id", "kind", "text", "simple", "lang", "choices", "sources", "fields"}
    assert set(reply["choices"][0]) == {"id", "label"}
    assert set(reply["sources"][0]) == {"title", "url", "quote", "verified_on", "complement"}


async def test_a_session_goes_on(gateway: Gateway) -> None:
    first = await gateway.chat("un")
    second = await gateway.chat("deux", first["session"])
    assert second["session"] == first["session"]
    turns = gateway.seen("turn")
    assert turns[0]["session"] == turns[1]["session"]
    assert [turn["message"] for turn in await gateway.history(first["session"])] == ["un", "deux"]


async def test_two_residents_have_two_sessions(gateway: Gateway) -> None:
    first, second = await gateway.chat("un"), await gateway.chat("un")
    assert first["session"] != second["session"]


@pytest.mark.parametrize("typed", ["/restart", '/intent{"slot":"x"}', "/session_start", "{braces}"])
async def test_what_is_typed_is_text_whatever_it_looks_like(gateway: Gateway, typed: str) -> None:
    answer = await gateway.chat(typed)
    assert answer["replies"][0]["text"] == f"écho : {typed}"
    assert set(gateway.seen("turn")[0]) == {"session", "text"}


@pytest.mark.parametrize(
    ("typed", "received"),
    [
        ("  bonjour \n", "bonjour"),
        ("bon\x00jour\x07", "bonjour"),
        ("a\tb\r\nc", "a b\nc"),
        ("\ud800bonjour\udfff", "bonjour"),
        ("‮bonjour‬", "bonjour"),
        ("é" * 500, "é" * 500),
        ("👩‍👩‍👧" + "x", "👩👩👧x"),
        ("مرحبا", "مرحبا"),
    ],
)
async def test_the_text_is_cleaned(gateway: Gateway, typed: str, received: str) -> None:
    await gateway.chat(typed)
    assert gateway.seen("turn")[0]["text"] == received


async def test_text_plain_saves_a_preflight(gateway: Gateway) -> None:
    body = json.dumps({"message": "bonjour"}).encode()
    async with gateway.client.post(
        "/api/chat", data=body, headers={"Content-Type": "text/plain;charset=UTF-8"}
    ) as response:
        assert response.status == 200


# --- Bad input ------------------------------------------------------------------------------------------

JSON = {"Content-Type": "application/json"}


def chat_json(**body: Any) -> dict[str, Any]:
    """A POST of the contract."""
    return {"method": "POST", "path": "/api/chat", "data": json.dumps(body), "headers": JSON}


def raw(data: bytes | str, content_type: str = "application/json") -> dict[str, Any]:
    """A POST of anything."""
    return {"method": "POST", "path": "/api/chat", "data": data, "headers": {"Content-Type": content_type}}


def feedback_json(**body: Any) -> dict[str, Any]:
    """An opinion."""
    return chat_json(**body) | {"path": "/api/feedback"}


def with_session(method: str, path: str, token: str) -> dict[str, Any]:
    """A request that shows a session."""
    return {"method": method, "path": path, "headers": {"X-Session": token}}


BAD_INPUT = {
    "not-json": (raw("bonjour"), 400, "not_json"),
    "nothing": (raw(""), 400, "not_json"),
    "not-utf-8": (raw(b'{"message": "\xff"}'), 400, "not_json"),
    "list": (raw("[1]"), 400, "not_json"),
    "deep": (raw("[" * 16000), 400, "not_json"),
    "huge-number": (raw('{"message": ' + "1" * 10000 + "}"), 400, "not_json"),
    "wrong-type": (chat_json(message=12), 400, "wrong_type"),
    "message-object": (chat_json(message={"a": 1}), 400, "wrong_type"),
    "session-number": (chat_json(message="a", session=1), 400, "wrong_type"),
    "choice-list": (chat_json(choice=["a"]), 400, "wrong_type"),
    "nothing-to-say": (chat_json(), 400, "message_or_choice"),
    "both": (chat_json(message="a", choice="b"), 400, "message_or_choice"),
    "empty": (chat_json(message=""), 400, "empty_message"),
    "spaces": (chat_json(message=" \n\t "), 400, "empty_message"),
    "nul": (chat_json(message="\0\0"), 400, "empty_message"),
    "invisible": (chat_json(message="​‮﻿"), 400, "empty_message"),
    "surrogate": (chat_json(message="\ud83d"), 400, "empty_message"),
    "501": (chat_json(message="a" * 501), 400, "message_too_long"),
    "5000": (chat_json(message="a" * 5000), 400, "message_too_long"),
    "body": (chat_json(message="a" * 17000), 413, "body_too_large"),
    "form": (raw("message=a", "application/x-www-form-urlencoded"), 415, "unsupported_media_type"),
    "xml": (raw("<a/>", "application/xml"), 415, "unsupported_media_type"),
    "no-type": (raw("{}", ""), 415, "unsupported_media_type"),
    "short-id": (chat_json(message="a", id="abc"), 400, "invalid_id"),
    "long-id": (chat_json(message="a", id="a" * 65), 400, "invalid_id"),
    "odd-id": (chat_json(message="a", id="aaaaaaaa\n"), 400, "invalid_id"),
    "id-number": (chat_json(message="a", id=12345678), 400, "wrong_type"),
    "forged": (chat_json(message="a", session="forged"), 400, "invalid_session"),
    "empty-session": (chat_json(message="a", session=""), 400, "invalid_session"),
    "long-session": (chat_json(message="a", session="a" * 5000), 400, "invalid_session"),
    "odd-session": (chat_json(message="a", session="é\0.\ud800"), 400, "invalid_session"),
    "unknown-choice": (chat_json(choice="nope"), 400, "unknown_choice"),
    "choice-forged": (chat_json(choice="nope", session="forged"), 400, "invalid_session"),
    "payload-choice": (chat_json(choice="/restart"), 400, "unknown_choice"),
    "get-chat": ({"method": "GET", "path": "/api/chat"}, 405, "method_not_allowed"),
    "put-chat": ({"method": "PUT", "path": "/api/chat"}, 405, "method_not_allowed"),
    "post-history": ({"method": "POST", "path": "/api/chat/history"}, 405, "method_not_allowed"),
    "get-feedback": ({"method": "GET", "path": "/api/feedback"}, 405, "method_not_allowed"),
    "unknown-path": ({"method": "GET", "path": "/api/nope"}, 404, "not_found"),
    "trailing-slash": ({"method": "POST", "path": "/api/chat/"}, 404, "not_found"),
    "history-alone": ({"method": "GET", "path": "/api/chat/history"}, 400, "missing_session"),
    "history-url": ({"method": "GET", "path": "/api/chat/history?session=a"}, 400, "missing_session"),
    "history-forged": (with_session("GET", "/api/chat/history", "forged"), 400, "invalid_session"),
    "erase-alone": ({"method": "DELETE", "path": "/api/chat"}, 400, "missing_session"),
    "erase-forged": (with_session("DELETE", "/api/chat", "forged"), 400, "invalid_session"),
    "verdict": (feedback_json(reply="a", verdict="bof"), 400, "invalid_verdict"),
    "verdict-type": (feedback_json(reply="a", verdict=["utile"]), 400, "wrong_type"),
    "no-reply": (feedback_json(verdict="utile"), 400, "unknown_reply"),
    "unknown-reply": (feedback_json(reply="nope", verdict="utile"), 400, "unknown_reply"),
    "comment": (feedback_json(reply="a", verdict="utile", comment="a" * 501), 400, "comment_too_long"),
    "feedback-forged": (feedback_json(reply="a", verdict="utile", session="x"), 400, "invalid_session"),
    "feedback-text": (raw("x") | {"path": "/api/feedback"}, 400, "not_json"),
}


async def test_bad_input_is_refused_in_french(gateway: Gateway) -> None:
    seen = set()
    for name, (request, status, code) in BAD_INPUT.items():
        async with gateway.client.request(**request) as response:
            assert response.status == status, (name, await response.text())
            assert response.content_type == "application/json", name
            error = (await response.json())["error"]
            assert error == {"code": code, "message": texts.ERRORS[code]}, name
            seen.add(code)
    assert gateway.seen("turn") == []
    elsewhere = {"id_conflict", "session_expired", "too_many_requests", "origin_refused", "bad_request"}
    elsewhere |= {"invalid_sender"}  # the REST channel’s
    elsewhere |= {"not_signed_in", "role_refused", "paused"}  # the console's
    assert seen | elsewhere | {"unavailable", "busy"} == set(texts.ERRORS)


async def test_method_not_allowed_names_the_methods(gateway: Gateway) -> None:
    async with gateway.client.put("/api/chat") as response:
        assert response.headers["Allow"] == "DELETE, POST"


async def test_bad_input_loses_no_conversation(gateway: Gateway) -> None:
    session = (await gateway.chat("un"))["session"]
    for body in ({"message": ""}, {"message": "a" * 501}, {"choice": "nope"}, {"message": 1}):
        await gateway.post({**body, "session": session}, status=400)
    await gateway.chat("deux", session)
    assert [turn["message"] for turn in await gateway.history(session)] == ["un", "deux"]


# --- The same id twice -----------------------------------------------------------------------------------


async def test_the_same_id_runs_once(gateway: Gateway) -> None:
    session = (await gateway.chat("avant"))["session"]
    first = await gateway.chat("riche", session, id=ID)
    assert await gateway.chat("riche", session, id=ID) == first
    assert len(gateway.seen("turn")) == 2
    assert len(await gateway.history(session)) == 2


async def test_a_first_message_sent_twice_opens_one_session(gateway: Gateway) -> None:
    first = await gateway.chat("riche", id=ID)
    assert await gateway.chat("riche", id=ID) == first
    # A client that has its session by now may send the id with it.
    assert await gateway.chat("riche", first["session"], id=ID) == first
    assert len(gateway.seen("turn")) == 1


@pytest.mark.parametrize("known", [True, False], ids=["in-a-session", "first-message"])
async def test_the_same_id_at_the_same_time_runs_once(gateway: Gateway, known: bool) -> None:
    session = (await gateway.chat("avant"))["session"] if known else None
    answers = await asyncio.gather(*(gateway.chat("/!lent", session, id=ID) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert [turn["text"] for turn in gateway.seen("turn")].count("/!lent") == 1


async def test_an_id_is_not_used_for_another_message(gateway: Gateway) -> None:
    session = (await gateway.chat("un", id=ID))["session"]
    error = await gateway.post({"message": "deux", "session": session, "id": ID}, status=409)
    assert error["error"]["code"] == "id_conflict"
    error = await gateway.post({"message": "deux", "id": ID}, status=409)
    assert error["error"]["message"] == texts.ERRORS["id_conflict"]


async def test_what_is_kept_of_a_message_to_know_it_again_finds_no_telephone(gateway: Gateway, read_table: Any) -> None:
    await gateway.chat("06 12 34 56 78", id=ID)
    # 65,536 values for a billion numbers.
    assert [len(turn["fingerprint"]) for turn in read_table("turns")] == [4]


async def test_the_same_id_in_two_sessions_is_two_messages(gateway: Gateway) -> None:
    one, two = (await gateway.chat("un"))["session"], (await gateway.chat("deux"))["session"]
    assert (await gateway.chat("a", one, id=ID))["replies"] != (await gateway.chat("a", two, id=ID))["replies"]


async def test_an_id_opens_no_conversation_that_has_gone_on(gateway: Gateway) -> None:
    session = (await gateway.chat("un", id=ID))["session"]
    await gateway.chat("secret", session)
    await gateway.post({"message": "un", "id": ID}, status=409)


async def test_messages_of_one_session_are_answered_in_order(gateway: Gateway) -> None:
    session = (await gateway.chat("un"))["session"]
    slow = asyncio.create_task(gateway.chat("/!lent", session))
    await asyncio.sleep(0.1)
    await gateway.chat("après", session)
    await slow
    assert [turn["message"] for turn in await gateway.history(session)] == ["un", "/!lent", "après"]


# --- Choices ---------------------------------------------------------------------------------------------


async def test_a_choice_sends_its_payload_and_shows_its_label(gateway: Gateway) -> None:
    answer = await gateway.chat("riche")
    choice = answer["replies"][0]["choices"][1]
    chosen = await gateway.post({"choice": choice["id"], "session": answer["session"]})
    assert gateway.seen("turn")[-1]["payload"] == '/list_partenaire{"genre": "partenaire"}'
    assert "text" not in gateway.seen("turn")[-1]
    assert (await gateway.history(answer["session"]))[-1]["message"] == "Les partenaires"
    assert "payload" not in json.dumps(answer) + json.dumps(await gateway.history(chosen["session"]))


async def test_the_choice_of_another_session_is_unknown(gateway: Gateway) -> None:
    alice, bob = await gateway.chat("riche"), await gateway.chat("bonjour")
    choice = alice["replies"][0]["choices"][0]["id"]
    for session in (bob["session"], None):
        error = await gateway.post({"choice": choice, "session": session}, status=400)
        assert error["error"]["code"] == "unknown_choice"
    await gateway.post({"choice": choice, "session": alice["session"]})


async def test_the_same_choice_with_the_same_id_runs_once(gateway: Gateway) -> None:
    answer = await gateway.chat("riche")
    one, two = (choice["id"] for choice in answer["replies"][0]["choices"])
    body = {"choice": one, "session": answer["session"], "id": ID}
    assert await gateway.post(body) == await gateway.post(body)
    assert len(gateway.seen("turn")) == 2
    await gateway.post(body | {"choice": two}, status=409)


# --- History, erasing, opinions, requests ------------------------------------------------------------------


async def test_history_is_what_was_said(gateway: Gateway) -> None:
    answer = await gateway.chat("riche", id=ID)
    (turn,) = await gateway.history(answer["session"])
    assert turn == {"id": ID, "message": "riche", "release": "r1", "replies": answer["replies"]}


async def test_a_token_is_sent_in_either_header_and_nowhere_else(gateway: Gateway) -> None:
    session = (await gateway.chat("un"))["session"]
    async with gateway.client.get("/api/chat/history", headers={"X-Session": session}) as response:
        assert len((await response.json())["turns"]) == 1
    async with gateway.client.get(f"/api/chat/history?session={session}") as response:
        assert response.status == 400


async def test_erasing_forgets_everywhere(gateway: Gateway) -> None:
    session = (await gateway.chat("Xylophone-secret"))["session"]
    other = (await gateway.chat("bonjour"))["session"]
    assert b"Xylophone-secret" in gateway.bytes_on_disk()
    async with gateway.client.delete("/api/chat", headers={"Authorization": f"Bearer {session}"}) as response:
        assert (response.status, await response.json()) == (200, {"erased": True})
    assert gateway.seen("erased") == [gateway.seen("turn")[0]["session"]]
    assert await gateway.history(session) == []
    assert len(await gateway.history(other)) == 1
    assert b"Xylophone-secret" not in gateway.bytes_on_disk()
    # Whoever goes on talking starts from nothing.
    await gateway.chat("encore", session)
    assert [turn["message"] for turn in await gateway.history(session)] == ["encore"]


async def test_a_conversation_past_its_retention_says_so(gateway: Gateway) -> None:
    keeper = gateway.client.app[CONVERSATIONS].keeper
    old = keeper.sign(Session("0" * 32, today() - timedelta(days=31)))
    error = await gateway.post({"message": "bonjour", "session": old}, status=400)
    assert error["error"] == {"code": "session_expired", "message": texts.ERRORS["session_expired"]}
    kept = keeper.sign(Session("0" * 32, today() - timedelta(days=30)))
    await gateway.chat("bonjour", kept)


async def test_an_opinion_is_kept_once_per_reply(gateway: Gateway) -> None:
    answer = await gateway.chat("plusieurs")
    other = await gateway.chat("bonjour")
    reply = answer["replies"][0]["id"]

    async def give(status: int, **body: Any) -> None:
        async with gateway.client.post("/api/feedback", json={"reply": reply, **body}) as response:
            assert response.status == status, await response.text()

    await give(200, verdict="utile")
    await give(200, verdict="fausse", comment="  non ", session=answer["session"])
    await give(200, verdict="hors_sujet", comment="x" * 500)
    await give(400, verdict="utile", session=other["session"])
    headers = {"Authorization": f"Bearer {other['session']}"}
    async with gateway.client.post(
        "/api/feedback", json={"reply": reply, "verdict": "utile"}, headers=headers
    ) as response:
        assert (await response.json())["error"]["code"] == "unknown_reply"


async def test_a_request_is_kept_with_the_turn(gateway: Gateway, read_table: Any) -> None:
    answer = await gateway.chat("demande")
    assert answer["replies"][0]["kind"] == "handoff"
    (request,) = read_table("requests")
    assert request["code"] == "ABCD-EFGH"
    assert request["kind"] == "message"
    assert json.loads(request["fields"]).keys() == {"sealed"}
    assert "Zoé".encode() not in gateway.bytes_on_disk()
    kept = gateway.client.app[REQUESTS_DESK].get("ABCD-EFGH")
    assert kept.fields == {"nom": "Zoé"}
    assert request["created_on"] == today().isoformat()


async def test_a_request_that_could_not_be_kept_is_kept_by_the_next_try(
    gateway: Gateway, read_table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.errors import Unavailable
    from gateway.store import Store

    session = (await gateway.chat("avant"))["session"]
    save_turn = Store.save_turn

    def fail_once(*_: Any, **__: Any) -> None:
        monkeypatch.setattr(Store, "save_turn", save_turn)
        raise Unavailable("disk full")

    monkeypatch.setattr(Store, "save_turn", fail_once)
    body = {"message": "demande", "session": session, "id": ID}
    error = await gateway.post(body, status=503)
    assert error["error"]["code"] == "unavailable"
    assert read_table("requests") == []
    await gateway.post(body)
    assert len(read_table("requests")) == 1
    assert len(gateway.seen("turn")) == 2


# --- Distress ---------------------------------------------------------------------------------------------


async def test_distress_is_answered_at_once_and_kept_nowhere(gateway: Gateway) -> None:
    answer = await gateway.chat(DISTRESS, id=ID)
    (reply,) = answer["replies"]
    assert reply["kind"] == "alert"
    assert "3114" in reply["text"]
    assert answer["release"] == "r1"
    assert gateway.seen("turn") == []
    assert await gateway.history(answer["session"]) == []
    assert b"zygomatique" not in gateway.bytes_on_disk()
    # The conversation goes on in the session that came with the alert.
    assert (await gateway.chat("merci", answer["session"]))["session"] == answer["session"]


@pytest.mark.parametrize(
    "body",
    [
        {"session": "forged"},
        {"session": 12},
        {"id": "?"},
        {"choice": "x"},
        {"message": DISTRESS + " encore" * 100},
    ],
)
async def test_distress_comes_before_everything_else(gateway: Gateway, body: dict[str, Any]) -> None:
    answer = await gateway.post({"message": DISTRESS, **body})
    assert answer["replies"][0]["kind"] == "alert"


async def test_distress_is_answered_without_worker_and_over_the_limit(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(defect="crash", ready=False, rate_limit=1)
    await gateway.post({"message": "bonjour"}, status=503)
    await gateway.post({"message": "bonjour"}, status=429)
    assert (await gateway.chat(DISTRESS))["replies"][0]["kind"] == "alert"


async def test_what_may_be_a_call_for_help_is_not_kept_but_its_choices_are(gateway: Gateway) -> None:
    answer = await gateway.chat("/!peut-être", id="envoi-0001")
    assert await gateway.chat("/!peut-être", session=answer["session"], id="envoi-0001") == answer
    assert "peut-être".encode() not in gateway.bytes_on_disk()
    assert [turn["message"] for turn in await gateway.history(answer["session"])] == ["(message non conservé)"]
    choice = answer["replies"][0]["choices"][0]["id"]
    await gateway.post({"session": answer["session"], "choice": choice})


async def test_an_alert_of_the_worker_is_not_kept_either(gateway: Gateway) -> None:
    answer = await gateway.chat("/!alerte")
    assert answer["replies"][0]["kind"] == "alert"
    assert await gateway.history(answer["session"]) == []
