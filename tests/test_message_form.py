"""The request « laisser un message au service », one turn after the other, through its actions."""

from __future__ import annotations

import pytest
from form_driver import FormDriver, labels, texts

from actions.form_answers import NON_DIT
from actions.form_steps import CANCELLED
from actions.message_form import MESSAGE

ANSWERS = ("L’éclairage de la place est cassé.", "Karim Benali", "karim@laposte.net")


async def start(*answers: str) -> FormDriver:
    """A form that was opened by its button, and answered so far."""
    form = FormDriver(MESSAGE)
    await form.press("/start_message")
    for answer in answers:
        await form.say(answer)
    return form


async def test_it_asks_everything_then_consent_and_hands_over() -> None:
    form = await start(*ANSWERS)
    assert form.asked == "accord"
    said = await form.press("/affirm")
    assert form.request is not None
    assert form.request["kind"] == "message"
    assert form.request["fields"] == dict(zip(("texte", "nom", "contact"), ANSWERS, strict=True))
    assert said[0]["kind"] == "handoff"
    assert form.request["code"] in texts(said)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("c’est quoi un conseil citoyen ?", "conseil_citoyen"),
        ("non", "deny"),
        ("je ne sais pas à qui demander", "dont_know"),
        ("arrêtez de couper l’eau rue de Lille", "cancel"),
        ("rappelez-moi au 06 12 34 56 78", "start_message"),
        ("/restart", "nlu_fallback"),
    ],
)
async def test_everything_is_the_message(text: str, intent: str) -> None:
    form = await start()
    await form.say(text, intent)
    assert form.value("texte") == text
    assert form.asked == "nom"


@pytest.mark.parametrize(
    ("text", "reading", "is_name"),
    [
        pytest.param("Zoé", "zone", True, id="a name read as another word"),
        pytest.param("ma zonne est dedans ou pas", "ma zone est dedans ou pas", False, id="more words than a name"),
        pytest.param("ma zone", "ma zone", False, id="another matter as it is written"),
    ],
)
async def test_a_name_that_was_taken_for_another_word_is_a_name(text: str, reading: str, is_name: bool) -> None:
    form = await start(ANSWERS[0])
    await form.say(text, "verifier_adresse", 0.8, reading)
    assert (form.value("nom") == text) is is_name


async def test_a_clear_word_stops_it() -> None:
    form = await start()
    assert texts(await form.say("annuler")) == CANCELLED
    assert not form.is_open
    assert form.request is None


async def test_a_greeting_is_no_message_yet() -> None:
    form = await start()
    said = await form.say("Bonjour", "greet")
    assert form.asked == "texte"
    assert "Écrivez votre message" in texts(said)


async def test_a_message_too_long_is_refused_with_the_limit() -> None:
    form = await start()
    assert "500 caractères" in texts(await form.say("a" * 501))
    assert form.value("texte") is None


async def test_a_button_is_no_message() -> None:
    form = await start()
    said = await form.press("/conseil_citoyen")
    assert said[0]["kind"] == "answer"
    assert form.asked == "texte"


@pytest.mark.parametrize("text", ["je préfère ne pas le dire", "anonyme", "passer", "non", "sans nom"])
async def test_the_name_is_optional(text: str) -> None:
    form = await start(ANSWERS[0])
    await form.say(text)
    assert form.value("nom") == NON_DIT
    assert form.asked == "contact"


@pytest.mark.parametrize("text", ["passer", "non", "j’en ai pas", "je préfère ne pas le dire"])
async def test_being_reached_is_optional_with_a_warning(text: str) -> None:
    form = await start(*ANSWERS[:2])
    said = await form.say(text)
    assert form.value("contact") == NON_DIT
    assert "personne ne pourra vous répondre" in texts(said)
    assert form.asked == "accord"


async def test_passing_has_its_buttons() -> None:
    form = await start(ANSWERS[0])
    said = await form.press('/inform{"champ": "message__nom", "valeur": "non indiqué"}')
    assert labels(said) == ["Passer cette question", "Annuler"]


async def test_a_number_in_the_message_is_only_proposed() -> None:
    form = await start("Appelez le gardien au 06 12 34 56 78")
    said = await form.say("Zoé")
    assert form.value("contact") is None
    await form.press_label(said, "Le 06 12 34 56 78")
    assert form.value("contact") == "+33612345678"


async def test_the_question_that_got_no_answer_is_proposed() -> None:
    form = FormDriver(MESSAGE)
    form.events.append(
        {"event": "user", "text": "à quand la piscine ?", "parse_data": {"intent": {"name": "nlu_fallback"}}}
    )
    said = await form.say("oui", "affirm")
    assert "à quand la piscine ?" in labels(said)[0].replace("\u202f", " ")
    await form.press_label(said, labels(said)[0])
    assert form.value("texte") == "à quand la piscine ?"


async def test_a_question_that_got_its_answer_is_not_proposed() -> None:
    form = FormDriver(MESSAGE)
    form.events.append({"event": "user", "text": "c’est quoi la CAF ?", "parse_data": {"intent": {"name": "caf"}}})
    assert labels(await form.say("je veux laisser un message", "start_message")) == ["Annuler"]


async def test_the_message_can_be_written_again() -> None:
    form = await start(*ANSWERS)
    await form.say("je veux changer mon message")
    assert form.asked == "texte"
    await form.say("La place est propre.")
    assert form.value("texte") == "La place est propre."
    assert form.asked == "accord"


async def test_a_contact_is_corrected_at_the_summary() -> None:
    form = await start(*ANSWERS)
    await form.say("en fait rappelez-moi plutôt au 03 21 56 78 90")
    assert form.value("contact") == "+33321567890"
    assert form.value("nom") == "Karim Benali"


async def test_a_no_sends_nothing() -> None:
    form = await start(*ANSWERS)
    said = await form.say("non")
    assert form.request is None
    assert labels(said) == ["Message", "Nom", "Pour vous joindre", "Annuler"]


async def test_a_question_about_the_data_is_answered() -> None:
    form = await start(*ANSWERS[:2])
    said = await form.say("qui va lire mon message ?", "bot_vie_privee")
    assert said[0]["kind"] == "smalltalk"
    assert form.asked == "contact"
