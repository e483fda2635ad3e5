"""« À revoir »: residents' questions, the most useful first, and what staff decide on each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from aiohttp import web

from gateway.agents import texts
from gateway.agents.access import staff_only
from gateway.agents.error_chart import draw_weeks
from gateway.agents.forms import Form, read_form, read_number
from gateway.agents.keys import GROUPING, REVIEW, SAMPLING, STAFF, WORKING_FOLDER
from gateway.agents.pages import go, render
from gateway.agents.teaching import EXAMPLE_LIMIT, Taught, read_target, read_taught, teach, warn
from gateway.errors import ApiError, Unavailable
from gateway.review import COLLEGUE, DECISIONS, ECARTE, HORS_SUJET, NOUVEAU, SUJET, Asking, Line, Review
from gateway.sessions import today
from knowledge.text import normalize

HERE = "/agents/revoir"
GROUP_EVERY = 30.0  # seconds
NOTE_LIMIT = 500
VIEWS = {"": "À décider", COLLEGUE: "Pour un collègue", NOUVEAU: "Nouveaux sujets"}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_list(request: web.Request) -> web.Response:
    """What is to be decided this week, or what was left to colleagues or asks for a new subject."""
    view = request.query.get("vue", "")
    if view not in VIEWS:
        raise ApiError("not_found")
    context = await asyncio.to_thread(_read_list, request.app, view)
    return render(request, "review.html", context, notices=texts.REVIEW_NOTICES)


@routes.get(HERE + "/verifier", allow_head=False)
@staff_only()
async def get_warning(request: web.Request) -> web.Response:
    """What there is to say of an example before it is added, for the script of the page."""
    form = Form([(name, request.query.get(name, "")) for name in ("exemple", "sujet")])
    teaching = await asyncio.to_thread(request.app[WORKING_FOLDER].read)
    text, subject = form.text("exemple", EXAMPLE_LIMIT), teaching.find_subject(form.text("sujet"))
    return web.json_response({"warning": warn(Taught(text, subject), teaching) if text and subject else ""})


@routes.get(HERE + "/{number}", allow_head=False)
@staff_only()
async def get_question(request: web.Request) -> web.Response:
    """One question: what was answered, why, the conversation around it, and the decision to make."""
    number = read_number(request.match_info["number"])
    return await _draw(request, number, Form([]))


@routes.post(HERE + "/{number}")
@staff_only("rédaction")
async def post_decision(request: web.Request) -> web.Response:
    """Decide; the next question comes at once."""
    number, form = read_number(request.match_info["number"]), await read_form(request)
    decision, note = form.text("decision", 20), form.text("note", NOTE_LIMIT)
    if decision not in DECISIONS:
        raise ApiError("bad_request")
    if decision == COLLEGUE and not note:
        form.refuse("note", "Dites à votre collègue ce que vous vous demandez.")
    teaching = await asyncio.to_thread(request.app[WORKING_FOLDER].read)
    target = read_target(form, decision, teaching)
    taught = await asyncio.to_thread(_read_taught, request.app, number, form, target)
    if not form.errors and taught:
        await asyncio.to_thread(teach, request.app[WORKING_FOLDER], form, taught)
    if form.errors:
        return await _draw(request, number, form, status=400)
    review, by = request.app[REVIEW], request[STAFF].email
    if not await asyncio.to_thread(review.decide, number, decision, by, today(), target=target, note=note):
        raise ApiError("not_found")
    following = await asyncio.to_thread(_find_next, review, number)
    return go(following, "appris" if taught else decision)


@routes.post(HERE + "/{number}/reprendre")
@staff_only("rédaction")
async def post_undo(request: web.Request) -> web.Response:
    """Take a decision back."""
    await read_form(request)
    number = read_number(request.match_info["number"])
    await asyncio.to_thread(request.app[REVIEW].undo, number, request[STAFF].email)
    return go(f"{HERE}/{number}", "repris")


async def keep_grouping(app: web.Application) -> AsyncIterator[None]:
    """Put new questions in their groups while the gateway runs."""
    task = asyncio.create_task(_group_for_ever(app))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _group_for_ever(app: web.Application) -> None:
    while True:
        with suppress(Unavailable):
            await asyncio.to_thread(app[GROUPING].run)
        await asyncio.sleep(GROUP_EVERY)


def _read_list(app: web.Application, view: str) -> dict[str, Any]:
    review = app[REVIEW]
    app[GROUPING].run_once()
    app[SAMPLING].draw(today())
    estimate = app[SAMPLING].estimate()
    lines = review.list_decided(view) if view else review.list_open(today())
    return {
        "lines": lines,
        "view": view,
        "views": VIEWS,
        "counts": review.count_decided(),
        "progress": review.progress(today()),
        "estimate": estimate,
        "chart": draw_weeks(estimate) if estimate else "",
        "teaching": app[WORKING_FOLDER].read(),
        "share": texts.percent,
    }


async def _draw(request: web.Request, number: int, form: Form, status: int = 200) -> web.Response:
    context = await asyncio.to_thread(_read_question, request.app, number)
    context |= {"form": form}
    return render(request, "review_question.html", context, status=status, notices=texts.REVIEW_NOTICES)


def _read_question(app: web.Application, number: int) -> dict[str, Any]:
    review = app[REVIEW]
    line = review.find(number)
    if line is None:
        raise ApiError("not_found")
    askings = review.askings(number)
    turn_id = next((asking.turn_id for asking in askings if asking.turn_id is not None), None)
    return {
        "line": line,
        "askings": askings,
        "wordings": _other_wordings(line, askings),
        "conversation": review.around(turn_id) if turn_id is not None else [],
        "progress": review.progress(today()),
        "next": _find_next(review, number),
        "teaching": app[WORKING_FOLDER].read(),
        "kinds": texts.KINDS,
        "verdicts": texts.VERDICTS,
        "decisions": texts.DECISIONS,
        "share": texts.percent,
        "codes": {"sujet": SUJET, "hors_sujet": HORS_SUJET, "nouveau": NOUVEAU, "ecarte": ECARTE, "collegue": COLLEGUE},
    }


def _other_wordings(line: Line, askings: list[Asking]) -> list[str]:
    by_words = {normalize(asking.text): asking.text for asking in askings}
    return [text for words, text in by_words.items() if words != normalize(line.text)]


def _read_taught(app: web.Application, number: int, form: Form, target: str | None) -> Taught | None:
    line = app[REVIEW].find(number)
    return read_taught(form, target, line.text if line else "", app[WORKING_FOLDER])


def _find_next(review: Review, number: int) -> str:
    """The address of the next question of this week, or of the list when there is none."""
    if review.progress(today()).is_over:
        return HERE
    following = next((line for line in review.list_open(today()) if line.id != number), None)
    return f"{HERE}/{following.id}" if following else HERE
