"""The database: what is kept together and what is forgotten, on SQLite and on PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from gateway_case import DATA_KEY, is_written
from sqlalchemy import insert, select

from gateway.database import Database, heartbeat
from gateway.errors import Unavailable
from gateway.resident_requests import ResidentRequest
from gateway.store import FORGOTTEN_AT_A_TIME, DuplicateTurn, Store, StoredChoice, StoredReply, Turn, sessions

DAY = date(2026, 11, 23)


pytest_plugins = ["gateway_fixtures"]


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def make_turn(name: str, client_id: str | None = None) -> Turn:
    """A turn with one reply and two choices."""
    choices = tuple(StoredChoice(f"{name}-c{n}", f"Choix {n}", f"/payload{n}") for n in (2, 1))
    reply = StoredReply(f"{name}-r", {"kind": "answer", "text": name}, choices)
    return Turn(client_id, f"print-{name}", name, "r1", (reply,))


def save(store: Store, session: str, turn: Turn, began: date = DAY, first_key: str | None = None) -> None:
    store.save_turn(session, began, turn, first_key=first_key, on=DAY)


def test_a_turn_comes_back_as_it_was(store: Store) -> None:
    turn = make_turn("a", "id-0001")
    save(store, "s", turn)
    assert store.history("s") == [turn]
    assert store.recall("s", "id-0001") == (turn, False)
    assert store.recall("s", "other") == (None, False)
    assert store.recall("other", "id-0001") == (None, False)
    assert store.find_choice("s", "a-c1") == StoredChoice("a-c1", "Choix 1", "/payload1")
    assert store.find_choice("other", "a-c1") is None


def test_a_first_message_is_found_while_it_is_alone(store: Store) -> None:
    turn = make_turn("a", "id-0001")
    save(store, "s", turn, first_key="key")
    assert store.find_first("key") == ("s", DAY, turn)
    save(store, "s", make_turn("b"))
    assert store.find_first("key") == ("s", DAY, None)
    assert store.find_first("other") is None


def test_the_same_id_written_twice_is_refused_whole(store: Store) -> None:
    save(store, "s", make_turn("a", "id-0001"))
    with pytest.raises(DuplicateTurn):
        save(store, "s", make_turn("b", "id-0001"))
    save(store, "other", make_turn("c", "id-0001"), first_key="key")
    with pytest.raises(DuplicateTurn):
        save(store, "third", make_turn("d", "id-0001"), first_key="key")
    assert [turn.message for turn in store.history("s")] == ["a"]
    assert store.history("third") == []


def test_a_request_and_its_turn_are_kept_together_or_not_at_all(store: Store) -> None:
    request = ResidentRequest("join", "ABCD-EFGH", {"nom": "Zoé"})
    store.save_turn("s", DAY, make_turn("a"), request=request, on=DAY)
    with pytest.raises(DuplicateTurn):
        store.save_turn("s", DAY, make_turn("b"), request=request, on=DAY)
    assert [turn.message for turn in store.history("s")] == ["a"]


def test_purging_forgets_old_conversations_and_asks_the_worker_to(
    store: Store, database: Database, tmp_path: Path
) -> None:
    for number in range(3):
        save(store, f"s{number}", make_turn(f"Xylophone{number}"), DAY - timedelta(days=number))
    assert store.save_feedback("Xylophone2-r", None, "utile", "", DAY)
    assert store.purge(DAY - timedelta(days=1)) == 1
    assert store.purge(DAY - timedelta(days=1)) == 0
    assert store.history("s2") == []
    assert len(store.history("s1")) == 1
    assert store.pending_erasures() == ["s2"]
    assert is_written("Xylophone1", database, tmp_path)
    assert not is_written("Xylophone2", database, tmp_path)
    store.confirm_erasure("s2")
    assert store.pending_erasures() == []


def test_erasing_twice_is_fine(store: Store) -> None:
    store.erase("s")
    store.erase("s")
    assert store.is_erasure_pending("s")
    assert store.recall("s", None) == (None, True)


def test_an_opinion_belongs_to_its_session(store: Store) -> None:
    save(store, "s", make_turn("a"))
    assert not store.save_feedback("a-r", "other", "utile", "", DAY)
    assert not store.save_feedback("nope", None, "utile", "", DAY)
    assert store.save_feedback("a-r", "s", "utile", "", DAY)
    assert store.save_feedback("a-r", "s", "fausse", "non", DAY)


def test_history_is_the_end_of_a_long_conversation(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.HISTORY_LIMIT", 3)
    for number in range(5):
        save(store, "s", make_turn(str(number)))
    assert [turn.message for turn in store.history("s")] == ["2", "3", "4"]


def test_two_processes_write_the_same_database(store: Store, database_url: str) -> None:
    database = Database(database_url, DATA_KEY)
    database.prepare()
    other = Store(database)
    save(store, "s", make_turn("a"))
    save(other, "s", make_turn("b"))
    assert [turn.message for turn in store.history("s")] == ["a", "b"]
    database.close()


def test_what_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Database(f"sqlite:///{tmp_path}/nowhere/app.db").prepare()
    with pytest.raises(Unavailable):
        Database("postgresql+nodriver://u@h/b")


def test_a_conversation_erased_by_two_gateways_at_once_is_erased_once(store: Store, database: Database) -> None:
    for number in range(40):
        save(store, f"s{number}", make_turn(str(number)), DAY - timedelta(days=9))
    with ThreadPoolExecutor(4) as gateways:
        counts = list(gateways.map(lambda _: Store(database).purge(DAY), range(4)))
    assert max(counts) == 40
    assert len(store.pending_erasures()) == 40


def test_messages_are_kept_while_many_conversations_are_forgotten(database: Database, store: Store) -> None:
    count = 5 * FORGOTTEN_AT_A_TIME + 1
    with database.writing() as db:
        db.execute(insert(sessions), [{"id": f"{number}", "began_on": DAY} for number in range(count)])
    kept = 0
    with ThreadPoolExecutor(1) as beside:
        purging = beside.submit(store.purge, DAY + timedelta(days=1))
        while not purging.done():
            save(store, "s", make_turn(f"{kept}"), began=DAY + timedelta(days=1))
            kept += 1
            time.sleep(0.02)
        assert purging.result() == count
    assert kept > 1
    assert len(store.history("s")) == kept
    assert len(store.pending_erasures(limit=count + 1)) == count


def test_gateways_prove_at_once_that_they_can_write(database: Database) -> None:
    with ThreadPoolExecutor(8) as gateways:
        list(gateways.map(lambda _: database.check_writable(), range(16)))
    with database.reading() as db:
        assert db.execute(select(heartbeat.c.beats)).scalars().all() == [16]
