"""What residents say of themselves is kept masked; they get the words that they got first (the disk: test_disk.py)."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import create_app
from gateway.content import load_content
from gateway.settings import Settings
from gateway.startup import load_data_key, load_secret, open_database, prepare_folder
from gateway.workers import Supervisor

pytestmark = pytest.mark.model

NAME, EMAIL = "Zoé Xylander", "zoe.xylander@laposte.net"
TEXT = "Mon voisin Karim a tout cassé."

class House:
    """A gateway with a real worker, and everything that it writes."""

    def __init__(self, client: TestClient[Any, Any], settings: Settings) -> None:
        self.client = client
        self.settings = settings
        self.session: str | None = None
        self.last: dict[str, Any] = {}

    async def post(self, **body: Any) -> dict[str, Any]:
        """One message or one choice of the conversation."""
        async with self.client.post("/api/chat", json={"session": self.session, **body}) as response:
            self.last = await response.json()
            assert response.status == 200, self.last
        self.session = self.last["session"]
        return self.last


@pytest.fixture
async def house(release: Path, tmp_path: Path) -> AsyncIterator[House]:
    environ = {"ALLO_VAR": str(tmp_path / "var"), "ALLO_MODELS": str(release.parent)}
    settings = replace(Settings.from_env(environ), rate_limit=0)
    prepare_folder(settings.var)
    worker = {**os.environ, "ALLO_VAR": str(settings.var), "ALLO_DATA_KEY": load_data_key(settings.var)}
    supervisor = Supervisor(settings.models, settings.var / "worker.log", worker, turn_timeout=20)
    content = load_content(settings.models, settings.project)
    app = create_app(settings, load_secret(settings.var), content, open_database(settings), supervisor)
    async with TestClient(TestServer(app)) as client:
        await supervisor.wait_ready()
        yield House(client, settings)


async def test_a_message_sent_twice_gets_the_words_it_got_first(house: House) -> None:
    await house.post(message="je voudrais laisser un message au service")
    assert house.last["replies"][0]["kind"] == "form"
    for message in (TEXT, NAME):
        await house.post(message=message)
    first = await house.post(message=EMAIL, id="un-message-1")
    assert await house.post(message=EMAIL, id="un-message-1") == first
    headers = {"Authorization": f"Bearer {house.session}"}
    async with house.client.get("/api/chat/history", headers=headers) as response:
        turns = (await response.json())["turns"]
    assert [turn["message"] for turn in turns[-3:]] == ["[votre message]", "[votre nom]", "[votre contact]"]
    assert "[votre nom]" in turns[-1]["replies"][-1]["text"]
