"""A short run of what `make fuzz` runs for long: the parts that read texts, and the API under made-up requests."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from gateway_case import StartGateway
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.api import Findings, fuzz_api
from benchmarks.fuzz.long import Tried, try_part
from benchmarks.fuzz.parts import PARTS, Part, SafeHtml, is_safe_link
from benchmarks.fuzz.report import render_api, render_parts
from benchmarks.fuzz.texts import MARKED_UP
from benchmarks.machine import describe_machine
from gateway.errors import STATUSES

pytest_plugins = ["gateway_fixtures"]

SEEDS = [pytest.param(part, seed, id=f"{part.name}-{place}") for part in PARTS for place, seed in enumerate(part.seeds)]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_stands_any_input(part: Part) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(part.inputs)
    def check(sent: Any) -> None:
        part.check(sent)

    check()


@pytest.mark.parametrize(("part", "seed"), SEEDS)
def test_what_was_found_once_stays_mended(part: Part, seed: Any) -> None:
    part.check(seed)


@pytest.mark.browser
def test_the_widget_draws_nothing_dangerous() -> None:
    from benchmarks.fuzz.browser import open_markdown

    with open_markdown() as check:
        settings(max_examples=150, deadline=None, database=None)(given(MARKED_UP)(check))()


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<img src=x>", id="a-tag"),
        pytest.param('<p onclick="x">', id="an-attribute"),
        pytest.param('<a href="java\nscript:x">', id="an-address"),
        pytest.param("<!-- x -->", id="a-comment"),
    ],
)
def test_what_is_dangerous_is_seen(html: str) -> None:
    with pytest.raises(AssertionError):
        SafeHtml().read(html)
    assert not is_safe_link("data:text/html,x")


def test_a_long_run_counts_what_it_tries_and_says_what_it_finds() -> None:
    def check(sent: int) -> None:
        assert sent < 1000, "trop grand"

    tried = try_part(Part("essai", st.integers(), check, [1, 2]), seconds=0, most=500)
    assert tried.inputs > 2
    assert "trop grand" in tried.found
    assert try_part(Part("essai", st.booleans(), lambda sent: None, [True]), seconds=0, most=5).inputs == 3


async def test_the_api_is_as_described_whatever_is_sent(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(rest_channel=True)
    url = f"http://{gateway.client.host}:{gateway.client.port}"
    findings = await asyncio.to_thread(fuzz_api, url, 300, [("bonjour", "riche")], lambda _: None, each=20)
    assert findings.failures == {}, findings.reports
    assert findings.requests >= 300
    assert gateway.seen("turn")


async def test_what_is_not_as_described_is_found(start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STATUSES, "unknown_choice", 418)
    gateway = await start_gateway(rest_channel=True)
    url = f"http://{gateway.client.host}:{gateway.client.port}"
    findings = await asyncio.to_thread(fuzz_api, url, 1, [("riche",)], lambda _: None, each=5)
    assert findings.violations
    assert "418" in findings.reports[0]


def test_the_report_says_what_was_found() -> None:
    machine, today = describe_machine(), date(2026, 11, 27)
    tried = [Tried("masquage", 1200, 90.0), Tried("tableur", 3, 1.0, "ValueError")]
    section = render_parts(tried, machine, today)
    assert "| masquage | 1200 | 1,5 min | oui |" in section
    assert "| **en tout** | 1203 | 1,5 min | **non** |" in section
    findings = Findings(requests=25_000, failures={"ServerError": 2, "CustomFailure": 1})
    section = render_api(findings, machine, today)
    assert "| requêtes envoyées | ≥ 20000 | 25000 | oui |" in section
    assert "| réponses 5xx | 0 | 2 | **non** |" in section
