"""What asks nothing gets a word back, and leaves the conversation where it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.contexte import Contexte
from actions.questions import Question
from actions.reactions import WORDS, answer_reaction
from knowledge.base import KnowledgeBase
from knowledge.reactions import Mood, find_mood


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        pytest.param("Ah bon ?", Mood.HEARD, id="surprise"),
        pytest.param("ok, je vois mieux", Mood.HEARD, id="understood"),
        pytest.param("ah d’accord, je comprends mieux", Mood.HEARD, id="two reactions"),
        pytest.param("je savais pas ça", Mood.HEARD, id="did not know"),
        pytest.param("je les rappelle demain", Mood.HEARD, id="what one will do"),
        pytest.param("non, finalement je passerai sur place", Mood.HEARD, id="another way"),
        pytest.param("j’en parle à mon frère", Mood.HEARD, id="somebody else"),
        pytest.param("désolée, faute de frappe", Mood.HEARD, id="sorry"),
        pytest.param("je rigole", Mood.HEARD, id="a joke"),
        pytest.param("laissez-moi réfléchir", Mood.HEARD, id="hesitation"),
        pytest.param("vous répondez pas à ma question", Mood.MISSED, id="no answer"),
        pytest.param("c’est pas ce que je voulais", Mood.MISSED, id="something else"),
        pytest.param("n’importe quoi, vous avez rien compris", Mood.MISSED, id="not understood"),
        pytest.param("trop bien !", Mood.GLAD, id="glad"),
        pytest.param("ah, c’est une bonne nouvelle", Mood.GLAD, id="good news"),
        pytest.param("vous êtes vraiment très aimable", Mood.KIND, id="kind word"),
        pytest.param("mouais, bof", Mood.SORRY, id="doubt"),
        pytest.param("c’est nul", Mood.SORRY, id="bad"),
        pytest.param("pffff encore du blabla", Mood.SORRY, id="empty words"),
        pytest.param("ben c’est pas juste", Mood.SORRY, id="unfair"),
        pytest.param("ça m’avance pas beaucoup", Mood.SORRY, id="no help"),
    ],
)
def test_it_hears_a_reaction(text, mood):
    assert find_mood(text) is mood


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("d’accord", id="yes"),
        pytest.param("parfait", id="yes in other words"),
        pytest.param("c’est bien ?", id="question"),
        pytest.param("c’est bien un partenaire", id="a member"),
        pytest.param("c’est trop compliqué", id="wants plainer words"),
        pytest.param("ah bon, et les écoles", id="a question after it"),
        pytest.param("je suis nulle", id="about oneself"),
        pytest.param("j’en ai marre de tout", id="distress"),
        pytest.param("c’est tout", id="asks for the others"),
    ],
)
def test_it_leaves_what_says_more(text):
    assert find_mood(text) is None


@pytest.fixture(scope="module")
def base():
    return KnowledgeBase.load(Path(__file__).parent.parent / "data")


@pytest.mark.parametrize(
    ("text", "mood", "offre", "labels"),
    [
        pytest.param("je vois", Mood.HEARD, None, ["L’emploi", "La santé"], id="heard"),
        pytest.param(
            "c’est dommage", Mood.SORRY, "message",
            ["L’emploi", "La santé", "Laisser un message au service"],
            id="sorry",
        ),
    ],
)  # fmt: skip
def test_what_was_on_offer_stays_on_offer(base, text, mood, offre, labels):
    contexte = Contexte(("caf",), "partenaire", montres=("emploi", "sante"))
    answer = answer_reaction(Question(text, "ask_followup"), contexte, base)
    assert [reply.kind for reply in answer.replies] == ["smalltalk"]
    assert answer.replies[0].text.startswith(WORDS[mood].split(".")[0].split("\u202f")[0].rstrip(" !"))
    assert [choice.label for choice in answer.replies[0].choices] == labels
    assert (answer.contexte, answer.offre, answer.is_beside) == (contexte, offre, True)


def test_a_question_is_no_reaction(base):
    assert answer_reaction(Question("c’est quoi un QPV ?", "quartier_prioritaire"), Contexte(), base) is None
