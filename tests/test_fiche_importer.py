import pytest
from knowledge_fixtures import list_questions, write_data
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.exceptions import RasaException

from components.fiche_importer import ANSWER_ACTION, ContentError, FicheImporter
from knowledge.content import CONTENT_VARIABLE
from knowledge.gazetteer import GENRES

CONFIG = "recipe: default.v1\nlanguage: fr\nassistant_id: essai\n"
DOMAIN = """version: "3.1"
intents:
  - greet
  - out_of_scope
slots:
  contexte:
    type: any
    mappings:
      - type: custom
responses:
  utter_greet:
    - text: Bonjour
"""
RULES = """version: "3.1"
rules:
  - rule: une personne dit bonjour
    steps:
      - intent: greet
      - action: utter_greet
"""
NLU = """version: "3.1"
nlu:
  - intent: greet
    examples: |
      - bonjour
      - salut
"""
PISCINE = """---
titre: La piscine
genre: notion
questions:
{questions}
simple: La piscine est ouverte.
responsable: service des quartiers
verifie_le: 2026-01-10
a_revoir_le: 2026-07-10
---

La piscine est ouverte.
"""
OWN_FILES = {"rules.yml": RULES, "nlu/conversation.yml": NLU}


def piscine(name="piscine", count=6):
    return {f"fiches/notions/{name}.md": PISCINE.format(questions=list_questions("la piscine", count))}


@pytest.fixture
def read(tmp_path):
    """The importer of a small project, with some files of its data folder changed."""

    def read_project(changes=None, domain=DOMAIN):
        data = write_data(tmp_path, {**OWN_FILES, **(changes or {})})
        (tmp_path / "config.yml").write_text(CONFIG)
        (tmp_path / "domain.yml").write_text(domain)
        paths = (tmp_path / "config.yml", tmp_path / "domain.yml", data)
        return FicheImporter(*(str(path) for path in paths))

    return read_project


def examples(importer, intent):
    return [
        message.get("text") for message in importer.get_nlu_data().intent_examples if message.get("intent") == intent
    ]


def rules(importer):
    """Intent → the actions that its rule answers with."""
    return {
        event.intent_name: [e.action_name for e in step.events[place + 1 :] if isinstance(e, ActionExecuted)]
        for step in importer.get_stories().story_steps
        for place, event in enumerate(step.events)
        if isinstance(event, UserUttered)
    }


def test_a_new_fiche_is_a_new_subject_with_no_other_edit(read):
    importer = read()
    intents, known_rules = set(importer.get_domain().intents), rules(importer)
    assert "piscine" not in intents | set(known_rules)
    importer = read(piscine())
    assert set(importer.get_domain().intents) - intents == {"piscine"}
    assert examples(importer, "piscine")[-1] == "La piscine"
    assert len(examples(importer, "piscine")) == 7
    assert rules(importer) == {**known_rules, "piscine": [ANSWER_ACTION]}


def test_each_fiche_is_an_intent_with_its_questions_and_its_rule(read):
    importer = read()
    for slug in ("moulin", "rue_de_lorraine", "caf", "etat", "identite"):
        assert slug in importer.get_domain().intents
        assert len(examples(importer, slug)) == 26
        assert rules(importer)[slug] == [ANSWER_ACTION]


def test_each_list_is_an_intent_with_its_questions_and_its_rule(read):
    importer = read()
    for intent, words in (("list_quartier", "tous les quartiers"), ("list_partenaire", "tous les partenaires")):
        assert intent in importer.get_domain().intents
        *questions, title = examples(importer, intent)
        assert all(words in question for question in questions)
        assert title not in questions
        assert rules(importer)[intent] == [ANSWER_ACTION]


def test_a_fiche_that_nobody_asks_for_is_no_intent(read):
    assert "incendie" not in read().get_domain().intents


def test_what_is_in_the_domain_and_in_rasas_own_files_stays(read):
    importer = read(piscine())
    domain = importer.get_domain()
    assert {"greet", "out_of_scope"} <= set(domain.intents)
    assert domain.responses["utter_greet"] == [{"text": "Bonjour"}]
    assert "contexte" in [slot.name for slot in domain.slots]
    assert examples(importer, "greet") == ["bonjour", "salut"]
    assert rules(importer)["greet"] == ["utter_greet"]


def test_the_genres_are_entities_that_the_dialogue_ignores(read):
    domain = read().get_domain()
    assert set(GENRES) <= set(domain.entities)
    assert domain.intent_properties["caf"]["used_entities"] == []
    assert ANSWER_ACTION in domain.action_names_or_texts


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        pytest.param("greet", DOMAIN, id="intent-of-the-domain"),
        pytest.param("out_of_scope", DOMAIN, id="off-topic"),
        pytest.param("restart", DOMAIN, id="intent-of-rasa"),
        pytest.param("list_quartier", DOMAIN, id="name-of-a-list"),
        pytest.param("list_piscines", DOMAIN, id="looks-like-a-list"),
        pytest.param("ask_member", DOMAIN.replace("- greet", "- greet\n  - ask_member: {use_entities: []}"), id="dict"),
    ],
)
def test_it_refuses_a_fiche_with_the_name_of_an_intent(read, name, domain):
    expected = rf"^data/fiches/notions/{name}\.md:1 : le nom « {name} » est réservé.*donnez un autre nom"
    with pytest.raises(ContentError, match=expected):
        read(piscine(name), domain).get_domain()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"fiches/notions/piscine.md": "Pas d’en-tête"},
            "data/fiches/notions/piscine.md:1 : la première ligne d’une fiche doit être « --- ».",
            id="fiche",
        ),
        pytest.param({"genres.yml": "quartier: rien\n"}, "data/genres.yml:1 : ", id="genres"),
    ],
)
def test_it_says_which_file_cannot_be_read(read, changes, message):
    importer = read(changes)
    for part in (importer.get_domain, importer.get_nlu_data, importer.get_stories):
        with pytest.raises(ContentError) as refused:
            part()
        assert str(refused.value).startswith(message)


def test_rasa_shows_its_errors_without_a_traceback():
    assert issubclass(ContentError, RasaException)


def test_it_reads_the_content_of_the_process_when_there_is_none_beside_the_training_data(read, tmp_path, monkeypatch):
    read(piscine())
    elsewhere = tmp_path / "elsewhere.yml"
    elsewhere.write_text(NLU)
    monkeypatch.setenv(CONTENT_VARIABLE, str(tmp_path / "data"))
    importer = FicheImporter(str(tmp_path / "config.yml"), str(tmp_path / "domain.yml"), [str(elsewhere)])
    assert len(examples(importer, "piscine")) == 7
