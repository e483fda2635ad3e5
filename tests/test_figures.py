"""Figures of each day: what counts, what does not, and that no word of anybody is in them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from gateway_case import DISTRESS, Gateway

from gateway import figures as figures_module
from gateway.database import Database
from gateway.figures import Figure, Figures, count_figures
from gateway.sessions import today

pytest_plugins = ["gateway_fixtures"]

DAY = date(2026, 11, 23)
ReadTable = Callable[[str], list[dict[str, Any]]]


def counts(read_table: ReadTable) -> dict[tuple[str, str, str], int]:
    """What was counted: (kind, subject, language) → how many."""
    return {(row["kind"], row["subject"], row["language"]): row["count"] for row in read_table("daily_figures")}


def test_the_same_things_of_one_day_are_one_row(database: Database) -> None:
    with database.writing() as db:
        count_figures(
            db, DAY, [Figure("answer", "nord", "fr", total_ms=10), Figure("answer", "nord", "fr", total_ms=30)]
        )
        count_figures(db, DAY, [Figure("answer", "sud", "fr")])
        count_figures(db, DAY + timedelta(days=1), [Figure("answer", "nord", "fr")])
    found = Figures(database).between(DAY, DAY)
    assert [(one.subject, one.count, one.total_ms) for one in found] == [("nord", 2, 40), ("sud", 1, 0)]
    assert len(Figures(database).between(DAY, DAY + timedelta(days=1))) == 3


def test_old_figures_are_forgotten(database: Database) -> None:
    oldest = today() - timedelta(days=figures_module.KEPT_DAYS)
    with database.writing() as db:
        count_figures(db, oldest, [Figure("answer")])
        count_figures(db, oldest - timedelta(days=1), [Figure("answer")])
    assert Figures(database).purge() == 1


async def test_a_question_is_counted_with_its_subject_and_the_time_it_took(
    gateway: Gateway, read_table: ReadTable
) -> None:
    await gateway.chat("bonjour")
    await gateway.chat("/!lent")
    assert counts(read_table) == {("answer", "nord", "fr"): 2}
    (row,) = read_table("daily_figures")
    assert 300 <= row["total_ms"] < 2000
    assert row["day"] == today().isoformat()


async def test_a_message_sent_twice_counts_once(gateway: Gateway, read_table: ReadTable) -> None:
    for _ in range(2):
        await gateway.chat("bonjour", id="essai-0001")
    assert counts(read_table) == {("answer", "nord", "fr"): 1}


async def test_a_button_counts_too(gateway: Gateway, read_table: ReadTable) -> None:
    first = await gateway.chat("riche")
    choice = first["replies"][0]["choices"][0]["id"]
    await gateway.post({"choice": choice, "session": first["session"]})
    assert sum(counts(read_table).values()) == 2


@pytest.mark.parametrize("message", [DISTRESS, "/!alerte", "/!peut-être"])
async def test_what_may_be_a_call_for_help_is_counted_nowhere(
    gateway: Gateway, read_table: ReadTable, message: str
) -> None:
    await gateway.chat(message)
    assert counts(read_table) == {}


async def test_what_was_not_answered_is_not_counted(gateway: Gateway, read_table: ReadTable) -> None:
    await gateway.post({"message": "/!erreur"}, status=503)
    assert counts(read_table) == {}


async def test_an_opinion_counts_once_and_the_last_one_counts(gateway: Gateway, read_table: ReadTable) -> None:
    reply = (await gateway.chat("bonjour"))["replies"][0]["id"]
    for verdict in ("utile", "fausse", "fausse"):
        async with gateway.client.post("/api/feedback", json={"reply": reply, "verdict": verdict}) as response:
            assert response.status == 200
    found = counts(read_table)
    assert (found[("utile", "", "")], found[("fausse", "", "")]) == (0, 1)


async def test_figures_outlive_the_conversation_without_its_words(gateway: Gateway, read_table: ReadTable) -> None:
    session = (await gateway.chat("Xylophone"))["session"]
    async with gateway.client.delete("/api/chat", headers={"Authorization": f"Bearer {session}"}) as response:
        assert response.status == 200
    assert sum(counts(read_table).values()) == 1
    assert b"Xylophone" not in gateway.bytes_on_disk()
