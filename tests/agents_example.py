"""A console that looks lived in, for its pictures and for what looks at every screen. Another screen adds a line to
PAGES and, when it needs something to show, a function to FILLERS."""

from collections.abc import Callable

from agents_case import PASSWORD, PEOPLE, email_of
from aiohttp import web

from gateway.agents.keys import ACCOUNTS, JOURNAL

# Name of the picture → address. Alice (publication) looks at them.
PAGES = {
    "journal": "/agents/journal",
    "comptes": "/agents/comptes",
    "compte": "/agents/comptes/2",
    "mon-compte": "/agents/compte",
}
# What anybody sees.
PUBLIC_PAGES = {"connexion": "/agents/connexion"}


def fill_accounts(app: web.Application) -> None:
    """Three people, and one who has not chosen a password yet."""
    for name, role in PEOPLE.items():
        app[ACCOUNTS].save(email_of(name), PASSWORD, role, by="ligne de commande")
    app[ACCOUNTS].add(email_of("denis"), "lecture", by=email_of("alice"))
    app[JOURNAL].note(email_of("bob"), "Connexion")


FILLERS: list[Callable[[web.Application], None]] = [fill_accounts]


def fill(app: web.Application) -> None:
    """Everything that the screens have to show."""
    for filler in FILLERS:
        filler(app)
