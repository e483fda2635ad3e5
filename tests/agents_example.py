"""A console that looks lived in, for its pictures and for what looks at every screen. Another screen adds a line to
PAGES and, when it needs something to show, a function to FILLERS."""

from collections.abc import Callable
from datetime import timedelta

from agents_case import PASSWORD, PEOPLE, email_of
from aiohttp import web

from gateway.agents.keys import ACCOUNTS, JOURNAL, REQUESTS_DESK
from gateway.figures import Figure, count_figures
from gateway.keys import DATABASE
from gateway.resident_requests import ResidentRequest, insert_request
from gateway.sessions import today

# Name of the picture → address. Alice (publication) looks at them.
PAGES = {
    "demandes": "/agents/demandes",
    "demande": "/agents/demandes/CDFG-HJKM",
    "tableau-de-bord": "/agents/tableau-de-bord",
    "pause": "/agents/pause",
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


def fill_requests(app: web.Application) -> None:
    """Three requests: one to read, one in hand, one closed."""
    asked = (
        (
            "CDFG-HJKM",
            "message",
            {"texte": "L’éclairage du square est en panne.\nMerci !", "nom": "C. D.", "contact": "c@d.example"},
        ),
        (
            "NPQR-TVWX",
            "join",
            {"profil": "habitant", "quartier": "je ne sais pas", "nom": "=E. F.", "contact": "+33 3 00 00 00 00"},
        ),
        ("3467-9CDF", "message", {"texte": "Où trouver le contrat ?", "nom": "G. H.", "contact": "g@h.example"}),
    )
    with app[DATABASE].writing() as db:
        for code, kind, fields in asked:
            insert_request(db, ResidentRequest(kind, code, fields), today())
    app[REQUESTS_DESK].follow("NPQR-TVWX", "prise en charge", "À rappeler jeudi.", by=email_of("bob"))
    app[REQUESTS_DESK].follow("3467-9CDF", "close", "Réponse envoyée.", by=email_of("bob"))


def fill_figures(app: web.Application) -> None:
    """A month of questions, always the same one."""
    subjects = ("nord", "ecrire", "list_quartier")
    with app[DATABASE].writing() as db:
        for ago in range(30):
            many = 12 + (ago * 7) % 11 - (6 if ago % 7 in (2, 3) else 0)
            asked = [
                Figure("answer", subject, "fr", many - 3 * place, 14 * many) for place, subject in enumerate(subjects)
            ]
            asked += [
                Figure("clarify", "ecrire", "fr", 2, 30),
                Figure("fallback", "nord", "ar" if ago % 5 else "fr", 1, 15),
            ]
            count_figures(
                db, today() - timedelta(days=ago), [*asked, Figure("utile", count=2), Figure("fausse", count=ago % 2)]
            )


FILLERS: list[Callable[[web.Application], None]] = [fill_accounts, fill_requests, fill_figures]


def fill(app: web.Application) -> None:
    """Everything that the screens have to show."""
    for filler in FILLERS:
        filler(app)
