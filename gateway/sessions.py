"""Conversations are known by a signed token; whoever holds it is in the conversation, nobody else is.

The token carries a 128-bit random name and the day the conversation began: the day is enough to say that
a conversation is too old, and tells nothing else about anybody.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

TOKEN_LIMIT = 200
SESSION_BYTES = 16


class SessionError(Exception):
    """A token that opens no conversation; `code` is the error of the contract."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Session:
    """One conversation: its name in the database and in the tracker store, and its first day (UTC)."""

    id: str
    began: date


class SessionKeeper:
    """Opens, signs and reads sessions with the secret of this installation."""

    def __init__(self, secret: str, retention_days: int) -> None:
        self._signer = URLSafeSerializer(secret, salt="allo.session")
        self._digest_key = hashlib.sha256(f"allo.digest:{secret}".encode()).digest()
        self._retention = timedelta(days=retention_days)

    def open(self) -> Session:
        """A new conversation, not written anywhere yet."""
        return Session(secrets.token_hex(SESSION_BYTES), today())

    def open_for(self, client_id: str) -> Session:
        """The conversation that a first message opens: the same one when that message is sent again."""
        return Session(self.digest("session", client_id)[: 2 * SESSION_BYTES], today())

    def for_sender(self, sender: str) -> Session:
        """The conversation of a client that has its own names for people: the same name, the same conversation.

        Its id is worth nothing to whoever does not hold the secret, and gives no name back.
        """
        return Session(self.digest("sender", sender)[: 2 * SESSION_BYTES], today())

    def sign(self, session: Session) -> str:
        """The token to hand out; the same session always gives the same token."""
        token = self._signer.dumps([session.id, session.began.isoformat()])
        return token if isinstance(token, str) else token.decode()

    def read(self, token: str) -> Session:
        """The session of a token; raises SessionError when it is forged or past its retention."""
        session = self._unsign(token)
        if session.began < self.oldest():
            raise SessionError("session_expired")
        return session

    def oldest(self) -> date:
        """The first day whose conversations are still kept."""
        return today() - self._retention

    def digest(self, *parts: str) -> str:
        """A keyed fingerprint: equal for equal parts, and worth nothing without the secret."""
        text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._digest_key, text, hashlib.sha256).hexdigest()

    def _unsign(self, token: str) -> Session:
        if len(token) > TOKEN_LIMIT:
            raise SessionError("invalid_session")
        try:
            name, began = self._signer.loads(token)
            return Session(str(name), date.fromisoformat(began))
        except (BadData, ValueError, TypeError):
            raise SessionError("invalid_session") from None


def today() -> date:
    """The day it is, in UTC, as it is written in tokens and in the database."""
    return datetime.now(UTC).date()


def new_id() -> str:
    """An unguessable public name for a reply or a choice."""
    return secrets.token_urlsafe(16)
