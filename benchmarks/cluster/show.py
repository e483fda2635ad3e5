"""`python -m benchmarks.cluster.show`: a small cluster to look at, until Ctrl-C (`make cluster`)."""

from __future__ import annotations

import argparse
import re
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.cluster.servers import find_missing
from benchmarks.cluster.site import WORKERS, Cluster, open_cluster
from benchmarks.errors import BenchmarkError

FIRST_ACCESS = re.compile(r"http://\S+(/agents/premier-acces/\S+)")


def main() -> int:
    """Run the command line; returns the exit code."""
    console, arguments = Console(), _parse_arguments()
    # Asked to stop by a terminal or by a program, everything stops in order.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    missing = find_missing()
    if missing:
        console.print(f"[red]Il manque ici : {', '.join(missing)} (« apt install {' '.join(missing)} »).[/red]")
        return 1
    try:
        with tempfile.TemporaryDirectory(prefix="allo-cluster-") as folder:
            with console.status("PostgreSQL, Redis, les passerelles et leurs programmes démarrent…"):
                opened = open_cluster(arguments.models, Path(folder), WORKERS, arguments.port)
                cluster = opened.__enter__()
            try:
                _show(console, cluster)
                signal.pause()
            finally:
                opened.__exit__(None, None, None)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    except KeyboardInterrupt:
        console.print("Tout est arrêté.")
    return 0


def _show(console: Console, cluster: Cluster) -> None:
    console.print(f"Allô Quartiers : {cluster.url}", soft_wrap=True)
    for number, gateway in enumerate(cluster.gateways):
        console.print(f"  passerelle {number + 1} : {gateway.url} ({WORKERS[number]} programme(s) qui répondent)")
    # Each gateway offers a link that makes the first account: whichever is used first closes the other.
    link = FIRST_ACCESS.search(cluster.gateways[0].log.read_text(encoding="utf-8"))
    if link:
        console.print(f"  premier compte : {cluster.url}{link[1]}", soft_wrap=True)
    console.print("Ctrl-C arrête tout, et efface ce qui a été écrit.")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster.show", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    parser.add_argument("--port", type=int, default=8080, help="port of the public address (8080)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
