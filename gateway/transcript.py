"""A conversation as a plain text that a person can keep, print or show at the desk."""

import re
from typing import Any

from gateway import texts
from gateway.sessions import today
from gateway.store import Turn

_LINK = re.compile(r"\[([^\]]*)\]\((?:tel:|mailto:)?([^)\s]*)\)")


def format_transcript(turns: list[Turn]) -> str:
    """The messages and the answers with their sources, oldest first."""
    blocks = [texts.transcript_heading(today().isoformat())]
    for turn in turns:
        blocks.append(f"{texts.YOU}\N{NARROW NO-BREAK SPACE}: {turn.message}")
        blocks += [_format_reply(reply.body) for reply in turn.replies]
    return "\n\n".join(blocks) + "\n"


def plain_text(markdown: str) -> str:
    """Limited Markdown without its marks; an address stays beside the words of its link."""
    return _LINK.sub(_write_link, markdown).replace("**", "")


def format_source(source: dict[str, Any]) -> str:
    """One source of a reply on one line: its words, its title, its address, the day it was checked."""
    parts = [source["title"], source["url"], texts.COMPLEMENT if source["complement"] else None]
    if source["verified_on"]:
        parts.append(texts.verified_on(source["verified_on"]))
    return f"« {source['quote']} » ({', '.join(part for part in parts if part)})"


def _format_reply(body: dict[str, Any]) -> str:
    text = f"{texts.ASSISTANT}\N{NARROW NO-BREAK SPACE}: {plain_text(body['text'])}"
    sources = [f"- {format_source(source)}" for source in body["sources"]]
    return "\n".join([f"{text}\n\n{texts.SOURCES}\N{NARROW NO-BREAK SPACE}:", *sources]) if sources else text


def _write_link(match: re.Match[str]) -> str:
    words, address = match.groups()
    return words if re.sub(r"\s", "", words) == address else f"{words} ({address})"
