"""Typed names of what the handlers share."""

from aiohttp import web

from gateway.announcements import Announcements
from gateway.content import Content
from gateway.conversation import Conversations
from gateway.database import Database
from gateway.fleet import Fleet
from gateway.limits import SharedLimit
from gateway.monitor import Health
from gateway.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
CONTENT = web.AppKey("content", Content)
CONVERSATIONS = web.AppKey("conversations", Conversations)
RATE_LIMIT = web.AppKey("rate_limit", SharedLimit)
SESSION_LIMIT = web.AppKey("session_limit", SharedLimit)
HEALTH = web.AppKey("health", Health)
ANNOUNCEMENTS = web.AppKey("announcements", Announcements)
DATABASE = web.AppKey("database", Database)
FLEET = web.AppKey("fleet", Fleet)
