"""The screens of the console. A new screen is a module with `routes`, and one line in SCREENS.

The order is the one of the menu: À revoir, Fiches, Examen, Entraîner et publier, Versions, Demandes, Tableau de
bord, Pause et bannière, Journal, Comptes.
"""

from dataclasses import dataclass

from aiohttp import web

from gateway.agents import (
    accounts_screen,
    dashboard_screen,
    exam_screen,
    fiches_screen,
    journal_screen,
    login_screen,
    pause_screen,
    releases_screen,
    requests_screen,
    review_screen,
    sheet_screen,
    source_screen,
    texts,
    training_screen,
)
from gateway.agents.access import HOME, open_to_all, staff_only
from gateway.agents.accounts import ROLES, Accounts, Staff
from gateway.agents.fiche_desk import FicheDesk
from gateway.agents.journal import Journal
from gateway.agents.keys import (
    ACCOUNTS,
    FICHES,
    FIGURES,
    GROUPING,
    JOURNAL,
    LOGIN_LIMITS,
    OUTBOX,
    QUESTIONS,
    REQUESTS_DESK,
    REVIEW,
    SAMPLING,
    STAFF,
    STAFF_SESSIONS,
    TRAININGS,
    WORKING_FOLDER,
)
from gateway.agents.login_limits import LoginLimits
from gateway.agents.pages import format_number, format_time, go
from gateway.agents.replayed import RetainedQuestions
from gateway.agents.requests_desk import RequestsDesk
from gateway.agents.staff_sessions import StaffSessions
from gateway.agents.training_runs import TrainingRuns
from gateway.agents.working_folder import WorkingFolder
from gateway.database import Database
from gateway.figures import Figures
from gateway.keys import CONTENT, CONVERSATIONS, FLEET, SETTINGS
from gateway.outbox import Outbox
from gateway.review import Review
from gateway.review_groups import Grouping, importance_in
from gateway.review_sample import Sampling


@dataclass(frozen=True)
class Screen:
    """One entry of the menu; people whose role is lower do not see it. Its handlers check the role by themselves."""

    label: str
    path: str
    routes: web.RouteTableDef
    role: str = ROLES[0]


SCREENS = (
    Screen("À revoir", review_screen.HERE, review_screen.routes),
    Screen("Fiches", fiches_screen.HERE, fiches_screen.routes),
    Screen("Page de la Ville", source_screen.HERE, source_screen.routes),
    Screen("Tableur", sheet_screen.HERE, sheet_screen.routes),
    Screen("Examen", exam_screen.HERE, exam_screen.routes),
    Screen("Entraîner et publier", training_screen.HERE, training_screen.routes),
    Screen("Versions", releases_screen.HERE, releases_screen.routes),
    Screen("Demandes", "/agents/demandes", requests_screen.routes, "rédaction"),
    Screen("Tableau de bord", "/agents/tableau-de-bord", dashboard_screen.routes),
    Screen("Pause et bannière", "/agents/pause", pause_screen.routes),
    Screen("Journal", "/agents/journal", journal_screen.routes),
    Screen("Comptes", "/agents/comptes", accounts_screen.routes, "publication"),
)

routes = web.RouteTableDef()


@routes.get("/agents", allow_head=False)
@open_to_all
async def get_bare_home(request: web.Request) -> web.Response:
    """The address people type."""
    return go(HOME)


@routes.get("/agents/", allow_head=False)
@staff_only()
async def get_home(request: web.Request) -> web.Response:
    """The first screen of one's menu."""
    return go(screens_of(request[STAFF])[0].path)


def setup_console(app: web.Application, database: Database) -> None:
    """Give the application the addresses of the console and what they share."""
    app[ACCOUNTS] = Accounts(database)
    app[STAFF_SESSIONS] = StaffSessions(database)
    app[JOURNAL] = Journal(database)
    app[FICHES] = FicheDesk(database, app[SETTINGS].project, app[SETTINGS].models)
    app[LOGIN_LIMITS] = LoginLimits(app[FLEET].coordination, app[CONVERSATIONS].keeper.digest)
    app[REQUESTS_DESK] = RequestsDesk(database)
    app[FIGURES] = Figures(database)
    app[OUTBOX] = Outbox(database)
    app[QUESTIONS] = RetainedQuestions(database)
    app[TRAININGS] = TrainingRuns(app[SETTINGS], app[QUESTIONS].last)
    app[TRAININGS].clear_leftovers()
    content = app[CONTENT]
    app[REVIEW], app[SAMPLING] = Review(database), Sampling(database)
    app[GROUPING] = Grouping(database, lambda subject: importance_in(content.base, subject))
    app[WORKING_FOLDER] = WorkingFolder(app[SETTINGS].project)
    app.cleanup_ctx.append(review_screen.keep_grouping)
    for route in console_routes():
        if not hasattr(route.handler, "staff_role"):
            raise RuntimeError(f"{route.method} {route.path}: say who may use it (staff_only or open_to_all)")
        route.register(app.router)


def console_routes() -> list[web.RouteDef]:
    """Every address of the console; the handler's `staff_role` says who may use it (None: everybody)."""
    tables = (routes, login_screen.routes, *(screen.routes for screen in SCREENS))
    return [route for table in tables for route in table if isinstance(route, web.RouteDef)]


def template_globals() -> dict[str, object]:
    """What every template of the console may use."""
    return {"console": texts, "screens_of": screens_of, "format_time": format_time, "format_number": format_number}


def screens_of(person: Staff) -> list[Screen]:
    """The menu of one person."""
    return [screen for screen in SCREENS if person.may(screen.role)]
