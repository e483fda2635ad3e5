import hashlib
import json
import re
import tarfile

import pytest

from training.releases import (
    MODEL_FILE,
    ReleaseError,
    check_intact,
    current_id,
    hash_parts,
    list_releases,
    load_evaluation,
    load_manifest,
    make_release,
    remove_unfinished,
    save_evaluation,
)


@pytest.fixture
def project(tmp_path):
    """A working folder to train from."""
    folder = tmp_path / "project"
    (folder / "data" / "fiches").mkdir(parents=True)
    (folder / "data" / "fiches" / "caf.md").write_text("La CAF")
    (folder / "config.yml").write_text("language: fr\n")
    (folder / "domain.yml").write_text("intents: []\n")
    (folder / "secret.txt").write_text("not part of a release")
    return folder


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def train(folder):
    """What training does for a release: write the model from the content that is there."""
    (folder / MODEL_FILE).write_bytes(b"model of " + (folder / "data" / "fiches" / "caf.md").read_bytes())


def make(models, project, reason="essai"):
    return make_release(models, project, "Alice", reason, train)


def point_at(models, release):
    """Have the link of the published release name this one."""
    (models / "current").unlink(missing_ok=True)
    (models / "current").symlink_to(release)


def test_a_release_is_a_folder_with_the_model_and_what_it_was_trained_from(models, project):
    manifest = make(models, project)
    folder = models / manifest.id
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == ["config.yml", "data/fiches/caf.md", "domain.yml", "manifest.json", MODEL_FILE]
    assert (folder / MODEL_FILE).read_text() == "model of La CAF"


def test_the_manifest_says_who_when_why_and_from_which(models, project):
    first = make(models, project, "première")
    point_at(models, first.id)
    second = make(models, project, "la CAF a changé")
    assert (second.made_by, second.reason, first.parent, second.parent) == ("Alice", "la CAF a changé", None, first.id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", second.made_at)
    assert load_manifest(models, second.id) == second


def test_the_manifest_holds_the_hash_of_each_part(models, project):
    manifest = make(models, project)
    assert set(manifest.hashes) == {MODEL_FILE, "data", "config.yml", "domain.yml"}
    digest = hashlib.sha256(b"config.yml\0language: fr\n").hexdigest()
    assert manifest.hashes["config.yml"] == digest


def test_a_release_does_not_change_with_the_working_folder(models, project):
    manifest = make(models, project)
    (project / "data" / "fiches" / "caf.md").write_text("Autre chose")
    assert (models / manifest.id / "data" / "fiches" / "caf.md").read_text() == "La CAF"
    assert hash_parts(models / manifest.id) == manifest.hashes


@pytest.mark.parametrize("how", [pytest.param(RuntimeError, id="error"), pytest.param(KeyboardInterrupt, id="Ctrl-C")])
def test_a_training_that_fails_leaves_nothing(models, project, how):
    before = make(models, project)
    point_at(models, before.id)

    def fail(folder):
        train(folder)
        raise how

    with pytest.raises(how):
        make_release(models, project, "Alice", "essai", fail)
    assert sorted(path.name for path in models.iterdir()) == [before.id, "current"]
    assert current_id(models) == before.id


def test_a_project_that_lacks_a_part_leaves_nothing(models, project):
    (project / "domain.yml").unlink()
    with pytest.raises(FileNotFoundError):
        make(models, project)
    assert list(models.iterdir()) == []


def test_a_training_without_a_model_makes_no_release(models, project):
    with pytest.raises(ReleaseError, match="pas donné de modèle"):
        make_release(models, project, "Alice", "essai", lambda folder: None)
    assert list(models.iterdir()) == []


def test_an_unfinished_release_is_in_no_list(models, project):
    seen = []

    def look(folder):
        train(folder)
        seen.extend(list_releases(models))

    make_release(models, project, "Alice", "essai", look)
    assert seen == []


def test_nothing_is_published_at_first(models, project):
    assert current_id(models) is None
    make(models, project)
    assert current_id(models) is None


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(MODEL_FILE, id="model"),
        pytest.param("data/fiches/caf.md", id="fiche"),
        pytest.param("config.yml", id="config"),
        pytest.param("domain.yml", id="domain"),
    ],
)
@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_a_damaged_release_is_known(models, project, part, damage):
    after = make(models, project)
    if damage == "changed":
        (models / after.id / part).write_text("autre chose")
    else:
        (models / after.id / part).unlink()
    with pytest.raises(ReleaseError, match="a été modifiée depuis sa création"):
        check_intact(models, after.id)


def test_a_file_that_was_added_to_the_content_is_damage_too(models, project):
    manifest = make(models, project)
    (models / manifest.id / "data" / "fiches" / "ars.md").write_text("L’ARS")
    with pytest.raises(ReleaseError, match="a été modifiée"):
        check_intact(models, manifest.id)


def test_a_renamed_fiche_is_damage_too(models, project):
    manifest = make(models, project)
    fiche = models / manifest.id / "data" / "fiches" / "caf.md"
    fiche.rename(fiche.with_name("ars.md"))
    with pytest.raises(ReleaseError, match="a été modifiée"):
        check_intact(models, manifest.id)


def test_an_evaluation_does_not_damage_its_release(models, project):
    manifest = make(models, project)
    save_evaluation(models, manifest.id, {"overall": 0.9, "exam": "e1"})
    assert check_intact(models, manifest.id).exam == "e1"
    assert load_evaluation(models, manifest.id) == {"overall": 0.9, "exam": "e1"}


def test_an_evaluation_that_was_written_by_another_hand_counts_for_nothing(models, project):
    manifest = make(models, project)
    save_evaluation(models, manifest.id, {"overall": 0.1, "exam": "e1"})
    path = models / manifest.id / "evaluation.json"
    path.write_text(path.read_text().replace("0.1", "0.9"))
    assert load_evaluation(models, manifest.id) is None


def test_what_a_cut_training_left_is_cleared(models, project):
    manifest = make(models, project)
    (models / ".unfinished-20200101-000000-abcd").mkdir()
    remove_unfinished(models)
    assert [path.name for path in models.iterdir()] == [manifest.id]


def test_the_manifest_holds_the_thresholds_of_the_model(models, project, tmp_path):
    def train_for_real(folder):
        (tmp_path / "decision.json").write_text('{"sure": 0.6, "ask": 0.3}')
        with tarfile.open(folder / MODEL_FILE, "w:gz") as archive:
            archive.add(tmp_path / "decision.json", "components/train_Classifier4/decision.json")

    manifest = make_release(models, project, "Alice", "essai", train_for_real)
    assert load_manifest(models, manifest.id).thresholds == {"sure": 0.6, "ask": 0.3}


def test_a_release_that_was_not_evaluated_has_no_evaluation(models, project):
    assert load_evaluation(models, make(models, project).id) is None


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("20200101-000000-abcd", id="unknown"),
        pytest.param("current", id="the-link"),
        pytest.param("../project", id="another-folder"),
        pytest.param("", id="empty"),
        pytest.param(".unfinished-20200101-000000-abcd", id="unfinished"),
    ],
)
def test_a_release_that_does_not_exist_is_refused_in_french(models, project, name):
    point_at(models, make(models, project).id)
    for use in (load_manifest, check_intact):
        with pytest.raises(ReleaseError, match=re.escape(f"La version « {name} » n’existe pas.")):
            use(models, name)


def test_releases_are_listed_the_newest_first(models, project):
    made = [make(models, project) for _ in range(3)]
    for age, manifest in enumerate(made):
        renamed = f"2026010{3 - age}-120000-{manifest.id[-4:]}"
        content = json.loads((models / manifest.id / "manifest.json").read_text()) | {"id": renamed}
        (models / manifest.id / "manifest.json").write_text(json.dumps(content))
        (models / manifest.id).rename(models / renamed)
    (models / "README.md").write_text("des modèles")
    assert [manifest.id[:8] for manifest in list_releases(models)] == ["20260103", "20260102", "20260101"]
