"""`python -m benchmarks.publication`: what residents feel of a publication and of a way back; writes RESULTS.md.

A few residents talk to the real assistant while a release is published under them, by the same door as everywhere. The
releases are copies of the published one, under other names: each needs a worker of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.markdown import Markdown

from benchmarks.errors import BenchmarkError
from benchmarks.load import ANSWER_TIMEOUT, Conversation, load_conversations
from benchmarks.machine import Machine, describe_machine
from benchmarks.measure import percentile
from benchmarks.report import format_number, write_section
from benchmarks.town_site import open_town
from training import publication
from training.releases import CURRENT, MANIFEST_FILE, ReleaseError

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS.md"
SECTION = "publication"
NAMES = ("20260101-000000-aaaa", "20260101-000001-bbbb", "20260101-000002-cccc")
BY = "mesures"
RESIDENTS = 2
PAUSE = 0.2  # seconds between an answer and the next message
QUIET = 20.0  # seconds of load before, and after
SWITCH_LIMIT = 120.0
MOST_SLOWER = 3.0
COLD_LIMIT = 10.0  # seconds


@dataclass(frozen=True)
class Answer:
    """One message: when it was sent (monotonic clock), seconds it took, the release that answered; None when lost."""

    sent: float
    took: float
    release: str | None


@dataclass(frozen=True)
class Measures:
    """Answers before, during and after a publication; seconds it took, and seconds of both ways back."""

    before: Sequence[Answer]
    during: Sequence[Answer]
    after: Sequence[Answer]
    published: float
    cold: float
    warm: float

    @property
    def lost(self) -> int:
        """Messages without an answer."""
        return sum(answer.release is None for answer in (*self.before, *self.during, *self.after))

    @property
    def slower(self) -> float:
        """How many times slower the 95th percentile gets while it is published."""
        return p95(self.during) / p95(self.before)

    @property
    def is_kept(self) -> bool:
        """Whether what is promised is true."""
        return not self.lost and self.slower < MOST_SLOWER and self.cold < COLD_LIMIT


class Residents:
    """A few residents, each asking again a moment after the answer, until they are told to stop."""

    def __init__(self, url: str, http: aiohttp.ClientSession, conversations: Sequence[Conversation]) -> None:
        """Talk to `url`, the address of the chat."""
        self._url, self._http, self._waiting = url, http, cycle(conversations)
        self.answers: list[Answer] = []

    async def wait_release(self, release: str) -> float:
        """Wait until an answer comes from `release`; the time (monotonic clock). Raises BenchmarkError."""
        limit = time.monotonic() + SWITCH_LIMIT
        while not self.answers or self.answers[-1].release != release:
            if time.monotonic() > limit:
                raise BenchmarkError(f"La version {release} ne répond pas après {SWITCH_LIMIT:.0f} s.")
            await asyncio.sleep(0.02)
        return time.monotonic()

    async def talk(self) -> None:
        """Be one of them."""
        while True:
            session = None
            for message in next(self._waiting):
                session = await self._ask(message, session)
                await asyncio.sleep(PAUSE)

    async def _ask(self, message: str, session: str | None) -> str | None:
        sent, release = time.monotonic(), None
        try:
            async with self._http.post(self._url, json={"message": message, "session": session}) as response:
                response.raise_for_status()
                answer = await response.json()
                session, release = answer["session"], answer["release"]
        except (aiohttp.ClientError, TimeoutError):
            pass
        self.answers.append(Answer(sent, time.monotonic() - sent, release))
        return session


def main() -> int:
    """Run the command line; returns the exit code, 1 when a promise is not kept."""
    console, machine, arguments = Console(), describe_machine(), _parse_arguments()
    try:
        with tempfile.TemporaryDirectory() as folder:
            models = copy_release(arguments.models, Path(folder))
            with open_town(models) as site, console.status("Une publication sous une petite charge (deux minutes)…"):
                measures = asyncio.run(_measure(f"{site.chat}/api/chat", models))
    except (BenchmarkError, ReleaseError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    section = render_section(measures, machine, date.today())
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0 if measures.is_kept else 1


def copy_release(models: Path, folder: Path) -> Path:
    """A folder of releases: the published one under each of NAMES, the first of them published."""
    if not (models / CURRENT).is_dir():
        raise BenchmarkError(f"Aucune version publiée dans {models} : lancez « make train », ou donnez --models.")
    for name in NAMES:
        shutil.copytree(models / CURRENT, folder / name)
        manifest = folder / name / MANIFEST_FILE
        content = json.loads(manifest.read_text(encoding="utf-8")) | {"id": name, "parent": None}
        manifest.write_text(json.dumps(content), encoding="utf-8")
    _publish(folder, NAMES[0])
    return folder


def p95(answers: Sequence[Answer]) -> float:
    """Seconds that 95 % of the answers do not exceed."""
    return percentile([answer.took for answer in answers if answer.release], 0.95)


def render_section(measures: Measures, machine: Machine, today: date) -> str:
    """The section of RESULTS.md."""
    moments = (("avant", measures.before), ("pendant", measures.during), ("après", measures.after))
    rows = [
        f"| {name} | {len(answers)} | {sum(answer.release is None for answer in answers)} | {_ms(p95(answers))} |"
        for name, answers in moments
    ]
    return "\n".join(
        [
            "## Publier, et revenir en arrière, sous les yeux des habitants",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            "| publication | messages | sans réponse | 95ᵉ centile de `/api/chat` |",
            "|---|---|---|---|",
            *rows,
            "",
            "| | limite | mesuré | tenue |",
            "|---|---|---|---|",
            f"| messages sans réponse | 0 | {measures.lost} | {_kept(measures.lost == 0)} |",
            f"| 95ᵉ centile pendant ÷ avant | < 3 | {format_number(measures.slower, 2)} | "
            f"{_kept(measures.slower < MOST_SLOWER)} |",
            f"| retour à une version arrêtée | < 10 s | {format_number(measures.cold, 1)} s | "
            f"{_kept(measures.cold < COLD_LIMIT)} |",
            f"| retour à la version d’avant, encore prête | – | {format_number(measures.warm, 1)} s | – |",
            f"| de la publication à la première réponse | – | {format_number(measures.published, 1)} s | – |",
            "",
            f"{RESIDENTS} habitants parlent sans cesse au vrai assistant ({format_number(PAUSE, 1)} s entre deux "
            f"messages), {QUIET:.0f} s avant et après.",
            "Les versions sont des copies de la version publiée : chacune démarre son propre programme.",
            "",
            "Pour refaire ces mesures : `make bench-publication`",
        ]
    )


async def _measure(url: str, models: Path) -> Measures:
    conversations = load_conversations(FOLDER / "conversations.yml")
    first, second, third = NAMES
    async with aiohttp.ClientSession(timeout=ANSWER_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as http:
        residents = Residents(url, http, conversations)
        talking = [asyncio.create_task(residents.talk()) for _ in range(RESIDENTS)]
        try:
            await residents.wait_release(first)
            began = time.monotonic()
            await asyncio.sleep(QUIET)
            publishing = time.monotonic()
            await asyncio.to_thread(_publish, models, second)
            published = await residents.wait_release(second)
            await asyncio.sleep(QUIET)
            ended = time.monotonic()
            await asyncio.to_thread(_publish, models, third)
            await residents.wait_release(third)
            # The second one is kept ready: the first one has to start.
            cold = await _go_back(residents, models, first)
            warm = await _go_back(residents, models, third)
        finally:
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)
    moments = ((began, publishing), (publishing, published), (published, ended))
    before, during, after = (list(_between(residents.answers, *moment)) for moment in moments)
    return Measures(before, during, after, published - publishing, cold, warm)


async def _go_back(residents: Residents, models: Path, release: str) -> float:
    began = time.monotonic()
    await asyncio.to_thread(publication.rollback, models, release, BY, BY)
    return await residents.wait_release(release) - began


def _publish(models: Path, release: str) -> None:
    publication.publish(models, FOLDER.parent, release, BY, BY)


def _between(answers: Sequence[Answer], start: float, end: float) -> Iterator[Answer]:
    return (answer for answer in answers if start <= answer.sent < end)


def _ms(seconds: float) -> str:
    return f"{format_number(seconds * 1000, 0)} ms"


def _kept(is_kept: bool) -> str:
    return "oui" if is_kept else "**non**"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publication", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
