"""Pages of a town's site for the widget to live in: plain, in English, hostile, strict about scripts."""

import json
from dataclasses import dataclass, field

from aiohttp import web

# What the widget asks of a strict site, and nothing more: it brings no image, no font, no frame, no inline style.
STRICT = (
    "default-src 'none'; script-src {chat}; connect-src {chat}; style-src 'self'; require-trusted-types-for 'script'"
)
HOSTILE_CSS = """
* { all: unset !important }
button, p, div, dialog, h2, input, textarea { display: none !important }
* { z-index: 99999 !important; color: red !important; font-size: 3px !important }
commune-chat { display: none !important; position: static !important; opacity: 0 !important; transform: scale(9) }
html { font-size: 40% !important; direction: rtl }
"""
CALM_CSS = (
    "body { margin: 0; font: 1rem sans-serif } main { max-width: 40rem; margin: auto } .far { height: 150vh } "
    "#under { position: fixed; right: 3rem; bottom: 12rem }"
)
PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/{css}.css">
</head><body><main><h1>{title}</h1>
<p>Une page du site, <a id="first" href="/ailleurs">un lien</a>, <button id="page-button">un bouton</button>,
<label>un champ <input id="page-field"></label>.</p>
<p><a id="under" href="/ailleurs">un lien dans un coin</a></p>
<div class="far"></div><p><a id="last" href="/ailleurs">le dernier lien</a></p></main>
<script src="{chat}/w.js" defer{attributes}></script></body></html>
"""


@dataclass(frozen=True)
class Town:
    """The town's site; `chat` is the origin of the assistant, known once it has started."""

    chat: dict[str, str] = field(default_factory=dict)

    def app(self) -> web.Application:
        """Serve the pages."""
        app = web.Application()
        app.router.add_get("/calm.css", self._style(CALM_CSS))
        app.router.add_get("/hostile.css", self._style(HOSTILE_CSS))
        app.router.add_get("/{page}", self._page)
        return app

    def _style(self, css: str) -> object:
        async def get(request: web.Request) -> web.Response:
            return web.Response(text=css, content_type="text/css")

        return get

    async def _page(self, request: web.Request) -> web.Response:
        name, query, chat = request.match_info["page"], request.query, self.chat["origin"]
        attributes = "".join(f" data-{key}={json.dumps(value)}" for key, value in query.items())
        html = PAGE.format(
            lang="en" if name == "english" else "fr",
            title=f"Ville : {name}",
            css="hostile" if name == "hostile" else "calm",
            chat=chat,
            attributes=attributes,
        )
        policy = {"Content-Security-Policy": STRICT.format(chat=chat)} if name == "strict" else {}
        return web.Response(text=html, content_type="text/html", headers=policy)
