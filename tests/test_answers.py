"""What is answered to each sort of question, from the town's real content."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from actions.answer import is_told_already
from actions.answers import answer_message, answer_question, is_about_us, suggest_subjects
from actions.contexte import Contexte
from actions.questions import Named, Question
from actions.telling import MOST_CHOICES, Answer, keep_offer, tell, tell_all
from knowledge.base import KnowledgeBase
from knowledge.intents import OFF_TOPIC, UNKNOWN, UNSURE
from knowledge.text import normalize

FACTUAL = ("notion", "quartier", "partenaire", "domaine", "objectif", "axe")
NOTHING = Contexte()
QUARTIERS = Contexte(("list_quartier",), "quartier")
PARTENAIRES = Contexte(("list_partenaire",), "partenaire")
AXES = Contexte(("list_axe",), "axe")
MESSAGE = "/start_message"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.load(Path(__file__).parent.parent / "data")


@pytest.fixture
def ask(base):
    """The answer to one question, understood as this intent."""

    def answer(text, intent, contexte=NOTHING, ranking=()):
        return answer_question(question(base, text, intent, ranking), contexte, base)

    return answer


def question(base, text, intent, ranking=()):
    named = (Named(m.genre, m.slug, m.start, m.end) for m in base.gazetteer.find(text))
    return Question(text, intent, tuple(ranking), tuple(named))


def kinds(answer: Answer):
    return [reply.kind for reply in answer.replies]


def subjects(answer: Answer):
    return [reply.subject for reply in answer.replies]


def said(answer: Answer):
    return "\n".join(reply.text for reply in answer.replies)


def payloads(answer: Answer):
    return [choice.payload for reply in answer.replies for choice in reply.choices]


def test_every_subject_is_answered_by_its_fiche(base, ask):
    for slug, fiche in base.fiches.items():
        answer = ask(fiche.titre, slug)
        assert subjects(answer) == [slug]
        assert answer.is_answered
        assert answer.contexte.sujets == (slug,)


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        pytest.param("caf", "answer", id="partenaire"),
        pytest.param("bot_identite", "smalltalk", id="bot"),
        pytest.param("suicide", "alert", id="urgence"),
        pytest.param("contacter_service", "handoff", id="contact"),
    ],
)
def test_the_kind_of_a_reply_is_that_of_its_fiche(ask, slug, kind):
    assert kinds(ask("", slug)) == [kind]


@pytest.mark.parametrize("genre", FACTUAL)
def test_every_factual_answer_quotes_the_page_word_for_word(base, ask, genre):
    fiches = base.list_genre(genre)
    assert fiches
    for fiche in fiches:
        for source in quotes(ask("", fiche.slug)):
            assert squeeze(source.quote) in squeeze(page(base, source)), fiche.slug


@pytest.mark.parametrize("genre", ["quartier", "partenaire", "domaine", "objectif", "axe"])
def test_a_list_has_every_member_in_the_order_of_the_page(base, ask, genre):
    answer = ask("", f"list_{genre}")
    text = said(answer)
    titles = [normalize(fiche.titre) for fiche in base.list_genre(genre)]
    listed = [normalize(line[2:]) for line in text.splitlines() if re.match(r"(?:- |\d+\. )", line)]
    assert len(listed) == len(titles)
    assert all(title in line for title, line in zip(titles, listed, strict=True))
    assert answer.contexte == Contexte((f"list_{genre}",), genre)
    for source in quotes(answer):
        assert squeeze(source.quote) in squeeze(page(base, source))


def test_a_list_that_the_page_leaves_open_says_so(ask):
    assert "n’est pas complète" in said(ask("", "list_partenaire"))
    assert "n’est pas complète" not in said(ask("", "list_quartier"))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        pytest.param("La CAF est partenaire ?", "caf", id="partenaire"),
        pytest.param("est-ce que France Travail a signé", "pole_emploi", id="name-of-today"),
        pytest.param("Le Mont-Liébaut est concerné ?", "mont_liebaut", id="quartier"),
        pytest.param("la rue de Lille est concernée ?", "rue_de_lille", id="quartier-named-after-a-street"),
        pytest.param("la santé en fait partie ?", "sante", id="domaine"),
    ],
)
def test_it_says_yes_to_a_member(ask, text, subject):
    answer = ask(text, "ask_member")
    assert subjects(answer) == [subject]
    assert said(answer).startswith("Oui. ")


def test_it_confirms_each_member_that_is_named(ask):
    answer = ask("le Mont-Liébaut et la rue de Lille sont concernés ?", "ask_member")
    assert subjects(answer) == ["mont_liebaut", "rue_de_lille"]


@pytest.mark.parametrize(
    ("text", "contexte"),
    [
        pytest.param("le centre-ville est concerné ?", NOTHING, id="place"),
        pytest.param("et le centre-ville ?", QUARTIERS, id="place-after-the-list"),
        pytest.param("Lens en fait partie ?", QUARTIERS, id="another-town"),
    ],
)
def test_it_says_no_to_a_place_and_names_the_quartiers(ask, text, contexte):
    answer = ask(text, "ask_member", contexte)
    assert subjects(answer) == ["list_quartier"]
    assert said(answer).startswith("Non")
    assert "Mont-Liébaut" in said(answer)
    assert "rue de Lille" in said(answer)


@pytest.mark.parametrize(
    ("text", "contexte"),
    [
        pytest.param("la SNCF a signé le contrat ?", NOTHING, id="says-signed"),
        pytest.param("la SNCF en est ?", PARTENAIRES, id="after-the-list"),
    ],
)
def test_it_does_not_know_of_an_organisation_that_the_page_does_not_name(ask, text, contexte):
    answer = ask(text, "ask_member", contexte)
    assert subjects(answer) == ["list_partenaire"]
    assert "ne cite pas cet organisme" in said(answer)
    assert "Oui" not in said(answer)


def test_it_asks_which_list_when_nothing_says_it(ask):
    answer = ask("ils en font partie ?", "ask_member")
    assert kinds(answer) == ["clarify"]
    assert payloads(answer) == ["/list_quartier", "/list_partenaire"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("le 12 rue de Lille est concerné ?", "ask_member", id="number-in-the-quartier"),
        pytest.param("12, rue de Lille, c’est dedans ?", "list_quartier", id="number-asked-as-a-list"),
        pytest.param("la rue Sadi-Carnot en fait partie ?", "ask_member", id="street"),
        pytest.param("ma rue est concernée ?", "ask_member", id="my-street"),
        pytest.param("l’avenue qui longe le Mont-Liébaut est concernée ?", "ask_member", id="street-near-a-quartier"),
        pytest.param("mon immeuble au Mont-Liébaut en fait partie ?", "ask_member", id="building"),
        pytest.param("et la rue des Fleurs ?", "ask_followup", id="street-after-the-list"),
        pytest.param("suis-je concerné ?", "verifier_adresse", id="as-understood"),
    ],
)
def test_it_never_rules_on_an_address(ask, text, intent):
    answer = ask(text, intent, QUARTIERS)
    assert subjects(answer) == ["verifier_adresse"]
    assert not re.search(r"\b(?:Oui|Non)\b", said(answer))
    assert "https://sig.ville.gouv.fr/" in said(answer)


@pytest.mark.parametrize(
    "text", ["J’habite rue de Lille, suis-je concerné ?", "on est rue de Lille chez nous, on en fait partie ?"]
)
def test_it_does_not_say_yes_to_someone_who_lives_in_a_street(ask, text):
    answer = ask(text, "ask_member")
    assert subjects(answer) == ["rue_de_lille"]
    assert "Oui" not in said(answer)
    assert "ne suffit" in said(answer)


@pytest.mark.parametrize(
    ("text", "contexte", "subject"),
    [
        pytest.param("l’axe 5", NOTHING, "axe_05_sante", id="number"),
        pytest.param("parlez-moi du dixième axe", NOTHING, "axe_10_egalite_discriminations", id="ordinal"),
        pytest.param("la priorité numéro 1", NOTHING, "axe_01_inegalites", id="other-word"),
        pytest.param("le dernier axe", NOTHING, "axe_10_egalite_discriminations", id="last"),
        pytest.param("l’objectif 2", AXES, "reduire_ecarts", id="another-list-than-the-context"),
        pytest.param("le deuxième", QUARTIERS, "rue_de_lille", id="ordinal-in-context"),
        pytest.param("le dernier", PARTENAIRES, "bailleurs_sociaux", id="last-in-context"),
        pytest.param("le 3", Contexte(("axe_01_inegalites",), "axe"), "axe_03_emploi_economie", id="after-a-member"),
        pytest.param("le suivant", Contexte(("axe_05_sante",), "axe"), "axe_06_tranquillite", id="next"),
        pytest.param("le précédent", Contexte(("axe_05_sante",), "axe"), "axe_04_habitat", id="previous"),
    ],
)
def test_it_picks_by_rank(ask, text, contexte, subject):
    answer = ask(text, "ask_ordinal", contexte)
    assert subjects(answer) == [subject]


def test_a_rank_goes_on_in_the_list_it_was_picked_in(ask):
    first = ask("l’axe 5", "ask_ordinal", QUARTIERS)
    assert subjects(ask("le sixième", "ask_ordinal", first.contexte)) == ["axe_06_tranquillite"]


@pytest.mark.parametrize(
    ("text", "contexte", "listed", "count"),
    [
        pytest.param("l’axe 11", NOTHING, "list_axe", 10, id="axe"),
        pytest.param("le troisième quartier", NOTHING, "list_quartier", 2, id="quartier"),
        pytest.param("le cinquième", QUARTIERS, "list_quartier", 2, id="in-context"),
        pytest.param("le suivant", Contexte(("axe_10_egalite_discriminations",), "axe"), "list_axe", 10, id="next"),
    ],
)
def test_a_rank_that_does_not_exist_gets_the_list(ask, text, contexte, listed, count):
    answer = ask(text, "ask_ordinal", contexte)
    assert subjects(answer) == [listed]
    assert f"n’en compte que {count}" in said(answer)


def test_a_rank_without_a_list_asks_which(ask):
    answer = ask("le deuxième", "ask_ordinal")
    assert kinds(answer) == ["clarify"]
    assert payloads(answer) == ["/list_axe", "/list_objectif", "/list_domaine"]


@pytest.mark.parametrize(
    ("text", "contexte", "subject"),
    [
        pytest.param("et la CAF ?", QUARTIERS, "caf", id="another-list"),
        pytest.param("et pour la santé ?", Contexte(("emploi",), "domaine"), "sante", id="another-domaine"),
        pytest.param("et l’emploi ?", Contexte(("axe_05_sante",), "axe"), "emploi", id="domaine-after-an-axe"),
        pytest.param("et la rue de Lille ?", Contexte(("mont_liebaut",), "quartier"), "rue_de_lille", id="quartier"),
        pytest.param("et la SNCF ?", PARTENAIRES, "list_partenaire", id="unknown-partner"),
        pytest.param("et Beuvry ?", QUARTIERS, "list_quartier", id="unknown-place"),
    ],
)
def test_it_follows_up(ask, text, contexte, subject):
    assert subjects(ask(text, "ask_followup", contexte)) == [subject]


def test_it_follows_up_on_each_name(ask):
    assert subjects(ask("et l’ARS et la CAF ?", "ask_followup", PARTENAIRES)) == ["ars", "caf"]
    assert subjects(ask("et la CAF pour l’emploi ?", "ask_followup", QUARTIERS)) == ["caf"]


@pytest.mark.parametrize(
    ("contexte", "subject", "words"),
    [
        pytest.param(Contexte(("caf",), "partenaire"), "list_partenaire", "Rectorat", id="after-a-member"),
        pytest.param(QUARTIERS, "list_quartier", "n’en nomme pas d’autres", id="after-the-list"),
        pytest.param(Contexte(("conseil_citoyen",)), None, "vous parler de", id="no-list"),
    ],
)
def test_it_gives_the_others(ask, contexte, subject, words):
    answer = ask("et les autres ?", "ask_others", contexte)
    assert subjects(answer) == [subject]
    assert words in said(answer)


def test_it_says_the_last_answer_more_simply(ask, base):
    answer = ask("plus simplement", "ask_simpler", Contexte(("caf",), "partenaire"))
    assert said(answer) == ask("", "caf").replies[0].simple != ask("", "caf").replies[0].text
    assert answer.contexte == Contexte(("caf",), "partenaire")


def test_it_repeats_the_last_answer(ask):
    answer = ask("vous pouvez répéter ?", "ask_repeat", Contexte(("caf", "list_axe"), "axe"))
    assert subjects(answer) == ["caf", "list_axe"]
    assert answer.contexte == Contexte(("caf", "list_axe"), "axe")


@pytest.mark.parametrize("intent", ["ask_simpler", "ask_repeat"])
def test_there_is_nothing_to_repeat_at_the_beginning(ask, intent):
    assert said(ask("?", intent)).startswith("Je n’ai encore rien dit")


def test_a_name_is_stronger_than_a_resemblance(ask):
    assert subjects(ask("que fait l’ARS ?", "caf")) == ["ars"]
    assert subjects(ask("que fait la CAF avec l’ARS ?", "caf")) == ["caf"]


def test_an_unsure_question_gets_at_most_three_subjects_to_choose_from(ask):
    ranking = ["habitat_cadre_de_vie", "suicide", "greet", "bailleurs_sociaux", "list_axe", "caf", "ars"]
    answer = ask("les murs d’ici", UNSURE, QUARTIERS, ranking)
    assert kinds(answer) == ["clarify"]
    assert payloads(answer) == ["/habitat_cadre_de_vie", "/bailleurs_sociaux", "/list_axe"]
    assert len(answer.replies[0].choices) == MOST_CHOICES
    assert not answer.is_answered
    assert answer.contexte == QUARTIERS


def test_the_names_of_an_unsure_question_come_first(ask):
    answer = ask("la CAF ou l’ARS pour ça", UNSURE, ranking=["list_axe", "list_domaine"])
    assert payloads(answer) == ["/caf", "/ars", "/list_axe"]


def test_one_name_is_enough_when_unsure(ask):
    assert subjects(ask("la CAF là dedans", UNSURE, ranking=["list_axe"])) == ["caf"]


def test_an_unsure_question_with_nothing_to_propose_is_not_known(ask):
    assert kinds(ask("zzz", UNSURE, ranking=["greet", "deny"])) == ["fallback"]


def test_an_unknown_question_gets_what_is_near_and_the_way_to_a_person(ask, base):
    answer = ask("la piste cyclable et les transports du quartier", UNKNOWN, QUARTIERS)
    assert kinds(answer) == ["fallback"]
    assert "Je n’ai pas trouvé de réponse" in said(answer)
    assert "axe_07_transports_commerces" in payloads(answer)[0]
    assert payloads(answer)[-1] == MESSAGE
    assert 2 <= len(payloads(answer)) <= MOST_CHOICES + 1
    assert base.contact.nom.split()[0] in said(answer)
    assert (answer.offre, answer.contexte, answer.is_answered) == ("message", QUARTIERS, False)


def test_an_unknown_question_that_is_near_nothing_only_gets_the_way_to_a_person(ask):
    answer = ask("wxcvbn", UNKNOWN)
    assert payloads(answer) == [MESSAGE]
    assert "s’en approchent" not in said(answer)


def test_one_known_word_is_an_answer_even_when_not_understood(ask):
    assert subjects(ask("caf svp", UNKNOWN)) == ["caf"]


def test_an_off_topic_question_is_sent_away_with_the_way_to_a_person(ask):
    answer = ask("quels sont les horaires de la piscine", OFF_TOPIC)
    assert kinds(answer) == ["fallback"]
    assert "n’est pas de mon ressort" in said(answer)
    assert payloads(answer) == [MESSAGE]
    assert answer.offre == "message"


@pytest.mark.parametrize(
    ("slug", "offre", "payload"),
    [
        pytest.param("rejoindre_conseil_citoyen", "join", "/start_join", id="join"),
        pytest.param("start_join", "join", "/start_join", id="join-by-its-button"),
        pytest.param("contacter_service", "message", MESSAGE, id="message"),
        pytest.param("start_message", "message", MESSAGE, id="message-by-its-button"),
        pytest.param("caf", None, None, id="nothing-to-offer"),
    ],
)
def test_it_offers_the_request_that_goes_with_a_subject(ask, slug, offre, payload):
    answer = ask("", slug)
    assert answer.offre == offre
    assert payloads(answer) == ([payload] if payload else [])


def test_someone_who_does_not_know_what_to_ask_gets_the_main_subjects(base):
    answer = suggest_subjects(base, QUARTIERS)
    assert kinds(answer) == ["clarify"]
    assert len(answer.replies[0].choices) == 3
    assert answer.contexte == QUARTIERS


def several(base, *pairs, contexte=NOTHING, whole=("tout", UNKNOWN)):
    questions = [question(base, text, intent) for text, intent in pairs]
    return answer_message(questions, question(base, *whole), contexte, base)


def test_it_answers_each_question_of_a_message(base):
    answer = several(base, ("qui signe ?", "list_partenaire"), ("quels quartiers ?", "list_quartier"))
    assert subjects(answer) == ["list_partenaire", "list_quartier"]
    assert answer.contexte == Contexte(("list_partenaire", "list_quartier"), "quartier")


def test_it_answers_three_questions_at_most_and_says_so(base):
    slugs = ["caf", "ars", "anru", "etat", "rectorat"]
    answer = several(base, *((base.fiches[slug].titre, slug) for slug in slugs))
    assert subjects(answer) == [*slugs[:3], None]
    assert kinds(answer)[-1] == "clarify"
    assert "3 premières questions" in said(answer)


def test_it_does_not_answer_the_same_thing_twice(base):
    answer = several(base, ("la CAF ?", "caf"), ("la caf", "caf"), ("l’ARS ?", "ars"))
    assert subjects(answer) == ["caf", "ars"]


def test_a_question_of_a_message_follows_on_the_one_before(base):
    answer = several(base, ("quels sont les axes ?", "list_axe"), ("et le cinquième ?", "ask_ordinal"))
    assert subjects(answer) == ["list_axe", "axe_05_sante"]


def test_a_message_whose_parts_say_nothing_is_read_as_one(base):
    whole = ("la CAF, dites-moi", "caf")
    answer = several(base, ("hum ?", UNKNOWN), ("alors ?", UNKNOWN), whole=whole)
    assert subjects(answer) == ["caf"]


def test_what_was_not_understood_does_not_hide_what_was(base):
    answer = several(base, ("la CAF ?", "caf"), ("wxcvbn ?", UNKNOWN))
    assert kinds(answer) == ["answer", "fallback"]
    assert answer.contexte == Contexte(("caf",), "partenaire")


@pytest.mark.parametrize(
    ("intent", "is_ours"),
    [
        pytest.param("caf", True, id="fiche"),
        pytest.param("list_axe", True, id="list"),
        pytest.param("ask_ordinal", True, id="rank"),
        pytest.param("ask_followup", True, id="follow-up"),
        pytest.param("affirm", False, id="yes"),
        pytest.param("dont_know", False, id="i-do-not-know"),
        pytest.param(OFF_TOPIC, False, id="off-topic"),
        pytest.param(UNKNOWN, False, id="not-understood"),
    ],
)
def test_it_tells_a_question_on_our_subjects_from_the_rest(base, intent, is_ours):
    assert is_about_us(question(base, "…", intent), base) == is_ours


def quotes(answer):
    """The sources that come from the page; there is at least one."""
    sources = [source for reply in answer.replies for source in reply.sources if not source.complement]
    assert sources
    return sources


def page(base, source):
    return next(one.texte for one in base.sources.values() if one.titre == source.title)


def squeeze(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("et le 2 ?", ["axe_02_acces_droits_culture"], id="et le 2"),
        pytest.param("non pardon, le 7", ["axe_07_transports_commerces"], id="correction"),
        pytest.param("le 8 maintenant", ["axe_08_environnement_energie"], id="maintenant"),
        pytest.param("et celui d’avant ?", ["axe_04_habitat"], id="celui d’avant"),
        pytest.param("le suivant", ["axe_06_tranquillite"], id="suivant"),
    ],
)
def test_a_bare_rank_picks_in_the_list_that_is_talked_about(ask, text, expected):
    assert subjects(ask(text, UNKNOWN, Contexte(("axe_05_sante",), "axe"))) == expected


def test_a_short_message_goes_on_from_the_last_one(ask):
    assert "ne nomme pas ce lieu" in said(ask("et Lens ?", UNKNOWN, QUARTIERS))
    assert kinds(ask("et Lens ?", UNKNOWN)) == ["fallback"]


def test_which_ones_asks_for_the_list(ask):
    assert subjects(ask("ah bon, lesquels alors ?", UNSURE, QUARTIERS, ["greet", "deny"])) == ["list_quartier"]


def test_one_theme_named_settles_a_doubt(ask):
    assert subjects(ask("le logement ici", UNSURE, ranking=["list_axe", "caf"])) == ["habitat_cadre_de_vie"]


def weighed(base, text, **ranking):
    """A question that the classifier is not sure of."""
    named = (Named(m.genre, m.slug, m.start, m.end) for m in base.gazetteer.find(text))
    return Question(text, UNSURE, tuple(ranking), tuple(named), tuple(ranking.values()))


@pytest.mark.parametrize(
    ("text", "ranking", "kind"),
    [
        pytest.param("ma prime de la CAF", {"caf": 0.5, OFF_TOPIC: 0.3}, "fallback", id="somebody-s-own-business"),
        pytest.param("la CAF là-dedans", {"caf": 0.5, OFF_TOPIC: 0.05}, "answer", id="ours"),
    ],
)
def test_a_name_does_not_answer_what_may_not_be_ours(base, text, ranking, kind):
    assert kinds(answer_question(weighed(base, text, **ranking), NOTHING, base)) == [kind]


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        pytest.param("la différence entre un axe et un objectif ?", UNSURE, ["list_axe", "list_objectif"], id="lists"),
        pytest.param("différence entre le contrat de ville et le conseil citoyen", UNSURE,
                     ["contrat_de_ville", "conseil_citoyen"], id="notions"),
        pytest.param("l’ARS, c’est pareil que la CAF ?", "ars", ["ars", "caf"], id="two-names-apart"),
        pytest.param("une différence entre un maire et un préfet", OFF_TOPIC, [None], id="nothing-of-ours"),
    ],
)  # fmt: skip
def test_what_is_compared_is_told_together(ask, text, intent, expected):
    assert subjects(ask(text, intent)) == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("quels partenaires à part la CAF ?", "caf", id="the-others"),
        pytest.param("qui a signé avec l’État ?", "list_partenaire", id="who-with"),
    ],
)
def test_a_name_that_is_left_out_is_not_the_answer(ask, text, intent):
    assert subjects(ask(text, intent)) == ["list_partenaire"]


@pytest.mark.parametrize("intent", [pytest.param("mont_liebaut", id="sure"), pytest.param(UNSURE, id="unsure")])
def test_a_partenaire_in_a_quartier_is_what_is_asked_about(ask, intent):
    assert subjects(ask("que fait l’ANRU au Mont-Liébaut ?", intent)) == ["anru"]


def test_a_member_without_a_list_gives_way_to_a_subject(base):
    question = weighed(base, "les collégiens sont-ils soutenus ?", ask_member=0.6, education=0.3)
    assert subjects(answer_question(replace(question, intent="ask_member"), NOTHING, base)) == ["education"]


@pytest.mark.parametrize(
    ("together", "kind"),
    [
        pytest.param((("caf", 0.7), ("ars", 0.2)), "answer", id="likely enough"),
        pytest.param((("out_of_scope", 0.7), ("ars", 0.2)), "fallback", id="likely not ours"),
        pytest.param((("suicide", 0.7), ("ars", 0.2)), "clarify", id="never an urgence"),
        pytest.param((("caf", 0.45), ("ars", 0.4)), "clarify", id="not likely enough"),
        pytest.param((), "clarify", id="nothing told before"),
    ],
)
def test_a_follow_up_that_is_not_understood_is_what_all_its_readings_make_of_it(base, together, kind):
    unsure = weighed(base, "et pour les zèbres ?", ask_followup=0.3, list_axe=0.2, list_domaine=0.1)
    assert kinds(answer_question(replace(unsure, together=together), NOTHING, base)) == [kind]


@pytest.mark.parametrize(
    ("sujets", "together", "told"),
    [
        pytest.param(("contrat_de_ville",), {}, "contrat_de_ville", id="what was told"),
        pytest.param(("conseil_citoyen", "rejoindre_conseil_citoyen"), {}, "rejoindre_conseil_citoyen", id="the last"),
        pytest.param(
            ("conseil_citoyen", "rejoindre_conseil_citoyen"), {"conseil_citoyen": 0.6}, "conseil_citoyen",
            id="the likelier of two",
        ),
        pytest.param(("list_partenaire",), {"caf": 0.9}, "list_partenaire", id="nothing that was not told"),
    ],
)  # fmt: skip
def test_what_asks_more_of_what_was_told_gets_all_there_is_and_the_way_to_a_person(base, sujets, together, told):
    question = replace(weighed(base, "vous n’avez aucun chiffre ?", ask_more=0.9), together=tuple(together.items()))
    contexte = Contexte(sujets)
    answer = answer_question(replace(question, intent="ask_more"), contexte, base)
    assert (answer.replies[0].subject, answer.contexte) == (told, contexte)
    assert "n’ai que ce que dit la page" in answer.replies[0].text
    assert answer.offre in ("join", "message") and answer.replies[0].choices


@pytest.mark.parametrize("sujet", ["bot_identite", "contacter_service", "suicide"])
def test_what_asks_more_of_what_is_not_on_the_page_is_not_sent_to_the_page(base, sujet):
    question = replace(weighed(base, "et après ?", ask_more=0.9), intent="ask_more")
    answer = answer_question(question, Contexte((sujet,)), base)
    assert (answer.replies[0].subject, "page de la Ville" in answer.replies[0].text[:60]) == (sujet, False)


def test_what_asks_more_of_nothing_is_said_not_to_be_understood(base):
    question = replace(weighed(base, "et concrètement ?", ask_more=0.9), intent="ask_more")
    assert kinds(answer_question(question, NOTHING, base)) == ["fallback"]


def test_a_follow_up_that_is_not_understood_may_ask_more_of_what_was_told(base):
    unsure = weighed(base, "avec tout ça, les gens d’ici ?", ask_more=0.5, emploi=0.2)
    answer = answer_question(replace(unsure, together=(("caf", 0.7), ("ars", 0.2))), Contexte(("caf",)), base)
    assert answer.replies[0].text.startswith("Je n’ai que ce que dit la page")


def test_a_reaction_gets_a_word_and_changes_nothing(base):
    question = replace(weighed(base, "sur le papier c’est beau", react=0.9), intent="react")
    answer = answer_question(question, Contexte(("caf",)), base)
    assert (kinds(answer), answer.is_beside) == (["smalltalk"], True)


def test_what_is_likely_about_a_member_gets_the_list(base):
    question = weighed(base, "je vis à Beuvry, dedans ?", ask_member=0.58, loyers_impayes=0.06)
    assert subjects(answer_question(question, NOTHING, base)) == ["list_quartier"]


def test_a_place_named_first_of_all_is_looked_for_in_the_list(ask):
    assert subjects(ask("et le centre-ville, il est dedans ?", "ask_followup")) == ["list_quartier"]


def test_what_an_off_topic_question_is_near_to_is_a_button(base):
    ranking = {OFF_TOPIC: 0.7, "axe_07_transports_commerces": 0.2, "caf": 0.05}
    question = weighed(base, "mon car est en retard", **ranking)
    answer = answer_question(replace(question, intent=OFF_TOPIC), NOTHING, base)
    assert kinds(answer) == ["fallback"]
    assert payloads(answer) == ["/axe_07_transports_commerces", MESSAGE]


def test_where_one_lives_is_said_in_passing(base):
    asked = weighed(base, "mon magasin est rue de Lille, je veux siéger au conseil", rejoindre_conseil_citoyen=0.6)
    assert subjects(answer_question(asked, NOTHING, base)) == ["rejoindre_conseil_citoyen"]
    shares = {"aides_et_avantages": 0.6, "rue_de_lille": 0.3}
    asked = weighed(base, "une ristourne parce que j’habite rue de Lille", **shares)
    answer = answer_question(replace(asked, intent="aides_et_avantages"), NOTHING, base)
    assert subjects(answer) == ["aides_et_avantages"]


def test_a_word_of_a_theme_is_no_theme_where_nothing_else_speaks_for_it(base):
    asked = weighed(base, "savoir si mon immeuble en fait partie", verifier_adresse=0.5, list_axe=0.3)
    assert subjects(answer_question(asked, NOTHING, base)) == ["verifier_adresse"]


@pytest.mark.parametrize(
    ("text", "intent", "slug"),
    [
        pytest.param("une prime si j’habite rue de Lille ?", "rue_de_lille", "aides_et_avantages", id="a-prime"),
        pytest.param("on dit qu’on habite bien rue de Lille", "rue_de_lille", "rue_de_lille", id="the-place"),
        pytest.param("ma tante est en QPV, et moi ?", "quartier_prioritaire", "verifier_adresse", id="me-too"),
        pytest.param("que faut-il faire pour siéger ?", "conseil_citoyen", "rejoindre_conseil_citoyen", id="how-to"),
        pytest.param("on pourrait me rappeler demain ?", "bot_vie_privee", "contacter_service", id="call-back"),
        pytest.param("qui peut siéger ?", "conseil_citoyen", "conseil_citoyen", id="who-may"),
        pytest.param("c’est quoi un QPV ?", "quartier_prioritaire", "quartier_prioritaire", id="the-notion"),
        pytest.param("l’agence de santé dans la région ?", "ars", "ars", id="a-name-that-says-where"),
        pytest.param("et la région ?", "ars", "collectivites_territoriales", id="a-name-that-is-asked-about"),
    ],
)
def test_what_is_asked_of_a_place_or_in_one(ask, text, intent, slug):
    assert subjects(ask(text, intent)) == [slug]


@pytest.mark.parametrize(
    ("text", "intent", "kind"),
    [
        pytest.param("la CAF a-t-elle rangé mon attestation ?", "caf", "fallback", id="a-file"),
        pytest.param("la CAF a-t-elle signé ?", "caf", "answer", id="a-question-for-us"),
        pytest.param("mon dossier à la CAF traîne, qui joindre ?", "contacter_service", "handoff", id="a-request"),
    ],
)
def test_somebodys_own_business_is_sent_to_whose_it_is(ask, text, intent, kind):
    assert kinds(ask(text, intent))[:1] == [kind]


@pytest.mark.parametrize(
    ("text", "intent", "contexte"),
    [
        pytest.param("12 rue de Lille", "rue_de_lille", NOTHING, id="a-number-and-a-quartier"),
        pytest.param("et le numéro 200 ?", "ask_followup", QUARTIERS, id="a-number-after-the-quartiers"),
    ],
)
def test_a_house_number_makes_an_address(ask, text, intent, contexte):
    assert subjects(ask(text, intent, contexte)) == ["verifier_adresse"]


@pytest.mark.parametrize("text", ["mes parents sont au Mont-Liébaut depuis 1974", "né rue de Lille en 1974"])
def test_a_year_makes_no_address(ask, text):
    slug = "mont_liebaut" if "Mont" in text else "rue_de_lille"
    assert subjects(ask(text, slug)) == [slug]


def test_two_answers_leave_the_list_that_was_told(ask, base):
    told = [question(base, "qui signe", "list_partenaire"), question(base, "le contrat", "contrat_de_ville")]
    assert answer_message(told, told[0], NOTHING, base).contexte.genre == "partenaire"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("la CAF", "answer", id="a-name"),
        pytest.param("la CAF de Douai", "fallback", id="a-name-and-more"),
    ],
)
def test_a_name_alone_is_never_off_topic(ask, text, kind):
    assert kinds(ask(text, OFF_TOPIC)) == [kind]


@pytest.mark.parametrize(
    ("offre", "told", "kept"),
    [
        pytest.param("join", "conseil_citoyen", "join", id="of-the-same-thing"),
        pytest.param("join", "rejoindre_conseil_citoyen", "join", id="of-itself"),
        pytest.param("join", "caf", None, id="of-something-else"),
        pytest.param(None, "conseil_citoyen", None, id="nothing-offered"),
    ],
)
def test_an_offer_holds_while_one_speaks_of_it(base, offre, told, kept):
    assert keep_offer(offre, tell(base.fiches[told], base), base) == kept


def test_what_is_refused_is_not_told(ask):
    assert subjects(ask("pas le tribunal, la préfecture", OFF_TOPIC)) == ["etat"]


def test_what_is_offered_with_one_of_several_answers_stays_offered(base):
    assert tell_all(["rejoindre_conseil_citoyen", "conseil_citoyen"], base).offre == "join"


@pytest.mark.parametrize(
    ("text", "told", "is_simple"),
    [
        pytest.param("redites-le plus simplement", "caf", True, id="plainer"),
        pytest.param("en gros ?", "caf", True, id="in short"),
        pytest.param("trop long", "list_partenaire", True, id="too long"),
        pytest.param("répétez, je n’ai pas mes lunettes", "caf", False, id="again"),
    ],
)
def test_it_tells_what_was_told_once_more(base, ask, text, told, is_simple):
    answer = ask(text, OFF_TOPIC, Contexte((told,)))
    assert subjects(answer) == [told]
    assert (said(answer) == answer.replies[0].simple) is is_simple


@pytest.mark.parametrize(
    ("text", "contexte"),
    [
        pytest.param("plus simple : les axes", Contexte(("caf",)), id="a list is named"),
        pytest.param("le deuxième en plus simple", Contexte(("caf",)), id="another one"),
        pytest.param("plus simplement", NOTHING, id="nothing told"),
    ],
)
def test_it_tells_nothing_again_that_was_not_asked_for(ask, text, contexte):
    assert not ask(text, OFF_TOPIC, contexte).is_answered


@pytest.mark.parametrize(
    ("text", "contexte", "subject"),
    [
        pytest.param("et ma mère ?", QUARTIERS, "verifier_adresse", id="at home"),
        pytest.param("et mon patron ?", PARTENAIRES, None, id="no partner"),
        pytest.param("y a des caméras ?", PARTENAIRES, None, id="some of them"),
        pytest.param("et sur quoi elle s’engage", PARTENAIRES, None, id="a question"),
    ],
)
def test_people_and_what_there_is_are_no_members_of_a_list(ask, text, contexte, subject):
    assert subjects(ask(text, "ask_followup", contexte)) == [subject]


def test_the_list_itself_is_no_member(ask):
    answer = ask("vous connaissez les partenaires ?", "ask_member")
    assert subjects(answer) == ["list_partenaire"]
    assert "ne cite pas" not in said(answer)


def test_the_others_of_a_contract_are_those_who_sign_it(ask):
    assert subjects(ask("et les autres, c’est qui ?", "ask_others", Contexte(("contrat_de_ville",)))) == [
        "list_partenaire"
    ]


@pytest.mark.parametrize(
    ("intent", "told", "is_told"),
    [
        pytest.param("start_join", ("rejoindre_conseil_citoyen",), True, id="just offered"),
        pytest.param("start_join", ("conseil_citoyen",), True, id="offered by what it is about"),
        pytest.param("start_join", ("caf",), False, id="something else"),
        pytest.param("start_join", (), False, id="at once"),
        pytest.param("rejoindre_conseil_citoyen", ("rejoindre_conseil_citoyen",), False, id="asked again"),
    ],
)
def test_a_request_that_was_just_offered_opens_at_once(base, ask, intent, told, is_told):
    contexte = Contexte(told)
    assert is_told_already(ask("je m’inscris", intent, contexte), intent, contexte, base) is is_told
