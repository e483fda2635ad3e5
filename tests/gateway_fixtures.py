"""A gateway on a real SQLite file, with a tiny content and a fake worker in a real process."""

import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from gateway.app import create_app
from gateway.content import load_content
from gateway.settings import Settings
from gateway.startup import load_secret, open_store, prepare_folder
from gateway.workers import Pacing, Supervisor

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))
QUICK = Pacing(
    start=10, poll=0.02, watch=0.2, answer=0.4, misses=2, grace=1, backoff=0.1, backoff_limit=1, steady=60
)
DISTRESS = "je veux mourir, zygomatique"

FICHE = """---
titre: {titre}
genre: {genre}
alias:
  - {titre}
questions:
  - c’est quoi {titre}
citation: "deux quartiers sont concernés"
source: page
simple: |
  {simple}
responsable: service politique de la ville
verifie_le: 2026-11-22
a_revoir_le: 2027-05-22
---

{corps}
"""

GENRES = """quartier:
  titre: Les quartiers concernés
  intro: "Deux quartiers :"
  simple: "Deux quartiers :"
  citation: "deux quartiers sont concernés"
  source: page
  complete: true
  questions:
    - quels quartiers
"""

CONTACT = """nom: service politique de la ville
telephone: "03 00 00 00 00"
courriel: ""
page: ""
horaires: ""
"""


@dataclass
class Gateway:
    """A running gateway seen from outside (`client`) and from inside."""

    client: TestClient[Any, Any]
    supervisor: Supervisor
    settings: Settings
    journal: Path

    async def chat(self, message: str, session: str | None = None, **more: Any) -> dict[str, Any]:
        """Send one message that must be answered."""
        return await self.post({"message": message, "session": session, **more})

    async def post(self, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """POST /api/chat, expecting a status."""
        async with self.client.post("/api/chat", json=body) as response:
            answer = await response.json()
            assert response.status == status, answer
            return answer

    async def history(self, session: str) -> list[dict[str, Any]]:
        """The turns of a conversation."""
        headers = {"Authorization": f"Bearer {session}"}
        async with self.client.get("/api/chat/history", headers=headers) as response:
            assert response.status == 200, await response.text()
            return (await response.json())["turns"]

    def seen(self, kind: str) -> list[Any]:
        """What the worker noted: "turn", "erased" or "started"."""
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        return [note[kind] for note in map(json.loads, lines) if kind in note]

    def bytes_on_disk(self) -> bytes:
        """Everything the gateway has written, one file after the other."""
        return b"".join(path.read_bytes() for path in self.settings.var.rglob("*") if path.is_file())


StartGateway = Callable[..., Awaitable[Gateway]]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder with one published release, r1."""
    folder = tmp_path / "models"
    write_data(folder / "r1" / "data")
    (folder / "current").symlink_to("r1")
    return folder


@pytest.fixture
def settings(tmp_path: Path, models: Path) -> Settings:
    """Default settings in a temporary folder, without rate limit."""
    var = tmp_path / "var"
    defaults = Settings.from_env({"ALLO_VAR": str(var), "ALLO_MODELS": str(models)})
    return replace(defaults, rate_limit=0, turn_timeout=2.0)


@pytest.fixture
def start_gateway(
    aiohttp_client: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> StartGateway:
    """Start a gateway; keyword arguments change its settings, `pacing` its supervision."""

    async def start(*, pacing: Pacing = QUICK, ready: bool = True, defect: str = "", **changes: Any) -> Gateway:
        changed = replace(settings, **changes)
        journal = tmp_path / "journal.jsonl"
        environ = {**os.environ, "FAKE_WORKER_JOURNAL": str(journal), "FAKE_WORKER_DEFECT": defect}
        prepare_folder(changed.var)
        supervisor = Supervisor(
            changed.models,
            changed.var / "worker.log",
            environ,
            turn_timeout=changed.turn_timeout,
            command=FAKE_WORKER,
            pacing=pacing,
        )
        secret = load_secret(changed.var)
        app = create_app(changed, secret, load_content(changed.models), open_store(changed), supervisor)
        client = await aiohttp_client(app)
        if ready:
            await supervisor.wait_ready()
        return Gateway(client, supervisor, changed, journal)

    return start


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> Gateway:
    """A gateway whose worker answers."""
    return await start_gateway()


def write_data(data: Path) -> None:
    """The smallest content that the gateway can serve."""
    texts = {
        "sources/page.txt": "Pour la ville, deux quartiers sont concernés : le nord et le sud.\n",
        "sources/sources.yml": "page:\n  titre: Page de la Ville\n  url: https://ville.example/page\n",
        "genres.yml": GENRES,
        "contact.yml": CONTACT,
        "declencheurs.yml": "suicide_prevention:\n  - veux mourir\n",
        "fiches/quartiers/nord.md": _fiche("Le quartier nord", "quartier", "Le nord est un quartier."),
        "fiches/demarches/ecrire.md": _fiche("Écrire au service", "demarche", "Dites « message »."),
        "fiches/urgences/suicide_prevention.md": _fiche(
            "Prévention du suicide", "urgence", "Appelez le **3114**, à toute heure."
        ),
    }
    for name, text in texts.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _fiche(titre: str, genre: str, corps: str) -> str:
    return FICHE.format(titre=titre, genre=genre, corps=corps, simple=corps)
