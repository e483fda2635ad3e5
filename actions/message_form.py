"""The request « laisser un message au service »: what it asks for, and its actions."""

from __future__ import annotations

from dataclasses import replace
from textwrap import shorten

from rasa_sdk import Tracker

from actions.coordonnees import format_coordonnee, take_coordonnee
from actions.form_actions import AskAction, SubmitAction, ValidateAction, is_opening
from actions.form_answers import (
    EMPTY_MESSAGE,
    NON_DIT,
    find_nothing,
    read_texte,
)
from actions.identite import make_contact, make_nom
from actions.requests import Champ, Demande, Skip, Sort, Values, inform
from knowledge.base import KnowledgeBase
from knowledge.intents import OFF_TOPIC, UNKNOWN, UNSURE
from knowledge.replies import Choice, Reply
from knowledge.text import NARROW_NBSP

UNANSWERED = (UNKNOWN, UNSURE, OFF_TOPIC)
LABEL_LENGTH = 60


def _offer_contact_of_message(base: KnowledgeBase, values: Values) -> tuple[Choice, ...]:
    """The number or address that the message gives: it may be somebody else’s, so it is only proposed."""
    contact, _ = take_coordonnee(values.get(TEXTE.slot) or "")
    return (inform(f"Le {format_coordonnee(contact)}", CONTACT.slot, contact),) if contact else ()


def _quote(message: str) -> str:
    """A message on one line: a blank line would end the list that shows it."""
    return f"«{NARROW_NBSP}{' '.join(message.split())}{NARROW_NBSP}»"


def _find_unanswered(tracker: Tracker) -> str | None:
    """What the person typed just before asking to leave a message, when it got no answer."""
    typed = [event for event in tracker.events if event["event"] == "user"]
    before = typed[-2] if len(typed) > 1 else {}
    intent = before.get("parse_data", {}).get("intent", {}).get("name")
    return before["text"] if intent in UNANSWERED and not before["text"].startswith("/") else None


TEXTE = Champ(
    slot="message__texte",
    titre="Message",
    names=r"message|texte|demande|question",
    sort=Sort.TEXT,
    question="Quel est votre message pour le service ? Écrivez-le en une fois, en 500 caractères au plus.",
    aide="Écrivez ce que vous voulez dire ou demander au service.",
    erreur=EMPTY_MESSAGE,
    read=read_texte,
    find=find_nothing,
    show=_quote,
)

NOM = make_nom(
    slot="message__nom",
    question="Quel est votre nom ? Vous pouvez préférer ne pas le dire.",
    aide="Le service saura ainsi qui lui écrit. Vous pouvez préférer ne pas le dire.",
    erreur="Je n’ai pas reconnu un nom. Écrivez-le, ou dites « je préfère ne pas le dire ».",
    skip=Skip(NON_DIT, "Je préfère ne pas le dire"),
)

CONTACT = make_contact(
    slot="message__contact",
    question="Comment le service peut-il vous répondre ? Donnez un numéro de téléphone **ou** une adresse "
    "e-mail. Vous pouvez aussi passer cette question.",
    aide="Le service s’en servira seulement pour vous répondre. Vous pouvez passer cette question.",
    choices=_offer_contact_of_message,
    skip=Skip(NON_DIT, "Passer cette question", note="Sans cela, personne ne pourra vous répondre."),
)

MESSAGE = Demande(
    kind="message",
    intro="Je prends votre message pour le service.",
    heading="Voici votre message :",
    received="Votre message est enregistré : le **{service}** l’a reçu.",
    promise="Je ne peux promettre ni réponse, ni délai.",
    champs=(TEXTE, NOM, CONTACT),
)


class AskMessage(AskAction):
    """A question of this request."""

    demande = MESSAGE


class ActionAskMessageTexte(AskMessage):
    """The message itself; a question that was not answered is proposed as the message."""

    slot = TEXTE.slot

    def ask(self, tracker: Tracker) -> Reply:
        """The question, with a button for what was asked in vain."""
        reply = super().ask(tracker)
        question = _find_unanswered(tracker) if is_opening(tracker, MESSAGE) else None
        if question is None:
            return reply
        choice = inform(
            f"Transmettre ma question : {_quote(shorten(question, LABEL_LENGTH, placeholder='…'))}",
            self.slot,
            question,
        )
        return replace(reply, choices=(choice, *reply.choices))


class ActionAskMessageNom(AskMessage):
    """Who writes."""

    slot = NOM.slot


class ActionAskMessageContact(AskMessage):
    """How to answer."""

    slot = CONTACT.slot


class ActionAskMessageAccord(AskMessage):
    """The summary, and consent."""

    slot = MESSAGE.accord


class ActionAskMessageCorrection(AskMessage):
    """What has to be changed."""

    slot = MESSAGE.correction


class ValidateMessageForm(ValidateAction):
    """Reads each message of this request."""

    demande = MESSAGE


class ActionSubmitMessage(SubmitAction):
    """Hands this request over."""

    demande = MESSAGE
