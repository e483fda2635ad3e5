import ast
import asyncio
import importlib.util
import inspect
from pathlib import Path

import pytest
from knowledge_fixtures import edit, write_data

from knowledge.base import KnowledgeBase
from knowledge.marked_yaml import FicheError


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return KnowledgeBase.load(write_data(tmp_path_factory.mktemp("base")))


def slugs(fiches):
    return [fiche.slug for fiche in fiches]


def test_it_loads_everything(base):
    assert set(base.fiches) == {"moulin", "rue_de_lorraine", "caf", "etat", "incendie", "malaise", "identite"}
    assert set(base.genres) == {"quartier", "partenaire"}
    assert base.sources["page"].titre == "La page de la Ville"
    assert base.contact.nom == "service des quartiers"
    assert [mention.slug for mention in base.gazetteer.find("la CAF, un incendie")] == ["caf"]


def test_it_says_which_file_is_wrong(tmp_path):
    data = write_data(tmp_path, edit("contact.yml", "nom:", "name:"))
    with pytest.raises(FicheError, match=r"data/contact\.yml:1 : clé inconnue « name »"):
        KnowledgeBase.load(data)


def test_a_list_is_in_the_order_of_the_page(base):
    assert slugs(base.list_genre("partenaire")) == ["etat", "caf"]
    assert base.list_genre("planete") == ()


def test_it_gets_a_fiche_by_slug(base):
    assert base.by_slug("caf").titre == "La CAF"
    assert base.by_slug("rien") is None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("la CAF", "caf"),
        ("Caisse d'allocations familiales", "caf"),
        ("l’état", "etat"),
        ("quartier rue de lorraine", "rue_de_lorraine"),
        ("un incendie", "incendie"),
        ("qui je suis", "identite"),
    ],
)
def test_it_gets_a_fiche_by_any_of_its_names(base, text, slug):
    assert base.by_alias(text).slug == slug


@pytest.mark.parametrize("text", ["", "la mairie", "la CAF et la mairie"])
def test_a_text_that_is_no_name_gets_nothing(base, text):
    assert base.by_alias(text) is None


@pytest.mark.parametrize(
    ("n", "slug"),
    [(1, "moulin"), (2, "rue_de_lorraine"), (-1, "rue_de_lorraine"), (3, None), (0, None), (-3, None)],
)
def test_it_gets_a_fiche_by_its_rank(base, n, slug):
    fiche = base.by_number("quartier", n)
    assert (fiche and fiche.slug) == slug


def test_it_searches_free_text(base):
    matches = base.search("que dire des caisses d’allocations", limit=2)
    assert slugs(match.fiche for match in matches)[0] == "caf"
    assert len(matches) <= 2


def test_it_answers_the_questions_of_rasas_knowledge_base(base):
    async def ask():
        return (
            await base.get_attributes_of_object("quartier"),
            await base.get_objects("quartier", []),
            await base.get_objects("quartier", [], limit=1),
            await base.get_objects("quartier", [{"name": "titre", "value": "Le quartier du Moulin"}]),
            await base.get_object("quartier", "moulin"),
            await base.get_object("quartier", "la rue de Lorraine"),
            await base.get_object("quartier", "caf"),
            await base.get_key_attribute_of_object("quartier"),
            (await base.get_representation_function_of_object("quartier"))({"titre": "Le Moulin"}),
        )

    attributes, all_, one, by_titre, by_slug, by_name, other, key, shown = asyncio.run(ask())
    assert {"slug", "titre", "corps"} <= set(attributes)
    assert [item["slug"] for item in all_] == ["moulin", "rue_de_lorraine"]
    assert one == all_[:1] == by_titre
    assert by_slug == all_[0]
    assert by_name == all_[1]
    assert other is None
    assert (key, shown) == ("slug", "Le Moulin")
    assert base.get_object_types() == ["quartier", "partenaire", "urgence", "bot"]


def test_ordinals_pick_in_a_list(base):
    items = ["a", "b", "c"]
    picked = {name: base.ordinal_mention_mapping[name](items) for name in ("1", "3", "LAST", "ANY")}
    assert picked == {"1": "a", "3": "c", "LAST": "c", "ANY": "a"}


def test_its_methods_are_those_of_rasas_knowledge_base():
    # Read, not imported: rasa_sdk takes half a second to import, and knowledge/ runs without it.
    folder = Path(importlib.util.find_spec("rasa_sdk").origin).parent
    module = ast.parse((folder / "knowledge_base" / "storage.py").read_text(encoding="utf-8"))
    (rasa,) = (
        node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "KnowledgeBase"
    )
    methods = [node for node in rasa.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    public = [method for method in methods if not method.name.startswith("_")]
    assert len(public) >= 6
    for method in public:
        ours = getattr(KnowledgeBase, method.name)
        assert inspect.iscoroutinefunction(ours) == isinstance(method, ast.AsyncFunctionDef), method.name
        parameters = inspect.signature(ours).parameters.values()
        assert [parameter.name for parameter in parameters] == [arg.arg for arg in method.args.args], (
            method.name
        )
        defaults = [
            parameter.default for parameter in parameters if parameter.default is not inspect.Parameter.empty
        ]
        assert defaults == [ast.literal_eval(default) for default in method.args.defaults], method.name
