"""« À revoir »: grouping, ranking, deciding, sampling, forgetting; on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from gateway_case import is_written

from gateway.agents.replayed import RetainedQuestions
from gateway.database import Database
from gateway.questions import KEPT_DECISIONS_DAYS, Understood
from gateway.review import LEAST_USEFUL, Review
from gateway.review_groups import Grouping
from gateway.review_sample import PER_WEEK, Sampling, week_of
from gateway.sessions import new_id
from gateway.store import Store, StoredReply, Turn

TODAY = date(2026, 11, 25)
QUESTION = Understood("c’est quoi la caf", "caf", 0.4, (("anru", 0.2), ("emploi", 0.1)), "fr", "answer", "caf")
pytest_plugins = ["gateway_fixtures"]

IMPORTANT = {"suicide": 3.0}


class Town:
    """A database with residents who ask, and what staff work with."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = Store(database)
        self.review = Review(database)
        self.sampling = Sampling(database)
        self.grouping = Grouping(database, lambda subject: IMPORTANT.get(subject, 1.0))

    def ask(self, text: str, session: str | None = None, on: date = TODAY, **more) -> str:
        """Ask a question in a conversation; returns the id of the reply."""
        understood = replace(QUESTION, text=text, **more)
        reply = StoredReply(new_id(), {"kind": understood.kind, "text": "Une réponse."})
        turn = Turn(None, "x", text, "r1", (reply,), (understood,))
        self.store.save_turn(session or new_id(), on, turn, on=on)
        return reply.id

    def open(self) -> list[str]:
        """The questions to decide on, in order."""
        self.grouping.run()
        return [line.text for line in self.review.list_open(TODAY)]

    def group(self, text: str) -> int:
        """The number of a question."""
        self.grouping.run()
        return next(line.id for line in self.review.list_open(TODAY) if line.text == text)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def test_near_identical_questions_are_one(town):
    for text in ("c’est quoi la caf", "C'est quoi la CAF ?", "cest quoi la caf", "la caf c’est quoi"):
        town.ask(text)
    town.ask("c’est quoi l’axe cinq", subject="axe_05")
    town.ask("c’est quoi la caf", subject="anru")
    assert town.open() == ["c’est quoi la caf", "c’est quoi l’axe cinq", "c’est quoi la caf"]
    (first, *_) = town.review.list_open(TODAY)
    assert (first.asked, first.subject) == (4, "caf")


def test_the_most_useful_come_first(town):
    town.ask("peu sûr", confidence=0.3)
    town.ask("presque sûr", confidence=0.7)
    town.ask("très sûr", confidence=0.99)
    for _ in range(3):
        town.ask("posée par trois personnes", confidence=0.7, subject="b")
    town.ask("qui compte beaucoup", confidence=0.6, subject="suicide")
    town.ask("n’a rien trouvé", confidence=0.9, kind="fallback", answered=None, subject="c")
    assert town.open() == [
        "qui compte beaucoup",  # 1 × 0.4 × 3
        "posée par trois personnes",  # 3 × 0.3
        "peu sûr",  # 0.7
        "n’a rien trouvé",  # 0.5 at least
        "presque sûr",  # 0.3
    ]


def test_a_resident_who_says_it_is_wrong_is_heard(town):
    reply = town.ask("très sûr", confidence=0.99)
    assert town.open() == []
    town.store.save_feedback(reply, None, "fausse", "non", TODAY)
    assert town.open() == ["très sûr"]
    assert town.review.askings(town.group("très sûr"))[0].verdict == "fausse"


def test_what_is_decided_on_never_comes_back(town):
    town.ask("c’est quoi la caf")
    assert town.review.decide(town.group("c’est quoi la caf"), "ecarte", "bob", TODAY)
    town.ask("C’est quoi, la CAF ???", confidence=0.1)
    assert town.open() == []
    assert town.review.count_decided() == {"ecarte": 1}
    (line,) = town.review.list_decided("ecarte")
    assert (line.asked, line.decided_by) == (2, "bob")
    town.review.undo(line.id, "bob")
    assert town.open() == ["c’est quoi la caf"]


def test_a_question_that_is_gone_cannot_be_decided_on(town):
    assert not town.review.decide(1, "juste", "bob", TODAY)
    assert town.review.find(1) is None


def test_each_question_shows_how_it_was_understood_and_what_was_said_around_it(town):
    session = new_id()
    for text in ("bonjour", "une autre", "c’est quoi la caf", "merci", "au revoir"):
        town.ask(text, session, subject=text)
    (asking,) = town.review.askings(town.group("c’est quoi la caf"))
    assert (asking.confidence, asking.candidates) == (0.4, (("anru", 0.2), ("emploi", 0.1)))
    around = town.review.around(asking.turn_id)
    assert [said.message for said in around] == ["bonjour", "une autre", "c’est quoi la caf", "merci"]
    assert [said.is_this_one for said in around] == [False, False, True, False]
    assert around[0].replies == ("Une réponse.",)


def test_two_gateways_that_group_at_once_make_each_group_once(town):
    for number in range(30):
        town.ask("c’est quoi la caf" if number % 2 else "le match de ce soir", subject="caf" if number % 2 else "sport")
    with ThreadPoolExecutor(4) as gateways:
        assert sum(gateways.map(lambda _: town.grouping.run(), range(4))) == 30
    assert sorted(line.asked for line in town.review.list_open(TODAY)) == [15, 15]


def test_a_conversation_that_is_erased_takes_its_questions_along(town, tmp_path):
    session = new_id()
    town.ask("zygomatique", session)
    town.ask("c’est quoi la caf", session)
    town.ask("c’est quoi la caf")
    town.review.decide(town.group("zygomatique"), "nouveau", "bob", TODAY)
    town.store.erase(session)
    assert town.open() == ["c’est quoi la caf"]
    assert town.review.list_open(TODAY)[0].asked == 1
    assert town.review.count_decided() == {}
    assert not is_written("zygomatique", town.database, tmp_path)


def test_a_question_of_several_people_keeps_no_words_of_who_left(town, tmp_path):
    session = new_id()
    town.ask("c’est quoi la caf du quartier", session)
    town.ask("c’est quoi la CAF des quartiers")
    town.ask("c’est quoi la caf des quartiers")
    town.review.decide(town.group("c’est quoi la caf du quartier"), "ecarte", "bob", TODAY)
    town.store.erase(session)
    (line,) = town.review.list_decided("ecarte")
    assert (line.text, line.asked) == ("c’est quoi la CAF des quartiers", 2)
    assert not is_written("du quartier", town.database, tmp_path)
    town.ask("c’est quoi la caf des quartiers ?")
    assert town.open() == []


def test_a_decision_on_what_nobody_asks_any_more_is_forgotten_in_the_end(town, tmp_path):
    town.ask("zygomatique", on=TODAY - timedelta(days=500))
    town.ask("c’est quoi la caf")
    for text in ("zygomatique", "c’est quoi la caf"):
        town.review.decide(town.group(text), "ecarte", "bob", TODAY - timedelta(days=KEPT_DECISIONS_DAYS))
    town.store.purge(TODAY - timedelta(days=30))
    assert town.review.purge(TODAY) == 0
    assert town.review.purge(TODAY + timedelta(days=1)) == 1
    assert not is_written("zygomatique", town.database, tmp_path)
    assert town.review.count_decided() == {"ecarte": 1}


def test_past_the_retention_only_decisions_stay(town, tmp_path):
    long_ago = TODAY - timedelta(days=40)
    town.ask("zygomatique", on=long_ago)
    town.ask("c’est quoi la caf", on=long_ago)
    town.review.decide(town.group("c’est quoi la caf"), "ecarte", "bob", TODAY)
    town.store.purge(TODAY - timedelta(days=30))
    assert not is_written("zygomatique", town.database, tmp_path)
    assert town.review.count_decided() == {"ecarte": 1}
    town.ask("c’est quoi la caf")
    assert town.open() == []


def test_sure_answers_are_drawn_by_chance_once_a_week(town):
    for number in range(30):
        town.ask(f"question sûre {number} {'x' * number}", confidence=0.97, subject=f"s{number}")
    town.ask("pas de réponse", confidence=0.97, kind="clarify")
    assert [text for text in town.open() if "sûre" in text] == []
    assert town.sampling.draw(TODAY) == PER_WEEK
    assert town.sampling.draw(TODAY) == 0
    drawn = [line for line in town.review.list_open(TODAY) if line.is_sample]
    assert len(drawn) == PER_WEEK
    assert town.review.progress(TODAY).samples_left == PER_WEEK
    assert town.sampling.estimate() is None
    for place, line in enumerate(drawn):
        decision = {"decision": "sujet", "target": "autre"} if place < 2 else {"decision": "juste"}
        town.review.decide(line.id, by="bob", on=TODAY, **decision)
    estimate = town.sampling.estimate()
    assert (estimate.judged, estimate.wrong, estimate.share) == (10, 2, 0.2)
    assert estimate.bounds == pytest.approx((0.0567, 0.5098), abs=0.001)
    assert [(week.week, week.judged, week.wrong) for week in estimate.weeks] == [(week_of(TODAY), 10, 2)]
    assert town.sampling.draw(TODAY) == 0


def test_a_week_has_an_end(town):
    progress = town.review.progress(TODAY)
    assert (progress.done, progress.goal, progress.is_over) == (0, 0, True)
    for number in range(45):
        town.ask("y" * (number + 1), subject=f"s{number}")
    town.grouping.run()
    assert not town.review.progress(TODAY).is_over
    assert town.review.progress(TODAY).goal == 40
    for line in town.review.list_open(TODAY)[:40]:
        town.review.decide(line.id, "juste", "bob", TODAY)
    assert town.review.progress(TODAY).is_over
    monday = TODAY + timedelta(days=7 - TODAY.weekday())
    assert not town.review.progress(monday).is_over


def test_the_least_useful_threshold_leaves_out_one_nearly_sure_answer(town):
    town.ask("à peine", confidence=1 - LEAST_USEFUL + 0.01)
    assert town.open() == []


def test_what_staff_decided_is_asked_again_of_a_new_release(town):
    for text, subject in (("c’est quoi la caf", "caf"), ("le match de ce soir", "sport"), ("autre chose", "divers")):
        town.ask(text, subject=subject)
    town.ask("c’est quoi la caf ?")
    town.review.decide(town.group("c’est quoi la caf"), "juste", "bob", TODAY)
    town.review.decide(town.group("le match de ce soir"), "hors_sujet", "bob", TODAY, target="out_of_scope")
    retained = RetainedQuestions(town.database)
    asked = retained.last()
    assert [(question.text, question.subject) for question in asked] == [
        ("autre chose", None),
        ("le match de ce soir", "out_of_scope"),
        ("c’est quoi la caf", "caf"),
    ]
    assert retained.texts([asked[0].id, "999", "x"]) == {asked[0].id: "autre chose"}
