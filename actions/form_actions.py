"""Rasa's side of a request: ask for a slot, read the answer, hand over the finished request.

Shells over `form_questions` and `form_steps`; `join_form` and `message_form` say which request they serve.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.contexte import OFFRE, Contexte
from actions.form_questions import ask, tell_received
from actions.form_steps import REQUESTED_SLOT, Etat, Turn, open_request, take_turn
from actions.requests import Demande, make_record, new_code
from actions.speech import say
from knowledge.content import shared_base
from knowledge.replies import Reply

DomainDict = dict[str, Any]


class AskAction(Action, ABC):
    """Utters the question of one slot."""

    @property
    @abstractmethod
    def demande(self) -> Demande:
        """The request that the slot belongs to."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot to ask for."""

    def name(self) -> str:
        """The name in the domain, imposed by Rasa."""
        return f"action_ask_{self.slot}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask."""
        say(dispatcher, [self.ask(tracker)])
        return []

    def ask(self, tracker: Tracker) -> Reply:
        """The question, as a reply."""
        etat = read_etat(tracker, self.demande, self.slot)
        return ask(etat, shared_base(), is_first=is_opening(tracker, self.demande))


class ValidateAction(FormValidationAction, ABC):
    """Reads a message in the middle of a form: one message may answer, correct, ask or stop.

    Rasa would fill the slot that was asked with the raw words, then call one validator for each slot. Here
    the message is read once, as a whole, and only what was understood reaches a slot.
    """

    @property
    @abstractmethod
    def demande(self) -> Demande:
        """The request that the form serves."""

    def name(self) -> str:
        """The name in the domain, imposed by Rasa."""
        return f"validate_{self.demande.form}"

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Nothing: what is read is read in `get_validation_events`."""
        return []

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Read the message, say what has to be said before the next question, set the slots."""
        step = tracker.get_slot(REQUESTED_SLOT)
        take = take_turn if step else open_request
        outcome = take(read_etat(tracker, self.demande, step), Turn.read(tracker.latest_message), shared_base())
        say(dispatcher, outcome.replies)
        return [SlotSet(slot, value) for slot, value in outcome.slots.items()]

    async def next_requested_slot(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> EventType | None:
        """None: Rasa asks for the first empty slot, unless the events above name another one."""
        return None


class SubmitAction(Action, ABC):
    """Hands over a request that is complete and agreed to, then forgets it; only forgets a cancelled one."""

    @property
    @abstractmethod
    def demande(self) -> Demande:
        """The request to hand over."""

    def name(self) -> str:
        """The name in the domain."""
        return f"action_submit_{self.demande.kind}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Hand over and forget."""
        values = read_etat(tracker, self.demande, None).values
        if self.demande.is_complete(values):
            code = new_code()
            reply = tell_received(self.demande, code, shared_base())
            say(dispatcher, [reply], request=make_record(self.demande, values, code))
        return [SlotSet(slot, None) for slot in (*self.demande.slots, OFFRE)]


def read_etat(tracker: Tracker, demande: Demande, step: str | None) -> Etat:
    """Where a request stands, `step` being the slot that is asked for."""
    values = {slot: tracker.slots.get(slot) for slot in demande.slots}
    return Etat(demande, step, values, essais=values[demande.essais] or 0, contexte=Contexte.read(tracker))


def is_opening(tracker: Tracker, demande: Demande) -> bool:
    """Whether the form has opened since the last message."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "active_loop" and event["name"] == demande.form:
            return True
    return False
