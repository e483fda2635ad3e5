"""The whole loop of the staff in a real browser, on a fresh install: teach, see what changes, publish, go back.

Nothing stands in for anything: the gateway, its worker, the training and the database are those of `make run`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from agents_case import PASSWORD, email_of
from playwright.async_api import Page, async_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")
EXAM_QUESTIONS = 4  # of each slice: what this loop needs of the exam is that it is taken
SUBJECT = "Les quartiers concernés"
# A word that nobody has taught yet, in questions that are not alike.
ASKED = (
    "le schmilblick ça concerne qui au juste",
    "quel secteur couvre le schmilblick",
    "ma tante parle toujours du schmilblick, ça désigne quels endroits",
    "combien de zones compte votre schmilblick",
    "qui habite dans le schmilblick",
    "le schmilblick, c’est toute la ville ou seulement des morceaux",
    "donnez-moi le nom de chaque partie du schmilblick",
    "mon facteur dit que je suis dans le schmilblick",
    "expliquez-moi ce mot, schmilblick, je l’ai lu dans le journal",
    "wesh le schmilblick cé ou",
)
AFTERWARDS = "bonjour, c’est quoi le schmilblick ?"
WITNESSES = (AFTERWARDS, "qui sont les partenaires ?", "l’axe 5", "quel temps fera-t-il demain ?")

pytestmark = [
    pytest.mark.model,
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="chromium n’est pas installé"),
]


class Install:
    """A running assistant in folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.models = folder / "models"
        self.environ = {
            **os.environ,
            "ALLO_VAR": str(folder / "var"),
            "ALLO_MODELS": str(self.models),
            "ALLO_PROJECT": str(self.project),
            "ALLO_PORT": "0",
            "ALLO_RATE_LIMIT": "0",
        }
        self.terminal = folder / "terminal"
        self.url = ""

    def run(self, *arguments: str, typed: str = "") -> None:
        """One command of the gateway, to its end."""
        command = [sys.executable, "-m", "gateway", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environ, input=typed, text=True, check=True)

    async def start(self) -> asyncio.subprocess.Process:
        """The service, once it answers."""
        with self.terminal.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway", cwd=ROOT, env=self.environ, stdout=output, stderr=output
            )
        async with asyncio.timeout(120):
            while not self.url:
                await asyncio.sleep(0.2)
                found = re.search(r"http://127\.0\.0\.1:\d+", self.terminal.read_text())
                self.url = found[0] if found else ""
            while (await self.get("/readyz"))[0] != 200:
                await asyncio.sleep(0.2)
        return process

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text of an address."""
        return await asyncio.to_thread(_fetch, urllib.request.Request(self.url + path))

    async def chat(self, message: str) -> dict[str, Any]:
        """What a resident is answered, in a conversation of its own."""
        return await self.post("/api/chat", {"message": message})

    async def complain(self, answer: dict[str, Any]) -> None:
        """A resident says that an answer is wrong."""
        opinion = {"reply": answer["replies"][0]["id"], "verdict": "fausse", "session": answer["session"]}
        await self.post("/api/feedback", opinion)

    async def post(self, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        """The answer to what is sent, which must be accepted."""
        body = json.dumps(sent).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        status, text = await asyncio.to_thread(_fetch, request)
        assert status == 200, text
        return dict(json.loads(text))

    async def answers(self) -> list[str]:
        """What the witnesses are answered, without the ids that are made anew each time."""
        replies = [(await self.chat(message))["replies"] for message in WITNESSES]
        said = [[(one["kind"], one["text"], one["simple"], one["sources"]) for one in reply] for reply in replies]
        return [json.dumps(reply, ensure_ascii=False) for reply in said]


def _fetch(request: urllib.request.Request) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


@pytest.fixture
def install(release: Path, tmp_path: Path) -> Iterator[Install]:
    """A fresh install: the project's content, a short exam, one published release."""
    made = Install(tmp_path)
    made.project.mkdir()
    shutil.copytree(ROOT / "data", made.project / "data")
    for name in ("config.yml", "domain.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, made.project / name)
    exam = made.project / "tests" / "questions"
    exam.mkdir(parents=True)
    for path in (ROOT / "tests" / "questions").glob("*.yml"):
        part = yaml.safe_load(path.read_text())
        part["questions"] = part["questions"][:EXAM_QUESTIONS]
        (exam / path.name).write_text(yaml.safe_dump(part, allow_unicode=True))
    shutil.copytree(release.parent, made.models, symlinks=True)
    yield made


@pytest.fixture
async def page(install: Install) -> AsyncIterator[Page]:
    """Alice (publication) in her browser, in front of the console."""
    install.run("add-staff", email_of("alice"), "--role", "publication", typed=f"{PASSWORD}\n")
    process = await install.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = await (await browser.new_context(locale="fr-FR", base_url=install.url)).new_page()
        opened.set_default_timeout(60_000)
        await opened.goto("/agents/")
        await opened.fill("#adresse", email_of("alice"))
        await opened.fill("#motdepasse", PASSWORD)
        await opened.press("#motdepasse", "Enter")
        await opened.wait_for_selector("nav.side")
        yield opened
        await browser.close()
    process.terminate()
    await process.wait()


async def test_ten_questions_are_taught_published_and_taken_back(install: Install, page: Page) -> None:
    for question in ASKED:
        await install.complain(await install.chat(question))
    before = await install.answers()
    first = (await install.chat("bonjour"))["release"]

    # The witness that speaks of it may be in the list too.
    assert await teach_everything(page) >= len(ASKED)
    second = await train_and_publish(page, install)
    assert second != first
    after = await install.answers()
    assert "Mont-Liébaut" in after[0] and after[0] != before[0]
    assert after[1:3] == before[1:3]
    assert "Mont-Liébaut" in await ask_in_the_widget(page)

    await page.goto(f"/agents/versions/{first}")
    await page.fill("form[action$='/retour'] [name=motif]", "le mot ne se dit pas ici")
    await page.click("form[action$='/retour'] button[type=submit]")
    await wait_for_release(install, first)
    assert await install.answers() == before
    assert "Mont-Liébaut" not in await ask_in_the_widget(page)


async def ask_in_the_widget(page: Page) -> str:
    """What a resident with a browser of their own reads after asking on the town’s site."""
    assert page.context.browser
    context = await page.context.browser.new_context(locale="fr-FR", base_url=page.url)
    resident = await context.new_page()
    await resident.goto("/")
    await resident.get_by_role("button", name="Poser une question").click()
    field = resident.get_by_label("Votre question")
    await field.fill(AFTERWARDS)
    await field.press("Enter")
    reply = resident.locator("commune-chat li.assistant").first
    await reply.wait_for()
    said = await reply.inner_text()
    await context.close()
    return said


async def teach_everything(page: Page) -> int:
    """Decide on each question of the list that speaks of the new word; how many there were."""
    await page.goto("/agents/revoir")
    async with asyncio.timeout(90):
        while await page.locator("td a", has_text="schmilblick").count() < len(ASKED):
            await asyncio.sleep(2)
            await page.reload()
    taught: set[str] = set()
    while await page.locator("td a", has_text="schmilblick").count():
        await page.locator("td a", has_text="schmilblick").first.click()
        asked = (await page.inner_text("h1.asked")).strip("«» \u202f\u00a0")
        await page.fill("[name=sujet]", SUBJECT)
        await page.fill("[name=exemple]", f"{asked}, dites-moi")
        await page.check("#quand_meme")
        await page.click("button[name=decision][value=sujet]")
        assert await page.locator("main .error").all_inner_texts() == []
        taught.add(asked)
        await page.goto("/agents/revoir")
    return len(taught)


async def train_and_publish(page: Page, install: Install) -> str:
    """Make a release, read what it changes, publish it; its id."""
    await page.goto("/agents/entrainer")
    await page.fill("form[action='/agents/entrainer'] [name=motif]", "le schmilblick")
    await page.click("form[action='/agents/entrainer'] button[type=submit]")
    publish = page.locator("form[action$='/publier'] button[type=submit]")
    await publish.wait_for(timeout=400_000)
    assert "réponses changent" in (await page.inner_text("main")) or "réponse change" in (await page.inner_text("main"))
    action = await page.get_attribute("form[action$='/publier']", "action")
    assert action
    await publish.click()
    release = action.split("/")[-2]
    await wait_for_release(install, release)
    return release


async def wait_for_release(install: Install, release: str) -> None:
    """Until residents are answered by a release; somebody answers all along."""
    async with asyncio.timeout(60):
        while (await install.chat("bonjour"))["release"] != release:
            await asyncio.sleep(0.3)
