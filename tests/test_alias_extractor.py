import pytest
from component_case import build, said
from knowledge_fixtures import write_data
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.alias_extractor import AliasExtractor
from knowledge.content import CONTENT_VARIABLE, shared_base


@pytest.fixture
def extractor(tmp_path, monkeypatch):
    """An extractor that reads the names of a small town's content."""
    monkeypatch.setenv(CONTENT_VARIABLE, str(write_data(tmp_path)))
    shared_base.cache_clear()
    yield build(AliasExtractor, tmp_path / "model")
    shared_base.cache_clear()


def found(extractor, text):
    (message,) = extractor.process([said(text)])
    return [
        (entity["entity"], entity["value"], text[entity["start"] : entity["end"]]) for entity in message.get(ENTITIES)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("et la CAF ?", [("partenaire", "caf", "CAF")], id="acronym"),
        pytest.param("j’habite rue de Lorraine", [("quartier", "rue_de_lorraine", "rue de Lorraine")], id="name"),
        pytest.param("rue de loraine", [("quartier", "rue_de_lorraine", "rue de loraine")], id="misspelt"),
        pytest.param(
            "le Moulin, puis la caf",
            [("quartier", "moulin", "Moulin"), ("partenaire", "caf", "caf")],
            id="two-in-reading-order",
        ),
        pytest.param("LE  MOULIN", [("quartier", "moulin", "MOULIN")], id="capitals-and-spaces"),
        pytest.param("bonjour", [], id="none"),
        pytest.param("", [], id="empty"),
    ],
)
def test_it_finds_the_names_of_this_content(extractor, text, names):
    assert found(extractor, text) == names


def test_it_signs_what_it_finds_and_says_how_surely(extractor):
    exact, misspelt = (extractor.process([said(text)])[0].get(ENTITIES)[0] for text in ("la CAF", "rue de loraine"))
    assert exact["extractor"] == "AliasExtractor"
    assert exact["confidence_entity"] == 1.0
    assert 0.5 < misspelt["confidence_entity"] < 1.0


def test_it_keeps_what_was_found_before(extractor):
    message = said("la CAF")
    message.set(ENTITIES, [{"entity": "champ", "value": "nom"}])
    extractor.process([message])
    assert [entity["entity"] for entity in message.get(ENTITIES)] == ["champ", "partenaire"]


def test_what_it_finds_leaves_with_the_message(extractor):
    (message,) = extractor.process([said("la CAF")])
    assert ENTITIES in message.as_dict(only_output_properties=True)


def test_a_message_without_text_has_no_names(extractor):
    (message,) = extractor.process([Message(data={"intent": "greet"})])
    assert message.get(ENTITIES) == []


def test_it_does_not_touch_training_examples(extractor):
    examples = TrainingData([said("la CAF", "caf")])
    assert extractor.process_training_data(examples) is examples
    assert examples.training_examples[0].get(ENTITIES) is None
