import pytest
from component_case import build, said
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.clauses import CLAUSE_OF, QUESTIONS, WHOLE, ClauseCollector, ClauseExpander

TWO = "Qui signe ? Où est-ce ?"


@pytest.fixture
def expander(tmp_path):
    return build(ClauseExpander, tmp_path)


@pytest.fixture
def collector(tmp_path):
    return build(ClauseCollector, tmp_path)


def understand(message, intent, confidence, entities=()):
    """What the components in between leave on a message."""
    ranking = [(intent, confidence), ("greet", 0.04), ("deny", 0.03), ("thank", 0.02), ("affirm", 0.01)]
    message.set(INTENT, {"name": intent, "confidence": confidence})
    message.set(INTENT_RANKING_KEY, [{"name": name, "confidence": share} for name, share in ranking])
    message.set(ENTITIES, list(entities))


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        pytest.param("Qui signe ?", ["Qui signe ?"], id="one-question-travels-alone"),
        pytest.param(" Qui signe ? ", [" Qui signe ? "], id="spaces-make-no-clause"),
        pytest.param(TWO, [TWO, "Qui signe ?", "Où est-ce ?"], id="two-questions"),
        pytest.param("Bonjour, qui signe ?", ["Bonjour, qui signe ?", "qui signe ?"], id="greeting"),
        pytest.param("", [""], id="empty"),
    ],
)
def test_it_adds_the_clauses_after_their_message(expander, text, texts):
    assert [message.get(TEXT) for message in expander.process([said(text)])] == texts


def test_it_leaves_a_message_without_text_alone(expander):
    message = Message(data={INTENT: "greet"})
    assert expander.process([message]) == [message]


def test_it_folds_the_clauses_back_into_questions(expander, collector):
    whole, first, second = expander.process([said(TWO)])
    caf = {"entity": "partenaire", "value": "caf", "start": 0, "end": 3, "extractor": "AliasExtractor"}
    understand(whole, "nlu_unsure", 0.4)
    understand(first, "list_partenaire", 0.9, [caf])
    first.set("distress", {"score": -0.9, "ranking": [("suicide", 0.6)]})
    understand(second, "list_quartier", 0.8)
    (answer,) = collector.process([whole, first, second])
    assert answer.get(QUESTIONS) == [
        {
            "text": "Qui signe ?",
            "reading": "Qui signe ?",
            "intent": "list_partenaire",
            "confidence": 0.9,
            "ranking": [("list_partenaire", 0.9), ("greet", 0.04), ("deny", 0.03), ("thank", 0.02)],
            "distress": {"score": -0.9, "ranking": [("suicide", 0.6)]},
            "entities": [{"entity": "partenaire", "value": "caf", "start": 0, "end": 3}],
        },
        {
            "text": "Où est-ce ?",
            "reading": "Où est-ce ?",
            "intent": "list_quartier",
            "confidence": 0.8,
            "ranking": [("list_quartier", 0.8), ("greet", 0.04), ("deny", 0.03), ("thank", 0.02)],
            "distress": None,
            "entities": [],
        },
    ]
    assert (answer.get(WHOLE)["text"], answer.get(WHOLE)["intent"]) == (TWO, "nlu_unsure")
    assert answer.get(INTENT) == {"name": "list_partenaire", "confidence": 0.9}


def test_a_message_of_one_question_is_its_own_question(collector):
    message = said("Qui signe ?")
    understand(message, "list_partenaire", 0.9)
    (answer,) = collector.process([message])
    assert answer.get(QUESTIONS) == [answer.get(WHOLE)]
    assert answer.get(INTENT) == {"name": "list_partenaire", "confidence": 0.9}


def test_what_it_found_leaves_with_the_message(collector):
    message = said("Qui signe ?")
    understand(message, "list_partenaire", 0.9)
    (answer,) = collector.process([message])
    assert {QUESTIONS, WHOLE} <= set(answer.as_dict(only_output_properties=True))


def test_it_does_not_mix_the_clauses_of_two_messages(expander, collector):
    messages = expander.process([said(TWO), said("Quels axes ? Quels objectifs ?")])
    for message in messages:
        understand(message, "greet", 0.9)
    questions = [[part["text"] for part in message.get(QUESTIONS)] for message in collector.process(messages)]
    assert questions == [["Qui signe ?", "Où est-ce ?"], ["Quels axes ?", "Quels objectifs ?"]]


def test_it_says_when_nothing_was_understood(collector):
    (answer,) = collector.process([said("")])
    assert answer.get(QUESTIONS) == [
        {"text": "", "reading": "", "intent": None, "confidence": 0.0, "ranking": [], "distress": None, "entities": []}
    ]


def test_no_clause_is_left_behind(expander, collector):
    messages = expander.process([said(TWO)])
    for message in messages:
        understand(message, "greet", 0.9)
    assert [message.get(CLAUSE_OF) for message in collector.process(messages)] == [None]


@pytest.mark.parametrize("component", [ClauseExpander, ClauseCollector])
def test_training_examples_stay_as_they_are(tmp_path, component):
    examples = TrainingData([said(TWO, "list_partenaire")])
    assert build(component, tmp_path).process_training_data(examples) is examples
    assert [message.get(TEXT) for message in examples.training_examples] == [TWO]


@pytest.mark.parametrize(
    ("whole", "clause", "intent"),
    [
        pytest.param(("greet", 0.9), ("nlu_unsure", 0.5), "greet", id="a-greeting-from-end-to-end"),
        pytest.param(("greet", 0.9), ("list_quartier", 0.8), "list_quartier", id="a-question-after-it"),
        pytest.param(("greet", 0.9), ("out_of_scope", 0.6), "greet", id="a-rest-that-says-little"),
        pytest.param(("greet", 0.9), ("out_of_scope", 0.8), "out_of_scope", id="something-else-after-it"),
        pytest.param(("nlu_unsure", 0.5), ("nlu_fallback", 0.2), "nlu_fallback", id="no-sure-greeting"),
    ],
)
def test_a_greeting_may_be_the_whole_message(expander, collector, whole, clause, intent):
    message, rest = expander.process([said("Coucou, tout va bien chez vous ?")])
    understand(message, *whole)
    understand(rest, *clause)
    (answer,) = collector.process([message, rest])
    assert answer.get(INTENT)["name"] == intent


STORY = (
    "on est venus habiter ici il y a trois ans avec les petits et ma mère qui a du mal à marcher "
    "alors je voudrais savoir à quoi vous servez au juste"
)


@pytest.mark.parametrize(
    ("whole", "told", "is_alone"),
    [
        pytest.param(("nlu_unsure", 0.4), ("bot_capacites", 0.8), True, id="the-assistant"),
        pytest.param(("habitat_cadre_de_vie", 0.8), ("bot_capacites", 0.8), False, id="a-sure-whole"),
        pytest.param(("habitat_cadre_de_vie", 0.8), ("list_axe", 0.8), True, id="a-sure-question"),
        pytest.param(("habitat_cadre_de_vie", 0.95), ("list_axe", 0.6), False, id="a-much-surer-whole"),
        pytest.param(("nlu_unsure", 0.4), ("ask_member", 0.7), True, id="a-member"),
        pytest.param(("nlu_unsure", 0.4), ("nlu_unsure", 0.5), True, id="the-likelier"),
        pytest.param(("nlu_unsure", 0.4), ("out_of_scope", 0.9), False, id="off-topic-says-nothing"),
    ],
)
def test_the_question_of_a_story_is_read_alone(expander, collector, whole, told, is_alone):
    message, *readings = expander.process([said(STORY)])
    understand(message, *whole)
    for reading in readings:
        understand(reading, *told)
    (answer,) = collector.process([message, *readings])
    assert answer.get(QUESTIONS)[0]["text"] == (readings[0].get(TEXT) if is_alone else STORY)


@pytest.mark.parametrize(
    ("whole", "last", "is_alone"),
    [
        pytest.param(("out_of_scope", 0.8), ("list_axe", 0.8), True, id="a-lost-message"),
        pytest.param(("habitat_cadre_de_vie", 0.5), ("list_axe", 0.8), False, id="a-message-understood"),
        pytest.param(("out_of_scope", 0.8), ("ask_member", 0.8), False, id="a-turn-of-conversation"),
        pytest.param(("mont_liebaut", 0.6), ("list_axe", 0.8), True, id="a-name-in-passing"),
        pytest.param(("mont_liebaut", 0.8), ("list_axe", 0.9), False, id="a-sure-name"),
    ],
)
def test_the_last_sentence_counts_where_nothing_else_is_understood(expander, collector, whole, last, is_alone):
    text = "Je tiens un club de boules. Quelles sont vos priorités ?"
    message, reading = expander.process([said(text)])
    understand(message, *whole)
    understand(reading, *last)
    (answer,) = collector.process([message, reading])
    assert answer.get(QUESTIONS)[0]["text"] == (reading.get(TEXT) if is_alone else text)


@pytest.mark.parametrize(
    ("asked", "is_alone"),
    [
        pytest.param("aides_et_avantages", True, id="something-else"),
        pytest.param("list_quartier", False, id="the-place-itself"),
    ],
)
def test_where_one_lives_is_no_subject_however_sure(expander, collector, asked, is_alone):
    text = "Je loge au Mont-Liébaut, qu’est-ce que cela me donne ?"
    message, reading, *_ = expander.process([said(text)])
    understand(message, "mont_liebaut", 0.95)
    understand(reading, asked, 0.8)
    (answer,) = collector.process([message, reading])
    assert answer.get(QUESTIONS)[0]["text"] == (reading.get(TEXT) if is_alone else text)


@pytest.mark.parametrize(
    ("asked", "is_alone"),
    [
        pytest.param(("verifier_adresse", 0.9), True, id="ones-address"),
        pytest.param(("verifier_adresse", 0.4), False, id="hardly-ones-address"),
        pytest.param(("habitat_cadre_de_vie", 0.9), False, id="something-in-that-street"),
    ],
)
def test_a_street_is_ones_own_when_that_asks_about_an_address(expander, collector, asked, is_alone):
    text = "rue Pasteur c’est bon ?"
    message, reading = expander.process([said(text)])
    understand(message, "out_of_scope", 0.9)
    understand(reading, *asked)
    (answer,) = collector.process([message, reading])
    assert answer.get(QUESTIONS)[0]["text"] == ("ma rue c’est bon ?" if is_alone else text)


def test_a_name_beside_a_word_for_a_street_makes_no_street(expander):
    assert len(expander.process([said("quelle est la place de la CAF")])) == 1


@pytest.mark.parametrize(
    ("whole", "placeless", "is_alone"),
    [
        pytest.param(("mont_liebaut", 0.8), ("start_join", 0.9), True, id="a request"),
        pytest.param(("nlu_unsure", 0.5), ("start_join", 0.9), True, id="a request amid doubt"),
        pytest.param(("mont_liebaut", 0.6), ("aides_et_avantages", 0.65), True, id="surer than the place"),
        pytest.param(("mont_liebaut", 0.8), ("aides_et_avantages", 0.6), True, id="sure enough"),
        pytest.param(("mont_liebaut", 0.8), ("aides_et_avantages", 0.5), False, id="less sure"),
        pytest.param(("mont_liebaut", 0.9), ("quartier_prioritaire", 0.9), False, id="the place itself"),
        pytest.param(("mont_liebaut", 0.9), ("etat", 0.9), False, id="somebody else"),
    ],
)
def test_a_place_may_only_say_where(expander, collector, whole, placeless, is_alone):
    text = "je veux être au conseil citoyen du Mont-Liébaut"
    message, reading, *_ = expander.process([said(text)])
    understand(message, *whole)
    understand(reading, *placeless)
    (answer,) = collector.process([message, reading])
    assert answer.get(QUESTIONS)[0]["text"] == (reading.get(TEXT) if is_alone else text)


@pytest.mark.parametrize(
    ("text", "offer", "intent"),
    [
        pytest.param("va pour le formulaire", "join", "affirm", id="offered"),
        pytest.param("va pour le formulaire", None, "cancel", id="nothing-offered"),
        pytest.param("le formulaire de qui", "join", "cancel", id="something-else"),
    ],
)
def test_what_was_offered_is_accepted_in_many_words(expander, collector, text, offer, intent):
    message = said(text)
    message.set("metadata", {"offer": offer})
    (message, *others) = expander.process([message])
    for reading in (message, *others):
        understand(reading, "cancel", 0.5)
    (answer,) = collector.process([message, *others])
    assert answer.get(INTENT)["name"] == intent
