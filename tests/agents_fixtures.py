"""The console with three people signed in, Alice (publication), Bob (rédaction), Chloé (lecture), and an outsider."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from agents_case import PASSWORD, PEOPLE, Enter, Person, email_of
from aiohttp import ClientSession, CookieJar
from gateway_case import Gateway
from knowledge_fixtures import write_data

from gateway.agents.keys import ACCOUNTS, FICHES, JOURNAL


@pytest.fixture
async def enter(gateway: Gateway) -> AsyncIterator[Enter]:
    """A new browser, signed in as one of PEOPLE (made if need be), or as nobody."""
    browsers: list[ClientSession] = []

    async def open_browser(name: str | None = None, role: str | None = None) -> Person:
        # Addresses without a name keep their cookies too, as a browser does.
        browsers.append(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        person = Person(None, browsers[-1], gateway)
        if name is not None:
            accounts = gateway.client.app[ACCOUNTS]
            staff = accounts.save(email_of(name), PASSWORD, role or PEOPLE[name], by="essais")
            person = Person(staff, browsers[-1], gateway)
            await person.sign_in(staff.email)
        return person

    yield open_browser
    for browser in browsers:
        await browser.close()


@pytest.fixture
async def alice(enter: Enter) -> Person:
    """Publication: may do everything."""
    return await enter("alice")


@pytest.fixture
async def bob(enter: Enter) -> Person:
    """Rédaction."""
    return await enter("bob")


@pytest.fixture
async def chloe(enter: Enter) -> Person:
    """Lecture: sees, changes nothing."""
    return await enter("chloe")


@pytest.fixture
async def outsider(enter: Enter) -> Person:
    """Somebody who is not signed in."""
    return await enter()


@pytest.fixture
def notes(gateway: Gateway) -> Callable[[], list[tuple[str, str, str, str]]]:
    """The journal, newest first: who, action, target, reason."""

    def read() -> list[tuple[str, str, str, str]]:
        found, _ = gateway.client.app[JOURNAL].find()
        return [(note.who, note.action, note.target, note.reason) for note in found]

    return read


@pytest.fixture
def town(gateway: Gateway) -> Path:
    """The small town's content, all in order, as the working folder that staff write in; its `data` folder."""
    data = gateway.client.app[FICHES].data
    shutil.rmtree(data)
    return write_data(data.parent)
