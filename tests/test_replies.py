import json

import pytest
from knowledge_fixtures import edit, write_data

from knowledge.base import KnowledgeBase
from knowledge.replies import KINDS, Choice, Field, Reply, ReplySource, reply_for_fiche, reply_for_genre

NNBSP = "\u202f"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return KnowledgeBase.load(write_data(tmp_path_factory.mktemp("replies")))


def test_a_fiche_is_answered_with_all_that_supports_it(base):
    reply = reply_for_fiche(base.by_slug("caf"), base, lead="Oui.")
    assert reply.kind == "answer"
    assert reply.text == (
        "Oui. La CAF signe le Contrat de Quartier avec l’État.\n\n"
        f"Complément{NNBSP}: La CAF verse des allocations dans 101 départements.\n\n"
        "- [Le site de la CAF](https://caf.example)"
    )
    assert reply.simple == (
        "Oui. La CAF est la caisse d’allocations familiales.\nElle signe le contrat.\n\n"
        "- [Le site de la CAF](https://caf.example)"
    )
    assert reply.sources == (
        ReplySource(
            "La page de la Ville",
            "https://ville.example/quartiers",
            "L’État, la CAF et d’autres partenaires signent",
            "2026-01-10",
            False,
        ),
        ReplySource(
            "Le site de la CAF",
            "https://caf.example",
            "La CAF verse des allocations dans 101 départements.",
            "2026-01-09",
            True,
        ),
    )


def test_an_urgence_is_its_card_and_no_more(base):
    reply = reply_for_fiche(base.by_slug("incendie"), base, kind="alert")
    assert (reply.kind, reply.text) == ("alert", f"**18**{NNBSP}: appelez les pompiers.")
    assert [source.complement for source in reply.sources] == [True]


def test_a_fiche_without_source_is_answered_without(base):
    reply = reply_for_fiche(base.by_slug("identite"), base, kind="smalltalk")
    assert (reply.text, reply.sources) == ("Je suis un programme, pas une personne.", ())


def test_a_list_is_in_the_order_of_the_page_and_as_old_as_its_oldest_fiche(base):
    reply = reply_for_genre("quartier", base)
    assert reply.text == (
        f"Deux quartiers sont concernés{NNBSP}:\n\n"
        "- Le quartier du Moulin\n- Le quartier de la rue de Lorraine"
    )
    assert reply.simple.startswith(f"Il y a deux quartiers{NNBSP}:\n\n- Le quartier du Moulin")
    assert [(source.quote, source.verified_on) for source in reply.sources] == [
        ("Pour notre ville, deux quartiers sont concernés :", "2026-01-08")
    ]


def test_a_list_that_the_page_leaves_open_says_so(base):
    end = f"La page termine cette liste par «{NNBSP}…{NNBSP}»{NNBSP}: elle n’est pas complète."
    reply = reply_for_genre("partenaire", base, lead="Voici.")
    assert reply.text.startswith("Voici.\n\nDes partenaires")
    assert reply.text.endswith(f"\n- La CAF\n\n{end}")
    assert reply.simple.endswith(end)
    assert end not in reply_for_genre("quartier", base).text


def test_axes_are_numbered(tmp_path):
    genres = edit("genres.yml", "partenaire:\n", "axe:\n")
    axe = edit("fiches/partenaires/caf.md", "genre: partenaire", "genre: axe")
    base = KnowledgeBase.load(write_data(tmp_path, genres | axe))
    assert "\n\n1. La CAF\n\n" in reply_for_genre("axe", base).text


def test_a_reply_goes_through_json_and_comes_back():
    reply = Reply(
        "clarify",
        "Lequel ?",
        simple="Quoi ?",
        choices=(Choice("La CAF", "/caf"),),
        sources=(ReplySource("t", None, "q", "2026-01-01", False),),
        fields=(Field("Téléphone", "tel", "tel"),),
    )
    values = json.loads(json.dumps(reply.to_dict()))
    assert set(values) == {"kind", "text", "simple", "lang", "choices", "sources", "fields"}
    assert values["choices"] == [{"label": "La CAF", "payload": "/caf"}]
    assert values["fields"] == [{"label": "Téléphone", "type": "tel", "autocomplete": "tel"}]
    assert set(values["sources"][0]) == {"title", "url", "quote", "verified_on", "complement"}
    assert Reply.from_dict(values) == reply


def test_a_reply_has_one_of_the_kinds_of_the_contract():
    assert [Reply(kind, "x").kind for kind in KINDS] == list(KINDS)
    with pytest.raises(ValueError, match="unknown kind"):
        Reply("poem", "x")
