"""The differences between two contents, and taking an old content back without losing the present one."""

import pytest

from training import content, locks
from training.content import ADDED, CHANGED, REMOVED, compare_contents, list_aside, take_back, take_back_aside
from training.releases import MODEL_FILE, ReleaseError, make_release


@pytest.fixture
def project(tmp_path):
    """A working folder with two fiches."""
    folder = tmp_path / "project"
    (folder / "data" / "fiches").mkdir(parents=True)
    (folder / "data" / "fiches" / "caf.md").write_text("---\ntitre: « La CAF »\n---\nElle aide.\nTous les jours.\n")
    (folder / "data" / "fiches" / "ars.md").write_text("---\ntitre: L’ARS\n---\nElle soigne.\n")
    (folder / "config.yml").write_text("language: fr\n")
    (folder / "domain.yml").write_text("intents: []\n")
    return folder


@pytest.fixture
def release(tmp_path, project):
    made = make_release(
        tmp_path / "models", project, "Alice", "essai", lambda folder: (folder / MODEL_FILE).write_bytes(b"model")
    )
    return made.id


@pytest.fixture
def edited(project):
    """What staff did since."""
    fiches = project / "data" / "fiches"
    (fiches / "caf.md").write_text((fiches / "caf.md").read_text().replace("Elle aide.", "Elle aide les familles."))
    (fiches / "ars.md").unlink()
    (fiches / "ville.md").write_text("---\ntitre: La Ville\n---\n")
    (project / "data" / "image.bin").write_bytes(b"\xff\xfe")
    return project


def test_it_names_what_was_added_changed_and_removed(tmp_path, release, edited):
    found = compare_contents(tmp_path / "models" / release, edited)
    assert [(change.title, change.kind) for change in found] == [
        ("L’ARS", REMOVED),
        ("« La CAF »", CHANGED),
        ("La Ville", ADDED),
        ("data/image.bin", ADDED),
    ]
    assert found[1].lines == (
        ("", "---"),
        ("-", "Elle aide."),
        ("+", "Elle aide les familles."),
        ("", "Tous les jours."),
    )


def test_the_same_content_has_no_difference(tmp_path, release, project):
    assert compare_contents(tmp_path / "models" / release, project) == []


def test_an_old_content_comes_back_and_the_present_one_is_set_aside(tmp_path, release, edited):
    models = tmp_path / "models"
    name = take_back(models, edited, release, "Bob")
    assert compare_contents(models / release, edited) == []
    assert list_aside(models) == [name]
    assert (models / "brouillons" / name / "data" / "fiches" / "ville.md").exists()
    assert sorted(path.name for path in edited.iterdir()) == ["config.yml", "data", "domain.yml"]
    # And the other way.
    assert take_back_aside(models, edited, name, "Bob") in list_aside(models)
    assert (edited / "data" / "fiches" / "ville.md").exists()
    assert len(list_aside(models)) == 2


def test_the_oldest_of_many_set_aside_goes(tmp_path, release, project, monkeypatch):
    monkeypatch.setattr(content, "MOST_ASIDE", 2)
    made = [take_back(tmp_path / "models", project, release, "Bob") for _ in range(3)]
    assert list_aside(tmp_path / "models") == [made[2], made[1]]


@pytest.mark.parametrize("name", ["../project", "", ".", "rien"])
def test_what_was_not_set_aside_is_not_taken_back(tmp_path, release, project, name):
    assert take_back_aside(tmp_path / "models", project, name, "Bob") is None


def test_a_content_is_not_replaced_while_it_is_being_learnt(tmp_path, release, edited):
    models = tmp_path / "models"
    with locks.exclusive(models, locks.TRAINING, "Alice"), pytest.raises(locks.Busy):
        take_back(models, edited, release, "Bob")
    assert (edited / "data" / "fiches" / "ville.md").exists()
    assert list_aside(models) == []


def test_a_damaged_content_is_not_taken_back(tmp_path, release, edited):
    (tmp_path / "models" / release / "data" / "fiches" / "caf.md").write_text("autre chose")
    with pytest.raises(ReleaseError, match="a été modifiée"):
        take_back(tmp_path / "models", edited, release, "Bob")
    assert (edited / "data" / "fiches" / "ville.md").exists()


def test_no_room_leaves_the_working_content_as_it_was(tmp_path, release, edited):
    models = tmp_path / "models"
    (models / "brouillons").write_text("not a folder")
    with pytest.raises(OSError):
        take_back(models, edited, release, "Bob")
    assert (edited / "data" / "fiches" / "ville.md").exists()
    assert sorted(path.name for path in edited.iterdir()) == ["config.yml", "data", "domain.yml"]
