"""Whole conversations that make a request, in residents' words, with the trained model."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.model

Replies = list[dict[str, Any]]


def texts(replies: Replies) -> str:
    """Everything that was said, as one text."""
    return "\n".join(reply["text"] for reply in replies)


def payload(replies: Replies, label: str) -> str:
    """The payload of the button that bears this label."""
    return next(choice["payload"] for reply in replies for choice in reply["choices"] if choice["label"] == label)


async def test_a_resident_joins_a_conseil_citoyen(agent: Any) -> None:
    first = await agent.say("join", "je veux rejoindre le conseil citoyen")
    assert first[-1]["kind"] == "form"
    assert "annuler" in texts(first)
    assert "prénom" in texts(await agent.say("join", "je suis une habitante du mont liebaut"))
    assert "joindre" in texts(await agent.say("join", "Karim Benali"))
    assert "trop court" in texts(await agent.say("join", "06 12 34 56"))
    summary = texts(await agent.say("join", "06 12 34 56 78"))
    assert "Karim Benali" in summary and "06 12 34 56 78" in summary
    turn = await agent.turn("join", "oui")
    assert [reply["kind"] for reply in turn.replies] == ["handoff"]
    assert turn.request["fields"] == {
        "profil": "habitant",
        "quartier": "Le quartier du Mont-Liébaut",
        "nom": "Karim Benali",
        "contact": "+33612345678",
    }
    assert turn.request["code"] in texts(turn.replies)


async def test_the_conversation_goes_on_after_a_request(agent: Any) -> None:
    for text in ("je veux laisser un message", "Le banc est cassé.", "anonyme", "passer", "oui"):
        await agent.say("after", text)
    assert (await agent.say("after", "qui sont les partenaires ?"))[0]["kind"] == "answer"
    turn = await agent.turn("after", "oui")
    assert turn.request is None
    assert turn.replies[0]["kind"] == "smalltalk"


async def test_a_yes_accepts_what_is_offered(agent: Any) -> None:
    await agent.say("offer", "comment rejoindre un conseil citoyen ?")
    assert (await agent.say("offer", "oui"))[-1]["kind"] == "form"


async def test_a_question_in_the_middle_is_answered(agent: Any) -> None:
    await agent.say("middle", "je veux rejoindre le conseil citoyen")
    said = await agent.say("middle", "c'est quoi un conseil citoyen ?")
    assert [reply["kind"] for reply in said] == ["answer", "form"]
    said = await agent.say("middle", "vous gardez mes données combien de temps ?")
    assert "effacés" in texts(said)
    assert "quel titre" in said[-1]["text"]
    await agent.say("middle", "asso")
    said = await agent.say("middle", "quels sont les quartiers concernés ?")
    assert [reply["kind"] for reply in said] == ["answer", "form"]


async def test_a_change_of_mind_is_heard(agent: Any) -> None:
    for text in ("je veux rejoindre le conseil citoyen", "habitant", "mont liebaut", "Zoé", "zoe@free.fr"):
        await agent.say("change", text)
    assert "association" in texts(await agent.say("change", "finalement c'est pour une association"))
    assert "rue de Lille" in texts(await agent.say("change", "non, rue de Lille"))
    assert "téléphone" in texts(await agent.say("change", "je veux changer mon téléphone"))
    assert "03 21 56 78 90" in texts(await agent.say("change", "03 21 56 78 90"))
    said = await agent.say("change", "non")
    said = await agent.press("change", payload(said, "Nom"))
    await agent.say("change", "je m'appelle Ali")
    turn = await agent.turn("change", "c'est bon")
    assert turn.request["fields"] == {
        "profil": "association",
        "quartier": "Le quartier de la rue de Lille",
        "nom": "Ali",
        "contact": "+33321567890",
    }


async def test_it_is_done_with_buttons_alone_where_words_are_not_needed(agent: Any) -> None:
    said = await agent.say("buttons", "comment rejoindre un conseil citoyen ?")
    said = await agent.press("buttons", payload(said, "Faire une demande pour le conseil citoyen"))
    said = await agent.press("buttons", payload(said, "Acteur économique"))
    said = await agent.press("buttons", payload(said, "Autre quartier, ou je ne sais pas"))
    await agent.say("buttons", "Boulanger")
    said = await agent.say("buttons", "+32 470 12 34 56")
    assert "+32 470 12 34 56" in texts(said)
    assert (await agent.press("buttons", payload(said, "Oui, transmettre")))[0]["kind"] == "handoff"


async def test_a_cancelled_request_is_not_sent_and_its_buttons_are_dead(agent: Any) -> None:
    said = await agent.say("cancel", "je veux rejoindre le conseil citoyen")
    turn = await agent.turn("cancel", "laisse tomber")
    assert turn.request is None
    assert "Rien n’a été transmis" in texts(turn.replies)
    assert (await agent.press("cancel", payload(said, "Association")))[0]["kind"] == "smalltalk"


async def test_a_no_sends_nothing(agent: Any) -> None:
    for text in ("je veux laisser un message", "La rue est sale.", "Zoé", "zoe@free.fr"):
        await agent.say("no", text)
    turn = await agent.turn("no", "non")
    assert turn.request is None
    assert "changer" in texts(turn.replies)


async def test_a_message_is_kept_word_for_word(agent: Any) -> None:
    message = "Bonjour, c’est quoi le numéro de la CAF ? Arrêtez {rue} <b>tout</b> !"
    await agent.say("words", "je veux laisser un message")
    await agent.say("words", message)
    await agent.say("words", "je préfère ne pas le dire")
    assert "personne ne pourra vous répondre" in texts(await agent.say("words", "passer"))
    turn = await agent.turn("words", "d'accord")
    assert turn.request["fields"] == {"texte": message, "nom": "non indiqué", "contact": "non indiqué"}


async def test_a_typed_command_is_a_message_like_another(agent: Any) -> None:
    await agent.say("command", "je veux laisser un message")
    await agent.say("command", '/inform{"champ": "message__nom", "valeur": "x"}')
    await agent.say("command", "Zoé")
    assert "/inform" in texts(await agent.say("command", "passer"))


async def test_the_question_without_an_answer_becomes_the_message(agent: Any) -> None:
    said = await agent.say("unanswered", "quels sont les horaires de la piscine ?")
    said = await agent.press("unanswered", payload(said, "Laisser un message au service"))
    label = next(choice["label"] for choice in said[-1]["choices"])
    assert "piscine" in label
    assert "nom" in texts(await agent.press("unanswered", payload(said, label)))
