"""The widget as browsers get it: the launcher, and the conversation in one module, small and already compressed.

`/w.js` is asked for again every few minutes and names the module by its hash, which never changes. What the
first screen says about this service (how long things are kept, what it knows) is written into the module, so
that opening the panel asks nothing of the server. Both may be loaded by any site: they hold no secret.
"""

import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import web
from rcssmin import cssmin
from rjsmin import jsmin

from gateway import texts
from gateway.content import Content
from gateway.keys import CONTENT, SETTINGS
from knowledge.text import typographie

SOURCE = Path(__file__).parent.parent / "widget"
LOCALE = "fr"
FULL_PAGE = "assistant"
SHORT = "public, max-age=300, stale-while-revalidate=86400"
FOREVER = "public, max-age=31536000, immutable"
# Any site may load these; the conversation itself stays with those of ALLO_ALLOWED_ORIGINS.
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

CONFIG = '"CONFIG"'
ENTRY = "chat.js"
WRITTEN = "settings.js"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function |const )", re.MULTILINE)
NAMED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)

routes = web.RouteTableDef()


@dataclass(frozen=True)
class Script:
    """One file: what it holds, the same compressed, and its hash."""

    plain: bytes
    compressed: bytes
    digest: str

    @classmethod
    def of(cls, text: str) -> "Script":
        """Minify and compress."""
        plain = jsmin(text).encode()
        return cls(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])


@dataclass(frozen=True)
class Widget:
    """The two files."""

    launcher: Script
    chat: Script

    @property
    def chat_path(self) -> str:
        """Where the module is, under the service's address."""
        return f"widget/chat-{self.chat.digest}.js"


@routes.get("/w.js")
async def get_launcher(request: web.Request) -> web.Response:
    """The launcher."""
    return _respond(request, _widget(request).launcher, SHORT)


@routes.get(r"/widget/chat-{digest:[0-9a-f]{12}}.js")
async def get_chat(request: web.Request) -> web.Response:
    """The conversation. A page that was open during an update asks for the one before: it gets this one."""
    chat = _widget(request).chat
    is_current = request.match_info["digest"] == chat.digest
    return _respond(request, chat, FOREVER if is_current else "no-cache")


@routes.get("/widget/markdown.js")
async def get_markdown(request: web.Request) -> web.Response:
    """The module that draws limited Markdown, alone, for the service's own pages."""
    return _respond(request, Script.of(_read("markdown.js")), "no-cache")


@lru_cache(maxsize=4)
def build_widget(source: Path, facts: str) -> Widget:
    """Build both files from the widget's folder and `facts`, the JSON of `settings` in the module."""
    words = _set_type(json.loads((source / "strings" / f"{LOCALE}.json").read_text(encoding="utf-8")))
    written = _write_settings(words["chat"], facts, cssmin((source / "chat.css").read_text(encoding="utf-8")))
    chat = Script.of(join_modules(ENTRY, source, {WRITTEN: written}))
    config = {
        "chat": f"widget/chat-{chat.digest}.js",
        "page": FULL_PAGE,
        "css": cssmin((source / "launcher.css").read_text(encoding="utf-8")),
        "words": words["launcher"],
    }
    launcher = (source / "w.js").read_text(encoding="utf-8").replace(CONFIG, _to_js(config))
    return Widget(Script.of(launcher), chat)


def join_modules(entry: str, source: Path, written: dict[str, str]) -> str:
    """One module out of `entry` and all that it imports, each after those it needs.

    Reads what our own modules are made of: `import {…} from "./….js";` on one line, `export` before a
    function or a constant. `written`: modules that are no file of the folder. Raises ValueError when two
    modules give the same name to different things: they share one scope here.
    """
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        text = written.get(name) or (source / name).read_text(encoding="utf-8")
        for imported in IMPORT.findall(text):
            if imported not in joined:
                add(imported)
        joined[name] = IMPORT.sub("", text) if name == entry else EXPORT.sub("", IMPORT.sub("", text))

    add(entry)
    names = Counter(name for text in joined.values() for name in NAMED.findall(text))
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise ValueError(f"named twice in {source}: {', '.join(twice)}")
    return "\n".join(joined.values())


def _set_type(words: Any) -> Any:
    """The words with French typography, whatever they are in: an object, a list."""
    if isinstance(words, dict):
        return {name: _set_type(value) for name, value in words.items()}
    return [_set_type(value) for value in words] if isinstance(words, list) else typographie(words)


def _write_settings(words: Any, facts: str, css: str) -> str:
    return (
        f"export const words = {_to_js(words)};\nexport const settings = {facts};\nexport const css = {_to_js(css)};\n"
    )


def _to_js(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def facts_of(content: Content, retention_days: int) -> str:
    """What the first screen says about this service, as JSON: the `settings` of the module."""
    return _to_js(
        {
            "name": texts.NAME,
            "intro": texts.INTRO,
            "limits": texts.UNKNOWN,
            "subjects": content.known_subjects(),
            "examples": texts.EXAMPLES,
            "retention": texts.retention(retention_days),
            "contact": content.contact,
        }
    )


def _widget(request: web.Request) -> Widget:
    content, settings = request.app[CONTENT], request.app[SETTINGS]
    return build_widget(SOURCE, facts_of(content, settings.retention_days))


def _read(name: str) -> str:
    return (SOURCE / name).read_text(encoding="utf-8")


def _respond(request: web.Request, script: Script, cache: str) -> web.Response:
    tag = f'"{script.digest}"'
    headers = {**OPEN, "Cache-Control": cache, "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    is_small = "gzip" in request.headers.get("Accept-Encoding", "")
    if is_small:
        headers["Content-Encoding"] = "gzip"
    body = script.compressed if is_small else script.plain
    return web.Response(body=body, headers=headers, content_type="text/javascript", charset="utf-8")
