"""One browser and one site for each file of tests of the widget; each test has a session of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from site_thread import Site, SiteThread
from visitor import Visitor

SCRIPTS = [Path(__file__).with_name(name) for name in ("observed.js", "measured.js")]
CHROMIUM = shutil.which("chromium")

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The assistant and a town's site."""
    thread = SiteThread(tmp_path_factory.mktemp("widget"))
    yield thread.start()
    thread.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("chromium n’est pas installé")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Open a page of the town in a context of its own: `visit("calm", color="#123456", viewport={…})`."""
    contexts = []
    troubles: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(str(error)))

    def go(page_name: str = "calm", *, data: dict[str, str] | None = None, **options: Any) -> Visitor:
        context = browser.new_context(locale="fr-FR", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        for script in SCRIPTS:
            context.add_init_script(path=script)
        page = context.new_page()
        watch(page)
        visitor = Visitor(page, site)
        visitor.go(page_name, **(data or {}))
        return visitor

    yield go
    for context in contexts:
        context.close()
    assert troubles == []
