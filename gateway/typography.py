"""French typography of templates: written with plain spaces, shown with narrow no-break ones.

Only what stands between tags is touched; attributes and entities are left alone. Values are not: what Python
says goes through `typographie` there.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from knowledge.text import typographie

_MARKS = re.compile(r"([<>]|&#?\w+;)")


class Typography(Extension):
    """A Jinja extension; see the module."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Set the typography of the text of a template while it is compiled."""
        in_tag, follows_value = False, False
        for token in stream:
            if token.type != "data":
                follows_value = token.type == "variable_end"
                yield token
                continue
            parts = []
            for part in _MARKS.split(token.value):
                if part in ("<", ">"):
                    in_tag = part == "<"
                elif not in_tag and not part.startswith("&"):
                    part = _set(part, follows_value)
                follows_value = False
                parts.append(part)
            yield Token(token.lineno, "data", "".join(parts))


def _set(text: str, follows_value: bool) -> str:
    # « {{ name }} : » is a sentence too: the sign before the colon is the value's.
    return typographie(f"x{text}")[1:] if follows_value else typographie(text)
