"""Patterns that are written as texts: one alternative a line or more."""


def either(lines: str, parts: dict[str, str]) -> str:
    """The lines of a text, its first and last empty ones aside, as alternatives; `parts` stand in for `{name}`."""
    return "|".join(lines.format(**parts).split("\n")[1:-1])
