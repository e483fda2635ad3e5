"""The town's own page, cut into headings, paragraphs and lists, so that it can be shown word for word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_ITEM = re.compile(r"\s+(?:(?P<bullet>[•*-])|\d{1,3}[.)])\s+(?P<text>\S.*)")
# A heading is a short line of its own, which no sentence ends: a question may be one.
_HEADING_LIMIT = 90
_SENTENCE_ENDS = (".", ":", ";", "…", ",")


@dataclass(frozen=True)
class Block:
    """A piece of the page: `kind` is "heading", "paragraph", "bullets" or "numbers"; `anchor` names a heading."""

    kind: str
    lines: tuple[str, ...]
    anchor: str = ""


def cut_page(texte: str) -> list[Block]:
    """The pieces of a source in order; its first line is the page's title and comes as the first heading."""
    lines = [(_kind(line), line) for line in texte.splitlines() if line.strip()]
    return list(_number_headings(_group(lines)))


def _group(lines: list[tuple[str, str]]) -> Iterator[Block]:
    for kind, group in groupby(lines, key=lambda line: line[0]):
        words = [_words(line) for _, line in group]
        if kind in ("bullets", "numbers"):
            yield Block(kind, tuple(words))
        else:
            yield from (Block(kind, (line,)) for line in words)


def _number_headings(blocks: Iterator[Block]) -> Iterator[Block]:
    for number, block in enumerate(blocks):
        yield Block(block.kind, block.lines, f"partie-{number}") if block.kind == "heading" else block


def _kind(line: str) -> str:
    item = _ITEM.fullmatch(line)
    if item:
        return "bullets" if item["bullet"] else "numbers"
    is_heading = len(line) <= _HEADING_LIMIT and not line.rstrip().endswith(_SENTENCE_ENDS)
    return "heading" if is_heading else "paragraph"


def _words(line: str) -> str:
    item = _ITEM.fullmatch(line)
    return (item["text"] if item else line).strip()
