import pytest
from knowledge_fixtures import PAGE, edit, write_data

from knowledge.marked_yaml import FicheError
from knowledge.sources import Source, load_sources


def test_it_loads_the_pages_with_their_title_and_address(tmp_path):
    assert load_sources(write_data(tmp_path)) == {
        "page": Source("page", "La page de la Ville", "https://ville.example/quartiers", PAGE)
    }


@pytest.mark.parametrize("url", ["", "null", "~"])
def test_the_address_may_be_unknown(tmp_path, url):
    changes = edit("sources/sources.yml", "https://ville.example/quartiers", url)
    assert load_sources(write_data(tmp_path, changes))["page"].url is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"sources/page.txt": None},
            "data/sources/sources.yml:1 : il manque le texte de cette source : sources/page.txt.",
        ),
        (
            {"sources/autre.txt": "x"},
            (
                "data/sources/autre.txt:1 : cette source n’a pas de titre : "
                "ajoutez « autre » dans sources/sources.yml."
            ),
        ),
        (
            {"sources/sources.yml": "page:\n  titres: x\n"},
            "data/sources/sources.yml:2 : clé inconnue « titres » : vouliez-vous dire « titre » ?",
        ),
        ({"sources/sources.yml": None}, "data/sources/sources.yml:1 : ce fichier n’existe pas."),
    ],
)
def test_a_source_that_is_not_whole_is_refused(tmp_path, changes, message):
    with pytest.raises(FicheError) as caught:
        load_sources(write_data(tmp_path, changes))
    assert str(caught.value) == message
