"""The pages around the assistant: what they say is what the code does, and every link leads somewhere."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from axe_playwright_python import base as axe
from gateway_case import Gateway, StartGateway, write_data
from sqlalchemy import Table

from gateway import texts
from gateway.database import metadata
from gateway.declaration import AXE_VERSION, TESTED_PAGES
from gateway.figures import KEPT_DAYS
from gateway.page import COOKIE
from gateway.site import OPENAPI
from training.files import write_json
from training.releases import Manifest, save_evaluation

pytest_plugins = ["gateway_fixtures"]

Examine = Callable[[dict[str, Any]], Awaitable[Gateway]]

PAGES = ["/", "/assistant", "/confidentialite", "/accessibilite", "/a-propos"]
# Served by the widget's own module, which has its tests.
ELSEWHERE = {"/w.js"}


class Outline(HTMLParser):
    """What a page is made of: its links, its anchors, its headings and what the rules of the CSP forbid."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.headings: list[int] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.anchors.add(named.get("id") or "")
        self.links += [value for key in ("href", "src", "action") if (value := named.get(key))]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "style" or (tag == "script" and "src" not in named):
            self.inline.append(tag)
        self.inline += [name for name in named if name == "style" or name.startswith("on")]


async def read(gateway: Gateway, path: str, status: int = 200) -> str:
    """The page at an address."""
    async with gateway.client.get(path) as response:
        assert response.status == status, path
        return await response.text()


def words(page: str) -> str:
    """What a page says, without its tags, every space a plain one."""
    text = unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+", " ", text)


# --- All of them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_well_made(gateway: Gateway, path: str) -> None:
    page = await read(gateway, path)
    outline = Outline(page)
    assert '<html lang="fr">' in page
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.inline == []
    assert {address for address, _ in texts.FOOTER} <= set(outline.links)
    assert f'<a href="{path}" aria-current="page">' in page


@pytest.mark.parametrize("path", PAGES)
async def test_its_title_names_it_and_no_other(gateway: Gateway, path: str) -> None:
    titles = {page: re.findall("<title>(.*?)</title>", await read(gateway, page)) for page in PAGES}
    assert [len(found) for found in titles.values()] == [1] * len(PAGES)
    assert [page for page in PAGES if titles[page] == titles[path]] == [path]


@pytest.mark.parametrize("path", PAGES)
async def test_every_link_leads_somewhere(gateway: Gateway, path: str) -> None:
    outline = Outline(await read(gateway, path))
    for link in outline.links:
        address, _, anchor = link.partition("#")
        if re.match(r"https://|tel:|mailto:", link) or address in ELSEWHERE:
            continue
        async with gateway.client.get(address or path) as response:
            # A form's address only takes what a form sends.
            assert response.status in (200, 405), link
            if anchor:
                assert anchor in Outline(await response.text()).anchors, link


@pytest.mark.parametrize("path", [page for page in PAGES if page != "/assistant"] + ["/openapi.yml"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_they_are_only_read(gateway: Gateway, path: str, method: str) -> None:
    async with gateway.client.request(method, path, data=FormData({"message": "a"})) as response:
        assert response.status == 405
        assert response.headers["Allow"] == "GET, HEAD"
        assert texts.ERRORS["method_not_allowed"] in await response.text()


async def test_the_tested_pages_of_the_declaration_are_the_pages() -> None:
    assert sorted(TESTED_PAGES) == sorted(PAGES) == sorted(address for address, _ in texts.FOOTER)


@pytest.mark.parametrize("path", PAGES)
async def test_reading_sets_nothing(gateway: Gateway, path: str) -> None:
    async with gateway.client.get(path) as response:
        assert "Set-Cookie" not in response.headers


# --- The demonstration -----------------------------------------------------------------------------------


async def test_the_demonstration_shows_the_towns_page_and_says_what_it_is(gateway: Gateway) -> None:
    page = await read(gateway, "/")
    assert "Pour la ville, deux quartiers sont concernés : le nord et le sud." in unescape(page)
    assert "Page de démonstration" in words(page)
    assert '<script src="/w.js" defer data-label="' in page
    assert 'href="/assistant">Poser une question</a>' in page


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        pytest.param("Titre <b>gras</b>\n\n<script>alert(1)</script> & suite.\n", "alert(1)", id="html"),
        pytest.param("", "Poser une question", id="empty"),
        pytest.param("Un titre seul\n", "Un titre seul", id="only-a-title"),
        pytest.param("Pas de titre, mais une phrase.\n", "Pas de titre, mais une phrase.", id="no-title"),
    ],
)
async def test_any_text_of_a_town_makes_a_page(
    models: Path, start_gateway: StartGateway, source: str, shown: str
) -> None:
    folder = models / "r1" / "data"
    (folder / "sources" / "page.txt").write_text(source)
    page = await read(await start_gateway(), "/")
    assert shown in page
    assert "<b>" not in page
    assert "<script>" not in page
    assert Outline(page).headings.count(1) == 1


# --- Privacy ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "request_days", "said"),
    [
        pytest.param(30, 180, ("30 jours", "180 jours"), id="as-shipped"),
        pytest.param(7, 45, ("7 jours", "45 jours"), id="shorter"),
        pytest.param(1, 365, ("un jour", "365 jours"), id="one-day"),
    ],
)
async def test_privacy_gives_the_days_of_the_settings(
    start_gateway: StartGateway, days: int, request_days: int, said: tuple[str, str]
) -> None:
    gateway = await start_gateway(retention_days=days, request_retention_days=request_days)
    page = words(await read(gateway, "/confidentialite"))
    assert f"Votre conversation est effacée au bout de {said[0]}" in page
    assert f"{said[1]}, ou moins si vous demandez à l’effacer" in page
    assert f"{KEPT_DAYS // 365} ans" in page
    assert set(re.findall(r"(\d+|un) jours?\b", page)) == {one.split(" ")[0] for one in said}


# Column → the words of the page that speak of it; None for what tells nothing of anybody.
KEPT = {
    "sessions.id": "le nom secret de la conversation",
    "sessions.began_on": "le jour où la conversation a commencé",
    "sessions.first_key": None,
    "turns.id": None,
    "turns.session_id": None,
    "turns.client_id": None,
    "turns.fingerprint": None,
    "turns.message": "Vos messages",
    "turns.release": "la version de l’assistant qui a répondu",
    "replies.id": None,
    "replies.turn_id": None,
    "replies.position": None,
    "replies.body": "les réponses",
    "choices.id": None,
    "choices.reply_id": None,
    "choices.position": None,
    "choices.label": "leurs boutons",
    "choices.payload": None,
    "feedback.reply_id": None,
    "feedback.verdict": "« Utile », « Fausse » ou « Hors sujet »",
    "feedback.comment": "votre commentaire si vous en écrivez un",
    "feedback.given_on": "et le jour",
    "erasures.session_id": None,
    "requests.code": "un code de suivi",
    "requests.kind": None,
    "requests.fields": "votre nom et un moyen de vous joindre",
    "requests.created_on": "et le jour",
    "request_states.code": None,
    "request_states.state": None,
    "request_states.note": "ce que les agents notent en la traitant",
    "request_states.changed_by": None,
    "request_states.changed_on": None,
    "outbox.code": "il ne contient que le code",
    "outbox.tries": None,
    "outbox.next_at": None,
    "questions.id": None,
    "questions.turn_id": None,
    "questions.group_id": "presque la même",
    "questions.asked_on": "Chaque question, avec le jour",
    "questions.release": "la version de l’assistant qui a répondu",
    "questions.text": "Chaque question",
    "questions.language": "sa langue",
    "questions.answered": "ce qu’il a répondu",
    "questions.kind": "ce qu’il a répondu",
    "questions.subject": "ce que l’assistant en a compris",
    "questions.confidence": "ce que l’assistant en a compris",
    "questions.candidates": "ce que l’assistant en a compris",
    "questions.doubt": "ce que l’assistant en a compris",
    "questions.verdict": "Votre avis sur une réponse",
    "questions.sampled": None,
    "questions.judged": None,
    "question_groups.id": None,
    "question_groups.text": "son texte peut rester un an après cette décision",
    "question_groups.words": None,
    "question_groups.subject": None,
    "question_groups.importance": None,
    "question_groups.asked": None,
    "question_groups.score": None,
    "question_groups.last_on": None,
    "question_groups.decision": "Quand un agent a déjà décidé quoi en faire",
    "question_groups.target": None,
    "question_groups.note": None,
    "question_groups.decided_by": None,
    "question_groups.decided_on": None,
    "daily_figures.day": "Des nombres par jour",
    "daily_figures.kind": "Combien de questions",
    "daily_figures.subject": "sur quel sujet",
    "daily_figures.language": "dans quelle langue",
    "daily_figures.count": "Combien de questions",
    "daily_figures.total_ms": None,
    "heartbeat.id": None,
    "heartbeat.beats": None,
}
# What is about staff, what they write and what they judge, without a word of a resident.
STAFF = {
    "staff",
    "staff_links",
    "staff_sessions",
    "journal",
    "announcements",
    "fiche_versions",
    "taken_down",
    "sample_verdicts",
}


def about_residents() -> list[Table]:
    """The tables that hold something of residents."""
    return [table for table in metadata.tables.values() if table.name not in STAFF]


async def test_privacy_speaks_of_every_column_about_residents(gateway: Gateway) -> None:
    assert {f"{table.name}.{column.name}" for table in about_residents() for column in table.columns} == set(KEPT), (
        "a column was added or taken away: say it on /confidentialite, and in KEPT (or STAFF)"
    )
    page = words(await read(gateway, "/confidentialite"))
    assert [said for said in KEPT.values() if said and said not in page] == []


def test_no_column_about_residents_holds_an_hour() -> None:
    types = {str(column.type) for table in about_residents() for column in table.columns}
    assert types.isdisjoint({"DATETIME", "TIMESTAMP", "TIME"})
    assert "DATE" in types


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "un jour"), (30, "30 jours"), (365, "un an"), (730, "2 ans"), (3 * 365, "3 ans"), (400, "400 jours")],
)
def test_days_are_said_in_years_when_they_make_whole_ones(count: int, said: str) -> None:
    assert texts.years(count).replace("\N{NO-BREAK SPACE}", " ") == said


async def test_the_buttons_that_privacy_names_are_on_the_page(gateway: Gateway) -> None:
    page, assistant = await read(gateway, "/confidentialite"), await read(gateway, "/assistant")
    for button in (texts.ERASE, texts.KEEP):
        assert button in unescape(page)
        assert f">{button}</button>" in unescape(assistant)


async def test_the_cookie_is_what_privacy_says(gateway: Gateway) -> None:
    form = FormData({"message": "bonjour"})
    async with gateway.client.post("/assistant", data=form, allow_redirects=False) as response:
        cookie = response.cookies[COOKIE]
    # No end date: forgotten with the browser.
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/assistant")


# --- Accessibility ---------------------------------------------------------------------------------------

LEGAL_PARTS = [
    "Déclaration d’accessibilité",
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Non-conformités",
    "Dérogations pour charge disproportionnée",
    "Contenus non soumis à l’obligation d’accessibilité",
    "Établissement de cette déclaration",
    "Technologies utilisées",
    "Environnement de test",
    "Outils pour évaluer l’accessibilité",
    "Pages du service vérifiées par ces outils",
    "Retour d’information et contact",
    "Voies de recours",
]


async def test_the_statement_has_the_parts_the_law_asks_for(gateway: Gateway) -> None:
    page = await read(gateway, "/accessibilite")
    assert [unescape(title) for title in re.findall(r"<h[123][^>]*>(.*?)</h[123]>", page)] == LEGAL_PARTS
    said = words(page)
    assert "Ce service est non conforme" in said
    assert "aucun audit n’a encore été fait" in said
    assert not re.search(r"\d+ ?%", said)
    assert "03 00 00 00 00" in said
    assert "Défenseur des droits" in said


async def test_the_statement_names_the_tools_that_are_run(gateway: Gateway) -> None:
    assert f"axe v{AXE_VERSION}" in axe.AXE_SCRIPT[:200]
    assert f"axe-core {AXE_VERSION}" in words(await read(gateway, "/accessibilite"))


# --- About -----------------------------------------------------------------------------------------------


RELEASE = "20261122-101112-abcd"
GROUPS = {"clair": (9, 10), "suivis": (2, 5), "nouvelle_tranche": (3, 4)}


def evaluation(groups: dict[str, tuple[int, int]], **changes: Any) -> dict[str, Any]:
    """An exam: slice → right, size."""
    slices = {
        name: {"right": right, "size": size, "interval": [0.25, 0.75], "wrong": [{"message": "une question"}]}
        for name, (right, size) in groups.items()
    }
    counts = {"missed_alerts": 1, "false_alerts": 2, "false_sure_off_topic": 3}
    return {"exam": "e" * 64, **counts, "slices": slices, **changes}


@pytest.fixture
def examine(models: Path, start_gateway: StartGateway) -> Examine:
    """Start a gateway whose published release got these results at the exam."""
    (models / "current").unlink()
    (models / "r1").rename(models / RELEASE)
    (models / "current").symlink_to(RELEASE)
    manifest = Manifest(RELEASE, "alice", "2026-11-22T10:11:12+00:00", "essai", None, {})
    write_json(models / RELEASE / "manifest.json", asdict(manifest))

    async def start(results: dict[str, Any]) -> Gateway:
        save_evaluation(models, RELEASE, results)
        return await start_gateway()

    return start


async def test_about_says_what_it_is_and_which_release_answers(gateway: Gateway) -> None:
    page = words(await read(gateway, "/a-propos"))
    assert "est un programme informatique" in page
    assert "La version qui répond aujourd’hui est la r1" in page
    assert "Les quartiers concernés" in page
    assert "Écrire au service" in page


async def test_about_shows_the_exam_worst_first(examine: Examine) -> None:
    page = await read(await examine(evaluation(GROUPS)), "/a-propos")
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)<', page)
    assert [(unescape(label), score.strip()) for label, score in rows] == [
        ("Conversations de plusieurs messages", "2 sur 5"),
        ("nouvelle tranche", "3 sur 4"),
        ("Questions écrites clairement", "9 sur 10"),
    ]
    assert re.findall(r'class="bar"[^>]* width="([\d.]+)"', page) == ["40.0", "75.0", "90.0"]
    assert re.findall(r'class="doubt" x="([\d.]+)"[^>]* width="([\d.]+)"', page) == [("25.0", "50.0")] * 3
    said = words(page)
    assert f"La version qui répond aujourd’hui est la {RELEASE}" in said
    assert "réussi 14 sur 19" in said
    assert "n’ont pas reçu le bon numéro d’urgence : 1 ;" in said
    assert "sans raison : 2 ;" in said
    assert "affirmée à tort : 3 ;" in said
    assert "réussit le moins bien : « Conversations de plusieurs messages »" in said
    # The exam stays held back.
    assert "une question" not in page


NO_EXAM = "Le résultat de l’examen de cette version n’est pas disponible"


@pytest.mark.parametrize(
    "results",
    [
        pytest.param({"exam": "e" * 64}, id="nothing-in-it"),
        pytest.param(evaluation({}), id="no-slice"),
        pytest.param(evaluation({"clair": (0, 0)}), id="nothing-asked"),
        pytest.param(evaluation(GROUPS, slices=["clair"]), id="a-list"),
        pytest.param(evaluation(GROUPS, missed_alerts=None), id="no-count"),
        pytest.param(evaluation(GROUPS, slices={"clair": {"right": 1, "size": 2, "interval": [0.1]}}), id="half"),
    ],
)
async def test_about_says_when_the_exam_cannot_be_read(examine: Examine, results: dict[str, Any]) -> None:
    page = await read(await examine(results), "/a-propos")
    assert NO_EXAM in words(page)
    assert "<svg" not in page


async def test_about_says_when_there_is_no_exam(gateway: Gateway) -> None:
    assert NO_EXAM in words(await read(gateway, "/a-propos"))


async def test_about_believes_no_exam_that_was_touched(examine: Examine, models: Path) -> None:
    gateway = await examine(evaluation({"clair": (1, 10)}))
    path = models / RELEASE / "evaluation.json"
    path.write_text(path.read_text().replace('"right": 1', '"right": 9'))
    assert NO_EXAM in words(await read(gateway, "/a-propos"))


async def test_about_works_before_the_first_publication(start_gateway: StartGateway, tmp_path: Path) -> None:
    write_data(tmp_path / "project" / "data")
    gateway = await start_gateway(models=tmp_path / "none", project=tmp_path / "project", ready=False)
    page = words(await read(gateway, "/a-propos"))
    assert "Aucune version n’est publiée pour le moment" in page
    assert NO_EXAM in page


async def test_the_name_of_a_slice_is_never_html(examine: Examine) -> None:
    page = await read(await examine(evaluation({"<img src=x>": (1, 2)})), "/a-propos")
    assert "&lt;img src=x&gt;" in page
    assert "<img src=x" not in page


# --- The description of the API --------------------------------------------------------------------------


async def test_the_description_is_served_as_it_is(gateway: Gateway) -> None:
    async with gateway.client.get("/openapi.yml") as response:
        assert response.headers["Content-Type"] == "application/yaml; charset=utf-8"
        assert await response.read() == OPENAPI.read_bytes()
