"""The plain `rasa` commands, as a developer types them in the project's environment."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parent.parent
CONVERSATIONS = PROJECT / "tests" / "conversations"

# Warnings of `rasa data validate`, and why each is right to be there.
EXPLAINED = {
    "The intent 'inform' is listed in the domain file, but is not found in the NLU training data.": (
        "only buttons send it"
    ),
    "The intent 'nlu_unsure' is listed in the domain file, but is not found in the NLU training data.": (
        "the classifier gives it when it hesitates"
    ),
}

NLU = """version: "3.1"
nlu:
  - intent: list_partenaire
    examples: |
      - avec quels partenaires travaillez-vous ?
      - qui a signé le contrat ?
  - intent: caf
    examples: |
      - parlez-moi de la CAF
"""


def rasa(*arguments, typed="", **environment):
    """Run a command of Rasa from the working folder; what it printed, without colours."""
    command = [sys.executable, "-m", "rasa", *map(str, arguments)]
    settings = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", **environment}
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | settings,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    output = re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
    assert done.returncode == 0, output[-2000:]
    return output


def read_stories():
    return [
        story
        for path in sorted(CONVERSATIONS.glob("*.yml"))
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
    ]


def read_moves(steps):
    """(intent, action) or (action, action) for each action that follows something; slots left out."""
    done = [step.get("intent") or step.get("action") for step in steps if "intent" in step or "action" in step]
    actions = [step.get("action") for step in steps if "intent" in step or "action" in step]
    return {(before, action) for before, action in zip(done, actions[1:], strict=False) if action}


def test_every_rule_has_its_conversation():
    rules = yaml.safe_load((PROJECT / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    wanted = {move for rule in rules for move in read_moves(rule["steps"])}
    assert len(wanted) >= len(rules)
    assert wanted - {move for story in read_stories() for move in read_moves(story["steps"])} == set()


def test_conversations_have_french_names_of_their_own():
    names = [story["story"] for story in read_stories()]
    assert len(names) == len(set(names))
    assert all(len(name.split()) > 3 and "_" not in name for name in names)


@pytest.mark.model
def test_the_data_is_valid_without_a_warning_that_is_not_explained():
    output = rasa("data", "validate", "--fail-on-warnings")
    assert set(re.findall(r"UserWarning: (.+)", output)) == set(EXPLAINED)
    assert "No story structure conflicts found" in output
    assert "ERROR" not in output


@pytest.mark.model
def test_every_conversation_goes_as_written(release, tmp_path):
    model = release / "model.tar.gz"
    rasa("test", "core", "--model", model, "--stories", CONVERSATIONS, "--out", tmp_path, "--fail-on-prediction-errors")
    report = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert report["correct"] == report["total"] == len(read_stories())
    assert "None of the test stories failed" in (tmp_path / "failed_test_stories.yml").read_text()
    assert "No warnings for test stories" in (tmp_path / "stories_with_warnings.yml").read_text()


@pytest.mark.model
def test_questions_can_be_tested(release, tmp_path):
    (tmp_path / "nlu.yml").write_text(NLU)
    model = release / "model.tar.gz"
    rasa("test", "nlu", "--model", model, "--nlu", tmp_path / "nlu.yml", "--out", tmp_path / "out", "--no-plot")
    report = json.loads((tmp_path / "out" / "intent_report.json").read_text())
    assert report["accuracy"] == 1.0
    assert {"list_partenaire", "caf"} <= set(report)


@pytest.mark.model
def test_the_shell_understands_a_line(release):
    output = rasa("shell", "nlu", "--model", release / "model.tar.gz", typed="qui sont les partenaires ?\n")
    parsed = json.loads(output[output.index("\n{\n") :].rsplit("}", 1)[0] + "}")
    assert parsed["text"] == "qui sont les partenaires ?"
    assert parsed["intent"]["name"] == "list_partenaire"
    assert parsed["questions"][0]["intent"] == "list_partenaire"
