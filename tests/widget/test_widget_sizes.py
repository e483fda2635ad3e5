"""Checklist of the widget, tests 19 to 25: small screens, big text, fat fingers, contrast, motion, keyboards."""

import re
from typing import Any

import pytest
from conftest import Visit
from playwright.sync_api import expect
from test_widget_reach import fail_once
from visitor import PHONE, RICH, Visitor

pytestmark = pytest.mark.browser

TINY = {"viewport": {"width": 320, "height": 256}}


@pytest.mark.parametrize("state", ["first-screen", "answered"])
def test_19_in_320_by_256_every_control_can_be_reached_and_seen(visit: Visit, state: str) -> None:
    visitor = visit(**TINY, reduced_motion="reduce").open()
    if state == "answered":
        visitor.ask(RICH)
        visitor.panel.locator("summary").click()
    assert visitor.page.evaluate("measured.wide()") == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stops = []
    for _ in range(20):
        visitor.page.keyboard.press("Tab")
        name = visitor.focus()
        if name in ("body", "launcher") and stops:
            break
        stops.append(name)
        if name not in ("log", "body"):
            assert visitor.page.evaluate("measured.isFocusInView()"), name
    assert {"send", "field-0", "tool"} <= set(stops)


SPACED = """const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }`);
document.querySelector('commune-chat').shadowRoot.adoptedStyleSheets.push(sheet)"""


@pytest.mark.parametrize("change", ["big-text", "spaced-text", "both"])
@pytest.mark.parametrize("width", [320, 1280])
def test_20_bigger_or_wider_text_is_neither_cut_nor_piled_up(visit: Visit, change: str, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 800}).open()
    visitor.ask(RICH)
    before = visitor.panel.locator(".text p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    if change != "spaced-text":
        visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
        after = visitor.panel.locator(".text p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
        assert after == 2 * before
    if change != "big-text":
        visitor.page.evaluate(SPACED)
    visitor.panel.locator("summary").click()
    assert visitor.page.evaluate("measured.clipped()") == []
    assert visitor.page.evaluate("measured.overlapping()") == []


def test_20_a_page_that_shrinks_its_text_does_not_shrink_ours(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.evaluate("document.documentElement.style.fontSize = '50%'")
    assert visitor.panel.evaluate("dialog => getComputedStyle(dialog).fontSize") == "16px"


@pytest.mark.parametrize("screen", [pytest.param({}, id="mouse"), pytest.param(PHONE, id="touch")])
def test_21_every_target_is_big_enough(visit: Visit, screen: dict[str, Any]) -> None:
    visitor = visit(**screen).open()
    visitor.ask(RICH)
    visitor.panel.locator("summary").click()
    visitor.panel.get_by_role("button", name="Garder").click()
    visitor.panel.get_by_role("button", name="Utile", exact=True).click()
    expect(visitor.panel.locator(".opinion textarea")).to_be_visible()
    targets = visitor.page.evaluate("measured.targets()")
    assert len(targets) > 12
    assert [one for one in targets if one[1] < one[2] - 0.1] == []


# Teal, the darkest, pure ones, and the palest that pass: just above 4.5 with white.
ACCEPTED = ["#0f5c62", "#000", "#000091", "#b00020", "#008000", "#767676", "#757575", "#e50000", "#6a4c93", "#9c5221"]
REFUSED = {"#ffcc00": "1,51", "#777777": "4,47", "#00aaff": "2,56", "rouge": "?", "#12345": "?", "url(x)": "?"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", [pytest.param(color, id=color) for color in ACCEPTED])
def test_22_a_colour_that_is_accepted_is_legible_everywhere(visit: Visit, color: str, scheme: str) -> None:
    visitor = visit(data={"color": color}, color_scheme=scheme, reduced_motion="reduce")
    visitor.open().hear(
        {
            "text": "Un [lien](https://ville.example/).",
            "simple": "Simple.",
            "choices": [{"label": "Oui", "payload": "/a"}],
            "sources": [
                {
                    "title": "t",
                    "url": "https://ville.example/",
                    "quote": "q",
                    "verified_on": "2026-11-01",
                    "complement": True,
                }
            ],
        }
    )
    visitor.panel.locator("summary").click()
    fail_twice(visitor)
    visitor.panel.get_by_role("button", name="Parler à une personne").click()
    assert visitor.page.locator("commune-chat").get_attribute("color-refused") is None
    found = visitor.page.evaluate("measured.contrasts()")
    assert len(found) > 15
    assert [one for one in found if one[1] < 4.5] == []


def fail_twice(visitor: Visitor) -> None:
    visitor.field.fill("/!erreur")
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".unsent")).to_be_visible()


@pytest.mark.parametrize(("color", "ratio"), [pytest.param(*pair, id=pair[0]) for pair in REFUSED.items()])
def test_22_a_colour_that_is_too_weak_is_refused_with_its_ratio(visit: Visit, color: str, ratio: str) -> None:
    visitor = visit()
    told: list[str] = []
    visitor.page.on("console", lambda message: told.append(message.text))
    visitor.go("calm", color=color)
    assert visitor.page.locator("commune-chat").get_attribute("color-refused") == ratio
    assert f"la couleur «\u202f{color}\u202f» est refusée" in told[0] and f"{ratio} pour 1" in told[0]
    ground = visitor.launcher.evaluate("button => getComputedStyle(button).backgroundColor")
    assert ground == "rgb(15, 92, 99)"


SHAPES = [".bubble", ".you .bubble", ".choice", ".send", ".head .choice", ".fields textarea", ".problem"]


def test_23_forced_colours_keep_every_shape(visit: Visit) -> None:
    visitor = visit(forced_colors="active")
    fail_once(visitor)
    assert visitor.page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert visitor.page.evaluate("measured.borderless", SHAPES) == []
    for name in ("Fermer", "Réessayer", "Envoyer"):
        visitor.panel.get_by_role("button", name=name, exact=True).focus()
        visitor.page.keyboard.press("Shift")
        assert visitor.page.evaluate("parseFloat(getComputedStyle(focused()).outlineWidth)") >= 2


@pytest.mark.parametrize(
    ("motion", "moving"), [pytest.param("reduce", 0, id="reduced"), pytest.param("no-preference", 1, id="usual")]
)
def test_24_nothing_moves_for_those_who_asked(visit: Visit, motion: str, moving: int) -> None:
    visitor = visit(reduced_motion=motion).open()
    visitor.page.wait_for_timeout(300)
    visitor.page.route("**/api/chat", lambda route: None)
    visitor.field.fill("bonjour")
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".waiting")).to_be_visible()
    assert visitor.page.evaluate("measured.moving()") == moving


@pytest.mark.parametrize("shape", ["portrait", "landscape", "keyboard"])
def test_25_the_field_and_the_last_message_stay_in_view(visit: Visit, shape: str) -> None:
    visitor = visit(**PHONE).open()
    visitor.ask("bonjour")
    height = 780
    if shape == "landscape":
        height = 430
        visitor.page.set_viewport_size({"width": 844, "height": height})
    if shape == "keyboard":
        height = 430
        visitor.page.evaluate(
            "Object.defineProperty(visualViewport, 'height', { get: () => 430 }),"
            " visualViewport.dispatchEvent(new Event('resize'))"
        )
    visitor.field.tap()
    visitor.page.wait_for_timeout(100)
    assert visitor.page.evaluate("measured.isInView", [".fields textarea", height])
    assert visitor.page.evaluate("measured.isInView", [".assistant .text", height])


def test_25_no_field_makes_a_phone_zoom(visit: Visit) -> None:
    visitor = visit(**PHONE).open()
    size = visitor.field.evaluate("field => getComputedStyle(field).fontSize")
    assert float(re.sub("px", "", size)) >= 16
