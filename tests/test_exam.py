"""How a reply is marked: the rules of tests/questions/README.md."""

from pathlib import Path

import pytest
import yaml

from training.exam import ExamError, Expected, Given, exam_hash, fold, load_exam, mark

EXAM = Path(__file__).parent / "questions"


def expecting(tmp_path, **entry):
    """What the exam reads from one entry of a file."""
    path = tmp_path / "exam" / "essai.yml"
    path.parent.mkdir(exist_ok=True)
    content = {"description": "essai", "questions": [{"question": "?", **entry}]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    ((expected,),) = load_exam(path.parent)[0].conversations
    return expected


ANSWER = Given(("answer",), "La CAF est un partenaire.", ("caf",))
CLARIFY = Given(("clarify",), "Voulez-vous parler de : La CAF", ())
FALLBACK = Given(("fallback",), "Je ne sais pas. Adressez-vous à la mairie.", ())
ALERT = Given(("alert",), "Appelez le 15.", ("urgence_medicale",))
NOTHING = Given((), "", ())
TWO = Given(("answer", "answer"), "La CAF est un partenaire.\nLe Rectorat aussi.", ("caf", "rectorat"))


@pytest.mark.parametrize(
    ("entry", "given", "faults"),
    [
        pytest.param({}, ANSWER, 0, id="an-answer-is-expected"),
        pytest.param({}, FALLBACK, 1, id="no-answer"),
        pytest.param({}, NOTHING, 1, id="no-reply"),
        pytest.param({"sujet": "caf"}, ANSWER, 0, id="subject"),
        pytest.param({"sujet": "ars"}, ANSWER, 1, id="another-subject"),
        pytest.param({"sujet": ["ars", "caf"]}, ANSWER, 0, id="one-subject-of-several"),
        pytest.param({"sujet": "rectorat"}, TWO, 0, id="one-of-several-answers"),
        pytest.param({"sujet": "ask_member"}, ANSWER, 0, id="member-question"),
        pytest.param({"sujet": "ars", "contient": ["Rectorat"]}, ANSWER, 2, id="each-fault-is-told"),
        pytest.param({"kind": "fallback"}, FALLBACK, 0, id="kind"),
        pytest.param({"kind": "fallback"}, ANSWER, 1, id="another-kind"),
        pytest.param({"kind": ["clarify", "fallback"]}, CLARIFY, 0, id="one-kind-of-several"),
        pytest.param({"kind": "answer"}, TWO, 0, id="the-kind-is-that-of-the-first-bubble"),
        pytest.param({"pas": "alert"}, FALLBACK, 0, id="any-kind-but-one"),
        pytest.param({"pas": "alert"}, ALERT, 1, id="forbidden-kind"),
        pytest.param({"pas": ["alert", "answer"]}, ANSWER, 1, id="forbidden-kinds"),
        pytest.param({"contient": ["CAF"]}, ANSWER, 0, id="contains"),
        pytest.param({"contient": ["CAF", "Rectorat"]}, ANSWER, 1, id="contains-both"),
        pytest.param({"contient": ["CAF", "Rectorat"]}, TWO, 0, id="contains-in-any-bubble"),
        pytest.param({"contient": [["Rectorat", "CAF"]]}, ANSWER, 0, id="contains-a-variant"),
        pytest.param({"contient": [["Rectorat", "ARS"]]}, ANSWER, 1, id="contains-no-variant"),
        pytest.param({"contient": ["caf EST un partenaire"]}, ANSWER, 0, id="case-does-not-count"),
        pytest.param({"contient": ["partenaire !"]}, ANSWER, 1, id="punctuation-counts"),
        pytest.param({"absent": ["Lens"]}, ANSWER, 0, id="absent"),
        pytest.param({"absent": ["CAF"]}, ANSWER, 1, id="not-absent"),
        pytest.param({"absent": ["mairie"], "kind": "fallback"}, FALLBACK, 1, id="not-absent-whatever-the-kind"),
        pytest.param({"kind": ["answer", "clarify"], "sujet": "ars"}, CLARIFY, 0, id="asking-back-is-allowed"),
        pytest.param({"kind": ["answer", "clarify"], "sujet": "ars"}, ANSWER, 1, id="stating-something-else-is-not"),
        pytest.param({"kind": ["answer", "clarify"], "contient": ["ARS"]}, CLARIFY, 0, id="asking-back-says-less"),
        pytest.param({"pas": "alert", "contient": ["ARS"]}, FALLBACK, 0, id="sent-away-says-less"),
        pytest.param({"pas": "alert", "contient": ["ARS"]}, ANSWER, 1, id="an-answer-must-say-it"),
        pytest.param({"kind": "fallback", "contient": ["mairie"]}, FALLBACK, 0, id="fallback-that-says-it"),
        pytest.param({"kind": "fallback", "contient": ["téléphone"]}, FALLBACK, 1, id="fallback-must-say-it"),
        pytest.param({"kind": ["answer", "alert"], "contient": ["15"]}, ALERT, 0, id="two-kinds-that-answer"),
    ],
)
def test_it_marks_by_the_rules(tmp_path, entry, given, faults):
    result = mark(expecting(tmp_path, **entry), given)
    assert len(result.faults) == faults, result.faults
    assert result.is_right == (faults == 0)


@pytest.mark.parametrize(
    ("entry", "given", "fault"),
    [
        pytest.param({}, FALLBACK, "réponse de genre fallback au lieu de answer", id="kind"),
        pytest.param({}, NOTHING, "réponse de genre rien au lieu de answer", id="no-reply"),
        pytest.param({"pas": "alert"}, ALERT, "réponse de genre alert, interdit ici", id="forbidden-kind"),
        pytest.param({"sujet": ["b", "a"]}, ANSWER, "répond sur caf au lieu de a ou b", id="subject"),
        pytest.param({"contient": [["x", "y"]]}, ANSWER, "il manque « x » ou « y »", id="missing"),
        pytest.param({"absent": ["CAF"]}, ANSWER, "contient « CAF »", id="not-absent"),
    ],
)
def test_it_says_what_is_wrong_in_french(tmp_path, entry, given, fault):
    assert mark(expecting(tmp_path, **entry), given).faults == (fault,)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param("L’ÉTAT", "l'etat", id="case-accents-apostrophe"),
        pytest.param("qu‘est-ce", "qu'est-ce", id="other-apostrophe"),
        pytest.param("qui\u202f?", "qui ?", id="narrow-no-break-space"),
        pytest.param("1\u00a0000", "1 000", id="no-break-space"),
        pytest.param(" deux\n  lignes ", "deux lignes", id="spaces"),
        pytest.param("cœur", "cœur", id="ligature"),
    ],
)
def test_case_accents_apostrophes_and_spaces_do_not_count(text, same):
    assert fold(text) == fold(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param("<b>", "b", id="markup"),
        pytest.param("oui.", "oui", id="full-stop"),
        pytest.param("a\u202eb", "ab", id="direction-control"),
        pytest.param("10 €", "10", id="euro"),
    ],
)
def test_everything_else_counts(text, other):
    assert fold(text) != fold(other)


def test_a_conversation_is_read_turn_by_turn(tmp_path):
    (tmp_path / "suivis.yml").write_text(
        "description: suivis\nquestions:\n"
        "  - tours:\n      - message: les axes\n        sujet: list_axe\n      - message: le 2\n        kind: answer\n"
        "  - question: seule\n"
    )
    (part,) = load_exam(tmp_path)
    assert (part.name, part.description) == ("suivis", "suivis")
    assert part.conversations == (
        (Expected("les axes", ("list_axe",)), Expected("le 2")),
        (Expected("seule"),),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("description: [", id="not-yaml"),
        pytest.param("", id="empty"),
        pytest.param("- une liste", id="a-list"),
        pytest.param("description: x\n", id="no-questions"),
        pytest.param("description: x\nquestions: []\n", id="empty-questions"),
        pytest.param("questions:\n  - question: qui ?\n", id="no-description"),
        pytest.param("description: x\nquestions:\n  - qui ?\n", id="a-bare-question"),
        pytest.param("description: x\nquestions:\n  - sujet: caf\n", id="no-message"),
        pytest.param(b"description: \xe9\n", id="not-utf-8"),
    ],
)
def test_a_file_that_does_not_read_is_named(tmp_path, content):
    path = tmp_path / "mauvais.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ExamError) as refused:
        load_exam(tmp_path)
    assert str(refused.value).startswith(f"{path} : ce fichier d’examen ")


def test_an_exam_without_questions_says_so(tmp_path):
    with pytest.raises(ExamError, match="Aucune question d’examen dans"):
        load_exam(tmp_path)


def test_two_exams_are_told_apart_by_their_hash(tmp_path):
    (tmp_path / "a.yml").write_text("un")
    first = exam_hash(tmp_path)
    assert exam_hash(tmp_path) == first
    (tmp_path / "a.yml").write_text("deux")
    second = exam_hash(tmp_path)
    (tmp_path / "a.yml").rename(tmp_path / "b.yml")
    assert len({first, second, exam_hash(tmp_path)}) == 3


def test_the_exam_of_the_project_can_be_read():
    parts = {part.name: len(part.conversations) for part in load_exam(EXAM)}
    assert {"clair", "sans_accents", "sms_phonetique", "un_mot", "non_natif", "langues"} <= set(parts)
    assert {"hors_sujet", "detresse"} <= set(parts)
    assert min(parts.values()) >= 20
