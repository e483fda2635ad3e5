"""Requests made by schemathesis from docs/openapi.yml, sent to a running gateway until there are enough of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.fuzz.hooks import SESSION
from benchmarks.load import Conversation

ROOT = Path(__file__).parent.parent.parent
DESCRIPTION = ROOT / "docs" / "openapi.yml"
# Two that ask for other refusals than those of the contract; hooks.py has both, exact.
LEFT_OUT = "positive_data_acceptance,ignored_auth"
SERVER_ERRORS = ("ServerError",)
NAMES = {"message": "body.message", "session": "body.session", "choice": "body.choice", "reply": "body.reply"}


@dataclass
class Findings:
    """What came of the requests: how many were sent, and each kind of failure with how often it was met."""

    requests: int = 0
    runs: int = 0
    seconds: float = 0.0
    failures: dict[str, int] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)

    @property
    def server_errors(self) -> int:
        """Answers 5xx."""
        return sum(count for name, count in self.failures.items() if name in SERVER_ERRORS)

    @property
    def violations(self) -> int:
        """Answers that are not as described."""
        return sum(self.failures.values()) - self.server_errors


def fuzz_api(
    url: str,
    requests: int,
    conversations: Sequence[Conversation],
    tell: Callable[[Findings], None],
    *,
    each: int = 300,
    first_seed: int = 1,
) -> Findings:
    """Send at least so many requests; `tell` hears the findings after each run of `each` examples an operation."""
    findings = Findings()
    while findings.requests < requests:
        known = _talk(url, conversations[findings.runs % len(conversations)])
        _run(url, first_seed + findings.runs, each, known, findings)
        findings.runs += 1
        tell(findings)
    return findings


def _run(url: str, seed: int, each: int, known: dict[str, list[str]], findings: Findings) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config, report = Path(folder, "schemathesis.toml"), Path(folder, "report.json")
        config.write_text(_configure(known), encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", f"--config-file={config}", "run", str(DESCRIPTION)]
        command += [f"--url={url}", f"--seed={seed}", f"--max-examples={each}", "--continue-on-failure"]
        command += ["--checks=all", f"--exclude-checks={LEFT_OUT}", f"--report-json-path={report}"]
        environ = {**os.environ, "SCHEMATHESIS_HOOKS": "benchmarks.fuzz.hooks", SESSION: known["session"][0]}
        environ["PYTHONPATH"] = str(ROOT)
        ended = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
        if not report.exists():
            raise BenchmarkError(f"schemathesis n’a pas tourné : {ended.stderr[-500:] or ended.stdout[-500:]}")
        found = json.loads(report.read_text(encoding="utf-8"))
    findings.requests += found["test_cases"]["generated"]
    findings.seconds += found["running_time"]
    for failure in (*found["failures"], *found["errors"]):
        name = failure.get("type", "Error")
        findings.failures[name] = findings.failures.get(name, 0) + failure.get("count", 1)
    if ended.returncode:
        findings.reports.append(ended.stdout.partition("= FAILURES =")[2].partition("= SUMMARY =")[0])


def _talk(url: str, messages: Conversation) -> dict[str, list[str]]:
    """A conversation that exists: its token, the ids of its replies and choices, and what is said in it."""
    session, replies = None, []
    for message in messages:
        answer = _post(f"{url}/api/chat", {"message": message, "session": session})
        session = answer["session"]
        replies += answer["replies"]
    choices = [choice["id"] for reply in replies for choice in reply["choices"]]
    return {
        "session": [str(session)],
        "reply": [reply["id"] for reply in replies],
        "choice": choices or ["aucun"],
        "message": list(messages),
    }


def _configure(known: dict[str, list[str]]) -> str:
    """Have one value in three be one that exists. The strings of JSON are strings of TOML too."""
    lists = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in known.items()]
    uses = [f'"{NAMES[name]}" = {{ dictionary = "{name}", probability = 0.33 }}' for name in known]
    # What a link adds to a wrong body may mend it.
    stateful = '[phases.stateful.generation]\nmode = "positive"'
    return "\n".join([*lists, "[parameters]", *uses, stateful])


def _post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)
