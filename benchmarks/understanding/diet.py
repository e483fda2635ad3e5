"""Rasa's DIET, as `stock/config.yml` has it, run by the stock environment's Python: `diet.py CONFIG TASK ANSWERS`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

# Run as a file, in an environment where this project is not: its folder is on the path, the project is not.
from exchange import read_task, time_one, write_answers


def main() -> None:
    """Learn the task, answer it, write what it took."""
    config, task_path, answers_path = map(Path, sys.argv[1:4])
    task = read_task(task_path)
    with tempfile.TemporaryDirectory() as folder:
        agent = _train(config, task["train"], Path(folder))
    found = [asyncio.run(agent.parse_message(text)) for text in task["texts"]]
    seconds = time_one(lambda text: asyncio.run(agent.parse_message(text)), task["texts"])
    # Its fallback is an intent like another, put before the one that DIET itself found.
    best = [next(entry for entry in one["intent_ranking"] if entry["name"] != "nlu_fallback") for one in found]
    intents, scores = [entry["name"] for entry in best], [entry["confidence"] for entry in best]
    write_answers(answers_path, intents, scores, seconds)


def _train(config: Path, examples: list[list[str]], folder: Path) -> Any:
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    by_intent: dict[str, list[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(text)
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in by_intent.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    (folder / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Agent.load(train_nlu(str(config), str(folder / "nlu.yml"), str(folder)))


if __name__ == "__main__":
    main()
