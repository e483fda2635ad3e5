import numpy as np
import pytest
from component_case import RESOURCE, build, load, said, with_features
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from components.kernel_model import fit
from components.subject_classifier import FEWEST_EXAMPLES, RANKING_LENGTH, SubjectClassifier
from components.thresholds import Decision

SIZE, NGRAMS = 16, 20
SUBJECTS = ["caf", "list_quartier", "out_of_scope"]


def make_messages(intents, each=10, seed=0, labelled=True):
    """Messages that have been through the featurizers, easy to tell apart."""
    random = np.random.default_rng(seed)
    messages = []
    for place, intent in enumerate(intents):
        for number in range(each):
            dense = np.eye(SIZE)[place] + random.normal(scale=0.1, size=SIZE)
            counts = np.eye(NGRAMS)[place] * 2 + random.poisson(0.1, size=NGRAMS)
            message = said(f"{intent} {number}", intent if labelled else None)
            messages.append(with_features(message, (dense / np.linalg.norm(dense)).astype(np.float32), counts))
    return messages


@pytest.fixture
def classifier(tmp_path):
    return build(SubjectClassifier, tmp_path)


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(1)
    intents = np.repeat(SUBJECTS, 10)
    places = np.repeat(np.arange(3), 10)
    dense = (np.eye(SIZE)[places] + rng.normal(scale=0.05, size=(30, SIZE))).astype(np.float32)
    return fit(dense, csr_matrix(np.eye(NGRAMS)[places]), intents)[0]


def deciding(model, folder, sure, ask):
    """A trained classifier that is always half sure, with its two lines where the test wants them."""
    decision = Decision(bias=0.0, weights=(0.0, 0.0, 0.0), sure=sure, ask=ask)
    return SubjectClassifier(LocalModelStorage(folder), RESOURCE, model, decision)


def test_it_learns_the_subjects(classifier):
    classifier.train(TrainingData(make_messages(SUBJECTS)))
    messages = make_messages(SUBJECTS, each=5, seed=1, labelled=False)
    assert [message.get(INTENT)["name"] for message in classifier.process(messages)] == list(np.repeat(SUBJECTS, 5))


def test_it_answers_the_same_once_stored_and_loaded(classifier, tmp_path):
    classifier.train(TrainingData(make_messages(SUBJECTS)))
    before = classifier.process(make_messages(SUBJECTS, each=5, seed=1, labelled=False))
    after = load(SubjectClassifier, tmp_path).process(make_messages(SUBJECTS, each=5, seed=1, labelled=False))
    for trained, loaded in zip(before, after, strict=True):
        assert loaded.get(INTENT)["name"] == trained.get(INTENT)["name"]
        assert loaded.get(INTENT)["confidence"] == pytest.approx(trained.get(INTENT)["confidence"], abs=0.01)


@pytest.mark.parametrize(
    ("subject", "sure", "ask", "intent"),
    [
        pytest.param("caf", 0.4, 0.2, "caf", id="sure"),
        pytest.param("caf", 0.5, 0.5, "caf", id="just-sure"),
        pytest.param("caf", 0.6, 0.4, "nlu_unsure", id="asks"),
        pytest.param("caf", 0.9, 0.6, "nlu_fallback", id="does-not-know"),
        pytest.param("out_of_scope", 0.4, 0.2, "out_of_scope", id="off-topic"),
        pytest.param("out_of_scope", 0.9, 0.6, "out_of_scope", id="off-topic-needs-not-be-sure"),
    ],
)
def test_it_says_whether_it_is_sure(model, tmp_path, subject, sure, ask, intent):
    place = SUBJECTS.index(subject)
    message = with_features(said("?"), np.eye(SIZE, dtype=np.float32)[place], np.eye(NGRAMS)[place])
    deciding(model, tmp_path, sure, ask).process([message])
    assert message.get(INTENT) == {"name": intent, "confidence": 0.5}
    ranking = message.get(INTENT_RANKING_KEY)
    assert ranking[0] == {"name": subject, "confidence": 0.5}
    assert sorted(entry["name"] for entry in ranking) == SUBJECTS


def test_the_ranking_goes_from_the_likeliest_down_and_is_not_long(classifier):
    names = [f"sujet_{number:02}" for number in range(14)]
    classifier.train(TrainingData(make_messages(names, each=6)))
    (message,) = classifier.process(make_messages(["sujet_00"], each=1, labelled=False))
    ranking = message.get(INTENT_RANKING_KEY)
    assert len(ranking) == RANKING_LENGTH
    assert ranking[0]["name"] == "sujet_00"
    others = [entry["confidence"] for entry in ranking[1:]]
    assert others == sorted(others, reverse=True)


def test_its_findings_leave_with_the_message(model, tmp_path):
    message = with_features(said("?"), np.eye(SIZE, dtype=np.float32)[0], np.eye(NGRAMS)[0])
    deciding(model, tmp_path, 0.4, 0.2).process([message])
    assert {INTENT, INTENT_RANKING_KEY} <= set(message.as_dict(only_output_properties=True))


def test_it_leaves_a_message_without_text_alone(model, tmp_path):
    messages = [Message(data={INTENT: "greet"})]
    assert deciding(model, tmp_path, 0.4, 0.2).process(messages) == messages
    assert messages[0].get(INTENT) == "greet"


def test_it_names_the_subjects_with_too_few_questions(classifier):
    messages = [*make_messages(["caf", "etat"]), *make_messages(["ars", "anru"], each=FEWEST_EXAMPLES - 1)]
    with pytest.raises(InvalidConfigException, match=r"au moins 5 questions par sujet.*pour : anru, ars\.$"):
        classifier.train(TrainingData(messages))


def test_it_says_which_featurizers_it_needs(classifier):
    bare = [said(f"question {number}", "caf") for number in range(FEWEST_EXAMPLES)]
    with pytest.raises(InvalidConfigException, match="SentenceEncoder and SentenceNgrams"):
        classifier.train(TrainingData(bare))
