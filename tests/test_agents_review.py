"""« À revoir » and « Examen » as staff use them, without a script."""

from pathlib import Path

import pytest
from agents_case import Person
from gateway_case import Gateway

from gateway.agents import texts
from gateway.agents.keys import GROUPING
from knowledge.base import KnowledgeBase
from training.real_questions import list_real

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

HERE = "/agents/revoir"
# The fake worker is less and less sure as a message gets longer.
ASKED = "je me demande bien où se trouve donc exactement le quartier du nord de la ville"


@pytest.fixture
async def asked(gateway: Gateway) -> None:
    """One question was asked, and stands in its group."""
    await gateway.chat(ASKED)
    gateway.client.app[GROUPING].run()


def project(gateway: Gateway) -> Path:
    return gateway.settings.project


async def test_what_residents_ask_is_there_with_what_was_answered(asked: None, chloe: Person) -> None:
    page = await chloe.get(HERE)
    assert ASKED in page
    assert "1 fois" in page
    card = await chloe.get(f"{HERE}/1")
    assert "a répondu sur <strong>Le quartier nord</strong>" in card
    assert f"écho : {ASKED}" in card
    assert "Écrire au service" in card


async def test_personal_data_never_gets_there(gateway: Gateway, bob: Person) -> None:
    answer = await gateway.chat("je suis Zoé et je me demande bien où se trouve donc exactement le nord de la ville")
    opinion = {"reply": answer["replies"][0]["id"], "verdict": "fausse", "comment": "Zoé, au 06 12 34 56 78"}
    async with gateway.client.post("/api/feedback", json=opinion) as response:
        assert response.status == 200
    gateway.client.app[GROUPING].run()
    card = await bob.get(f"{HERE}/1")
    assert "je suis [nom] et je me demande" in card
    assert "Avis laissé : « [nom], au" in card.replace("\u202f", " ")
    assert "Zoé" not in card
    assert "Zoé".encode() not in gateway.bytes_on_disk()


@pytest.mark.parametrize("decision", ["juste", "nouveau", "ecarte"])
async def test_one_press_decides_and_the_next_one_comes(
    gateway: Gateway, asked: None, bob: Person, decision: str, notes: object
) -> None:
    await gateway.chat("une tout autre demande, assez longue pour que l’on en doute un peu")
    gateway.client.app[GROUPING].run()
    assert await bob.post(f"{HERE}/1", {"decision": decision}) == f"{HERE}/2?fait={decision}"
    assert texts.REVIEW_NOTICES[decision] in await bob.get(f"{HERE}/2?fait={decision}")
    assert f"{HERE}/1" not in await bob.get(HERE)
    assert notes()[0][1] == "Question revue"  # type: ignore[operator]


async def test_the_week_ends(asked: None, bob: Person) -> None:
    assert "Commencer" in await bob.get(HERE)
    assert await bob.post(f"{HERE}/1", {"decision": "juste"}) == f"{HERE}?fait=juste"
    page = await bob.get(HERE)
    assert "C’est tout pour cette semaine" in page
    assert "1 décision" in page


async def test_a_rewritten_example_is_taught_to_its_subject(gateway: Gateway, asked: None, bob: Person) -> None:
    form = {"decision": "sujet", "sujet": "écrire au service", "exemple": "où trouver votre boîte aux lettres"}
    assert (await bob.post(f"{HERE}/1", form)).endswith("fait=appris")
    questions = KnowledgeBase.load(project(gateway) / "data").fiches["ecrire"].questions
    assert questions == ("c’est quoi Écrire au service", "où trouver votre boîte aux lettres")
    assert "Écrire au service" in await bob.get(f"{HERE}/1")


async def test_a_subject_without_an_example_is_a_decision_too(gateway: Gateway, asked: None, bob: Person) -> None:
    assert (await bob.post(f"{HERE}/1", {"decision": "sujet", "sujet": "ecrire"})).endswith("fait=sujet")
    assert len(KnowledgeBase.load(project(gateway) / "data").fiches["ecrire"].questions) == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        pytest.param({"decision": "sujet"}, "Choisissez un sujet", id="no-subject"),
        pytest.param({"decision": "sujet", "sujet": "inconnu"}, "Choisissez un sujet", id="unknown-subject"),
        pytest.param({"decision": "collegue"}, "Dites à votre collègue", id="no-note"),
        pytest.param({"sujet": "ecrire", "exemple": ASKED}, "Réécrivez cette question", id="copied"),
        pytest.param({"sujet": "ecrire", "exemple": "appelez-moi au 06 12 34 56 78"}, "personnelle", id="phone"),
        pytest.param({"sujet": "ecrire", "exemple": "je suis [nom]"}, "personnelle", id="mask-left-in"),
        pytest.param({"sujet": "ecrire", "exemple": "c’est quoi le quartier nord"}, "% proche", id="conflict"),
        pytest.param({"sujet": "nord", "exemple": "c’est quoi, le quartier nord ?"}, "déjà presque", id="adds-nothing"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_changes(
    gateway: Gateway, asked: None, bob: Person, form: dict[str, str], said: str
) -> None:
    before = {path: path.read_bytes() for path in project(gateway).rglob("*") if path.is_file()}
    page = await bob.post(f"{HERE}/1", {"decision": "sujet"} | form, status=400)
    assert said in page
    assert form.get("exemple", "") in page
    assert {path: path.read_bytes() for path in project(gateway).rglob("*") if path.is_file()} == before
    assert f"{HERE}/1" in await bob.get(HERE)


async def test_a_warning_can_be_overruled(gateway: Gateway, asked: None, bob: Person) -> None:
    form = {"decision": "sujet", "sujet": "ecrire", "exemple": "c’est quoi un quartier nord", "quand_meme": "oui"}
    assert (await bob.post(f"{HERE}/1", form)).endswith("fait=appris")
    assert "c’est quoi un quartier nord" in KnowledgeBase.load(project(gateway) / "data").fiches["ecrire"].questions


async def test_the_warning_comes_while_one_writes(asked: None, chloe: Person) -> None:
    for query, said in (
        ("exemple=c’est quoi le quartier nord&sujet=Écrire au service", "100 % proche d’un exemple de"),
        ("exemple=où est votre boîte aux lettres&sujet=Écrire au service", ""),
        ("exemple=c’est quoi le quartier nord&sujet=on ne sait pas", ""),
    ):
        response = await chloe.send("GET", f"{HERE}/verifier?{query}")
        warning = (await response.json())["warning"].replace("\u202f", " ")
        assert said in warning
        assert bool(said) == bool(warning)


async def test_a_colleague_finds_the_note(asked: None, bob: Person, alice: Person) -> None:
    await bob.post(f"{HERE}/1", {"decision": "collegue", "note": "C’est à nous, ça ?"})
    page = await alice.get(f"{HERE}?vue=collegue")
    assert "C’est à nous, ça ?" in page
    assert ASKED in page
    await alice.post(f"{HERE}/1", {"decision": "juste"})
    assert ASKED not in await alice.get(f"{HERE}?vue=collegue")
    assert await alice.post(f"{HERE}/1/reprendre") == f"{HERE}/1?fait=repris"
    assert ASKED in await alice.get(HERE)


async def test_addresses_that_do_not_exist(bob: Person) -> None:
    await bob.get(f"{HERE}/99", status=404)
    await bob.get(f"{HERE}/x", status=404)
    await bob.get(f"{HERE}?vue=rien", status=404)
    await bob.post(f"{HERE}/99", {"decision": "juste"}, status=404)
    await bob.post(f"{HERE}/1", {"decision": "autre"}, status=400)


async def test_a_question_becomes_one_of_the_exam(gateway: Gateway, asked: None, bob: Person, notes: object) -> None:
    assert ASKED in await bob.get("/agents/examen?depuis=1")
    form = {"question": "le nord il est où svp", "sujet": "Le quartier nord"}
    assert await bob.post("/agents/examen", form) == "/agents/examen?fait=examen"
    (question,) = list_real(project(gateway) / "tests/questions")
    assert (question.text, question.subject) == ("le nord il est où svp", "nord")
    assert notes()[0][1:3] == ("Question d’examen ajoutée", "le nord il est où svp")  # type: ignore[operator]
    taught = {"decision": "sujet", "sujet": "nord", "exemple": "Le nord, il est où svp ?"}
    assert "dans l’examen" in await bob.post(f"{HERE}/1", taught, status=400)
    await bob.post("/agents/examen/retirer", {"question": "le nord il est où svp"})
    assert list_real(project(gateway) / "tests/questions") == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        pytest.param({"question": "c’est quoi Le quartier nord", "sujet": "nord"}, "apprend déjà", id="learnt"),
        pytest.param({"question": "", "sujet": "nord"}, "Écrivez la question", id="empty"),
        pytest.param({"question": "le nord ?", "sujet": ""}, "Choisissez un sujet", id="no-subject"),
        pytest.param({"question": "je suis Mme Xylo", "sujet": "nord"}, "personnelle", id="name"),
    ],
)
async def test_what_cannot_be_in_the_exam(gateway: Gateway, bob: Person, form: dict[str, str], said: str) -> None:
    assert said in await bob.post("/agents/examen", form, status=400)
    assert list_real(project(gateway) / "tests/questions") == []
