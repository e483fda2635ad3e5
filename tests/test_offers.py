"""A « oui » in other words is heard as one, once something was offered."""

from __future__ import annotations

import pytest

from knowledge.offers import accepts_offer


@pytest.mark.parametrize(
    "text",
    [
        "d’accord pour le formulaire",
        "va pour l’inscription",
        "par votre formulaire, soit.",
        "oui, la demande",
        "bon ben on y va",
        "c’est parti",
        "notez-moi",
        "mettez-nous sur la liste",
        "je la fais ici la demande",
        "je veux bien faire la demande",
        "pourquoi pas, je me lance",
        "eh bien soit, prenez ma demande",
    ],
)
def test_it_hears_who_accepts(text: str) -> None:
    assert accepts_offer(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "merci",
        "pas le formulaire",
        "le formulaire est trop long",
        "la demande de logement",
        "notez que je suis contre",
        "prenez votre temps",
        "je fais des courses",
        "je prends le premier",
        "la demande ?",
    ],
)
def test_it_takes_nothing_else_for_a_yes(text: str) -> None:
    assert not accepts_offer(text)
