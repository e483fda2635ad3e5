"""« Comptes »: people added, given roles, closed, helped with a link; and everybody's own account."""

import re
from collections.abc import Callable

import pytest
from agents_case import PASSWORD, Enter, Person, email_of
from gateway_case import Gateway

from gateway.agents import texts
from gateway.agents.keys import ACCOUNTS

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

Notes = Callable[[], list[tuple[str, str, str, str]]]
OTHER = "tout autre chose ici"


async def test_a_colleague_is_added_and_chooses_a_password(alice: Person, outsider: Person, notes: Notes) -> None:
    page = await alice.post("/agents/comptes", {"adresse": "Zoe@ville.example", "role": "rédaction"}, 200)
    link = re.search(r"/agents/mot-de-passe/[\w-]+", page)
    assert link
    assert "mot de passe à choisir" in await alice.get("/agents/comptes")
    await outsider.post(link[0], {"motdepasse": PASSWORD, "encore": PASSWORD})
    assert "<small>rédaction</small>" in await outsider.get("/agents/journal")
    said = [(who, action) for who, action, target, _ in notes() if target == email_of("zoe")]
    assert (email_of("alice"), "Compte ajouté") in said
    assert (email_of("alice"), "Lien de mot de passe créé") in said
    assert (email_of("zoe"), "Mot de passe changé") in said


@pytest.mark.parametrize(
    ("form", "said"),
    [
        pytest.param({"adresse": "zoe", "role": "lecture"}, "adresse électronique complète", id="no-address"),
        pytest.param({"adresse": email_of("zoe"), "role": "roi"}, "Choisissez un rôle", id="unknown-role"),
        pytest.param({"adresse": email_of("alice"), "role": "lecture"}, "déjà cette adresse", id="known-address"),
        pytest.param({"adresse": "a" * 300 + "@b.fr", "role": "lecture"}, "trop long", id="too-long"),
    ],
)
async def test_a_wrong_address_or_role_is_refused(
    alice: Person, gateway: Gateway, form: dict[str, str], said: str
) -> None:
    assert said in await alice.post("/agents/comptes", form, 400)
    assert len(gateway.client.app[ACCOUNTS].everyone()) == 1


async def test_a_role_is_changed_with_a_reason(enter: Enter, notes: Notes) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    where = f"/agents/comptes/{bob.staff.id}"
    assert texts.REASON_MISSING in await alice.post(f"{where}/role", {"role": "lecture"}, 400)
    assert "<small>rédaction</small>" in await bob.get("/agents/journal")
    await alice.post(f"{where}/role", {"role": "lecture", "motif": "en congé"})
    assert "<small>lecture</small>" in await bob.get("/agents/journal")
    assert (email_of("alice"), "Rôle changé", email_of("bob"), "en congé") in notes()


async def test_a_closed_account_enters_no_more_until_it_is_opened_again(enter: Enter, notes: Notes) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    where = f"/agents/comptes/{bob.staff.id}"
    await alice.post(f"{where}/etat", {"etat": "ferme", "motif_etat": "départ"})
    await bob.get("/agents/journal", 303)
    assert "réactivez-le" in await alice.post(f"{where}/lien", {}, 400)
    await alice.post(f"{where}/etat", {"etat": "ouvert", "motif_etat": "retour"})
    await bob.sign_in(email_of("bob"))
    assert [note[1] for note in notes() if "activé" in note[1]] == ["Compte réactivé", "Compte désactivé"]


async def test_the_last_publisher_stays(alice: Person) -> None:
    where = f"/agents/comptes/{alice.staff.id}"
    for path, form in (
        ("role", {"role": "lecture", "motif": "essai"}),
        ("etat", {"etat": "ferme", "motif_etat": "essai"}),
    ):
        assert "au moins un compte" in await alice.post(f"{where}/{path}", form, 400)
    await alice.get("/agents/comptes")


async def test_a_colleague_is_signed_out_everywhere(enter: Enter) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    await alice.post(f"/agents/comptes/{bob.staff.id}/deconnexion")
    await bob.get("/agents/journal", 303)


@pytest.mark.parametrize("number", ["999", "x", "-1", "9" * 30, "٣"])
async def test_an_account_that_does_not_exist(alice: Person, number: str) -> None:
    await alice.get(f"/agents/comptes/{number}", 404)
    await alice.post(f"/agents/comptes/{number}/role", {"role": "lecture", "motif": "essai"}, 404)


async def test_everybody_changes_their_own_password(enter: Enter) -> None:
    here, there = await enter("chloe"), await enter()
    await there.sign_in(email_of("chloe"))
    form = {"actuel": PASSWORD, "motdepasse": OTHER, "encore": OTHER}
    assert "actuel." in await here.post("/agents/compte", {**form, "actuel": "un essai"}, 400)
    assert texts.PASSWORDS_DIFFER in await here.post("/agents/compte", {**form, "encore": "x"}, 400)
    assert "trop court" in await here.post("/agents/compte", {**form, "motdepasse": "x", "encore": "x"}, 400)
    await there.get("/agents/journal")
    await here.post("/agents/compte", form)
    await here.get("/agents/journal")
    await there.get("/agents/journal", 303)
    await there.sign_in(email_of("chloe"), OTHER)


async def test_the_menu_shows_what_each_may_open(enter: Enter) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    assert 'href="/agents/comptes"' in await alice.get("/agents/journal")
    assert 'href="/agents/comptes"' not in await bob.get("/agents/journal")
