"""The pages around the assistant: a demonstration of a town's page, what is kept, accessibility, about it."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from gateway import declaration, figures, questions
from gateway.keys import CONTENT, SETTINGS
from gateway.quality import load_quality
from gateway.source_page import cut_page

# What is kept for a time that no setting changes, in days.
KEPT = {"figures_days": figures.KEPT_DAYS, "decisions_days": questions.KEPT_DECISIONS_DAYS}
OPENAPI = Path(__file__).parent.parent / "docs" / "openapi.yml"

routes = web.RouteTableDef()


@routes.get("/")
async def get_demonstration(request: web.Request) -> web.Response:
    """A page that looks like a town's, made of the page the assistant answers from, with the widget."""
    source = next(iter(request.app[CONTENT].base.sources.values()), None)
    return _render(request, "demonstration.html", source=source, blocks=cut_page(source.texte) if source else [])


@routes.get("/confidentialite")
async def get_privacy(request: web.Request) -> web.Response:
    """What is kept, why, for how long, and who reads it; its figures are those of the settings."""
    return _render(request, "confidentialite.html", settings=request.app[SETTINGS], **KEPT)


@routes.get("/accessibilite")
async def get_accessibility(request: web.Request) -> web.Response:
    """The accessibility statement that French law asks for."""
    return _render(request, "accessibilite.html", declaration=declaration)


@routes.get("/a-propos")
async def get_about(request: web.Request) -> web.Response:
    """What the assistant is, what it knows and does not, which release answers, and how well."""
    content = request.app[CONTENT]
    quality = await asyncio.to_thread(load_quality, request.app[SETTINGS].models, content.release)
    context = {"release": content.release, "quality": quality, "subjects": content.known_subjects()}
    return _render(request, "a-propos.html", sources=list(content.base.sources.values()), **context)


@routes.get("/openapi.yml")
async def get_openapi(request: web.Request) -> web.StreamResponse:
    """The description of the API for programs."""
    return web.FileResponse(OPENAPI, headers={"Content-Type": "application/yaml; charset=utf-8"})


def _render(request: web.Request, template: str, **context: Any) -> web.Response:
    content = request.app[CONTENT]
    return aiohttp_jinja2.render_template(template, request, {"contact": content.contact, **context})
