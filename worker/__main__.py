"""Start the worker: `python -m worker --release models/<id> --port N`, with its token in `ALLO_WORKER_TOKEN`.

`ALLO_DATA_KEY` is the key (Fernet) of what it writes sealed; without it, a request that is open ends with the process.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from knowledge import machine
from knowledge.logs import configure_logs
from worker.copies import share_out
from worker.priority import step_back

if TYPE_CHECKING:
    from worker.assistant import Assistant


class HasFileno(Protocol):
    """A file or a socket."""

    def fileno(self) -> int:
        """Its number in this process."""


def main() -> None:
    """Load the release, then listen on the loopback address until stopped."""
    arguments = _parse_arguments()
    token = os.environ.get("ALLO_WORKER_TOKEN")
    if not token:
        sys.exit("ALLO_WORKER_TOKEN is not set: the worker answers only to those who know it.")
    # One sentence at a time gives a second thread nothing to compute, only a core to keep busy waiting: a third more
    # time a turn. Read when numpy is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    configure_logs("worker", os.environ.get("ALLO_LOG_FORMAT", ""))
    come_forward = step_back()
    machine.go_first(machine.ANSWERING)
    assistant = _load(arguments)
    come_forward()
    port, others = share_out(arguments.port)
    _serve(assistant, token, port, [sys.stdin, *others] if arguments.release is None else others)


def _load(arguments: argparse.Namespace) -> Assistant:
    """Everything that a message needs, loaded and used once, ready to be copied."""
    # Rasa takes two seconds to import: not before the arguments are known to be right.
    from worker.assistant import Assistant, load_content, load_models

    load_models(masks=not arguments.unmasked)
    release = arguments.release or _read_release()
    load_content(release)
    var, key = Path(os.environ.get("ALLO_VAR", "var")), os.environ.get("ALLO_DATA_KEY")
    assistant = Assistant.load(release, arguments.endpoints, var, key, masks=not arguments.unmasked)
    asyncio.run(assistant.warm_up())
    assistant.let_go_of_database()
    # What is loaded stays: a message need not wait while Python looks through it for what may go, and copies share it.
    gc.collect()
    gc.freeze()
    return assistant


def _serve(assistant: Assistant, token: str, port: int, others: Iterable[HasFileno]) -> None:
    """Listen until stopped, or until one of `others` is no more: who told the release, another copy."""
    from aiohttp import web

    from worker.server import create_app

    async def build() -> web.Application:
        for other in others:
            _stop_with(other.fileno())
        return create_app(assistant, token)

    web.run_app(build(), host="127.0.0.1", port=port, print=None, access_log=None)


def _read_release() -> Path:
    told = sys.stdin.readline().rstrip("\n")
    if not told:
        sys.exit("No release was told.")
    return Path(told)


def _stop_with(descriptor: int) -> None:
    """Stop when who is at the other end is no more."""
    loop = asyncio.get_running_loop()

    def look() -> None:
        if not os.read(descriptor, 1024):
            loop.remove_reader(descriptor)
            os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(descriptor, look)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="worker", description=__doc__)
    parser.add_argument(
        "--release", type=Path, help="folder of the release to answer from (without: read from the standard input)"
    )
    parser.add_argument(
        "--port", type=int, required=True, action="append", help="loopback port to listen on; again for a copy beside"
    )
    parser.add_argument("--unmasked", action="store_true", help="write what is said as it is said: for an exam alone")
    parser.add_argument("--endpoints", type=Path, default=Path("endpoints.yml"), help="Rasa's endpoints file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
