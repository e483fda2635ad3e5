"""« Page de la Ville »: the text that the fiches cite. When the town changes it, what no longer matches is listed."""

import asyncio
from pathlib import Path

from aiohttp import web

from gateway.agents.access import staff_only
from gateway.agents.fiche_desk import mark_of
from gateway.agents.fiches_screen import WRITER
from gateway.agents.forms import Form, read_form
from gateway.agents.keys import FICHES, JOURNAL, STAFF
from gateway.agents.pages import go, render
from gateway.errors import ApiError
from knowledge.check import check
from knowledge.examples import write_whole
from knowledge.rules import ERROR
from knowledge.sources import Source, load_sources
from knowledge.text import typographie

HERE = "/agents/page"
FORM_LIMIT = 256 * 1024  # bytes
PAGE_LIMIT = 60_000  # signs
NOTICES = {"enregistree": typographie("La page est enregistrée.")}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_sources(request: web.Request) -> web.Response:
    """The pages that are cited."""
    return render(request, "sources.html", {"sources": await asyncio.to_thread(load_sources, _data(request))})


@routes.get(f"{HERE}/{{slug}}", allow_head=False)
@staff_only()
async def get_source(request: web.Request) -> web.Response:
    """One page: its text, and the citations that are not in it any more."""
    return await _source_page(request, await _source(request), Form([]))


@routes.post(f"{HERE}/{{slug}}")
@staff_only(WRITER)
async def post_source(request: web.Request) -> web.Response:
    """Replace the text of a page; the fiches stay as they are, and those that no longer match are listed."""
    form = await read_form(request, FORM_LIMIT)
    source = await _source(request)
    text, reason = form.block("texte", PAGE_LIMIT), form.reason()
    if not text:
        form.refuse("texte", "Collez ici le texte de la page : il ne peut pas être vide.")
    if form.raw("ouverte") != mark_of(source.texte):
        form.refuse("texte", "Un collègue a enregistré cette page entre-temps. Rouvrez-la avant de recommencer.")
    if form.errors:
        return await _source_page(request, source, form, text, status=400)
    await asyncio.to_thread(write_whole, _path(request, source), text + "\n")
    await asyncio.to_thread(request.app[JOURNAL].note, request[STAFF].email, "Page modifiée", source.slug, reason)
    return go(f"{HERE}/{source.slug}", "enregistree")


async def _source_page(
    request: web.Request, source: Source, form: Form, text: str | None = None, status: int = 200
) -> web.Response:
    broken = await asyncio.to_thread(_broken_citations, _data(request))
    context = {
        "source": source,
        "text": source.texte if text is None else text,
        "opened": mark_of(source.texte),
        "errors": form.errors,
        "motif": form.raw("motif"),
        "broken": broken,
    }
    return render(request, "source.html", context, status=status, notices=NOTICES)


def _broken_citations(data: Path) -> list[tuple[str, str]]:
    """File name and message of each citation that the page does not hold."""
    errors = (finding for finding in check(data) if finding.level == ERROR and "mot pour mot" in finding.message)
    return [(finding.path.stem, typographie(finding.message)) for finding in errors]


async def _source(request: web.Request) -> Source:
    sources = await asyncio.to_thread(load_sources, _data(request))
    source = sources.get(request.match_info["slug"])
    if source is None:
        raise ApiError("not_found")
    return source


def _path(request: web.Request, source: Source) -> Path:
    return _data(request) / "sources" / f"{source.slug}.txt"


def _data(request: web.Request) -> Path:
    return request.app[FICHES].data
