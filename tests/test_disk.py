"""The service as it is started, default settings: personal data is looked for in every byte that it has written.

`python -m gateway` with its real worker, in folders of its own (var, temporary files, home). People say who they are in
every place where one can write; some erase, some leave a request open, the worker is killed. Then everything on the
disk is read: each file as it is, each table as a database gives it, each sealed value once opened with the key.
"""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector
from cryptography.fernet import Fernet

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[1]
# What people write, and what must not be found of it.
SAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Bonjour, je m'appelle Fatoumata Diabaté et je cherche un emploi", ("Fatoumata", "Diabaté")),
    ("moi c'est Kevin Lemoinard, comment rejoindre le conseil citoyen", ("Lemoinard",)),
    ("ma fille Anaïs-Marie Lefèbvrard cherche un stage", ("Anaïs-Marie", "Lefèbvrard")),
    ("mon mari s'appelle abdelkader zianidi, il a droit à la mission locale ?", ("abdelkader", "zianidi")),
    ("Cordialement, Jean-Luc Wojciechowski", ("Wojciechowski",)),
    ("Thérèse Quennevillois n'a pas eu de réponse, qui sont les partenaires ?", ("Quennevillois",)),
    ("Mme Vandenbrouckel de la CAF ne me répond pas", ("Vandenbrouckel",)),
    ("My name is Johnathan Hutchinsonov, what is the city policy?", ("Johnathan", "Hutchinsonov")),
    ("nazywam się Zbigniew Brzęczyszczyk, gdzie jest urząd", ("Zbigniew", "Brzęczyszczyk")),
    ("mon numéro est le 06 12 34 56 78, quels sont les quartiers ?", ("06 12 34 56 78", "612345678")),
    ("0623456789 rappelez-moi pour le logement", ("623456789",)),
    ("tel : +33 6 34 56 78 91", ("34 56 78 91",)),
    ("zéro six douze trente-quatre cinquante-six quatre-vingt-onze", ("trente-quatre cinquante-six",)),
    ("06.45.67.89.12 ou 06_45_67_89_13", ("45.67.89.12", "45678913")),
    ("zoe.xylandre@laposte.net, vous pouvez m'écrire", ("zoe.xylandre", "xylandre")),
    ("zoe point xylandrin arobase gmail point com", ("xylandrin",)),
    ("mon insta : @zoe_xylandra62", ("xylandra62",)),
    ("j'habite 127 rue de Lille, est-ce un quartier prioritaire ?", ("127 rue",)),
    ("je suis au 45 de la rue Sadi Carnot, bât C, appt 214", ("45 de la rue", "appt 214")),
    ("mon numéro de sécu : 2 85 05 62 119 123 45", ("85 05 62", "62 119 123")),
    ("IBAN FR76 3000 6000 0112 3456 7890 189", ("3000 6000 0112", "30006000")),
    ("ma carte bleue 4970 1012 3456 7890", ("4970 1012", "10123456")),
    ("mon dossier caf est le 7654321B, qui peut m'aider ?", ("7654321B",)),
    ("récépissé 7503198764", ("7503198764",)),
    ("ma plaque est AB-123-CD", ("AB-123-CD",)),
    ("je suis née le 3 mars 1985, puis-je avoir un emploi aidé ?", ("3 mars 1985",)),
    ("né le 07/11/1962 à Lens", ("07/11/1962",)),
)
FORM_NAME, FORM_MAIL, FORM_PHONE = "Zénobie Quatrefage", "zenobie.quatrefage@orange.fr", "0698765432"
PHONE = FORM_PHONE.removeprefix("0")  # with or without +33 before it
FORM_TEXT = "Mon voisin Karimdad a tout cassouillé au 9 rue des Pommiers."
OPEN_NAME, ERASED_NAME, CANCELLED_NAME = "Ombeline Vertadier", "Wilfrid Grandjeanot", "Sidonie Palombière"
TYPED = (FORM_NAME, "Quatrefage", FORM_MAIL, PHONE, "Karimdad", "cassouillé", "rue des Pommiers")
TYPED = (*TYPED, OPEN_NAME, "Vertadier", ERASED_NAME, "Grandjeanot", CANCELLED_NAME, "Palombière")
STAFF, PASSWORD = "agente@ville.example", "quatre mots sans rapport"
SECRETS = tuple(dict.fromkeys([*(secret for _, secrets in SAYS for secret in secrets), *TYPED]))
# Said by somebody too, and nobody's: what proves that the search finds.
WITNESS = "quels partenaires pour les betteraves rutabagas ?"
# Two near-identical questions, of which the one that named their group is erased.
ERASED_WORDS = "combien de topinambours violets pour le quartier"
KEPT_WORDS = "combien de topinambours violets pour les quartiers"
UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
TOKEN = re.compile(rb"gAAAA[\w-]{60,}={0,2}")


def squash(text: str) -> str:
    """Letters and digits alone: however a text is written, marked or spaced, it comes to this."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l")).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def decode(text: str) -> str:
    """The letters that JSON wrote by their number."""
    return UNICODE.sub(lambda match: chr(int(match[1], 16)), text)


def readings(content: bytes) -> Iterator[str]:
    """The ways of reading the bytes of a file."""
    for encoding in ("utf-8", "latin-1", "utf-16-le"):
        text = content.decode(encoding, "ignore")
        yield squash(text)
        if "\\u" in text:
            yield squash(decode(text))


@dataclass
class House:
    """The running service, and where it writes."""

    folder: Path
    models: Path
    process: subprocess.Popen[bytes] | None = None
    url: str = ""
    _places: Iterator[int] = field(default_factory=lambda: count(2))

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def terminal(self) -> Path:
        return self.folder / "terminal.txt"

    @property
    def environ(self) -> dict[str, str]:
        """Where things are; every other setting is the default one."""
        folders = {"ALLO_VAR": self.var, "ALLO_MODELS": self.models, "TMPDIR": self.folder / "tmp"}
        named = {name: str(path) for name, path in (folders | {"HOME": self.folder / "home"}).items()}
        return {"PATH": os.environ["PATH"], "ALLO_PORT": "0", **named}

    def start(self) -> None:
        """Start it and wait until it answers."""
        for name in ("tmp", "home"):
            (self.folder / name).mkdir(exist_ok=True)
        before = self.terminal.stat().st_size if self.terminal.exists() else 0
        with self.terminal.open("ab") as output:
            command = [sys.executable, "-m", "gateway"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=output, stderr=output)
        deadline = time.monotonic() + 120
        while not (found := re.search(rb"Quartiers : (http://\S+)", self.terminal.read_bytes()[before:])):
            assert self.process.poll() is None and time.monotonic() < deadline, self.terminal.read_text()
            time.sleep(0.1)
        self.url = found[1].decode()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop it, and wait until it is gone."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(30)

    def worker(self) -> psutil.Process:
        """The worker that answers."""
        assert self.process is not None
        (worker,) = psutil.Process(self.process.pid).children()
        return worker

    @asynccontextmanager
    async def person(self) -> AsyncIterator["Person"]:
        """Somebody, from an address of their own: the limit of messages is the default one."""
        connector = TCPConnector(local_addr=(f"127.0.0.{next(self._places)}", 0))
        # Addresses without a name keep their cookies too, as a browser does.
        async with ClientSession(connector=connector, cookie_jar=CookieJar(unsafe=True)) as browser:
            yield Person(self, browser)

    def files(self) -> dict[str, bytes]:
        """Every file that it may have written."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }

    def values(self) -> dict[str, list[str]]:
        """Table.column → everything in it, as text: a value that a page of the file cuts in two is whole here."""
        found: dict[str, list[str]] = {}
        for path in self.var.glob("*.db"):
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
                for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    cursor = db.execute(f"SELECT * FROM {table}")
                    names = [column[0] for column in cursor.description]
                    for row in cursor:
                        for name, value in zip(names, row, strict=True):
                            found.setdefault(f"{table}.{name}", []).append(str(value))
        return found

    def find(self, secrets: tuple[str, ...] = SECRETS) -> list[tuple[str, str]]:
        """(where, what) for each secret that can be read somewhere without the key."""
        places = {name: list(readings(content)) for name, content in self.files().items()}
        places |= {name: [squash(decode(value)) for value in values] for name, values in self.values().items()}
        squashed = {secret: squash(secret) for secret in secrets}
        return [
            (place, secret)
            for place, ways in places.items()
            for secret, wanted in squashed.items()
            if any(wanted in way for way in ways)
        ]

    def find_sealed(self) -> dict[str, set[str]]:
        """Place → the secrets that the key opens there; a token of no table counts for its file."""
        seal = Fernet((self.var / "data.key").read_bytes())
        found: dict[str, set[str]] = {}
        places = {name: "\n".join(values).encode() for name, values in self.values().items()} | self.files()
        for place, content in places.items():
            for token in TOKEN.findall(content):
                # A file may hold a token cut by the end of a page: that one, nobody opens.
                try:
                    opened = squash(json.dumps(json.loads(seal.decrypt(token)), ensure_ascii=False))
                except Exception:
                    continue
                found.setdefault(place, set()).update(secret for secret in SECRETS if squash(secret) in opened)
        return {place: secrets for place, secrets in found.items() if secrets}


@dataclass
class Person:
    """Somebody in one conversation."""

    house: House
    browser: ClientSession
    session: str | None = None
    last: dict[str, Any] = field(default_factory=dict)

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Type a message, which must be answered."""
        return await self._post({"message": text, **more})

    async def choose(self, label: str) -> dict[str, Any]:
        """Press a button of the last answer."""
        offered = {choice["label"]: choice["id"] for reply in self.last["replies"] for choice in reply["choices"]}
        return await self._post({"choice": offered[label]})

    async def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        async with self.browser.post(f"{self.house.url}/api/chat", json={"session": self.session, **body}) as response:
            self.last = await response.json()
            assert response.status == 200, self.last
        self.session = self.last["session"]
        return self.last

    async def comment(self, text: str) -> None:
        """Say why the last answer is wrong."""
        opinion = {"reply": self.last["replies"][0]["id"], "verdict": "fausse", "comment": text}
        async with self.browser.post(f"{self.house.url}/api/feedback", json=opinion) as response:
            assert response.status == 200, await response.text()

    async def erase(self) -> None:
        """Erase the conversation."""
        headers = {"Authorization": f"Bearer {self.session}"}
        async with self.browser.delete(f"{self.house.url}/api/chat", headers=headers) as response:
            assert response.status == 200, await response.text()

    async def send(self, method: str, path: str, **more: Any) -> int:
        """Anything; the status."""
        async with self.browser.request(method, self.house.url + path, **more) as response:
            await response.read()
            return response.status

    async def open_request(self, *answers: str) -> None:
        """Open a message to the service and answer its questions."""
        await self.say("je voudrais laisser un message au service")
        assert self.last["replies"][0]["kind"] == "form"
        for answer in answers:
            await self.say(answer)


@pytest.fixture
def house(release: Path, tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, release.parent)
    try:
        made.start()
        yield made
    finally:
        if made.process and made.process.poll() is None:
            made.stop(signal.SIGKILL)


async def talk(house: House) -> None:
    """Everybody says who they are, in the conversation and in opinions; some erase it."""
    for turn, (text, _) in enumerate(SAYS):
        async with house.person() as person:
            await person.say(text, id=f"envoi-{turn:04}")
            await person.say("et pour le logement ?")
            await person.comment(text)
            if turn % 3 == 0:
                await person.erase()
    async with house.person() as person:
        await person.say(WITNESS)


async def ask_of_the_service(house: House) -> None:
    """Five requests: handed over, left open, cancelled, erased on the way, erased once handed over."""
    async with house.person() as person:
        await person.open_request(FORM_TEXT, FORM_NAME, FORM_MAIL)
        await person.choose("Oui, transmettre")
    async with house.person() as person:
        await person.open_request(FORM_TEXT, OPEN_NAME)
    async with house.person() as person:
        await person.open_request("Une question.", CANCELLED_NAME)
        await person.choose("Annuler")
    async with house.person() as person:
        await person.open_request("Une question.", ERASED_NAME)
        await person.erase()
    async with house.person() as person:
        await person.say("je veux rejoindre un conseil citoyen")
        for answer in ("habitant", "autre", FORM_NAME, FORM_PHONE):
            await person.say(answer)
        await person.choose("Oui, transmettre")
        await person.erase()


async def write_elsewhere(house: House) -> None:
    """What is refused, what goes by the page without JavaScript, and what a browser tells of itself."""
    texts = [text for text, _ in SAYS]
    async with house.person() as person:
        assert await person.send("POST", "/api/chat", json={"message": " ".join(texts)}) == 400
        assert await person.send("POST", "/api/chat", data='{"message": "' + texts[0]) in (400, 415)
        assert await person.send("POST", "/api/chat", json={"message": "bonjour", "session": texts[14]}) == 400
        assert await person.send("GET", "/" + texts[14]) == 404
        assert await person.send("GET", "/assistant", params={"message": texts[14], "fait": texts[9]}) == 200
        headers = {"User-Agent": FORM_MAIL, "Referer": f"https://ville.example/?q={FORM_PHONE}"}
        assert await person.send("POST", "/api/chat", json={"message": "bonjour"}, headers=headers) == 200
        refused = {"Origin": f"https://{FORM_PHONE}.example"}
        assert await person.send("POST", "/api/chat", json={"message": texts[0]}, headers=refused) == 403
        for text in texts[:6]:
            assert await person.send("POST", "/assistant", data={"message": text}) == 200
        stranger = {"adresse": FORM_MAIL, "motdepasse": FORM_NAME}
        assert await person.send("POST", "/agents/connexion", data=stranger) < 500


async def read_as_staff(house: House) -> None:
    """A member of the staff reads the questions and saves the requests as a spreadsheet."""
    command = [sys.executable, "-m", "gateway", "add-staff", STAFF, "--role", "publication"]
    subprocess.run(command, input=PASSWORD.encode(), cwd=ROOT, env=house.environ, check=True, stdout=subprocess.DEVNULL)
    async with house.person() as person:
        form = {"adresse": STAFF, "motdepasse": PASSWORD}
        assert await person.send("POST", "/agents/connexion", data=form) == 200
        for path in ("revoir", "demandes", "demandes/export/demandes.xlsx", "journal"):
            assert await person.send("GET", f"/agents/{path}") == 200, path


async def erase_once_read(house: House) -> None:
    """Two people ask nearly the same, staff see it, the first one erases everything."""
    async with house.person() as first, house.person() as second:
        for person, words in ((first, ERASED_WORDS), (second, KEPT_WORDS)):
            await person.say(words)
            await person.comment(f"{words}, toujours pas de réponse")
        await read_as_staff(house)
        assert "question_groups.text" in [place for place, _ in house.find((ERASED_WORDS,))]
        await first.erase()


async def test_nothing_personal_is_on_the_disk_but_sealed_in_requests(house: House) -> None:
    assert house.find() == []
    await talk(house)
    assert house.find((WITNESS,)) != []
    assert house.find() == []
    await write_elsewhere(house)
    await ask_of_the_service(house)
    await erase_once_read(house)
    assert house.find((ERASED_WORDS,)) == []
    assert "question_groups.text" in [place for place, _ in house.find((KEPT_WORDS,))]
    assert house.find() == []
    # A worker killed as it answers, and a power cut: what is written ahead of the files is theirs too.
    async with house.person() as person:
        asked = asyncio.create_task(person.send("POST", "/api/chat", json={"message": SAYS[0][0]}))
        await asyncio.sleep(0.01)
        house.worker().send_signal(signal.SIGKILL)
        assert await asked in (200, 503)
    house.stop(signal.SIGKILL)
    assert house.find() == []
    places = house.find_sealed()
    assert {place for place in places if not place.startswith("var/")} == {"requests.fields", "events.data"}
    assert places["events.data"] == {OPEN_NAME, "Vertadier", "Karimdad", "cassouillé", "rue des Pommiers"}
    assert {FORM_NAME, FORM_MAIL, PHONE, "Karimdad"} <= places["requests.fields"]
    assert places["requests.fields"].isdisjoint({OPEN_NAME, ERASED_NAME, CANCELLED_NAME})
    house.start()
    async with house.person() as person:
        await person.say("bonjour")
    house.stop()
    assert house.find() == []
    assert {path.stat().st_mode & 0o077 for path in house.var.rglob("*") if path.is_file()} == {0}
