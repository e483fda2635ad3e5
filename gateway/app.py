"""The web application: its addresses, what they share, and what starts and stops with it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from gateway import chat, health, keys, page, rest_channel, site, status, texts, widget_files
from gateway.admission import AT_ONCE, Admission
from gateway.agents import requests_screen
from gateway.agents.keys import FIGURES, JOURNAL, OUTBOX, REVIEW
from gateway.agents.pages import explain_staff_errors
from gateway.agents.screens import setup_console, template_globals
from gateway.announcements import Announcements
from gateway.clock import ClockGuard
from gateway.content import Content
from gateway.conversation import Conversations
from gateway.coordination import Coordination
from gateway.database import Database
from gateway.errors import Unavailable
from gateway.fleet import Fleet
from gateway.incoming import BODY_LIMIT
from gateway.limits import RateLimit, SharedLimit
from gateway.mailer import Mailer
from gateway.markdown import is_link_allowed, render_markdown
from gateway.monitor import Health
from gateway.outbox import Outbox
from gateway.purge import Purge
from gateway.recovery import purge_aside
from gateway.resident_requests import RequestStore
from gateway.security import explain_errors, same_origin_only, set_headers
from gateway.sessions import SessionKeeper, today
from gateway.settings import Settings
from gateway.store import Store
from gateway.typography import Typography
from gateway.withdrawals import Withdrawals
from gateway.workers import Supervisor
from knowledge.text import typographie

log = logging.getLogger("gateway.app")

HERE = Path(__file__).parent
STATIC = HERE / "static"
HEAD_PATIENCE = 60.0  # seconds
TIDY_EVERY = 60.0  # seconds between two rounds of erasures
PURGE_EVERY = 60  # rounds: once an hour, so that a day's end is never far


def create_app(
    settings: Settings, secret: str, content: Content, database: Database, workers: Fleet | Supervisor
) -> web.Application:
    """Wire the application; the database is closed and the workers stopped with it."""
    # One supervisor is a fleet of one.
    fleet = workers if isinstance(workers, Fleet) else Fleet([workers])
    # Explained errors come first: a refused origin is explained like any other refusal.
    middlewares = [explain_errors, explain_staff_errors, same_origin_only]
    app = web.Application(middlewares=middlewares, client_max_size=BODY_LIMIT)
    store, requests = Store(database), RequestStore(database)
    keeper = SessionKeeper(secret, settings.retention_days)
    announcements = Announcements(database)
    admission = Admission(AT_ONCE * fleet.places)
    conversations = Conversations(
        content,
        keeper,
        store,
        fleet,
        announcements,
        Withdrawals(database),
        admission,
        patience=settings.turn_timeout,
    )
    app[keys.SETTINGS] = settings
    app[keys.DATABASE] = database
    app[keys.ANNOUNCEMENTS] = announcements
    app[keys.CONTENT] = content
    fleet.follow_with(content.prepare, content.release)
    app[keys.CONVERSATIONS] = conversations
    for key, name in ((keys.RATE_LIMIT, "rate"), (keys.SESSION_LIMIT, "session-rate")):
        app[key] = SharedLimit(name, RateLimit(settings.rate_limit), fleet.coordination, keeper.digest)
    app[keys.FLEET] = fleet
    app[keys.HEALTH] = Health(database, fleet, admission, Outbox(database), settings.var)
    app.cleanup_ctx.append(_running(database, fleet))
    setup_console(app, database)
    request_retention = timedelta(days=settings.request_retention_days)
    guard = ClockGuard(settings.var)

    def forget_conversations() -> int:
        store.redate(guard.last_day, today())
        return store.purge(keeper.oldest())

    def forget_requests() -> int:
        requests.redate(guard.last_day, today())
        return requests.purge(today() - request_retention)

    purges: dict[str, Callable[[], int]] = {
        "conversations": forget_conversations,
        "requests": forget_requests,
        "decisions": lambda: app[REVIEW].purge(today()),
        "journal": app[JOURNAL].purge,
        "figures": app[FIGURES].purge,
        "damaged": lambda: purge_aside(settings.var),
    }
    if settings.smtp is None:
        purges["mails"] = app[OUTBOX].clear
    else:
        link = settings.public_url + requests_screen.HERE
        app.cleanup_ctx.append(_in_background(Mailer(app[OUTBOX], settings.smtp, settings.smtp_to, link).run))
    app.cleanup_ctx.append(_in_background(announcements.follow))
    parts = {name: partial(asyncio.to_thread, forget) for name, forget in purges.items()}
    # What workers keep of conversations that the database does not know, too.
    purge = Purge(parts | {"events": lambda: fleet.forget_before(_midnight(keeper.oldest()))}, app[JOURNAL])
    app[keys.HEALTH].show_purge(purge)
    app.cleanup_ctx.append(_in_background(partial(_tidy, guard, purge, conversations, fleet.coordination)))
    app.on_response_prepare.append(set_headers)
    _setup_templates(app)
    app.add_routes(chat.routes)
    app.add_routes(status.routes)
    app.add_routes(health.routes)
    app.add_routes(page.routes)
    app.add_routes(site.routes)
    app.add_routes(rest_channel.routes)
    app.add_routes(widget_files.routes)
    app.router.add_static("/static/", STATIC)
    return app


def make_runner(app: web.Application, patience: float, head_patience: float = HEAD_PATIENCE) -> web.AppRunner:
    """What serves the application; once told to stop, it leaves `patience` seconds to the requests in hand.

    A connection on which no whole head of a request comes within `head_patience` seconds is closed.
    """
    return web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=patience,
        keepalive_timeout=head_patience,
    )


def _setup_templates(app: web.Application) -> None:
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=[Typography],
    )
    environment.globals.update(template_globals(), t=texts)
    environment.filters.update(markdown=render_markdown, typographie=typographie)
    environment.tests["link"] = is_link_allowed


def _running(database: Database, fleet: Fleet) -> Any:
    async def run(app: web.Application) -> AsyncIterator[None]:
        fleet.start()
        yield
        await fleet.stop()
        database.close()

    return run


def _in_background(work: Callable[[], Coroutine[Any, Any, None]]) -> Any:
    async def run(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(work())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return run


def _midnight(day: date) -> float:
    return datetime.combine(day, datetime.min.time(), UTC).timestamp()


async def _tidy(guard: ClockGuard, purge: Purge, conversations: Conversations, coordination: Coordination) -> None:
    """Forget what is past its retention, unless the clock has just leapt, and have the worker forget it too.

    One gateway at a time.
    """
    turn = 0
    while True:
        try:
            async with coordination.in_turn("tidy", TIDY_EVERY):
                if turn % PURGE_EVERY == 0:
                    purge.fall_due()
                await conversations.finish_erasures()
                if purge.is_due and await asyncio.to_thread(guard.trust):
                    await purge.run()
        except (Unavailable, OSError) as reason:
            log.info("tidying put off: %s", type(reason).__name__)
        turn += 1
        await asyncio.sleep(TIDY_EVERY)
