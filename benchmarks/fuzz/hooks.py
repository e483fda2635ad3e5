"""What schemathesis is told of this API: how one is let in, and what else every answer must be.

It loads this module by its name (SCHEMATHESIS_HOOKS) in a process of its own; FUZZ_SESSION in its environment is the
token of a conversation that exists.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import requests
import schemathesis
import yaml
from jsonschema import Draft202012Validator, RefResolver
from schemathesis import Case, CheckContext, Response

from gateway.incoming import COMMENT_LIMIT, MESSAGE_LIMIT, clean
from gateway.site import OPENAPI

SESSION = "FUZZ_SESSION"
OWN = ("/api/chat", "/api/chat/history")
# A request may be as described and still name what does not exist: no description can tell.
UNKNOWN = {"missing_session", "invalid_session", "session_expired", "unknown_choice", "unknown_reply"}
# What is invisible does not count: no schema can say that.
TOLD_IN_WORDS: dict[str, Callable[[dict[str, str]], bool]] = {
    "empty_message": lambda body: not clean(body["message"]),
    "message_too_long": lambda body: len(clean(body["message"])) > MESSAGE_LIMIT,
    "comment_too_long": lambda body: len(clean(body["comment"])) > COMMENT_LIMIT,
}
LEAKS = re.compile(rb"Traceback|File \"|\.py\b|site-packages|aiohttp|[Pp]ython/|sqlalchemy|sqlite3?\.|/models/|/var/")

API = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
SENT = {
    path: Draft202012Validator(
        item["post"]["requestBody"]["content"]["application/json"]["schema"], resolver=RefResolver.from_schema(API)
    )
    for path, item in API["paths"].items()
    if "post" in item
}


@schemathesis.auth().apply_to(path=["/api/chat", "/api/chat/history"], method=["GET", "DELETE"])
class Resident:
    """Somebody who has a conversation."""

    def get(self, case: Case, context: Any) -> str:
        """Their token."""
        return os.environ[SESSION]

    def set(self, case: Case, data: str, context: Any) -> None:
        """Show it."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.check
def what_is_described_is_answered(ctx: CheckContext, response: Response, case: Case) -> None:
    """A request as described is refused only for what does not exist, or what the description says in words."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # What a link adds to a body that was generated may no longer be as described.
    if case.method == "POST" and not SENT[case.path].is_valid(case.body):
        return
    code = response.json()["error"]["code"]
    is_told = code in TOLD_IN_WORDS and TOLD_IN_WORDS[code](case.body)
    assert code in UNKNOWN or is_told, f"Refused although it is as described: {code}"


@schemathesis.check
def nobody_else_is_let_in(ctx: CheckContext, response: Response, case: Case) -> None:
    """What a token opened stays closed without it, and with another one."""
    token = case.headers.get("Authorization") if response.status_code == 200 else None
    if token is None or case.path not in OWN:
        return
    for headers in ({}, {"Authorization": f"{token[:-2]}AA"}, {"X-Session": token.swapcase()}):
        # Not the request that was made: on the way to erase, what it may do is done.
        refused = requests.get(f"{response.request.url.rpartition('/api')[0]}/api/chat/history", headers=headers)
        assert refused.status_code == 400, f"Let in with {sorted(headers)}"
        assert refused.json()["error"]["code"] in ("missing_session", "invalid_session")


@schemathesis.check
def nothing_leaks(ctx: CheckContext, response: Response, case: Case) -> None:
    """No answer shows a trace, a path, a library or a version."""
    assert response.headers.get("server") == ["allo"], f"Server: {response.headers.get('server')}"
    found = LEAKS.search(response.content)
    assert not found, f"In an answer: {found and found[0]!r}"
