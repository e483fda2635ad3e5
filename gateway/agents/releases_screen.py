"""« Versions »: every release with who, when, why and what changed; publishing one, going back to one."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from gateway.agents.access import staff_only
from gateway.agents.forms import Form, read_form
from gateway.agents.keys import JOURNAL, STAFF, TRAININGS
from gateway.agents.pages import go, render
from gateway.agents.refusals import refuse
from gateway.errors import ApiError
from gateway.keys import FLEET, SETTINGS
from gateway.settings import Settings
from knowledge.text import typographie
from training import changes, content, locks, publication, releases
from training.failures import explain_error
from training.progress import DONE, FAILED, INTERRUPTED, RUNNING

HERE = "/agents/versions"
PUBLISHER = "publication"
_TAKES_OVER = "Elle prend la place de l’autre dès qu’elle répond, sans interruption."
_BACK = "Vous êtes revenu à cette version : modèle, contenu, seuils et réponses."
NOTICES = {
    code: typographie(sentence)
    for code, sentence in {
        "publie": f"La version est publiée. {_TAKES_OVER}",
        "retour": f"{_BACK} {_TAKES_OVER}",
        "retour_contenu": f"{_BACK} Son contenu est de nouveau le contenu de travail ; celui d’avant est mis de côté, "
        "en bas de cette page.",
        "retour_seul": f"{_BACK} Le contenu de travail, lui, n’a pas pu être remplacé : il est resté comme il était. "
        "Réessayez depuis la page de la version.",
        "contenu": "Le contenu de travail est remplacé ; celui d’avant est mis de côté, en bas de cette page.",
    }.items()
}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_releases(request: web.Request) -> web.Response:
    """Every release, the newest first."""
    models = request.app[SETTINGS].models
    context = await asyncio.to_thread(_read_list, models)
    state = await asyncio.to_thread(lambda: request.app[TRAININGS].state)
    context["broken"] = state if state and state.status in (FAILED, INTERRUPTED) else None
    return render(request, "releases.html", context | _answering(request), notices=NOTICES)


@routes.get(f"{HERE}/etat", allow_head=False)
@staff_only()
async def get_state(request: web.Request) -> web.Response:
    """Whether a release is taking the place of another, for the script of the page."""
    return web.json_response({"status": RUNNING if _answering(request)["is_switching"] else DONE, "stages": []})


@routes.get(f"{HERE}/{{release}}", allow_head=False)
@staff_only()
async def get_release(request: web.Request) -> web.Response:
    """One release: what it is made of, what changed, and what can be done with it."""
    return await _release_page(request, Form([]))


@routes.post(f"{HERE}/{{release}}/publier")
@staff_only(PUBLISHER)
async def post_publication(request: web.Request) -> web.Response:
    """Publish a release that the gate lets through."""
    settings, release = request.app[SETTINGS], request.match_info["release"]

    def publish(by: str, reason: str) -> None:
        publication.publish(settings.models, settings.project, release, by, reason)
        # The publication is done; somebody else's removes the old releases too.
        with contextlib.suppress(locks.Busy):
            publication.prune(settings.models, settings.keep_releases, by)

    return await _act(request, publish, "Version publiée", "publie")


@routes.post(f"{HERE}/{{release}}/retour")
@staff_only(PUBLISHER)
async def post_rollback(request: web.Request) -> web.Response:
    """Go back to a release, with its content as the working one if asked."""
    settings, release = request.app[SETTINGS], request.match_info["release"]
    form = await read_form(request)

    def roll_back(by: str, reason: str) -> None:
        publication.rollback(settings.models, release, by, reason)

    response = await _act(request, roll_back, "Retour à une version", "retour", form)
    if response.status == 303 and form.raw("contenu"):
        return await _take_content_too(request, release)
    return response


async def _take_content_too(request: web.Request, release: str) -> web.Response:
    """After going back: what residents get is done, whatever becomes of the working content."""
    settings, by = request.app[SETTINGS], request[STAFF].email
    try:
        await asyncio.to_thread(content.take_back, settings.models, settings.project, release, by)
    except (releases.ReleaseError, locks.Busy, OSError):
        return go(HERE, "retour_seul")
    await asyncio.to_thread(request.app[JOURNAL].note, by, "Contenu repris d’une version", release)
    return go(HERE, "retour_contenu")


@routes.post(f"{HERE}/{{release}}/contenu")
@staff_only("rédaction")
async def post_content(request: web.Request) -> web.Response:
    """Make the content of a release the working one; the present one is set aside."""
    settings, release = request.app[SETTINGS], request.match_info["release"]

    def take_back(by: str, reason: str) -> None:
        content.take_back(settings.models, settings.project, release, by)

    return await _act(request, take_back, "Contenu repris d’une version", "contenu")


@routes.post(f"{HERE}/brouillons/{{name}}/reprendre")
@staff_only("rédaction")
async def post_aside(request: web.Request) -> web.Response:
    """Take back a content that was set aside."""
    settings, name = request.app[SETTINGS], request.match_info["name"]
    form = await read_form(request)
    by = request[STAFF].email
    try:
        aside = await asyncio.to_thread(content.take_back_aside, settings.models, settings.project, name, by)
    except (locks.Busy, OSError) as error:
        return refuse(request, "refused", _sentence(error))
    if aside is None:
        raise ApiError("not_found")
    await asyncio.to_thread(request.app[JOURNAL].note, by, "Contenu mis de côté repris", name, form.text("motif"))
    return go(HERE, "contenu")


async def _act(
    request: web.Request, action: Callable[[str, str], None], name: str, done: str, form: Form | None = None
) -> web.Response:
    """Do something to a release, for a reason, and write it in the journal; a refusal is a sentence."""
    form = form or await read_form(request)
    release, by, reason = request.match_info["release"], request[STAFF].email, form.reason()
    if form.errors:
        return await _release_page(request, form, reason, status=400)
    try:
        await asyncio.to_thread(action, by, reason)
    except (releases.ReleaseError, locks.Busy, OSError) as error:
        return refuse(request, "refused", _sentence(error))
    await asyncio.to_thread(request.app[JOURNAL].note, by, name, release, reason)
    return go(HERE, done)


def _sentence(error: Exception) -> str:
    return (explain_error(error) or "") if isinstance(error, OSError) else str(error)


async def _release_page(request: web.Request, form: Form, reason: str = "", status: int = 200) -> web.Response:
    settings, release = request.app[SETTINGS], request.match_info["release"]
    try:
        context = await asyncio.to_thread(_read_release, settings, release)
    except releases.ReleaseError:
        raise ApiError("not_found") from None
    context |= {"errors": form.errors, "reason": reason}
    return render(request, "release.html", context | _answering(request), status=status)


def _answering(request: web.Request) -> dict[str, Any]:
    """Which release is published, which one answers, and why they differ if they do."""
    fleet = request.app[FLEET]
    published = releases.current_id(request.app[SETTINGS].models)
    return {
        "published": published,
        "answering": fleet.release,
        "failure": fleet.failure,
        "is_switching": published is not None and fleet.release != published and fleet.failure is None,
    }


def _read_list(models: Path) -> dict[str, Any]:
    log = publication.read_log(models)
    rows = []
    for manifest in releases.list_releases(models):
        lines = [line for line in log if line.release == manifest.id]
        rows.append({"manifest": manifest, "made_at": _seconds(manifest.made_at), "last": lines[-1] if lines else None})
    return {
        "rows": rows,
        "log": [{"line": line, "at": _seconds(line.at)} for line in reversed(log[-20:])],
        "aside": content.list_aside(models),
    }


def _read_release(settings: Settings, release: str) -> dict[str, Any]:
    models = settings.models
    manifest = releases.load_manifest(models, release)
    parent = manifest.parent if manifest.parent and (models / manifest.parent).is_dir() else None
    log = [line for line in publication.read_log(models) if line.release == release]
    return {
        "manifest": manifest,
        "made_at": _seconds(manifest.made_at),
        "parent": parent,
        "files": content.compare_contents(models / parent, models / release) if parent else [],
        "evaluation": releases.load_evaluation(models, release),
        "changes": changes.load_changes(models, release),
        "log": [{"line": line, "at": _seconds(line.at)} for line in log],
        "is_current": releases.current_id(models) == release,
        "was_published": bool(log),
    }


def _seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()
