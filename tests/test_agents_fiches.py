"""« Fiches »: written, checked, previewed, kept with their history, taken down at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agents_case import Person
from gateway_case import Gateway

from gateway.agents.fiche_forms import fields_of
from gateway.agents.keys import FICHES
from knowledge.fiches import find_file, parse_fiche

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]


@pytest.fixture
def form(town: Path) -> Any:
    """What the form of a fiche sends, some fields changed."""

    def fill(slug: str = "moulin", **changes: Any) -> dict[str, str]:
        parsed = parse_fiche(find_file(town, slug), town)
        fields = {**fields_of(parsed.header.values, parsed.fiche.corps), **changes}
        sent = {key: "\n".join(value) if isinstance(value, list) else value for key, value in fields.items()}
        return {"slug": slug, "motif": "essai", **{key: value for key, value in sent.items() if isinstance(value, str)}}

    return fill


async def opened(person: Person, slug: str) -> str:
    """The mark of the text that the form was opened on."""
    page = await person.get(f"/agents/fiches/{slug}")
    return page.split('name="ouverte" value="')[1].split('"')[0]


async def test_the_list_says_how_each_fiche_stands(chloe: Person, town: Path) -> None:
    page = await chloe.get("/agents/fiches")
    assert "Le quartier du Moulin" in page and "brouillon" in page
    assert "Nouveau sujet" not in page
    assert "Le quartier du Moulin" not in await chloe.get("/agents/fiches?q=caf")


async def test_a_fiche_is_saved_with_its_history_and_a_line_in_the_journal(
    bob: Person, town: Path, form: Any, notes: Any
) -> None:
    path = find_file(town, "moulin")
    before = path.read_text()
    sent = form(titre="Le quartier du Grand Moulin", ouverte=await opened(bob, "moulin"))
    assert await bob.post("/agents/fiches/moulin", sent) == "/agents/fiches/moulin?fait=enregistree"
    fiche = parse_fiche(path, town).fiche
    assert fiche.titre == "Le quartier du Grand Moulin"
    assert ("bob@ville.example", "Fiche modifiée", "moulin", "essai") in notes()
    page = await bob.get("/agents/fiches/moulin/historique")
    assert 'ajouté : </span>titre: Le quartier du Grand Moulin' in page.replace("\u202f", " ")
    assert "avant la console" in page
    desk = bob.gateway.client.app[FICHES]
    assert [version.text for version in desk.history("moulin")] == [path.read_text(), before]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        pytest.param({"citation": ["Une phrase inventée."]}, "mot pour mot", id="citation"),
        pytest.param({"corps": "Appelez le 03 21 00 00 00."}, "téléphone", id="téléphone"),
        pytest.param({"verifie_le": "2026-02-31"}, "existe pas", id="date"),
        pytest.param({"titre": "x" * 500}, "trop long", id="titre trop long"),
        pytest.param({"motif": ""}, "Dites pourquoi", id="sans motif"),
        pytest.param({"genre": "roi"}, "Choisissez un genre", id="genre inconnu"),
    ],
)
async def test_what_the_checks_refuse_is_not_written(
    bob: Person, town: Path, form: Any, changes: dict[str, Any], word: str
) -> None:
    before = find_file(town, "moulin").read_bytes()
    sent = {**form(**changes), "ouverte": await opened(bob, "moulin")} | ({"motif": ""} if "motif" in changes else {})
    page = await bob.post("/agents/fiches/moulin", sent, 400)
    assert word in page
    assert find_file(town, "moulin").read_bytes() == before


async def test_two_people_do_not_overwrite_each_other(alice: Person, bob: Person, town: Path, form: Any) -> None:
    mark = await opened(bob, "moulin")
    await alice.post("/agents/fiches/moulin", form(titre="Le Moulin d’Alice", ouverte=mark))
    page = await bob.post("/agents/fiches/moulin", form(titre="Le Moulin de Bob", ouverte=mark), 409)
    assert "Un collègue a enregistré" in page and "Le Moulin de Bob" in page
    assert parse_fiche(find_file(town, "moulin"), town).fiche.titre == "Le Moulin d’Alice"


async def test_a_new_subject_is_a_new_file(bob: Person, town: Path) -> None:
    page = await bob.post("/agents/fiches/nouvelle", {"titre": "Le marché du samedi", "genre": "notion"}, 200)
    assert 'action="/agents/fiches/le_marche_du_samedi"' in page
    assert find_file(town, "le_marche_du_samedi") is None
    sent = {
        "titre": "Le marché du samedi", "genre": "notion", "motif": "nouveau sujet", "ouverte": "",
        "questions": "\n".join(f"parlez du marché façon {number}" for number in range(25)),
        "corps": "Deux quartiers sont concernés.", "simple": "Il y a deux quartiers.", "source": "page", "phrase": "1",
        "responsable": "service des quartiers", "verifie_le": "2026-11-01", "a_revoir_le": "2027-05-01",
    }  # fmt: skip
    assert (await bob.post("/agents/fiches/le_marche_du_samedi", sent)).endswith("?fait=enregistree")
    fiche = parse_fiche(find_file(town, "le_marche_du_samedi"), town).fiche
    assert fiche.citations == ("Pour notre ville, deux quartiers sont concernés :",)


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        pytest.param({"titre": "", "genre": "notion"}, "Donnez un titre", id="sans titre"),
        pytest.param({"titre": "Moulin", "genre": "notion"}, "porte déjà ce titre", id="pris"),
        pytest.param({"titre": "Marché", "genre": "roi"}, "Choisissez un genre", id="genre"),
    ],
)
async def test_a_new_subject_needs_a_title_and_a_genre(
    bob: Person, town: Path, sent: dict[str, str], word: str
) -> None:
    assert word in await bob.post("/agents/fiches/nouvelle", sent, 400)


async def test_the_preview_shows_what_residents_would_read(bob: Person, town: Path, form: Any) -> None:
    page = await bob.post("/agents/fiches/apercu", form(corps="Le **Moulin** est un quartier."), 200)
    assert "<strong>Moulin</strong>" in page and "Le plus simple" not in page
    response = await bob.send("POST", "/agents/fiches/apercu", data=form(corps="Appelez le 03 21 00 00 00."),
                              headers={"Accept": "application/json"})
    remarks = (await response.json())["remarks"]
    assert {remark["key"] for remark in remarks if remark["error"]} == {"corps"}


async def test_only_the_preview_may_be_framed_and_nothing_runs_in_it(bob: Person, town: Path, form: Any) -> None:
    response = await bob.send("POST", "/agents/fiches/apercu", data=form())
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    response = await bob.send("GET", "/agents/fiches/moulin")
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def test_a_translation_is_shown_once_it_was_read_again(bob: Person, town: Path, form: Any) -> None:
    (town / "langues.yml").write_text("fr:\n  mots: [le]\nen:\n  phrase: In French only.\n  mots: [the]\n")
    english = {"traduction_en_texte": "The Mill is a neighbourhood.", "traduction_en_simple": "A neighbourhood."}
    sent = {**form(), **english, "ouverte": await opened(bob, "moulin")}
    await bob.post("/agents/fiches/moulin", sent)
    assert parse_fiche(find_file(town, "moulin"), town).fiche.traduction("en") is None
    read_again = {"traduction_en_relue": "oui", "traduction_en_verifie_par": "interprète"}
    await bob.post("/agents/fiches/moulin", {**sent, **read_again, "ouverte": await opened(bob, "moulin")})
    assert parse_fiche(find_file(town, "moulin"), town).fiche.traduction("en").texte == english["traduction_en_texte"]


async def test_an_answer_is_taken_down_and_put_back(alice: Person, bob: Person, town: Path, notes: Any) -> None:
    await bob.post("/agents/fiches/moulin/retirer", {"motif_retrait": "faux"}, 403)
    assert "Dites pourquoi" in await alice.post("/agents/fiches/moulin/retirer", {"etat": "retiree"}, 400)
    await alice.post("/agents/fiches/moulin/retirer", {"etat": "retiree", "motif_retrait": "le quartier change"})
    assert "le quartier change" in await alice.get("/agents/fiches/moulin")
    assert "retirée" in await alice.get("/agents/fiches")
    await alice.post("/agents/fiches/moulin/retirer", {"etat": "remise", "motif_retrait": "vérifié"})
    assert "le quartier change" not in await alice.get("/agents/fiches/moulin")
    assert [note[1] for note in notes()][:2] == ["Réponse remise", "Réponse retirée"]


async def test_residents_do_not_get_an_answer_that_is_taken_down(
    alice: Person, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.withdrawals.FRESH", 0.0)
    assert (await gateway.chat("le nord"))["replies"][0]["kind"] == "answer"
    await alice.post("/agents/fiches/nord/retirer", {"etat": "retiree", "motif_retrait": "à vérifier"})
    (reply,) = (await gateway.chat("le nord"))["replies"]
    assert (reply["kind"], reply["sources"], reply["simple"]) == ("fallback", [], None)
    assert "en cours de vérification" in reply["text"] and "03 00 00 00 00" in reply["text"].replace("\u202f", " ")
    await alice.post("/agents/fiches/nord/retirer", {"etat": "remise", "motif_retrait": "vérifié"})
    assert (await gateway.chat("le nord"))["replies"][0]["kind"] == "answer"


async def test_a_fiche_that_was_never_changed_here_has_no_history(chloe: Person, town: Path) -> None:
    assert "pas encore été modifiée" in await chloe.get("/agents/fiches/moulin/historique")


async def test_an_emergency_card_is_never_taken_down(alice: Person, gateway: Gateway) -> None:
    sent = {"etat": "retiree", "motif_retrait": "essai"}
    assert "ne se retire pas" in await alice.post("/agents/fiches/suicide_prevention/retirer", sent, 400)
    assert gateway.client.app[FICHES].down() == {}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/agents/fiches/inconnue", id="inconnue"),
        pytest.param("/agents/fiches/..%2f..%2fconfig", id="dossier"),
        pytest.param("/agents/fiches/inconnue/historique", id="historique"),
    ],
)
async def test_what_does_not_exist_is_said_so(chloe: Person, town: Path, path: str) -> None:
    assert "Page introuvable" in await chloe.get(path, 404)


async def test_a_name_that_is_no_name_writes_nothing(bob: Person, town: Path, form: Any) -> None:
    before = sorted(path for path in town.parent.rglob("*"))
    response = await bob.send("POST", "/agents/fiches/..%2f..%2fmechant", data=form())
    assert response.status == 404
    assert sorted(path for path in town.parent.rglob("*")) == before
