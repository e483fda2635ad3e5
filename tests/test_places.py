"""Which one of a list is meant, from the town's real content."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.contexte import Contexte
from actions.places import answer_place
from actions.questions import Named, Question
from knowledge.base import KnowledgeBase

QUARTIERS = Contexte(("list_quartier",), "quartier")
MONT_LIEBAUT = Contexte(("mont_liebaut",), "quartier")
PARTENAIRES = Contexte(("list_partenaire",), "partenaire")
AXES = Contexte(("list_axe",), "axe")
AXE_5 = Contexte(("axe_05_sante",), "axe")
HABITAT = Contexte(("habitat_cadre_de_vie",), "domaine")
SANTE_OR_AXE = Contexte(montres=("sante", "axe_05_sante"))
ANRU_AND_ARS = Contexte(("anru", "ars"), "partenaire", montres=("anru", "ars"))
ANRU_OF_TWO = Contexte(("anru",), "partenaire", montres=("anru", "ars"), avant=("anru", "ars"))
CULTURE_THEN_SANTE = Contexte(("axe_05_sante",), "axe", avant=("axe_02_acces_droits_culture",))
ARS_AFTER_SANTE = Contexte(("ars",), "partenaire", avant=("sante",))
CULTURE_BOT_SANTE = Contexte(
    ("axe_05_sante",), "axe", avant=("axe_02_acces_droits_culture", "bot_capacites", "list_axe")
)
OBJECTIF_2 = Contexte(("reduire_ecarts",), "objectif")
EDUCATION = Contexte(("education",), "domaine")
AXE_2 = Contexte(("axe_02_acces_droits_culture",), "axe")
AXE_10 = Contexte(("axe_10_egalite_discriminations",), "axe")
MONT_LIEBAUT_QPV = Contexte(("quartier_prioritaire",), avant=("mont_liebaut",))
EMPLOI = Contexte(("emploi",), "domaine")
ADRESSE = Contexte(("verifier_adresse",))
QPV = Contexte(("quartier_prioritaire",))
AIDES = Contexte(("aides_et_avantages",))
OBJECTIF = Contexte(("actions_menees",), avant=("list_objectif", "egalite_territoires"))
TWO_LISTS = Contexte(("list_axe",), "axe", avant=("list_objectif",))
EMPLOI_AXE = Contexte(("axe_03_emploi_economie",), "axe")
NOTHING = Contexte()


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.load(Path(__file__).parent.parent / "data")


def ask(base, text, contexte, intent="nlu_unsure"):
    """The subjects told; None when the question points at none."""
    named = tuple(Named(m.genre, m.slug, m.start, m.end) for m in base.gazetteer.find(text))
    answer = answer_place(Question(text, intent, named=named), contexte, base)
    return answer and [reply.subject for reply in answer.replies]


@pytest.mark.parametrize(
    ("text", "contexte", "told"),
    [
        pytest.param("le deuxième", QUARTIERS, ["rue_de_lille"], id="rang"),
        pytest.param("non je voulais dire le huit", AXES, ["axe_08_environnement_energie"], id="correction"),
        pytest.param("le 2 c’est quoi", AXES, ["axe_02_acces_droits_culture"], id="nombre et question"),
        pytest.param("axe 5 et axe 6", NOTHING, ["axe_05_sante", "axe_06_tranquillite"], id="deux axes"),
        pytest.param("les axes 1, 2 et 3", NOTHING,
                     ["axe_01_inegalites", "axe_02_acces_droits_culture", "axe_03_emploi_economie"], id="trois axes"),
        pytest.param("l’axe 12", NOTHING, ["list_axe"], id="rang trop grand"),
        pytest.param("je veux les 3 objectifs", NOTHING, ["list_objectif"], id="toute la liste"),
        pytest.param("le suivant", AXE_5, ["axe_06_tranquillite"], id="suivant"),
        pytest.param("et celui d’avant", AXE_5, ["axe_04_habitat"], id="précédent"),
        pytest.param("et l’autre ?", MONT_LIEBAUT, ["rue_de_lille"], id="l’autre de deux"),
        pytest.param("c’est quel axe ?", HABITAT, ["axe_04_habitat"], id="axe d’un domaine"),
        pytest.param("c’est quoi les partenaires", AXE_5, ["list_partenaire"], id="une autre liste"),
        pytest.param("maintenant l’axe", HABITAT, ["axe_04_habitat"], id="l’axe du même thème"),
        pytest.param("je ne parle pas de l’axe mais du domaine", AXE_5, ["sante"], id="le domaine du même thème"),
        pytest.param("et le partenaire correspondant ?", EMPLOI, ["pole_emploi"], id="le partenaire du même thème"),
        pytest.param("le domaine", SANTE_OR_AXE, None, id="un domaine, de rien encore"),
        pytest.param("et l’axe alors", ANRU_AND_ARS, None, id="un axe, d’un partenaire"),
        pytest.param("quel numéro d’axe ?", AXE_5, ["axe_05_sante"], id="axe de l’axe"),
        pytest.param("lequel s’occupe de la santé ?", PARTENAIRES, ["ars"], id="lequel"),
        pytest.param("et lequel pour les allocations ?", PARTENAIRES, ["caf"], id="lequel pour"),
        pytest.param("quel partenaire s’occupe de la santé ?", NOTHING, ["ars"], id="quel partenaire"),
        pytest.param("qui s’occupe des allocations parmi les partenaires", NOTHING, ["caf"], id="qui, parmi"),
        pytest.param("de la santé ?", PARTENAIRES, ["ars"], id="de quoi"),
        pytest.param("et pour la santé ?", PARTENAIRES, ["sante", "ars"], id="pour quoi"),
        pytest.param("qui d’entre eux gère l’école ?", PARTENAIRES, ["rectorat"], id="qui d’entre eux"),
        pytest.param("quel partenaire pour ça ?", EMPLOI, ["pole_emploi"], id="pour ça"),
        pytest.param("et l’avant-dernier ?", AXES, ["axe_09_histoire_memoire"], id="avant-dernier"),
        pytest.param("retour à la liste", AXE_5, ["list_axe"], id="la liste encore"),
        pytest.param("c’est quel numéro ?", AXE_5, ["axe_05_sante"], id="quel numéro"),
        pytest.param("et celle du logement ?", PARTENAIRES, ["bailleurs_sociaux"], id="celle de quoi"),
        pytest.param("c’est un quartier prioritaire ?", MONT_LIEBAUT, ["mont_liebaut"], id="c’en est un"),
        pytest.param("et moi j’y suis ?", MONT_LIEBAUT, ["verifier_adresse"], id="chez moi"),
        pytest.param("c’est la combientième priorité ?", AXE_5, ["axe_05_sante"], id="combientième"),
        pytest.param("et dans les axes, il y a quelque chose dessus ?", HABITAT, ["axe_04_habitat"], id="dessus"),
        pytest.param("le deuxième", SANTE_OR_AXE, ["axe_05_sante"], id="rang parmi ce qui est proposé"),
        pytest.param("la première c’était quoi", ANRU_AND_ARS, ["anru"], id="rang parmi deux"),
        pytest.param("les deux", SANTE_OR_AXE, ["sante", "axe_05_sante"], id="les deux"),
        pytest.param("ils font quoi tous les deux ?", ANRU_OF_TWO, ["anru", "ars"], id="tous les deux"),
        pytest.param("il y en a un autre ici ?", MONT_LIEBAUT, ["rue_de_lille"], id="un autre que celui-là"),
        pytest.param("et l’autre ?", ANRU_OF_TWO, ["ars"], id="l’autre de ce qui a été dit"),
        pytest.param("redonne le premier sujet", CULTURE_THEN_SANTE, ["axe_02_acces_droits_culture"], id="retour"),
        pytest.param("le premier des deux", CULTURE_THEN_SANTE, ["axe_02_acces_droits_culture"], id="des deux"),
        pytest.param("l’axe juste après", AXE_5, ["axe_06_tranquillite"], id="juste après"),
        pytest.param("y en a combien en tout ?", AXE_5, ["list_axe"], id="combien"),
        pytest.param("et la santé c’est lequel ?", EMPLOI_AXE, ["axe_05_sante"], id="un thème, puis lequel"),
        pytest.param("et pour les écoles c’est qui ?", PARTENAIRES, ["rectorat"], id="un thème, puis qui"),
        pytest.param("celui de la justice aussi stp", PARTENAIRES, ["tribunal_de_grande_instance"], id="celui de, svp"),
        pytest.param("quel organisme est concerné ?", EMPLOI, ["pole_emploi"], id="quel organisme"),
        pytest.param("qui s’en occupe ?", AXE_5, ["ars"], id="qui, d’un axe"),
        pytest.param("ah bon, lesquels alors ?", ADRESSE, ["list_quartier"], id="lesquels, d’une adresse"),
        pytest.param("il y en a combien ici ?", QPV, ["list_quartier"], id="combien, d’une notion"),
        pytest.param("bon ben lesquels", AXE_5, ["list_axe"], id="lesquels, d’une liste"),
        pytest.param("et pour la santé ?", AXES, ["sante", "axe_05_sante"], id="un autre axe"),
        pytest.param("le 2em", AXES, ["axe_02_acces_droits_culture"], id="2em"),
        pytest.param("c’est un axe ?", HABITAT, ["axe_04_habitat"], id="c’est un axe"),
        pytest.param("qui aide pour ça ?", EMPLOI, ["pole_emploi"], id="qui, pour ça"),
        pytest.param("le second, est-il aussi dans le contrat ?", QUARTIERS, ["rue_de_lille"], id="un rang d’abord"),
        pytest.param("et avant lui ?", AXE_5, ["axe_04_habitat"], id="avant lui"),
        pytest.param("celui d’encore après ?", AXE_5, ["axe_06_tranquillite"], id="encore après"),
        pytest.param("lis-moi l’axe", AXE_5, ["axe_05_sante"], id="l’axe"),
        pytest.param("et les deux autres ?", OBJECTIF, ["reduire_ecarts", "conditions_de_vie"], id="les deux autres"),
        pytest.param("le 3 et le 4", AXES, ["axe_03_emploi_economie", "axe_04_habitat"], id="deux numéros"),
        pytest.param("c’est le numéro combien dans vos axes ?", AXE_5, ["axe_05_sante"], id="numéro combien"),
        pytest.param("quel est celui qui vient juste avant ?", AXE_5, ["axe_04_habitat"], id="qui vient juste avant"),
        pytest.param("c’est lequel de numéro", AXE_5, ["axe_05_sante"], id="lequel de numéro"),
        pytest.param("et juste après ?", AXE_5, ["axe_06_tranquillite"], id="juste après"),
        pytest.param("et ensuite ?", AXE_5, ["axe_06_tranquillite"], id="ensuite, le long des axes"),
        pytest.param("et les deux derniers ?", PARTENAIRES, ["caf", "bailleurs_sociaux"], id="les deux derniers"),
        pytest.param("lequel des axes en parle ?", EMPLOI, ["axe_03_emploi_economie"], id="un axe du thème"),
        pytest.param("parmi eux, lequel rénove les quartiers ?", PARTENAIRES, ["anru"], id="parmi eux"),
        pytest.param("et les partenaires ?", QUARTIERS, ["list_partenaire"], id="une liste et rien d’autre"),
        pytest.param("c’est quoi la différence ?", TWO_LISTS, ["list_objectif", "list_axe"], id="la différence"),
        pytest.param(
            "la différence entre les deux ?", TWO_LISTS, ["list_objectif", "list_axe"], id="la différence des deux"
        ),
        pytest.param("c’est tout ce que vous avez ?", EMPLOI, ["actions_menees"], id="rien de plus"),
        pytest.param("lequel est le plus important ?", PARTENAIRES, ["list_partenaire"], id="un avis"),
        pytest.param("lequel a le plus de zèbres ?", PARTENAIRES, ["list_partenaire"], id="la page ne le dit pas"),
        pytest.param("lequel est le plus grand des deux ?", QPV, ["list_quartier"], id="lequel, d’une notion"),
        pytest.param("et celui d’après le 7 ?", AXE_5, ["axe_08_environnement_energie"], id="après un numéro"),
        pytest.param("celui d’avant, le 3", AXE_5, ["axe_03_emploi_economie"], id="avant, et son numéro"),
        pytest.param("le numéro 9 aussi", EMPLOI, ["axe_09_histoire_memoire"], id="un numéro que la liste n’a pas"),
        pytest.param("l’axe du coup ?", EMPLOI, ["axe_03_emploi_economie"], id="du domaine à l’axe"),
        pytest.param("et côté domaine", AXE_5, ["sante"], id="de l’axe au domaine"),
        pytest.param("cite-les moi", QUARTIERS, ["list_quartier"], id="citer"),
        pytest.param("leurs noms ?", ADRESSE, ["list_quartier"], id="leurs noms"),
        pytest.param("c’est qui qui s’occupe de ça", EMPLOI, ["pole_emploi"], id="qui s’occupe de ça"),
        pytest.param("à quel organisme je peux en parler ?", AXE_5, ["ars"], id="à quel organisme"),
        pytest.param("et la justice, qui la représente ?", PARTENAIRES, ["tribunal_de_grande_instance"], id="qui la"),
        pytest.param("celui qui rénove les quartiers plutôt", PARTENAIRES, ["anru"], id="celui qui"),
        pytest.param("c’est tout ?", AXE_5, ["axe_05_sante"], id="rien de plus, d’un axe"),
        pytest.param("et l’axe correspondant ?", EDUCATION, ["axe_02_acces_droits_culture"], id="l’axe correspondant"),
        pytest.param("c’est lié à quel domaine ?", AXE_2, ["education", "acces_aux_droits"], id="lié à deux domaines"),
        pytest.param("et le domaine ?", AXE_10, ["list_domaine"], id="lié à aucun domaine"),
        pytest.param("c’est le combien ?", OBJECTIF_2, ["reduire_ecarts"], id="le combien des objectifs"),
        pytest.param("vers quel organisme l’orienter ?", EMPLOI, ["pole_emploi"], id="vers quel organisme"),
        pytest.param("un organisme précis ?", AXE_5, ["ars"], id="un organisme précis"),
        pytest.param("et l’autre, il s’appelle comment ?", MONT_LIEBAUT_QPV, ["rue_de_lille"], id="l’autre encore"),
        pytest.param("et le reste ?", OBJECTIF, ["reduire_ecarts", "conditions_de_vie"], id="le reste"),
        pytest.param("revenez à celui d’avant", CULTURE_THEN_SANTE, ["axe_02_acces_droits_culture"], id="d’avant, dit"),
        pytest.param("et l’axe là-dessus ?", ARS_AFTER_SANTE, ["axe_05_sante"], id="l’axe d’un thème déjà dit"),
        pytest.param("parlez-moi plutôt du domaine", AXE_5, ["sante"], id="plutôt le domaine"),
        pytest.param("le premier des deux", CULTURE_BOT_SANTE, ["axe_02_acces_droits_culture"], id="sans le bot"),
        pytest.param("pas tous, ceux qui touchent à l’emploi", PARTENAIRES, ["pole_emploi"], id="ceux qui"),
    ],
)
def test_it_finds_the_one_that_is_meant(base, text, contexte, told):
    assert ask(base, text, contexte) == told


@pytest.mark.parametrize(
    ("text", "contexte"),
    [
        pytest.param("et l’autre ?", PARTENAIRES, id="l’autre de neuf"),
        pytest.param("y en a-t-il un autre ?", PARTENAIRES, id="un autre de neuf"),
        pytest.param("lequel s’occupe de la santé ?", NOTHING, id="lequel sans liste"),
        pytest.param("lequel est le plus grand quartier ?", PARTENAIRES, id="une autre liste"),
        pytest.param("retour à la liste", NOTHING, id="aucune liste encore"),
        pytest.param("et ensuite ?", PARTENAIRES, id="ensuite, d’une liste sans numéros"),
        pytest.param("c’est pareil ?", QUARTIERS, id="pareil qu’une seule chose"),
        pytest.param("et ça concerne qui ?", PARTENAIRES, id="un pronom n’est pas un thème"),
        pytest.param("lesquelles ?", AIDES, id="lesquelles, sans liste"),
        pytest.param("les deux axes", QUARTIERS, id="les deux d’une autre liste"),
        pytest.param("quels sont les axes ?", HABITAT, id="une liste"),
        pytest.param("les 6 axe", NOTHING, id="un nombre qui n’est pas celui de la liste"),
        pytest.param("la CAF est partenaire ?", PARTENAIRES, id="un nom"),
        pytest.param("et celle de Béthune", ARS_AFTER_SANTE, id="celle d’ici"),
        pytest.param("ils sont combien de bailleurs ?", HABITAT, id="combien d’autre chose"),
        pytest.param("ceux qui veulent du travail ?", EMPLOI, id="des gens"),
        pytest.param("", AXES, id="vide"),
    ],
)
def test_it_leaves_other_questions_alone(base, text, contexte):
    assert ask(base, text, contexte) is None


@pytest.mark.parametrize(
    ("ranking", "told"),
    [
        pytest.param((("pole_emploi", 0.5), ("emploi", 0.4)), ["pole_emploi"], id="un membre de la liste"),
        pytest.param((("list_axe", 0.5), ("emploi", 0.1)), ["list_partenaire"], id="rien de sûr"),
    ],
)
def test_a_theme_in_other_words_is_what_the_classifier_makes_of_it(base, ranking, told):
    names, shares = zip(*ranking, strict=True)
    question = Question("lequel s’occupe des gens sans le sou ?", "nlu_unsure", ranking=names, weights=shares)
    assert [reply.subject for reply in answer_place(question, PARTENAIRES, base).replies] == told
