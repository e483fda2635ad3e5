"""« Entraîner et publier »: one button, its progress, what it changes for residents, the verdict, and publishing."""

import asyncio
import time
from typing import Any

from aiohttp import web

from gateway.agents import slice_chart
from gateway.agents.access import staff_only
from gateway.agents.forms import Form, read_form
from gateway.agents.keys import JOURNAL, QUESTIONS, STAFF, TRAININGS
from gateway.agents.pages import go, render
from gateway.agents.refusals import refuse
from gateway.agents.training_runs import NotStarted
from gateway.keys import SETTINGS
from gateway.settings import Settings
from training import changes, publication, releases
from training.content import compare_contents
from training.gate import Verdict
from training.progress import DONE, RUNNING, State
from training.times import format_left

HERE = "/agents/entrainer"
# More would not be read: the number of the others is said.
MOST_CHANGES = 60

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_training(request: web.Request) -> web.Response:
    """The last training, running or ended, and the button of the next one."""
    return await _page(request, Form([]))


@routes.get(f"{HERE}/etat", allow_head=False)
@staff_only()
async def get_state(request: web.Request) -> web.Response:
    """How far the training is, for the script of the page."""
    state = await asyncio.to_thread(lambda: request.app[TRAININGS].state)
    if state is None:
        return web.json_response({"status": ""})
    stages = [
        {"name": stage.name, "began": bool(stage.began), "ended": bool(stage.ended)}
        | {"done": stage.done, "total": stage.total}
        for stage in state.stages
    ]
    return web.json_response({"status": state.status, "left": _left(state), "stages": stages})


@routes.post(HERE)
@staff_only("rédaction")
async def post_training(request: web.Request) -> web.Response:
    """Start a training."""
    form = await read_form(request)
    reason = form.reason()
    if form.errors:
        return await _page(request, form, reason, status=400)
    return await _start(request, "Entraînement lancé", "", reason, request.app[TRAININGS].train)


@routes.post(f"{HERE}/examen/{{release}}")
@staff_only("rédaction")
async def post_exam(request: web.Request) -> web.Response:
    """Have a release take today's exam: its questions have changed since."""
    form = await read_form(request)
    reason = form.reason()
    if form.errors:
        return await _page(request, form, reason, status=400)
    release, trainings = request.match_info["release"], request.app[TRAININGS]
    try:
        await asyncio.to_thread(releases.load_manifest, request.app[SETTINGS].models, release)
    except releases.ReleaseError as error:
        return refuse(request, "unknown_release", str(error))
    return await _start(request, "Examen lancé", release, reason, lambda by, why: trainings.examine(release, by, why))


async def _start(request: web.Request, action: str, target: str, reason: str, start: Any) -> web.Response:
    by = request[STAFF].email
    try:
        await asyncio.to_thread(start, by, reason)
    except NotStarted as error:
        return refuse(request, "not_started", str(error))
    await asyncio.to_thread(request.app[JOURNAL].note, by, action, target, reason)
    return go(HERE)


async def _page(request: web.Request, form: Form, reason: str = "", status: int = 200) -> web.Response:
    state = await asyncio.to_thread(lambda: request.app[TRAININGS].state)
    settings = request.app[SETTINGS]
    context: dict[str, Any] = {
        "state": state,
        "is_running": state is not None and state.status == RUNNING,
        "is_broken": state is not None and state.status not in (RUNNING, DONE),
        "left": _left(state) if state else "",
        "errors": form.errors,
        "reason": reason,
        "draft": await asyncio.to_thread(_draft_changes, settings),
    }
    if state and state.release and state.status == DONE:
        context["result"] = await asyncio.to_thread(_read_result, settings, state.release)
    else:
        context["result"] = None
    found = context["result"]["changes"] if context["result"] else None
    context["texts"] = await asyncio.to_thread(_real_texts, request, found) if found else {}
    return render(request, "training.html", context, status=status)


def _read_result(settings: Settings, release: str) -> dict[str, Any] | None:
    """What the last training gave: the release, its marks beside those it would replace, changes, verdict."""
    models = settings.models
    try:
        manifest = releases.load_manifest(models, release)
    except releases.ReleaseError:
        return None
    found = changes.load_changes(models, release)
    after = releases.load_evaluation(models, release)
    before = _evaluation(models, found.before) if found else None
    rows = slice_chart.read_rows(before, after) if after else []
    verdict, problem = _judge(settings, release)
    return {
        "manifest": manifest,
        "changes": found,
        "shown": found.changes[:MOST_CHANGES] if found else (),
        "hidden": max(len(found.changes) - MOST_CHANGES, 0) if found else 0,
        "rows": rows,
        "chart": slice_chart.draw(rows),
        "verdict": verdict,
        "problem": problem,
        "is_published": releases.current_id(models) == release,
        # What was compared is not what answers any more: somebody published or went back meanwhile.
        "is_stale": found is not None and releases.current_id(models) not in (found.before, release),
    }


def _evaluation(models: Any, release: str) -> dict[str, Any] | None:
    try:
        return releases.load_evaluation(models, release)
    except releases.ReleaseError:
        return None


def _judge(settings: Settings, release: str) -> tuple[Verdict | None, str]:
    """The verdict of today, or the sentence that says why there is none."""
    try:
        return publication.judge(settings.models, settings.project, release), ""
    except releases.ReleaseError:
        return None, "Les questions d’examen ont changé depuis : cette version doit repasser l’examen."


def _draft_changes(settings: Settings) -> list[Any] | None:
    """The files of the working folder that differ from what answers residents; None before a first publication."""
    published = releases.current_id(settings.models)
    if published is None:
        return None
    return compare_contents(settings.models / published, settings.project)


def _real_texts(request: web.Request, found: changes.Changes) -> dict[str, str]:
    keys = [change.key for change in found.changes if change.origin == changes.REAL]
    return request.app[QUESTIONS].texts(keys) if keys else {}


def _left(state: State) -> str:
    left = state.time_left(time.time())
    return format_left(left) if left is not None else ""
