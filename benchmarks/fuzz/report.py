"""The sections of RESULTS.md about fuzzing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from benchmarks.fuzz.api import Findings
from benchmarks.fuzz.long import Tried
from benchmarks.machine import Machine
from benchmarks.report import format_number

API_METHOD = """\
Le vrai assistant, sans limite de débit : exemples, valeurs limites, valeurs au hasard justes et fausses, conversations
qui se suivent. Deux contrôles de schemathesis sont remplacés par ceux de `benchmarks/fuzz/hooks.py`, qui connaissent
les refus du contrat ; un autre y cherche traces, chemins et versions dans chaque réponse."""
PARTS_METHOD = """\
hypothesis, avec ce qui doit être vrai de chaque partie (`benchmarks/fuzz/parts.py`) : rien ne tombe, normaliser deux
fois est normaliser une fois, les places sont justes, aucune donnée personnelle isolée ne reste, aucune balise ni
adresse hors de la liste. Ce qui a été trouvé est gardé comme essai."""


def render_api(findings: Findings, machine: Machine, today: date) -> str:
    """What schemathesis found."""
    kinds = [f"* {name} : {count}" for name, count in sorted(findings.failures.items())]
    return "\n".join(
        [
            "## L’API sous des requêtes faites au hasard",
            "",
            _where(machine, today),
            "",
            "| | limite | mesuré | tenue |",
            "|---|---|---|---|",
            f"| requêtes envoyées | ≥ 20000 | {findings.requests} | {_kept(findings.requests >= 20_000)} |",
            f"| réponses 5xx | 0 | {findings.server_errors} | {_kept(not findings.server_errors)} |",
            f"| écarts avec `docs/openapi.yml` | 0 | {findings.violations} | {_kept(not findings.violations)} |",
            "",
            *([*kinds, ""] if kinds else []),
            f"schemathesis, {findings.runs} tirages, {format_number(findings.seconds, 0)} s. {API_METHOD}",
            "",
            "Pour refaire ces mesures : `python -m benchmarks.fuzz --minutes 0`",
        ]
    )


def render_parts(tried: Sequence[Tried], machine: Machine, today: date) -> str:
    """What hypothesis found."""
    rows = [
        f"| {one.name} | {one.inputs} | {format_number(one.seconds / 60, 1)} min | {_kept(not one.found)} |"
        for one in tried
    ]
    is_clean = not any(one.found for one in tried)
    inputs, minutes = sum(one.inputs for one in tried), sum(one.seconds for one in tried) / 60
    return "\n".join(
        [
            "## Ce qui lit les textes, sous des textes faits au hasard",
            "",
            _where(machine, today),
            "",
            "| ce qui est essayé | textes | temps | sans défaut |",
            "|---|---|---|---|",
            *rows,
            f"| **en tout** | {inputs} | {format_number(minutes, 1)} min | {_kept(is_clean)} |",
            "",
            PARTS_METHOD,
            "",
            "Pour refaire ces mesures : `python -m benchmarks.fuzz --requests 0`",
        ]
    )


def _where(machine: Machine, today: date) -> str:
    return f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, {machine.system}, Python {machine.python}"


def _kept(is_kept: bool) -> str:
    return "oui" if is_kept else "**non**"
