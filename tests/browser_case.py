"""What the browser tests of the public pages share: Chromium, what axe finds, what sticks out."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from gateway.declaration import AXE_TAGS

CHROMIUM = shutil.which("chromium")
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="chromium n’est pas installé"),
]
# So that the check cannot go silently empty.
LEAST_PASSES = 20


async def run_axe(page: Page) -> dict[str, Any]:
    """Everything axe says of the page, with every rule of the declaration's tags."""
    results = await Axe().run(page, options={"runOnly": list(AXE_TAGS)})
    assert len(results.response["passes"]) >= LEAST_PASSES
    return results.response


async def axe_violations(page: Page) -> list[str]:
    """The rules that are broken, each with the first place."""
    found = (await run_axe(page))["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


async def overflowing(page: Page) -> list[str]:
    """What sticks out of the right edge of the screen, outside what scrolls by itself."""
    return await page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.outerHTML.slice(0, 100))"""
    )
