"""« Tableur »: questions and fiches as a spreadsheet; questions brought back, with what is wrong line by line."""

import asyncio

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from gateway.agents.access import staff_only
from gateway.agents.fiche_desk import FicheChanged, FicheDesk, mark_of
from gateway.agents.fiches_screen import WRITER
from gateway.agents.fiches_sheet import (
    FICHES_HEADER,
    HEADER,
    Plan,
    Problem,
    SheetError,
    list_fiches,
    list_questions,
    plan_import,
    read_sheet,
    write_subject,
)
from gateway.agents.keys import FICHES, STAFF
from gateway.agents.pages import render
from gateway.agents.spreadsheets import download
from gateway.errors import ApiError
from knowledge.text import typographie

HERE = "/agents/tableur"
FILE_LIMIT = 2_000_000  # bytes
FILE_PATIENCE = 120.0  # seconds
REASON = "import d’un tableur"

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_sheets(request: web.Request) -> web.Response:
    """What can be saved, and the way to bring questions back."""
    return _page(request)


@routes.get(f"{HERE}/questions.{{kind:xlsx|csv}}", allow_head=False)
@staff_only()
async def get_questions(request: web.Request) -> web.Response:
    """Every question, with its subject."""
    rows = await asyncio.to_thread(lambda: list(list_questions(request.app[FICHES].data)))
    return download(f"questions.{request.match_info['kind']}", HEADER, rows)


@routes.get(f"{HERE}/fiches.{{kind:xlsx|csv}}", allow_head=False)
@staff_only()
async def get_fiches_sheet(request: web.Request) -> web.Response:
    """Every fiche, one a line."""
    rows = await asyncio.to_thread(lambda: list(list_fiches(request.app[FICHES].data)))
    return download(f"fiches.{request.match_info['kind']}", FICHES_HEADER, rows)


@routes.post(HERE)
@staff_only(WRITER)
async def post_sheet(request: web.Request) -> web.Response:
    """Add the questions of a spreadsheet: all of them, or none and the list of what is wrong."""
    content = await _read_file(request)
    try:
        lines = await asyncio.to_thread(read_sheet, content)
    except SheetError as error:
        return _page(request, problems=[Problem(0, str(error))], status=400)
    desk: FicheDesk = request.app[FICHES]
    plan = await asyncio.to_thread(plan_import, desk.data, lines)
    problems = plan.problems or await asyncio.to_thread(_write, desk, plan, request[STAFF].email)
    return _page(request, problems, None if problems else plan, status=400 if problems else 200)


def _write(desk: FicheDesk, plan: Plan, who: str) -> list[Problem]:
    """Write what was planned; what the checks refuse is said, and then nothing is written at all."""
    drafts = [(slug, *write_subject(desk.data, slug, questions)) for slug, questions in plan.added.items()]
    refused = [
        Problem(0, typographie(f"{slug} : {remark.message}"))
        for slug, _, _, review in drafts
        for remark in review.remarks
        if remark.is_error
    ]
    if refused:
        return refused
    try:
        for _, path, text, _ in drafts:
            desk.save(path, text, opened=mark_of(path.read_text(encoding="utf-8")), who=who, reason=REASON)
    except FicheChanged:
        return [Problem(0, typographie("Une fiche a changé pendant l’import : recommencez, rien n’est perdu."))]
    return []


def _page(
    request: web.Request, problems: list[Problem] | None = None, plan: Plan | None = None, status: int = 200
) -> web.Response:
    return render(request, "sheets.html", {"problems": problems or [], "plan": plan}, status=status)


async def _read_file(request: web.Request) -> bytes:
    """The file of the form, FILE_LIMIT bytes at most. Raises ApiError."""
    if request.content_type != "multipart/form-data":
        raise ApiError("unsupported_media_type")
    if (request.content_length or 0) > FILE_LIMIT:
        raise ApiError("body_too_large")
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            return await _read_part(request)
    except (ValueError, AssertionError, TimeoutError):
        raise ApiError("bad_request") from None


async def _read_part(request: web.Request) -> bytes:
    first = await (await request.clone(client_max_size=FILE_LIMIT).multipart()).next()
    if not isinstance(first, BodyPartReader):
        raise ApiError("bad_request")
    content = bytearray()
    while chunk := await first.read_chunk():
        content += chunk
        if len(content) > FILE_LIMIT:
            raise ApiError("body_too_large")
    return bytes(content)
