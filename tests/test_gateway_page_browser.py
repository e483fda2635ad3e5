"""The page in a real browser: with and without JavaScript, by keyboard, small, and when things fail."""

import os
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from browser_case import NEEDS_CHROMIUM, axe_violations
from gateway_case import DISTRESS, MAIL, PHONE, WORDS, Gateway
from playwright.async_api import Browser, Locator, Page, expect

from gateway import texts
from gateway.markdown import render_markdown

pytest_plugins = ["gateway_fixtures", "browser_fixtures"]
pytestmark = NEEDS_CHROMIUM

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(browser: Browser, gateway: Gateway) -> AsyncIterator[OpenPage]:
    """Open the page; at the end, nothing may have been refused, broken, or asked of another host."""
    troubles: list[str] = []
    home = str(gateway.client.make_url("/"))

    async def open_one(**context: Any) -> Page:
        page = await (await browser.new_context(locale="fr-FR", **context)).new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if _is_trouble(said.text) else None)
        page.on("request", lambda sent: None if sent.url.startswith(home) else troubles.append(sent.url))
        await page.goto(f"{home}assistant")
        return page

    yield open_one
    assert troubles == []


def _is_trouble(text: str) -> bool:
    # A refused message is no trouble: the browser says so in its console, the page says so to the person.
    return "Failed to load resource" not in text


async def ask(page: Page, message: str) -> Locator:
    """Type a message, send it with Enter; returns its last reply."""
    replies = page.locator(".assistant")
    before = await replies.count()
    await page.fill("#message", message)
    await page.press("#message", "Enter")
    await expect(replies.nth(before)).to_be_visible()
    return replies.last


async def keep(page: Page) -> str:
    """The text of the file that the « keep » button gives."""
    async with page.expect_download() as download:
        await page.get_by_role("button", name=texts.KEEP).click()
    return Path(await (await download.value).path()).read_text()


async def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(await page.evaluate("document.activeElement.id || document.activeElement.tagName"))


async def test_a_message_is_answered_beside_its_source(open_page: OpenPage) -> None:
    page = await open_page()
    reply = await ask(page, "riche")
    assert await page.input_value("#message") == ""
    assert await focused(page) == "message"
    await expect(page.locator(".said")).to_have_text("riche")
    await expect(reply.locator(".full strong")).to_have_text("CAF")
    await expect(reply.locator(".full li")).to_have_text(["un", "deux"])
    await expect(reply.locator("blockquote").first).to_be_hidden()
    await reply.locator("summary").click()
    await expect(reply.locator("blockquote").first).to_have_text("L’État signe un « Contrat de Ville »")
    await expect(reply.locator("time").first).to_have_text("Vérifié le 1er novembre 2026")
    await expect(reply.locator("figure em")).to_have_text(texts.COMPLEMENT)
    assert await reply.locator("figcaption a").get_attribute("href") == "https://www.service-public.fr/"
    await expect(page.locator("#examples")).to_be_hidden()


async def test_a_turn_is_announced_once_and_the_list_is_silent(open_page: OpenPage) -> None:
    page = await open_page()
    assert await page.text_content("#status") == ""
    await ask(page, "plusieurs")
    await expect(page.locator("#status")).to_have_text("un deux")
    assert await page.locator("#turns[aria-live], #turns[role]").count() == 0


async def test_simpler_takes_the_place_of_the_full_version(open_page: OpenPage) -> None:
    page = await open_page()
    reply = await ask(page, "riche")
    toggle = reply.get_by_role("button", name=texts.SIMPLER)
    assert await toggle.get_attribute("aria-pressed") == "false"
    await toggle.click()
    await expect(reply.locator(".plain")).to_be_visible()
    await expect(reply.locator(".full")).to_be_hidden()
    assert await toggle.get_attribute("aria-pressed") == "true"
    await toggle.click()
    await expect(reply.locator(".full")).to_be_visible()


async def test_a_choice_by_keyboard_leaves_the_focus_on_the_answer(open_page: OpenPage) -> None:
    page = await open_page()
    reply = await ask(page, "riche")
    await reply.get_by_role("button", name="Les partenaires").press("Enter")
    await expect(page.locator(".said").last).to_have_text("Les partenaires")
    await expect(page.locator(".assistant").last).to_contain_text("/list_partenaire")
    assert (await focused(page)).startswith("reponse-")


async def test_an_example_is_a_message(open_page: OpenPage) -> None:
    page = await open_page()
    await page.get_by_role("button", name=texts.EXAMPLES[0]).click()
    await expect(page.locator(".assistant")).to_contain_text("écho")
    assert (await focused(page)).startswith("reponse-")


async def test_shift_enter_is_a_new_line(open_page: OpenPage) -> None:
    page = await open_page()
    await page.fill("#message", "a")
    await page.press("#message", "Shift+Enter")
    assert await page.input_value("#message") == "a\n"


async def test_an_empty_message_is_said_beside_the_field(open_page: OpenPage, gateway: Gateway) -> None:
    page = await open_page()
    await page.press("#message", "Enter")
    await expect(page.get_by_role("alert")).to_contain_text(texts.ERRORS["empty_message"])
    assert await page.get_attribute("#message", "aria-invalid") == "true"
    assert gateway.seen("turn") == []


async def test_the_text_is_never_lost_and_a_retry_answers_it_once(open_page: OpenPage, gateway: Gateway) -> None:
    page = await open_page()
    await ask(page, "avant")
    assert gateway.supervisor.pid is not None
    os.kill(gateway.supervisor.pid, signal.SIGKILL)
    await page.fill("#message", "ma question")
    await page.press("#message", "Enter")
    await expect(page.get_by_role("alert")).to_contain_text(texts.ERRORS["unavailable"])
    await expect(page.get_by_role("alert")).to_contain_text("03 00 00 00 00")
    assert await page.input_value("#message") == "ma question"
    await gateway.supervisor.wait_ready()
    await page.get_by_role("button", name=texts.RETRY).click()
    await expect(page.locator(".assistant").last).to_contain_text("écho : ma question")
    await expect(page.locator(".said")).to_have_text(["avant", "ma question"])
    await expect(page.locator("#problem")).to_be_hidden()


async def test_a_reply_lost_on_the_way_is_the_same_reply(open_page: OpenPage, gateway: Gateway) -> None:
    page = await open_page()
    lost: list[str] = []

    async def lose_once(route: Any) -> None:
        if lost:
            await route.continue_()
        else:
            await route.fetch()
            lost.append(route.request.url)
            await route.abort()

    await page.route("**/api/chat", lose_once)
    await page.fill("#message", "une fois")
    await page.press("#message", "Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Pas de connexion")
    await page.get_by_role("button", name=texts.RETRY).click()
    await expect(page.locator(".assistant")).to_have_count(1)
    assert len(gateway.seen("turn")) == 1


async def test_waiting_is_said_when_it_is_long(open_page: OpenPage) -> None:
    page = await open_page()

    async def slow(route: Any) -> None:
        await page.wait_for_timeout(1000)
        await route.continue_()

    await page.route("**/api/chat", slow)
    await page.fill("#message", "lentement")
    await page.press("#message", "Enter")
    await expect(page.locator(".waiting")).to_have_text(texts.SENDING)
    await expect(page.locator(".assistant")).to_be_visible()
    await expect(page.locator(".waiting")).to_have_count(0)


async def test_an_alert_stands_out(open_page: OpenPage) -> None:
    page = await open_page()
    reply = await ask(page, DISTRESS)
    assert "alert" in (await reply.get_attribute("class") or "")
    await expect(reply.locator(".who")).to_contain_text(texts.ALERT_STEP)
    await expect(reply).to_contain_text("3114")
    assert await reply.locator(".opinion").count() == 0


async def test_an_opinion_and_an_erased_conversation(open_page: OpenPage, gateway: Gateway, read_table: Any) -> None:
    page = await open_page()
    reply = await ask(page, "bonjour")
    await reply.get_by_role("button", name="Fausse").click()
    await expect(reply.locator(".thanks")).to_have_text(texts.FEEDBACK_THANKS)
    assert await page.evaluate("document.activeElement.className") == "thanks"
    assert [row["verdict"] for row in read_table("feedback")] == ["fausse"]
    await reply.get_by_label(texts.COMMENT_LABEL).fill("pas à jour")
    await reply.get_by_role("button", name=texts.COMMENT_SEND).click()
    await expect(reply.locator(".comment")).to_have_text(texts.COMMENT_THANKS)
    assert [row["comment"] for row in read_table("feedback")] == ["pas à jour"]
    await page.get_by_role("button", name=texts.ERASE).click()
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#examples")).to_be_visible()
    assert await focused(page) == "message"
    assert len(gateway.seen("erased")) == 1
    assert await page.evaluate("sessionStorage.length") == 0
    await ask(page, "encore")
    assert len({turn["session"] for turn in gateway.seen("turn")}) == 2


async def test_a_request_is_answered_in_its_fields(open_page: OpenPage, gateway: Gateway) -> None:
    page = await open_page()
    await ask(page, "bonjour")
    gateway.ask_for(PHONE, MAIL, WORDS)
    await page.reload()
    fields = page.locator(".fields [name=message]")
    await expect(fields).to_have_count(3)
    kinds = "all => all.map(one => [one.type, one.autocomplete, one.maxLength])"
    assert await fields.evaluate_all(kinds) == [["tel", "tel", 500], ["email", "email", 500], ["textarea", "off", 500]]
    assert await axe_violations(page) == []
    await page.get_by_label(MAIL["label"]).fill("a@ville.example")
    await page.locator(".fields").get_by_role("button", name=texts.SEND).click()
    await expect(page.locator(".said").last).to_have_text("a@ville.example")
    await expect(page.locator(".assistant").last).to_contain_text("écho")
    await expect(page.locator(".fields")).to_have_count(0)


async def test_the_conversation_can_be_kept(open_page: OpenPage) -> None:
    page = await open_page()
    await expect(page.get_by_role("button", name=texts.KEEP)).to_be_hidden()
    await ask(page, "bonjour")
    assert "écho : bonjour" in await keep(page)


async def test_on_paper_there_is_the_conversation_with_its_sources(open_page: OpenPage) -> None:
    page = await open_page()
    reply = await ask(page, "riche")
    await page.emulate_media(media="print")
    await expect(reply.locator(".full")).to_be_visible()
    await expect(reply.locator("blockquote").first).to_be_visible()
    for hidden in ("#composer", "#keep", "#erase", ".opinion", ".foot"):
        await expect(page.locator(hidden).first).to_be_hidden()


async def test_nothing_is_stored_before_the_first_message_and_a_reload_keeps_the_rest(
    open_page: OpenPage,
) -> None:
    page = await open_page()
    assert await page.evaluate("sessionStorage.length + localStorage.length") == 0
    await ask(page, "riche")
    assert await page.context.cookies() == []
    await page.reload()
    await expect(page.locator(".said")).to_have_text("riche")
    await expect(page.locator(".choices button")).to_have_count(2)
    assert await page.text_content("#status") == ""
    assert await focused(page) == "BODY"
    await ask(page, "suite")
    await expect(page.locator(".said")).to_have_count(2)


async def test_without_javascript(open_page: OpenPage) -> None:
    page = await open_page(java_script_enabled=False)
    await page.fill("#message", "riche")
    await page.get_by_role("button", name=texts.SEND, exact=True).click()
    reply = page.locator(".assistant").last
    await reply.get_by_text(texts.SIMPLER).click()
    await expect(reply.locator(".plain")).to_contain_text("La CAF verse des aides.")
    await reply.get_by_role("button", name="Le contrat de ville").click()
    await expect(page.locator(".said")).to_have_text(["riche", "Le contrat de ville"])
    await page.locator(".assistant").last.get_by_role("button", name="Utile").click()
    await expect(page.get_by_text(texts.FEEDBACK_THANKS)).to_be_visible()
    await page.get_by_label(texts.COMMENT_LABEL).fill("merci")
    await page.get_by_role("button", name=texts.COMMENT_SEND).click()
    await expect(page.get_by_text(texts.COMMENT_THANKS)).to_be_visible()
    assert "écho" not in (kept := await keep(page))
    assert "La CAF est un partenaire." in kept
    await page.fill("#message", DISTRESS)
    await page.get_by_role("button", name=texts.SEND, exact=True).click()
    await expect(page.locator(".assistant.alert")).to_contain_text("3114")
    await page.get_by_role("button", name=texts.ERASE).click()
    await expect(page.locator(".message")).to_have_count(0)


async def test_a_conversation_begun_without_javascript_goes_on_with_it(open_page: OpenPage, gateway: Gateway) -> None:
    page = await open_page()
    await page.route("**/page.js", lambda route: route.abort())
    await page.reload()
    await page.fill("#message", "sans")
    await page.get_by_role("button", name=texts.SEND, exact=True).click()
    await expect(page.locator(".said")).to_have_text("sans")
    await page.unroute("**/page.js")
    await page.reload()
    await ask(page, "avec")
    await expect(page.locator(".said")).to_have_text(["sans", "avec"])
    assert len({turn["session"] for turn in gateway.seen("turn")}) == 1
    await page.get_by_role("button", name=texts.ERASE).click()
    await expect(page.locator(".message")).to_have_count(0)
    assert await page.context.cookies() == []


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_nothing_overflows(open_page: OpenPage, width: int) -> None:
    page = await open_page(viewport={"width": width, "height": 700})
    await ask(page, "riche")
    await ask(page, "x" * 300)
    await page.locator(".sources summary").first.click()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await page.evaluate(
        "[...document.querySelectorAll('button, summary')].filter(e => e.offsetParent"
        " && (e.offsetHeight < 24 || e.offsetWidth < 24)).map(e => e.textContent)"
    )
    assert small == []


async def test_nothing_moves_for_those_who_asked(open_page: OpenPage) -> None:
    page = await open_page(reduced_motion="reduce")

    async def slow(route: Any) -> None:
        await page.wait_for_timeout(1000)
        await route.continue_()

    await page.route("**/api/chat", slow)
    await page.fill("#message", "lentement")
    await page.press("#message", "Enter")
    await expect(page.locator(".waiting")).to_be_visible()
    assert await page.evaluate("document.getAnimations().length") == 0
    await expect(page.locator(".assistant")).to_be_visible()


async def test_every_stop_of_the_keyboard_is_seen(open_page: OpenPage) -> None:
    page = await open_page()
    await ask(page, "riche")
    await page.evaluate("document.activeElement.blur()")
    stops: list[Any] = []
    for _ in range(30):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.textContent.trim().slice(0, 30) || e.id, parseFloat(s.outlineWidth)] })()"
        )
        if stop[0] in [seen[0] for seen in stops]:
            break
        stops.append(stop)
    assert len(stops) >= 8
    assert all(width >= 2 for _, width in stops), stops


SAMPLES = [
    "Une phrase.",
    "Un **mot** gras et *un* autre.\n\nDeuxième paragraphe\nsur deux lignes.",
    "Les partenaires :\n\n- l’État\n- la **CAF**\n- [un lien](https://ville.example/a?b=c&d=e)\n\nFin.",
    "Les axes :\n\n1. un\n2. deux\n3. trois",
    "3. trois\n4. quatre",
    "- un\n\n- deux",
    "- un\n  suite\n- deux",
    "[tél](tel:3114) ou [courriel](mailto:a@ville.example)",
    "[x](javascript:alert(1)) [y](/relatif) [z](//ailleurs.example)",
    "<img src=x onerror=alert(1)> & <script>alert(1)</script>",
    "2 * 3 * 4 = 24 et 5*6",
    "un ** seul et **jamais fermé",
    "\\*échappé\\* # titre | tableau",
    "« guillemets » : oui ; l’apostrophe… `code`",
    "**gras avec [lien](https://a.example/) dedans**",
    "مرحبا **بكم**",
    "",
]


async def test_the_browser_draws_the_same_markdown_as_the_server(open_page: OpenPage) -> None:
    page = await open_page()
    draw = (
        "async text => { const { render } = await import('/widget/markdown.js');"
        " const box = document.createElement('div'); box.append(render(text)); return box.innerHTML; }"
    )
    for text in SAMPLES:
        assert _flat(await page.evaluate(draw, text)) == _flat(render_markdown(text)), text


def _flat(html: str) -> str:
    html = re.sub(r"\s*\n\s*", "", html)
    return html.replace("&quot;", '"')
