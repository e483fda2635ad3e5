"""« Pause et bannière »: the assistant stops at once, calls for help are still answered, and everybody is told."""

from collections.abc import Callable
from typing import Any

import pytest
from agents_case import Person, email_of
from gateway_case import DISTRESS, Gateway

from gateway import texts as public_texts
from gateway.agents import texts
from gateway.announcements import Announcements
from gateway.keys import DATABASE

pytest_plugins = ["gateway_fixtures", "agents_fixtures"]

WHERE = "/agents/pause"
MESSAGE = "Nous corrigeons une erreur <b>grave</b>."
Notes = Callable[[], list[tuple[str, str, str, str]]]


async def read_status(gateway: Gateway) -> dict[str, Any]:
    """What GET /api/status answers."""
    async with gateway.client.get("/api/status") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "public, max-age=15"
        return await response.json()


async def pause(person: Person) -> None:
    await person.post(WHERE, {"etat": "pause", "message": MESSAGE, "motif": "réponse fausse"})


async def test_a_pause_stops_every_way_of_asking(alice: Person, gateway: Gateway, notes: Notes) -> None:
    await pause(alice)
    error = (await gateway.post({"message": "bonjour"}, status=503))["error"]
    assert (error["code"], error["message"]) == ("paused", MESSAGE)
    assert "03 00 00 00 00" in error["contact"]
    async with gateway.client.post("/assistant", data={"message": "texte gardé"}) as response:
        page = await response.text()
        assert response.status == 503
        assert "texte gardé" in page
        assert "erreur &lt;b&gt;grave&lt;/b&gt;." in page
    assert gateway.seen("turn") == []
    assert notes()[0] == (email_of("alice"), "Assistant mis en pause", MESSAGE, "réponse fausse")


async def test_a_call_for_help_is_answered_all_the_same(alice: Person, gateway: Gateway) -> None:
    await pause(alice)
    answer = await gateway.chat(DISTRESS)
    assert [reply["kind"] for reply in answer["replies"]] == ["alert"]
    async with gateway.client.post("/assistant", data={"message": DISTRESS}) as response:
        assert response.status == 200
        assert "3114" in await response.text()


async def test_everybody_is_told_before_they_write(alice: Person, gateway: Gateway) -> None:
    assert await read_status(gateway) == {"banner": None, "paused": False, "message": None, "contact": None}
    await pause(alice)
    status = await read_status(gateway)
    assert (status["paused"], status["message"]) == (True, MESSAGE)
    assert "03 00 00 00 00" in status["contact"]
    async with gateway.client.get("/assistant") as response:
        assert public_texts.PAUSED_TITLE in await response.text()


async def test_it_answers_again_at_once(alice: Person, gateway: Gateway, notes: Notes) -> None:
    await pause(alice)
    await alice.post(WHERE, {"etat": "marche", "motif": "corrigé"})
    assert (await gateway.chat("bonjour"))["replies"][0]["text"] == "écho : bonjour"
    assert not (await read_status(gateway))["paused"]
    assert notes()[0][1] == "Assistant remis en marche"


async def test_a_pause_outlives_a_restart_and_reaches_the_other_gateways(alice: Person, gateway: Gateway) -> None:
    await pause(alice)
    other = Announcements(gateway.client.app[DATABASE])
    assert not other.current.paused
    other.refresh()
    assert (other.current.paused, other.current.message) == (True, MESSAGE)


async def test_a_banner_is_posted_and_taken_away(alice: Person, gateway: Gateway) -> None:
    await alice.post(f"{WHERE}/banniere", {"banniere": "Fermé <lundi>", "motif_banniere": "jour férié"})
    assert (await read_status(gateway))["banner"] == "Fermé <lundi>"
    async with gateway.client.get("/assistant") as response:
        assert "Fermé &lt;lundi&gt;" in await response.text()
    await pause(alice)
    assert (await read_status(gateway))["banner"] == "Fermé <lundi>"
    await alice.post(f"{WHERE}/banniere", {"banniere": " ", "motif_banniere": "passé"})
    status = await read_status(gateway)
    assert (status["banner"], status["paused"]) == (None, True)


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        pytest.param(WHERE, {"etat": "pause", "message": "a"}, texts.REASON_MISSING, id="no-reason"),
        pytest.param(WHERE, {"etat": "pause", "message": "x" * 301, "motif": "essai"}, "trop long", id="long-message"),
        pytest.param(f"{WHERE}/banniere", {"banniere": "a"}, texts.REASON_MISSING, id="banner-no-reason"),
        pytest.param(
            f"{WHERE}/banniere", {"banniere": "x" * 301, "motif_banniere": "essai"}, "trop long", id="long-banner"
        ),
    ],
)
async def test_a_wrong_form_changes_nothing(
    alice: Person, gateway: Gateway, path: str, form: dict[str, str], said: str
) -> None:
    assert said in await alice.post(path, form, 400)
    assert await read_status(gateway) == {"banner": None, "paused": False, "message": None, "contact": None}


async def test_an_empty_message_becomes_the_usual_one(alice: Person, gateway: Gateway) -> None:
    await alice.post(WHERE, {"etat": "pause", "message": "", "motif": "essai"})
    assert (await read_status(gateway))["message"] == public_texts.PAUSED


async def test_who_may_not_change_it_sees_it(bob: Person) -> None:
    assert "<form class" not in (await bob.get(WHERE)).partition("<main")[2]
