"""From the working folder to the verdict, in a real process: what goes wrong on a machine, and what is left of it."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from training import publication
from training.changes import load_changes
from training.exam import EXAM_FOLDER
from training.files import write_json
from training.progress import FAILED, INTERRUPTED, read_state
from training.releases import (
    MANIFEST_FILE,
    check_intact,
    current_id,
    hash_parts,
    list_releases,
    load_evaluation,
    load_manifest,
)

PROJECT = Path(__file__).parent.parent
EXAM = """description: essai
questions:
  - question: qui sont les partenaires ?
    sujet: list_partenaire
    contient: [CAF]
  - question: quels sont les quartiers concernés ?
    sujet: list_quartier
"""
# What a full disk does to a write, on any machine: no file may grow beyond this many bytes.
LARGEST_FILE = 4096


@pytest.fixture
def project(tmp_path):
    """A copy of the working folder, with an exam of two questions."""
    folder = tmp_path / "project"
    folder.mkdir()
    for part in ("data", "config.yml", "domain.yml"):
        source = PROJECT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    (folder / EXAM_FOLDER).mkdir(parents=True)
    (folder / EXAM_FOLDER / "clair.yml").write_text(EXAM)
    return folder


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def start(project, models, *arguments, questions="", **more):
    folders = ["--models", str(models), "--project", str(project)]
    command = [sys.executable, "-m", "training", *folders, *arguments]
    process = subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )
    process.stdin.write(questions)
    process.stdin.close()
    return process


def run(project, models, *arguments, **more):
    """Run a command to its end: exit status, what it printed, what it complained of."""
    process = start(project, models, *arguments, **more)
    output, complaint = process.stdout.read(), process.stderr.read()
    return process.wait(), output, complaint


def folders(models):
    """What is there of releases, finished or not."""
    return sorted(path.name for path in models.iterdir() if path.is_dir() and not path.is_symlink())


def children(pid):
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def rasa_of(pid):
    """Among them, those that train."""
    return [child for child in children(pid) if b"training.rasa_train" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_so, within=30.0):
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_content_that_does_not_read_is_said_before_anything_slow(project, models):
    (project / "data" / "contact.yml").write_text("nom: [")
    status, output, complaint = run(project, models, "train", "--progress", "json")
    assert status == 1
    assert "Échec pendant « Lecture du contenu »." in complaint
    assert "contact.yml" in complaint
    assert [json.loads(line)["status"] for line in output.splitlines()][-1] == FAILED
    assert read_state(models).status == FAILED
    assert folders(models) == []


def test_a_full_disk_says_where_and_what_to_do_and_leaves_nothing(project, models):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))

    status, _, complaint = run(project, models, "train", "--progress", "json", preexec_fn=limit)
    assert status == 1
    assert "Échec pendant « Entraînement »." in complaint
    assert "Le disque est plein. Faites de la place" in complaint
    assert "Rien n’a changé pour les habitants." in complaint
    assert "Traceback" not in complaint
    assert read_state(models).status == FAILED
    assert folders(models) == []


def test_a_training_killed_in_the_middle_leaves_no_process_and_the_next_one_clears_its_folder(project, models):
    process = start(project, models, "train")
    wait_until(lambda: rasa_of(process.pid))
    started = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(map(is_alive, started)))
    state = read_state(models)
    assert state.status == INTERRUPTED
    assert "pendant « Entraînement »" in state.message
    assert current_id(models) is None
    assert list_releases(models) == []
    assert "Le dernier entraînement" in run(project, models, "list")[1]
    # The next one starts from a clean folder; this one stops at the content, at once.
    (project / "data" / "contact.yml").write_text("nom: [")
    run(project, models, "train")
    assert folders(models) == []


def test_a_rasa_that_is_killed_for_its_memory_is_said(project, models):
    process = start(project, models, "train", "--progress", "json")
    wait_until(lambda: rasa_of(process.pid))
    os.kill(rasa_of(process.pid)[0], signal.SIGKILL)
    complaint = process.stderr.read()
    assert process.wait() == 1
    assert "Échec pendant « Entraînement »." in complaint
    assert "faute de mémoire" in complaint
    assert folders(models) == []


def test_a_second_training_is_told_who_trains(project, models):
    process = start(project, models, "train", "--by", "alice")
    wait_until(lambda: read_state(models) is not None)
    status, _, complaint = run(project, models, "train", "--by", "bob", "--progress", "json")
    assert status == 1
    assert complaint.startswith("Un entraînement est déjà en cours, par alice depuis")
    process.kill()
    process.wait()


def test_questions_to_replay_that_do_not_read_are_refused(project, models):
    status, _, complaint = run(project, models, "train", "--replay", "--progress", "json", questions="[1]\n")
    assert status == 1
    assert complaint.startswith("Les questions à rejouer ne se lisent pas")
    assert not models.exists()


@pytest.mark.model
@pytest.mark.timeout(900)  # four starts of the real assistant, one after the other
def test_a_release_is_compared_judged_published_and_left_without_a_trace(release, project, models):
    """Two releases of one model: the same, then one whose fiche and whose exam answer differ."""
    first = copy_release(release, models, "20260101-000000-aaaa")
    status, output, _ = run(project, models, "publish", first)
    assert (status, current_id(models)) == (0, first)
    assert "Accepté : première version." in output

    same = copy_release(release, models, "20260102-000000-bbbb", parent=first)
    questions = '{"id": "7", "text": "bonjour"}\n{"id": "8", "text": "qui sont les partenaires ?"}\n'
    status, output, _ = run(project, models, "evaluate", same, "--replay", "--progress", "json", questions=questions)
    states = [json.loads(line) for line in output.splitlines()]
    assert status == 0
    assert states[-1]["status"] == "terminé"
    assert load_changes(models, same).sentence == "Aucune réponse ne change, sur 4 questions."
    assert load_manifest(models, same).exam == load_evaluation(models, same)["exam"]
    assert not (PROJECT / "var" / "tracker.db").exists() or b"replay-7" not in (PROJECT / "var/tracker.db").read_bytes()

    poisoned = copy_release(release, models, "20260103-000000-cccc", parent=first, poison=True)
    status, output, _ = run(project, models, "publish", poisoned)
    assert (status, current_id(models)) == (1, first)
    assert "Refusé : " in output
    assert "« qui sont les partenaires ? »" in output
    with pytest.raises(publication.Refused):
        publication.publish(models, project, poisoned, "Alice", "par un autre chemin")
    (change,) = load_changes(models, poisoned).changes
    assert (change.verdict, change.message) == ("pire", "qui sont les partenaires ?")

    assert run(project, models, "publish", same)[0] == 0
    before = hash_parts(models / first)
    assert run(project, models, "rollback", first, "--reason", "pour voir")[0] == 0
    assert current_id(models) == first
    assert hash_parts(models / "current") == before == load_manifest(models, first).hashes


def copy_release(release, models, name, parent=None, poison=False):
    """A release made of the trained model, under another name; a poisoned one has the list of partners emptied."""
    shutil.copytree(release, models / name)
    (models / name / "evaluation.json").unlink(missing_ok=True)
    manifest = json.loads((models / name / MANIFEST_FILE).read_text())
    if poison:
        shutil.rmtree(models / name / "data" / "fiches" / "partenaires")
    changed = {"id": name, "parent": parent, "exam": None, "evaluation": None, "hashes": hash_parts(models / name)}
    write_json(models / name / MANIFEST_FILE, manifest | changed)
    return check_intact(models, name).id
