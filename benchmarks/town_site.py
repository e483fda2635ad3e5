"""What the measures and the pictures of the widget need: this project answering, a page of a town, a browser."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, sync_playwright

from benchmarks.errors import BenchmarkError
from benchmarks.processes import Command, clean_environ, find_port

ROOT = Path(__file__).parent.parent
READY_LIMIT = 300.0
STRICT = (
    "default-src 'none'; script-src {chat}; connect-src {chat}; style-src 'self'; require-trusted-types-for 'script'"
)
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Le site de la Ville</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css"></head>
<body><header>Le site de la Ville</header><main><h1>La politique de la ville</h1>{paragraphs}</main>{script}
</body></html>"""
STYLE = """:root { color-scheme: light dark }
body { margin: 0; background: light-dark(#fff, #1c1c1c); color: light-dark(#222, #ddd);
  font: 1rem/1.6 "Segoe UI", Roboto, "Liberation Sans", sans-serif }
header { padding: 1.2rem max(1.2rem, 50vw - 34rem); background: light-dark(#e9eef2, #2a2f33); font-weight: 700 }
main { max-width: 44rem; margin: 0 max(1.2rem, 50vw - 34rem); padding: 1rem 0 }"""
PARAGRAPH = "<p>Cette page tient lieu du site de la Ville : elle est là pour porter le bouton de l’assistant.</p>"


@dataclass(frozen=True)
class TownSite:
    """`chat`: the assistant's origin. `town`: the page's; `/sans` is the same page without the widget."""

    chat: str
    town: str


@contextmanager
def open_town(models: Path) -> Iterator[TownSite]:
    """Start everything on a published release. Raises BenchmarkError when there is none, or it does not answer."""
    chat = f"http://127.0.0.1:{find_port()}"
    server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(chat))
    town = f"http://localhost:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with tempfile.TemporaryDirectory() as folder, open_assistant(models, Path(folder), chat, town):
            yield TownSite(chat, town)
    finally:
        server.shutdown()


@contextmanager
def open_assistant(models: Path, var: Path, chat: str, town: str = "", log: str = "widget-gateway") -> Iterator[int]:
    """Start the assistant alone, at the address `chat`, writing in `var`; gives its process id.

    Raises BenchmarkError when no release is published, or it does not answer.
    """
    if not (models / "current").is_dir():
        raise BenchmarkError(f"Aucune version publiée dans {models} : lancez « make train », ou donnez --models.")
    command = _describe(chat, town, models, var, log)
    with command.started() as process:
        _wait_ready(chat, command)
        yield process.pid


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium. Raises BenchmarkError where it is missing."""
    chromium = which("chromium")
    if chromium is None:
        raise BenchmarkError("Chromium n’est pas installé : « apt install chromium ».")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def _describe(chat: str, town: str, models: Path, folder: Path, log: str) -> Command:
    settings = {
        "ALLO_PORT": chat.rpartition(":")[2],
        "ALLO_VAR": str(folder),
        "ALLO_MODELS": str(models.absolute()),
        "ALLO_ALLOWED_ORIGINS": town,
        "ALLO_RATE_LIMIT": "0",
    }
    return Command([sys.executable, "-m", "gateway"], ROOT, clean_environ() | settings, log)


def _wait_ready(chat: str, command: Command) -> None:
    limit = time.monotonic() + READY_LIMIT
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{chat}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise BenchmarkError(f"L’assistant n’a pas démarré ; son journal : .bench/logs/{command.log}.log")


def _make_handler(chat: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_style = self.path.startswith("/site.css")
            script = "" if self.path.startswith("/sans") else f'<script src="{chat}/w.js" defer></script>'
            body = STYLE if is_style else PAGE.format(paragraphs=PARAGRAPH * 12, script=script)
            self.send_response(200)
            self.send_header("Content-Type", f"text/{'css' if is_style else 'html'}; charset=utf-8")
            self.send_header("Content-Security-Policy", STRICT.format(chat=chat))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
