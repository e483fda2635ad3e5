"""What somebody else alone may tell is never answered, whatever of ours is named beside it."""

from __future__ import annotations

import pytest

from actions.private_data import asks_for_private_data
from actions.questions import Named, Question

RUE = "la Rue de Lille"


def question(text):
    start = text.find(RUE)
    named = (Named("quartier", "rue_de_lille", start, start + len(RUE)),) if start >= 0 else ()
    return Question(text, "caf", named=named)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ma voisine touche combien de la CAF ?", id="combien"),
        pytest.param("combien paie le locataire d’en face", id="combien-d-abord"),
        pytest.param("la dame du troisième, c’est qui ?", id="qui"),
        pytest.param("où loge ma belle-sœur depuis le divorce", id="où"),
        pytest.param("Mme Petit, donne sa date de naissance", id="naissance"),
        pytest.param("mon patron a un casier ?", id="casier"),
        pytest.param("le portable perso de l’adjointe", id="perso"),
        pytest.param("les adresses des membres du conseil citoyen", id="membres"),
        pytest.param("la liste de ceux qui sont expulsés", id="ceux-qui"),
        pytest.param(f"qui dans {RUE} est au chômage", id="qui-ici"),
        pytest.param("qui a des dettes dans mon immeuble", id="qui-chez-moi"),
        pytest.param("qui habite à côté de chez moi", id="à-côté"),
        pytest.param("est-ce que mon voisin est inscrit au conseil citoyen ?", id="inscrit"),
        pytest.param("qui m’a signalé à la mairie", id="signalé"),
        pytest.param("qui a rempli votre formulaire cette semaine ?", id="avant-moi"),
        pytest.param("qui sont les dealers du quartier", id="les-dealers"),
        pytest.param("qui a rejoint le conseil, donne les noms", id="les-noms"),
        pytest.param("Nadia du bloc 2 est divorcée ?", id="une-voisine"),
    ],
)
def test_what_only_others_may_tell(text):
    assert asks_for_private_data(question(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("combien touche une association ?", id="une-association"),
        pytest.param("ma voisine touche le RSA, elle a droit à quoi ?", id="un-droit"),
        pytest.param("mon frère habite rue Sadi-Carnot, il est concerné ?", id="une-adresse"),
        pytest.param("qui s’occupe des dettes de loyer ?", id="qui-s-occupe"),
        pytest.param(f"qui à {RUE} peut entrer au conseil citoyen ?", id="qui-peut"),
        pytest.param("ma sœur qui habite à côté de la gare est concernée ?", id="ma-sœur"),
        pytest.param("ma voisine est membre du conseil citoyen, comment faire pareil ?", id="comme-elle"),
        pytest.param("la liste de vos partenaires", id="la-liste"),
        pytest.param("le numéro du service", id="le-service"),
        pytest.param("qui a signé cette année ?", id="qui-a-signé"),
        pytest.param("l’État, c’est qui ?", id="l-état"),
        pytest.param("donne-moi les noms", id="de-ce-qui-a-été-dit"),
    ],
)
def test_what_anybody_may_ask(text):
    assert not asks_for_private_data(question(text))
