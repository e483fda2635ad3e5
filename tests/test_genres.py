import pytest
from knowledge_fixtures import edit, write_data

from knowledge.genres import load_genres
from knowledge.marked_yaml import FicheError


def test_it_loads_the_lists(tmp_path):
    genres = load_genres(write_data(tmp_path))
    assert list(genres) == ["quartier", "partenaire"]
    quartier = genres["quartier"]
    assert (quartier.titre, quartier.intro) == ("Les quartiers", "Deux quartiers sont concernés :")
    assert (quartier.simple, quartier.source) == ("Il y a deux quartiers :", "page")
    assert quartier.citations == ("Pour notre ville, deux quartiers sont concernés :",)
    assert len(quartier.questions) == 25
    assert (quartier.complete, genres["partenaire"].complete) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("quartier:\n", "quartiers:\n", 1, "genre inconnu « quartiers » : vouliez-vous dire « quartier » ?"),
        ("complete: true", "complete: bof", 7, "« complete » doit être true (oui) ou false (non)."),
        ("  titre: Les quartiers\n", "", 1, "il manque la clé « titre »."),
        (
            "  titre: Les quartiers\n",
            "  titre: X\n  titer: Y\n",
            3,
            "clé inconnue « titer » : vouliez-vous dire « titre » ?",
        ),
    ],
)
def test_a_list_that_is_not_whole_is_refused(tmp_path, old, new, line, message):
    with pytest.raises(FicheError) as caught:
        load_genres(write_data(tmp_path, edit("genres.yml", old, new)))
    assert str(caught.value) == f"data/genres.yml:{line} : {message}"
