"""« Tableau de bord »: what was asked, day by day, and how it ended; drawn, as tables, and as a file."""

import asyncio
from datetime import timedelta

from aiohttp import web

from gateway.agents.access import staff_only
from gateway.agents.bar_chart import draw_bars
from gateway.agents.dashboard import OUTCOMES, Summary, summarize
from gateway.agents.keys import FIGURES
from gateway.agents.pages import render
from gateway.agents.spreadsheets import Cell, download
from gateway.content import Content
from gateway.errors import ApiError
from gateway.figures import KEPT_DAYS, DailyFigure
from gateway.keys import CONTENT
from gateway.sessions import today
from gateway.texts import VERDICTS
from knowledge.text import typographie

HERE = "/agents/tableau-de-bord"
PERIODS = {"7": "7 jours", "30": "30 jours", "90": "3 mois", "365": "un an"}
USUAL = "30"
LANGUAGES = {
    "fr": "français",
    "en": "anglais",
    "es": "espagnol",
    "pt": "portugais",
    "it": "italien",
    "de": "allemand",
    "pl": "polonais",
    "tr": "turc",
    "ar": "arabe",
    "ru": "russe",
    "uk": "ukrainien",
    "ro": "roumain",
    "nl": "néerlandais",
}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_dashboard(request: web.Request) -> web.Response:
    """The figures of a period."""
    summary, _ = await _read(request)
    content = request.app[CONTENT]
    context = {
        "period": _period(request),
        "periods": PERIODS,
        "summary": summary,
        "chart": draw_bars(summary.steps),
        "outcomes": OUTCOMES,
        "verdicts": VERDICTS,
        "subjects": [(_name(content, subject), count) for subject, count in summary.subjects],
        "unanswered": [(_name(content, subject), count) for subject, count in summary.unanswered],
        "languages": [(LANGUAGES.get(language, language), count) for language, count in summary.languages],
        "kept_years": KEPT_DAYS // 365,
    }
    return render(request, "dashboard.html", context)


@routes.get(f"{HERE}/export/{{name}}", allow_head=False)
@staff_only()
async def get_export(request: web.Request) -> web.Response:
    """The figures, one line for a day, a subject and a language: chiffres.csv or chiffres.xlsx."""
    name = request.match_info["name"]
    if name not in ("chiffres.csv", "chiffres.xlsx"):
        raise ApiError("not_found")
    _, figures = await _read(request)
    content = request.app[CONTENT]
    rows = [_row(content, figure) for figure in figures]
    header = ["Jour", "Ce qui s’est passé", "Sujet", "Langue", "Nombre", "Temps de réponse moyen (ms)"]
    return await asyncio.to_thread(download, name, header, rows)


async def _read(request: web.Request) -> tuple[Summary, list[DailyFigure]]:
    last = today()
    first = last - timedelta(days=int(_period(request)) - 1)
    figures = await asyncio.to_thread(request.app[FIGURES].between, first, last)
    return summarize(figures, first, last), figures


def _period(request: web.Request) -> str:
    asked = request.query.get("jours", USUAL)
    return asked if asked in PERIODS else USUAL


def _name(content: Content, subject: str) -> str:
    return typographie(content.base.name_of(subject) or subject)


def _row(content: Content, figure: DailyFigure) -> list[Cell]:
    what = OUTCOMES.get(figure.kind) or VERDICTS.get(figure.kind) or figure.kind
    subject = _name(content, figure.subject) if figure.subject else ""
    mean = round(figure.total_ms / figure.count) if figure.count and figure.kind not in VERDICTS else None
    return [figure.day.isoformat(), what, subject, figure.language, figure.count, mean]
