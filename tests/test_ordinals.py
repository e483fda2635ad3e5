import pytest

from knowledge.ordinals import find_number, find_ordinal, find_ordinals, is_only_a_rank


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
        ("et l’avant-dernier ?", -2),
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
        "numéro six cent",
        "réponse six heures",
    ],
)
def test_it_is_not_fooled(text):
    assert find_ordinal(text) is None


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        pytest.param("axe 5 et axe 6", [5, 6], id="deux fois le mot"),
        pytest.param("les axes 2, 3 et 4", [2, 3, 4], id="une fois le mot"),
        pytest.param("objectifs un et deux", [1, 2], id="en lettres"),
        pytest.param("l’axe 5", [5], id="un seul"),
        pytest.param("et les deux derniers", [-2, -1], id="les derniers"),
        pytest.param("les 3 premières", [1, 2, 3], id="les premières"),
        pytest.param("le premier et le dernier", [1, -1], id="deux rangs"),
        pytest.param("les axes", [], id="aucun"),
    ],
)
def test_it_finds_every_rank(text, ranks):
    assert find_ordinals(text) == ranks


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("dites-moi tout sur le 7", 7, id="chiffre"),
        pytest.param("c’est un peu long", None, id="un ne compte pas"),
        pytest.param("rien", None, id="aucun"),
    ],
)
def test_it_finds_any_number(text, number):
    assert find_number(text) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("non pardon, le sept", True, id="correction"),
        pytest.param("le 2 c’est quoi", True, id="question"),
        pytest.param("le 2 de la rue", False, id="autre chose"),
    ],
)
def test_it_knows_a_message_that_is_only_a_rank(text, expected):
    assert is_only_a_rank(text) is expected
