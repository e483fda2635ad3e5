"""Origins, headers, rates and tokens: what protects residents from other sites and from each other."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from gateway_case import Clock, Gateway, StartGateway

from gateway import limits, texts
from gateway.keys import CONVERSATIONS
from gateway.limits import RateLimit
from gateway.security import client_address
from gateway.sessions import Session, SessionError, SessionKeeper, today
from gateway.settings import Settings
from gateway.startup import load_secret

pytest_plugins = ["gateway_fixtures"]

TOWN = "https://www.ville.example"
SECRET = "s" * 64


# --- Origins ---------------------------------------------------------------------------------------------


async def ask(gateway: Gateway, status: int, **headers: str) -> dict[str, str]:
    """Send a message with some headers; returns those of the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with gateway.client.post("/api/chat", json={"message": "bonjour"}, headers=named) as response:
        assert response.status == status, await response.text()
        if status == 403:
            assert (await response.json())["error"]["message"] == texts.ERRORS["origin_refused"]
        return dict(response.headers)


async def test_the_site_of_the_town_may_use_the_api(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(allowed_origins=frozenset([TOWN]))
    headers = await ask(gateway, 200, Origin=TOWN, Sec_Fetch_Site="cross-site")
    assert headers["Access-Control-Allow-Origin"] == TOWN
    assert headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in headers


async def test_its_preflight_is_answered(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(allowed_origins=frozenset([TOWN]))
    asked = {"Origin": TOWN, "Access-Control-Request-Method": "DELETE"}
    async with gateway.client.options("/api/chat", headers=asked) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == TOWN
        assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    asked["Origin"] = "https://ailleurs.example"
    async with gateway.client.options("/api/chat", headers=asked) as response:
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "origin", ["https://ailleurs.example", "null", "https://www.ville.example.mal.example", "http://[", ""]
)
async def test_other_sites_are_refused(start_gateway: StartGateway, origin: str) -> None:
    gateway = await start_gateway(allowed_origins=frozenset([TOWN]))
    headers = await ask(gateway, 403, Origin=origin)
    assert "Access-Control-Allow-Origin" not in headers
    assert gateway.seen("turn") == []


async def test_its_own_pages_and_other_programs_pass(gateway: Gateway) -> None:
    own = f"http://{gateway.client.host}:{gateway.client.port}"
    await ask(gateway, 200, Origin=own, Sec_Fetch_Site="same-origin")
    await ask(gateway, 200, Origin=own.replace("http:", "https:"))
    await ask(gateway, 200)
    await ask(gateway, 200, Origin="null", Sec_Fetch_Site="same-origin")
    await ask(gateway, 403, Sec_Fetch_Site="cross-site")
    await ask(gateway, 403, Sec_Fetch_Site="same-site", Origin=own)


async def test_an_allowed_site_may_not_post_the_forms_of_the_page(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(allowed_origins=frozenset([TOWN]))
    for path in ("/assistant", "/assistant/avis", "/assistant/effacer", "/assistant/garder"):
        async with gateway.client.post(path, data={"message": "a"}, headers={"Origin": TOWN}) as response:
            assert response.status == 403
            assert response.content_type == "text/html"
            assert "Set-Cookie" not in response.headers
    assert gateway.seen("turn") == []


# --- Headers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/assistant", "/nope", "/api/nope", "/api/chat", "/static/page.js", "/static/", "/healthz", "/openapi.yml"],
)
async def test_every_answer_is_protected(gateway: Gateway, path: str) -> None:
    async with gateway.client.get(path) as response:
        headers = response.headers
        csp = headers["Content-Security-Policy"]
        assert "default-src 'none'" in csp
        assert "unsafe" not in csp
        assert headers["X-Content-Type-Options"] == "nosniff"
        # The page's forms have to say where they come from; to other sites, nothing is ever said.
        assert headers["Referrer-Policy"] == ("same-origin" if path == "/assistant" else "no-referrer")
        assert headers["Server"] == "allo"
        expected = "no-cache" if path.startswith("/static/") else "no-store"
        assert headers["Cache-Control"] == expected


async def test_an_unknown_page_is_a_page(gateway: Gateway) -> None:
    async with gateway.client.get("/nope<script>") as response:
        page = await response.text()
        assert (response.status, response.content_type) == (404, "text/html")
        assert texts.ERROR_TITLES[404] in page
        assert "<script>" not in page


async def test_static_files_stay_in_their_folder(gateway: Gateway) -> None:
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py"):
        async with gateway.client.get(path) as response:
            assert response.status in (403, 404)


async def test_a_surprise_is_a_503_without_details(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("Xylophone")

    monkeypatch.setattr(gateway.client.app[CONVERSATIONS], "alert", explode)
    error = await gateway.post({"message": "Xylophone"}, status=503)
    assert error["error"]["message"] == texts.ERRORS["unavailable"]
    assert "RuntimeError" in caplog.text
    assert "Xylophone" not in caplog.text + json.dumps(error)


# --- Rates -----------------------------------------------------------------------------------------------


async def test_too_many_messages_have_to_wait(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(rate_limit=3)
    for _ in range(3):
        await gateway.chat("bonjour")
    headers = {"X-Forwarded-For": "203.0.113.9"}
    async with gateway.client.post("/api/chat", json={"message": "a"}, headers=headers) as response:
        assert response.status == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 20
        assert (await response.json())["error"]["message"] == texts.ERRORS["too_many_requests"]
    async with gateway.client.post("/api/feedback", json={"reply": "a", "verdict": "utile"}) as response:
        assert response.status == 429
    async with gateway.client.post("/assistant", data={"message": "texte gardé"}) as response:
        assert response.status == 429
        assert "texte gardé" in await response.text()


@pytest.mark.parametrize(
    ("proxies", "said", "who"),
    [
        pytest.param("", "203.0.113.9", "127.0.0.1", id="nobody-is-trusted"),
        pytest.param("127.0.0.1", "203.0.113.9", "203.0.113.9", id="one-proxy"),
        pytest.param("127.0.0.1", "192.0.2.66, 203.0.113.9", "203.0.113.9", id="the-client-lies"),
        pytest.param("127.0.0.1, 10.0.0.0/8", "203.0.113.9, 10.1.2.3", "203.0.113.9", id="two-proxies"),
        pytest.param("127.0.0.1", "", "127.0.0.1", id="says-nothing"),
        pytest.param("127.0.0.1", "203.0.113.9, n’importe quoi", "n’importe quoi", id="says-anything"),
    ],
)
async def test_an_address_is_what_the_trusted_proxies_say(
    start_gateway: StartGateway, proxies: str, said: str, who: str
) -> None:
    gateway = await start_gateway(trusted_proxies=Settings.from_env({"ALLO_TRUSTED_PROXIES": proxies}).trusted_proxies)
    request = make_mocked_request("GET", "/", {"X-Forwarded-For": said}, app=gateway.client.app)
    request = request.clone(remote="127.0.0.1")
    assert client_address(request) == who


async def test_a_conversation_is_limited_wherever_its_messages_come_from(start_gateway: StartGateway) -> None:
    proxies = Settings.from_env({"ALLO_TRUSTED_PROXIES": "127.0.0.1"}).trusted_proxies
    gateway = await start_gateway(rate_limit=3, trusted_proxies=proxies)
    session = (await gateway.chat("bonjour"))["session"]
    statuses = []
    for number in range(5):
        body, headers = {"message": "bonjour", "session": session}, {"X-Forwarded-For": f"203.0.113.{number}"}
        async with gateway.client.post("/api/chat", json=body, headers=headers) as response:
            statuses.append(response.status)
    assert statuses == [200, 200, 200, 429, 429]


def test_a_bucket_fills_again(clock: Clock) -> None:
    limit = RateLimit(60, clock)
    assert [limit.take("192.0.2.1") for _ in range(61)] == [0] * 60 + [1]
    assert limit.take("192.0.2.2") == 0
    clock.now = 1
    assert [limit.take("192.0.2.1"), limit.take("192.0.2.1")] == [0, 1]
    clock.now = 1000
    assert sum(limit.take("192.0.2.1") == 0 for _ in range(100)) == 60


def test_the_wait_is_told_in_whole_seconds(clock: Clock) -> None:
    limit = RateLimit(2, clock)
    assert [limit.take("a") for _ in range(3)] == [0, 0, 30]
    clock.now = 29.9
    assert limit.take("a") == 1


def test_zero_is_no_limit(clock: Clock) -> None:
    limit = RateLimit(0, clock)
    assert not any(limit.take("a") for _ in range(1000))
    assert len(limit) == 0


def test_one_home_is_one_ipv6_network(clock: Clock) -> None:
    limit = RateLimit(1, clock)
    assert limit.take("2001:db8:0:1::1") == 0
    assert limit.take("2001:db8:0:1:ffff::2") > 0
    assert limit.take("2001:db8:0:2::1") == 0
    assert limit.take("::ffff:192.0.2.1") == 0
    assert limit.take("::ffff:192.0.2.2") == 0


def test_memory_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BUCKETS_LIMIT", 10)
    limit = RateLimit(1, clock)
    for number in range(100):
        limit.take(f"192.0.2.{number}")
    assert len(limit) == 10
    assert limit.take("192.0.2.99") > 0


# --- Tokens ----------------------------------------------------------------------------------------------


@pytest.fixture
def keeper() -> SessionKeeper:
    return SessionKeeper(SECRET, retention_days=30)


def test_a_token_opens_its_session(keeper: SessionKeeper) -> None:
    session = keeper.open()
    assert len(bytes.fromhex(session.id)) == 16
    assert keeper.read(keeper.sign(session)) == session
    assert keeper.open() != session


def test_a_token_of_another_installation_opens_nothing(keeper: SessionKeeper) -> None:
    token = SessionKeeper("t" * 64, 30).sign(keeper.open())
    with pytest.raises(SessionError, match="invalid_session"):
        keeper.read(token)


def test_any_change_of_a_token_is_seen(keeper: SessionKeeper) -> None:
    token = keeper.sign(keeper.open())
    # The last character of base64 may hold unused bits; every other one counts.
    for place in range(len(token) - 1):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(SessionError):
            keeper.read(changed)


@pytest.mark.parametrize("token", ["", ".", "a.b", "é", "\0", "x" * 201, "W10.x", "null"])
def test_what_is_no_token_is_refused(keeper: SessionKeeper, token: str) -> None:
    with pytest.raises(SessionError, match="invalid_session"):
        keeper.read(token)


def test_a_token_lasts_as_long_as_the_conversation(keeper: SessionKeeper) -> None:
    keeper.read(keeper.sign(Session("a", today() - timedelta(days=30))))
    with pytest.raises(SessionError, match="session_expired"):
        keeper.read(keeper.sign(Session("a", today() - timedelta(days=31))))


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    secret = load_secret(tmp_path)
    assert len(secret) == 64
    assert load_secret(tmp_path) == secret
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
