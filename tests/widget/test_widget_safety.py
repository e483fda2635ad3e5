"""Checklist of the widget, tests 31 to 36: who is asked, what is kept, what a strict or hostile page does to it."""

import re
from typing import Any

import pytest
from conftest import Visit
from playwright.sync_api import Page, expect
from visitor import RICH, SMALL

pytestmark = pytest.mark.browser

LAUNCHER_LIMIT = 2_000  # bytes, compressed
CHAT_LIMIT = 12_000


def requests_of(page: Page) -> list[str]:
    """Written to as requests are made."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    return seen


def test_31_only_the_assistant_is_asked(visit: Visit) -> None:
    visitor = visit()
    seen = requests_of(visitor.page)
    visitor.go("ailleurs")
    visitor.open().ask(RICH)
    others = [url for url in seen if not url.startswith((visitor.site.chat, visitor.site.town))]
    assert others == []
    asked = [url.removeprefix(visitor.site.chat) for url in seen if url.startswith(visitor.site.chat)]
    assert [re.sub(r"-\w+\.js", "", path) for path in asked] == ["/w.js", "/widget/chat", "/api/status", "/api/chat"]


def test_32_nothing_is_kept_before_the_panel_is_opened(visit: Visit) -> None:
    visitor = visit()
    visitor.launcher.hover()
    visitor.launcher.focus()
    visitor.page.wait_for_timeout(200)
    assert visitor.storage() == {}
    assert visitor.page.context.cookies() == []
    assert visitor.page.evaluate("indexedDB.databases()") == []
    visitor.open()
    assert set(visitor.storage()) == {"allo.widget"}
    visitor.ask("bonjour")
    assert set(visitor.storage()) == {"allo.widget", "allo.session"}
    assert visitor.page.evaluate("localStorage.length") == 0
    assert visitor.page.context.cookies() == []


def test_32_erasing_empties_everything_here_and_there(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("à effacer")
    before = visitor.site.seen("turn")[-1]["session"]
    eraser = visitor.panel.get_by_role("button", name="Effacer")
    visitor.page.evaluate("watchFocus()")
    eraser.click()
    expect(visitor.mine).to_have_count(1)
    visitor.panel.get_by_role("button", name="Oui, tout effacer").click()
    expect(visitor.mine).to_have_count(0)
    expect(visitor.panel.locator(".examples")).to_be_visible()
    assert visitor.focus() == "field-0"
    assert visitor.page.evaluate("observed.lostFocus") == 0
    assert visitor.storage() == {}
    assert before in visitor.site.seen("erased")
    assert visitor.said()[-1] == ["status", "La conversation est effacée."]
    visitor.ask("une autre")
    assert visitor.site.seen("turn")[-1]["session"] != before


def test_32_a_conversation_that_could_not_be_erased_is_still_there(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("à effacer")
    visitor.page.route("**/api/chat", lambda route: route.abort())
    visitor.panel.get_by_role("button", name="Effacer").click()
    visitor.panel.get_by_role("button", name="Oui, tout effacer").click()
    visitor.page.wait_for_function("observed.said.some(([role]) => role === 'alert')")
    expect(visitor.mine).to_have_count(1)


@pytest.mark.parametrize("screen", [pytest.param({}, id="beside"), pytest.param(SMALL, id="modal")])
def test_33_a_strict_page_refuses_nothing(visit: Visit, screen: dict[str, Any]) -> None:
    visitor = visit("strict", data={"color": "#000091"}, **screen).open()
    visitor.ask(RICH)
    visitor.panel.locator("summary").click()
    visitor.panel.get_by_role("button", name="Plus simple").click()
    visitor.panel.get_by_role("button", name="Utile", exact=True).click()
    visitor.panel.get_by_role("button", name="Garder").click()
    with visitor.page.expect_download() as download:
        visitor.panel.get_by_role("button", name="Enregistrer en texte").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Vous\nriche\n\nAssistant\nLa CAF verse des aides." in text.replace("\r\n", "\n")
    assert "L’État signe un « Contrat de Ville »" in text
    assert visitor.panel.evaluate("dialog => getComputedStyle(dialog).display") == "flex"
    assert visitor.page.evaluate("observed.violations") == []


def test_33_it_is_printed_alone(visit: Visit) -> None:
    visitor = visit("strict").open()
    visitor.ask(RICH)
    visitor.page.context.add_init_script("window.print = () => (window.printed = true)")
    visitor.panel.get_by_role("button", name="Garder").click()
    with visitor.page.expect_popup() as popup:
        visitor.panel.get_by_role("button", name="Imprimer").click()
    paper = popup.value
    assert paper.locator("h2").all_inner_texts() == ["Vous", "Assistant"]
    assert "La CAF est un partenaire." in paper.locator("body").inner_text()
    assert visitor.page.evaluate("observed.violations") == []


def test_33_the_assistant_s_own_demonstration_carries_it(visit: Visit) -> None:
    visitor = visit()
    visitor.page.goto(visitor.site.chat)
    visitor.open().ask(RICH)
    assert visitor.page.evaluate("observed.violations") == []
    visitor.page.goto(f"{visitor.site.chat}/assistant")
    expect(visitor.page.locator(".said")).to_have_text(RICH)


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<b>y</b>)",
    "[x](vbscript:x)",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](//a.example)",
    "**[x](javascript:alert`1`)**",
    '<a href="javascript:alert(1)">x</a>',
    "javascript:alert(1)",
]


@pytest.mark.parametrize("text", [pytest.param(text, id=str(place)) for place, text in enumerate(HOSTILE)])
def test_34_hostile_text_stays_text(visit: Visit, text: str) -> None:
    visitor = visit().open()
    dialogs: list[str] = []
    visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    source = {
        "title": text,
        "url": "javascript:alert(1)",
        "quote": text,
        "verified_on": "2026-11-01",
        "complement": False,
    }
    said = visitor.hear(
        {"text": text, "simple": text, "choices": [{"label": text, "payload": "/a"}], "sources": [source]}
    )
    tags = said.evaluate("one => [...one.querySelectorAll('*')].map(child => child.localName)")
    known = "p div span button details summary figure blockquote figcaption time a strong em"
    assert set(tags) <= set(known.split(" "))
    links = said.locator("a").evaluate_all("links => links.map(link => new URL(link.href).protocol)")
    assert set(links) <= {"http:", "https:", "tel:", "mailto:"}
    handlers = said.evaluate("one => [...one.querySelectorAll('*')].flatMap(child => child.getAttributeNames())")
    assert not [name for name in handlers if name.startswith("on")]
    assert dialogs == []


def test_35_both_files_fit_their_budget(visit: Visit) -> None:
    visitor = visit()
    with visitor.page.expect_response(re.compile(r"/w\.js")) as launcher:
        visitor.go("ailleurs")
    with visitor.page.expect_response(re.compile(r"/widget/chat-")) as chat:
        visitor.open()
    for response, limit in ((launcher.value, LAUNCHER_LIMIT), (chat.value, CHAT_LIMIT)):
        assert response.headers["content-encoding"] == "gzip"
        assert int(response.headers["content-length"]) <= limit


def test_35_nothing_of_the_page_moves(visit: Visit) -> None:
    visitor = visit()
    visitor.open().ask(RICH)
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_timeout(200)
    assert visitor.page.evaluate("observed.shift") == 0


def test_35_before_the_panel_is_opened_one_small_file_is_asked_for(visit: Visit) -> None:
    visitor = visit()
    seen = requests_of(visitor.page)
    visitor.go("ailleurs")
    visitor.page.wait_for_timeout(200)
    assert [url for url in seen if visitor.site.chat in url] == [f"{visitor.site.chat}/w.js"]


@pytest.mark.parametrize("screen", [pytest.param({}, id="beside"), pytest.param(SMALL, id="modal")])
def test_36_a_hostile_style_sheet_does_not_break_it(visit: Visit, screen: dict[str, Any]) -> None:
    visitor = visit("hostile", **screen)
    expect(visitor.launcher).to_be_visible()
    visitor.open().ask(RICH)
    said = visitor.replies.last.locator(".text p").first
    assert said.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 16
    assert visitor.field.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert visitor.page.locator("commune-chat").evaluate("one => getComputedStyle(one).position") == "fixed"
    regions = visitor.page.evaluate(
        "[...document.querySelectorAll('commune-chat > [role]')].map(r => r.checkVisibility())"
    )
    assert regions == [True, True, True]
    visitor.panel.get_by_role("button", name="Fermer").click()
    expect(visitor.panel).to_be_hidden()


@pytest.mark.parametrize("screen", [pytest.param({}, id="beside"), pytest.param(SMALL, id="modal")])
def test_36_the_page_is_not_scrolled(visit: Visit, screen: dict[str, Any]) -> None:
    visitor = visit(**screen)
    visitor.page.evaluate("scrollTo(0, 120)")
    visitor.open()
    visitor.ask(RICH)
    visitor.field.fill("/!erreur")
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".unsent")).to_be_visible()
    assert visitor.page.evaluate("scrollY") == 120


def test_36_the_page_stays_as_it_was(visit: Visit) -> None:
    visitor = visit()
    visitor.page.route("**/w.js", lambda route: route.abort())
    visitor.page.goto(f"{visitor.site.town}/calm")
    before = visitor.page.evaluate("measured.pageStyles()")
    visitor.page.unroute("**/w.js")
    visitor.go("calm")
    visitor.open().ask(RICH)
    visitor.page.keyboard.press("Escape")
    visitor.launcher.evaluate("button => button.blur()")
    visitor.page.mouse.move(0, 0)
    assert visitor.page.evaluate("measured.pageStyles()") == before


def test_it_says_so_when_the_conversation_cannot_be_loaded(visit: Visit) -> None:
    visitor = visit()
    visitor.page.route("**/widget/*", lambda route: route.abort())
    visitor.launcher.click()
    link = visitor.page.get_by_role("link", name="Ouvrir l’assistant sur sa page")
    expect(link).to_have_attribute("href", f"{visitor.site.chat}/assistant")
    assert [role for role, _ in visitor.said()] == ["alert"]
    visitor.page.unroute("**/widget/*")
    visitor.open()


def test_a_plain_link_for_browsers_without_what_it_needs(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script("delete window.HTMLDialogElement")
    visitor.page.goto(f"{visitor.site.town}/calm")
    link = visitor.page.get_by_role("link", name="Poser une question")
    expect(link).to_have_attribute("href", f"{visitor.site.chat}/assistant")
