"""The town's page, cut into pieces: nothing is lost, nothing is added, nothing changes place."""

import re
from pathlib import Path

import pytest

from gateway.source_page import Block, cut_page

SOURCES = sorted((Path(__file__).parent.parent / "data" / "sources").glob("*.txt"))


@pytest.mark.parametrize(
    ("texte", "blocks"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("Un titre\n", [Block("heading", ("Un titre",), "partie-0")], id="title"),
        pytest.param("Est-ce un titre ?", [Block("heading", ("Est-ce un titre ?",), "partie-0")], id="question"),
        pytest.param("Une phrase.", [Block("paragraph", ("Une phrase.",))], id="sentence"),
        pytest.param("Il y a :", [Block("paragraph", ("Il y a :",))], id="introduces-a-list"),
        pytest.param("mot " * 40, [Block("paragraph", (("mot " * 40).strip(),))], id="long-line"),
        pytest.param("  • un\n\n  • deux", [Block("bullets", ("un", "deux"))], id="bullets"),
        pytest.param("  1. un\n  2) deux", [Block("numbers", ("un", "deux"))], id="numbers"),
        pytest.param("2015 fut une année.", [Block("paragraph", ("2015 fut une année.",))], id="a-year-is-no-number"),
        pytest.param("Un.\nDeux.", [Block("paragraph", ("Un.",)), Block("paragraph", ("Deux.",))], id="two-paragraphs"),
    ],
)
def test_it_tells_the_pieces_apart(texte: str, blocks: list[Block]) -> None:
    assert cut_page(texte) == blocks


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_nothing_of_the_page_is_lost(path: Path) -> None:
    texte = path.read_text(encoding="utf-8")
    blocks = cut_page(texte)
    said = [line for block in blocks for line in block.lines]
    kept = [re.sub(r"^\s+(?:[•*-]|\d+[.)])\s+", "", line).strip() for line in texte.splitlines() if line.strip()]
    assert said == kept
    assert {block.kind for block in blocks} == {"heading", "paragraph", "bullets", "numbers"}
    anchors = [block.anchor for block in blocks if block.anchor]
    assert len(set(anchors)) == len(anchors) > 1
