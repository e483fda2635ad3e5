"""Every screen of the console in a real browser: legible, usable without a mouse, on a small screen and in the dark."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from agents_case import PASSWORD, email_of
from agents_example import PAGES, PUBLIC_PAGES, fill
from axe_playwright_python.async_playwright import Axe
from gateway_case import DISTRESS, Gateway
from playwright.async_api import Page, async_playwright

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="chromium n’est pas installé"),
]

OpenConsole = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_console(gateway: Gateway) -> AsyncIterator[OpenConsole]:
    """Open a console that has things to show, signed in as Alice; at the end, nothing may have been refused."""
    fill(gateway.client.app)
    troubles: list[str] = []
    home = str(gateway.client.make_url("/"))

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        async def open_one(path: str = "/agents/journal", **context: object) -> Page:
            page = await (await browser.new_context(locale="fr-FR", base_url=home, **context)).new_page()
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("console", lambda said: troubles.append(said.text) if "Security" in said.text else None)
            page.on("request", lambda sent: None if sent.url.startswith(home) else troubles.append(sent.url))
            await page.goto(path)
            await page.fill("#adresse", email_of("alice"))
            await page.fill("#motdepasse", PASSWORD)
            await page.press("#motdepasse", "Enter")
            await page.wait_for_url(f"**{path}")
            return page

        yield open_one
        await browser.close()
    assert troubles == []


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(1280, "light", id="large-light"),
        pytest.param(1280, "dark", id="large-dark"),
        pytest.param(390, "light", id="small-light"),
        pytest.param(390, "dark", id="small-dark"),
    ],
)
async def test_every_screen_can_be_read_by_everybody(open_console: OpenConsole, width: int, scheme: str) -> None:
    page = await open_console(viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 200, name
        found[name] = [*(await axe_troubles(page)), *(await too_wide(page, width))]
    assert found == {name: [] for name in PAGES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_seen_before_signing_in_too(open_console: OpenConsole, scheme: str) -> None:
    page = await open_console(color_scheme=scheme)
    await page.context.clear_cookies()
    for path in PUBLIC_PAGES.values():
        await page.goto(path)
        assert await axe_troubles(page) == []


async def axe_troubles(page: Page) -> list[str]:
    """What axe finds wrong: the rule and the first place."""
    results = await Axe().run(page)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in results.response["violations"]]


async def too_wide(page: Page, width: int) -> list[str]:
    """What sticks out of the screen."""
    widest = await page.evaluate("document.documentElement.scrollWidth")
    return [f"{widest} px wide"] if widest > width else []


async def test_every_screen_is_worked_with_the_keyboard_alone(open_console: OpenConsole) -> None:
    page = await open_console()
    missed = {}
    for name, path in PAGES.items():
        await page.goto(path)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "contenu"
        missed[name] = await page.evaluate(
            """() => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")]
                .filter((one) => one.checkVisibility() && one.type !== "hidden" && one.tabIndex < 0
                        && one.getAttribute("aria-hidden") !== "true")
                .map((one) => one.outerHTML.slice(0, 80))"""
        )
    assert missed == {name: [] for name in PAGES}


async def test_the_menu_of_a_small_screen_opens_without_a_script(open_console: OpenConsole) -> None:
    page = await open_console(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    await page.get_by_text("Menu", exact=True).click()
    await page.locator(".menu a", has_text="Comptes").click()
    assert page.url.endswith("/agents/comptes")


async def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        said = await page.evaluate(
            "(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText) || ''"
        )
        if words in said:
            return
    raise AssertionError(f"« {words} » cannot be reached")


async def test_a_request_is_followed_without_a_mouse(open_console: OpenConsole) -> None:
    page = await open_console()
    await tab_to(page, "Demandes")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/agents/demandes")
    await tab_to(page, "CDFG-HJKM")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/CDFG-HJKM")
    await tab_to(page, "État")
    await page.keyboard.press("p")
    await tab_to(page, "Note pour vos collègues")
    await page.keyboard.type("Rappeler lundi.")
    await tab_to(page, "Enregistrer")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**fait=suivi")
    assert await page.locator(".notice").inner_text() == "C’est enregistré."
    assert await page.locator("#etat").input_value() == "prise en charge"
    assert await page.locator("#note").input_value() == "Rappeler lundi."


async def test_what_is_wrong_is_said_beside_its_field_and_has_the_focus(open_console: OpenConsole) -> None:
    page = await open_console("/agents/comptes")
    await page.evaluate("document.querySelector('form.card').noValidate = true")
    await page.fill("#adresse", "sans arobase")
    await page.press("#adresse", "Enter")
    await page.locator("#adresse-erreur").wait_for()
    assert await page.evaluate("document.activeElement.id") == "adresse"
    assert await page.locator("#adresse").get_attribute("aria-describedby") == "adresse-erreur"
    assert await page.input_value("#adresse") == "sans arobase"


async def test_residents_read_the_pause_and_still_get_help(open_console: OpenConsole) -> None:
    staff = await open_console("/agents/pause")
    await staff.fill("#message", "Nous corrigeons une réponse.")
    await staff.fill("#motif", "réponse fausse")
    await staff.get_by_role("button", name="Mettre l’assistant en pause").click()
    await staff.locator(".notice").wait_for()
    page = await staff.context.new_page()
    await page.goto("/assistant")
    assert "Nous corrigeons une réponse." in await page.locator(".announced").inner_text()
    assert await axe_troubles(page) == []
    await page.fill("#message", "bonjour")
    await page.press("#message", "Enter")
    await page.locator("#problem-text", has_text="Nous corrigeons une réponse.").wait_for()
    assert await page.input_value("#message") == "bonjour"
    await page.fill("#message", DISTRESS)
    await page.press("#message", "Enter")
    await page.locator(".message.alert", has_text="3114").wait_for()


async def test_one_key_decides_on_a_question(open_console: OpenConsole) -> None:
    page = await open_console("/agents/revoir")
    await page.get_by_role("link", name="Continuer").click()
    asked = await page.locator("h1").inner_text()
    await page.keyboard.press("s")
    assert await page.evaluate("document.activeElement.id") == "sujet"
    # In a field, a letter is a letter.
    await page.keyboard.type("je")
    assert await page.locator("h1").inner_text() == asked
    await page.locator("h1").click()
    await page.keyboard.press("j")
    await page.locator(".notice").wait_for()
    assert "la réponse était juste" in await page.locator(".notice").inner_text()
    assert await page.locator("h1").inner_text() != asked
    await page.get_by_label("Une touche par décision").uncheck()
    await page.keyboard.press("j")
    await page.reload()
    assert not await page.get_by_label("Une touche par décision").is_checked()


async def test_the_warning_comes_while_the_example_is_written(open_console: OpenConsole) -> None:
    page = await open_console("/agents/revoir/1")
    await page.get_by_label("C’est le sujet…").fill("Écrire au service")
    await page.get_by_label("Un exemple à apprendre").fill("c’est quoi le quartier nord")
    await page.locator("[data-warning]:not([hidden])").wait_for()
    assert "proche d’un exemple de" in await page.locator("[data-warning]").inner_text()
    await page.get_by_label("Un exemple à apprendre").fill("où est votre boîte aux lettres")
    await page.locator("[data-warning][hidden]").wait_for(state="attached")
