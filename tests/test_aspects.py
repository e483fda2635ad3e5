"""What may be asked of anything, and what is said when the page does not say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.answers import answer_question
from actions.aspects import answer_aspect
from actions.contexte import Contexte
from actions.questions import Named, Question
from knowledge.aspects import OF_REQUESTS, Aspect, find_aspect
from knowledge.base import KnowledgeBase

CONSEIL = "conseil_citoyen"


@pytest.fixture(scope="module")
def base():
    return KnowledgeBase.load(Path(__file__).parent.parent / "data")


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        pytest.param("vous êtes sûre de vous ?", Aspect.SURE, id="sure"),
        pytest.param("et c’est marqué quelque part ?", Aspect.SURE, id="written"),
        pytest.param("bon ben je vois qui alors ?", Aspect.WHO_KNOWS, id="who knows"),
        pytest.param("et à qui elle peut demander", Aspect.WHO_KNOWS, id="whom she asks"),
        pytest.param("il peut passer à la mairie ?", Aspect.WHO_KNOWS, id="may come"),
        pytest.param("ça se passe où exactement ?", Aspect.WHERE, id="where"),
        pytest.param("ça existe depuis quand", Aspect.WHEN, id="since when"),
        pytest.param("faut payer quelque chose ?", Aspect.COST, id="cost"),
        pytest.param("c’est qui qui finance ?", Aspect.MONEY, id="who pays"),
        pytest.param("c’est eux qui paient ?", Aspect.MONEY, id="whether they pay"),
        pytest.param("et chez nous c’est où", Aspect.HERE, id="where, here"),
        pytest.param("mais qui décide de tout ça ?", Aspect.WHO_DECIDES, id="who decides"),
        pytest.param("y a eu des résultats au moins ?", Aspect.EFFECT, id="results"),
        pytest.param("et comment vous comptez faire ?", Aspect.MEANS, id="how"),
        pytest.param("ça aide vraiment ?", Aspect.EFFECT, id="whether it helps"),
        pytest.param("et ça concerne qui ?", Aspect.FOR_WHOM, id="for whom"),
        pytest.param("répondez au moins : qui peut y venir ?", Aspect.FOR_WHOM, id="who may come"),
        pytest.param("bon, et pour en être finalement ?", Aspect.JOINING, id="to be one of them"),
        pytest.param("comment on s’y inscrit ?", Aspect.JOINING, id="how to enrol"),
        pytest.param("c’est obligatoire d’habiter ici ?", Aspect.CONDITIONS, id="living there"),
        pytest.param("si ça m’arrive, j’appelle qui ?", Aspect.WHO_KNOWS, id="whom to call"),
        pytest.param("même à 75 ans ?", Aspect.CONDITIONS, id="age"),
        pytest.param("c’est bénévole ?", Aspect.PAID, id="paid"),
        pytest.param("et ça m’apporte quoi ?", Aspect.RIGHTS, id="rights"),
    ],
)
def test_it_finds_the_aspect(text, aspect):
    assert find_aspect(text) is aspect


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        pytest.param("qui va lire mon message ?", Aspect.READERS, id="readers"),
        pytest.param("est-ce que je peux annuler plus tard ?", Aspect.CHANGE, id="change"),
        pytest.param("vous allez me rappeler quand ?", Aspect.NEXT, id="next"),
        pytest.param("Quentin Quand", None, id="name"),
    ],
)
def test_it_finds_what_is_asked_of_a_request(text, aspect):
    assert find_aspect(text, OF_REQUESTS) is aspect


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("c’est sûr", id="no doubt"),
        pytest.param("ok ça marche", id="no question"),
        pytest.param("c’est où la CAF ?", id="of something named"),
        pytest.param("qui décide du tracé des bus ?", id="of something else"),
        pytest.param("je suis d’où", id="about oneself"),
    ],
)
def test_it_leaves_other_questions(text):
    assert find_aspect(text) is None


@pytest.mark.parametrize(
    ("text", "told", "subject", "words"),
    [
        pytest.param("t’es sûr ?", "caf", "bot_sources", "la phrase exacte", id="sure"),
        pytest.param("je demande à qui ?", "emploi", "contacter_service", "laisser ici un message", id="who knows"),
        pytest.param(
            "Vous ne savez pas. À qui le demander ?", "emploi", "contacter_service", "laisser ici un message",
            id="after a sentence",
        ),
        pytest.param("c’est où ?", "caf", "caf", "La CAF\u202f», la page", id="where a partner is"),
        pytest.param("c’est où ?", "axe_05_sante", "contacter_service", "ne dit pas où", id="where to go"),
        pytest.param("c’est où ?", CONSEIL, "rejoindre_conseil_citoyen", "ne dit pas où", id="where to join"),
        pytest.param("depuis quand ?", CONSEIL, CONSEIL, "2015", id="the answer says when"),
        pytest.param("depuis quand ?", "sante", "sante", "ne dit pas quand", id="when, not said"),
        pytest.param("quand ont-ils signé ?", "caf", "contrat_de_ville", "date de signature", id="when, of a contract"),
        pytest.param("et ça marche ?", "axe_05_sante", "actions_menees", "ne dit pas ce que cela a donné", id="effect"),
        pytest.param("ça sert à quelque chose ?", CONSEIL, CONSEIL, "ce qu’ils décident", id="effect, said otherwise"),
        pytest.param("c’est pour qui ?", "axe_05_sante", "quartier_prioritaire", "à qui", id="for whom"),
        pytest.param("c’est pour qui ?", CONSEIL, CONSEIL, "les habitants", id="for whom, said"),
        pytest.param("c’est payant ?", "axe_05_sante", "axe_05_sante", "gratuit ou payant", id="cost, not said"),
        pytest.param("c’est payant ?", "contacter_service", "contacter_service", "C’est gratuit", id="ours is free"),
        pytest.param("j’y gagne quoi ?", "rue_de_lille", "aides_et_avantages", "aucune aide", id="rights"),
        pytest.param("c’est payé ?", CONSEIL, "rejoindre_conseil_citoyen", "si c’est payé", id="paid"),
        pytest.param("qui paie ?", "list_quartier", "list_partenaire", "ne dit pas qui paie", id="who pays"),
        pytest.param("qui les choisit ?", CONSEIL, CONSEIL, "comment les membres sont choisis", id="who chooses"),
        pytest.param("faut être majeur ?", CONSEIL, "rejoindre_conseil_citoyen", "comme l’âge", id="conditions"),
    ],
)
def test_it_says_what_the_page_says_of_what_was_told(base, text, told, subject, words):
    contexte = Contexte((told,))
    answer = answer_question(Question(text, told), contexte, base)
    assert [reply.subject for reply in answer.replies] == [subject]
    assert words in answer.replies[0].text
    assert answer.contexte == contexte


def test_it_may_come_back_to_what_was_told_before(base):
    contexte = Contexte(("list_partenaire",), avant=("contrat_de_ville",))
    answer = answer_aspect(Question("il dure jusqu’à quand ?", "contrat_de_ville"), contexte, base)
    assert [reply.subject for reply in answer.replies] == ["contrat_de_ville"]


def test_one_joins_what_was_told_before_and_nothing_else(base):
    contexte = Contexte(("sante",), avant=(CONSEIL,))
    answer = answer_aspect(Question("comment on y entre ?", "nlu_unsure"), contexte, base)
    assert answer.contexte.sujets == ("rejoindre_conseil_citoyen",)
    assert answer.offre == "join"
    assert answer_aspect(Question("comment on y entre ?", "nlu_unsure"), Contexte(("sante",)), base) is None


def test_what_the_page_does_not_say_can_be_asked_of_the_service(base):
    answer = answer_aspect(Question("quand ?", "sante"), Contexte(("sante",)), base)
    assert answer.offre == "message"
    assert [choice.payload for choice in answer.replies[0].choices] == ["/start_message"]
    assert answer.replies[0].sources


@pytest.mark.parametrize(
    ("question", "told"),
    [
        pytest.param(Question("c’est où ?", "caf"), (), id="nothing told"),
        pytest.param(Question("c’est où ?", "mont_liebaut"), ("mont_liebaut",), id="a place"),
        pytest.param(Question("ça coûte combien ?", "actions_menees"), ("caf",), id="surely something else"),
        pytest.param(Question("c’est payant ?", "bot_identite"), ("bot_identite",), id="the assistant"),
        pytest.param(Question("à mon âge ?", "caf"), ("caf",), id="conditions of nothing to join"),
        pytest.param(Question("c’est où ?", "caf", named=(Named("partenaire", "caf", 0, 4),)), ("anru",), id="named"),
    ],
)
def test_it_leaves_the_rest_to_others(base, question, told):
    assert answer_aspect(question, Contexte(told), base) is None
