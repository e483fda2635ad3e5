"""Limited Markdown to HTML: paragraphs, bold, lists and links, and never HTML from a text.

`widget/markdown.js` draws the same in the browser; a test compares the two.
"""

from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

LINK_SCHEMES = ("http", "https", "tel", "mailto")


def render_markdown(text: str) -> Markup:
    """The text as safe HTML."""
    return Markup(_RENDERER.render(text))


def is_link_allowed(url: str | None) -> bool:
    """Whether an address may be shown as a link: web, telephone or mail, never a script."""
    try:
        return urlsplit((url or "").strip()).scheme.lower() in LINK_SCHEMES
    except ValueError:
        return False


def _make_renderer() -> MarkdownIt:
    renderer = MarkdownIt("zero", {"html": False, "breaks": True})
    renderer.enable(["emphasis", "link", "list", "newline", "escape"])
    renderer.validateLink = is_link_allowed  # type: ignore[method-assign]
    return renderer


_RENDERER = _make_renderer()
