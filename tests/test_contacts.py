import pytest
from knowledge_fixtures import edit, write_data

from knowledge.contacts import Contact, format_contact, load_contact
from knowledge.marked_yaml import FicheError


def test_all_but_the_name_may_be_empty(tmp_path):
    assert load_contact(write_data(tmp_path)) == Contact("service des quartiers", "", "", "", "")


def test_the_name_is_required(tmp_path):
    with pytest.raises(FicheError) as caught:
        load_contact(write_data(tmp_path, edit("contact.yml", "nom: service des quartiers", "nom:")))
    assert str(caught.value) == "data/contact.yml:1 : la clé « nom » est vide."


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (
            Contact("service X", "", "", "", "du lundi au jeudi"),
            (
                "Le contact du service n’est pas encore indiqué ici : adressez-vous à la mairie, "
                "ou laissez ici un message pour le **service X**."
            ),
        ),
        (
            Contact("service X", "01 02", "", "", "du lundi au jeudi"),
            "Vous pouvez joindre le **service X** par téléphone au 01 02 (du lundi au jeudi).",
        ),
        (
            Contact("service X", "01 02", "x@y.fr", "https://y.fr", ""),
            (
                "Vous pouvez joindre le **service X** par téléphone au 01 02, par courriel à x@y.fr "
                "ou sur [sa page](https://y.fr)."
            ),
        ),
    ],
)
def test_the_contact_is_one_sentence(contact, expected):
    assert format_contact(contact) == expected
