"""Our SQL tracker store against Rasa's own, on SQLite and on PostgreSQL: the same rows, the same conversations."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import create_engine, text

from knowledge.masking import Masker
from worker import tracker_store
from worker.discretion import Discretion
from worker.tracker_store import TurnTrackerStore, create_tracker_store, prepare_to_forget

pytest_plugins = ["postgres_fixtures"]

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  contexte:
    type: any
    mappings:
      - type: custom
  join__nom:
    type: any
    mappings:
      - type: custom
  requested_slot:
    type: any
    mappings:
      - type: custom
"""
)
DISCRETION = Discretion(Masker([]), Fernet.generate_key().decode())


class ForgetfulStore(TrackerStore):
    """A store of another kind."""

    def __init__(self, domain=None, endpoint=None, event_broker=None, **kwargs):
        super().__init__(domain, event_broker)


def turn(text, at):
    """The events of one turn."""
    return [
        UserUttered(text, {"name": "greet", "confidence": 0.9}, timestamp=at),
        ActionExecuted("action_answer", timestamp=at + 1),
        SlotSet("contexte", {"sujets": [text]}, timestamp=at + 2),
        BotUttered(f"à propos de {text}", metadata={"a": [1, "é"]}, timestamp=at + 3),
        ActionExecuted("action_listen", timestamp=at + 4),
    ]


def session_start(at):
    return [ActionExecuted("action_session_start", timestamp=at), SessionStarted(timestamp=at + 1)]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where the events are kept, in the words of Rasa's SQL store."""
    if request.param == "sqlite":
        return {"db": str(tmp_path / "ours.db")}
    return {"dialect": "postgresql", "host": request.getfixturevalue("postgres_url")}


@pytest.fixture
def store(place):
    return TurnTrackerStore(DISCRETION, domain=DOMAIN, **place)


async def say(store, sender, *events):
    """One turn as Rasa plays it: read the conversation, add to it, save it."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)


def rows(store, columns="sender_id, type_name, timestamp, intent_name, action_name, data"):
    with store.engine.connect() as database:
        return list(map(tuple, database.execute(text(f"SELECT {columns} FROM events ORDER BY id"))))


async def test_it_writes_the_rows_that_rasa_writes(store, tmp_path):
    rasa = SQLTrackerStore(domain=DOMAIN, db=str(tmp_path / "rasa.db"))
    for one in (store, rasa):
        await say(one, "a", *session_start(1), *turn("la CAF", 10))
        await say(one, "b", *session_start(20), *turn("les axes", 30))
        await say(one, "a", *turn("le deuxième", 40))
        await say(one, "a", *session_start(50), *turn("plus tard", 60))
        await say(one, "a", *turn("encore", 70))
    assert rows(store) == rows(rasa)
    assert len(rows(store)) == 31


async def test_it_reads_what_rasa_reads(store, place):
    await say(store, "a", *session_start(1), *turn("la CAF", 10))
    await say(store, "a", *session_start(20), *turn("les axes", 30))
    rasa = SQLTrackerStore(domain=DOMAIN, **place)
    ours, theirs = await store.retrieve("a"), await rasa.retrieve("a")
    assert [event.as_dict() for event in ours.events] == [event.as_dict() for event in theirs.events]
    assert ours.current_slot_values() == theirs.current_slot_values()
    assert ours.get_slot("contexte") == {"sujets": ["les axes"]}
    assert "la CAF" not in str([event.as_dict() for event in ours.events])


async def test_a_conversation_that_does_not_exist_is_none(store):
    assert await store.retrieve("personne") is None


async def test_another_process_can_go_on_with_a_conversation(store, place):
    await say(store, "a", *session_start(1), *turn("un", 10))
    await say(TurnTrackerStore(DISCRETION, domain=DOMAIN, **place), "a", *turn("deux", 20))
    await say(store, "a", *turn("trois", 30))
    texts = [event.text for event in (await store.retrieve("a")).events if isinstance(event, UserUttered)]
    assert texts == ["un", "deux", "trois"]


async def test_it_saves_a_conversation_that_it_did_not_read(store, place):
    other = TurnTrackerStore(DISCRETION, domain=DOMAIN, **place)
    tracker = await other.get_or_create_tracker("a")
    for event in turn("un", 10):
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    assert len(rows(store)) == len(tracker.events)


async def test_it_remembers_a_bounded_number_of_conversations(store, monkeypatch):
    monkeypatch.setattr(tracker_store, "MOST_REMEMBERED", 3)
    for number in range(5):
        await say(store, str(number), *turn("un", 10))
    assert len(store._stored) == 3
    await say(store, "0", *turn("deux", 20))
    assert [event.text for event in (await store.retrieve("0")).events if isinstance(event, UserUttered)] == [
        "un",
        "deux",
    ]


async def test_erasing_leaves_no_byte_of_the_conversation(store):
    await say(store, "a", *turn("Quetzalcoatl", 10))
    await say(store, "b", *turn("les axes", 10))
    assert is_written(store, "Quetzalcoatl")
    store.erase("a")
    assert not is_written(store, "Quetzalcoatl")
    assert {row[0] for row in rows(store)} == {"b"}
    assert await store.retrieve("a") is None


async def test_it_erases_what_came_since(store):
    await say(store, "a", *session_start(1), *turn("avant", 10))
    await say(store, "a", *turn("après", 20))
    store.erase("a", since=20)
    assert [event.text for event in (await store.retrieve("a")).events if isinstance(event, UserUttered)] == ["avant"]
    await say(store, "a", *turn("ensuite", 30))
    assert [row[0] for row in rows(store, "type_name")].count("user") == 2


async def test_what_is_too_old_is_forgotten_whoever_said_it(store, monkeypatch):
    monkeypatch.setattr(tracker_store, "AT_A_TIME", 3)
    monkeypatch.setattr(tracker_store, "MOST_BATCHES", 2)
    await say(store, "a", *turn("Quetzalcoatl", 10))
    await say(store, "b", *turn("Xiuhtecuhtli", 20))
    await say(store, "a", *turn("les axes", 30))
    before = len(rows(store))
    assert await store.forget_before(10) == 0
    counts = [await store.forget_before(30) for _ in range(4)]
    assert counts[0] == 6
    assert counts[-1] == 0
    assert sum(counts) == before - len(rows(store))
    assert not is_written(store, "Quetzalcoatl")
    assert not is_written(store, "Xiuhtecuhtli")
    await say(store, "b", *turn("ensuite", 40))
    for name, said in (("a", "les axes"), ("b", "ensuite")):
        events = (await store.retrieve(name)).events
        assert [event.text for event in events if isinstance(event, UserUttered)] == [said]


@pytest.mark.parametrize("name", ["sql", "memory"])
async def test_a_turn_can_be_forgotten_and_nothing_else(store, name):
    kept = store if name == "sql" else InMemoryTrackerStore(DOMAIN)
    await say(kept, "a", *session_start(1), *turn("avant", 10))
    forget = prepare_to_forget(kept, "a")
    await say(kept, "a", *turn("Quetzalcoatl", time.time()))
    forget()
    assert not is_written(store, "Quetzalcoatl")
    assert [e.text for e in (await kept.retrieve("a")).events if isinstance(e, UserUttered)] == ["avant"]
    await say(kept, "a", *turn("ensuite", time.time()))
    assert [e.text for e in (await kept.retrieve("a")).events if isinstance(e, UserUttered)] == ["avant", "ensuite"]


@pytest.mark.parametrize("name", ["sql", "memory"])
async def test_a_first_turn_can_be_forgotten(store, name):
    kept = store if name == "sql" else InMemoryTrackerStore(DOMAIN)
    forget = prepare_to_forget(kept, "a")
    now = time.time()
    await say(kept, "a", *session_start(now), *turn("Quetzalcoatl", now + 2))
    forget()
    assert await kept.retrieve("a") is None


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [
        pytest.param({"type": "SQL", "dialect": "sqlite", "db": ":memory:"}, TurnTrackerStore, id="sql"),
        pytest.param({"type": "sql", "dialect": "sqlite", "db": ":memory:"}, TurnTrackerStore, id="lower-case"),
        pytest.param(None, InMemoryTrackerStore, id="none"),
    ],
)
def test_it_is_the_store_that_the_endpoints_name(endpoint, kind):
    assert isinstance(create_tracker_store(EndpointConfig.from_dict(endpoint) if endpoint else None, DISCRETION), kind)


def test_a_store_that_would_write_everything_is_refused():
    endpoint = EndpointConfig.from_dict({"type": "test_tracker_store.ForgetfulStore"})
    with pytest.raises(NotImplementedError, match="cannot mask"):
        create_tracker_store(endpoint, DISCRETION)


async def test_a_message_is_written_masked(store):
    await say(store, "a", UserUttered("je m’appelle Zoé Xylophone", timestamp=10))
    assert not is_written(store, "Xylophone")
    (first, *_) = (await store.retrieve("a")).events
    assert first.text == "je m’appelle [nom]"


async def test_an_answer_to_a_request_is_sealed_then_gone(store):
    asks = [*turn("je veux m’inscrire", 10), SlotSet("requested_slot", "join__nom", timestamp=15)]
    gives = [UserUttered("Zoé Xylophone", timestamp=20), SlotSet("join__nom", "Zoé Xylophone", timestamp=21)]
    says = BotUttered("Nom : Zoé Xylophone.", metadata={"request": {"nom": "Zoé Xylophone"}}, timestamp=22)
    await say(store, "a", *asks)
    await say(store, "a", *gives, says)
    assert not is_written(store, "Xylophone")
    assert "Nom : [votre nom]." in str(rows(store))
    assert (await store.retrieve("a")).get_slot("join__nom") == "Zoé Xylophone"
    kept = DISCRETION.take("a")
    assert (kept.message, kept.questions) == ("[votre nom]", ())
    assert len(rows(store, "action_name")) == 9
    await say(store, "a", UserUttered("oui", timestamp=30), SlotSet("join__nom", None, timestamp=31))
    assert (await store.retrieve("a")).get_slot("join__nom") is None
    assert "sealed" not in str(rows(store))
    assert [row[0] for row in rows(store, "action_name")].count("join__nom") == 1


async def test_an_answer_that_another_key_sealed_is_forgotten(store, place):
    await say(store, "a", *turn("bonjour", 10), SlotSet("join__nom", "Zoé Xylophone", timestamp=20))
    other = Discretion(Masker([]), Fernet.generate_key().decode())
    stranger = TurnTrackerStore(other, domain=DOMAIN, **place)
    assert (await stranger.retrieve("a")).get_slot("join__nom") is None


def is_written(store, words):
    """Whether words are in the table; for SQLite, anywhere in its files."""
    if store.engine.dialect.name != "sqlite":
        return words in str(rows(store))
    file = Path(store.engine.url.database)
    return any(words.encode() in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def test_workers_that_start_at_once_make_the_table_once(place):
    with ThreadPoolExecutor(8) as workers:
        stores = list(workers.map(lambda _: TurnTrackerStore(DISCRETION, domain=DOMAIN, **place), range(8)))
    assert all(rows(store) == [] for store in stores)


async def test_a_connection_that_postgresql_closed_is_opened_again(postgres_url):
    store = TurnTrackerStore(DISCRETION, domain=DOMAIN, dialect="postgresql", host=postgres_url)
    await say(store, "a", *turn("un", 10))
    with create_engine(postgres_url).connect() as database:
        database.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"))
    await say(store, "a", *turn("deux", 20))
    assert [event.text for event in (await store.retrieve("a")).events if isinstance(event, UserUttered)] == [
        "un",
        "deux",
    ]
