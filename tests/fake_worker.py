"""A stand-in for `python -m worker`: same command line, same HTTP, answers made up from the message.

Standard library only, so that a test starts one in a tenth of a second. Some messages make it misbehave:
"/!bloque" hangs that turn, "/!fige" freezes the process, "/!meurs" ends it, "/!erreur" answers 500,
"/!charabia" answers something else, "/!lent" takes its time, "/!alerte" answers with an alert.
"/!mémoire GROUP" takes all the memory of a control group. "demande CODE" ends a request that has this code.
"/!dit [{…}, …]" answers with these very replies, their missing parts filled in.
FAKE_WORKER_DEFECT in its environment, or a file `defect` in the release, spoils the start: "crash" or "silent".
What it received is appended to FAKE_WORKER_JOURNAL, one JSON object a line.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

JOURNAL = os.environ.get("FAKE_WORKER_JOURNAL")
WRITING = threading.Lock()
RELEASE = Path()

RICH: dict[str, object] = {
    "simple": "La **CAF** verse des aides.\nElle signe le contrat.",
    "choices": [
        {"label": "Le contrat de ville", "payload": "/contrat_de_ville"},
        {"label": "Les partenaires", "payload": '/list_partenaire{"genre": "partenaire"}'},
    ],
    "sources": [
        {
            "title": "Page de la Ville",
            "url": None,
            "quote": "L’État signe un « Contrat de Ville »",
            "verified_on": "2026-11-01",
            "complement": False,
        },
        {
            "title": "Service public",
            "url": "https://www.service-public.fr/",
            "quote": "Pôle emploi s’appelle France Travail.",
            "verified_on": "2026-11-22",
            "complement": True,
        },
    ],
}
SAYS = "/!dit "
REQUEST = {"kind": "message", "code": "ABCD-EFGH", "fields": {"nom": "Zoé"}}


def note(**seen: object) -> None:
    """Append one line to the journal."""
    if JOURNAL:
        with WRITING, Path(JOURNAL).open("a") as file:
            file.write(json.dumps(seen) + "\n")


def make_reply(text: str, kind: str = "answer", more: dict[str, object] | None = None) -> dict[str, object]:
    """A reply in the shape of Reply.to_dict."""
    return {
        "kind": kind,
        "text": text,
        "simple": None,
        "lang": "fr",
        "choices": [],
        "sources": [],
        "fields": [],
        **(more or {}),
    }


def make_turn(*replies: dict[str, object], request: object = None, private: bool = False) -> dict[str, object]:
    """A whole turn; its message is filled in by `answer`."""
    return {
        "release": RELEASE.name,
        "replies": [{**reply, "subject": "nord" if reply["kind"] == "answer" else None} for reply in replies],
        "subjects": ["nord"] if replies and replies[0]["kind"] == "answer" else [],
        "request": request,
        "private": private,
        "masked": "",
        "hidden": {},
        "questions": [],
    }


def understand(text: str) -> dict[str, object]:
    """How sure it is of a message: less and less as it gets longer."""
    confidence = max(0.05, 1 - len(text) / 100)
    found: dict[str, object] = {"subject": "nord", "confidence": confidence, "candidates": [["ecrire", 0.1]]}
    return {"text": text, "language": "fr", **found}


def mask(text: str) -> str:
    """The one name that it knows."""
    return text.replace("Zoé", "[nom]")


def answer(body: dict[str, str]) -> object:
    """The answer to one turn, as the worker gives it."""
    turn = reply_to(body)
    if isinstance(turn, dict) and "text" in body:
        masked = mask(body["text"])
        turn |= {"masked": masked, "questions": [understand(masked)], "hidden": {"Zoé": "[nom]"}}
    return turn


def reply_to(body: dict[str, str]) -> object:
    """The turn without its message."""
    if "payload" in body:
        return make_turn(make_reply(f"Vous avez choisi {body['payload']}"))
    match body["text"]:
        case "riche":
            return make_turn(make_reply("La **CAF** est un partenaire.\n\n- un\n- deux", more=RICH))
        case "plusieurs":
            return make_turn(make_reply("un"), make_reply("deux", kind="form"))
        case "demande":
            return make_turn(make_reply("Votre code : ABCD-EFGH", kind="handoff"), request=REQUEST)
        case text if text.startswith("demande "):
            code = text.removeprefix("demande ")
            return make_turn(make_reply(f"Votre code : {code}", kind="handoff"), request=REQUEST | {"code": code})
        case "/!alerte":
            return make_turn(make_reply("Appelez le 3114.", kind="alert"))
        case "/!peut-être":
            return make_turn(make_reply("Si vous êtes en danger : 3114.", kind="clarify", more=RICH), private=True)
        case "/!charabia":
            return ["charabia"]
        case "/!rien":
            return make_turn()
        case text if text.startswith(SAYS):
            told = json.loads(text.removeprefix(SAYS))
            return make_turn(*(make_reply(one.pop("text"), more=one) for one in told))
        case text:
            return make_turn(make_reply(f"écho : {text}"))


def misbehave(text: str | None) -> None:
    """Do what the message asks."""
    match text:
        case "/!bloque":
            time.sleep(3600)
        case "/!fige":
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(3600)
        case "/!meurs":
            os._exit(9)
        case text if text and text.startswith("/!mémoire "):
            # As much as there is, in a group of processes where there is little of it.
            Path(text.removeprefix("/!mémoire "), "cgroup.procs").write_text(str(os.getpid()))
            taken = []
            while True:
                taken.append(bytearray(b"x") * (1 << 20))
        case "/!lent":
            time.sleep(0.3)
        case "/!très lent":
            time.sleep(2)


class Handler(BaseHTTPRequestHandler):
    """The three addresses of a worker, for the gateway that knows its token."""

    def do_GET(self) -> None:
        """Ready."""
        self._reply(200, {"release": RELEASE.name})

    def do_POST(self) -> None:
        """One turn."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/mask":
            return self._reply(200, {"text": mask(body["text"])})
        note(turn=body)
        misbehave(body.get("text"))
        self._reply(500 if body.get("text") == "/!erreur" else 200, answer(body))

    def do_DELETE(self) -> None:
        """Erase a tracker, or forget what is old."""
        if self.path.startswith("/sessions?before="):
            note(forgot_before=float(self.path.partition("=")[2]))
            return self._reply(200, {"events": 0})
        note(erased=self.path.removeprefix("/sessions/"))
        self._reply(204, None)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _reply(self, status: int, body: object) -> None:
        if self.headers.get("X-Allo-Token") != os.environ["ALLO_WORKER_TOKEN"]:
            status, body = 403, None
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if body is not None:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serve until killed."""
    global RELEASE
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True, action="append")
    parser.add_argument("--endpoints")
    arguments = parser.parse_args()
    RELEASE = arguments.release
    note(started=os.getpid(), release=RELEASE.name)
    written = RELEASE / "defect"
    defect = written.read_text() if written.exists() else os.environ.get("FAKE_WORKER_DEFECT")
    if defect == "crash":
        sys.exit(3)
    if defect == "silent":
        time.sleep(3600)
    for port in arguments.port[1:]:
        # Of one process, where the real one has a copy.
        threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", arguments.port[0]), Handler).serve_forever()


if __name__ == "__main__":
    main()
