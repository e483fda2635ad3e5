"""Typed names of what the screens of the console share."""

from aiohttp import web

from gateway.agents.accounts import Accounts
from gateway.agents.fiche_desk import FicheDesk
from gateway.agents.journal import Journal
from gateway.agents.login_limits import LoginLimits
from gateway.agents.replayed import RetainedQuestions
from gateway.agents.requests_desk import RequestsDesk
from gateway.agents.staff_sessions import StaffSessions
from gateway.agents.training_runs import TrainingRuns
from gateway.agents.working_folder import WorkingFolder
from gateway.figures import Figures
from gateway.outbox import Outbox
from gateway.review import Review
from gateway.review_groups import Grouping
from gateway.review_sample import Sampling

ACCOUNTS = web.AppKey("accounts", Accounts)
STAFF_SESSIONS = web.AppKey("staff_sessions", StaffSessions)
FICHES = web.AppKey("fiches", FicheDesk)
JOURNAL = web.AppKey("journal", Journal)
LOGIN_LIMITS = web.AppKey("login_limits", LoginLimits)
FIGURES = web.AppKey("figures", Figures)
REQUESTS_DESK = web.AppKey("requests_desk", RequestsDesk)
OUTBOX = web.AppKey("outbox", Outbox)
TRAININGS = web.AppKey("trainings", TrainingRuns)
QUESTIONS = web.AppKey("questions", RetainedQuestions)
REVIEW = web.AppKey("review", Review)
GROUPING = web.AppKey("grouping", Grouping)
SAMPLING = web.AppKey("sampling", Sampling)
WORKING_FOLDER = web.AppKey("working_folder", WorkingFolder)
# Who is signed in: request[STAFF], set by `staff_only`.
STAFF = "staff"
