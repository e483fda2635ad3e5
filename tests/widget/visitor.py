"""Someone on the town's site: opens the panel, asks, looks, listens."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect
from site_thread import Site

SMALL: dict[str, Any] = {"viewport": {"width": 390, "height": 780}}
PHONE: dict[str, Any] = {**SMALL, "has_touch": True, "is_mobile": True}
RICH = "riche"  # a message that the fake worker answers with all that a reply can hold


@dataclass(frozen=True)
class Visitor:
    """One page in one tab."""

    page: Page
    site: Site

    def go(self, page_name: str, **data: str) -> None:
        """Go to a page of the town; `data`: the attributes of the script tag."""
        self.page.goto(f"{self.site.town}/{page_name}?{urlencode(data)}")
        self.launcher.wait_for()

    @property
    def launcher(self) -> Locator:
        """The button on the page."""
        return self.page.locator("commune-chat button.launcher")

    @property
    def panel(self) -> Locator:
        """The dialog."""
        return self.page.locator("commune-chat dialog")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.panel.locator(".fields textarea, .fields input").first

    @property
    def replies(self) -> Locator:
        """What the assistant said."""
        return self.panel.locator(".assistant")

    @property
    def mine(self) -> Locator:
        """What the person said."""
        return self.panel.locator(".you .bubble")

    def open(self) -> "Visitor":
        """Press the launcher."""
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def ask(self, text: str) -> Locator:
        """Type, press Enter, wait for the answer; returns its last reply."""
        before = self.replies.count()
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.replies.nth(before)).to_be_visible()
        return self.replies.last

    def hear(self, *replies: dict[str, Any]) -> Locator:
        """Have the assistant say exactly this."""
        return self.ask("/!dit " + json.dumps(replies, ensure_ascii=False))

    def said(self) -> list[list[str]]:
        """What screen readers were told so far: [role, text]."""
        return list(self.page.evaluate("observed.said"))

    def focus(self) -> str:
        """Id, else class, else tag of what has the focus, inside the widget too."""
        return str(self.page.evaluate("nameFocus()"))

    def tab_stops(self, key: str = "Tab", limit: int = 60) -> list[str]:
        """Press a key until the focus leaves the document; the names of the stops."""
        stops = []
        for _ in range(limit):
            self.page.keyboard.press(key)
            name = self.focus()
            if name == "body":
                break
            stops.append(name)
        return stops

    def storage(self) -> dict[str, str]:
        """All that this tab stores."""
        return dict(
            self.page.evaluate("({...sessionStorage, ...localStorage, ...(document.cookie && {c: document.cookie})})")
        )
