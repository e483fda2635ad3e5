"""The request « rejoindre un conseil citoyen », one turn after the other, through its actions."""

from __future__ import annotations

import logging

import pytest
from form_driver import FormDriver, Said, labels, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.form_answers import (
    ACTEUR_ECONOMIQUE,
    ASSOCIATION,
    AUTRE_QUARTIER,
    HABITANT,
    NE_SAIT_PAS,
    NON_DIT,
)
from actions.form_steps import CANCELLED, MOST_TRIES
from actions.join_form import JOIN
from knowledge.content import shared_base

MONT, RUE = (fiche.titre for fiche in shared_base().list_genre("quartier"))
WORDS = [
    "oui",
    "non",
    "mais",
    "annuler",
    "06 12",
    "a@b.fr",
    "?",
    "rue de Lille",
    "je suis",
    "changer",
    "nom,",
    "-",
]
ANSWERS = ("habitante", "rue de Lille", "Karim Benali", "06 12 34 56 78")


async def start(*answers: str) -> FormDriver:
    """A form that was opened by its button, and answered so far."""
    form = FormDriver(JOIN)
    await form.press("/start_join")
    for answer in answers:
        await form.say(answer)
    return form


async def test_the_first_question_says_how_to_stop() -> None:
    form = FormDriver(JOIN)
    first = await form.press("/start_join")
    assert [reply["kind"] for reply in first] == ["form"]
    assert "annuler" in texts(first)
    assert labels(first) == [
        "Habitante ou habitant",
        "Association",
        "Acteur économique",
        "Je ne sais pas",
        "Annuler",
    ]
    assert "annuler" not in texts(await form.say("habitante"))


async def test_it_asks_everything_then_consent_and_hands_over() -> None:
    form = await start(*ANSWERS)
    assert form.asked == "accord"
    said = await form.say("oui")
    assert not form.is_open
    assert form.request is not None
    assert form.request["kind"] == "join"
    assert form.request["fields"] == {
        "profil": HABITANT,
        "quartier": RUE,
        "nom": "Karim Benali",
        "contact": "+33612345678",
    }
    assert [reply["kind"] for reply in said] == ["handoff"]
    assert form.request["code"] in texts(said)
    assert shared_base().contact.nom in texts(said)


@pytest.mark.parametrize(
    ("done", "autocomplete"),
    [
        pytest.param(0, [], id="profil"),
        pytest.param(1, [], id="quartier"),
        pytest.param(2, ["name"], id="nom"),
        pytest.param(3, ["tel", "email"], id="contact"),
        pytest.param(4, [], id="accord"),
    ],
)
async def test_it_names_the_field_that_a_browser_can_fill_in(done: int, autocomplete: list[str]) -> None:
    form = FormDriver(JOIN)
    said = await form.press("/start_join")
    for answer in ANSWERS[:done]:
        said = await form.say(answer)
    assert [field["autocomplete"] for field in said[-1]["fields"]] == autocomplete


async def test_it_forgets_a_request_once_handed_over() -> None:
    form = await start(*ANSWERS, "oui")
    assert not any(form.slots[slot] for slot in (*JOIN.slots, "offre"))


async def test_the_summary_says_what_is_done_with_the_data() -> None:
    form = await start(*ANSWERS[:3])
    summary = texts(await form.say(ANSWERS[3]))
    for part in (
        "habitant",
        RUE,
        "Karim Benali",
        "06 12 34 56 78",
        "agents",
        "temps limité",
        "effacer",
        "code",
    ):
        assert part in summary


async def test_it_is_answered_with_buttons() -> None:
    form = FormDriver(JOIN)
    said = await form.press("/start_join")
    said = await form.press_label(said, "Acteur économique")
    said = await form.press_label(said, MONT)
    await form.say("Zoé")
    said = await form.say("zoe@free.fr")
    await form.press_label(said, "Oui, transmettre")
    assert form.request is not None
    assert form.request["fields"]["profil"] == ACTEUR_ECONOMIQUE


async def test_one_message_answers_several_questions() -> None:
    form = await start()
    said = await form.say("je suis une habitante du mont liebaut")
    assert (form.value("profil"), form.value("quartier")) == (HABITANT, MONT)
    assert MONT in texts(said)
    assert form.asked == "nom"
    await form.say("je m’appelle Zoé Martin, mon mail c’est zoe@free.fr")
    assert (form.value("nom"), form.value("contact")) == ("Zoé Martin", "zoe@free.fr")


async def test_what_was_said_when_asking_is_not_asked_again() -> None:
    form = FormDriver(JOIN)
    await form.say("je suis commerçant rue de Lille et je souhaite rejoindre le conseil citoyen", "start_join")
    assert (form.value("profil"), form.value("quartier")) == (ACTEUR_ECONOMIQUE, RUE)
    assert form.asked == "nom"


@pytest.mark.parametrize("text", ["je ne sais pas", "chais pas", "aucune idée"])
async def test_it_accepts_that_one_does_not_know(text: str) -> None:
    form = await start(text, text)
    assert (form.value("profil"), form.value("quartier")) == (NE_SAIT_PAS, NE_SAIT_PAS)


async def test_it_accepts_the_classifier_s_word_that_one_does_not_know() -> None:
    form = await start()
    await form.say("mystère", "dont_know")
    assert form.value("profil") == NE_SAIT_PAS


async def test_it_never_rules_on_an_address() -> None:
    form = await start("habitante")
    said = await form.say("120 rue de Lille")
    assert form.value("quartier") is None
    assert "je ne peux pas dire" in texts(said).lower()
    said = await form.say("rue Sadi Carnot")
    assert form.value("quartier") == AUTRE_QUARTIER
    assert "autre quartier" in texts(said)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("finalement c’est pour une association", "profil", ASSOCIATION),
        ("non, mont liebaut", "quartier", MONT),
        ("en fait mets plutôt mon mail a@b.fr", "contact", "a@b.fr"),
        ("mon nom c’est Durand", "nom", "Durand"),
    ],
)
async def test_it_corrects_an_answer_at_the_summary(text: str, name: str, value: str) -> None:
    form = await start(*ANSWERS)
    said = await form.say(text)
    assert form.value(name) == value
    assert form.asked == "accord"
    assert form.value("accord") is None
    assert "C’est noté" in texts(said)


@pytest.mark.parametrize("done", [2, 3])
async def test_it_corrects_an_answer_on_the_way(done: int) -> None:
    form = await start(*ANSWERS[:done])
    asked = form.asked
    await form.say("finalement c’est pour une association")
    assert form.value("profil") == ASSOCIATION
    assert form.asked == asked


async def test_an_answer_does_not_take_back_another_one() -> None:
    form = await start("une association")
    await form.say("j’habite rue de Lille")
    assert (form.value("profil"), form.value("quartier")) == (ASSOCIATION, RUE)


async def test_it_asks_again_for_what_has_to_change() -> None:
    form = await start(*ANSWERS)
    await form.say("je veux changer mon téléphone")
    assert form.asked == "contact"
    await form.say("03 21 56 78 90")
    assert form.asked == "accord"
    assert form.value("contact") == "+33321567890"


async def test_an_earlier_question_can_be_asked_again() -> None:
    form = await start(*ANSWERS[:2])
    await form.say("je me suis trompée de quartier")
    assert form.asked == "quartier"
    await form.say("le premier")
    assert form.asked == "nom"


async def test_an_old_button_corrects_its_answer() -> None:
    form = await start(*ANSWERS)
    await form.press('/inform{"champ": "join__profil", "valeur": "association"}')
    assert form.value("profil") == ASSOCIATION
    assert form.asked == "accord"


async def test_a_button_of_another_request_changes_nothing() -> None:
    form = await start("habitante")
    await form.press('/inform{"champ": "message__nom", "valeur": "non indiqué"}')
    assert form.asked == "quartier"
    assert "message__nom" not in form.slots


async def test_a_no_sends_nothing_and_asks_what_to_change() -> None:
    form = await start(*ANSWERS)
    said = await form.say("non")
    assert form.request is None
    assert form.asked == "correction"
    assert labels(said) == ["Profil", "Quartier", "Nom", "Pour vous joindre", "Annuler"]
    await form.press_label(said, "Nom")
    assert form.asked == "nom"
    await form.say("Ali")
    assert form.asked == "accord"


async def test_what_has_to_change_may_be_said() -> None:
    form = await start(*ANSWERS, "non")
    await form.say("le quartier")
    assert form.asked == "quartier"
    form = await start(*ANSWERS, "non")
    await form.say("rien finalement")
    assert form.asked == "accord"
    await form.say("non")
    said = await form.say("blabla")
    assert form.asked == "correction"
    assert "ce qui doit changer" in texts(said)


@pytest.mark.parametrize(
    "text", ["peut-être", "oui mais changez le nom", "oui ?", "oui, c’est sécurisé ?", "bonjour", "attendez"]
)
async def test_consent_is_never_guessed(text: str) -> None:
    form = await start(*ANSWERS)
    await form.say(text)
    assert form.is_open
    assert form.value("accord") is None


@pytest.mark.parametrize("text", ["annuler", "laissez tomber", "j’arrête", "stop", "au revoir"])
@pytest.mark.parametrize("done", range(5))
async def test_it_stops_at_any_time(done: int, text: str) -> None:
    form = await start(*ANSWERS[:done])
    said = await form.say(text)
    assert not form.is_open
    assert form.request is None
    assert texts(said) == CANCELLED
    assert not any(form.slots[slot] for slot in JOIN.slots)


async def test_the_classifier_may_stop_it_but_not_during_a_name() -> None:
    form = await start(*ANSWERS[:2])
    await form.say("Stephen Stopp", "cancel")
    assert form.value("nom") == "Stephen Stopp"
    await form.say("trop de questions, j’en ai marre", "cancel")
    assert not form.is_open


async def test_it_can_be_opened_again() -> None:
    form = await start("habitante", "annuler")
    first = await form.press("/start_join")
    assert form.asked == "profil"
    assert "annuler" in texts(first)


@pytest.mark.parametrize("done", range(5))
async def test_it_answers_a_question_then_asks_again(done: int) -> None:
    form = await start(*ANSWERS[:done])
    asked, known = form.asked, [form.slots[slot] for slot in JOIN.slots]
    said = await form.say("c’est quoi un conseil citoyen ?", "conseil_citoyen")
    assert said[0]["kind"] == "answer"
    assert said[0]["sources"]
    assert said[-1]["kind"] == "form"
    assert form.asked == asked
    assert [form.slots[slot] for slot in JOIN.slots if not slot.endswith("essais")] == known[:-1]


async def test_it_answers_what_becomes_of_the_data() -> None:
    form = await start(*ANSWERS)
    said = await form.say("vous gardez mes données combien de temps ?", "bot_vie_privee")
    assert "effacés" in texts(said)
    assert form.asked == "accord"


async def test_it_keeps_the_answer_that_comes_with_a_question() -> None:
    form = await start("habitante")
    said = await form.say("rue de Lille, c’est quoi un conseil citoyen ?", "conseil_citoyen")
    assert form.value("quartier") == RUE
    assert said[0]["kind"] == "answer"
    assert form.asked == "nom"


async def test_an_answer_in_the_middle_opens_no_other_request() -> None:
    form = await start("habitante")
    said = await form.say("comment entrer au conseil citoyen ?", "rejoindre_conseil_citoyen")
    assert not any(choice["payload"] == "/start_join" for reply in said for choice in reply["choices"])


@pytest.mark.parametrize(
    ("done", "text", "subject"),
    [
        pytest.param(0, "non attends, ma rue elle est dedans", "verifier_adresse", id="profile"),
        pytest.param(1, "les partenaires vous les connaissez", "list_partenaire", id="quartier"),
        pytest.param(1, "le Mont-Liébaut c’est où", "mont_liebaut", id="a quartier asked about"),
        pytest.param(2, "la caf elle fait quoi dedans", "caf", id="name"),
        pytest.param(3, "les aides on en a", "aides_et_avantages", id="contact"),
        pytest.param(4, "oui mais avant, les objectifs", "list_objectif", id="summary"),
    ],
)
async def test_what_is_surely_another_matter_is_answered_whatever_its_words(done: int, text: str, subject: str) -> None:
    form = await start(*ANSWERS[:done])
    asked = form.asked
    said = await form.say(text, subject, 0.9)
    assert said[0]["kind"] == "answer"
    assert said[-1]["kind"] == "form"
    assert form.asked == asked


@pytest.mark.parametrize(
    ("done", "text", "intent"),
    [
        pytest.param(0, "je suis boulanger", "axe_07_transports_commerces", id="trade"),
        pytest.param(0, "on est une asso pour l’emploi", "emploi", id="association"),
        pytest.param(1, "ah au Mont-Liébaut", "mont_liebaut", id="quartier"),
        pytest.param(4, "oui pour le conseil citoyen", "conseil_citoyen", id="consent"),
    ],
)
async def test_an_answer_about_a_subject_stays_an_answer(done: int, text: str, intent: str) -> None:
    form = await start(*ANSWERS[:done])
    asked = form.asked
    said = await form.say(text, intent, 0.95)
    assert "answer" not in [reply["kind"] for reply in said]
    assert form.asked != asked


async def test_an_answer_too_many_is_no_other_matter() -> None:
    form = await start()
    said = await form.say("habitant mais j’ai aussi un commerce", "axe_07_transports_commerces", 0.9)
    assert "Je ne peux en noter qu’un" in texts(said)
    assert form.asked == "profil"


async def test_a_name_is_not_taken_for_a_question() -> None:
    form = await start(*ANSWERS[:2])
    await form.say("Karim Benali", "conseil_citoyen")
    assert form.value("nom") == "Karim Benali"


async def test_it_says_why_it_asks() -> None:
    form = await start(*ANSWERS[:2])
    said = await form.say("pourquoi mon nom ?", "bot_vie_privee")
    assert "qui fait la demande" in texts(said)
    assert form.asked == "nom"


async def test_it_explains_to_those_who_do_not_follow() -> None:
    form = await start()
    said = await form.say("je comprends pas", "ask_simpler")
    assert "par exemple un commerce" in texts(said)
    assert form.asked == "profil"


async def test_it_says_that_it_cannot_answer_now() -> None:
    form = await start("habitante")
    said = await form.say("quel temps fera-t-il demain ?", "out_of_scope")
    assert "pas de réponse à cette question" in texts(said)
    assert form.asked == "quartier"


async def test_asking_for_a_request_in_a_request_changes_nothing() -> None:
    form = await start("habitante")
    said = await form.say("je veux laisser un message", "start_message")
    assert "déjà en cours" in texts(said)
    assert form.asked == "quartier"


@pytest.mark.parametrize("name", ["profil", "quartier", "nom", "contact", "accord"])
async def test_it_says_what_to_do_when_it_does_not_understand(name: str) -> None:
    form = await start(*ANSWERS[: ["profil", "quartier", "nom", "contact", "accord"].index(name)])
    said = await form.say("12345 abc !!")
    assert form.asked == name
    assert len(said) == 2
    assert form.value("essais") == 1


async def test_it_says_what_is_wrong_with_a_number() -> None:
    form = await start(*ANSWERS[:3])
    assert "trop court" in texts(await form.say("06 12 34 56"))
    assert form.value("contact") is None


async def test_after_three_wrong_numbers_it_offers_to_pass_or_to_stop() -> None:
    form = await start(*ANSWERS[:3])
    for _ in range(MOST_TRIES):
        said = await form.say("06 12")
    assert labels(said) == ["Passer cette question", "Annuler"]
    assert "passer cette question" in texts(said)
    said = await form.press_label(said, "Passer cette question")
    assert form.value("contact") == NON_DIT
    assert "ne pourra pas vous répondre" in texts(said)
    assert form.asked == "accord"


async def test_it_does_not_offer_to_pass_at_once() -> None:
    form = await start(*ANSWERS[:3])
    assert labels(await form.say("06 12")) == ["Annuler"]


async def test_declining_to_be_reached_is_possible_once_warned() -> None:
    form = await start(*ANSWERS[:3])
    said = await form.say("je veux pas donner mon numéro")
    assert form.value("contact") is None
    assert "personne ne pourra vous joindre" in texts(said)
    await form.say("non")
    assert form.value("contact") == NON_DIT


async def test_a_question_in_between_does_not_withdraw_the_offer() -> None:
    form = await start(*ANSWERS[:3])
    await form.say("j’ai pas de téléphone")
    said = await form.say("c’est pour quoi faire ?")
    assert "Passer cette question" in labels(said)
    await form.say("passer")
    assert form.value("contact") == NON_DIT


async def test_a_good_answer_starts_the_count_again() -> None:
    form = await start("habitante", "hum", "hum", "rue de Lille")
    assert form.value("essais") == 0


async def test_nothing_of_what_is_said_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await start(*ANSWERS, "oui")
    assert not any(part in caplog.text for part in ("Benali", "0612345678", "+336"))


@settings(deadline=None, max_examples=150)
@given(
    done=st.integers(0, 4),
    text=st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(WORDS)).map(" ".join),
    ),
    intent=st.sampled_from(["affirm", "deny", "cancel", "dont_know", "conseil_citoyen", "nlu_fallback"]),
)
async def test_whatever_is_typed_leaves_a_question_or_an_end(done: int, text: str, intent: str) -> None:
    form = await start(*ANSWERS[:done])
    said: Said = await form.say(text, intent)
    assert said
    assert form.asked or not form.is_open
    assert form.request is None or done == 4


@pytest.mark.parametrize(
    ("text", "done", "words"),
    [
        pytest.param("c’est payant ?", 0, "C’est gratuit", id="cost"),
        pytest.param("et si je change d’avis ?", 2, "Vous pouvez tout arrêter", id="change of mind"),
        pytest.param("vous faites quoi de mon nom après ?", 2, "votre nom", id="readers"),
        pytest.param("vous me rappelez quand ?", 3, "ni délai", id="what comes next"),
        pytest.param("faut être français ?", 0, "comme l’âge ou la nationalité", id="conditions"),
        pytest.param("attendez", 2, "Prenez votre temps", id="hesitation"),
        pytest.param("je sais pas trop", 0, "Prenez votre temps", id="does not quite know"),
        pytest.param("c’est nul", 3, "Prenez votre temps", id="discontent"),
        pytest.param("mouais", 4, "Prenez votre temps", id="no consent"),
    ],
)
async def test_what_answers_nothing_is_answered_and_the_form_goes_on(text: str, done: int, words: str) -> None:
    form = await start(*ANSWERS[:done])
    asked = form.asked
    said = await form.say(text, "affirm")
    assert words in texts(said)
    assert form.asked == asked
    assert form.is_open and said[-1]["kind"] == "form"
    assert "/start_join" not in [choice["payload"] for reply in said for choice in reply["choices"]]
