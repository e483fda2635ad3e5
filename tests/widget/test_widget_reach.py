"""Checklist of the widget, tests 1 to 10: found, opened, walked through and closed without a mouse."""

import io
import json
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from conftest import Visit
from PIL import Image
from playwright.sync_api import Page, expect
from visitor import PHONE, RICH, SMALL, Visitor

pytestmark = pytest.mark.browser

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
FORM = {
    "text": "Quel est votre nom ?",
    "kind": "form",
    "fields": [{"label": "Nom", "type": "text", "autocomplete": "name"}],
}


def fail_once(visitor: Visitor) -> None:
    visitor.open().ask(RICH)
    visitor.field.fill("/!erreur")
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".unsent")).to_be_visible()


STATES = {
    "closed": lambda visitor: None,
    "open": lambda visitor: visitor.open(),
    "answered": lambda visitor: visitor.open().ask(RICH).locator("summary").click(),
    "form": lambda visitor: visitor.open().hear(FORM),
    "alert": lambda visitor: visitor.open().hear({"text": "Appelez le **3114**.", "kind": "alert"}),
    "error": fail_once,
}


def run_axe(page: Page) -> dict[str, Any]:
    """The results of axe on the widget alone, all seven tags."""
    page.evaluate(AXE_SCRIPT)
    options = json.dumps({"runOnly": AXE_TAGS})
    found: dict[str, Any] = page.evaluate(f"axe.run('commune-chat', {options})")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", [pytest.param(state, id=name) for name, state in STATES.items()])
def test_01_axe_finds_nothing_wrong(visit: Visit, state: Any, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    state(visitor)
    visitor.page.wait_for_timeout(250)  # the panel has risen
    results = run_axe(visitor.page)
    wrong = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in results["violations"]]
    assert wrong == []
    least = 8 if state is STATES["closed"] else 20
    assert len(results["passes"]) > least


def test_01_axe_is_awake(visit: Visit) -> None:
    visitor = visit().open()
    visitor.panel.locator(".fields label").evaluate("label => label.remove()")
    visitor.panel.locator("[role=group]").first.evaluate("group => group.setAttribute('role', 'nothing')")
    assert {"label", "aria-roles"} <= {one["id"] for one in run_axe(visitor.page)["violations"]}


def test_02_the_launcher_is_the_last_stop_and_says_its_state(visit: Visit) -> None:
    visitor = visit()
    assert visitor.tab_stops()[-1] == "launcher"
    assert visitor.launcher.evaluate("button => button.tagName") == "BUTTON"
    expect(visitor.launcher).to_have_accessible_name("Poser une question")
    expect(visitor.launcher).to_have_text("Poser une question")
    for state in ("false", "true", "false"):
        expect(visitor.launcher).to_have_attribute("aria-expanded", state)
        visitor.launcher.click()


def read_tree(page: Page) -> list[dict[str, Any]]:
    """The nodes of the whole accessibility tree that are not ignored."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node["ignored"]]


def test_03_closed_nothing_of_the_panel_is_there(visit: Visit) -> None:
    visitor = visit()
    page_stops = ["first", "page-button", "page-field", "under", "last", "launcher"]
    assert visitor.tab_stops() == page_stops
    visitor.open().ask(RICH)
    visitor.page.keyboard.press("Escape")
    roles = {node["role"]["value"] for node in read_tree(visitor.page)}
    names = {node.get("name", {}).get("value") for node in read_tree(visitor.page)}
    assert "button" in roles and "Poser une question" in names
    assert not roles & {"dialog", "listitem"} and not names & {"Fermer", "Votre question", "Messages"}
    visitor.page.locator("#first").focus()
    assert visitor.tab_stops() == page_stops[1:]


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize(
    ("screen", "goal"), [pytest.param({}, "field-0", id="mouse"), pytest.param(PHONE, "title", id="touch")]
)
def test_04_enter_and_space_open_it_and_the_focus_goes_in(
    visit: Visit, key: str, screen: dict[str, Any], goal: str
) -> None:
    visitor = visit(**screen)
    visitor.launcher.focus()
    visitor.page.keyboard.press(key)
    expect(visitor.panel).to_be_visible()
    assert visitor.focus() == goal
    assert visitor.field.input_value() == ""


def test_05_a_page_that_loads_moves_no_focus(visit: Visit) -> None:
    visitor = visit()
    assert visitor.focus() == "body"
    visitor.open().ask(RICH)
    visitor.go("ailleurs")
    expect(visitor.replies).to_have_count(1)
    assert visitor.focus() == "body"


@pytest.mark.parametrize("where", ["#first", "#page-field", "commune-chat .log", "commune-chat .fields textarea"])
def test_06_escape_closes_from_anywhere(visit: Visit, where: str) -> None:
    visitor = visit().open()
    visitor.page.locator(where).focus()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focus() == "launcher"


def test_06_escape_is_left_to_the_page_that_uses_it(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.evaluate("document.getElementById('first').addEventListener('keydown', e => e.preventDefault())")
    visitor.page.locator("#first").focus()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_visible()


def test_07_beside_the_page_the_panel_is_no_trap(visit: Visit) -> None:
    visitor = visit().open()
    assert visitor.panel.evaluate("dialog => dialog.matches(':modal')") is False
    forward = visitor.tab_stops()
    assert forward[0] == "send" and len(forward) < 10
    visitor.field.focus()
    backward = visitor.tab_stops("Shift+Tab")
    assert "launcher" in backward and "first" in backward


def test_07_on_a_small_screen_the_panel_is_modal(visit: Visit) -> None:
    visitor = visit(**SMALL).open()
    assert visitor.panel.evaluate("dialog => dialog.matches(':modal')") is True
    stops = visitor.tab_stops(limit=30)
    assert not {"first", "page-button", "page-field", "last", "launcher"} & set(stops)
    visitor.panel.get_by_role("button", name="Fermer").click()
    assert visitor.focus() == "launcher"
    visitor.open()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focus() == "launcher"


def test_07_a_window_made_small_keeps_the_panel_and_the_focus(visit: Visit) -> None:
    visitor = visit().open()
    visitor.field.fill("ma question")
    visitor.page.set_viewport_size({"width": 390, "height": 700})
    expect(visitor.panel).to_have_class("panel modal")
    assert visitor.focus() == "field-0"
    visitor.page.set_viewport_size({"width": 1280, "height": 720})
    expect(visitor.panel).to_have_class("panel")
    assert visitor.field.input_value() == "ma question"
    assert visitor.panel.evaluate("dialog => dialog.matches(':modal')") is False


def test_08_what_the_panel_covers_can_be_uncovered(visit: Visit) -> None:
    visitor = visit(viewport={"width": 800, "height": 700}).open()
    covered = []
    for stop in ("first", "page-button", "page-field", "under", "last"):
        visitor.page.locator(f"#{stop}").focus()
        if visitor.page.evaluate("measured.isCovered()"):
            covered.append(stop)
    assert "under" in covered and "first" not in covered
    for stop in covered:
        visitor.page.locator(f"#{stop}").focus()
        visitor.page.keyboard.press("Escape")
        visitor.page.locator(f"#{stop}").focus()
        assert not visitor.page.evaluate("measured.isCovered()")
        visitor.launcher.click()


def luminance(image: Image.Image) -> Any:
    """WCAG's relative luminance of each pixel."""
    channels = np.asarray(image.convert("RGB"), dtype=float) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def outline_area(visitor: Visitor) -> tuple[float, float]:
    """Pixels that change by 3:1 or more when the focus leaves, and what an outline of 2 px takes at least."""
    box = visitor.page.evaluate("measured.focusBox()")
    clip = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": box["height"] + 16}
    clip = {**clip, "x": max(0, clip["x"]), "y": max(0, clip["y"])}
    shots = []
    for act in ("void 0", "(window.kept = focused()).blur()"):
        visitor.page.evaluate(act)
        shots.append(luminance(Image.open(io.BytesIO(visitor.page.screenshot(clip=clip, caret="hide")))))
    visitor.page.evaluate("kept.focus()")
    light, dark = np.maximum(*shots) + 0.05, np.minimum(*shots) + 0.05
    return float((light / dark >= 3).sum()), 2 * 2 * (box["width"] + box["height"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_09_the_focus_is_seen(visit: Visit, scheme: str) -> None:
    visitor = visit(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 1000})
    visitor.open().ask(RICH)
    visitor.launcher.focus()
    seen = {}
    for _ in range(30):
        name = visitor.focus()
        if name == "body":
            break
        changed, least = outline_area(visitor)
        if changed < 0.7 * least:
            seen[name] = (changed, least)
        visitor.page.keyboard.press("Tab")
    else:
        pytest.fail("the walk never ended")
    assert seen == {}


def test_10_the_order_of_stops_is_the_order_seen(visit: Visit) -> None:
    visitor = visit(data={"contact": "/contact"}).open()
    visitor.ask(RICH)
    visitor.launcher.focus()
    stops = visitor.tab_stops()
    expected = "choice log tool tool summary choice choice tool tool tool field-0 send tool tool tool"
    assert " ".join(stops) == expected
    tops = visitor.page.evaluate(
        "[...document.querySelector('commune-chat').shadowRoot.querySelectorAll('.head, .log, .composer, .foot')]"
        ".map(part => part.getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    assert [one.strip() for one in visitor.panel.locator(".foot > .tool:visible").all_inner_texts()] == [
        "Parler à une personne",
        "Garder",
        "Effacer",
    ]
