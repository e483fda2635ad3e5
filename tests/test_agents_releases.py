"""« Entraîner et publier » and « Versions »: who may do what, and that the server refuses what the gate refuses."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from agents_case import Enter, Person
from gateway_case import Gateway
from releases_case import MARKS, examine, make_change, make_examined

from gateway.agents.keys import QUESTIONS, TRAININGS
from gateway.agents.training_runs import TrainingRuns
from training import changes, locks, publication
from training.content import list_aside
from training.progress import JUDGING, LEARNING, STATE_FILE, Progress
from training.releases import current_id, hash_parts, load_manifest

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

Notes = Callable[[], list[tuple[str, str, str, str]]]
WORSE = {**MARKS, "clair": (5, 10)}
BETTER = {**MARKS, "clair": (10, 10)}
# A training in the place of Rasa's: it reads the same command line, and goes through the same stages.
FAKE_TRAINING = """
import sys, time
from pathlib import Path
from training import locks
from training.progress import LEARNING, JUDGING, Progress
arguments = sys.argv[1:]
models = Path(arguments[arguments.index("--models") + 1])
questions = sys.stdin.read()
try:
    with locks.exclusive(models, locks.TRAINING, "bob"):
        progress = Progress.begin(models, "bob", questions.strip() or "essai", [LEARNING, JUDGING], lambda state: None)
        with progress.stage(LEARNING):
            time.sleep(float(Path(models / "seconds").read_text()))
        progress.fail("Échec pendant « Entraînement ». Le disque est plein.")
except locks.Busy as busy:
    sys.exit(str(busy))
"""


@pytest.fixture
def published(models: Path, project: Path) -> str:
    """A first release, examined and published."""
    release = make_examined(models, project, reason="première", clair=["qui signe ?"])
    (models / "current").unlink()
    publication.publish(models, project, release, "alice@ville.example", "première")
    return release


@pytest.fixture
def better(models: Path, project: Path, published: str) -> str:
    """A release that does better, from a content in which one fiche has changed."""
    fiche = project / "data" / "fiches" / "quartiers" / "nord.md"
    fiche.write_text(fiche.read_text().replace("Le nord est un quartier.", "Le nord est un grand quartier."))
    return make_examined(models, project, BETTER, reason="la fiche du nord")


def plain(page: str) -> str:
    """A page with plain spaces."""
    return page.replace("\u202f", " ").replace("\u00a0", " ")


def end_training(models: Path, release: str, is_open: bool = True) -> None:
    """The state of a training that went to its end."""
    progress = Progress.begin(models, "bob@ville.example", "la fiche du nord", [LEARNING, JUDGING], lambda state: None)
    for stage in (LEARNING, JUDGING):
        with progress.stage(stage):
            pass
    progress.name_release(release)
    progress.finish("dit par l’examen", is_open)


async def test_a_release_is_published_from_the_screen(
    alice: Person, models: Path, better: str, published: str, notes: Notes
) -> None:
    end_training(models, better)
    change = make_change(changes.BETTER, "et le nord ?", "Je ne sais pas.", "Le **nord** est un quartier.")
    changes.save_changes(models, changes.Changes(published, better, 12, (change,)))
    page = await alice.get("/agents/entrainer")
    assert "Prête à publier" in page
    assert "1 réponse change sur 12 : 1 mieux." in plain(page)
    assert "Le <strong>nord</strong> est un quartier." in page
    assert "<svg" in page
    where = await alice.post(f"/agents/versions/{better}/publier", {"motif": "la fiche du nord"})
    assert where == "/agents/versions?fait=publie"
    assert current_id(models) == better
    assert notes()[0] == ("alice@ville.example", "Version publiée", better, "la fiche du nord")
    assert "Cette version est publiée" in await alice.get("/agents/entrainer")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_poisoned_release_is_refused_by_the_server_whatever_the_page_shows(
    alice: Person, models: Path, project: Path, published: str, accept: str, notes: Notes
) -> None:
    poisoned = make_examined(models, project, WORSE, clair=["qui signe ?", "quels quartiers ?"])
    end_training(models, poisoned, is_open=False)
    page = await alice.get("/agents/entrainer")
    assert "Ne peut pas être publiée" in page
    assert "ne marche plus : « quels quartiers ? »" in plain(page)
    assert f"/agents/versions/{poisoned}/publier" not in page
    answer = await alice.post(
        f"/agents/versions/{poisoned}/publier", {"motif": "quand même"}, 409, headers={"Accept": accept}
    )
    said = answer if accept == "text/html" else json.loads(answer)["error"]["message"]
    assert "moins de bonnes réponses" in said
    assert current_id(models) == published
    assert notes()[0][1] != "Version publiée"


async def test_a_release_that_breaks_a_distress_answer_is_refused(
    alice: Person, models: Path, project: Path, published: str
) -> None:
    poisoned = make_examined(models, project, BETTER, detresse=["au feu"])
    answer = await alice.post(f"/agents/versions/{poisoned}/publier", {"motif": "tout le reste va mieux"}, 409)
    assert "le bon numéro d’urgence n’est plus donné" in answer
    assert current_id(models) == published


async def test_an_exam_that_changed_has_to_be_taken_again(
    alice: Person, models: Path, project: Path, better: str, published: str
) -> None:
    end_training(models, better)
    exam = project / "tests" / "questions" / "clair.yml"
    exam.write_text(exam.read_text() + "  - question: qui signe ?\n    sujet: contrat\n")
    page = await alice.get("/agents/entrainer")
    assert f"/agents/entrainer/examen/{better}" in page
    await alice.post(f"/agents/versions/{better}/publier", {"motif": "vite"}, 409)
    assert current_id(models) == published
    for release in (published, better):
        examine(models, project, release)
    await alice.post(f"/agents/versions/{better}/publier", {"motif": "vite"})
    assert current_id(models) == better


async def test_going_back_takes_a_reason_and_brings_the_content_too_if_asked(
    alice: Person, models: Path, project: Path, better: str, published: str, notes: Notes
) -> None:
    await alice.post(f"/agents/versions/{better}/publier", {"motif": "la fiche du nord"})
    refused = await alice.post(f"/agents/versions/{published}/retour", {"motif": ""}, 400)
    assert "Dites pourquoi" in refused
    assert current_id(models) == better
    began = time.monotonic()
    where = await alice.post(f"/agents/versions/{published}/retour", {"motif": "le nord est petit", "contenu": "oui"})
    assert time.monotonic() - began < 10
    assert where == "/agents/versions?fait=retour_contenu"
    assert current_id(models) == published
    assert hash_parts(models / "current") == load_manifest(models, published).hashes
    fiche = Path("fiches/quartiers/nord.md")
    assert "Le nord est un quartier." in (project / "data" / fiche).read_text()
    (aside,) = list_aside(models)
    assert "grand quartier" in (models / "brouillons" / aside / "data" / fiche).read_text()
    assert [note[1] for note in notes()[:2]] == ["Contenu repris d’une version", "Retour à une version"]
    # Nothing is lost: what was set aside comes back the same way.
    assert aside in await alice.get("/agents/versions")
    await alice.post(f"/agents/versions/brouillons/{aside}/reprendre")
    assert "grand quartier" in (project / "data" / fiche).read_text()


async def test_a_release_that_was_never_published_is_not_one_to_go_back_to(
    alice: Person, models: Path, better: str, published: str
) -> None:
    answer = await alice.post(f"/agents/versions/{better}/retour", {"motif": "parce que"}, 409)
    assert "n’a jamais été publiée" in answer
    assert current_id(models) == published


async def test_the_residents_get_the_release_that_was_published_then_the_one_gone_back_to(
    alice: Person, gateway: Gateway, models: Path, better: str, published: str
) -> None:
    async def wait(release: str) -> None:
        deadline = time.monotonic() + 10
        while (await gateway.chat("bonjour"))["release"] != release:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)

    await wait(published)
    await alice.post(f"/agents/versions/{better}/publier", {"motif": "la fiche du nord"})
    await wait(better)
    began = time.monotonic()
    await alice.post(f"/agents/versions/{published}/retour", {"motif": "le nord est petit"})
    await wait(published)
    assert time.monotonic() - began < 10


async def test_two_who_publish_at_once_are_told(alice: Person, models: Path, better: str, published: str) -> None:
    with locks.exclusive(models, locks.PUBLICATION, "denis@ville.example"):
        answer = await alice.post(f"/agents/versions/{better}/publier", {"motif": "en même temps"}, 409)
    assert "par denis@ville.example depuis" in answer
    assert current_id(models) == published


async def test_a_release_shows_what_changed_in_its_content(
    chloe: Person, models: Path, better: str, published: str
) -> None:
    page = await chloe.get(f"/agents/versions/{better}")
    assert "Le quartier nord" in page
    assert 'class="plus"' in page
    assert "Le nord est un grand quartier." in page
    assert load_manifest(models, better).hashes["model.tar.gz"] in page
    assert "/retour" not in page
    assert "/publier" not in page


async def test_a_release_that_does_not_start_is_said_on_the_screen(
    alice: Person, gateway: Gateway, models: Path, better: str, published: str
) -> None:
    (models / better / "defect").write_text("crash")
    await alice.post(f"/agents/versions/{better}/publier", {"motif": "la fiche du nord"})
    deadline = time.monotonic() + 10
    while gateway.supervisor.failure is None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    page = await alice.get("/agents/versions")
    assert "est publiée mais ne démarre pas" in page
    assert "continue de répondre aux habitants" in page


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param("chloe", "/agents/entrainer", id="lecture-trains"),
        pytest.param("chloe", "/agents/versions/{}/contenu", id="lecture-takes-content"),
        pytest.param("bob", "/agents/versions/{}/publier", id="rédaction-publishes"),
        pytest.param("bob", "/agents/versions/{}/retour", id="rédaction-goes-back"),
    ],
)
async def test_a_lower_role_is_refused(
    enter: Enter, models: Path, better: str, published: str, name: str, path: str
) -> None:
    person = await enter(name)
    await person.post(path.format(better), {"motif": "je voudrais"}, 403)
    assert current_id(models) == published


# --- Trainings that are started from the console ----------------------------------------------------------


@pytest.fixture
async def quick_training(gateway: Gateway, models: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingRuns:
    """Trainings that take a moment, without Rasa."""
    trainings = gateway.client.app[TRAININGS]
    monkeypatch.setattr(trainings, "_command", (sys.executable, "-c", FAKE_TRAINING))
    (models / "seconds").write_text("1.5")
    return trainings


async def wait_status(person: Person, status: str) -> dict[str, object]:
    """Poll the state as the page does."""
    deadline = time.monotonic() + 15
    while True:
        state = json.loads(await person.get("/agents/entrainer/etat", headers={"Accept": "application/json"}))
        if state["status"] == status:
            return dict(state)
        assert time.monotonic() < deadline, state
        await asyncio.sleep(0.05)


async def test_a_training_goes_on_in_its_own_process_and_its_failure_is_shown(
    bob: Person, gateway: Gateway, quick_training: TrainingRuns, models: Path, notes: Notes, published: str
) -> None:
    assert await bob.post("/agents/entrainer", {"motif": "la fiche du nord"}) == "/agents/entrainer"
    assert notes()[0] == ("bob@ville.example", "Entraînement lancé", "", "la fiche du nord")
    state = await wait_status(bob, "en cours")
    assert [stage["name"] for stage in state["stages"]] == ["entrainer", "juger"]
    page = await bob.get("/agents/entrainer")
    assert "Entraînement en cours" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert (await gateway.chat("bonjour"))["replies"]
    await wait_status(bob, "échec")
    page = await bob.get("/agents/entrainer")
    assert "L’entraînement a échoué" in page
    assert "Le disque est plein." in page
    assert current_id(models) == published


async def test_the_real_command_says_what_is_wrong_with_the_content(
    bob: Person, project: Path, published: str, models: Path
) -> None:
    (project / "data" / "contact.yml").write_text("nom: [")
    await bob.post("/agents/entrainer", {"motif": "un autre téléphone"})
    await wait_status(bob, "échec")
    page = plain(await bob.get("/agents/entrainer"))
    assert "Échec pendant « Lecture du contenu »." in page
    assert "contact.yml" in page
    assert str(project) not in page
    assert current_id(models) == published


async def test_a_second_training_is_told_who_trains(bob: Person, quick_training: TrainingRuns) -> None:
    await bob.post("/agents/entrainer", {"motif": "la première"})
    answer = await bob.post("/agents/entrainer", {"motif": "la deuxième"}, 409)
    assert "Un entraînement est déjà en cours, par bob depuis" in answer
    await wait_status(bob, "échec")


async def test_a_training_that_is_killed_is_said_and_changes_nothing(
    bob: Person, quick_training: TrainingRuns, models: Path, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (models / "seconds").write_text("60")
    writing = f"import os; from pathlib import Path; Path({str(models / 'pid')!r}).write_text(str(os.getpid()))"
    killing = writing + FAKE_TRAINING
    monkeypatch.setattr(quick_training, "_command", (sys.executable, "-c", killing))
    await bob.post("/agents/entrainer", {"motif": "la fiche du nord"})
    os.kill(int((models / "pid").read_text()), 9)
    await wait_status(bob, "interrompu")
    page = await bob.get("/agents/entrainer")
    assert "L’entraînement a été interrompu" in page
    assert "pendant « Entraînement »" in plain(page)
    assert "n’a pas abouti" in await bob.get("/agents/versions")
    assert current_id(models) == published


async def test_what_a_killed_training_left_is_cleared_when_the_gateway_starts(
    gateway: Gateway, models: Path, published: str
) -> None:
    trainings = gateway.client.app[TRAININGS]
    left = models / ".unfinished-20260101-000000-abcd"
    left.mkdir()
    with locks.exclusive(models, locks.TRAINING, "bob"):
        trainings.clear_leftovers()
        assert left.exists()
    trainings.clear_leftovers()
    assert not left.exists()


async def test_residents_questions_are_handed_to_the_training(
    bob: Person, gateway: Gateway, quick_training: TrainingRuns, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [changes.Question("7", "et mon quartier ?", "list_quartier")]
    monkeypatch.setattr(quick_training, "_questions", lambda: asked)
    await bob.post("/agents/entrainer", {"motif": "la fiche du nord"})
    state = json.loads((models / STATE_FILE).read_text())
    assert changes.read_questions(state["reason"].splitlines()) == tuple(asked)
    await wait_status(bob, "échec")


async def test_a_training_needs_a_reason(bob: Person, quick_training: TrainingRuns, models: Path) -> None:
    assert "Dites pourquoi" in await bob.post("/agents/entrainer", {"motif": " "}, 400)
    assert not (models / STATE_FILE).exists()


async def test_the_question_of_a_resident_that_was_erased_is_not_shown(
    alice: Person, gateway: Gateway, models: Path, better: str, published: str
) -> None:
    end_training(models, better)
    change = make_change(changes.UNDECIDED, "", "avant", "après")
    real = changes.Change(changes.REAL, "7", None, change.before, change.after, changes.UNDECIDED)
    changes.save_changes(models, changes.Changes(published, better, 12, (real,)))
    assert "question effacée depuis" in await alice.get("/agents/entrainer")
    assert gateway.client.app[QUESTIONS].texts(["7"]) == {}
