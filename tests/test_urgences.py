import time

import pytest
from knowledge_fixtures import edit, write_data

from knowledge.marked_yaml import FicheError
from knowledge.text import normalize
from knowledge.urgences import compile_expressions, find_urgence, load_declencheurs


@pytest.fixture(scope="module")
def declencheurs(tmp_path_factory):
    return load_declencheurs(write_data(tmp_path_factory.mktemp("urgences")))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("AU FEU !!!", "incendie"),
        ("la maison brûle", "incendie"),
        ("il y a de la fumée partout", "incendie"),
        ("elle ne respire plus", "malaise"),
        ("je veux mourir", "malaise"),
        ("je veux vraiment tellement trop mourir", "malaise"),
        ("il ne respire plus, au feu", "incendie"),
        ("mort de rire mais elle respire plus", "malaise"),
        ("bonjour", None),
        ("mort de rire", None),
        ("ça me tue", None),
        ("au feux", None),
        ("chau feu", None),
        ("je veux bien un jour plus tard mourir", None),
        ("la maison est belle", None),
        ("", None),
    ],
)
def test_it_recognises_an_urgence(declencheurs, text, slug):
    assert find_urgence(text, declencheurs) == slug


def test_no_expression_reaches_across_an_everyday_exaggeration(tmp_path):
    changes = edit("declencheurs.yml", "  - je veux * mourir", "  - je veux * mourir\n  - va mourir")
    declencheurs = load_declencheurs(write_data(tmp_path, changes))
    assert find_urgence("il va mort de rire mourir", declencheurs) is None
    assert find_urgence("il va mourir", declencheurs) == "malaise"


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        ("j’ai * peur", "jai peur", True),
        ("j’ai * peur", "j'ai très peur", True),
        ("qu’il meure", "quil meure", True),
        ("l’hôpital", "lhopital", True),
        ("frapp*", "on me frappait hier", True),
        ("frapp*", "refrapper", False),
        ("il me * frapp*", "il me frappe", True),
        ("* au feu *", "au feu", True),
        ("a.b", "a b", True),
        ("a.b", "axb", False),
    ],
)
def test_an_expression_is_read_as_staff_mean_it(expression, text, found):
    assert bool(compile_expressions([expression]).search(f" {normalize(text)}")) is found


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'*'", "expression inutilisable « * » : écrivez au moins un mot."),
        ("'?!'", "expression inutilisable « ?! » : écrivez au moins un mot."),
        ("'fr*pper'", "expression inutilisable « fr*pper » : « * » se place seul, ou à la fin d’un mot."),
    ],
)
def test_an_expression_that_means_nothing_is_refused(tmp_path, expression, message):
    data = write_data(tmp_path, edit("declencheurs.yml", "au feu", expression))
    with pytest.raises(FicheError) as caught:
        load_declencheurs(data)
    assert str(caught.value) == f"data/declencheurs.yml:5 : {message}"


def test_everyday_exaggerations_may_be_none(tmp_path):
    changes = edit("declencheurs.yml", "banales:\n  - mort de rire\n  - ça me tue\n", "")
    declencheurs = load_declencheurs(write_data(tmp_path, changes))
    assert find_urgence("au feu", declencheurs) == "incendie"


def test_a_long_message_against_many_expressions_takes_about_a_millisecond():
    words = ["je", "il", "mon", "frappe", "peur", "feu", "nuit", "mari", "sang", "dehors"]
    expressions = [f"{a} * {b} {c}" for a in words for b in words for c in words]
    pattern = compile_expressions(expressions)
    text = " je suis il va mon ami" * 22
    start = time.perf_counter()
    assert pattern.search(text) is None
    # Ten times what it takes here, so that a busy machine does not fail it.
    assert time.perf_counter() - start < 0.05
