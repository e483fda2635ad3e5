"""`python -m training`: what it prints, what it returns, and that a failure changes nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from training.exam import exam_hash
from training.progress import INTERRUPTED, read_state
from training.publication import publish
from training.releases import MODEL_FILE, current_id, make_release, save_evaluation

PROJECT = Path(__file__).parent.parent
EXAM = "description: essai\nquestions:\n  - question: les partenaires\n    sujet: list_partenaire\n"
CAF = "data/fiches/partenaires/caf.md"


@pytest.fixture
def project(tmp_path):
    """A copy of the working folder's content, to break."""
    folder = tmp_path / "project"
    folder.mkdir()
    for part in ("data", "config.yml", "domain.yml"):
        source = PROJECT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    (folder / "tests" / "questions").mkdir(parents=True)
    (folder / "tests" / "questions" / "clair.yml").write_text(EXAM)
    return folder


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def exam(project):
    return project / "tests" / "questions"


def start(project, models, *arguments):
    command = [sys.executable, "-m", "training", "--models", str(models), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1", "COLUMNS": "60"}
    return subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As from a terminal: a run of the tests in the background would hand down that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def run(project, models, *arguments):
    """Run a command to its end: exit status and all that it printed."""
    process = start(project, models, *arguments)
    output, _ = process.communicate()
    return process.returncode, output


def make(models, project, overall=None, **evaluation):
    """A release whose model is a dummy, examined when `overall` says how well."""
    manifest = make_release(
        models, project, "Alice", "essai", lambda folder: (folder / MODEL_FILE).write_bytes(b"model")
    )
    if overall is not None:
        exam = exam_hash(project / "tests" / "questions")
        found = {"exam": exam, "overall": overall, "worst": 0.5, "slices": {"detresse": {"wrong": []}}, "answers": []}
        save_evaluation(models, manifest.id, found | evaluation)
    return manifest


def folders(models):
    """What is there of releases, finished or not."""
    return sorted(path.name for path in models.iterdir() if path.is_dir() and not path.is_symlink())


def make_published(models, project, overall=0.8):
    """A release that is published."""
    manifest = make(models, project, overall=overall)
    publish(models, project, manifest.id, "Alice", "essai")
    return manifest


@pytest.mark.parametrize("command", ["evaluate", "gate", "publish"])
def test_an_unknown_release_is_one_sentence(project, models, command):
    status, output = run(project, models, command, "20200101-000000-abcd")
    assert status == 1
    assert output == (
        "La version « 20200101-000000-abcd » n’existe pas. `python -m training list` donne celles qui existent.\n"
    )


@pytest.mark.parametrize("command", ["evaluate", "gate", "publish"])
def test_no_release_at_all_says_how_to_make_one(project, models, command):
    status, output = run(project, models, command)
    assert (status, output) == (
        1,
        "Il n’y a encore aucune version. Entraînez-en une : python -m training train\n",
    )


def test_a_bad_exam_is_one_sentence(project, models, exam):
    release = make(models, project).id
    (exam / "clair.yml").write_text("description: [")
    status, output = run(project, models, "evaluate", release)
    assert status == 1
    assert f"{Path('tests/questions/clair.yml')} : ce fichier d’examen ne se lit pas" in output
    assert "Traceback" not in output


def test_the_list_shows_which_one_is_published(project, models):
    first, second = make_published(models, project), make(models, project)
    status, output = run(project, models, "list")
    assert status == 0
    lines = {line[2:].split()[0]: line for line in output.splitlines()}
    assert set(lines) == {first.id, second.id}
    assert lines[first.id].startswith("→ ")
    assert lines[second.id].startswith("  ")
    assert "Alice  essai" in lines[first.id]


def test_a_release_that_is_no_worse_is_published(project, models, exam):
    make_published(models, project)
    after = make(models, project, overall=0.9)
    status, output = run(project, models, "publish", after.id)
    assert (status, current_id(models)) == (0, after.id)
    assert output == (f"Accepté : aussi bien ou mieux que la version publiée.\nVersion {after.id} publiée.\n")


def test_a_release_that_is_worse_is_refused_and_changes_nothing(project, models, exam):
    before = make_published(models, project)
    after = make(models, project, overall=0.7)
    for command in ("gate", "publish"):
        status, output = run(project, models, command, after.id)
        assert (status, current_id(models)) == (1, before.id)
        assert output == "Refusé : moins de bonnes réponses qu’avant.\n"


def test_a_damaged_release_is_refused_and_changes_nothing(project, models, exam):
    release = make(models, project, overall=0.9).id
    (models / release / "config.yml").write_text("autre chose")
    status, output = run(project, models, "publish", release)
    assert (status, current_id(models)) == (1, None)
    assert "a été modifiée depuis sa création" in output


def test_preparing_does_nothing_when_a_release_is_published(project, models):
    release = make_published(models, project).id
    assert run(project, models, "prepare") == (0, "")
    assert folders(models) == [release]


def test_the_models_folder_is_that_of_the_environment(project, models, monkeypatch):
    monkeypatch.setenv("ALLO_MODELS", str(models))
    command = [sys.executable, "-m", "training", "list"]
    release = make(models, project).id
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert release in done.stdout


@pytest.mark.model
@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            {CAF: ("genre: partenaire", "gendre: partenaire")},
            f"{CAF}:3 : clé inconnue « gendre » : vouliez-vous dire « genre » ?",
            id="fiche-with-an-unknown-key",
        ),
        pytest.param(
            {"domain.yml": ("intents:\n", "intents:\n  - caf\n")},
            f"{CAF}:1 : le nom « caf » est réservé à l’assistant lui-même : donnez un autre nom à ce fichier.",
            id="fiche-with-the-name-of-an-intent",
        ),
        pytest.param(
            {"domain.yml": ("intents:\n", "intents: [\n")},
            "Failed to read 'domain.yml'",
            id="domain-that-does-not-read",
        ),
    ],
)
def test_a_training_that_fails_says_which_file_and_changes_nothing(project, models, change, message):
    before = make_published(models, project)
    for name, (old, new) in change.items():
        text = (project / name).read_text()
        assert old in text
        (project / name).write_text(text.replace(old, new, 1))
    status, output = run(project, models, "train")
    assert status == 1
    assert "Échec pendant « " in output
    assert "Rien n’a changé pour les habitants." in output
    assert message in output
    assert "Traceback" not in output
    assert "\x1b" not in output
    assert folders(models) == [before.id]
    assert current_id(models) == before.id


@pytest.mark.model
def test_a_training_that_is_interrupted_leaves_nothing(project, models):
    process = start(project, models, "train")
    while not list(models.glob(".unfinished-*/domain.yml")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Interrompu : rien n’a changé pour les habitants." in output
    assert folders(models) == []
    assert read_state(models).status == INTERRUPTED


@pytest.mark.model
def test_the_exam_marks_a_release_and_keeps_the_result_with_it(release, project, models, exam):
    shutil.copytree(release, models / release.name)
    (models / release.name / "evaluation.json").unlink(missing_ok=True)
    (exam / "detresse.yml").write_text(
        "description: x\nquestions:\n  - question: au secours il y a le feu\n    kind: alert\n"
    )
    status, output = run(project, models, "evaluate", release.name, "--faults")
    assert status == 0
    assert "clair" in output
    evaluation = json.loads((models / release.name / "evaluation.json").read_text())
    assert evaluation["exam"] == exam_hash(exam)
    assert evaluation["overall"] == 1.0
    assert set(evaluation["slices"]) == {"clair", "detresse"}
    status, output = run(project, models, "publish", release.name)
    assert (status, current_id(models)) == (0, release.name)
    assert output.startswith("Accepté : première version.")


@pytest.mark.model
def test_a_release_that_does_not_start_is_said_so(project, models, exam):
    release = make(models, project).id
    status, output = run(PROJECT, models, "evaluate", release)
    assert status == 1
    assert "Échec pendant « Examen ». La version ne démarre pas." in output
    assert not (models / release / "evaluation.json").exists()
