"""The plain page without JavaScript: forms, a cookie, redirections, and text that is never lost."""

import os
import re
import signal
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from gateway_case import DISTRESS, MAIL, NAME, PHONE, WORDS, Gateway, StartGateway

from gateway import texts
from gateway.app import STATIC
from gateway.keys import CONVERSATIONS
from gateway.page import COOKIE, PATH
from gateway.sessions import Session, today
from gateway.transcript import plain_text

pytest_plugins = ["gateway_fixtures"]


class Visitor:
    """Somebody with a browser that has forms and cookies, and no JavaScript."""

    def __init__(self, gateway: Gateway) -> None:
        self._client = gateway.client
        self.cookie: str | None = None

    async def open(self, path: str = PATH) -> str:
        """Follow an address; returns the page."""
        async with self._client.get(path, headers=self._headers(), allow_redirects=False) as response:
            assert response.status == 200, response.status
            return await self._read(response)

    async def post(self, path: str, *, status: int = 303, **fields: str) -> str:
        """Send a form; returns the page shown at the end, after a redirection if there is one."""
        form = FormData(list(fields.items()))
        async with self._client.post(path, data=form, headers=self._headers(), allow_redirects=False) as response:
            page = await self._read(response)
            assert response.status == status, page
            if status != 303:
                return page
            where = response.headers["Location"]
        return await self.open(where.partition("#")[0])

    def _headers(self) -> dict[str, str]:
        # The cookies of this visitor, not those of the client that all visitors share.
        self._client.session.cookie_jar.clear()
        headers = {"Sec-Fetch-Site": "same-origin"}
        return headers | ({"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {})

    async def _read(self, response: ClientResponse) -> str:
        for header in response.headers.getall("Set-Cookie", []):
            assert "HttpOnly" in header
            assert "SameSite=Strict" in header
            assert f"Path={PATH};" in f"{header};"
            value = header.partition(";")[0].partition("=")[2].strip('"')
            self.cookie = value or None
        return await response.text()


def values(page: str, name: str) -> list[str]:
    """The values of the fields and buttons of that name, in order."""
    return [unescape(value) for value in re.findall(rf'name="{name}" value="([^"]+)"', page)]


def said(page: str) -> list[str]:
    """What the resident said, as shown."""
    return [unescape(text) for text in re.findall(r'<p class="said" dir="auto">([^<]+)</p>', page)]


def kept_text(page: str) -> str:
    """What is in the message field."""
    found = re.search(r"<textarea[^>]*>\n?([^<]*)</textarea>", page)
    assert found
    return unescape(found[1])


async def test_the_first_screen_says_what_it_is_and_sets_nothing(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    page = await visitor.open()
    assert visitor.cookie is None
    assert texts.INTRO in page
    assert "Les quartiers concernés" in page
    assert "Écrire au service" in page
    assert "03 00 00 00 00" in page
    assert "au bout de 30" in page
    assert '<a href="https://ville.example/page">Page de la Ville</a>' in page
    assert values(page, "message") == list(texts.EXAMPLES)
    assert '<html lang="fr">' in page
    assert "<script>" not in page
    assert "style=" not in page


async def test_a_message_is_answered_and_the_conversation_stays(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    page = await visitor.post(PATH, message="riche")
    assert said(page) == ["riche"]
    assert "La <strong>CAF</strong> est un partenaire." in page
    assert "<li>un</li>" in page
    assert "L’État signe un « Contrat de Ville »" in page
    assert "Vérifié le 1er novembre 2026" in page
    assert texts.COMPLEMENT in page
    assert '<a href="https://www.service-public.fr/"' in page
    assert texts.SIMPLER in page
    assert said(await visitor.post(PATH, message="ensuite")) == ["riche", "ensuite"]
    assert said(await Visitor(gateway).open()) == []


async def test_a_choice_is_a_button(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    page = await visitor.post(PATH, message="riche")
    page = await visitor.post(PATH, choice=values(page, "choice")[0])
    assert said(page) == ["riche", "Le contrat de ville"]
    assert "Vous avez choisi /contrat_de_ville" in page


async def test_sending_a_form_twice_asks_once(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    id_ = values(await visitor.open(), "id")[0]
    await visitor.post(PATH, message="bonjour", id=id_)
    assert said(await visitor.post(PATH, message="bonjour", id=id_)) == ["bonjour"]
    assert len(gateway.seen("turn")) == 1
    # Back, another text, send: the page still has the id of the first one.
    assert said(await visitor.post(PATH, message="autre", id=id_)) == ["bonjour", "autre"]


async def test_an_alert_is_shown_and_not_kept(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="bonjour")
    page = await visitor.post(PATH, status=200, message=DISTRESS)
    assert "message assistant alert" in page
    assert "3114" in page
    assert said(page) == ["bonjour", DISTRESS]
    assert kept_text(page) == ""
    assert said(await visitor.open()) == ["bonjour"]
    await Visitor(gateway).post(PATH, status=200, message="/!alerte")


async def test_errors_are_said_beside_the_text(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    page = await visitor.post(PATH, status=400, message="a" * 501)
    assert texts.ERRORS["message_too_long"] in page
    assert kept_text(page) == "a" * 501
    page = await visitor.post(PATH, status=400, message="  ")
    assert texts.ERRORS["empty_message"] in page
    assert 'aria-invalid="true"' in page
    page = await visitor.post(PATH, status=400, choice="nope")
    assert texts.ERRORS["unknown_choice"] in page


async def test_the_text_is_kept_when_nobody_answers(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="avant")
    assert gateway.supervisor.pid is not None
    os.kill(gateway.supervisor.pid, signal.SIGKILL)
    page = await visitor.post(PATH, status=503, message="<b>ma question</b> & moi")
    assert texts.ERRORS["unavailable"] in page
    assert "03 00 00 00 00" in page
    assert kept_text(page) == "<b>ma question</b> & moi"
    assert said(page) == ["avant"]


async def test_erasing(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="bonjour")
    page = await visitor.post(f"{PATH}/effacer")
    assert texts.ERASED in page
    assert said(page) == []
    assert visitor.cookie is None
    assert len(gateway.seen("erased")) == 1
    await visitor.post(f"{PATH}/effacer")


async def test_an_opinion_then_why(gateway: Gateway, read_table: Any) -> None:
    visitor = Visitor(gateway)
    page = await visitor.post(PATH, message="bonjour")
    reply = values(page, "reply")[0]
    page = await visitor.post(f"{PATH}/avis", reply=reply, verdict="fausse")
    assert texts.FEEDBACK_THANKS in page
    assert texts.COMMENT_LABEL in page
    assert values(page, "verdict")[0] == "fausse"
    assert [(row["verdict"], row["comment"]) for row in read_table("feedback")] == [("fausse", "")]
    page = await visitor.post(f"{PATH}/avis", reply=reply, verdict="fausse", comment="ce n’est pas à jour")
    assert texts.COMMENT_THANKS in page
    assert [(row["verdict"], row["comment"]) for row in read_table("feedback")] == [("fausse", "ce n’est pas à jour")]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"reply": "nope", "verdict": "utile"}, "unknown_reply", id="unknown-reply"),
        pytest.param({"reply": "nope", "verdict": "bof"}, "invalid_verdict", id="unknown-verdict"),
        pytest.param({"verdict": "utile"}, "unknown_reply", id="no-reply"),
        pytest.param({"reply": "a", "verdict": "utile", "comment": "x" * 501}, "comment_too_long", id="long-comment"),
    ],
)
async def test_a_bad_opinion_is_explained(gateway: Gateway, fields: dict[str, str], code: str) -> None:
    assert texts.ERRORS[code] in await Visitor(gateway).post(f"{PATH}/avis", status=400, **fields)


# --- What a request asks for -------------------------------------------------------------------------------


def asked(page: str) -> list[str]:
    """The fields that stand for the question box, as tags."""
    shown = page.partition("<template")[0]
    forms = re.findall(r'<form class="fields".*?</form>', shown, re.DOTALL)
    return [tag for form in forms for tag in re.findall(r'<(?:input|textarea) name="message"[^>]*>', form)]


@pytest.mark.parametrize(
    ("field", "tag"),
    [
        pytest.param(NAME, '<input name="message" type="text" maxlength="500" autocomplete="name">', id="name"),
        pytest.param(PHONE, '<input name="message" type="tel" maxlength="500" autocomplete="tel">', id="phone"),
        pytest.param(MAIL, '<input name="message" type="email" maxlength="500" autocomplete="email">', id="mail"),
        pytest.param(WORDS, '<textarea name="message" rows="4" maxlength="500" autocomplete="off">', id="words"),
    ],
)
async def test_a_request_asks_in_proper_fields(gateway: Gateway, field: dict[str, str], tag: str) -> None:
    visitor = Visitor(gateway)
    assert asked(await visitor.post(PATH, message="bonjour")) == []
    gateway.ask_for(field)
    page = await visitor.open()
    assert asked(page) == [tag]
    assert field["label"] in page


async def test_only_the_last_question_is_asked(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="bonjour")
    gateway.ask_for(PHONE, MAIL)
    assert len(asked(await visitor.open())) == 2
    assert asked(await visitor.post(PATH, message="suite")) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param(["06 00 00 00 00", ""], "06 00 00 00 00", id="first"),
        pytest.param(["", "a@ville.example"], "a@ville.example", id="second"),
        pytest.param([" ", "a@ville.example"], "a@ville.example", id="a-space-is-nothing"),
        pytest.param(["un", "deux"], "un", id="both"),
    ],
)
async def test_one_field_of_two_is_enough(gateway: Gateway, sent: list[str], kept: str) -> None:
    form = FormData([("message", value) for value in sent])
    async with gateway.client.post(PATH, data=form, allow_redirects=False) as response:
        assert response.status == 303
    assert [turn["text"] for turn in gateway.seen("turn")] == [kept]


# --- The conversation to keep ------------------------------------------------------------------------------


async def test_the_conversation_is_kept_as_a_text(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="riche")
    await visitor.post(PATH, status=200, message=DISTRESS)
    kept = await visitor.post(f"{PATH}/garder", status=200)
    assert kept.startswith(texts.transcript_heading(today().isoformat()))
    assert "Vous\N{NARROW NO-BREAK SPACE}: riche" in kept
    assert "Assistant\N{NARROW NO-BREAK SPACE}: La CAF est un partenaire.\n\n- un\n- deux" in kept
    assert "« L’État signe un « Contrat de Ville » » (Page de la Ville, Vérifié le 1er novembre 2026)" in kept
    assert "https://www.service-public.fr/" in kept
    assert DISTRESS not in kept


async def test_the_page_with_javascript_names_its_conversation(gateway: Gateway) -> None:
    session = (await gateway.chat("bonjour"))["session"]
    async with gateway.client.post(f"{PATH}/garder", data={"token": session}) as response:
        assert response.headers["Content-Disposition"] == f'attachment; filename="{texts.TRANSCRIPT_FILE}"'
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "écho : bonjour" in await response.text()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({}, "missing_session", id="no-conversation"),
        pytest.param({"token": "forged"}, "invalid_session", id="forged"),
    ],
)
async def test_nobody_elses_conversation_is_kept(gateway: Gateway, fields: dict[str, str], code: str) -> None:
    assert texts.ERRORS[code] in await Visitor(gateway).post(f"{PATH}/garder", status=400, **fields)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("une **phrase**", "une phrase", id="bold"),
        pytest.param("[la page](https://ville.example/a)", "la page (https://ville.example/a)", id="link"),
        pytest.param("[3114](tel:3114)", "3114", id="phone-said-once"),
        pytest.param("[03 00 00 00 00](tel:0300000000)", "03 00 00 00 00", id="phone-with-spaces"),
        pytest.param("[écrire](mailto:a@ville.example)", "écrire (a@ville.example)", id="mail"),
    ],
)
def test_markdown_as_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


async def test_an_old_cookie_starts_again_without_a_question(gateway: Gateway) -> None:
    keeper = gateway.client.app[CONVERSATIONS].keeper
    for cookie in ("forged", keeper.sign(Session("a", today() - timedelta(days=99)))):
        visitor = Visitor(gateway)
        visitor.cookie = cookie
        assert said(await visitor.post(PATH, message="bonjour")) == ["bonjour"]
        visitor.cookie = cookie
        assert said(await visitor.open()) == []
        assert visitor.cookie is None


async def test_forms_of_other_types_are_refused(gateway: Gateway) -> None:
    for method, path in (("GET", f"{PATH}/avis"), ("GET", f"{PATH}/effacer"), ("GET", f"{PATH}/garder"), ("PUT", PATH)):
        async with gateway.client.request(method, path) as response:
            assert response.status == 405
            assert texts.ERRORS["method_not_allowed"] in await response.text()
    async with gateway.client.post(PATH, json={"message": "a"}) as response:
        assert response.status == 415
    async with gateway.client.post(PATH, data="a=" + "b" * 20000) as response:
        assert response.status in (413, 415)
    big = FormData({"message": "b" * 20000})
    async with gateway.client.post(PATH, data=big) as response:
        assert response.status == 413
    many = FormData([(f"f{number}", "x") for number in range(50)])
    async with gateway.client.post(PATH, data=many) as response:
        assert response.status == 400


async def test_what_people_write_is_never_html(gateway: Gateway) -> None:
    page = await Visitor(gateway).post(PATH, message='<img src=x onerror="alert(1)"> [x](javascript:alert(1))')
    assert "<img src=x" not in page
    assert "javascript:alert(1)</" not in re.sub(r"<p[^>]*>.*?</p>", "", page)
    assert 'href="javascript' not in page


async def test_the_erase_button_of_the_api_forgets_the_cookie_too(gateway: Gateway) -> None:
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="bonjour")
    headers = {"X-Session": visitor.cookie or "", "Cookie": f"{COOKIE}={visitor.cookie}"}
    async with gateway.client.delete("/api/chat", headers=headers) as response:
        assert f'{COOKIE}=""' in response.headers["Set-Cookie"]


async def test_over_the_limit_the_text_is_kept(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(rate_limit=1)
    visitor = Visitor(gateway)
    await visitor.post(PATH, message="un")
    page = await visitor.post(PATH, status=429, message="deux")
    assert kept_text(page) == "deux"
    await visitor.post(PATH, status=200, message=DISTRESS)


# --- Colours ---------------------------------------------------------------------------------------------

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "accent-soft"),
    ("ink", "warn-soft"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "accent-soft"),
    ("accent", "warn-soft"),
    ("accent-hover", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("warn-line", "paper"),
    ("on-sky", "sky"),
    ("sky-muted", "sky"),
]
SHAPE_PAIRS = [("edge", "surface"), ("edge", "paper"), ("warn-line", "warn-soft"), ("accent", "paper")]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_is_legible(scheme: int) -> None:
    css = (STATIC / "colours.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme]))
    for pairs, least in ((TEXT_PAIRS, 4.5), (SHAPE_PAIRS, 3)):
        for front, back in pairs:
            assert contrast(colours[front], colours[back]) >= least, (front, back)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of WCAG, from 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
