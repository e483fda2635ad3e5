"""Training without Rasa's cache: nothing is kept of it, the model is that of `rasa train`."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

TINY = {
    "config.yml": "recipe: default.v1\nlanguage: fr\nassistant_id: essai\npipeline:\n"
    "  - name: WhitespaceTokenizer\n  - name: CountVectorsFeaturizer\npolicies:\n  - name: RulePolicy\n",
    "domain.yml": 'version: "3.1"\nintents: [oui, non]\n',
    "data/nlu.yml": 'version: "3.1"\nnlu:\n- intent: oui\n  examples: |\n    - oui merci\n    - oui\n'
    "- intent: non\n  examples: |\n    - non merci\n    - non\n",
    "data/rules.yml": 'version: "3.1"\nrules:\n- rule: oui\n  steps:\n  - intent: oui\n  - action: action_listen\n',
}
UNLIKE = "metadata.json"


def train(folder, *module):
    """The files of the model that `module` trains, by name; `metadata.json` holds the date."""
    for name, text in TINY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    command = [sys.executable, "-m", *module, "--force", "--skip-validation", "--fixed-model-name", "model"]
    # Rasa writes sets of rules in the order of their hashes.
    environment = {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONHASHSEED": "0", "HOME": str(folder)}
    environment["RASA_TELEMETRY_ENABLED"] = "false"
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    with tarfile.open(folder / "models" / "model.tar.gz") as archive:
        files = [member for member in archive.getmembers() if member.isfile() and member.name != UNLIKE]
        return {member.name: archive.extractfile(member).read() for member in files}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folders = [tmp_path_factory.mktemp(name) for name in ("plain", "quick")]
    return folders, train(folders[0], "rasa", "train"), train(folders[1], "training.rasa_train")


def test_the_model_is_that_of_rasa_train(trained):
    _, plain, quick = trained
    assert plain.keys() == quick.keys() and len(plain) > 3
    assert plain == quick


def test_nothing_is_kept_for_another_training(trained):
    (plain, quick), *_ = trained
    assert any(path.is_dir() for path in (plain / ".rasa" / "cache").iterdir())
    # Nor is anything written where it runs: installed, the code may be read-only.
    assert not (quick / ".rasa").exists()
