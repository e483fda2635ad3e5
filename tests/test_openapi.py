"""docs/openapi.yml is true: every kind of answer, refusals included, is what it says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from aiohttp import ClientResponse
from gateway_case import DISTRESS, Gateway, StartGateway
from jsonschema import Draft202012Validator, RefResolver

from gateway.errors import STATUSES
from gateway.site import OPENAPI
from gateway.texts import ERRORS

pytest_plugins = ["gateway_fixtures"]

API = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
OPERATIONS = {(path, method) for path, item in API["paths"].items() for method in item if method in METHODS}
# What only the staff console answers.
STAFF = {"not_signed_in", "role_refused"}


def resolve(part: Any) -> Any:
    """What a part of the description says, its references followed."""
    while "$ref" in part:
        found: Any = API
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def validator(schema: Any) -> Draft202012Validator:
    """What checks an object against a schema of the description."""
    return Draft202012Validator(schema, resolver=RefResolver.from_schema(API))


async def check(response: ClientResponse, path: str) -> Any:
    """Compare an answer with the description of its address; returns its object."""
    operation = API["paths"][path][response.method.lower()]
    assert str(response.status) in operation["responses"], (path, response.status, await response.text())
    described = resolve(operation["responses"][str(response.status)])
    assert response.content_type in described["content"]
    for name, header in described.get("headers", {}).items():
        value = response.headers[name]
        validator(resolve(header)["schema"]).validate(int(value))
    if response.content_type != "application/json":
        return await response.text()
    answer = await response.json()
    validator(described["content"]["application/json"]["schema"]).validate(answer)
    return answer


async def call(gateway: Gateway, method: str, path: str, status: int, code: str = "", **options: Any) -> Any:
    """Send a request, compare its answer with the description; returns the object."""
    async with gateway.client.request(method, path, **options) as response:
        assert response.status == status, await response.text()
        answer = await check(response, path)
        assert not code or answer["error"]["code"] == code
        return answer


def bearer(session: str) -> dict[str, dict[str, str]]:
    """The header of a conversation."""
    return {"headers": {"Authorization": f"Bearer {session}"}}


# --- The description itself ------------------------------------------------------------------------------


def references(part: Any) -> Iterator[str]:
    """Every reference in a part of the description."""
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from references(one)


def test_every_reference_leads_somewhere_and_every_part_is_used() -> None:
    used = set(references(API))
    parts = {f"#/components/{kind}/{name}" for kind, named in API["components"].items() for name in named}
    schemes = {part for part in parts if part.startswith("#/components/securitySchemes/")}
    assert used == parts - schemes
    rules = [rule for path, method in OPERATIONS for rule in API["paths"][path][method].get("security", [])]
    assert {name for rule in rules for name in rule} == {scheme.rpartition("/")[2] for scheme in schemes}


@pytest.mark.parametrize("name", sorted(API["components"]["schemas"]))
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(API["components"]["schemas"][name])


def test_every_operation_is_named_once_and_explained() -> None:
    operations = [API["paths"][path][method] for path, method in OPERATIONS]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] and operation["tags"] for operation in operations)


def test_every_example_of_a_message_is_one() -> None:
    checked = 0
    for path, method in OPERATIONS:
        for media in API["paths"][path][method].get("requestBody", {}).get("content", {}).values():
            for example in media.get("examples", {}).values():
                validator(media["schema"]).validate(example["value"])
                checked += 1
    assert checked == 3


async def test_it_describes_every_address_for_programs_and_no_other(gateway: Gateway) -> None:
    app = gateway.client.app
    assert app is not None
    routes = {
        (route.resource.canonical, route.method.lower())
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    programs = re.compile(r"/api/|/webhooks/|/healthz|/readyz|/metrics")
    assert {route for route in routes if programs.match(route[0])} == OPERATIONS


def test_it_lists_every_code_of_refusal() -> None:
    listed = set(API["components"]["schemas"]["Refusal"]["properties"]["error"]["properties"]["code"]["enum"])
    assert listed == set(ERRORS) - STAFF
    assert set(STATUSES) - STAFF <= listed


# --- Real answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["bonjour", "riche", "plusieurs", "demande", "/!alerte", "/!peut-être", DISTRESS])
async def test_an_answer_is_as_described(gateway: Gateway, message: str) -> None:
    validator(API["components"]["schemas"]["Sent"]).validate({"message": message})
    answer = await call(gateway, "POST", "/api/chat", 200, json={"message": message})
    assert answer["replies"]


async def test_a_whole_conversation_is_as_described(gateway: Gateway) -> None:
    first = await call(gateway, "POST", "/api/chat", 200, json={"message": "riche", "id": "envoi-0001"})
    session, reply = first["session"], first["replies"][0]
    choice = {"choice": reply["choices"][0]["id"], "session": session}
    await call(gateway, "POST", "/api/chat", 200, json=choice)
    history = await call(gateway, "GET", "/api/chat/history", 200, **bearer(session))
    assert [turn["id"] for turn in history["turns"]] == ["envoi-0001", None]
    opinion = {"reply": reply["id"], "verdict": "utile", "comment": "merci"}
    await call(gateway, "POST", "/api/feedback", 200, json=opinion)
    await call(gateway, "DELETE", "/api/chat", 200, **bearer(session))
    await call(gateway, "GET", "/api/chat/history", 200, headers={"X-Session": session})


async def test_health_is_as_described(gateway: Gateway) -> None:
    await call(gateway, "GET", "/healthz", 200)
    await call(gateway, "GET", "/readyz", 200)
    assert "# HELP" in await call(gateway, "GET", "/metrics", 200)


async def test_what_is_missing_is_as_described(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(defect="silent", ready=False)
    assert (await call(gateway, "GET", "/readyz", 503))["failing"] == ["worker"]
    await call(gateway, "POST", "/api/chat", 503, "unavailable", json={"message": "bonjour"})
    assert await call(gateway, "POST", "/api/chat", 200, json={"message": DISTRESS})


XML = {"data": "<x/>", "headers": {"Content-Type": "text/xml"}}
CUT = {"data": "{", "headers": {"Content-Type": "application/json"}}
CROSS_SITE = {"json": {"message": "a"}, "headers": {"Sec-Fetch-Site": "cross-site", "Origin": "https://a.example"}}
BAD_VERDICT, BAD_REPLY = {"reply": "a", "verdict": "bof"}, {"reply": "a", "verdict": "utile"}
OLD = "WyJhIiwiMjAwMS0wMS0wMSJd"


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        pytest.param("POST", "/api/chat", CUT, 400, "not_json", id="chat-cut"),
        pytest.param("POST", "/api/chat", {"json": {}}, 400, "message_or_choice", id="chat-nothing"),
        pytest.param("POST", "/api/chat", {"json": {"message": " "}}, 400, "empty_message", id="chat-empty"),
        pytest.param("POST", "/api/chat", {"json": {"message": "a" * 501}}, 400, "message_too_long", id="chat-long"),
        pytest.param("POST", "/api/chat", {"json": {"message": 1}}, 400, "wrong_type", id="chat-number"),
        pytest.param("POST", "/api/chat", {"json": {"message": "a", "id": "é"}}, 400, "invalid_id", id="chat-id"),
        pytest.param("POST", "/api/chat", {"json": {"choice": "nope"}}, 400, "unknown_choice", id="chat-choice"),
        pytest.param(
            "POST", "/api/chat", {"json": {"message": "a", "session": OLD}}, 400, "invalid_session", id="chat-session"
        ),
        pytest.param("POST", "/api/chat", {"data": "x" * 20000}, 413, "body_too_large", id="chat-large"),
        pytest.param("POST", "/api/chat", XML, 415, "unsupported_media_type", id="chat-xml"),
        pytest.param("POST", "/api/chat", CROSS_SITE, 403, "origin_refused", id="chat-origin"),
        pytest.param("POST", "/api/chat", {"json": {"message": "/!erreur"}}, 503, "unavailable", id="chat-failing"),
        pytest.param("GET", "/api/chat/history", {}, 400, "missing_session", id="history-nothing"),
        pytest.param("GET", "/api/chat/history", bearer("nope"), 400, "invalid_session", id="history-forged"),
        pytest.param("DELETE", "/api/chat", {}, 400, "missing_session", id="erase-nothing"),
        pytest.param("DELETE", "/api/chat", CROSS_SITE, 403, "origin_refused", id="erase-origin"),
        pytest.param("POST", "/api/feedback", {"json": BAD_VERDICT}, 400, "invalid_verdict", id="opinion-verdict"),
        pytest.param("POST", "/api/feedback", {"json": BAD_REPLY}, 400, "unknown_reply", id="opinion-reply"),
        pytest.param("POST", "/api/feedback", XML, 415, "unsupported_media_type", id="opinion-xml"),
        pytest.param("POST", "/api/feedback", {"json": {"a": "b" * 20000}}, 413, "body_too_large", id="opinion-large"),
        pytest.param("POST", "/api/feedback", CROSS_SITE, 403, "origin_refused", id="opinion-origin"),
        pytest.param("GET", "/webhooks/rest/", {}, 404, "not_found", id="channel-closed"),
        pytest.param("POST", "/webhooks/rest/webhook", {"json": {}}, 404, "not_found", id="webhook-closed"),
    ],
)
async def test_a_refusal_is_as_described(
    gateway: Gateway, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    await call(gateway, method, path, status, code, **options)


async def test_an_id_that_served_is_a_conflict_as_described(gateway: Gateway) -> None:
    await call(gateway, "POST", "/api/chat", 200, json={"message": "un", "id": "envoi-0001"})
    await call(gateway, "POST", "/api/chat", 409, "id_conflict", json={"message": "deux", "id": "envoi-0001"})


async def test_too_many_messages_are_refused_as_described(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(rate_limit=1, rest_channel=True)
    await call(gateway, "POST", "/api/chat", 200, json={"message": "un"})
    await call(gateway, "POST", "/api/chat", 429, "too_many_requests", json={"message": "deux"})
    opinion = {"reply": "a", "verdict": "utile"}
    await call(gateway, "POST", "/api/feedback", 429, "too_many_requests", json=opinion)
    sent = {"sender": "a", "message": "b"}
    await call(gateway, "POST", "/webhooks/rest/webhook", 429, "too_many_requests", json=sent)


async def test_the_channel_is_as_described(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(rest_channel=True)
    hook = "/webhooks/rest/webhook"
    await call(gateway, "GET", "/webhooks/rest/", 200)
    for message in ("bonjour", "riche", "plusieurs", DISTRESS):
        assert await call(gateway, "POST", hook, 200, json={"sender": "a", "message": message})
    await call(gateway, "POST", hook, 400, "invalid_sender", json={"message": "a"})
    await call(gateway, "POST", hook, 400, "empty_message", json={"sender": "a"})
    await call(gateway, "POST", hook, 413, "body_too_large", json={"sender": "a" * 20000})
    await call(gateway, "POST", hook, 415, "unsupported_media_type", **XML)
    await call(gateway, "POST", hook, 403, "origin_refused", **CROSS_SITE)
    await call(gateway, "POST", hook, 503, "unavailable", json={"sender": "a", "message": "/!erreur"})


# --- The test can fail -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("Answer", {"session": "a", "release": "r", "replies": []}, id="no-reply"),
        pytest.param("Refusal", {"error": {"code": "oops", "message": "non"}}, id="unknown-code"),
        pytest.param("Refusal", {"error": {"code": "not_json", "message": "non", "trace": "…"}}, id="a-leak"),
        pytest.param("Reply", {"id": "a" * 22, "kind": "answer", "text": "oui"}, id="half-a-reply"),
        pytest.param("ChannelMessage", {"recipient_id": "a", "text": "b", "session": "c"}, id="a-token"),
        pytest.param("Sent", {"message": "a", "choice": "b"}, id="both"),
    ],
)
def test_a_wrong_answer_is_caught(name: str, value: Any) -> None:
    assert not validator(API["components"]["schemas"][name]).is_valid(value)
