"""A message that leans on the last answer: when its own words win, and when what it leans on does."""

from __future__ import annotations

import pytest
from component_case import said
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT

from components.leaning import (
    CLAUSE_OF,
    CORRECTED,
    LEANS,
    METADATA,
    REST,
    WITH_SUBJECT,
    choose_reading,
    leaning_messages,
)

CAF = {"subject": "La CAF", "slug": "caf"}
CONTRAT = {"subject": "Le contrat de ville", "slug": "contrat_de_ville"}
QUARTIERS = {"subject": "Les quartiers", "slug": "list_quartier"}
SERVICE = {"subject": "Contacter le service", "slug": "contacter_service"}
CONSEIL = {"subject": "Le conseil citoyen", "slug": "conseil_citoyen"}


def read(text, intent, confidence, ranking=None, *, about, named=()):
    """A message after the classifier, in a conversation about something."""
    message = said(text)
    shares = ranking or {intent: confidence}
    message.set(INTENT_RANKING_KEY, [{"name": name, "confidence": share} for name, share in shares.items()])
    message.set(METADATA, about)
    message.set(INTENT, {"name": intent, "confidence": confidence})
    message.set(ENTITIES, list(named))
    return message


def other(message, way, intent, confidence, ranking=None):
    """Another reading of it."""
    reading = said(message.get(TEXT))
    shares = ranking or {intent: confidence}
    reading.set(INTENT_RANKING_KEY, [{"name": name, "confidence": share} for name, share in shares.items()])
    reading.set(LEANS, way)
    reading.set(INTENT, {"name": intent, "confidence": confidence})
    return reading


@pytest.mark.parametrize(
    ("text", "about", "texts"),
    [
        pytest.param("qui le signe ?", CONTRAT, {WITH_SUBJECT: "qui le signe ? Le contrat de ville"}, id="pronom"),
        pytest.param(
            "et pour les jeunes ?",
            CAF,
            {WITH_SUBJECT: "et pour les jeunes ? La CAF", REST: "les jeunes ?"},
            id="et pour",
        ),
        pytest.param(
            "non, je voulais les axes",
            CAF,
            {WITH_SUBJECT: "non, je voulais les axes La CAF", CORRECTED: "les axes"},
            id="correction",
        ),
        pytest.param("qui le signe ?", {}, {}, id="rien avant"),
        pytest.param("je voudrais savoir si ma voisine peut venir avec moi à la réunion", CAF, {}, id="long"),
    ],
)
def test_it_gives_the_other_readings(text, about, texts):
    message = read(text, "nlu_unsure", 0.4, about=about)
    assert {reading.get(LEANS): reading.get(TEXT) for reading in leaning_messages(message)} == texts


@pytest.mark.parametrize(
    ("text", "about", "alone", "with_subject", "rest", "chosen"),
    [
        pytest.param(
            "qui le signe ?", CONTRAT, ("nlu_unsure", 0.4), ("list_partenaire", 0.9), None, "list_partenaire",
            id="un pronom mène ailleurs",
        ),
        pytest.param(
            "oui, ça m’intéresse", CONSEIL, ("affirm", 0.97), ("start_join", 0.76), None, "start_join",
            id="un oui qui dit de quoi",
        ),
        pytest.param(
            "oui je veux leur écrire", SERVICE, ("contacter_service", 0.76), ("start_message", 0.65), None,
            "start_message", id="ce qui vient d’être proposé",
        ),
        pytest.param(
            "comment leur écrire ?", SERVICE, ("contacter_service", 0.76), ("start_message", 0.65), None,
            "contacter_service", id="une question n’est pas une demande",
        ),
        pytest.param("oui", CONSEIL, ("affirm", 0.97), ("nlu_unsure", 0.4), None, "affirm", id="un simple oui"),
        pytest.param(
            "c’est quoi son rôle", CAF, ("nlu_unsure", 0.3), ("caf", 0.9), None, "caf", id="un pronom mène au sujet"
        ),
        pytest.param(
            "et ça concerne qui ?", QUARTIERS, ("list_objectif", 0.8), ("list_quartier", 0.9), None, "list_objectif",
            id="le nom ajouté ne l’emporte pas sur ce qui est sûr",
        ),
        pytest.param(
            "ils font quoi ?", CAF, ("bot_capacites", 0.8), ("caf", 0.9), None, "caf", id="ils, c’est quelqu’un"
        ),
        pytest.param(
            "et Lens ?", CAF, ("ask_followup", 0.9), ("caf", 0.9), ("out_of_scope", 0.9), "ask_followup",
            id="et Lens n’est pas la CAF",
        ),
        pytest.param(
            "et les commerçants ?", CONSEIL, ("ask_followup", 0.9), ("conseil_citoyen", 0.8), ("out_of_scope", 0.9),
            "conseil_citoyen", id="une notion répond à plus que son nom",
        ),
        pytest.param(
            "et les transports ?", CAF, ("ask_followup", 0.9), ("caf", 0.8), ("axe_07", 0.9), "axe_07",
            id="ce qui est ajouté suffit",
        ),
        pytest.param(
            "comment faire ?", CONSEIL, ("bot_capacites", 0.6), ("rejoindre", 0.9), None, "rejoindre",
            id="une politesse incertaine",
        ),
        pytest.param(
            "il pleuvra demain ?", CAF, ("out_of_scope", 0.95), ("caf", 0.7), None, "out_of_scope", id="hors sujet"
        ),
        pytest.param(
            "en quelle année ?", CONSEIL, ("out_of_scope", 0.95), ("conseil_citoyen", 0.9), None, "conseil_citoyen",
            id="une question sans sujet n’est pas hors sujet",
        ),
        pytest.param(
            "comment je m’y inscris ?", CONSEIL, ("out_of_scope", 0.95), ("rejoindre", 0.8), None, "rejoindre",
            id="hors sujet tant qu’on ne sait pas où",
        ),
        pytest.param(
            "lesquelles ?", CONTRAT, ("ask_others", 0.8), ("contrat_de_ville", 0.9), None, "contrat_de_ville",
            id="lesquelles",
        ),
        pytest.param(
            "plus simple ?", CAF, ("ask_simpler", 0.9), ("caf", 0.95), None, "ask_simpler", id="plus simple"
        ),
        pytest.param(
            "je veux leur écrire", CAF, ("nlu_unsure", 0.45, {"start_message": 0.45, "contacter_service": 0.1}),
            ("caf", 0.9, {"caf": 0.9, "start_message": 0.02}), None, "contacter_service",
            id="ce qu’on demande de tout sujet",
        ),
        pytest.param(
            "elle écrit à qui ?", CAF, ("nlu_unsure", 0.45, {"start_message": 0.45}), ("caf", 0.9), None, "caf",
            id="sauf d’elle",
        ),
        pytest.param(
            "non, les habitants", CAF, ("nlu_unsure", 0.3), ("caf", 0.9), None, "nlu_unsure", id="non mène ailleurs"
        ),
        pytest.param(
            "qui peut y aller ?", CONSEIL, ("contacter_service", 0.7), ("conseil_citoyen", 0.9), None,
            "conseil_citoyen", id="y",
        ),
        pytest.param(
            "c’est tout ?", CAF, ("ask_others", 0.9), ("caf", 0.95), None, "ask_others", id="c’est tout d’une liste"
        ),
        pytest.param(
            "et c’est où les réunions ?", CONTRAT, ("nlu_unsure", 0.4), ("contrat_de_ville", 0.9), ("conseil", 0.6),
            "conseil", id="un nom ajouté ne vaut pas ce qui suit « et »",
        ),
        pytest.param(
            "faut habiter ici ?", CONSEIL, ("nlu_unsure", 0.4, {"ask_member": 0.4, "rejoindre": 0.1}),
            ("nlu_unsure", 0.45), None, "nlu_unsure", id="deux lectures incertaines",
        ),
        pytest.param(
            "les commerçants aussi ?", CONSEIL, ("axe_07", 0.6), ("conseil_citoyen", 0.9), None, "conseil_citoyen",
            id="aussi",
        ),
        pytest.param(
            "les commerçants aussi ?", CONSEIL, ("axe_07", 0.75), ("conseil_citoyen", 0.9), None, "conseil_citoyen",
            id="aussi, d’un mot que l’on connaît",
        ),
        pytest.param(
            "il y en a un ici ?", CONSEIL, ("greet", 0.8), ("conseil_citoyen", 0.9), None, "conseil_citoyen",
            id="une question n’est pas une salutation",
        ),
        pytest.param(
            "qui y siège ?", CONSEIL, ("conseil_citoyen", 0.7), ("start_join", 0.9), None, "conseil_citoyen",
            id="on ne demande rien à la place de quelqu’un",
        ),
        pytest.param(
            "et sinon siéger quelque part ?", CAF, ("ask_others", 0.9), ("caf", 0.9), ("conseil_citoyen", 0.7),
            "conseil_citoyen", id="autre chose, qui est dit",
        ),
        pytest.param(
            "quand ?", CAF, ("out_of_scope", 0.9), ("nlu_unsure", 0.5), None, "nlu_unsure", id="quand"
        ),
        pytest.param(
            "des subventions existent ?", CONSEIL, ("nlu_unsure", 0.5, {"aides_et_avantages": 0.5}),
            ("conseil_citoyen", 0.9, {"conseil_citoyen": 0.9, "aides_et_avantages": 0.05}), None, "aides_et_avantages",
            id="ce que les lectures disent ensemble",
        ),
        pytest.param(
            "il contient quoi ?", CAF, ("nlu_unsure", 0.5, {"contrat_de_ville": 0.5}),
            ("caf", 0.7, {"caf": 0.7, "contrat_de_ville": 0.2}), None, "contrat_de_ville",
            id="même avec un pronom, si le nom ajouté n’y change rien",
        ),
        pytest.param(
            "à qui en parler ?", CONSEIL, ("contacter_service", 0.8), ("conseil_citoyen", 0.9), None,
            "contacter_service", id="en n’est pas un nom",
        ),
        pytest.param(
            "comment y entrer ?", CONSEIL, ("nlu_unsure", 0.4), ("nlu_unsure", 0.5), None, "nlu_unsure",
            id="rien de sûr",
        ),
        pytest.param(
            "bon courage", CONTRAT, ("nlu_unsure", 0.5, {"thank": 0.4, "out_of_scope": 0.2}), ("contrat_de_ville", 0.9),
            None, "nlu_unsure", id="rien n’est demandé",
        ),
        pytest.param(
            "ça aide les gens", CONTRAT, ("nlu_unsure", 0.5, {"emploi": 0.5, "ask_more": 0.3}),
            ("contrat_de_ville", 0.9), None, "contrat_de_ville", id="une question sans son point d’interrogation",
        ),
        pytest.param(
            "vas-y je commence", CONSEIL, ("nlu_unsure", 0.6, {"affirm": 0.6}), ("start_join", 0.9), None, "start_join",
            id="ce qui a été proposé",
        ),
    ],
)
def test_it_chooses_the_reading_that_counts(text, about, alone, with_subject, rest, chosen):
    message = read(text, *alone, about=about)
    readings = [other(message, WITH_SUBJECT, *with_subject)] + ([other(message, REST, *rest)] if rest else [])
    assert choose_reading(message, readings).get(INTENT)["name"] == chosen


def test_a_question_without_its_greeting_comes_after_what_was_told():
    message = read("Bref. Qui puis-je appeler ?", "nlu_unsure", 0.4, about=CAF)
    question = said("Qui puis-je appeler ?")
    question.set(CLAUSE_OF, message)
    question.set(INTENT, {"name": "nlu_unsure", "confidence": 0.4})
    assert choose_reading(question, [other(message, WITH_SUBJECT, "caf", 0.95)]) is question


def test_a_name_of_its_own_always_wins():
    message = read("et l’ARS elle fait quoi ?", "ars", 0.6, about=CAF, named=[{"entity": "partenaire", "value": "ars"}])
    assert choose_reading(message, [other(message, WITH_SUBJECT, "caf", 0.99)]) is message


@pytest.mark.parametrize(
    ("text", "about", "chosen"),
    [
        pytest.param("elle construit des logements ?", CAF, "caf", id="un thème dit d’elle"),
        pytest.param("des logements ?", CAF, "habitat_cadre_de_vie", id="un thème"),
        pytest.param("elle construit des logements ?", QUARTIERS, "habitat_cadre_de_vie", id="d’une liste"),
    ],
)
def test_a_theme_beside_a_pronoun_is_no_name(text, about, chosen):
    theme = {"entity": "domaine", "value": "habitat_cadre_de_vie"}
    message = read(text, "habitat_cadre_de_vie", 0.6, about=about, named=[theme])
    assert choose_reading(message, [other(message, WITH_SUBJECT, "caf", 0.99)]).get(INTENT)["name"] == chosen


@pytest.mark.parametrize(
    ("alone", "corrected", "chosen"),
    [
        pytest.param(("nlu_unsure", 0.4), ("list_axe", 0.8), "list_axe", id="ce qui est corrigé"),
        pytest.param(("deny", 0.9), ("list_axe", 0.8), "list_axe", id="plus qu’un non"),
        pytest.param(("deny", 0.9), ("nlu_unsure", 0.5), "deny", id="rien de sûr"),
        pytest.param(("caf", 0.8), ("list_axe", 0.8), "caf", id="ce qui est dit est sûr"),
        pytest.param(("start_join", 0.8), ("list_axe", 0.8), "list_axe", id="ce n’est pas une demande"),
        pytest.param(("start_join", 0.8), ("start_join", 0.9), "start_join", id="c’est une demande"),
    ],
)
def test_a_correction_is_read_without_its_no(alone, corrected, chosen):
    message = read("non, je voulais les axes", *alone, about=CAF)
    readings = [other(message, WITH_SUBJECT, "caf", 0.9), other(message, CORRECTED, *corrected)]
    assert choose_reading(message, readings).get(INTENT)["name"] == chosen


@pytest.mark.parametrize(
    ("text", "alone", "chosen"),
    [
        pytest.param("pas de la CAF mais des axes", ("caf", 0.9), "list_axe", id="pas ce nom"),
        pytest.param("non pas ça, l’ARS", ("deny", 0.9), "list_axe", id="plus qu’un non, avec un nom"),
        pytest.param("la CAF, pas les axes", ("caf", 0.9), "caf", id="ce qui est dit d’abord"),
    ],
)
def test_what_a_message_is_not_about_does_not_count(text, alone, chosen):
    message = read(text, *alone, about=CONTRAT, named=[{"entity": "partenaire", "value": "caf"}])
    readings = [other(message, WITH_SUBJECT, "caf", 0.9), other(message, CORRECTED, "list_axe", 0.8)]
    assert choose_reading(message, readings).get(INTENT)["name"] == chosen


def test_someone_else_is_not_the_list_just_told():
    message = read("mon oncle vit à Verdun, il est concerné ?", "ask_member", 0.9, about=QUARTIERS)
    assert choose_reading(message, [other(message, WITH_SUBJECT, "verifier_adresse", 0.9)]) is message


@pytest.mark.parametrize(
    ("shares", "chosen"),
    [
        pytest.param({"list_partenaire": 0.46, "ask_member": 0.26}, "list_partenaire", id="une liste"),
        pytest.param({"list_partenaire": 0.3, "education": 0.35}, "ask_followup", id="plutôt autre chose"),
        pytest.param({"education": 0.46, "ask_member": 0.26}, "ask_followup", id="un sujet"),
    ],
)
def test_what_follows_and_may_call_another_list(shares, chosen):
    message = read("and the partners?", "ask_followup", 0.8, about=QUARTIERS)
    readings = [
        other(message, WITH_SUBJECT, "nlu_unsure", 0.4, {"list_quartier": 0.4, "list_partenaire": 0.3}),
        other(message, REST, "nlu_unsure", max(shares.values()), shares),
    ]
    assert choose_reading(message, readings).get(INTENT)["name"] == chosen
