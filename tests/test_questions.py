import pytest

from actions.questions import Named, Question, read_questions, read_whole

CAF = {"entity": "partenaire", "value": "caf", "start": 3, "end": 6}
ARS = {"entity": "partenaire", "value": "ars", "start": 12, "end": 15}
SANTE = {"entity": "domaine", "value": "sante", "start": 20, "end": 25}


def part(text, intent, entities=(), ranking=()):
    return {"text": text, "intent": intent, "confidence": 0.9, "ranking": list(ranking), "entities": list(entities)}


def test_it_reads_one_question_a_clause_and_the_message_as_one():
    message = {
        "text": "tout",
        "questions": [
            part("qui ?", "list_partenaire", ranking=[("list_partenaire", 0.9), ("caf", 0.1)]),
            part("?", "x"),
        ],
        "whole": part("tout", "nlu_unsure"),
    }
    assert read_questions(message) == [
        Question("qui ?", "list_partenaire", ("list_partenaire", "caf"), (), (0.9, 0.1)),
        Question("?", "x"),
    ]
    assert read_whole(message) == Question("tout", "nlu_unsure")


def test_it_reads_how_near_a_question_is_to_a_call_for_help():
    measured = part("au feu", "x") | {
        "distress": {"score": 0.8, "ranking": [("urgence_incendie", 0.7), ("sans_abri", 0.1)]}
    }
    (question,) = read_questions({"questions": [measured]})
    assert (question.distress, question.urgences) == (0.8, (("urgence_incendie", 0.7), ("sans_abri", 0.1)))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            {
                "text": "/caf",
                "intent": {"name": "caf"},
                "entities": [],
                "intent_ranking": [{"name": "caf", "confidence": 1}],
            },
            Question("/caf", "caf", ("caf",), (), (1,)),
            id="button",
        ),
        pytest.param({"text": "la CAF", "intent": {"name": None}}, Question("la CAF", "nlu_fallback"), id="no-intent"),
        pytest.param({}, Question("", "nlu_fallback"), id="empty"),
    ],
)
def test_a_message_that_skipped_the_pipeline_is_one_question(message, expected):
    assert read_questions(message) == [expected]
    assert read_whole(message) == expected


@pytest.mark.parametrize(
    ("genres", "slugs"),
    [
        pytest.param((), ("caf", "ars", "sante"), id="all-once-in-reading-order"),
        pytest.param(("partenaire",), ("caf", "ars"), id="one-genre"),
        pytest.param(("domaine", "axe"), ("sante",), id="two-genres"),
        pytest.param(("quartier",), (), id="none"),
    ],
)
def test_it_gives_the_names_of_some_genres(genres, slugs):
    (question,) = read_questions({"questions": [part("…", "x", [CAF, ARS, SANTE, CAF])]})
    assert question.names(*genres) == slugs


def test_it_tells_what_is_said_around_the_names_of_a_genre():
    text = "la CAF, puis ARS et santé"
    named = tuple(
        Named(genre, words, text.index(words), text.index(words) + len(words))
        for genre, words in (("partenaire", "ARS"), ("partenaire", "CAF"), ("domaine", "santé"))
    )
    assert Question(text, "x", named=named).outside_names("partenaire").split() == ["la", ",", "puis", "et", "santé"]
