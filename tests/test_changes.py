"""What changes for residents: the comparison of two releases, with a candidate that answers from a table."""

import json

import pytest

from training import changes
from training.changes import BETTER, UNDECIDED, WORSE, Question, compare_exams, compare_real, replay, sort_changes
from training.exam import OFF_TOPIC, Given

CAF = Given(("answer",), "La CAF aide.", ("caf",))
ARS = Given(("answer",), "L’ARS soigne.", ("ars",))
ASKED = Given(("clarify",), "La CAF ou l’ARS ?", ())


class Table:
    """A release that answers from a table, and remembers in which conversation."""

    def __init__(self, answers):
        self.answers = answers
        self.sessions = []

    def ask(self, session, message):
        self.sessions.append(session)
        return self.answers[message]


def evaluation(**answers):
    """An evaluation by key: what was given, and whether it was right."""
    return {
        "answers": [
            {
                "key": key,
                "message": f"{key} ?",
                "kinds": list(given.kinds),
                "text": given.text,
                "subjects": list(given.subjects),
                "right": right,
            }
            for key, (given, right) in answers.items()
        ]
    }


def test_the_same_release_twice_changes_nothing():
    same = evaluation(a=(CAF, True), b=(ASKED, False))
    assert compare_exams(same, same) == []
    assert changes.Changes("r1", "r1", 2, ()).sentence == "Aucune réponse ne change, sur 2 questions."
    assert changes.Changes("r1", "r1", 1084, ()).sentence.endswith("sur 1\u202f084 questions.")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        pytest.param((ASKED, False), (CAF, True), BETTER, id="wrong-then-right"),
        pytest.param((CAF, True), (ASKED, False), WORSE, id="right-then-wrong"),
        pytest.param((CAF, True), (ARS, True), UNDECIDED, id="right-both-times"),
        pytest.param((ASKED, False), (ARS, False), UNDECIDED, id="wrong-both-times"),
    ],
)
def test_the_marks_of_the_exam_say_which_answer_is_better(before, after, verdict):
    (change,) = compare_exams(evaluation(a=before), evaluation(a=after))
    assert (change.verdict, change.message, change.before, change.after) == (verdict, "a ?", before[0], after[0])


def test_a_question_that_one_of_them_was_not_asked_is_not_compared():
    assert compare_exams(evaluation(a=(CAF, True)), evaluation(b=(ARS, True))) == []


@pytest.mark.parametrize(
    ("subject", "before", "after", "verdict"),
    [
        pytest.param(None, CAF, ARS, UNDECIDED, id="nobody-decided"),
        pytest.param("caf", ASKED, CAF, BETTER, id="subject-found"),
        pytest.param("caf", CAF, ARS, WORSE, id="subject-lost"),
        pytest.param("caf", ASKED, ARS, UNDECIDED, id="never-right"),
        pytest.param(OFF_TOPIC, CAF, ASKED, BETTER, id="off-topic-no-more-answered"),
        pytest.param(OFF_TOPIC, ASKED, CAF, WORSE, id="off-topic-answered"),
    ],
)
def test_what_staff_decided_says_which_answer_to_a_resident_is_better(subject, before, after, verdict):
    question = Question("7", "et la caf", subject)
    (change,) = compare_real([question], {"7": before}, {"7": after})
    assert (change.verdict, change.key, change.message) == (verdict, "7", None)


def test_each_question_is_replayed_in_a_conversation_of_its_own():
    release = Table({"un": CAF, "deux": ARS})
    advanced = []
    questions = [Question("1", "un"), Question("2", "deux")]
    assert replay([release], questions, lambda: advanced.append(1)) == {"1": CAF, "2": ARS}
    assert len(set(release.sessions)) == len(advanced) == 2


def test_the_sentence_counts_and_the_list_begins_with_what_is_worse(tmp_path):
    verdicts = [BETTER, UNDECIDED, BETTER, WORSE, BETTER, BETTER]
    made = [changes.Change(changes.EXAM, str(n), "?", CAF, ARS, verdict) for n, verdict in enumerate(verdicts)]
    found = changes.Changes("r1", "r2", 200, sort_changes(made))
    assert found.sentence == "6 réponses changent sur 200 : 4 mieux, 1 pire, 1 à vous de dire."
    assert [change.verdict for change in found.changes][:2] == [WORSE, UNDECIDED]
    (tmp_path / "r2").mkdir()
    changes.save_changes(tmp_path, found)
    assert changes.load_changes(tmp_path, "r2") == found


def test_what_is_kept_of_a_residents_question_is_its_number(tmp_path):
    (tmp_path / "r2").mkdir()
    question = Question("7", "je m’appelle Zoé, et la caf", None)
    real = compare_real([question], {"7": CAF}, {"7": ARS})
    changes.save_changes(tmp_path, changes.Changes("r1", "r2", 1, tuple(real)))
    assert "Zoé" not in (tmp_path / "r2" / "changes.json").read_text()


def test_questions_are_read_one_a_line():
    lines = ['{"id": "1", "text": "un", "subject": "caf"}\n', "\n", '{"id": "2", "text": "deux"}\n']
    assert changes.read_questions(lines) == (Question("1", "un", "caf"), Question("2", "deux"))
    for broken in ("[1]", "{", json.dumps({"texte": "un"})):
        with pytest.raises(ValueError):
            changes.read_questions([broken])
