"""What is refused on the console because of the state of things, not of the form: one sentence, status 409."""

from aiohttp import web

from gateway.agents.access import wants_json
from gateway.agents.pages import render
from knowledge.text import typographie

CONFLICT = 409
TITLE = "Rien n’a été changé"


def refuse(request: web.Request, code: str, sentence: str) -> web.Response:
    """A page of the console that says why, or JSON for a script."""
    sentence = typographie(sentence)
    if wants_json(request):
        return web.json_response({"error": {"code": code, "message": sentence}}, status=CONFLICT)
    return render(request, "error.html", {"title": TITLE, "message": sentence}, status=CONFLICT)
