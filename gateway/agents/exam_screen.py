"""« Examen »: residents' questions, rewritten, that the assistant is marked on and never learns from."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from gateway.agents import texts
from gateway.agents.access import staff_only
from gateway.agents.forms import Form, read_form, read_number
from gateway.agents.keys import JOURNAL, REVIEW, STAFF, WORKING_FOLDER
from gateway.agents.pages import go, render
from gateway.agents.working_folder import Teaching, WorkingFolder
from knowledge.intents import OFF_TOPIC
from knowledge.masking import Masker
from training.exam import ExamError
from training.real_questions import RealQuestion, add_real, is_in_exam, list_real, remove_real

HERE = "/agents/examen"
QUESTION_LIMIT = 500
SHORTEST = 2

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_exam(request: web.Request) -> web.Response:
    """The real questions of the exam, and the form to add one, beside the question it comes from."""
    return await _draw(request, Form([]))


@routes.post(HERE)
@staff_only("rédaction")
async def post_question(request: web.Request) -> web.Response:
    """Add a question to the exam."""
    form = await read_form(request)
    folder = request.app[WORKING_FOLDER]
    question = await asyncio.to_thread(_read_question, form, folder)
    if question is None:
        return await _draw(request, form, status=400)
    await asyncio.to_thread(add_real, folder.exam, question)
    await asyncio.to_thread(request.app[JOURNAL].note, request[STAFF].email, "Question d’examen ajoutée", question.text)
    return go(HERE, "examen")


@routes.post(HERE + "/retirer")
@staff_only("rédaction")
async def post_removal(request: web.Request) -> web.Response:
    """Take a question out of the exam."""
    form = await read_form(request)
    text, folder = form.text("question", QUESTION_LIMIT), request.app[WORKING_FOLDER]
    if await asyncio.to_thread(remove_real, folder.exam, text):
        await asyncio.to_thread(request.app[JOURNAL].note, request[STAFF].email, "Question d’examen retirée", text)
    return go(HERE, "retiree")


async def _draw(request: web.Request, form: Form, status: int = 200) -> web.Response:
    context = await asyncio.to_thread(_read_exam, request)
    return render(request, "exam.html", context | {"form": form}, status=status, notices=texts.REVIEW_NOTICES)


def _read_exam(request: web.Request) -> dict[str, Any]:
    folder = request.app[WORKING_FOLDER]
    origin = request.query.get("depuis", "")
    line = request.app[REVIEW].find(read_number(origin)) if origin else None
    try:
        known, problem = list_real(folder.exam), ""
    except ExamError as error:
        known, problem = [], str(error)
    return {"questions": known, "problem": problem, "line": line, "teaching": folder.read()}


def _read_question(form: Form, folder: WorkingFolder) -> RealQuestion | None:
    """The question to add, or None with what is wrong in the form."""
    teaching, text = folder.read(), form.text("question", QUESTION_LIMIT)
    subject = teaching.find_subject(form.text("sujet"))
    if subject is None:
        form.refuse("sujet", "Choisissez un sujet de la liste : écrivez le début de son nom.")
    if len(text) < SHORTEST:
        form.refuse("question", "Écrivez la question.")
    elif problem := _find_problem(text, folder, teaching):
        form.refuse("question", problem)
    if form.errors:
        return None
    return RealQuestion(text, None if subject == OFF_TOPIC else subject)


def _find_problem(text: str, folder: WorkingFolder, teaching: Teaching) -> str:
    if "[" in text or Masker.for_content(teaching.base).find(text):
        return "Cette phrase contient encore une donnée personnelle : réécrivez-la sans elle."
    if teaching.examples.has(text):
        return "L’assistant apprend déjà cette phrase : une question apprise ne prouve rien. Écrivez-la autrement."
    try:
        return "Cette question est déjà dans l’examen." if is_in_exam(folder.exam, text) else ""
    except ExamError as error:
        return str(error)
