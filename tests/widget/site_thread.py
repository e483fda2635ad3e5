"""A gateway with the fake worker, and a town's site on another origin, both running in a thread of their own."""

import asyncio
import json
import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import web
from gateway_case import FAKE_WORKER, QUICK, write_data
from host_pages import Town

from gateway.app import create_app
from gateway.content import load_content
from gateway.settings import Settings
from gateway.startup import load_secret, open_database, prepare_folder
from gateway.workers import Supervisor


@dataclass(frozen=True)
class Site:
    """`town` and `chat` are origins; `journal` is what the worker received."""

    town: str
    chat: str
    journal: Path

    def seen(self, kind: str) -> list[Any]:
        """What the worker noted: "turn" or "erased"."""
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        return [note[kind] for note in map(json.loads, lines) if kind in note]

    def times_asked(self, text: str) -> int:
        """How many times the worker was asked this."""
        return sum(turn.get("text") == text for turn in self.seen("turn"))


class SiteThread:
    """Starts both servers and stops them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self.site: Site | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Site:
        """Wait until everything answers."""
        self._thread.start()
        assert self._ready.wait(30), "the site did not start"
        if self._failure is not None:
            raise self._failure
        assert self.site is not None
        return self.site

    def stop(self) -> None:
        """Stop everything, the worker too."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        # Importing Rasa puts another policy in place, under which a thread’s loop waits for no process.
        asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        town = Town()
        town_runner, town_port = await _listen(town.app(), "127.0.0.1")
        origin = f"http://localhost:{town_port}"
        gateway, supervisor, journal = self._make_gateway(origin)
        gateway_runner, port = await _listen(gateway, "127.0.0.1")
        await supervisor.wait_ready()
        town.chat["origin"] = f"http://127.0.0.1:{port}"
        self.site = Site(origin, town.chat["origin"], journal)
        self._ready.set()
        await self._stop.wait()
        await town_runner.cleanup()
        await gateway_runner.cleanup()

    def _make_gateway(self, origin: str) -> tuple[web.Application, Supervisor, Path]:
        models, journal = self._folder / "models", self._folder / "journal.jsonl"
        write_data(models / "r1" / "data")
        (models / "current").symlink_to("r1")
        settings = Settings.from_env(
            {"ALLO_VAR": str(self._folder / "var"), "ALLO_MODELS": str(models), "ALLO_ALLOWED_ORIGINS": origin}
        )
        settings = replace(settings, rate_limit=0, turn_timeout=5.0)
        prepare_folder(settings.var)
        environ = {**os.environ, "FAKE_WORKER_JOURNAL": str(journal), "FAKE_WORKER_DEFECT": ""}
        log, patience = settings.var / "worker.log", settings.turn_timeout
        # A busy machine is no dead worker.
        pacing = replace(QUICK, answer=5, misses=10)
        supervisor = Supervisor(models, log, environ, turn_timeout=patience, command=FAKE_WORKER, pacing=pacing)
        content, database = load_content(models, settings.project), open_database(settings)
        return create_app(settings, load_secret(settings.var), content, database, supervisor), supervisor, journal


async def _listen(app: web.Application, host: str) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    return runner, runner.addresses[0][1]
