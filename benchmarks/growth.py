"""`python -m benchmarks.growth`: a message among a hundred thousand stored conversations, beside one among hardly any.

The same service twice, each with its own files: one has just held a few real conversations, the other has these very
conversations copied, row for row, until it holds what is asked for. The same messages go to one, then to the other, in
turns. Then the full one forgets a day, under messages.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import track

from benchmarks.errors import BenchmarkError
from benchmarks.load import ANSWER_TIMEOUT, OursAdapter, load_conversations
from benchmarks.machine import Machine, describe_machine
from benchmarks.measure import percentile
from benchmarks.processes import find_port
from benchmarks.report import format_number, write_section
from benchmarks.residents import QUESTIONS, draw_talks
from benchmarks.town_site import ROOT, open_assistant
from gateway.database import Database
from gateway.review_groups import Grouping
from gateway.startup import load_data_key
from gateway.store import Store

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
SECTION = "croissance"
SEED = 31
# Some ten events each: a million in all.
CONVERSATIONS = 105_000
DAYS = 30
DAY = 86_400.0  # seconds
CHUNK = 1000  # conversations written together
ROUNDS, BLOCK = 30, 10  # blocks of messages to each in turn, messages of a block
MOST_SLOWER = 1.2
# Rows of a conversation of one exchange, parents first, by table.
APP = {
    "sessions": "SELECT * FROM sessions WHERE id = ?",
    "turns": "SELECT * FROM turns WHERE session_id = ?",
    "replies": "SELECT replies.* FROM replies JOIN turns ON turns.id = turn_id WHERE session_id = ?",
    "choices": "SELECT choices.* FROM choices JOIN replies ON replies.id = reply_id JOIN turns ON turns.id = turn_id "
    "WHERE session_id = ?",
    "questions": "SELECT questions.* FROM questions JOIN turns ON turns.id = turn_id WHERE session_id = ?",
}
TRACKER = {"events": "SELECT * FROM events WHERE sender_id = ? ORDER BY id"}

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Stored:
    """What a service holds: rows of its two databases, and bytes on disk."""

    conversations: int
    events: int
    rows: int
    size: int


@dataclass(frozen=True)
class Measures:
    """Seconds of each message to the small and to the large one, what each holds, seconds that each took to start; of
    the forgetting of a day: how many conversations, seconds it took, and seconds of the messages sent meanwhile."""

    small: Sequence[float]
    large: Sequence[float]
    held_small: Stored
    held_large: Stored
    starts: tuple[float, float]
    purged: int
    purge: float
    meanwhile: Sequence[float]

    @property
    def slower(self) -> float:
        """How many times longer a message takes in the large one: ratio of the medians."""
        return statistics.median(self.large) / statistics.median(self.small)

    @property
    def is_kept(self) -> bool:
        """Whether what is promised is true."""
        return self.slower <= MOST_SLOWER


def main() -> int:
    """Run the command line; returns the exit code, 1 when a promise is not kept."""
    arguments, console, machine = _parse_arguments(), Console(), describe_machine()
    try:
        with tempfile.TemporaryDirectory() as folder:
            measures = _measure(arguments.models, arguments.conversations, Path(folder), console)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    section = render_section(measures, machine, date.today(), arguments.conversations)
    console.print(Markdown(section))
    write_section(RESULTS, SECTION, section)
    return 0 if measures.is_kept else 1


def fill(var: Path, conversations: int, today: date) -> Iterator[int]:
    """Copy the conversations that the files of `var` hold until there are as many, over the last thirty days.

    Gives, as it goes, how many were copied. Raises BenchmarkError when there is none to copy.
    """
    with closing(_open(var / "app.db")) as app, closing(_open(var / "tracker.db")) as tracker:
        names = [
            row["session_id"] for row in app.execute("SELECT session_id FROM turns GROUP BY 1 HAVING count(*) = 1")
        ]
        if not names:
            raise BenchmarkError("Aucune conversation à copier.")
        originals = [(_read(app, APP, name), _read(tracker, TRACKER, name)) for name in names]
        [[turn]] = app.execute("SELECT max(id) FROM turns")
        [[held]] = app.execute("SELECT count(*) FROM sessions")
        for start in range(0, conversations - held, CHUNK):
            numbers = range(start, min(start + CHUNK, conversations - held))
            with app, tracker:
                copies = [
                    _copy(*originals[number % len(names)], number, turn + 1 + number, today) for number in numbers
                ]
                _write(app, [rows for rows, _ in copies])
                _write(tracker, [rows for _, rows in copies])
            yield len(numbers)


def count_rows(var: Path) -> Stored:
    """What the files of `var` hold."""
    with closing(_open(var / "app.db")) as app, closing(_open(var / "tracker.db")) as tracker:
        counts = {table: app.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in APP}
        events = tracker.execute("SELECT count(*) FROM events").fetchone()[0]
    size = sum(path.stat().st_size for path in var.glob("*.db*"))
    return Stored(counts["sessions"], events, sum(counts.values()), size)


def render_section(measures: Measures, machine: Machine, today: date, conversations: int) -> str:
    """The section of RESULTS.md."""
    small, large = ("presque vide", measures.held_small, measures.small), ("plein", measures.held_large, measures.large)
    rows = [
        f"| {name} | {held.conversations} | {held.events} | {held.rows} | {held.size / 1e6:.0f} Mo | "
        f"{format_number(start, 1)} s | {_ms(statistics.median(times))} | {_ms(percentile(times, 0.95))} |"
        for (name, held, times), start in zip((small, large), measures.starts, strict=True)
    ]
    return "\n".join(
        [
            "## Beaucoup de conversations gardées",
            "",
            f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system} · charge avant les "
            f"mesures : {format_number(machine.load, 2)}",
            "",
            "| service | conversations | événements | lignes | disque | démarrage | message, médiane | 95ᵉ centile |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"Un message dure **{format_number(measures.slower, 2)} ×** le temps du presque vide (limite : "
            f"{format_number(MOST_SLOWER, 1)} ×) : {'oui' if measures.is_kept else '**non**'}. Oublier une journée "
            f"({measures.purged} conversations) prend {format_number(measures.purge, 1)} s ; pendant ce temps, le "
            f"message le plus long a pris {_ms(max(measures.meanwhile))}.",
            "",
            f"Deux services en marche, SQLite ; {ROUNDS} fois {BLOCK} messages à l’un puis à l’autre, les mêmes. Le "
            "plein contient de vraies lignes, recopiées sous d’autres noms et d’autres jours.",
            "",
            f"Pour refaire ces mesures : `python -m benchmarks.growth --conversations {conversations}`",
        ]
    )


def _measure(models: Path, conversations: int, folder: Path, console: Console) -> Measures:
    small, large = folder / "small", folder / "large"
    chat = f"http://127.0.0.1:{find_port()}"
    with console.status("Quelques vraies conversations…"), open_assistant(models, small, chat, log="growth-first"):
        asyncio.run(_hold_first(chat))
    _group(small)
    shutil.copytree(small, large)
    chunks = fill(large, conversations, date.today())
    for _ in track(chunks, "Copie des conversations", total=conversations // CHUNK, console=console):
        pass
    held = count_rows(small), count_rows(large)
    with ExitStack() as stack:
        addresses, starts = [], []
        for name, var in (("small", small), ("large", large)):
            addresses.append(f"http://127.0.0.1:{find_port()}")
            began = time.monotonic()
            with console.status(f"Démarrage ({name})…"):
                stack.enter_context(open_assistant(models, var, addresses[-1], log=f"growth-{name}"))
            starts.append(time.monotonic() - began)
        times = asyncio.run(_talk_in_turns(addresses, console))
        with console.status("Oubli d’une journée…"):
            purge = asyncio.run(_purge_under_messages(large, addresses[1]))
    return Measures(*times, *held, (starts[0], starts[1]), *purge)


def _group(var: Path) -> None:
    """Put the questions in groups, as they would be by now: copies go to the groups of their originals."""
    database = Database(f"sqlite:///{var / 'app.db'}", load_data_key(var))
    try:
        Grouping(database, lambda _subject: 1.0).run()
    finally:
        database.close()


async def _hold_first(chat: str) -> None:
    """The first message of each short conversation: what is copied."""
    async with _open_client() as http:
        for conversation in load_conversations(ROOT / "benchmarks" / "conversations.yml"):
            await _time(http, chat, conversation[0])


async def _talk_in_turns(addresses: Sequence[str], console: Console) -> tuple[list[float], list[float]]:
    """Seconds of each message: the same ones to both, a block to one, then to the other."""
    times: tuple[list[float], list[float]] = ([], [])
    messages = (talk.messages[0] for talk in draw_talks(SEED) if talk.kind == QUESTIONS)
    async with _open_client() as http:
        for number in track(range(ROUNDS + 1), "Des messages à l’un puis à l’autre", console=console):
            block = list(islice(messages, BLOCK))
            for side in (0, 1) if number % 2 else (1, 0):
                spent = [await _time(http, addresses[side], message) for message in block]
                # The first round warms both up.
                times[side].extend(spent if number else ())
    return times


async def _purge_under_messages(var: Path, chat: str) -> tuple[int, float, list[float]]:
    """Forget the oldest day as the gateway does, from beside it: conversations, seconds, seconds of the messages."""
    database = Database(f"sqlite:///{var / 'app.db'}", load_data_key(var))
    spent: list[float] = []
    try:
        began = time.perf_counter()
        before = date.today() - timedelta(days=DAYS - 2)
        purging = asyncio.create_task(asyncio.to_thread(Store(database).purge, before))
        async with _open_client() as http:
            while not purging.done() or not spent:
                spent.append(await _time(http, chat, "qui sont les partenaires ?"))
        return await purging, time.perf_counter() - began, spent
    finally:
        database.close()


async def _time(http: aiohttp.ClientSession, chat: str, message: str) -> float:
    """Seconds of a message that opens a conversation."""
    began = time.perf_counter()
    try:
        await OursAdapter(chat).ask(http, message)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise BenchmarkError(f"Un message n’a pas eu de réponse ({error}).") from None
    return time.perf_counter() - began


def _open_client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=ANSWER_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    return db


def _read(db: sqlite3.Connection, queries: dict[str, str], name: str) -> Rows:
    """The rows of one conversation, by table."""
    return {table: [dict(row) for row in db.execute(query, (name,))] for table, query in queries.items()}


def _copy(app: Rows, tracker: Rows, number: int, turn: int, today: date) -> tuple[Rows, Rows]:
    """A conversation under another name, on another day, one exchange numbered `turn`."""
    name, age = f"{number:032x}", number % DAYS
    day = (today - timedelta(days=age)).isoformat()
    replies = {row["id"]: f"r{number:024x}{place:07x}" for place, row in enumerate(app["replies"])}
    choices = {row["id"]: f"c{number:024x}{place:07x}" for place, row in enumerate(app["choices"])}
    return {
        "sessions": [row | {"id": name, "began_on": day, "first_key": None} for row in app["sessions"]],
        "turns": [row | {"id": turn, "session_id": name} for row in app["turns"]],
        "replies": [row | {"id": replies[row["id"]], "turn_id": turn} for row in app["replies"]],
        "choices": [row | {"id": choices[row["id"]], "reply_id": replies[row["reply_id"]]} for row in app["choices"]],
        "questions": [row | {"id": None, "turn_id": turn, "asked_on": day} for row in app["questions"]],
    }, {
        "events": [
            row | {"id": None, "sender_id": name, "timestamp": row["timestamp"] - age * DAY}
            for row in tracker["events"]
        ]
    }


def _write(db: sqlite3.Connection, copies: Sequence[Rows]) -> None:
    for table in copies[0]:
        rows = [row for copy in copies for row in copy[table]]
        if rows:
            columns = ", ".join(f'"{column}"' for column in rows[0])
            places = ", ".join(f":{column}" for column in rows[0])
            db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _ms(seconds: float) -> str:
    return f"{format_number(seconds * 1000, 1)} ms"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS, help=f"how many ({CONVERSATIONS})")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
