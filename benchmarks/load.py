"""The load: one client that talks to either assistant, as one user or as several at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import aiohttp
import uvloop
import yaml

Conversation = tuple[str, ...]
ANSWER_TIMEOUT = aiohttp.ClientTimeout(total=60)


class Adapter(Protocol):
    """How one conversation is held with one assistant."""

    async def ask(self, http: aiohttp.ClientSession, text: str) -> list[str]:
        """Send a message, return the texts of the answer (empty when there is none)."""


class OursAdapter:
    """Speaks the chat contract of this project: `POST /api/chat`, with the session token it was given."""

    def __init__(self, address: str) -> None:
        """Open a new conversation at `http://host:port`."""
        self._url = f"{address}/api/chat"
        self._session: str | None = None

    async def ask(self, http: aiohttp.ClientSession, text: str) -> list[str]:
        """Send a message within this conversation."""
        answer = await _post(http, self._url, {"message": text, "session": self._session})
        self._session = answer["session"]
        return [reply["text"] for reply in answer["replies"] if reply["text"]]


class StockAdapter:
    """Speaks Rasa's REST channel: `POST /webhooks/rest/webhook`, with a sender of its own."""

    def __init__(self, address: str) -> None:
        """Open a new conversation at `http://host:port`."""
        self._url = f"{address}/webhooks/rest/webhook"
        self._sender = uuid4().hex

    async def ask(self, http: aiohttp.ClientSession, text: str) -> list[str]:
        """Send a message within this conversation."""
        answer = await _post(http, self._url, {"sender": self._sender, "message": text})
        return [bubble["text"] for bubble in answer if bubble.get("text")]


AdapterClass = type[OursAdapter] | type[StockAdapter]


@dataclass
class LoadResult:
    """What a load saw: seconds of each answer, answers that never came, seconds in all."""

    latencies: list[float] = field(default_factory=list)
    lost: int = 0
    elapsed: float = 0.0

    @property
    def answers_per_second(self) -> float:
        """Answers received for each second of the load."""
        return len(self.latencies) / self.elapsed


def load_conversations(path: Path) -> tuple[Conversation, ...]:
    """Read the conversations: a YAML list of lists of messages."""
    return tuple(
        tuple(str(message) for message in conversation)
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
    )


def run_load(
    adapter: AdapterClass,
    address: str,
    conversations: Iterable[Conversation],
    users: int,
) -> LoadResult:
    """Hold every conversation once, `users` at a time, each user asking as soon as it has its answer."""
    # What measures takes as little as it can from what is measured.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        return loop.run(run_users(adapter, address, conversations, users))


async def run_users(
    adapter: AdapterClass,
    address: str,
    conversations: Iterable[Conversation],
    users: int,
) -> LoadResult:
    """What `run_load` runs."""
    result = LoadResult()
    waiting = iter(conversations)
    async with aiohttp.ClientSession(timeout=ANSWER_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as http:
        started = time.perf_counter()
        # The users share one iterator: whoever is free takes the next conversation.
        await asyncio.gather(*(_be_user(http, adapter, address, waiting, result) for _ in range(users)))
        result.elapsed = time.perf_counter() - started
    return result


async def wait_for_answer(adapter: AdapterClass, address: str, question: str, deadline: float) -> None:
    """Ask every 50 ms until an answer comes; raises TimeoutError after `deadline` (monotonic clock)."""
    async with aiohttp.ClientSession(timeout=ANSWER_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as http:
        while time.monotonic() < deadline:
            if await _try(adapter(address), http, question):
                return
            await asyncio.sleep(0.05)
    raise TimeoutError


async def _be_user(
    http: aiohttp.ClientSession,
    adapter: AdapterClass,
    address: str,
    waiting: Iterator[Conversation],
    result: LoadResult,
) -> None:
    for conversation in waiting:
        talk = adapter(address)
        for message in conversation:
            started = time.perf_counter()
            if await _try(talk, http, message):
                result.latencies.append(time.perf_counter() - started)
            else:
                result.lost += 1


async def _try(adapter: Adapter, http: aiohttp.ClientSession, message: str) -> bool:
    try:
        return bool(await adapter.ask(http, message))
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _post(http: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> Any:
    async with http.post(url, json=body) as response:
        response.raise_for_status()
        return await response.json()
