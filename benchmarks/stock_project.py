"""The same content as a stock Rasa project: the folder that the other side's `rasa train` and `rasa run` get.

Every wording that trains this project trains the stock one too. A fiche is an intent with a rule and a
response in the domain; lists and questions that follow another (`ask_…`) go through a custom action on the
action server.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from knowledge.fiches import Fiche, load_fiches
from knowledge.genres import Genre, load_genres

TEMPLATE = Path(__file__).parent / "stock"
OTHERWISE = "Je ne sais pas répondre à cette question."
SMALL_TALK = "D’accord. Quelle est votre question sur la politique de la ville ?"
LOOKUP = "action_lookup"


def write_stock_project(content: Path, target: Path, epochs: int | None = None) -> int:
    """Write the stock project of a content folder (`data/`) into `target`; returns its number of examples.

    `epochs` shortens the training, for a trial; None keeps the stock 100.
    """
    fiches = [fiche for fiche in load_fiches(content) if fiche.questions]
    genres = load_genres(content)
    wordings = _read_nlu(content) | _collect_questions(fiches, genres)
    shutil.rmtree(target, ignore_errors=True)
    _copy_template(target, epochs)
    _dump(target / "data" / "nlu.yml", _build_nlu(wordings))
    _dump(target / "data" / "rules.yml", _build_rules(list(wordings)))
    _dump(target / "data" / "stories.yml", _build_stories(list(wordings), fiches))
    _dump(target / "domain.yml", _build_domain(list(wordings), fiches))
    _write_lookup(target / "actions" / "content.json", fiches, genres)
    return sum(map(len, wordings.values()))


def write_endpoints(target: Path, actions_port: int) -> Path:
    """Write the stock project's endpoints: its action server on the loopback, its conversations in SQLite."""
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "tracker.db"},
    }
    path = target / "endpoints.yml"
    _dump(path, endpoints)
    return path


def _read_nlu(content: Path) -> dict[str, tuple[str, ...]]:
    wordings: dict[str, tuple[str, ...]] = {}
    for path in sorted((content / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" in entry:
                lines = entry["examples"].splitlines()
                examples = tuple(line.removeprefix("- ").strip() for line in lines if line.strip())
                wordings[entry["intent"]] = wordings.get(entry["intent"], ()) + examples
    return wordings


def _collect_questions(fiches: list[Fiche], genres: dict[str, Genre]) -> dict[str, tuple[str, ...]]:
    subjects = {fiche.slug: fiche.questions for fiche in fiches}
    return subjects | {f"list_{slug}": genre.questions for slug, genre in genres.items()}


def _copy_template(target: Path, epochs: int | None) -> None:
    (target / "data").mkdir(parents=True)
    (target / "actions").mkdir()
    (target / "actions" / "__init__.py").touch()
    shutil.copy(TEMPLATE / "actions.py", target / "actions")
    shutil.copy(TEMPLATE / "credentials.yml", target)
    config = yaml.safe_load((TEMPLATE / "config.yml").read_text(encoding="utf-8"))
    for component in (*config["pipeline"], *config["policies"]):
        if epochs and "epochs" in component:
            component["epochs"] = epochs
    _dump(target / "config.yml", config)


def _action_of(intent: str) -> str:
    return LOOKUP if intent.startswith(("list_", "ask_")) else f"utter_{intent}"


def _turn(*intents: str) -> list[dict[str, str]]:
    return [step for intent in intents for step in ({"intent": intent}, {"action": _action_of(intent)})]


def _build_nlu(wordings: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    examples = [
        {"intent": intent, "examples": "".join(f"- {wording}\n" for wording in texts)}
        for intent, texts in wordings.items()
    ]
    return {"version": "3.1", "nlu": examples}


def _build_rules(intents: list[str]) -> dict[str, Any]:
    rules = [{"rule": f"répondre à {intent}", "steps": _turn(intent)} for intent in (*intents, "nlu_fallback")]
    return {"version": "3.1", "rules": rules}


def _build_stories(intents: list[str], fiches: list[Fiche]) -> dict[str, Any]:
    """What TED learns from: for each genre, a greeting, its first fiche, its list, thanks.

    Rules answer everything else, as Rasa advises for single turns; more stories would only
    make TED slower to train.
    """
    first_of = {fiche.genre: fiche.slug for fiche in reversed(fiches)}
    stories = []
    for genre, slug in first_of.items():
        path = [intent for intent in ("greet", slug, f"list_{genre}", "thank") if intent in intents]
        stories.append({"story": f"une conversation sur {genre}", "steps": _turn(*path)})
    return {"version": "3.1", "stories": stories}


def _build_domain(intents: list[str], fiches: list[Fiche]) -> dict[str, Any]:
    bodies = {fiche.slug: fiche.corps for fiche in fiches}
    texts = {intent: bodies.get(intent, SMALL_TALK) for intent in intents} | {"nlu_fallback": OTHERWISE}
    spoken = {intent: text for intent, text in texts.items() if _action_of(intent) != LOOKUP}
    return {
        "version": "3.1",
        "intents": [*intents, "nlu_fallback"],
        "actions": [LOOKUP],
        "responses": {_action_of(intent): [{"text": text}] for intent, text in spoken.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _write_lookup(path: Path, fiches: list[Fiche], genres: dict[str, Genre]) -> None:
    texts = {fiche.slug: fiche.corps for fiche in fiches}
    texts |= {f"list_{slug}": _format_list(genre, fiches) for slug, genre in genres.items()}
    names = {name.casefold(): fiche.slug for fiche in fiches for name in (fiche.titre, *fiche.alias)}
    content = {"texts": texts, "names": names, "otherwise": OTHERWISE}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _format_list(genre: Genre, fiches: list[Fiche]) -> str:
    members = [f"- {fiche.titre}" for fiche in fiches if fiche.genre == genre.slug]
    return "\n".join([genre.intro, *members])


def _dump(path: Path, document: dict[str, Any]) -> None:
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")
