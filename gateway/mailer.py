"""Sends what is in the outbox by SMTP, in a thread; a server that is away delays e-mails and nothing else."""

import asyncio
import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from gateway import texts
from gateway.errors import Unavailable
from gateway.outbox import Outbox

log = logging.getLogger("gateway.mailer")

TIMEOUT = 20  # seconds
LOOK_EVERY = 20.0  # seconds
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class SmtpServer:
    """Where e-mails go out; `tls` from the first byte, else as soon as the server offers it."""

    host: str
    port: int
    tls: bool
    user: str
    password: str


class Mailer:
    """Tells the service about requests; `link` is the address of the console's requests."""

    def __init__(self, outbox: Outbox, server: SmtpServer, recipient: str, link: str) -> None:
        self._outbox = outbox
        self._server = server
        self._recipient = recipient
        self._link = link

    async def run(self) -> None:
        """Send what is due, for ever."""
        while True:
            await asyncio.to_thread(self.send_due)
            await asyncio.sleep(LOOK_EVERY)

    def send_due(self) -> int:
        """Send what is due; returns how many were sent. The first failure puts the rest off."""
        sent = 0
        try:
            for code in self._outbox.due():
                if self._outbox.claim(code):
                    self._send(code)
                    self._outbox.done(code)
                    sent += 1
        except (OSError, smtplib.SMTPException, Unavailable) as error:
            log.warning("e-mail put off: %s", type(error).__name__)
        return sent

    def _send(self, code: str) -> None:
        server = self._server
        context = ssl.create_default_context()
        smtp = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
            if server.tls
            else smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        )
        with smtp:
            smtp.ehlo()
            if not server.tls and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
            elif not server.tls and server.user:
                raise smtplib.SMTPNotSupportedError("no password over a connection in clear")
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(self._write(code))

    def _write(self, code: str) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = texts.mail_subject(code)
        message["From"] = self._server.user if "@" in self._server.user else self._recipient
        message["To"] = self._recipient
        message["Date"] = formatdate(localtime=True)
        # Without the name of this machine.
        message["Message-ID"] = make_msgid(domain=self._recipient.rpartition("@")[2])
        message.set_content(texts.mail_body(code, f"{self._link}/{code}"))
        return message


def read_smtp_url(text: str) -> SmtpServer | None:
    """`smtp://user:password@host:587` or `smtps://…`; None for "". Raises ValueError."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError(text)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return SmtpServer(parts.hostname, port, parts.scheme == "smtps", user, password)
