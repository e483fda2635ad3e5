"""The candidate that takes the exam, in front of an HTTP server that stands in for its worker."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from knowledge_fixtures import write_data

from training import candidate as candidates
from training.candidate import Candidate, CandidateFailed, share
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


class Taker:
    """A candidate that holds back its first task until the other one has done all the others."""

    def __init__(self):
        self.others_done, self.sessions = threading.Event(), []


def test_conversations_are_shared_whole_among_those_that_are_free_and_given_in_order():
    slow, quick = Taker(), Taker()
    tasks, done = list(range(6)), []

    def take(taker, task):
        taker.sessions.append(task)
        if taker is slow:
            assert slow.others_done.wait(10)
        elif len(quick.sessions) == len(tasks) - 1:
            slow.others_done.set()
        return task * 10

    assert share([slow, quick], tasks, take, lambda: done.append(1)) == [0, 10, 20, 30, 40, 50]
    assert len(slow.sessions) == 1
    assert sorted(slow.sessions + quick.sessions) == tasks
    assert len(done) == len(tasks)


def test_the_first_failure_stops_the_exam():
    asked = []

    def take(_taker, task):
        asked.append(task)
        if task == 2:
            raise CandidateFailed("La version ne répond pas.")
        threading.Event().wait(0.01)

    with pytest.raises(CandidateFailed):
        share([Taker(), Taker()], range(1000), take, lambda: None)
    assert len(asked) < 100


@pytest.mark.parametrize(
    ("conversations", "cores", "memory", "workers"),
    [
        pytest.param(1000, 2, 8e9, 2, id="one-a-core"),
        pytest.param(1000, 1, 8e9, 1, id="one-core"),
        pytest.param(1000, 2, 1.2e9, 1, id="little-memory"),
        pytest.param(1000, 2, 1e8, 0, id="less-memory-than-one-takes"),
        pytest.param(1000, 2, -1e9, 0, id="none-left-by-a-training"),
        pytest.param(2, 2, 8e9, 1, id="few-questions"),
        pytest.param(1000, 64, 64e9, 4, id="many-cores"),
    ],
)
def test_as_many_workers_as_are_worth_it_and_as_the_machine_bears(monkeypatch, conversations, cores, memory, workers):
    monkeypatch.setattr(candidates.os, "sched_getaffinity", lambda _pid: range(cores))
    assert candidates._count_workers(conversations, int(memory)) == workers


@pytest.fixture
def tiny_machine(monkeypatch):
    """A machine with no memory to spare."""
    monkeypatch.setattr(candidates, "available_memory", lambda: 10**8)


def test_no_worker_stands_by_where_there_is_no_memory_for_it(tiny_machine):
    with candidates.standing_by(1000) as waiting:
        assert waiting is None


def test_without_one_that_stands_by_one_is_started_whatever_the_memory(tiny_machine, release):
    with pytest.raises(CandidateFailed, match="La version ne démarre pas"), candidates.running(release, 1000):
        """There is no model in this folder: the worker that was started says so."""


def test_a_worker_that_stands_by_ends_with_what_started_it():
    with candidates.standing_by(1) as waiting:
        assert waiting.process.poll() is None
    assert waiting.process.poll() is not None


def test_a_worker_that_ended_before_its_release_came_is_said_so(release):
    with candidates.standing_by(1) as waiting:
        waiting.process.kill()
        waiting.process.wait()
        with pytest.raises(CandidateFailed, match="ne démarre pas"), candidates.running(release, 1, waiting):
            """It never answers."""
