"""What the console's tests speak of: people of the staff, each with a browser."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, ClientSession
from gateway_case import Gateway

from gateway.agents.accounts import Staff

PASSWORD = "quatre mots sans rapport"
PEOPLE = {"alice": "publication", "bob": "rédaction", "chloe": "lecture"}


@dataclass
class Person:
    """Somebody with a browser: `staff` is None for the outsider. Redirections are not followed."""

    staff: Staff | None
    browser: ClientSession
    gateway: Gateway

    async def get(self, path: str, status: int = 200, **more: Any) -> str:
        """The text of a page, expecting a status."""
        return await self._text("GET", path, status, **more)

    async def post(self, path: str, form: dict[str, Any] | None = None, status: int = 303, **more: Any) -> str:
        """Post a form, expecting a status; returns the text, or where it redirects to."""
        return await self._text("POST", path, status, data=form or {}, **more)

    async def send(self, method: str, path: str, **more: Any) -> ClientResponse:
        """The whole answer to a request, already read."""
        url = self.gateway.client.make_url(path)
        response = await self.browser.request(method, url, allow_redirects=False, **more)
        await response.read()
        return response

    async def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in through the form."""
        assert await self.post("/agents/connexion", {"adresse": email, "motdepasse": password}) == "/agents/"

    async def _text(self, method: str, path: str, status: int, **more: Any) -> str:
        response = await self.send(method, path, **more)
        text = await response.text()
        assert response.status == status, text
        return response.headers["Location"] if status == 303 else text


Enter = Callable[..., Awaitable[Person]]


def email_of(name: str) -> str:
    """The address of one of PEOPLE."""
    return f"{name}@ville.example"
