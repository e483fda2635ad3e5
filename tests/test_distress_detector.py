"""The component of the second net: what it learns from, and what it says of a message."""

import numpy as np
import pytest
from component_case import build, load, said, with_features
from knowledge_fixtures import write_data
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.distress_detector import DISTRESS, DistressDetector
from components.sentence_encoder import encode
from knowledge import content

APPELS = """incendie:
  - la cuisine est en flammes
  - il y a le feu dans l’immeuble
  - ma voiture brûle
malaise:
  - il ne respire plus
  - elle a perdu connaissance
  - mon père a un malaise
rien:
  - mort de rire
  - où est la mairie
  - le feu est rouge
"""
EXAMPLES = [
    ("au feu", "incendie"),
    ("il a fait un malaise", "malaise"),
    ("que fait la CAF", "caf"),
    ("bonjour", "greet"),
]


def use_content(monkeypatch, data):
    monkeypatch.setenv(content.CONTENT_VARIABLE, str(data))
    for shared in (content.shared_base, content.shared_langues, content.shared_corrector):
        shared.cache_clear()


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = write_data(tmp_path, {"appels.yml": APPELS})
    use_content(monkeypatch, folder)
    yield folder
    monkeypatch.undo()
    for shared in (content.shared_base, content.shared_langues, content.shared_corrector):
        shared.cache_clear()


def encoded(text):
    return with_features(said(text), encode([text])[0], np.ones((1, 1)))


def trained(folder):
    build(DistressDetector, folder).train(TrainingData([said(text, intent) for text, intent in EXAMPLES]))
    return load(DistressDetector, folder)


def test_it_measures_what_was_never_written(data, tmp_path):
    call, other = trained(tmp_path).process([encoded("the kitchen is burning"), encoded("où est la mairie ?")])
    assert call.get(DISTRESS)["score"] > other.get(DISTRESS)["score"]
    assert call.get(DISTRESS)["ranking"][0][0] == "incendie"
    assert sum(weight for _, weight in call.get(DISTRESS)["ranking"]) == pytest.approx(1.0, abs=1e-5)


def test_a_message_without_text_is_left_alone(data, tmp_path):
    (message,) = trained(tmp_path).process([said("")])
    assert message.get(TEXT) == "" and message.get(DISTRESS) is None


def test_a_content_without_calls_trains_and_measures_nothing(data, tmp_path):
    (data / "appels.yml").unlink()
    build(DistressDetector, tmp_path).train(TrainingData([said("que fait la CAF", "caf"), said("bonjour", "greet")]))
    (message,) = load(DistressDetector, tmp_path).process([encoded("au feu")])
    assert message.get(DISTRESS) is None


def test_a_change_of_the_calls_is_a_new_training(data):
    before = DistressDetector.fingerprint_addon({})
    (data / "appels.yml").write_text(APPELS + "  - le feu de camp\n", encoding="utf-8")
    assert DistressDetector.fingerprint_addon({}) not in (None, before)
    (data / "appels.yml").unlink()
    assert DistressDetector.fingerprint_addon({}) is None
