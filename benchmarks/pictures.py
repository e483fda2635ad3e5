"""`python -m benchmarks.pictures`: the pictures of the widget in docs/images/, from the real assistant."""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from rich.console import Console

from benchmarks.errors import BenchmarkError
from benchmarks.town_site import ROOT, TownSite, open_browser, open_town

IMAGES = ROOT / "docs" / "images"
SCHEMES = ("light", "dark")
COLOURS = 256
FIELD = "commune-chat .fields textarea"


@dataclass(frozen=True)
class Picture:
    """A screen and what was done on it: messages sent, then the text of buttons pressed."""

    name: str
    width: int
    height: int
    messages: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()


PICTURES = (
    Picture("accueil", 390, 800),
    Picture("reponse", 390, 800, ("Quels quartiers sont concernés ?",), ("D’où vient cette réponse",)),
    Picture("etroit", 320, 640, ("Qui sont les partenaires ?",)),
    Picture("large", 1280, 800, ("Comment rejoindre un conseil citoyen ?",)),
)


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the releases (models)")
    console = Console()
    try:
        with open_town(parser.parse_args().models) as site, open_browser() as browser:
            for picture in PICTURES:
                for scheme in SCHEMES:
                    _save(_take(browser, site, picture, scheme), IMAGES / _file_name(picture, scheme))
            for scheme in SCHEMES:
                _join_phones(scheme)
    except BenchmarkError as error:
        console.print(f"[red]{error}[/red]")
        return 1
    console.print(f"Écrit dans {IMAGES.relative_to(ROOT)}.")
    return 0


def _file_name(picture: Picture, scheme: str) -> str:
    return f"widget-{picture.width}-{picture.name}-{scheme}.png"


def _take(browser: Browser, site: TownSite, picture: Picture, scheme: str) -> Image.Image:
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(
        locale="fr-FR", viewport=size, color_scheme=scheme, reduced_motion="reduce", has_touch=picture.width < 1000
    )
    page = context.new_page()
    page.goto(f"{site.town}/page")
    page.click("commune-chat .launcher")
    page.wait_for_selector("commune-chat dialog[open]")
    for message in picture.messages:
        _ask(page, message)
    for label in picture.presses:
        page.locator("commune-chat .assistant").last.get_by_text(label).click()
    page.wait_for_timeout(200)
    shot = page.screenshot(caret="hide")
    context.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def _ask(page: Page, message: str) -> None:
    before = page.locator("commune-chat .assistant").count()
    page.fill(FIELD, message)
    page.press(FIELD, "Enter")
    page.locator("commune-chat .assistant").nth(before).wait_for()


def _join_phones(scheme: str) -> None:
    """One picture for the README: the first screen and an answer, side by side."""
    phones = [Image.open(IMAGES / _file_name(picture, scheme)).convert("RGB") for picture in PICTURES[:2]]
    gap = 24
    sheet = Image.new("RGB", (sum(one.width for one in phones) + gap, phones[0].height), (128, 128, 128))
    sheet.paste(phones[0], (0, 0))
    sheet.paste(phones[1], (phones[0].width + gap, 0))
    _save(sheet, IMAGES / f"widget-{scheme}.png")


def _save(image: Image.Image, path: Path) -> None:
    """A palette is enough for flat colours, and three times lighter."""
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
