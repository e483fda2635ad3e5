"""The candidate that takes the exam, in front of an HTTP server that stands in for its worker."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from knowledge_fixtures import write_data

from training.candidate import Candidate, CandidateFailed
from training.exam import Given

TOKEN = "jeton"


def reply(kind, text, *labels):
    return {"kind": kind, "text": text, "choices": [{"label": label, "payload": "/x"} for label in labels]}


ANSWERS = {
    "la CAF": {"replies": [reply("answer", "La CAF signe.")], "subjects": ["caf"]},
    "les deux": {
        "replies": [reply("answer", "Un."), reply("clarify", "Ou ?", "Moulin")],
        "subjects": ["caf", "moulin"],
    },
    "rien": {"replies": [], "subjects": []},
}


@pytest.fixture
def server():
    """A server that keeps what it received."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(200, {"release": "r1"})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((self.path, self.headers["X-Allo-Token"], body))
            found = ANSWERS.get(body["text"])
            self.answer(200 if found else 500, found or {})

        def answer(self, status, body):
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    listening.received = received
    yield listening
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def release(tmp_path):
    """A folder with the content of a small town, and no model."""
    write_data(tmp_path)
    return tmp_path


@pytest.fixture
def candidate(server, release):
    return Candidate(release, server.server_port, TOKEN)


@pytest.mark.parametrize(
    ("message", "given"),
    [
        pytest.param("la CAF", Given(("answer",), "La CAF signe. ", ("caf",)), id="one-reply"),
        pytest.param(
            "les deux",
            Given(("answer", "clarify"), "Un. \nOu ? Moulin", ("caf", "moulin")),
            id="two-replies-and-a-button",
        ),
        pytest.param("rien", Given((), "", ()), id="no-reply"),
    ],
)
def test_it_gives_what_the_worker_answered(candidate, server, message, given):
    assert candidate.ask("s1", message) == given
    assert server.received == [("/turn", TOKEN, {"session": "s1", "text": message})]


def test_distress_gets_its_number_before_the_worker_sees_anything(candidate, server):
    given = candidate.ask("s1", "au feu !")
    assert (given.kinds, given.subjects) == (("alert",), ("incendie",))
    assert server.received == []


def test_an_everyday_exaggeration_is_for_the_worker(candidate, server):
    with pytest.raises(CandidateFailed):
        candidate.ask("s1", "mort de rire")
    assert len(server.received) == 1


def test_a_worker_that_fails_is_said_so_in_french(candidate):
    with pytest.raises(CandidateFailed, match=r"ne répond pas au message « inconnu » \(état 500\)"):
        candidate.ask("s1", "inconnu")


def test_it_is_ready_when_the_worker_answers(candidate, server, release):
    assert candidate.is_ready()
    server.shutdown()
    server.server_close()
    assert not Candidate(release, server.server_port, TOKEN).is_ready()
