"""The pages around the assistant in a real browser: for everybody, on any screen, with and without JavaScript."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser_case import NEEDS_CHROMIUM, axe_violations, overflowing
from gateway_case import Gateway
from playwright.async_api import Browser, Page, expect

from gateway import texts
from gateway.declaration import TESTED_PAGES

pytest_plugins = ["gateway_fixtures", "browser_fixtures"]
pytestmark = NEEDS_CHROMIUM

PAGES = list(TESTED_PAGES)
SCHEMES = ["light", "dark"]
OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(browser: Browser, gateway: Gateway) -> AsyncIterator[OpenPage]:
    """Open one of the pages; at the end, nothing may have been refused, broken, or asked of another host."""
    troubles: list[str] = []
    home = str(gateway.client.make_url("/"))

    async def open_one(path: str, **context: Any) -> Page:
        page = await (await browser.new_context(locale="fr-FR", base_url=home, **context)).new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.on("request", lambda sent: None if sent.url.startswith(home) else troubles.append(sent.url))
        # The widget has its own tests: here, the page it is on.
        await page.route("**/w.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
        await page.goto(path)
        return page

    yield open_one
    assert troubles == []


async def converse(page: Page) -> None:
    """Fill the conversation of /assistant with everything it can show."""
    for message in ("riche", "plusieurs"):
        await page.fill("#message", message)
        await page.press("#message", "Enter")
        await expect(page.locator(".said").last).to_have_text(message)
        await expect(page.locator(".assistant").last).to_be_visible()
    await page.locator(".sources summary").first.click()
    await page.get_by_role("button", name="Fausse").first.click()
    await expect(page.locator(".comment")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing(open_page: OpenPage, path: str, scheme: str) -> None:
    page = await open_page(path, color_scheme=scheme)
    assert await axe_violations(page) == []
    if path == "/assistant":
        await converse(page)
        assert await axe_violations(page) == []


async def test_the_statement_says_how_much_of_the_rgaa_axe_touches(open_page: OpenPage) -> None:
    page = await open_page("/accessibilite")
    await page.evaluate(AXE_SCRIPT)
    tags = await page.evaluate("axe.getRules(['RGAAv4']).flatMap((rule) => rule.tags)")
    criteria = {match[1] for tag in tags if (match := re.fullmatch(r"RGAA-(\d+\.\d+)\.\d+", tag))}
    await expect(page.locator("main")).to_contain_text(f"axe-core touche {len(criteria)} des 106 critères du RGAA")


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_sticks_out(open_page: OpenPage, path: str) -> None:
    page = await open_page(path)
    if path == "/assistant":
        await converse(page)
    found = {}
    # Also with twice the text size, as a person may set it.
    for size in ("100%", "200%"):
        await page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        for width in (320, 390, 768, 1280):
            await page.set_viewport_size({"width": width, "height": 700})
            found[size, width] = await overflowing(page)
    assert found == {case: [] for case in found}


@pytest.mark.parametrize("path", PAGES)
async def test_the_first_stop_of_the_keyboard_skips_to_the_content(open_page: OpenPage, path: str) -> None:
    page = await open_page(path)
    await page.keyboard.press("Tab")
    skip = page.locator(".skip")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    target = await skip.get_attribute("href")
    await page.keyboard.press("Tab")
    assert await page.evaluate(f"document.querySelector('{target}').contains(document.activeElement)")


@pytest.mark.parametrize("path", PAGES)
async def test_every_stop_of_the_keyboard_is_seen(open_page: OpenPage, path: str) -> None:
    page = await open_page(path)
    stops = "a[href], button, textarea, [tabindex='0']"
    count = await page.locator(stops).filter(visible=True).count()
    assert count > 5
    for _ in range(count):
        await page.keyboard.press("Tab")
        seen = await page.evaluate(
            "(() => { const e = document.activeElement; return [e.outerHTML.slice(0, 60),"
            " e === document.body || parseFloat(getComputedStyle(e).outlineWidth)] })()"
        )
        assert seen[1] is True or seen[1] >= 2, seen


@pytest.mark.parametrize("path", PAGES)
async def test_targets_are_large_enough(open_page: OpenPage, path: str) -> None:
    page = await open_page(path, viewport={"width": 320, "height": 700})
    small = await page.evaluate(
        "[...document.querySelectorAll('nav a, .action, button, summary')].filter(e => e.checkVisibility()"
        " && (e.offsetHeight < 24 || e.offsetWidth < 24)).map(e => e.textContent)"
    )
    assert small == []


@pytest.mark.parametrize("path", PAGES)
async def test_paper_has_the_text_and_no_menu(open_page: OpenPage, path: str) -> None:
    page = await open_page(path)
    await page.emulate_media(media="print")
    await expect(page.locator("h1")).to_be_visible()
    for hidden in (".foot", ".masthead nav", ".skip"):
        for one in await page.locator(hidden).all():
            await expect(one).to_be_hidden()
    colour = await page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert [int(part) for part in re.findall(r"\d+", colour)[:3]] < [120, 120, 120]


@pytest.mark.parametrize("path", PAGES)
async def test_forced_colours_leave_nothing_invisible(open_page: OpenPage, path: str) -> None:
    page = await open_page(path, forced_colors="active")
    assert await page.evaluate("matchMedia('(forced-colors: active)').matches")
    hidden = await page.evaluate(
        "[...document.querySelectorAll('h1, h2, p, a, button, th, td')].filter(e => e.checkVisibility()"
        " && getComputedStyle(e).color === getComputedStyle(e).backgroundColor).map(e => e.textContent)"
    )
    assert hidden == []


@pytest.mark.parametrize("path", PAGES)
async def test_they_are_read_without_javascript(open_page: OpenPage, path: str) -> None:
    page = await open_page(path, java_script_enabled=False)
    await expect(page.locator("h1")).to_be_visible()
    for _, label in texts.FOOTER:
        await expect(page.locator(".foot").get_by_role("link", name=label)).to_be_visible()


async def test_from_the_demonstration_to_an_answer_without_javascript(open_page: OpenPage) -> None:
    page = await open_page("/", java_script_enabled=False)
    await page.get_by_role("link", name="Poser une question").click()
    await page.fill("#message", "riche")
    await page.get_by_role("button", name=texts.SEND, exact=True).click()
    await expect(page.locator(".assistant")).to_contain_text("La CAF est un partenaire.")
    await page.get_by_role("link", name=texts.PRIVACY_LINK).click()
    await expect(page.locator("h1")).to_have_text("Confidentialité")
    await page.go_back()
    await expect(page.locator(".said")).to_have_text("riche")


async def test_a_demonstration_without_the_widget_is_whole(browser: Browser, gateway: Gateway) -> None:
    page = await (await browser.new_context(locale="fr-FR")).new_page()
    await page.route("**/w.js", lambda route: route.abort())
    await page.goto(str(gateway.client.make_url("/")))
    await expect(page.get_by_role("link", name="Poser une question")).to_be_visible()
    await page.get_by_role("link", name="L’assistant", exact=True).click()
    await expect(page.locator("#message")).to_be_visible()
