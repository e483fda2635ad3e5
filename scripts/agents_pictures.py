"""Take the pictures of docs/guide-agents.md: `.venv/bin/python scripts/agents_pictures.py [name …]`.

A gateway with the examples of tests/agents_example.py, in a folder of its own, and Chromium. With `--all`, every
screen also small and dark, in a folder to look at: `--all FOLDER`.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright

PROJECT = Path(__file__).parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from agents_case import PASSWORD, email_of  # noqa: E402
from agents_example import PAGES, PUBLIC_PAGES, fill  # noqa: E402
from gateway_case import FAKE_WORKER, write_data, write_project  # noqa: E402

from gateway.app import create_app  # noqa: E402
from gateway.content import load_content  # noqa: E402
from gateway.settings import Settings  # noqa: E402
from gateway.startup import load_secret, open_database, prepare_folder  # noqa: E402
from gateway.workers import Supervisor  # noqa: E402
from training.releases import current_id  # noqa: E402

PICTURES = PROJECT / "docs" / "images" / "agents"
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


async def main(arguments: list[str]) -> None:
    """Take the pictures named, or all of them."""
    to_look_at = Path(arguments[1]) if arguments[:1] == ["--all"] else None
    names = [] if to_look_at else arguments
    with tempfile.TemporaryDirectory() as folder:
        server = await start_server(Path(folder))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for width, scheme in LOOKS if to_look_at else LOOKS[:1]:
                suffix = f"-{width}-{scheme}" if to_look_at else ""
                await take(browser, server, width, scheme, to_look_at or PICTURES, suffix, names)
        await server.close()


async def start_server(folder: Path) -> TestServer:
    """A gateway with the examples."""
    write_data(folder / "models" / "r1" / "data")
    (folder / "models" / "current").symlink_to("r1")
    folders = {"ALLO_VAR": folder / "var", "ALLO_MODELS": folder / "models"}
    folders["ALLO_PROJECT"] = write_project(folder / "project")
    settings = Settings.from_env({name: str(path) for name, path in folders.items()})
    prepare_folder(settings.var)
    supervisor = Supervisor(settings.models, settings.var / "worker.log", {}, turn_timeout=5, command=FAKE_WORKER)
    content = load_content(settings.models, settings.project)
    app = create_app(settings, load_secret(settings.var), content, open_database(settings), supervisor)
    server = TestServer(app)
    await server.start_server()
    fill(app)
    # The published release of the examples takes over from the first one.
    while supervisor.release != current_id(settings.models):
        await asyncio.sleep(0.1)
    return server


async def take(
    browser: Browser, server: TestServer, width: int, scheme: str, folder: Path, suffix: str, names: list[str]
) -> None:
    """One picture of each screen."""
    folder.mkdir(parents=True, exist_ok=True)
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="fr-FR", timezone_id="Europe/Paris"
    )
    page = await context.new_page()
    for name, path in {**PUBLIC_PAGES, **PAGES}.items():
        if name == next(iter(PAGES)):
            await page.goto(str(server.make_url("/agents/connexion")))
            await page.fill("#adresse", email_of("alice"))
            await page.fill("#motdepasse", PASSWORD)
            await page.press("#motdepasse", "Enter")
            await page.wait_for_url("**/agents/*")
        if names and name not in names:
            continue
        await page.goto(str(server.make_url(path)))
        await page.screenshot(path=folder / f"{name}{suffix}.png", full_page=True)
        print(folder / f"{name}{suffix}.png")
    await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
