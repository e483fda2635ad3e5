"""A console that looks lived in, for its pictures and for what looks at every screen. Another screen adds a line to
PAGES and, when it needs something to show, a function to FILLERS."""

from collections.abc import Callable
from datetime import timedelta

from agents_case import PASSWORD, PEOPLE, email_of
from aiohttp import web
from releases_case import examined_as, make_change

from gateway.agents.keys import ACCOUNTS, GROUPING, JOURNAL, REQUESTS_DESK, REVIEW, SAMPLING
from gateway.figures import Figure, count_figures
from gateway.keys import DATABASE, SETTINGS
from gateway.questions import Understood
from gateway.resident_requests import ResidentRequest, insert_request
from gateway.sessions import new_id, today
from gateway.store import Store, StoredReply, Turn
from training import changes, publication
from training.pipeline import TRAIN_STAGES as STAGES
from training.progress import Progress

# Name of the picture → address. Alice (publication) looks at them.
PAGES = {
    "revoir": "/agents/revoir",
    "revoir-question": "/agents/revoir/1",
    "examen": "/agents/examen?depuis=1",
    "fiches": "/agents/fiches",
    "fiche": "/agents/fiches/nord",
    "nouveau-sujet": "/agents/fiches/nouvelle",
    "historique": "/agents/fiches/nord/historique",
    "page": "/agents/page/page",
    "tableur": "/agents/tableur",
    "entrainer": "/agents/entrainer",
    "versions": "/agents/versions",
    "version": "/agents/versions/20261109-090000-ab12",
    "demandes": "/agents/demandes",
    "demande": "/agents/demandes/CDFG-HJKM",
    "tableau-de-bord": "/agents/tableau-de-bord",
    "pause": "/agents/pause",
    "journal": "/agents/journal",
    "comptes": "/agents/comptes",
    "compte": "/agents/comptes/2",
    "mon-compte": "/agents/compte",
}
MARKS = {
    "clair": (91, 102),
    "sms_phonetique": (69, 90),
    "langues": (65, 91),
    "hors_sujet": (140, 150),
    "vocal": (42, 60),
}
BETTER = {**MARKS, "clair": (94, 102), "vocal": (47, 60), "hors_sujet": (139, 150)}
EXAMPLE_CHANGES = (
    make_change(
        changes.WORSE,
        "tu connais la météo ?",
        "Je ne sais pas répondre à cette question.",
        "La **politique de la ville** aide certains quartiers.",
    ),
    make_change(
        changes.UNDECIDED,
        "et pour mon fils",
        "Parlez-vous d’**éducation** ou d’**emploi** ?",
        "L’**éducation** est un des domaines du contrat de ville.\n\n- l’école\n- les activités après l’école",
    ),
    make_change(
        changes.BETTER,
        "c koi le conseil sitoyen",
        "Je ne sais pas répondre à cette question.",
        "Un **conseil citoyen** réunit des habitants d’un quartier.",
    ),
)
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


def fill_releases(app: web.Application) -> None:
    """Three releases: one to go back to, the published one, and one that is ready, with what it would change."""
    models, project = app[SETTINGS].models, app[SETTINGS].project
    (models / "current").unlink()
    first = examined_as(models, project, "20261102-090000-ab12", "première version", {**MARKS, "langues": (60, 91)})
    publication.publish(models, project, first, email_of("alice"), "première version")
    fiche = project / "data" / "fiches" / "quartiers" / "nord.md"
    fiche.write_text(fiche.read_text().replace("Le nord est un quartier.", "Le nord est un **grand** quartier."))
    second = examined_as(models, project, "20261109-090000-ab12", "la fiche du nord", MARKS)
    publication.publish(models, project, second, email_of("alice"), "la fiche du nord est plus claire")
    third = examined_as(models, project, "20261116-090000-ab12", "dix questions de la semaine", BETTER)
    changes.save_changes(models, changes.Changes(second, third, 1084, EXAMPLE_CHANGES))
    progress = Progress.begin(models, email_of("bob"), "dix questions de la semaine", STAGES, lambda state: None)
    for stage in STAGES:
        with progress.stage(stage):
            pass
    progress.name_release(third)
    progress.finish("Accepté.", True)


def fill_questions(app: web.Application) -> None:
    """A few questions asked, some of them by several people; one in doubt, some decided on."""
    store = Store(app[DATABASE])
    for number, (text, subject, confidence, kind) in enumerate(ASKED):
        answered = subject if kind == "answer" else None
        others = (("list_quartier", 0.21), ("ecrire", 0.06))
        understood = Understood(text, subject, confidence, others, "fr", kind, answered)
        reply = StoredReply(new_id(), {"kind": kind, "text": "Le **nord** est un quartier."})
        turn = Turn(None, "x", text, "r1", (reply,), (understood,))
        store.save_turn(f"conversation-{number // 3}", today(), turn, on=today())
        if number == 0:
            store.save_feedback(reply.id, None, "fausse", "Ce n’est pas ma question.", today())
    app[GROUPING].run()
    app[SAMPLING].draw(today())
    for line in app[REVIEW].list_open(today())[-4:]:
        app[REVIEW].decide(line.id, "juste", email_of("bob"), today())


ASKED = (
    ("où est-ce que je peux jouer au foot dans le nord", "nord", 0.31, "answer"),
    ("où peut on jouer au foot dans le nord", "nord", 0.35, "answer"),
    ("ou est ce que je peux jouer au foot dans le nord ?", "nord", 0.28, "answer"),
    ("je veux écrire au service mais je ne sais pas comment", "ecrire", 0.44, "clarify"),
    ("c’est quoi vos quartiers", "list_quartier", 0.83, "answer"),
    ("le nord c’est loin", "nord", 0.52, "answer"),
    ("à quelle heure ferme la piscine", "out_of_scope", 0.48, "fallback"),
    ("quels quartiers sont concernés", "list_quartier", 0.97, "answer"),
    ("le quartier nord", "nord", 0.99, "answer"),
)

FILLERS: list[Callable[[web.Application], None]] = [
    fill_accounts,
    fill_requests,
    fill_figures,
    fill_releases,
    fill_questions,
]


def fill(app: web.Application) -> None:
    """Everything that the screens have to show."""
    for filler in FILLERS:
        filler(app)
