"""The public comparison of understanding: its tasks, its sides, its marks."""

import csv
import json
import sys
from datetime import date

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.nlu import average, grade, render
from benchmarks.understanding import sides
from benchmarks.understanding.sides import Answers, Side
from benchmarks.understanding.tasks import SHOTS, Task, find_tasks

HANDS = ["clean", "clean", "sms", "clean"]
TASK = Task("t", [("un", "a"), ("deux", "b")], ["1", "2", "1!", "?"], ["a", "b", "a", None], HANDS)
ANSWERS = Answers(["a", "a", "b", "a"], [0.9, 0.6, 0.2, 0.5], 0.002, 3_000_000)
# Answers every sentence with the first intent: a side as its process is, without what it learns with.
ALWAYS_FIRST = """
import json, sys
task = json.load(open(sys.argv[1]))
n = len(task["texts"])
intents = [task["train"][0][1]] * n
json.dump({"intents": intents, "scores": [1.0] * n, "seconds": 0.5, "memory": 7}, open(sys.argv[2], "w"))
"""


def write_rows(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_split(folder):
    write_rows(folder / "train_seed0.csv", [{"text": "un", "intent": "a"}, {"text": "deux", "intent": "b"}])
    write_rows(folder / "test_noise.csv", [{"text": "1", "intent": "a", "noise": "sms"}])
    write_rows(folder / "test_oos.csv", [{"text": "?", "intent": "__oos__"}])


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr(sides, "BENCH", tmp_path / "bench")
    return tmp_path / "bench"


def make_side(**settings):
    return Side("de test", (sys.executable, "-c", ALWAYS_FIRST, "{task}", "{answers}"), {"x": "1"}, **settings)


def test_a_split_alone_is_one_task(tmp_path):
    write_split(tmp_path)
    (title, (task,)) = next(iter(find_tasks(tmp_path).items()))
    assert title == "12 × 20"
    assert (task.texts, task.intents, task.hands) == (["1", "?"], ["a", None], ["sms", "clean"])


def test_the_whole_gives_few_examples_of_each_intent_and_all_of_them(tmp_path):
    rows = [{"text": f"{intent} {n}", "intent": intent, "split": "train"} for intent in "ab" for n in range(20)]
    rows += [{"text": "a ?", "intent": "a", "split": "test"}, {"text": "?", "intent": "b", "split": "dev"}]
    write_rows(tmp_path / "massive_fr.csv", rows)
    tasks = find_tasks(tmp_path)
    few, (whole,) = tasks["60 × 8"], tasks["60, tout"]
    assert {len(task.train) for task in few} == {2 * SHOTS}
    assert few[0].train != few[1].train
    assert (len(whole.train), whole.texts, whole.intents) == (40, ["a ?"], ["a"])


def test_a_folder_with_nothing_to_read_is_refused(tmp_path):
    with pytest.raises(BenchmarkError, match="ni fichier"):
        find_tasks(tmp_path)


def test_it_grades_each_hand_and_the_separation_of_what_is_off_topic():
    score = grade(TASK, ANSWERS)
    assert score.accuracy == {"clean": 0.5, "sms": 0.0}
    assert score.auroc == 1.0
    assert grade(TASK, Answers(ANSWERS.intents, [0.9, 0.4, 0.2, 0.5], 0, 0)).auroc == 0.5


def test_draws_are_averaged():
    best = Answers(["a", "b", "a", "a"], [0.9, 0.4, 0.2, 0.5], 0.004, 5_000_000)
    score = average([grade(TASK, ANSWERS), grade(TASK, best)])
    assert score.accuracy == {"clean": 0.75, "sms": 0.5}
    assert (score.auroc, score.seconds, score.memory, score.draws) == (0.75, pytest.approx(0.003), 5_000_000, 2)


def test_a_side_answers_in_a_process_of_its_own(bench):
    answers = make_side().answer(TASK)
    assert answers == Answers(["a"] * 4, [1.0] * 4, 0.5, 7)


def test_only_the_answers_of_a_rival_are_read_again(bench):
    for settings, again in (({"is_rival": True}, 99), ({}, 7)):
        side = make_side(**settings)
        side.answer(TASK)
        (kept,) = bench.rglob("*.json")
        kept.write_text(json.dumps(json.loads(kept.read_text()) | {"memory": 99}))
        assert side.answer(TASK).memory == again
        kept.unlink()


def test_what_is_not_kept_is_not_measured_when_only_kept_answers_are_wanted(bench):
    assert make_side().answer(TASK, kept_only=True) is None


def test_only_the_main_side_learns_a_big_task(bench, monkeypatch):
    monkeypatch.setattr(sides, "MOST_FOR_OTHERS", 1)
    assert make_side().answer(TASK) is None
    assert make_side(is_main=True).answer(TASK) is not None


def test_a_side_that_fails_says_why(bench):
    with pytest.raises(BenchmarkError, match="ZeroDivisionError"):
        Side("cassé", (sys.executable, "-c", "1 / 0"), {}).answer(TASK)


def test_the_section_shows_aims_measures_and_what_was_not_measured():
    section = render({"12 × 20": {"de test": grade(TASK, ANSWERS), "eux": None}}, [make_side()], date(2026, 1, 2))
    lines = section.splitlines()
    assert "| telles quelles | ≥ 93 | 50,0 | – | – |" in lines
    assert "| SMS | ≥ telles quelles − 2 | 0,0 | – | – |" in lines
    assert "| hors sujet (AUROC) | ≥ 0,95 | 1,000 | – | – |" in lines
    assert "* de test : x 1" in lines
    assert "2026-01-02" in section
