"""With default settings, what residents say of themselves is nowhere on the disk but sealed, in their request."""

import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from gateway.app import create_app
from gateway.content import load_content
from gateway.database import Database
from gateway.resident_requests import requests
from gateway.settings import Settings
from gateway.startup import load_data_key, load_secret, open_database, prepare_folder
from gateway.workers import Supervisor

pytestmark = pytest.mark.model

NAME, PHONE, EMAIL = "Zoé Xylander", "06 12 34 56 78", "zoe.xylander@laposte.net"
TEXT = "Mon voisin Karim a tout cassé."
CHAT = (
    "Bonjour, je suis Zoé Xylander, c’est quoi la CAF ?",
    "mon numéro est le 06 12 34 56 78, qui sont les partenaires ?",
    "zoe.xylander@laposte.net voudrait rejoindre un conseil citoyen",
    "je m'appelle zoé xylander et j'habite 12 rue de Lille, est-ce un quartier prioritaire ?",
    "mon numéro de sécu : 2 85 05 62 119 123 45",
    "Madame Delacroix m'a refusé le dossier 62A77B19X",
    "née le 3 mars 1985",
)
SECRETS = ("Xylander", "xylander", "Karim", PHONE, "0612345678", "612345678", EMAIL, "12 rue de Lille", "85 05 62")
SECRETS = (*SECRETS, "Delacroix", "62A77B19X", "3 mars 1985", "tout cassé")


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

    async def choose(self, label: str) -> None:
        """Press a button that was offered."""
        offered = {choice["label"]: choice["id"] for reply in self.last["replies"] for choice in reply["choices"]}
        await self.post(choice=offered[label])

    def found(self) -> list[str]:
        """The secrets that stand somewhere under var, plain or as JSON writes them."""
        written = b"".join(path.read_bytes() for path in self.settings.var.rglob("*") if path.is_file())
        forms = {secret: (secret, json.dumps(secret)[1:-1]) for secret in SECRETS}
        return [secret for secret, ways in forms.items() if any(way.encode() in written for way in ways)]


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


async def test_nothing_personal_is_written_in_clear(house: House) -> None:
    for message in CHAT:
        answer = await house.post(message=message)
        opinion = {"reply": answer["replies"][0]["id"], "verdict": "fausse", "comment": message}
        async with house.client.post("/api/feedback", json=opinion) as response:
            assert response.status == 200
    assert house.found() == []
    await house.post(message="je voudrais laisser un message au service")
    assert house.last["replies"][0]["kind"] == "form"
    for message in (TEXT, NAME, EMAIL):
        answer = await house.post(message=message)
    assert NAME in answer["replies"][-1]["text"]
    assert house.found() == []
    await house.choose("Oui, transmettre")
    assert house.last["replies"][0]["kind"] == "handoff"
    assert house.found() == []
    with Database(house.settings.database_url, load_data_key(house.settings.var)).reading() as db:
        (fields,) = db.execute(select(requests.c.fields)).scalars()
    assert (fields["texte"], fields["nom"], fields["contact"]) == (TEXT, NAME, EMAIL)
    assert (house.settings.var / "data.key").stat().st_mode & 0o777 == 0o600


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
