"""Fixtures that tests of several parts share: one trained release, and the assistant that answers from it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """Python's own event loop, which the gateway runs on: importing Rasa puts another one in its place."""
    return asyncio.DefaultEventLoopPolicy()


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release trained from the working folder, once for the whole run (`TEST_MODELS` keeps it between runs)."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    models = Path(os.environ.get("TEST_MODELS") or shared / "models")
    models.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "training", "--models", str(models), "prepare", "--reason", "essais"]
    # One process of the run trains, the others wait for its release.
    with models.with_name(f"{models.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(command, cwd=PROJECT, check=True)
    return (models / "current").resolve()


class Conversation:
    """The assistant of a release, as the worker runs it, driven without a network."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant

    async def say(self, session: str, text: str) -> list[dict[str, Any]]:
        """Type something; the replies in the contract's shape."""
        return (await self._assistant.read_text(session, text)).replies

    async def press(self, session: str, payload: str) -> list[dict[str, Any]]:
        """Press a button."""
        return (await self._assistant.press(session, payload)).replies

    async def turn(self, session: str, text: str) -> Any:
        """Type something; the whole turn, with its subjects and the finished request."""
        return await self._assistant.read_text(session, text)


@pytest.fixture(scope="session")
def agent(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversation]:
    """The assistant of the trained release, with a real SQLite tracker store."""
    from worker.assistant import Assistant

    assistant = Assistant.load(release, PROJECT / "endpoints.yml", tmp_path_factory.mktemp("var"))
    asyncio.run(assistant.warm_up())
    yield Conversation(assistant)
