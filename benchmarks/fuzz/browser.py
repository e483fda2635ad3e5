"""The widget's Markdown, drawn by a real browser: the same texts, the same things that must be true."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.fuzz.parts import SafeHtml
from benchmarks.town_site import open_browser
from knowledge.text import typographie

MODULE = Path(__file__).parent.parent.parent / "widget" / "markdown.js"
# What is drawn is read back as HTML, and nothing may have run on the way.
DRAW = """async ([module, text]) => {
  const { render } = await import(module);
  const box = document.createElement("div");
  box.append(render(text));
  return box.innerHTML;
}"""


@contextmanager
def open_markdown() -> Iterator[Callable[[str], None]]:
    """A check of one text, in one page of one browser. Raises BenchmarkError where Chromium is missing."""
    module = f"data:text/javascript;base64,{base64.b64encode(MODULE.read_bytes()).decode()}"
    with open_browser() as browser:
        page = browser.new_page()

        def check(text: str) -> None:
            for drawn in (text, typographie(text)):
                # The browser is told in UTF-8, where half of a character is no character.
                whole = drawn.encode("utf-8", "replace").decode()
                SafeHtml().read(page.evaluate(DRAW, [module, whole]))

        yield check
