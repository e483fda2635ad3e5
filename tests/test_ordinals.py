import pytest

from knowledge.ordinals import find_ordinal


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("le deuxième", 2),
        ("l’axe 5", 5),
        ("axe cinq", 5),
        ("axe un", 1),
        ("l'axe numéro 10", 10),
        ("AXE N°7 SVP", 7),
        ("axe5", 5),
        ("axe 05", 5),
        ("le dernier", -1),
        ("la dernière ?", -1),
        ("2e", 2),
        ("2ème", 2),
        ("la 3ieme", 3),
        ("le 1er", 1),
        ("le second", 2),
        ("la seconde", 2),
        ("premiere", 1),
        ("le tout premier", 1),
        ("le dix-septième", 17),
        ("et le cinquième axe alors ?", 5),
        ("donnez-moi le numéro 3", 3),
        ("le 4", 4),
        ("vingt", 20),
        ("8", 8),
    ],
)
def test_it_finds_the_rank(text, rank):
    assert find_ordinal(text) == rank


@pytest.mark.parametrize(
    "text",
    [
        "",
        "un",
        "une",
        "un conseil citoyen",
        "depuis 2015",
        "en 2015 il y a eu 2 réunions",
        "0 805 160 075",
        "numéro 06 12 34 56 78",
        "le 15 mars",
        "le 1er janvier",
        "axe 21",
        "axe 0",
        "axe 2015",
        "le vingt-troisième",
        "la première fois",
        "le premier ministre",
        "au deuxième étage",
        "le mois dernier",
        "attendez une seconde",
        "une dernière question",
        "l’avant-dernier",
        "numéro six cent",
        "réponse six heures",
    ],
)
def test_it_is_not_fooled(text):
    assert find_ordinal(text) is None
