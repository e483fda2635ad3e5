"""A stand-in for `python -m worker`: same command line, same HTTP, answers made up from the message.

Some messages make it misbehave: "/!bloque" hangs that turn, "/!fige" hangs the whole process, "/!meurs"
ends it, "/!erreur" answers 500, "/!charabia" answers something else, "/!alerte" answers with an alert.
FAKE_WORKER_DEFECT in its environment spoils the start: "crash" or "silent".
What it received is appended to FAKE_WORKER_JOURNAL, one JSON object a line.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path

from aiohttp import web

JOURNAL = os.environ.get("FAKE_WORKER_JOURNAL")


def note(**seen: object) -> None:
    """Append one line to the journal."""
    if JOURNAL:
        with Path(JOURNAL).open("a") as file:
            file.write(json.dumps(seen) + "\n")


def make_reply(text: str, kind: str = "answer", **more: object) -> dict[str, object]:
    """A reply in the shape of Reply.to_dict."""
    return {"kind": kind, "text": text, "simple": None, "lang": "fr", "choices": [], "sources": [], **more}


RICH = {
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


def answer(body: dict[str, str]) -> dict[str, object]:
    """The answer to one turn."""
    if "payload" in body:
        return turn_of([make_reply(f"Vous avez choisi {body['payload']}")])
    text = body["text"]
    if text == "riche":
        return turn_of([make_reply("La **CAF** est un partenaire.\n\n- un\n- deux", **RICH)])
    if text == "plusieurs":
        return turn_of([make_reply("un"), make_reply("deux", kind="form")])
    if text == "demande":
        request = {"kind": "message", "code": "ABCD-EFGH", "fields": {"nom": "Zoé"}}
        return turn_of([make_reply("Votre code : ABCD-EFGH", kind="handoff")], request)
    if text == "/!alerte":
        return turn_of([make_reply("Appelez le 3114.", kind="alert")])
    return turn_of([make_reply(f"écho : {text}")])


def turn_of(replies: list[dict[str, object]], request: object = None) -> dict[str, object]:
    """A whole turn."""
    return {"release": "r1", "replies": replies, "request": request}


def check_token(request: web.Request) -> None:
    """Only the gateway that started it may speak to it."""
    if request.headers.get("X-Allo-Token") != os.environ["ALLO_WORKER_TOKEN"]:
        raise web.HTTPForbidden


async def get_health(request: web.Request) -> web.Response:
    """Ready."""
    check_token(request)
    return web.json_response({"release": "r1"})


async def post_turn(request: web.Request) -> web.Response:
    """Answer, or misbehave."""
    check_token(request)
    body = await request.json()
    note(turn=body)
    match body.get("text"):
        case "/!bloque":
            await asyncio.sleep(3600)
        case "/!fige":
            time.sleep(3600)
        case "/!meurs":
            os._exit(9)
        case "/!erreur":
            raise web.HTTPInternalServerError
        case "/!charabia":
            return web.json_response(["charabia"])
        case "/!lent":
            await asyncio.sleep(0.3)
    return web.json_response(answer(body))


async def delete_session(request: web.Request) -> web.Response:
    """Erase a tracker."""
    check_token(request)
    note(erased=request.match_info["session"])
    return web.Response(status=204)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    note(started=os.getpid(), release=Path(arguments.release).name)
    defect = os.environ.get("FAKE_WORKER_DEFECT")
    if defect == "crash":
        sys.exit(3)
    if defect == "silent":
        time.sleep(3600)
    app = web.Application()
    app.add_routes(
        [
            web.get("/health", get_health),
            web.post("/turn", post_turn),
            web.delete("/sessions/{session}", delete_session),
        ]
    )
    web.run_app(app, host="127.0.0.1", port=arguments.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
