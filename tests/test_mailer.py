"""E-mails about requests: sent once, with nothing of the resident in them, and never lost while the server is away."""

import asyncio
import socket
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email import message_from_string, policy

import pytest
from gateway_case import Clock

from gateway.database import Database
from gateway.mailer import Mailer, SmtpServer, read_smtp_url
from gateway.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox
from gateway.resident_requests import RequestStore, ResidentRequest, insert_request

pytest_plugins = ["gateway_fixtures"]

RECIPIENT = "quartiers@ville.example"


class SmtpHandler(socketserver.StreamRequestHandler):
    """Enough of SMTP to receive; a server whose `refuses` is set answers that it cannot."""

    def handle(self) -> None:
        self._say("220 essai")
        while line := self.rfile.readline().decode().strip():
            command = line.split(" ")[0].upper()
            if command == "DATA":
                self._say("354 ok")
                lines = []
                while (line := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(line)
                self.server.received.append("".join(lines))
            if command == "RCPT" and self.server.refuses:
                self._say("451 plus tard")
                continue
            self._say("221 bye" if command == "QUIT" else "250 ok")
            if command == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """A mail server on a port of its own, and what it has received."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SmtpHandler)
        self.received: list[str] = []
        self.refuses = False

    @property
    def address(self) -> SmtpServer:
        return SmtpServer("127.0.0.1", self.server_address[1], False, "", "")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    return Outbox(database, clock)


def ask(database: Database, code: str = "ABCD-EFGH") -> None:
    with database.writing() as db:
        insert_request(db, ResidentRequest("message", code, {"nom": "Zoé", "contact": "z@z.example"}), date.today())


def make_mailer(outbox: Outbox, address: SmtpServer) -> Mailer:
    return Mailer(outbox, address, RECIPIENT, "https://aide.ville.example/agents/demandes")


def test_a_request_is_told_once_without_the_resident(database: Database, outbox: Outbox, server: Server) -> None:
    ask(database)
    mailer = make_mailer(outbox, server.address)
    assert [mailer.send_due(), mailer.send_due()] == [1, 0]
    (received,) = server.received
    message = message_from_string(received, policy=policy.default)
    body = message.get_body().get_content()
    assert message["To"] == RECIPIENT
    assert "ABCD-EFGH" in message["Subject"]
    assert "https://aide.ville.example/agents/demandes/ABCD-EFGH" in body
    assert "Zoé" not in received + body
    assert "z@z.example" not in received + body
    assert socket.gethostname() not in message["Message-ID"]


def test_nothing_is_lost_while_the_server_is_away(
    database: Database, outbox: Outbox, server: Server, clock: Clock
) -> None:
    ask(database)
    ask(database, "NPQR-TVWX")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = make_mailer(outbox, SmtpServer("127.0.0.1", closed.getsockname()[1], False, "", ""))
        assert away.send_due() == 0
    assert outbox.count() == 1
    clock.now += FIRST_PAUSE
    assert make_mailer(outbox, server.address).send_due() == 2
    assert outbox.count() == 0


def test_a_refusal_is_tried_again_with_growing_pauses(
    database: Database, outbox: Outbox, server: Server, clock: Clock
) -> None:
    ask(database)
    server.refuses = True
    mailer = make_mailer(outbox, server.address)
    pauses = []
    for _ in range(12):
        assert mailer.send_due() == 0
        began = clock.now
        while not outbox.due():
            clock.now += FIRST_PAUSE
        pauses.append(clock.now - began)
    assert pauses[:4] == [60, 120, 240, 480]
    assert pauses[-1] == LONGEST_PAUSE
    server.refuses = False
    assert mailer.send_due() == 1


def test_gateways_that_claim_it_at_once_send_it_once(database: Database, outbox: Outbox) -> None:
    ask(database)
    with ThreadPoolExecutor(8) as gateways:
        assert sum(gateways.map(lambda _: outbox.claim("ABCD-EFGH"), range(8))) == 1


def test_two_gateways_send_it_once(database: Database, outbox: Outbox) -> None:
    ask(database)
    assert [outbox.claim("ABCD-EFGH"), outbox.claim("ABCD-EFGH")] == [True, False]


def test_a_request_that_is_erased_is_not_told(database: Database, outbox: Outbox) -> None:
    ask(database)
    RequestStore(database).erase("ABCD-EFGH")
    assert outbox.due() == []


def test_a_password_is_never_sent_in_clear(database: Database, outbox: Outbox, server: Server) -> None:
    ask(database)
    address = SmtpServer("127.0.0.1", server.address.port, False, "service", "secret")
    assert make_mailer(outbox, address).send_due() == 0
    assert server.received == []


async def test_it_goes_on_by_itself(database: Database, outbox: Outbox, server: Server) -> None:
    ask(database)
    task = asyncio.create_task(make_mailer(outbox, server.address).run())
    for _ in range(100):
        if server.received:
            break
        await asyncio.sleep(0.05)
    task.cancel()
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        pytest.param("", None, id="none"),
        pytest.param("smtp://mail.example", SmtpServer("mail.example", 587, False, "", ""), id="plain"),
        pytest.param(
            "smtps://a%40b.example:p%3Aq@mail.example:4650",
            SmtpServer("mail.example", 4650, True, "a@b.example", "p:q"),
            id="with-a-password",
        ),
    ],
)
def test_the_address_of_a_server(url: str, server: SmtpServer | None) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b", "smtp://a/b", "smtp://[", "smtp://a?b"]
)
def test_what_is_no_address_of_a_server(url: str) -> None:
    with pytest.raises(ValueError):
        read_smtp_url(url)
