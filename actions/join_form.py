"""The request « rejoindre un conseil citoyen »: what it asks for, and its actions."""

from __future__ import annotations

from actions.form_actions import AskAction, SubmitAction, ValidateAction
from actions.form_answers import (
    ACTEUR_ECONOMIQUE,
    ASSOCIATION,
    AUTRE_OU_INCONNU,
    AUTRE_QUARTIER,
    HABITANT,
    NE_SAIT_PAS,
    NON_DIT,
    find_profil,
    find_quartier,
    read_profil,
    read_quartier,
)
from actions.identite import make_contact, make_nom
from actions.requests import Champ, Demande, Skip, Sort, Values, inform
from knowledge.base import KnowledgeBase
from knowledge.replies import Choice


def _offer_profils(base: KnowledgeBase, values: Values) -> tuple[Choice, ...]:
    labels = {
        "Habitante ou habitant": HABITANT,
        "Association": ASSOCIATION,
        "Acteur économique": ACTEUR_ECONOMIQUE,
        "Je ne sais pas": NE_SAIT_PAS,
    }
    return tuple(inform(label, PROFIL.slot, profil) for label, profil in labels.items())


def _offer_quartiers(base: KnowledgeBase, values: Values) -> tuple[Choice, ...]:
    titres = [fiche.titre for fiche in base.list_genre("quartier")]
    return (
        *(inform(titre, QUARTIER.slot, titre) for titre in titres),
        inform("Autre quartier, ou je ne sais pas", QUARTIER.slot, AUTRE_OU_INCONNU),
    )


PROFIL = Champ(
    slot="join__profil",
    titre="Profil",
    names=r"profil|statut|titre|categorie",
    sort=Sort.CHOICE,
    question="À quel titre voulez-vous participer : comme habitante ou habitant, pour une association, ou "
    "comme acteur économique (un commerce, une entreprise…) ?",
    aide="D’après la page de la Ville, les habitants, les associations et les acteurs économiques peuvent "
    "siéger. Un acteur économique, c’est par exemple un commerce ou une entreprise. Vous pouvez répondre "
    "« je ne sais pas ».",
    erreur="Je n’ai pas compris à quel titre vous voulez participer. Choisissez une réponse, ou dites "
    "« je ne sais pas ».",
    read=read_profil,
    find=find_profil,
    choices=_offer_profils,
    dont_know=NE_SAIT_PAS,
)

QUARTIER = Champ(
    slot="join__quartier",
    titre="Quartier",
    names=r"quartier|secteur",
    sort=Sort.CHOICE,
    question="Quel quartier dois-je noter ?",
    aide="Le service saura ainsi de quel quartier vous parlez. Je note ce que vous dites : je ne peux pas "
    "dire dans quel quartier se trouve une adresse. Vous pouvez répondre « je ne sais pas ».",
    erreur="Je n’ai pas reconnu ce quartier. Choisissez une réponse, ou dites « autre » ou « je ne sais pas ».",
    read=read_quartier,
    find=find_quartier,
    choices=_offer_quartiers,
    dont_know=NE_SAIT_PAS,
    notes={AUTRE_QUARTIER: "Je note « autre quartier » : je ne peux pas vérifier une adresse."},
)

NOM = make_nom(
    slot="join__nom",
    question="Quels sont votre prénom et votre nom ?",
    aide="Le service doit savoir qui fait la demande. Votre prénom et votre nom suffisent.",
    erreur="Je n’ai pas reconnu un nom. Écrivez votre prénom et votre nom.",
)

CONTACT = make_contact(
    slot="join__contact",
    question="Comment le service peut-il vous joindre ? Donnez un numéro de téléphone **ou** une adresse "
    "e-mail : un seul des deux suffit.",
    aide="Le service s’en servira seulement pour vous répondre. Sans cela, personne ne pourra vous joindre.",
    skip=Skip(
        NON_DIT,
        "Passer cette question",
        note="Sans moyen de vous joindre, le service ne pourra pas vous répondre.",
        insists=True,
    ),
)

JOIN = Demande(
    kind="join",
    intro="Je prends votre demande, en quatre questions.",
    heading="Voici votre demande pour le conseil citoyen :",
    received="Votre demande est enregistrée : le **{service}** l’a reçue.",
    promise="Je ne peux promettre ni place, ni réponse, ni délai.",
    champs=(PROFIL, QUARTIER, NOM, CONTACT),
)


class AskJoin(AskAction):
    """A question of this request."""

    demande = JOIN


class ActionAskJoinProfil(AskJoin):
    """As whom."""

    slot = PROFIL.slot


class ActionAskJoinQuartier(AskJoin):
    """For which quartier."""

    slot = QUARTIER.slot


class ActionAskJoinNom(AskJoin):
    """Under which name."""

    slot = NOM.slot


class ActionAskJoinContact(AskJoin):
    """How to reach the person."""

    slot = CONTACT.slot


class ActionAskJoinAccord(AskJoin):
    """The summary, and consent."""

    slot = JOIN.accord


class ActionAskJoinCorrection(AskJoin):
    """What has to be changed."""

    slot = JOIN.correction


class ValidateJoinForm(ValidateAction):
    """Reads each message of this request."""

    demande = JOIN


class ActionSubmitJoin(SubmitAction):
    """Hands this request over."""

    demande = JOIN
