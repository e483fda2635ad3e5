"""Rasa without TensorFlow: it starts, and says so clearly when something really needs TensorFlow."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.validation import validate
from rasa.shared.exceptions import RasaException

from components.tensorflow_free import (
    COMPONENT_MODULES,
    UTILITY_MODULES,
    UTILITY_PREFIX,
    TensorFlowFreeFinder,
    install,
)

PROJECT = Path(__file__).parent.parent
RASA = Path(sys.executable).parent / "rasa"
CONFIG = {
    "recipe": "default.v1",
    "language": "fr",
    "assistant_id": "essai",
    "pipeline": [{"name": "WhitespaceTokenizer"}, {"name": "CountVectorsFeaturizer"}],
    "policies": [{"name": "RulePolicy"}],
}
DATA = """version: "3.1"
nlu:
  - intent: greet
    examples: |
      - bonjour
      - salut
  - intent: goodbye
    examples: |
      - au revoir
      - adieu
"""
NEEDING_TENSORFLOW = [
    pytest.param("pipeline", "DIETClassifier", id="DIETClassifier"),
    pytest.param("pipeline", "ResponseSelector", id="ResponseSelector"),
    pytest.param("pipeline", "ConveRTFeaturizer", id="ConveRTFeaturizer"),
    pytest.param("pipeline", "LanguageModelFeaturizer", id="LanguageModelFeaturizer"),
    pytest.param("policies", "TEDPolicy", id="TEDPolicy"),
    pytest.param("policies", "UnexpecTEDIntentPolicy", id="UnexpecTEDIntentPolicy"),
]
SENTENCE = "{name} needs TensorFlow, which this project does not install: take it out of config.yml"
DECISION = "docs/decisions/0003-no-tensorflow.md"


def with_component(part: str, name: str) -> dict:
    return {**CONFIG, part: [*CONFIG[part], {"name": name}]}


def test_rasa_starts_with_nothing_of_tensorflow_in_the_process():
    program = "import json, sys, rasa.core.agent; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = json.loads(done.stdout.splitlines()[-1])
    assert "rasa.core.agent" in modules
    assert [name for name in modules if name.split(".")[0] in ("tensorflow", "keras", "tensorflow_hub")] == []


def test_tensorflow_is_not_installed():
    assert importlib.util.find_spec("tensorflow") is None


def test_the_plain_rasa_command_works():
    done = subprocess.run([RASA, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, re.findall(r"Rasa Version\s*:\s*(\S+)", done.stdout)) == (0, ["3.6.21"])


@pytest.mark.parametrize(("part", "name"), NEEDING_TENSORFLOW)
def test_it_refuses_what_needs_tensorflow_in_one_sentence(part, name):
    config = DefaultV1Recipe().graph_config_for_recipe(with_component(part, name), {})
    with pytest.raises(RasaException) as refused:
        validate(config)
    assert str(refused.value).startswith(SENTENCE.format(name=name))
    assert DECISION in str(refused.value)
    assert "\n" not in str(refused.value)


def test_it_lets_the_other_components_of_rasa_through():
    validate(DefaultV1Recipe().graph_config_for_recipe(with_component("pipeline", "LogisticRegressionClassifier"), {}))


def test_rasa_train_says_it_too_without_a_traceback(tmp_path):
    (tmp_path / "config.yml").write_text(json.dumps(with_component("pipeline", "DIETClassifier")))
    (tmp_path / "domain.yml").write_text('version: "3.1"\nintents: [greet, goodbye]\n')
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text(DATA)
    command = [RASA, "train", "nlu", "--nlu", "data", "--domain", "domain.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == 1
    assert SENTENCE.format(name="DIETClassifier") in output
    assert "Traceback" not in output
    assert "ImportError" not in output
    assert not list(tmp_path.glob("models/*"))


def test_the_decision_that_it_names_can_be_read():
    assert (PROJECT / DECISION).is_file()


def test_every_module_of_rasa_that_imports_tensorflow_has_a_stand_in():
    rasa = Path(importlib.util.find_spec("rasa").origin).parent
    importing = re.compile(r"^(?:import|from) tensorflow", re.MULTILINE)
    needing = {
        ".".join(path.relative_to(rasa.parent).with_suffix("").parts)
        for path in rasa.rglob("*.py")
        if importing.search(path.read_text(encoding="utf-8"))
    }
    stood_in = {*COMPONENT_MODULES, *(UTILITY_PREFIX + name for name in UTILITY_MODULES)}
    assert needing
    assert needing <= stood_in


@pytest.mark.parametrize("name", ["tensorflow", "rasa.utils.tensorflow", "rasa.utils.tensorflow.constants", "json"])
def test_it_leaves_every_other_import_alone(name):
    assert TensorFlowFreeFinder().find_spec(name) is None


def test_it_is_put_in_place_once():
    install()
    assert sum(isinstance(finder, TensorFlowFreeFinder) for finder in sys.meta_path) == 1
