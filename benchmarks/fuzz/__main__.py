"""`python -m benchmarks.fuzz`: fuzz the API of a real gateway, then the parts that read texts; writes RESULTS.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from benchmarks.errors import BenchmarkError
from benchmarks.fuzz.api import ROOT, Findings, fuzz_api
from benchmarks.fuzz.long import Tried, try_all
from benchmarks.fuzz.report import render_api, render_parts
from benchmarks.load import load_conversations
from benchmarks.machine import describe_machine
from benchmarks.processes import Command, clean_environ, find_port
from benchmarks.report import write_section

FOLDER = Path(__file__).parent.parent
RESULTS = FOLDER / "RESULTS.md"
READY_LIMIT = 120.0  # seconds
REQUESTS, MINUTES = 20_000, 60.0


def main() -> int:
    """Run the command line; returns the exit code, 1 when something was found."""
    console, machine, arguments = Console(), describe_machine(), _parse_arguments()
    today, is_clean = date.today(), True
    try:
        if arguments.requests:
            findings = _fuzz_api(console, arguments)
            section = render_api(findings, machine, today)
            console.print(Markdown(section))
            write_section(RESULTS, "fuzz-api", section)
            is_clean = not findings.failures
        if arguments.minutes:
            tried = _fuzz_parts(console, arguments)
            section = render_parts(tried, machine, today)
            console.print(Markdown(section))
            write_section(RESULTS, "fuzz-textes", section)
            is_clean = is_clean and not any(one.found for one in tried)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    return 0 if is_clean else 1


def _fuzz_api(console: Console, arguments: argparse.Namespace) -> Findings:
    conversations = load_conversations(FOLDER / "conversations.yml")

    reported = 0

    def tell(findings: Findings) -> None:
        nonlocal reported
        console.print(
            f"{findings.requests} requêtes sur {arguments.requests}, {findings.seconds:.0f} s ; "
            f"5xx : {findings.server_errors} ; écarts : {findings.violations}",
            *findings.reports[reported:],
            markup=False,
        )
        reported = len(findings.reports)

    with tempfile.TemporaryDirectory() as folder, _gateway(arguments.models, Path(folder)) as url:
        return fuzz_api(url, arguments.requests, conversations, tell, first_seed=arguments.seed)


def _fuzz_parts(console: Console, arguments: argparse.Namespace) -> list[Tried]:
    every = []
    for tried in try_all(arguments.minutes, arguments.jobs):
        console.print(f"{tried.name} : {tried.inputs} textes, {tried.seconds:.0f} s", tried.found, markup=False)
        every.append(tried)
    return sorted(every, key=lambda tried: tried.name)


@contextmanager
def _gateway(models: Path, var: Path) -> Iterator[str]:
    if not (models / "current").is_dir():
        raise BenchmarkError(f"Aucune version publiée dans {models} : lancez « make train », ou donnez --models.")
    port = str(find_port())
    settings = {
        "ALLO_PORT": port,
        "ALLO_VAR": str(var),
        "ALLO_MODELS": str(models.absolute()),
        "ALLO_RATE_LIMIT": "0",
        "ALLO_REST_CHANNEL": "1",
    }
    url = f"http://127.0.0.1:{port}"
    command = Command([sys.executable, "-m", "gateway"], ROOT, clean_environ() | settings, "fuzz-gateway")
    with command.started():
        _wait_ready(url)
        yield url


def _wait_ready(url: str) -> None:
    limit = time.monotonic() + READY_LIMIT
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise BenchmarkError("L’assistant n’a pas démarré ; son journal : .bench/logs/fuzz-gateway.log")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS, help=f"to the API; 0: none ({REQUESTS})")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"for the parts in all; 0: none ({MINUTES:.0f})")
    parser.add_argument("--jobs", type=int, default=1, help="parts tried at once (1)")
    parser.add_argument("--seed", type=int, default=1, help="of the first run (1)")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
