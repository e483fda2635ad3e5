"""Publishing, going back, the log and the retention: on folders, with a model that is a dummy."""

import json
import os
import threading

import pytest

from training import locks, publication
from training.exam import exam_hash
from training.publication import NotExamined, Refused, prune, publish, read_log, rollback
from training.releases import (
    MODEL_FILE,
    ReleaseError,
    current_id,
    hash_parts,
    list_releases,
    load_manifest,
    make_release,
    save_evaluation,
)


@pytest.fixture
def project(tmp_path):
    """A working folder with a content and an exam."""
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "caf.md").write_text("La CAF")
    (folder / "config.yml").write_text("language: fr\n")
    (folder / "domain.yml").write_text("intents: []\n")
    (folder / "tests" / "questions").mkdir(parents=True)
    (folder / "tests" / "questions" / "clair.yml").write_text("description: d\nquestions:\n  - question: la CAF ?\n")
    return folder


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def train(folder):
    (folder / MODEL_FILE).write_bytes(b"model of " + (folder / "data" / "caf.md").read_bytes())


def make(models, project, overall=0.8, *, is_examined=True, **slices):
    """A release with the marks that are said; `slices` names the wrong messages of each."""
    release = make_release(models, project, "Alice", "essai", train).id
    if is_examined:
        wrong = {name: {"wrong": [{"message": message} for message in messages]} for name, messages in slices.items()}
        evaluation = {"overall": overall, "worst": 0.5, "slices": {"detresse": {"wrong": []}} | wrong, "answers": []}
        save_evaluation(models, release, {"exam": exam_hash(project / "tests" / "questions"), **evaluation})
    return release


def publish_it(models, project, release):
    return publish(models, project, release, "Alice", "essai")


def test_publishing_is_one_symbolic_link(models, project):
    release = make(models, project)
    assert publish_it(models, project, release).sentence == "Accepté : première version."
    assert os.readlink(models / "current") == release
    assert current_id(models) == release


def test_publishing_another_one_replaces_the_link_in_one_step(models, project, monkeypatch):
    first, second = make(models, project), make(models, project)
    publish_it(models, project, first)
    published = []
    replace = os.replace

    def watch(source, target):
        published.append(current_id(models))
        replace(source, target)
        published.append(current_id(models))

    monkeypatch.setattr(publication.os, "replace", watch)
    publish_it(models, project, second)
    assert published == [first, second]
    assert not list(models.glob(".current-*"))


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param(
            {"overall": 0.7, "clair": ["a ?", "b ?", "c ?", "d ?"]},
            "Refusé : moins de bonnes réponses qu’avant ; ne marche plus : « a ? », « b ? », « c ? » et 1 autre.",
            id="worse",
        ),
        pytest.param(
            {"overall": 0.9, "detresse": ["au feu"]},
            "Refusé : le bon numéro d’urgence n’est plus donné pour « au feu ».",
            id="poisoned-for-distress",
        ),
    ],
)
def test_a_worse_release_is_refused_to_whoever_calls(models, project, marks, sentence):
    before = make(models, project, clair=[])
    publish_it(models, project, before)
    with pytest.raises(Refused) as refusal:
        publish_it(models, project, make(models, project, **marks))
    assert str(refusal.value) == sentence
    assert current_id(models) == before
    assert [line.release for line in read_log(models)] == [before]


def test_a_release_that_was_not_examined_is_refused_even_as_the_first(models, project):
    release = make(models, project, is_examined=False)
    with pytest.raises(NotExamined, match=f"python -m training evaluate {release}"):
        publish_it(models, project, release)
    assert current_id(models) is None


def test_marks_of_yesterdays_exam_do_not_open_the_gate(models, project):
    before, after = make(models, project), make(models, project)
    publish_it(models, project, before)
    (project / "tests" / "questions" / "clair.yml").write_text("description: d\nquestions:\n  - question: autre ?\n")
    with pytest.raises(NotExamined, match=after):
        publish_it(models, project, after)
    # Both have to have answered the same questions: the published one is next.
    after = make(models, project)
    with pytest.raises(NotExamined, match=before):
        publish_it(models, project, after)


def test_marks_that_were_edited_do_not_open_the_gate(models, project):
    publish_it(models, project, make(models, project, overall=0.9))
    poor = make(models, project, overall=0.1)
    path = models / poor / "evaluation.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"overall": 1.0}))
    with pytest.raises(NotExamined, match=poor):
        publish_it(models, project, poor)


def test_a_damaged_release_is_not_published(models, project):
    release = make(models, project)
    (models / release / "data" / "caf.md").write_text("autre chose")
    with pytest.raises(ReleaseError, match="a été modifiée depuis sa création"):
        publish_it(models, project, release)
    assert current_id(models) is None


def test_going_back_brings_model_content_thresholds_and_answers_byte_for_byte(models, project):
    first = make(models, project)
    publish_it(models, project, first)
    before = {path: path.read_bytes() for path in (models / first).rglob("*") if path.is_file()}
    (project / "data" / "caf.md").write_text("Autre chose")
    second = make(models, project)
    publish_it(models, project, second)
    rollback(models, first, "Bob", "la réponse sur la CAF est fausse")
    assert current_id(models) == first
    assert {path: path.read_bytes() for path in (models / first).rglob("*") if path.is_file()} == before
    assert hash_parts(models / "current") == load_manifest(models, first).hashes


def test_the_log_says_what_was_published_by_whom_and_why(models, project):
    first, second = make(models, project), make(models, project)
    publish_it(models, project, first)
    publish_it(models, project, second)
    rollback(models, first, "Bob", "la CAF")
    seen = [(line.kind, line.release, line.by, line.reason, line.replaced) for line in read_log(models)]
    assert seen == [
        ("publication", first, "Alice", "essai", None),
        ("publication", second, "Alice", "essai", first),
        ("retour", first, "Bob", "la CAF", second),
    ]


def test_a_line_of_the_log_that_was_cut_spoils_no_other(models, project):
    first, second = make(models, project), make(models, project)
    publish_it(models, project, first)
    with (models / "publications.jsonl").open("a") as log:
        log.write('{"release": "2026')
    publish_it(models, project, second)
    assert [line.release for line in read_log(models)] == [first, second]


@pytest.mark.parametrize(
    ("which", "reason", "message"),
    [
        pytest.param("first", "  ", "Dites en quelques mots pourquoi", id="no-reason"),
        pytest.param("second", "parce que", "est déjà celle qui répond", id="the-published-one"),
        pytest.param("never", "parce que", "n’a jamais été publiée", id="never-published"),
        pytest.param("damaged", "parce que", "a été modifiée", id="damaged"),
        pytest.param("unknown", "parce que", "n’existe pas", id="unknown"),
    ],
)
def test_going_back_is_refused_with_one_sentence(models, project, which, reason, message):
    known = {name: make(models, project) for name in ("damaged", "first", "second", "never")}
    for name in ("damaged", "first", "second"):
        publish_it(models, project, known[name])
    (models / known["damaged"] / "config.yml").write_text("autre chose")
    with pytest.raises(ReleaseError, match=message):
        rollback(models, known.get(which, "20200101-000000-abcd"), "Bob", reason)
    assert current_id(models) == known["second"]


def test_of_two_who_publish_at_once_one_is_told_who_and_since_when(models, project):
    release = make(models, project)
    with locks.exclusive(models, locks.PUBLICATION, "alice@ville.example"):
        for action in (lambda: publish_it(models, project, release), lambda: rollback(models, release, "Bob", "r")):
            with pytest.raises(locks.Busy, match=r"déjà en cours, par alice@ville\.example depuis \d\d h \d\d\."):
                action()
    assert current_id(models) is None
    publish_it(models, project, release)


def test_many_who_publish_at_once_leave_one_whole_publication(models, project):
    made = [make(models, project) for _ in range(6)]
    busy = []

    def go(release):
        try:
            publish_it(models, project, release)
        except locks.Busy as error:
            busy.append(error)

    threads = [threading.Thread(target=go, args=[release]) for release in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = read_log(models)
    assert len(log) + len(busy) == len(made)
    assert current_id(models) == log[-1].release
    assert [line.replaced for line in log] == [None, *(line.release for line in log[:-1])]


def test_old_releases_go_but_those_that_were_published_last_stay(models, project):
    made = [make(models, project) for _ in range(9)]
    made.sort()
    for release in made[:3]:
        publish_it(models, project, release)
    removed = prune(models, 2, "Alice")
    assert set(removed) == set(made[3:7])
    assert {manifest.id for manifest in list_releases(models)} == {*made[:3], *made[7:]}
    assert current_id(models) == made[2]
    assert not list(models.glob(".unfinished-*"))
    rollback(models, made[0], "Bob", "pour voir")


def test_a_publication_that_cannot_be_written_down_is_not_done(models, project):
    release = make(models, project)
    (models / "publications.jsonl").mkdir()
    with pytest.raises(OSError):
        publish_it(models, project, release)
    assert current_id(models) is None
