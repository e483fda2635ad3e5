"""Residents' questions in the exam: written as the other slices, and taken out again."""

import pytest

from training.exam import ExamError, load_exam
from training.real_questions import FILE, RealQuestion, add_real, is_in_exam, list_real, remove_real

ASKED = [RealQuestion("la caf: c koi ?", "caf"), RealQuestion("# le match", None)]


def test_questions_make_a_slice_like_the_others(tmp_path):
    for question in ASKED:
        add_real(tmp_path, question)
    assert list_real(tmp_path) == ASKED
    (part,) = load_exam(tmp_path)
    assert part.name == "reelles"
    first, second = (turns[0] for turns in part.conversations)
    assert (first.message, first.subjects, first.kinds) == ("la caf: c koi ?", ("caf",), ("answer",))
    assert (second.message, second.subjects, second.kinds) == ("# le match", (), ("fallback", "handoff"))
    assert is_in_exam(tmp_path, "La CAF, c koi")
    assert not is_in_exam(tmp_path, "autre chose")


def test_a_question_is_taken_out_and_the_last_one_takes_the_file_along(tmp_path):
    for question in ASKED:
        add_real(tmp_path, question)
    assert remove_real(tmp_path, "LA CAF : c koi")
    assert list_real(tmp_path) == ASKED[1:]
    assert not remove_real(tmp_path, "inconnue")
    assert remove_real(tmp_path, "# le match")
    assert not (tmp_path / FILE).exists()
    assert list_real(tmp_path) == []
    assert not is_in_exam(tmp_path, "# le match")


def test_a_file_that_cannot_be_read_is_named_and_left_as_it_is(tmp_path):
    (tmp_path / FILE).write_text("questions: 3")
    with pytest.raises(ExamError, match=FILE):
        add_real(tmp_path, ASKED[0])
    assert (tmp_path / FILE).read_text() == "questions: 3"
