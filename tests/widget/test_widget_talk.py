"""Checklist of the widget, tests 11 to 18: asking, hearing the answer, failing, trying again.

What a screen reader is told is what the live regions hold, one change after the other: `observed.js` writes
each of them down. The rest is read in the browser's own accessibility tree.
"""

import re
import time
from typing import Any

import pytest
from conftest import Visit
from playwright.sync_api import Page, Route, expect
from test_widget_reach import FORM, read_tree
from visitor import PHONE, RICH, Visitor

pytestmark = pytest.mark.browser

CHAT = "**/api/chat"
FORM_CHOICE = {**FORM, "choices": [{"label": "Annuler", "payload": "/cancel"}]}


def delay(page: Page, seconds: float) -> None:
    """Hold every message back."""

    def hold(route: Route) -> None:
        time.sleep(seconds)
        route.continue_()

    page.route(CHAT, hold)


def test_11_after_enter_the_field_is_empty_and_keeps_the_focus(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("bonjour")
    assert visitor.field.input_value() == ""
    assert visitor.focus() == "field-0"
    visitor.field.press("Shift+Enter")
    assert visitor.field.input_value() == "\n"
    visitor.field.fill("/!erreur")
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".unsent")).to_be_visible()
    assert visitor.field.input_value() == "/!erreur"
    assert visitor.focus() == "field-0"


def test_11_what_was_being_written_is_there_on_the_next_page(visit: Visit) -> None:
    visitor = visit().open()
    visitor.field.fill("une question pas finie")
    visitor.go("ailleurs")
    expect(visitor.field).to_have_value("une question pas finie")


@pytest.mark.parametrize("screen", [pytest.param({}, id="mouse"), pytest.param(PHONE, id="touch")])
@pytest.mark.parametrize("kind", ["choice", "example"])
def test_12_a_touched_choice_never_loses_the_focus(visit: Visit, screen: dict[str, Any], kind: str) -> None:
    visitor = visit(**screen).open()
    if kind == "choice":
        visitor.ask(RICH)
    visitor.page.evaluate("watchFocus()")
    before = visitor.replies.count()
    choice = visitor.panel.locator(".choices:visible button").first
    label = choice.inner_text()
    choice.focus()
    choice.press("Enter")
    expect(visitor.replies).to_have_count(before + 1)
    expect(visitor.mine.last).to_have_text(label)
    assert visitor.page.evaluate("observed.lostFocus") == 0
    assert visitor.focus() == "you"
    assert visitor.page.evaluate("focused().textContent").endswith(label)


def test_13_a_turn_is_announced_once_with_all_it_says(visit: Visit) -> None:
    visitor = visit().open()
    visitor.hear(
        {"text": "Un **texte**.\n\n- un\n- deux"},
        {"text": "Et un autre.", "choices": [{"label": "Oui", "payload": "/a"}, {"label": "Non", "payload": "/b"}]},
    )
    assert visitor.said() == [
        ["status", "L’assistant répond\u202f: Un texte. un deux Et un autre. Choix proposés\u202f: Oui, Non."]
    ]
    visitor.ask("encore")
    assert [role for role, _ in visitor.said()] == ["status", "status"]


def test_13_a_restored_conversation_is_not_announced(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(RICH)
    visitor.go("ailleurs")
    expect(visitor.replies).to_have_count(1)
    assert visitor.said() == []


def test_13_the_list_itself_says_nothing(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(RICH)
    assert visitor.panel.locator("[aria-live], [role=log], [role=status], [role=alert], [aria-busy]").count() == 0


@pytest.mark.parametrize(
    ("seconds", "heard"), [pytest.param(1.0, ["L’assistant écrit…"], id="slow"), pytest.param(0.0, [], id="quick")]
)
def test_14_waiting_is_said_when_it_lasts(visit: Visit, seconds: float, heard: list[str]) -> None:
    visitor = visit().open()
    if seconds:
        delay(visitor.page, seconds)
    visitor.field.fill("bonjour")
    visitor.field.press("Enter")
    if seconds:
        expect(visitor.panel.locator(".waiting")).to_be_visible()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.panel.locator(".waiting")).to_be_hidden()
    assert [text for _, text in visitor.said()][:-1] == heard


def lose_the_answer(visitor: Visitor) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.page.route(CHAT, lose)


BREAKS = {
    "offline": lambda visitor: visitor.page.context.set_offline(True),
    "error-500": lambda visitor: visitor.page.route(CHAT, lambda route: route.fulfill(status=500, body="panne")),
    "answer-lost": lose_the_answer,
}


@pytest.mark.parametrize("break_it", [pytest.param(one, id=name) for name, one in BREAKS.items()])
def test_15_a_failure_is_said_once_and_a_retry_answers_once(visit: Visit, break_it: Any) -> None:
    visitor = visit().open()
    text = f"ma question {time.monotonic_ns()}"
    break_it(visitor)
    visitor.field.fill(text)
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".unsent")).to_have_text("Non envoyé")
    assert [role for role, _ in visitor.said() if role == "alert"] == ["alert"]
    assert "Votre message est gardé" in visitor.said()[-1][1]
    assert visitor.field.input_value() == text
    visitor.page.unroute(CHAT)
    visitor.page.context.set_offline(False)
    retry = visitor.panel.get_by_role("button", name="Réessayer")
    assert retry.evaluate("button => (button.focus(), focused() === button)")
    visitor.page.evaluate("watchFocus()")
    retry.press("Enter")
    expect(visitor.replies).to_have_count(1)
    expect(visitor.mine).to_have_text([text])
    assert visitor.field.input_value() == ""
    assert visitor.page.evaluate("observed.lostFocus") == 0
    assert visitor.site.times_asked(text) == 1


def test_15_an_answer_lost_on_the_way_comes_by_itself(visit: Visit) -> None:
    visitor = visit().open()
    text = f"une fois {time.monotonic_ns()}"
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost:
            return route.continue_()
        route.fetch()
        lost.append(route.request.url)
        return route.abort()

    visitor.page.route(CHAT, lose_once)
    visitor.ask(text)
    expect(visitor.replies).to_have_count(1)
    assert visitor.site.times_asked(text) == 1
    assert not [role for role, _ in visitor.said() if role == "alert"]


def test_15_silence_is_given_up_in_words(visit: Visit) -> None:
    visitor = visit()
    visitor.page.clock.install()
    visitor.open()
    visitor.page.route(CHAT, lambda route: None)
    visitor.field.fill("bonjour")
    visitor.field.press("Enter")
    visitor.page.clock.fast_forward(46_000)
    expect(visitor.panel.locator(".problem")).to_contain_text("met trop de temps")
    assert visitor.field.input_value() == "bonjour"


def test_15_without_an_assistant_the_contact_is_given(visit: Visit) -> None:
    visitor = visit().open()
    visitor.field.fill("/!erreur")
    visitor.field.press("Enter")
    problem = visitor.panel.locator(".problem")
    expect(problem.locator("a")).to_have_attribute("href", "tel:0300000000")
    assert "03 00 00 00 00" in visitor.said()[-1][1]


def test_15_a_choice_that_was_not_sent_can_be_sent_again(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(RICH)
    visitor.page.route(CHAT, lambda route: route.fulfill(status=500, body="panne"))
    visitor.panel.get_by_role("button", name="Les partenaires").click()
    expect(visitor.panel.locator(".unsent")).to_be_visible()
    visitor.page.unroute(CHAT)
    visitor.panel.get_by_role("button", name="Réessayer").click()
    expect(visitor.replies.last).to_contain_text("/list_partenaire")
    expect(visitor.mine).to_have_text([RICH, "Les partenaires"])


REGIONS = "[...document.querySelectorAll('commune-chat > [role]')]"


def test_16_the_live_regions_are_ready_before_they_speak(visit: Visit) -> None:
    visitor = visit()
    found = visitor.page.evaluate(
        f"{REGIONS}.map(one => [one.getAttribute('role'), one.textContent, one.getRootNode() === document,"
        " one.hasAttribute('tabindex'), one.hasAttribute('aria-busy')])"
    )
    assert found == [[role, "", True, False, False] for role in ("status", "status", "alert")]
    visitor.page.clock.install()
    visitor.open().ask("bonjour")
    assert any(visitor.page.evaluate(f"{REGIONS}.map(one => one.textContent)"))
    visitor.page.clock.fast_forward(10_000)
    assert visitor.page.evaluate(f"{REGIONS}.map(one => one.textContent)") == ["", "", ""]


@pytest.mark.parametrize("screen", [pytest.param({}, id="beside"), pytest.param(PHONE, id="modal")])
def test_16_the_live_regions_are_in_the_tree_while_the_panel_is_open(visit: Visit, screen: dict[str, Any]) -> None:
    visitor = visit(**screen).open()
    roles = [node["role"]["value"] for node in read_tree(visitor.page)]
    assert (roles.count("status"), roles.count("alert")) == (2, 1)


def test_17_the_tree_says_who_speaks(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(RICH)
    nodes = read_tree(visitor.page)
    by_id = {node["nodeId"]: node for node in nodes}
    dialog = next(node for node in nodes if node["role"]["value"] == "dialog")
    heading = next(
        node for node in nodes if node["role"]["value"] == "heading" and node["name"]["value"] == "Allô Quartiers"
    )
    assert dialog["name"]["value"] == heading["name"]["value"]
    items = [node for node in nodes if node["role"]["value"] == "listitem"]
    heard = [_first_text(node, by_id) for node in items]
    assert [text for text in heard if text in ("Vous", "Assistant")] == ["Vous", "Assistant"]
    assert not [node for node in nodes if node["role"]["value"] == "time"]


def _first_text(node: dict[str, Any], by_id: dict[str, Any]) -> str:
    for child in (by_id.get(one) for one in node["childIds"]):
        if child is None:
            continue
        if child["role"]["value"] == "StaticText":
            return str(child["name"]["value"])
        if found := _first_text(child, by_id):
            return found
    return ""


def test_18_the_field_is_labelled_and_errors_are_said_in_words(visit: Visit) -> None:
    visitor = visit().open()
    expect(visitor.panel.locator("label").first).to_be_visible()
    expect(visitor.field).to_have_accessible_name("Votre question")
    expect(visitor.field).to_have_accessible_description(re.compile("^500 caractères au plus"))
    for text, problem in [("  ", "Votre message est vide"), ("x" * 501, "501 caractères, 500 au plus")]:
        visitor.field.fill(text)
        visitor.field.press("Enter")
        expect(visitor.panel.locator(".error")).to_contain_text(problem)
        expect(visitor.field).to_have_attribute("aria-invalid", "true")
        expect(visitor.field).to_have_accessible_description(re.compile(problem))
        assert visitor.focus() == "field-0"
        assert visitor.field.input_value() == text
    assert [role for role, _ in visitor.said()] == ["alert", "alert"]
    visitor.ask("bonjour")
    expect(visitor.field).to_have_attribute("aria-invalid", "false")


def test_18_a_step_of_a_form_has_its_proper_field(visit: Visit) -> None:
    visitor = visit().open()
    visitor.hear(FORM_CHOICE)
    expect(visitor.field).to_have_accessible_name("Nom")
    expect(visitor.field).to_have_attribute("autocomplete", "name")
    assert visitor.focus() == "field-0"
    visitor.field.press("Enter")
    expect(visitor.panel.locator(".error")).to_contain_text("Votre message est vide")
    visitor.hear({"text": "Je n’ai pas reconnu un nom.", "kind": "form"}, FORM_CHOICE)
    expect(visitor.panel.locator(".error")).to_have_text("Je n’ai pas reconnu un nom.")
    expect(visitor.field).to_have_accessible_description(re.compile("Je n’ai pas reconnu un nom"))
    visitor.panel.get_by_role("button", name="Annuler").click()
    expect(visitor.replies.last).to_contain_text("/cancel")
    expect(visitor.field).to_have_accessible_name("Votre question")
    expect(visitor.panel.locator(".form .choices")).to_have_count(0)


def test_18_two_fields_are_two_ways_to_answer(visit: Visit) -> None:
    visitor = visit().open()
    ways = [
        {"label": "Téléphone", "type": "tel", "autocomplete": "tel"},
        {"label": "ou adresse e-mail", "type": "email", "autocomplete": "email"},
    ]
    visitor.hear({"text": "Comment vous joindre ?", "kind": "form", "fields": ways})
    email = visitor.panel.get_by_label("ou adresse e-mail")
    expect(email).to_have_attribute("type", "email")
    email.fill("a@ville.example")
    email.press("Enter")
    expect(visitor.replies.last).to_contain_text("écho : a@ville.example")
    expect(visitor.field).to_have_accessible_name("Votre question")


def test_what_staff_announce_stands_above_the_conversation(visit: Visit) -> None:
    visitor = visit()
    status = {"banner": "Fermé **lundi**.", "paused": True, "message": "En pause.", "contact": "03 00 00 00 00"}
    headers = {"Access-Control-Allow-Origin": visitor.site.town}
    visitor.page.route("**/api/status", lambda route: route.fulfill(json=status, headers=headers))
    visitor.open()
    notice = visitor.panel.locator(".notice")
    expect(notice.locator("p")).to_have_text(["Fermé lundi.", "En pause.", "03 00 00 00 00"])
    expect(notice).to_be_in_viewport()
    expect(notice.locator("a")).to_have_attribute("href", "tel:0300000000")
    assert visitor.said() == []


def test_nothing_is_shown_above_when_there_is_nothing_to_announce(visit: Visit) -> None:
    visitor = visit()
    with visitor.page.expect_response("**/api/status"):
        visitor.open()
    expect(visitor.panel.locator(".notice")).to_be_hidden()
