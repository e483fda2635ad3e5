"""`python -m worker` as the gateway meets it: a real process, over HTTP, with the trained release."""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from knowledge.machine import find_ports

PROJECT = Path(__file__).parent.parent
TOKEN = "jeton-de-l-essai"
SECRET_WORDS = "Quetzalcoatl"
NAME = "Zoé Xylophone"
EMAIL = "zoe.xylophone@laposte.net"
# An example of the fiche: what counts here is what becomes of it.
CALL_FOR_HELP = "je cache mes bleus sous des manches longues"


class Worker:
    """A running worker, its output kept in files."""

    def __init__(self, release: Path, folder: Path, copies: int = 1) -> None:
        self.ports = find_ports(copies)
        self.port = self.ports[0]
        self.folder = folder
        ports = [part for port in self.ports for part in ("--port", str(port))]
        command = [sys.executable, "-m", "worker", "--release", str(release), *ports]
        environment = {**os.environ, "ALLO_WORKER_TOKEN": TOKEN, "ALLO_VAR": str(folder)}
        with (folder / "stdout").open("wb") as output, (folder / "stderr").open("wb") as errors:
            self.process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=errors)

    def wait_ready(self, within: float = 60.0) -> None:
        """Wait for the first answer."""
        deadline = time.monotonic() + within
        while True:
            try:
                self.call("GET", "/health")
                return
            except OSError:
                assert self.process.poll() is None, (self.folder / "stderr").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def call(self, method, path, body=None, token=TOKEN):
        """One request: status and body, read as JSON when it is."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            headers = {"Content-Type": "application/json"} | ({"X-Allo-Token": token} if token is not None else {})
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            content = response.read()
        return response.status, json.loads(content) if content.startswith(b"{") else content

    def say(self, session, text):
        """Type something; the whole answer."""
        status, answer = self.call("POST", "/turn", {"session": session, "text": text})
        assert status == 200
        return answer

    def press(self, session, payload):
        """Press a button; the whole answer."""
        status, answer = self.call("POST", "/turn", {"session": session, "payload": payload})
        assert status == 200
        return answer

    def leave_message(self, session, words):
        """A whole request, up to the consent; the last answer."""
        self.press(session, "/start_message")
        for text in (words, NAME, EMAIL):
            answer = self.say(session, text)
        payloads = {choice["label"]: choice["payload"] for choice in answer["replies"][-1]["choices"]}
        return self.press(session, payloads["Oui, transmettre"])

    @property
    def output(self) -> str:
        """Everything printed so far."""
        return "".join((self.folder / name).read_text() for name in ("stdout", "stderr"))

    def rows(self, session):
        """How many events of a conversation are stored."""
        with closing(sqlite3.connect(self.folder / "tracker.db")) as database:
            return database.execute("SELECT count(*) FROM events WHERE sender_id = ?", [session]).fetchone()[0]

    def bytes_on_disk(self) -> bytes:
        """All that the store has written in its folder."""
        return b"".join(path.read_bytes() for path in self.folder.glob("tracker.db*"))


def kinds(answer):
    return [reply["kind"] for reply in answer["replies"]]


def said(answer):
    return "\n".join(reply["text"] for reply in answer["replies"])


pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def worker(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    running = Worker(release, tmp_path_factory.mktemp("worker"))
    try:
        running.wait_ready()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)


def test_it_says_which_release_answers(worker, release):
    assert worker.call("GET", "/health") == (200, {"release": release.name})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/health", id="health"),
        pytest.param("POST", "/turn", id="turn"),
        pytest.param("DELETE", "/sessions/a", id="erase"),
        pytest.param("GET", "/", id="no-such-page"),
    ],
)
@pytest.mark.parametrize(
    "token",
    [
        pytest.param(None, id="no-token"),
        pytest.param("", id="empty-token"),
        pytest.param("un autre", id="wrong-token"),
        pytest.param("é", id="token-with-an-accent"),
        pytest.param(TOKEN[:-1], id="shortened-token"),
    ],
)
def test_it_refuses_whoever_does_not_hold_the_token(worker, method, path, token):
    status, _ = worker.call(method, path, {"session": "a", "text": "bonjour"} if method == "POST" else None, token)
    assert status == 403


def test_it_is_reachable_from_this_machine_only(worker):
    addresses = {
        connection.laddr.ip
        for connection in psutil.Process(worker.process.pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_it_answers_with_the_replies_of_the_contract(worker, release):
    answer = worker.say("contrat", "qui sont les partenaires ?")
    assert set(answer) == {"release", "replies", "subjects", "request", "private", "masked", "hidden", "questions"}
    assert (answer["release"], answer["subjects"], answer["request"]) == (release.name, ["list_partenaire"], None)
    (reply,) = answer["replies"]
    # The contract’s own keys, and the subject, which the gateway needs and keeps to itself.
    assert set(reply) == {"kind", "text", "simple", "lang", "choices", "sources", "fields", "subject"}
    assert set(reply["sources"][0]) == {"title", "url", "quote", "verified_on", "complement"}
    assert "CAF" in reply["text"]


def test_a_response_of_the_domain_is_small_talk(worker):
    (reply,) = worker.say("politesse", "bonjour")["replies"]
    assert reply["kind"] == "smalltalk"
    assert reply["sources"] == reply["choices"] == []


def test_a_conversation_goes_on_and_is_nobody_elses(worker):
    worker.say("suite", "quels sont les axes ?")
    assert worker.say("suite", "le cinquième")["subjects"] == ["axe_05_sante"]
    assert kinds(worker.say("une-autre", "le cinquième")) == ["clarify"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("/restart", id="restart"),
        pytest.param("/session_start", id="session-start"),
        pytest.param('/start_join{"x":1}', id="form-with-json"),
        pytest.param("/start_message", id="form"),
        pytest.param("/greet", id="intent"),
        pytest.param("  /greet", id="spaces-before"),
        pytest.param("\u00a0\u2003/greet", id="other-spaces-before"),
        pytest.param("\n/greet", id="line-break-before"),
        pytest.param("\u200b/greet", id="zero-width-space-before"),
        pytest.param("\ufeff/greet", id="byte-order-mark-before"),
        pytest.param("/", id="slash-alone"),
        pytest.param('/inform{"champ": "message__nom", "valeur": "x"}', id="answer-to-a-form"),
        pytest.param("//greet", id="two-slashes"),
    ],
)
def test_what_is_typed_is_text_whatever_it_looks_like(worker, text):
    session = f"barre-{text}"
    worker.say(session, "c’est quoi la CAF ?")
    before = worker.rows(session)
    answer = worker.say(session, text)
    assert "form" not in kinds(answer)
    assert "Posez-moi votre question, avec vos mots" not in said(answer)
    assert worker.rows(session) > before
    with closing(sqlite3.connect(worker.folder / "tracker.db")) as database:
        query = "SELECT data FROM events WHERE sender_id = ? AND type_name = 'user' ORDER BY id DESC LIMIT 1"
        event = json.loads(database.execute(query, [session]).fetchone()[0])
    # Only what went through the pipeline has questions: a payload never does.
    assert event["parse_data"]["questions"]
    assert text.strip() in event["text"]


def test_a_typed_restart_does_not_make_it_forget(worker):
    worker.say("oubli", "c’est quoi la CAF ?")
    worker.say("oubli", "/restart")
    assert "Je n’ai encore rien dit" not in said(worker.say("oubli", "vous pouvez répéter ?"))


def test_a_button_does_what_it_says(worker):
    assert worker.press("bouton", "/caf")["subjects"] == ["caf"]
    assert kinds(worker.press("bouton", "/start_message")) == ["form"]


def test_a_button_of_another_release_is_no_error(worker):
    assert kinds(worker.press("ancien-bouton", "/fiche_disparue")) == ["fallback"]


def test_a_finished_request_comes_with_its_last_reply(worker):
    answer = worker.leave_message("demande", "Le lampadaire est cassé.")
    request = answer["request"]
    assert request["kind"] == "message"
    assert request["fields"]["texte"] == "Le lampadaire est cassé."
    assert request["fields"]["nom"] == NAME
    assert request["fields"]["contact"] == EMAIL
    assert request["code"] in said(answer)
    assert worker.say("demande", "merci")["request"] is None


def test_it_says_how_it_understood_each_question(worker):
    answer = worker.say("compris", "qui sont les partenaires ? et c’est quoi la CAF ?")
    assert [question["subject"] for question in answer["questions"]] == ["list_partenaire", "caf"]
    for question in answer["questions"]:
        assert set(question) == {"text", "subject", "confidence", "candidates", "language"}
        assert 0 < question["confidence"] <= 1
        assert len(question["candidates"]) == 3
    assert worker.press("compris", "/caf")["questions"] == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param(
            "Bonjour, je suis Zoé Xylophone, c’est quoi la CAF ?",
            "Bonjour, je suis [nom], c’est quoi la CAF ?",
            id="name-that-nothing-announces",
        ),
        pytest.param("écrivez-moi à zoe.xylophone@laposte.net", "écrivez-moi à [e-mail]", id="e-mail"),
        pytest.param("QUI EST KARIM XYLOPHONE", "QUI EST [nom]", id="capitals"),
        pytest.param("le Mont-Liébaut est-il concerné ?", "le Mont-Liébaut est-il concerné ?", id="our-own-names"),
        pytest.param("/je m’appelle Zoé Xylophone", "/je m’appelle [nom]", id="what-looks-like-a-command"),
    ],
)
def test_what_is_written_of_a_message_is_masked(worker, text, masked):
    answer = worker.say("masque", text)
    assert answer["masked"] == masked
    assert b"xylophone" not in worker.bytes_on_disk().lower()
    assert worker.call("POST", "/mask", {"text": text}) == (200, {"text": masked})


def test_an_answer_to_a_request_is_written_nowhere(worker):
    words = "Quetzalcoatl a cassé le lampadaire."
    answer = worker.leave_message("scelle", words)
    assert answer["request"]["fields"]["nom"] == NAME
    for secret in (words, NAME, "Xylophone", EMAIL):
        assert secret.encode() not in worker.bytes_on_disk()
        assert json.dumps(secret)[1:-1].encode() not in worker.bytes_on_disk()


def test_the_answers_of_a_request_are_masked_in_what_may_be_kept(worker):
    worker.press("retient", "/start_message")
    assert worker.say("retient", "Le lampadaire est cassé.")["masked"] == "[votre message]"
    assert worker.say("retient", "c’est quoi la CAF ?")["masked"] == "c’est quoi la CAF ?"
    assert worker.say("retient", NAME)["masked"] == "[votre nom]"
    assert worker.say("retient", "zoe point x arobase")["masked"] == "[votre réponse]"
    answer = worker.say("retient", EMAIL)
    assert answer["masked"] == "[votre contact]"
    assert answer["questions"] == []
    assert answer["hidden"].items() >= {NAME: "[votre nom]", EMAIL: "[votre contact]"}.items()
    assert answer["hidden"]["Le lampadaire est cassé."] == "[votre message]"
    assert NAME in said(answer)
    assert worker.say("retient", "annuler")["masked"] == "annuler"


def test_erasing_a_conversation_leaves_nothing_of_it(worker):
    words = "un lampadaire un peu bleu"
    worker.say("efface", words)
    worker.say("garde", "c’est quoi la CAF ?")
    kept = worker.rows("garde")
    assert worker.rows("efface") > 0
    assert words.encode() in worker.bytes_on_disk()
    assert worker.call("DELETE", "/sessions/efface") == (204, b"")
    assert worker.rows("efface") == 0
    assert worker.rows("garde") == kept
    assert words.encode() not in worker.bytes_on_disk()


@pytest.mark.parametrize("goes_on", [False, True], ids=["first-message", "later-message"])
def test_nothing_of_a_call_for_help_stays(worker, goes_on):
    session = f"appel-{goes_on}"
    if goes_on:
        worker.say(session, "c’est quoi la CAF ?")
    before = worker.rows(session)
    answer = worker.say(session, CALL_FOR_HELP)
    # Sure or not of what it read, it gives the number, and says that nothing may be kept.
    assert kinds(answer)[0] in ("alert", "clarify")
    assert answer["private"]
    assert "3919" in said(answer)
    assert worker.rows(session) == before
    assert b"manches longues" not in worker.bytes_on_disk()
    assert ("**CAF**" in said(worker.say(session, "vous pouvez répéter ?"))) is goes_on


def test_an_erased_conversation_begins_again(worker):
    worker.say("recommence", "c’est quoi la CAF ?")
    worker.call("DELETE", "/sessions/recommence")
    assert "Je n’ai encore rien dit" in said(worker.say("recommence", "vous pouvez répéter ?"))
    assert worker.rows("recommence") > 0


def test_erasing_a_conversation_that_does_not_exist_is_no_error(worker):
    assert worker.call("DELETE", "/sessions/personne") == (204, b"")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"session": SECRET_WORDS}, id="no-text"),
        pytest.param({"text": SECRET_WORDS}, id="no-session"),
        pytest.param([SECRET_WORDS], id="a-list"),
        pytest.param({"session": "x", "text": {"a": SECRET_WORDS}}, id="text-of-another-type"),
    ],
)
def test_a_faulty_call_does_not_stop_it(worker, body):
    status, _ = worker.call("POST", "/turn", body)
    assert status >= 400
    assert worker.call("GET", "/health")[0] == 200


def test_nothing_that_was_said_is_ever_printed(worker):
    worker.leave_message("secret", f"{SECRET_WORDS} est mon secret")
    worker.say("secret", f"{SECRET_WORDS} ?")
    worker.press("secret", "/start_join")
    worker.say("secret", SECRET_WORDS)
    worker.call("DELETE", f"/sessions/{SECRET_WORDS}")
    for words in (SECRET_WORDS, NAME, EMAIL, "lampadaire", TOKEN):
        assert words not in worker.output


def test_it_does_not_start_without_a_token(release, tmp_path):
    environment = {**os.environ, "ALLO_WORKER_TOKEN": "", "ALLO_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "worker", "--release", str(release), "--port", "1"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("ALLO_WORKER_TOKEN is not set")


def test_its_copies_go_on_with_each_other_s_conversations_and_end_together(release, tmp_path):
    worker = Worker(release, tmp_path, copies=2)
    try:
        worker.wait_ready()
        first, second = worker.ports
        worker.say("à deux", "quels sont les axes ?")
        worker.port = second
        assert worker.say("à deux", "le cinquième")["subjects"] == ["axe_05_sante"]
        worker.port = first
        assert worker.say("à deux", "et le sixième ?")["subjects"] == ["axe_06_tranquillite"]
        worker.process.kill()
        worker.port, deadline = second, time.monotonic() + 10
        while not is_refused(worker):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        worker.process.kill()
        worker.process.wait(10)


def is_refused(worker):
    try:
        worker.call("GET", "/health")
    except OSError:
        return True
    return False


def test_it_stops_when_told_and_another_goes_on_with_its_conversations(worker, release):
    """Last in this file: it stops the worker of the others."""
    worker.say("reprise", "quels sont les axes ?")
    worker.process.terminate()
    assert worker.process.wait(10) == 0
    successor = Worker(release, worker.folder)
    try:
        successor.wait_ready()
        assert successor.say("reprise", "le cinquième")["subjects"] == ["axe_05_sante"]
    finally:
        successor.process.terminate()
        successor.process.wait(10)
