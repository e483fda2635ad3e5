"""What staff send with a form: its fields, cleaned, and what is wrong with them, field by field."""

from aiohttp import web

from gateway.agents import texts
from gateway.errors import ApiError
from gateway.incoming import BODY_LIMIT, clean, read_fields
from knowledge.text import typographie

REASON_LIMIT = 300
SHORTEST_REASON = 3
PAGE_LIMIT = 100_000
QUERY_LIMIT = 300


class Form:
    """The fields of a posted form. `errors` is filled by what reads them: a form with errors changes nothing."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields
        self.errors: dict[str, str] = {}

    def raw(self, name: str) -> str:
        """A field exactly as it was typed, as a password has to be; "" when it is missing."""
        return next((value for key, value in self._fields if key == name), "")

    def text(self, name: str, limit: int = 500) -> str:
        """A field without invisible characters or space around; too long is an error."""
        value = clean(self.raw(name))
        if len(value) > limit:
            self.refuse(name, f"C’est trop long : {limit} signes au plus.")
        return value[:limit]

    def block(self, name: str, limit: int) -> str:
        """A text of several lines: each without invisible characters, the empty ones kept."""
        lines = [clean(line) for line in self.raw(name).splitlines()]
        value = "\n".join(lines).strip()
        if len(value) > limit:
            self.refuse(name, f"C’est trop long : {limit} signes au plus.")
        return value[:limit]

    def lines(self, name: str, limit: int) -> list[str]:
        """One thing a line; empty lines do not count."""
        return [line for line in self.block(name, limit).split("\n") if line]

    def every(self, name: str) -> list[str]:
        """All the values of a field that can be ticked several times."""
        return [clean(value) for key, value in self._fields if key == name]

    def reason(self, name: str = "motif") -> str:
        """Why somebody does something: it must be said."""
        value = self.text(name, REASON_LIMIT)
        if len(value) < SHORTEST_REASON:
            self.refuse(name, texts.REASON_MISSING)
        return value

    def number(self, name: str) -> int:
        """A number that the page itself put there; raises ApiError when it is something else."""
        return read_number(self.raw(name))

    def refuse(self, name: str, sentence: str) -> None:
        """Say in French what is wrong with a field; the first error of a field is kept."""
        self.errors.setdefault(name, typographie(sentence))


async def read_form(request: web.Request, limit: int = BODY_LIMIT) -> Form:
    """The form that was posted, `limit` bytes at most; raises ApiError on another type or size."""
    return Form(await read_fields(request, limit))


def read_number(text: str) -> int:
    """A whole number of an address or of a hidden field; raises ApiError (an address that does not exist)."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ApiError("not_found")
    return int(text)


def read_query(request: web.Request, name: str) -> str:
    """A value of the address, without invisible characters; "" when it is missing."""
    return clean(request.query.get(name, ""))[:QUERY_LIMIT]


def read_page(request: web.Request) -> int:
    """The number of the page asked for, from 1; what is no number is the first page."""
    text = request.query.get("page", "")
    return min(max(int(text), 1), PAGE_LIMIT) if text.isascii() and text.isdigit() and len(text) < 10 else 1
