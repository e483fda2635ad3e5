"""The questions of a request, as replies: what it asks for, the summary with consent, what to change."""

from __future__ import annotations

from actions.form_steps import MOST_TRIES, Etat
from actions.requests import CANCEL_CHOICE, Champ, Demande, Sort, inform, summarize
from knowledge.base import KnowledgeBase
from knowledge.replies import Choice, Field, Reply
from knowledge.text import typographie

DECISIONS = (Choice("Oui, transmettre", "/affirm"), Choice("Changer une réponse", "/deny"), CANCEL_CHOICE)
# What a browser can fill in by itself, or bring the right keyboard for; the rest is a button or free words.
FIELDS: dict[Sort, tuple[Field, ...]] = {
    Sort.NAME: (Field("Prénom et nom", "text", "name"),),
    Sort.CONTACT: (Field("Téléphone", "tel", "tel"), Field("ou adresse e-mail", "email", "email")),
    Sort.TEXT: (Field("Votre message", "textarea", "off"),),
}


def ask(etat: Etat, base: KnowledgeBase, is_first: bool) -> Reply:
    """The question of the slot `etat.step`; the first one says what is going on and how to stop."""
    if etat.champ:
        return _ask_champ(etat, etat.champ, base, is_first)
    return _ask_accord(etat, base) if etat.step == etat.demande.accord else _ask_correction(etat.demande)


def tell_received(demande: Demande, code: str, base: KnowledgeBase) -> Reply:
    """Say that the service has the request, give the code, promise nothing else."""
    text = (
        f"{demande.received.format(service=base.contact.nom)}\n\n"
        f"Votre code de suivi : **{code}**. Notez-le : donnez-le au service pour parler de votre demande, "
        f"ou pour la faire effacer.\n\n{demande.promise}"
    )
    return Reply("handoff", typographie(text))


def _ask_champ(etat: Etat, champ: Champ, base: KnowledgeBase, is_first: bool) -> Reply:
    intro = f"{etat.demande.intro} Dites « annuler » à tout moment pour arrêter.\n\n" if is_first else ""
    choices = (*champ.choices(base, etat.values), *_ways_out(champ, etat.essais), CANCEL_CHOICE)
    text = typographie(intro + champ.question)
    return Reply("form", text, choices=choices, fields=FIELDS.get(champ.sort, ()))


def _ask_accord(etat: Etat, base: KnowledgeBase) -> Reply:
    """Show everything, say what will be done with it, and ask for consent."""
    demande = etat.demande
    service = base.contact.nom
    use = (
        f"Si vous dites oui, je transmets cela au **{service}**. Ses agents le liront pour traiter votre "
        "demande, et ne s’en serviront pour rien d’autre. C’est gardé un temps limité. Vous pourrez le faire "
        "effacer avant, avec le code de suivi que je vous donnerai.\n\n"
        "**Êtes-vous d’accord ?**"
    )
    text = f"{typographie(demande.heading)}\n\n{summarize(demande, etat.values)}\n\n{typographie(use)}"
    return Reply("form", text, choices=DECISIONS)


def _ask_correction(demande: Demande) -> Reply:
    """Ask what has to be changed, after a « non » to the summary."""
    choices = tuple(inform(champ.titre, champ.slot, "") for champ in demande.champs)
    text = "D’accord, je ne transmets rien pour l’instant. Que voulez-vous changer ?"
    return Reply("form", typographie(text), choices=(*choices, CANCEL_CHOICE))


def _ways_out(champ: Champ, essais: int) -> tuple[Choice, ...]:
    if champ.skip and (not champ.skip.insists or essais >= MOST_TRIES):
        return (inform(champ.skip.label, champ.slot, champ.skip.value),)
    return ()
