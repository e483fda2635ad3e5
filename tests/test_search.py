from datetime import date

import pytest

from knowledge.fiches import Fiche
from knowledge.search import rank, stem_words

DAY = date(2026, 1, 1)


def make_fiche(slug, titre, questions, corps=""):
    return Fiche(slug, "notion", titre, (), questions, (), None, (), "", "", DAY, DAY, (), corps)


FICHES = (
    make_fiche(
        "conseil", "Le conseil citoyen", ("comment rejoindre le conseil", "qui siège au conseil citoyen")
    ),
    make_fiche("contrat", "Le contrat de ville", ("qui signe le contrat", "c’est quoi ce contrat")),
    make_fiche(
        "logement", "Le logement", ("mon appartement est humide", "améliorer les logements"), "Les travaux."
    ),
)


def best(question):
    return [match.fiche.slug for match in rank(question, FICHES)][:1]


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("c’est quoi ce contrat", "contrat"),
        ("rejoindre les citoyens du conseil", "conseil"),
        ("APPARTEMENTS HUMIDES", "logement"),
        ("signer un contrat", "contrat"),
        ("des travaux", "logement"),
        ("le conseill citoyenn", "conseil"),
        ("apartement", "logement"),
    ],
)
def test_it_finds_the_nearest_fiche(question, slug):
    assert best(question) == [slug]


@pytest.mark.parametrize("question", ["", "??", "le la les", "xylophone"])
def test_it_finds_nothing_where_nothing_is_shared(question):
    assert rank(question, FICHES) == []


def test_a_question_of_a_fiche_scores_higher_than_half_of_it():
    whole, half = rank("qui siège au conseil citoyen", FICHES)[0], rank("qui siège au xylophone", FICHES)[0]
    assert whole.fiche == half.fiche
    assert 1 >= whole.score > half.score > 0


def test_it_gives_the_same_ranks_whatever_the_order_of_fiches():
    question = "qui signe le conseil au logement"
    ranks = {match.fiche.slug: match.score for match in rank(question, FICHES)}
    assert len(ranks) == 3
    assert ranks == {match.fiche.slug: match.score for match in rank(question, FICHES[::-1])}


def test_no_fiche_no_match():
    assert rank("contrat", ()) == []


def test_it_stems_lightly():
    assert stem_words("Améliorer les logements locaux") == stem_words("amélioré le logement local")
