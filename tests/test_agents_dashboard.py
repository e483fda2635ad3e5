"""« Tableau de bord »: right sums, right bars, and the same as tables and as files."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from agents_case import Person
from agents_example import fill_figures
from gateway_case import Gateway
from openpyxl import load_workbook

from gateway.agents.bar_chart import HEIGHT, WIDTH, draw_bars
from gateway.agents.dashboard import Step, summarize
from gateway.figures import DailyFigure

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

WHERE = "/agents/tableau-de-bord"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NONE = {"answer": 0, "clarify": 0, "fallback": 0}


def figure(
    kind: str, count: int, *, subject: str = "nord", language: str = "fr", day: int = 1, ms: int = 0
) -> DailyFigure:
    return DailyFigure(kind, subject, language, count, ms, day=date(2026, 11, day))


FIGURES = [
    figure("answer", 6, ms=600),
    figure("answer", 2, subject="sud", day=2, ms=200),
    figure("clarify", 1, subject="ouest", language="ar", day=2, ms=100),
    figure("fallback", 1, subject="est", day=30, ms=100),
    figure("form", 5, subject=""),
    figure("utile", 3, subject="", language=""),
]


def test_sums_shares_and_ranks() -> None:
    summary = summarize(FIGURES, FIRST, LAST)
    assert summary.outcomes == {"answer": 8, "clarify": 1, "fallback": 1}
    assert (summary.questions, summary.share("answer"), summary.mean_ms) == (10, 80, 100)
    assert summary.subjects == [("nord", 6), ("sud", 2)]
    assert summary.unanswered == [("ouest", 1), ("est", 1)]
    assert summary.languages == [("fr", 9), ("ar", 1)]
    assert summary.verdicts == {"utile": 3, "fausse": 0, "hors_sujet": 0}
    assert [step.total for step in summary.steps] == [6, 3, *[0] * 27, 1]


def test_a_long_period_is_drawn_by_weeks() -> None:
    first = LAST - timedelta(days=364)
    summary = summarize(FIGURES, first, LAST)
    assert summary.days_per_step == 7
    assert len(summary.steps) == 53
    assert sum(step.total for step in summary.steps) == 10


def test_nothing_is_a_summary_too() -> None:
    summary = summarize([], FIRST, LAST)
    assert (summary.questions, summary.share("answer"), summary.mean_ms) == (0, 0, None)


def test_bars_stand_on_the_floor_and_are_as_tall_as_what_they_count() -> None:
    chart = draw_bars([Step(FIRST, {**NONE, "answer": 30, "fallback": 10}), Step(LAST, {**NONE, "answer": 10})])
    tall, above, short = chart.pieces
    assert tall.y + tall.height == pytest.approx(chart.floor, abs=0.2)
    assert above.y + above.height == pytest.approx(tall.y, abs=0.2)
    assert tall.height == pytest.approx(3 * short.height, abs=0.3)
    assert [mark.text for mark in chart.heights] == ["0", "20", "40"]


@pytest.mark.parametrize("many", [1, 7, 30, 90])
@pytest.mark.parametrize("count", [0, 1, 61, 99_999])
def test_every_bar_is_in_the_picture(many: int, count: int) -> None:
    chart = draw_bars([Step(FIRST, {**NONE, "answer": count})] * many)
    assert all(one.x >= 0 and one.x + one.width <= WIDTH and 0 <= one.y <= HEIGHT for one in chart.pieces)
    assert 1 <= len(chart.labels) <= 8


async def test_the_screen_says_in_words_what_it_draws(gateway: Gateway, chloe: Person) -> None:
    assert "Aucune question" in await chloe.get(WHERE)
    fill_figures(gateway.client.app)
    page = await chloe.get(WHERE)
    title = re.search(r'<title id="chart-title">(.*?)</title>', page)
    assert title
    assert "% répondues" in title[1]
    assert "Le quartier nord" in page
    assert "Les quartiers concernés" in page
    assert "arabe" in page
    assert "style=" not in page


@pytest.mark.parametrize("period", ["7", "30", "90", "365", "0", "x", "999999", ""])
async def test_every_period_is_shown(chloe: Person, period: str) -> None:
    assert "Tableau de bord" in await chloe.get(f"{WHERE}?jours={period}")


async def test_the_files_hold_the_figures(gateway: Gateway, chloe: Person) -> None:
    fill_figures(gateway.client.app)
    text = (await (await chloe.send("GET", f"{WHERE}/export/chiffres.csv?jours=7")).read()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len({row["Jour"] for row in rows}) == 7
    assert {"Répondues", "Sujet inconnu", "Utile"} <= {row["Ce qui s’est passé"] for row in rows}
    book = load_workbook(io.BytesIO(await (await chloe.send("GET", f"{WHERE}/export/chiffres.xlsx?jours=7")).read()))
    assert book.active.max_row == len(rows) + 1
    await chloe.get(f"{WHERE}/export/app.db", 404)
