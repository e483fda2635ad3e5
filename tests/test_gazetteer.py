from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.fiches import Fiche
from knowledge.gazetteer import Gazetteer
from knowledge.text import normalize

DAY = date(2026, 1, 1)


def make_fiche(slug, genre, titre, *alias):
    return Fiche(slug, genre, titre, alias, (), (), None, (), "", "", DAY, DAY, (), "")


FICHES = (
    make_fiche("caf", "partenaire", "La CAF", "CAF", "caisse d’allocations familiales"),
    make_fiche("ars", "partenaire", "L’Agence Régionale de Santé", "ARS"),
    make_fiche("etat", "partenaire", "L’État"),
    make_fiche("pole_emploi", "partenaire", "Pôle emploi", "France Travail"),
    make_fiche("tgi", "partenaire", "Tribunal de Grande Instance", "TGI", "tribunal"),
    make_fiche("liebaut", "quartier", "Le quartier du Mont-Liébaut", "Mont-Liébaut"),
    make_fiche("lille", "quartier", "Le quartier de la rue de Lille", "rue de Lille"),
    make_fiche("emploi", "domaine", "L’emploi"),
    make_fiche("sante", "domaine", "La santé"),
    make_fiche("commerces", "axe", "Les commerces", "commerce"),
    make_fiche("identite", "bot", "Qui je suis", "robot"),
)
FRENCH = frozenset(["commence", "role", "saute", "emplois"])
GAZETTEER = Gazetteer(FICHES, known_words=FRENCH)


def find(text):
    return [(mention.slug, text[mention.start : mention.end]) for mention in GAZETTEER.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c’est quoi la CAF ?", [("caf", "CAF")]),
        ("l’ARS", [("ars", "ARS")]),
        ("L'ÉTAT signe", [("etat", "ÉTAT")]),
        ("France Travail", [("pole_emploi", "France Travail")]),
        ("Mont-Liébaut", [("liebaut", "Mont-Liébaut")]),
        ("et le tribunal, le TGI ?", [("tgi", "tribunal"), ("tgi", "TGI")]),
        ("la caf et rue de lille", [("caf", "caf"), ("lille", "rue de lille")]),
    ],
)
def test_it_finds_a_name_as_it_is_written(text, found):
    assert find(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pole emplois", [("pole_emploi", "pole emplois")]),
        ("pol enploi", [("pole_emploi", "pol enploi")]),
        ("mont liebo", [("liebaut", "mont liebo")]),
        ("MONT LIEBAULT", [("liebaut", "MONT LIEBAULT")]),
        ("montliébaut", [("liebaut", "montliébaut")]),
        ("polemploi", [("pole_emploi", "polemploi")]),
        ("rue d lille", [("lille", "rue d lille")]),
        ("rue lile", [("lille", "rue lile")]),
        ("agence regional de la sante", [("ars", "agence regional de la sante")]),
        ("tribunale de grande instence", [("tgi", "tribunale de grande instence")]),
        ("les allocations, la caisse d’alocation familiale", [("caf", "caisse d’alocation familiale")]),
        ("sannté", [("sante", "sannté")]),
        ("tribbunnal", [("tgi", "tribbunnal")]),
        ("comerce", [("commerces", "comerce")]),
        ("letat", [("etat", "etat")]),
        ("lars", [("ars", "ars")]),
        ("de lemploi", [("emploi", "emploi")]),
    ],
)
def test_it_forgives_slips(text, found):
    assert find(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "un café",
        "les cafs",
        "les etas",
        "la cave",
        "mars",
        "j’habite à Lille",
        "rue de Lillers",
        "rue de Lens",
        "en bon état",
        "l’état civil",
        "état des lieux",
        "mon emploi du temps",
        "ça commence quand",
        "il saute",
        "robot",
        "sbsante",
    ],
)
def test_it_finds_no_name_where_there_is_none(text):
    assert find(text) == []


def test_the_longest_name_wins():
    assert find("le pôle emploi et l’emploi") == [("pole_emploi", "pôle emploi"), ("emploi", "emploi")]
    assert find("agence régionale de santé") == [("ars", "agence régionale de santé")]


def test_a_french_word_is_no_slip_in_another_one():
    assert find("le rôle emploi") == [("emploi", "emploi")]
    assert [mention.slug for mention in Gazetteer(FICHES, known_words=()).find("commence")] == ["commerces"]


def test_by_default_the_words_are_those_of_french_read_when_first_needed(monkeypatch):
    reads = []
    monkeypatch.setattr("knowledge.gazetteer.french_words", lambda: reads.append(1) or FRENCH)
    gazetteer = Gazetteer(FICHES)
    assert [mention.slug for mention in gazetteer.find("la CAF")] == ["caf"]
    assert reads == []
    assert gazetteer.find("commence") == []
    assert reads == [1]


def test_a_mention_says_what_it_stands_for_and_how_surely():
    exact, slip = GAZETTEER.find("CAF ou comerce")
    assert (exact.genre, exact.value, exact.score) == ("partenaire", "La CAF", 1.0)
    assert slip.value == "Les commerces"
    assert 0.7 < slip.score < 1.0


def test_it_looks_for_the_genres_it_is_given():
    assert [mention.slug for mention in Gazetteer(FICHES, genres=("bot",)).find("un robot de la CAF")] == [
        "identite"
    ]


NAMES = [normalize(name) for fiche in FICHES for name in (fiche.titre, *fiche.alias)]
TYPED = st.lists(
    st.one_of(
        st.sampled_from(
            ["CAF", "l’ARS", "Mont-Liébaut", "mont  liebo", "rue d'Lille", "Pôle emploi", "rue", "letat"]
        ),
        st.text(alphabet="aéàlLdumontibrst’- \u200b\u00a0!", max_size=8),
    ),
    max_size=7,
).map(" ".join)


@settings(max_examples=120, deadline=None)
@given(TYPED)
def test_what_it_points_at_is_nearly_the_name(text):
    end = 0
    for mention in GAZETTEER.find(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        typed = "".join(normalize(text[mention.start : mention.end]).split())
        near = min(OSA.distance(typed, "".join(name.split())) for name in NAMES)
        assert near <= 2 + len(typed) // 4
        assert 0 < mention.score <= 1
