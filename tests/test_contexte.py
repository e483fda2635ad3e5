"""What a conversation remembers from one answer to the next."""

from __future__ import annotations

import pytest

from actions.contexte import MOST_BEFORE, Contexte

CAF = Contexte(("caf",), "partenaire")
BOTH = Contexte(("anru", "ars"), "partenaire")
OFFERED = Contexte(("caf",), "partenaire", montres=("sante", "emploi"))


@pytest.mark.parametrize(
    ("told", "earlier", "offered", "montres"),
    [
        pytest.param(CAF, Contexte(), (), (), id="un sujet"),
        pytest.param(BOTH, CAF, (), ("anru", "ars"), id="deux sujets"),
        pytest.param(Contexte(("list_quartier", "list_axe"), "axe"), CAF, (), (), id="deux listes"),
        pytest.param(CAF, CAF, ("sante", "emploi"), ("sante", "emploi"), id="des propositions"),
        pytest.param(Contexte(("emploi",), "domaine"), OFFERED, (), ("sante", "emploi"), id="l’une d’elles"),
        pytest.param(Contexte(("etat",), "partenaire"), OFFERED, (), (), id="autre chose"),
    ],
)
def test_what_is_shown_together_stays_while_one_speaks_of_it(told, earlier, offered, montres):
    assert told.after(earlier, offered).montres == montres


def test_what_was_told_before_is_remembered_in_order():
    contexte = Contexte()
    for sujet in ("caf", "ars", "ars", "caf", "etat"):
        contexte = Contexte((sujet,), "partenaire").after(contexte)
    assert contexte.avant == ("caf", "ars", "caf")
    assert contexte.told == ("caf", "ars", "etat")
    assert contexte.last_of(("caf", "ars")) == "caf"


def test_it_does_not_remember_for_ever():
    contexte = Contexte()
    for number in range(MOST_BEFORE + 5):
        contexte = Contexte((str(number),)).after(contexte)
    assert len(contexte.avant) == MOST_BEFORE


def test_an_offer_is_open_until_one_of_it_is_told():
    assert OFFERED.offered == ("sante", "emploi")
    assert Contexte(("emploi",), "domaine").after(OFFERED).offered == ()
