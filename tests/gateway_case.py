"""What the gateway's tests speak of: a running gateway, a tiny content, a message of distress."""

import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from cryptography.fernet import Fernet
from sqlalchemy import select

from gateway.database import Database, metadata
from gateway.fleet import Fleet
from gateway.settings import Settings
from gateway.worker_process import Pacing
from gateway.workers import Supervisor

FAKE_WORKER = (sys.executable, "-S", str(Path(__file__).with_name("fake_worker.py")))
QUICK = Pacing(
    start=10,
    poll=0.02,
    watch=0.2,
    answer=0.4,
    misses=2,
    grace=1,
    backoff=0.1,
    backoff_limit=1,
    steady=60,
    follow=0.05,
    spare=0.2,
)
NAME = {"label": "Prénom et nom", "type": "text", "autocomplete": "name"}
PHONE = {"label": "Téléphone", "type": "tel", "autocomplete": "tel"}
MAIL = {"label": "ou adresse e-mail", "type": "email", "autocomplete": "email"}
WORDS = {"label": "Votre message", "type": "textarea", "autocomplete": "off"}
# For a test that reads the bytes of the database's file, or gives its folder to a program.
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DATA_KEY = Fernet.generate_key().decode()
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

EXAM = "description: Questions claires\nquestions:\n  - question: quels quartiers ?\n    sujet: list_quartier\n"

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
    fleet: Fleet

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
        return read_notes(self.journal, kind) if self.journal.exists() else []

    def ask_for(self, *fields: dict[str, str]) -> None:
        """Have every reply that is kept so far ask for these fields."""
        with closing(sqlite3.connect(self.settings.var / "app.db")) as db, db:
            db.execute("UPDATE replies SET body = json_set(body, '$.fields', json(?))", [json.dumps(fields)])

    def bytes_on_disk(self) -> bytes:
        """Everything the gateway has written, one file after the other."""
        return b"".join(path.read_bytes() for path in self.settings.var.rglob("*") if path.is_file())


class Clock:
    """A clock that is set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


StartGateway = Callable[..., Awaitable[Gateway]]


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


def write_project(folder: Path) -> Path:
    """A working folder: the same content, and an exam of one question."""
    write_data(folder / "data")
    (folder / "config.yml").write_text("language: fr\n")
    (folder / "domain.yml").write_text("intents: []\n")
    (folder / "tests" / "questions").mkdir(parents=True)
    (folder / "tests" / "questions" / "clair.yml").write_text(EXAM)
    return folder


def _fiche(titre: str, genre: str, corps: str) -> str:
    return FICHE.format(titre=titre, genre=genre, corps=corps, simple=corps)


def is_written(words: str, database: Database, folder: Path) -> bool:
    """Whether words are anywhere in the files of `folder`, or in a table of PostgreSQL."""
    if any(words.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file()):
        return True
    with database.reading() as db:
        return any(words in str(row) for table in metadata.sorted_tables for row in db.execute(select(table)))


def read_notes(journal: Path, kind: str) -> list[Any]:
    """What workers noted in a journal: "turn", "erased" or "started"."""
    # A line that is being written is not there yet.
    *lines, _ = journal.read_text().split("\n")
    return [note[kind] for note in map(json.loads, lines) if kind in note]


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
