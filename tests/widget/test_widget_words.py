"""Checklist of the widget, tests 26 to 30: languages, the words of the interface, help always at hand, other pages."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import Visit
from playwright.sync_api import expect
from visitor import RICH, Visitor

from gateway import texts, widget_files
from knowledge.text import typographie

pytestmark = pytest.mark.browser

ENGLISH = re.compile(
    r"\b(?:send|close|open|error|retry|loading|chat|message sent|you|assistant is|the|erase|print)\b", re.I
)


def test_26_the_widget_says_that_it_is_in_french(visit: Visit) -> None:
    visitor = visit("english").open()
    assert visitor.page.evaluate("document.documentElement.lang") == "en"
    assert visitor.page.locator("commune-chat").get_attribute("lang") == "fr"


@pytest.mark.parametrize(
    ("lang", "direction", "text"),
    [("ar", "rtl", "مرحبا بكم"), ("tr", "ltr", "Merhaba"), ("fr", "ltr", "Bonjour")],
)
def test_26_each_message_has_its_language_and_direction(visit: Visit, lang: str, direction: str, text: str) -> None:
    said = visit("english").open().hear({"text": text, "lang": lang}).locator(".text")
    expect(said).to_have_attribute("lang", lang)
    assert said.evaluate("one => getComputedStyle(one).direction") == direction


def use_everything(visitor: Visitor) -> None:
    """Bring every word of the interface in view."""
    visitor.open().ask(RICH)
    visitor.panel.locator("summary").click()
    visitor.panel.locator(".foot > button").nth(0).click()
    visitor.panel.locator(".foot > button").nth(1).click()
    visitor.panel.locator(".opinion button").first.click()
    visitor.panel.locator(".opinion textarea").wait_for()
    visitor.hear({"text": "contenu", "kind": "alert"})
    visitor.field.press("Enter")
    visitor.field.fill("/!erreur")
    visitor.field.press("Enter")
    visitor.panel.locator(".unsent").wait_for()
    visitor.panel.locator(".foot > button").nth(2).click()


# What is no word of the interface: this service's content, and what was said.
CONTENT = {
    RICH, "contenu", "/!erreur", texts.NAME, texts.INTRO, texts.UNKNOWN, texts.retention(30), *texts.EXAMPLES,
    "Les quartiers concernés", "Écrire au service", "Vous pouvez joindre le", "service politique de la ville",
    "par téléphone au", "03 00 00 00 00", ".", "La", "CAF", "est un partenaire.", "un", "deux", "verse des aides.",
    "Elle signe le contrat.", "Le contrat de ville", "Les partenaires", "Page de la Ville", "Service public",
    texts.ERRORS["unavailable"],
}  # fmt: skip
GRAMMAR = {"locale", "first"}  # how a date is written: no words
QUOTED = re.compile("^(?:«\u202f|/!dit )")


def own_words(visitor: Visitor) -> list[str]:
    """Every word of the interface that is there, in view or not."""
    found = visitor.page.evaluate("measured.words()")
    return [one for one in found if one not in CONTENT and not QUOTED.match(one)]


def flatten(words: Any) -> list[str]:
    if isinstance(words, str):
        return [words]
    return [text for one in (words.values() if isinstance(words, dict) else words) for text in flatten(one)]


def disguise(words: Any) -> Any:
    if isinstance(words, dict):
        return {key: value if key in GRAMMAR else disguise(value) for key, value in words.items()}
    return [disguise(one) for one in words] if isinstance(words, list) else f"⟦{words}⟧"


def test_27_in_another_language_no_french_is_left(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "widget"
    shutil.copytree(widget_files.SOURCE, folder)
    path = folder / "strings" / "fr.json"
    path.write_text(json.dumps(disguise(json.loads(path.read_text()))))
    monkeypatch.setattr(widget_files, "SOURCE", folder)
    visitor = visit()
    use_everything(visitor)
    words = own_words(visitor)
    assert len(words) > 30
    assert [one for one in words if "⟦" not in one] == []
    assert [text for role, text in visitor.said() if role == "status" and "⟦" not in text] == []


def test_27_in_french_no_english_is_left(visit: Visit) -> None:
    visitor = visit()
    use_everything(visitor)
    strings = json.loads((widget_files.SOURCE / "strings" / "fr.json").read_text())
    known = [re.sub(r"\\\{\w+\\\}", ".*", re.escape(typographie(text))) for text in flatten(strings)]
    words = own_words(visitor)
    assert len(words) > 30
    assert [one for one in words if not any(re.fullmatch(f"(?:· )?{text}", one) for text in known)] == []
    assert [text for text in flatten(strings) if ENGLISH.search(text)] == []


def test_28_help_is_at_the_same_place_on_every_page(visit: Visit) -> None:
    visitor = visit()
    places = []
    for name in ("calm", "ailleurs", "english"):
        visitor.go(name)
        box = visitor.launcher.bounding_box()
        places.append([box, visitor.page.evaluate("document.body.lastElementChild.localName")])
    assert places == [places[0]] * 3 and places[0][1] == "commune-chat"


def test_28_a_person_can_always_be_reached(visit: Visit) -> None:
    visitor = visit().open()
    for message in ("premier", "deuxième", "/!erreur"):
        opener = visitor.panel.get_by_role("button", name="Parler à une personne")
        expect(opener).to_be_in_viewport()
        visitor.field.fill(message)
        visitor.field.press("Enter")
        expect(visitor.panel.locator("li").last).to_contain_text(re.compile("écho|Non envoyé"))
    opener.click()
    expect(visitor.panel.locator(".drawer:visible a")).to_have_attribute("href", "tel:0300000000")


def test_28_the_town_s_own_page_may_be_the_contact(visit: Visit) -> None:
    visitor = visit(data={"contact": "/contact"}).open()
    link = visitor.panel.get_by_role("link", name="Parler à une personne")
    expect(link).to_have_attribute("href", "/contact")


def test_28_three_answers_in_vain_give_the_contact(visit: Visit) -> None:
    """The assistant gives the contact with each `fallback` (tests/test_answers.py): the widget makes it callable."""
    visitor = visit().open()
    for _ in range(3):
        said = visitor.hear({"kind": "fallback", "text": "Appelez le 03 00 00 00 00 (lundi, 9 h) ou a@ville.example."})
        links = said.locator(".text a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert links == ["tel:0300000000", "mailto:a@ville.example"]


def test_29_no_puzzle_stands_in_the_way(visit: Visit) -> None:
    visitor = visit().open()
    for number in range(8):
        visitor.ask(f"question {number}")
    assert visitor.page.locator("iframe, img, canvas").count() == 0
    assert visitor.panel.locator("iframe, img, canvas, audio, input[type=checkbox]").count() == 0


def test_30_the_conversation_follows_to_the_next_page(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(RICH)
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(f"{request.method} {request.url.partition('/api/')[2]}"))
    visitor.go("ailleurs")
    expect(visitor.panel).to_be_visible()
    expect(visitor.mine).to_have_text([RICH])
    expect(visitor.replies.locator(".choice")).to_have_count(2)
    assert [one for one in sent if one.startswith("POST")] == []
    assert visitor.said() == []
    assert visitor.focus() == "body"
    visitor.ask("suite")
    expect(visitor.mine).to_have_text([RICH, "suite"])
    asked = visitor.site.seen("turn")[-2:]
    assert asked[0]["session"] == asked[1]["session"]


def test_30_a_closed_panel_stays_closed_and_asks_nothing(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(RICH)
    visitor.page.keyboard.press("Escape")
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url))
    visitor.go("ailleurs")
    visitor.page.wait_for_timeout(200)
    expect(visitor.panel).to_have_count(0)
    assert [url for url in sent if visitor.site.chat in url] == [f"{visitor.site.chat}/w.js"]
    visitor.open()
    expect(visitor.mine).to_have_text([RICH])


def test_30_a_phone_does_not_open_it_by_itself(visit: Visit) -> None:
    visitor = visit(viewport={"width": 390, "height": 700}).open()
    visitor.ask(RICH)
    visitor.go("ailleurs")
    visitor.page.wait_for_timeout(200)
    expect(visitor.panel).to_have_count(0)


def test_30_a_step_of_a_form_goes_on(visit: Visit) -> None:
    visitor = visit().open()
    fields = [{"label": "Nom", "type": "text", "autocomplete": "name"}]
    visitor.hear({"text": "Quel est votre nom ?", "kind": "form", "fields": fields})
    visitor.go("ailleurs")
    expect(visitor.field).to_have_accessible_name("Nom")
