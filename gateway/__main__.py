"""`python -m gateway`: reads the settings, reserves the port, starts everything, stops everything."""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence

import uvloop
from aiohttp import web

from gateway import texts
from gateway.agents.keys import ACCOUNTS
from gateway.agents.login_screen import FIRST_ACCESS
from gateway.app import create_app, make_runner
from gateway.commands import CommandError, read_command, run_command
from gateway.coordination import Alone, Coordination
from gateway.errors import Unavailable
from gateway.fleet import Fleet
from gateway.recovery import Recovery
from gateway.redis_coordination import Together, lock_environ
from gateway.settings import Settings, SettingsError
from gateway.startup import (
    StartError,
    arrive,
    bind_port,
    fingerprint_keys,
    load_data_key,
    load_secret,
    look_back,
    open_content,
    open_database,
    prepare_folder,
    recover,
)
from gateway.worker_process import WORKER_COMMAND
from gateway.workers import Supervisor
from knowledge.logs import configure_logs

terminal = logging.getLogger("gateway.terminal")

WORKER_LOG = "worker{number}.log"
CLUSTER_ENDPOINTS = "endpoints.cluster.yml"
# A thread that reads the fiches of a new release lets the others work this often (seconds): at Python's 5 ms, a message
# that goes from thread to thread waits ten times for it.
SWITCH_INTERVAL = 0.0005
BUSY_PAUSE = 1.0  # seconds before the database is asked again
SHUTDOWN_MARGIN = 5.0  # seconds left to a request that is being answered, beside the time of a message
# Of glibc's malloc: how many separate heaps the threads of a process take their memory from.
M_ARENA_MAX, ARENAS = -8, 2
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def main(worker_command: Sequence[str] = WORKER_COMMAND) -> int:
    """Run until told to stop; returns the exit code."""
    style = os.environ.get("ALLO_LOG_FORMAT", "").strip()
    _configure_logs(style)
    # What is written here is for its owner only: conversations, keys, logs.
    os.umask(0o077)
    sys.setswitchinterval(SWITCH_INTERVAL)
    share_heaps()
    try:
        command = read_command(sys.argv[1:])
        settings = Settings.from_env(os.environ)
        if command.name:
            _tell(run_command(command, settings))
            return 0
        server = bind_port(settings.host, settings.port)
        prepare_folder(settings.var)
        with arrive(settings.var) as arrival:
            recovery = look_back(settings, arrival)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
                loop.run(_serve(settings, server, worker_command, recovery))
    except (CommandError, SettingsError, StartError) as error:
        return _refuse(str(error), style)
    _tell(texts.STOPPED)
    return 0


def share_heaps() -> None:
    """Have all threads share two heaps: with one each, what is free in one cannot serve another, and all grow."""
    # Another C library than glibc has no such thing to set.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


async def _serve(
    settings: Settings, server: socket.socket, worker_command: Sequence[str], recovery: Recovery
) -> None:
    stop = _stop_on_signal()
    fleet = _make_fleet(settings, worker_command)
    # The workers take longest to start: the rest is read meanwhile.
    fleet.start()
    try:
        await _refuse_other_keys(fleet.coordination)
        app = await asyncio.to_thread(_build, settings, fleet, recovery)
    except StartError:
        await fleet.stop()
        raise
    _tell(texts.STARTING)
    # A message that is being answered is answered, however long it may take.
    patience = settings.turn_timeout + SHUTDOWN_MARGIN
    runner = make_runner(app, patience)
    await runner.setup()
    await web.SockSite(runner, server).start()
    introduction = asyncio.create_task(_introduce(app, fleet, _url(server)))
    await stop.wait()
    introduction.cancel()
    _tell(texts.STOPPING)
    with contextlib.suppress(asyncio.CancelledError):
        await introduction
    await runner.cleanup()


async def _refuse_other_keys(coordination: Coordination) -> None:
    # Without Redis nothing can be told, and nothing is answered either.
    with contextlib.suppress(Unavailable):
        if await coordination.has_strangers():
            raise StartError(texts.OTHER_KEYS)


def _make_fleet(settings: Settings, worker_command: Sequence[str]) -> Fleet:
    environ = {**os.environ, "ALLO_VAR": str(settings.var), "ALLO_DATA_KEY": load_data_key(settings.var)}
    coordination: Coordination = Alone(settings.conversation_pause)
    command = [*worker_command]
    if settings.redis_url:
        coordination = Together(settings.redis_url, settings.conversation_pause, fingerprint_keys(settings.var))
        environ |= {**lock_environ(settings.redis_url), "ALLO_DATABASE_URL": settings.database_url}
        command += ["--endpoints", CLUSTER_ENDPOINTS]
    supervisors = [
        Supervisor(
            settings.models,
            settings.var / WORKER_LOG.format(number=number or ""),
            environ,
            turn_timeout=settings.turn_timeout,
            copies=settings.worker_copies,
            command=command,
            tell=_tell,
        )
        for number in range(settings.workers)
    ]
    return Fleet(supervisors, coordination)


def _build(settings: Settings, fleet: Fleet, recovery: Recovery) -> web.Application:
    secret = load_secret(settings.var)
    content = open_content(settings.models, settings.project)
    database = open_database(settings)
    for line in recover(settings, recovery, database):
        _tell(line)
    return create_app(settings, secret, content, database, fleet)


async def _offer_first_access(app: web.Application, url: str) -> None:
    accounts = app[ACCOUNTS]
    if await asyncio.to_thread(accounts.is_empty):
        token = await asyncio.to_thread(accounts.make_first_link)
        _tell(texts.first_access(url + FIRST_ACCESS.format(token=token)))


async def _introduce(app: web.Application, fleet: Fleet, url: str) -> None:
    """Print the link of the first account, then the address once a worker answers."""
    while True:
        try:
            await _offer_first_access(app, url)
            break
        except Unavailable:
            # Much may be written at a start, and for longer than one waits for the database.
            await asyncio.sleep(BUSY_PAUSE)
    await fleet.wait_ready()
    _tell(texts.ready(url))


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()

    def handle() -> None:
        if stop.is_set():
            # Asked twice: leave at once. The worker dies with its parent.
            os._exit(130)
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, handle)
    return stop


def _url(server: socket.socket) -> str:
    host, port = server.getsockname()[:2]
    host = EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _configure_logs(style: str) -> None:
    configure_logs("gateway", style, logging.WARNING)
    # Its lines about broken requests hold full addresses.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    logging.getLogger("gateway" if style == "json" else "gateway.purge").setLevel(logging.INFO)
    if style == "json":
        return
    # What is for whoever looks at the terminal, as it is.
    terminal.propagate = False
    terminal.setLevel(logging.INFO)
    terminal.handlers[:] = [logging.StreamHandler(sys.stdout)]


def _tell(line: str) -> None:
    terminal.info("%s", line)


def _refuse(sentence: str, style: str) -> int:
    if style == "json":
        terminal.error("%s", sentence)
    else:
        print(sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
