"""The parts of the benchmarks that need no machine time: statistics, table, stock project, conversations."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.load import (
    AdapterClass,
    LoadResult,
    OursAdapter,
    StockAdapter,
    load_conversations,
    run_users,
    wait_for_answer,
)
from benchmarks.machine import Machine
from benchmarks.measure import Spread, measure_folder, measure_memory, percentile, summarize
from benchmarks.report import LINES, SECONDS, render_section, render_table, write_section
from benchmarks.stock_project import LOOKUP, write_endpoints, write_stock_project
from benchmarks.trial import Measures

CONVERSATIONS = Path(__file__).parent.parent / "benchmarks" / "conversations.yml"
MACHINE = Machine(2, 24_000_000_000, "Processeur", "Linux x86_64", "3.11.7", 0.1)

FICHE = """---
titre: {titre}
genre: {genre}
alias:
  - {titre}
questions:
  - parlez-moi de {titre}
  - {titre}, c’est quoi
citation: "{titre} est un partenaire."
source: page
simple: |
  {titre} est là.
responsable: service
verifie_le: 2026-11-22
a_revoir_le: 2027-05-22
---

{titre} est un partenaire.
"""
GENRES = """partenaire:
  titre: Les partenaires
  intro: "Voici les partenaires :"
  simple: "Les partenaires :"
  citation: "Voici les partenaires"
  source: page
  complete: true
  questions:
    - qui sont les partenaires
"""
NLU = """version: "3.1"
nlu:
  - intent: greet
    examples: |
      - bonjour
      - salut
  - intent: ask_ordinal
    examples: |
      - le deuxième
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for part in ("fiches/partenaires", "nlu", "sources"):
        (folder / part).mkdir(parents=True)
    for slug, titre in (("etat", "Etat"), ("mairie", "Mairie")):
        text = FICHE.format(titre=titre, genre="partenaire")
        (folder / "fiches" / "partenaires" / f"{slug}.md").write_text(text, encoding="utf-8")
    (folder / "genres.yml").write_text(GENRES, encoding="utf-8")
    (folder / "nlu" / "conversation.yml").write_text(NLU, encoding="utf-8")
    (folder / "sources" / "page.txt").write_text("Voici les partenaires : Etat, Mairie", encoding="utf-8")
    (folder / "sources" / "sources.yml").write_text("page:\n  titre: La page\n", encoding="utf-8")
    return folder


def make_measures(name: str, value: float) -> Measures:
    values = {line.key: [value, value, value * 2] for line in LINES}
    return Measures(name, {"rasa": "3.6.21"}, values, messages=10, lost=1)


def read_yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_it_summarizes_runs() -> None:
    assert summarize([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    with pytest.raises(ValueError):
        summarize([])


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.1, 1), (0.0, 1), (1.0, 10)])
def test_percentile_is_a_measured_value(share: float, expected: int) -> None:
    assert percentile(list(range(10, 0, -1)), share) == expected


def test_it_counts_a_file_with_two_names_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    alone = measure_folder(tmp_path)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert measure_folder(tmp_path) == alone >= 100_000


def test_it_measures_the_memory_of_a_live_process() -> None:
    assert measure_memory([os.getpid(), os.getpid()]) == pytest.approx(measure_memory([os.getpid()]), rel=0.1)


def test_a_spread_is_written_in_french() -> None:
    assert SECONDS.format(Spread(12.34, 12.0, 13.0)) == "12,3 s (12,0–13,0)"
    assert SECONDS.format(Spread(12.34, 12.34, 12.34)) == "12,3 s"


def test_the_table_says_which_promises_are_kept() -> None:
    rows = render_table(make_measures("stock", 10.0), make_measures("ours", 5.0)).splitlines()[2:]
    kept = {row.split(" | ")[0].strip("| "): row.split(" | ")[-1].strip(" |") for row in rows}
    assert len(rows) == len(LINES)
    assert kept["temps de réponse médian, une personne"] == "oui"
    assert kept["réponses par seconde, 2 personnes"] == "**non**"
    assert kept["de la commande à la première réponse"] == "oui"
    assert kept["modèle entraîné"] == "–"
    assert "0,50 ×" in rows[0]


def test_the_section_gives_date_machine_versions_and_command() -> None:
    section = render_section(
        make_measures("stock", 10.0), make_measures("ours", 5.0), MACHINE, "make bench", date(2026, 11, 23)
    )
    for expected in (
        "2026-11-23",
        "2 cœurs Processeur",
        "rasa 3.6.21",
        "`make bench`",
        "Médiane de 3 essais",
    ):
        assert expected in section


def test_it_replaces_its_own_section_and_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    write_section(path, "vitesse", "ancien")
    write_section(path, "qualité", "à garder")
    write_section(path, "vitesse", "nouveau")
    text = path.read_text(encoding="utf-8")
    assert "ancien" not in text
    assert text.index("nouveau") < text.index("à garder")
    assert text.startswith("# Mesures")


def test_measures_survive_the_disk(tmp_path: Path) -> None:
    measures = make_measures("ours", 1.5)
    measures.save(tmp_path / "deep" / "ours.json")
    assert Measures.load(tmp_path / "deep" / "ours.json") == measures


def test_the_stock_project_has_the_same_examples(content: Path, tmp_path: Path) -> None:
    target = tmp_path / "stock"
    assert write_stock_project(content, target) == 8
    intents = {entry["intent"]: entry["examples"] for entry in read_yaml(target / "data" / "nlu.yml")["nlu"]}
    assert set(intents) == {"greet", "ask_ordinal", "etat", "mairie", "list_partenaire"}
    assert intents["etat"] == "- parlez-moi de Etat\n- Etat, c’est quoi\n"


def test_every_intent_of_the_stock_project_has_one_rule_and_an_answer(content: Path, tmp_path: Path) -> None:
    target = tmp_path / "stock"
    write_stock_project(content, target)
    domain = read_yaml(target / "domain.yml")
    steps = [rule["steps"] for rule in read_yaml(target / "data" / "rules.yml")["rules"]]
    assert [step[0]["intent"] for step in steps] == domain["intents"]
    answers = set(domain["responses"]) | set(domain["actions"])
    assert {step[1]["action"] for step in steps} <= answers
    assert domain["responses"]["utter_mairie"] == [{"text": "Mairie est un partenaire."}]
    assert {"action": LOOKUP} in read_yaml(target / "data" / "stories.yml")["stories"][0]["steps"]


def test_the_lookup_action_knows_lists_and_names(content: Path, tmp_path: Path) -> None:
    target = tmp_path / "stock"
    write_stock_project(content, target)
    looked_up = json.loads((target / "actions" / "content.json").read_text(encoding="utf-8"))
    assert looked_up["texts"]["list_partenaire"] == "Voici les partenaires :\n- Etat\n- Mairie"
    assert looked_up["names"]["mairie"] == "mairie"


def test_a_trial_shortens_the_training_only(content: Path, tmp_path: Path) -> None:
    write_stock_project(content, tmp_path / "full")
    write_stock_project(content, tmp_path / "short", epochs=2)
    full, short = (read_yaml(tmp_path / name / "config.yml") for name in ("full", "short"))
    assert [part["epochs"] for part in full["pipeline"] if "epochs" in part] == [100]
    assert [part["epochs"] for part in short["policies"] if "epochs" in part] == [2]
    assert [part["name"] for part in full["pipeline"]] == [part["name"] for part in short["pipeline"]]


def test_the_stock_project_keeps_its_conversations_in_sqlite(tmp_path: Path) -> None:
    endpoints = read_yaml(write_endpoints(tmp_path, 5055))
    assert endpoints["tracker_store"]["dialect"] == "sqlite"
    assert endpoints["action_endpoint"]["url"].endswith(":5055/webhook")


def test_the_conversations_are_short() -> None:
    conversations = load_conversations(CONVERSATIONS)
    assert len(conversations) == 40
    assert all(3 <= len(conversation) <= 5 for conversation in conversations)
    assert all(0 < len(message) <= 500 for conversation in conversations for message in conversation)


async def answer_ours(request: web.Request) -> web.Response:
    body = await request.json()
    if body["message"] == "muet":
        return web.json_response({}, status=503)
    session = body["session"] or "jeton"
    return web.json_response({"session": session, "replies": [{"text": body["message"]}]})


async def answer_stock(request: web.Request) -> web.Response:
    body = await request.json()
    return web.json_response([] if body["message"] == "muet" else [{"text": body["sender"]}])


@asynccontextmanager
async def serve() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/api/chat", answer_ours)
    app.router.add_post("/webhooks/rest/webhook", answer_stock)
    async with TestServer(app) as server:
        yield f"http://{server.host}:{server.port}"


@pytest.mark.parametrize("adapter", [OursAdapter, StockAdapter])
@pytest.mark.parametrize("users", [1, 3])
def test_the_load_holds_each_conversation_once(adapter: AdapterClass, users: int) -> None:
    async def load() -> LoadResult:
        async with serve() as address:
            return await run_users(adapter, address, [("bonjour", "muet", "merci")] * 4, users)

    result = asyncio.run(load())
    assert (len(result.latencies), result.lost) == (8, 4)
    assert result.answers_per_second > 0


def test_it_gives_up_on_an_assistant_that_does_not_answer() -> None:
    async def wait() -> None:
        async with serve() as address:
            await wait_for_answer(StockAdapter, address, "muet", time.monotonic() + 0.1)

    with pytest.raises(TimeoutError):
        asyncio.run(wait())
