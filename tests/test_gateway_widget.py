"""The widget's files as the gateway serves them: small, cached as long as they may be, open to any site."""

import gzip
import json
import re
from pathlib import Path

import pytest
from gateway_case import Gateway, StartGateway

from gateway import texts
from gateway.content import read_content
from gateway.widget_files import SOURCE, build_widget, facts_of, join_modules

pytest_plugins = ["gateway_fixtures"]

FACTS = json.dumps({"name": "x", "retention": "30 jours"})
LIMITS = {"launcher": 2_000, "chat": 12_000}  # bytes, compressed


async def chat_path(gateway: Gateway) -> str:
    """The address of the module that the launcher names."""
    async with gateway.client.get("/w.js") as response:
        found = re.search(r"widget/chat-\w+\.js", await response.text())
    assert found is not None
    return f"/{found[0]}"


async def test_the_launcher_is_kept_a_few_minutes_and_the_module_forever(gateway: Gateway) -> None:
    module = await chat_path(gateway)
    for path, cache in (("/w.js", "max-age=300"), (module, "immutable")):
        async with gateway.client.get(path) as response:
            assert response.status == 200
            assert response.content_type == "text/javascript"
            assert cache in response.headers["Cache-Control"]
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_has_not_changed_is_not_sent_again(gateway: Gateway) -> None:
    async with gateway.client.get("/w.js") as first:
        tag = first.headers["ETag"]
    async with gateway.client.get("/w.js", headers={"If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")
    async with gateway.client.get("/w.js", headers={"If-None-Match": '"autre"'}) as response:
        assert response.status == 200


@pytest.mark.parametrize("coding", [pytest.param("gzip", id="gzip"), pytest.param("identity", id="plain")])
async def test_it_is_sent_compressed_to_those_who_can_read_it(gateway: Gateway, coding: str) -> None:
    async with gateway.client.get("/w.js", headers={"Accept-Encoding": coding}) as response:
        assert response.headers.get("Content-Encoding", "identity") == coding
        assert response.headers["Vary"] == "Accept-Encoding"
        assert "commune-chat" in await response.text()


async def test_a_page_from_before_an_update_gets_today_s_module(gateway: Gateway) -> None:
    async with gateway.client.get("/widget/chat-0123456789ab.js") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-cache"


async def test_the_first_screen_says_what_this_service_keeps_and_knows(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(retention_days=7)
    async with gateway.client.get(await chat_path(gateway)) as response:
        module = await response.text()
    for said in (texts.retention(7), texts.INTRO, "Écrire au service", "03 00 00 00 00", *texts.EXAMPLES):
        assert json.dumps(said, ensure_ascii=False)[1:-1] in module


async def test_other_methods_are_refused(gateway: Gateway) -> None:
    async with gateway.client.post("/w.js") as response:
        assert response.status == 405


def test_both_files_fit_their_budget_with_the_content_that_is_shipped() -> None:
    facts = facts_of(read_content(Path("data"), ""), retention_days=30)
    widget = build_widget(SOURCE, facts)
    sizes = {name: len(getattr(widget, name).compressed) for name in LIMITS}
    assert all(sizes[name] <= limit for name, limit in LIMITS.items()), sizes
    assert gzip.decompress(widget.chat.compressed) == widget.chat.plain


def test_a_module_is_named_by_what_it_holds() -> None:
    first, again = build_widget(SOURCE, FACTS), build_widget(SOURCE, FACTS.replace("30", "31"))
    assert first.chat_path != again.chat_path
    assert first.chat_path in first.launcher.plain.decode()


def test_modules_are_joined_in_the_order_they_need(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nimport { c } from "./c.js";\nexport function a() {}\n')
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c;\n')
    joined = join_modules("a.js", tmp_path, {"c.js": "export const c = 1;\n"})
    assert joined.split("\n") == ["const c = 1;", "", "const b = c;", "", "export function a() {}", ""]


def test_one_name_for_two_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = b;\nconst same = 1;\n')
    (tmp_path / "b.js").write_text("export const b = 1;\nfunction same() {}\n")
    with pytest.raises(ValueError, match="same"):
        join_modules("a.js", tmp_path, {})
