"""Typed names of what the handlers share."""

from aiohttp import web

from gateway.announcements import Announcements
from gateway.content import Content
from gateway.conversation import Conversations
from gateway.database import Database
from gateway.limits import RateLimit
from gateway.monitor import Health
from gateway.settings import Settings
from gateway.workers import Supervisor

SETTINGS = web.AppKey("settings", Settings)
CONTENT = web.AppKey("content", Content)
CONVERSATIONS = web.AppKey("conversations", Conversations)
RATE_LIMIT = web.AppKey("rate_limit", RateLimit)
HEALTH = web.AppKey("health", Health)
ANNOUNCEMENTS = web.AppKey("announcements", Announcements)
DATABASE = web.AppKey("database", Database)
SUPERVISOR = web.AppKey("supervisor", Supervisor)
