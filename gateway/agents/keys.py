"""Typed names of what the screens of the console share."""

from aiohttp import web

from gateway.agents.accounts import Accounts, Staff
from gateway.agents.journal import Journal
from gateway.agents.login_limits import LoginLimits
from gateway.agents.staff_sessions import StaffSessions

ACCOUNTS = web.AppKey("accounts", Accounts)
STAFF_SESSIONS = web.AppKey("staff_sessions", StaffSessions)
JOURNAL = web.AppKey("journal", Journal)
LOGIN_LIMITS = web.AppKey("login_limits", LoginLimits)
# Who is signed in: request[STAFF], set by `staff_only`.
STAFF = "staff"

__all__ = ["ACCOUNTS", "JOURNAL", "LOGIN_LIMITS", "STAFF", "STAFF_SESSIONS", "Staff"]
