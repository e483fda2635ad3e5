"""The actions that answer from the knowledge base."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet, UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import answer_message, confirm, suggest_subjects
from actions.contexte import OFFRE, Contexte
from actions.questions import read_questions, read_whole
from actions.speech import explain_language, language_of, say
from actions.telling import Answer, find_offered, keep_offer
from knowledge.base import KnowledgeBase
from knowledge.content import shared_base
from knowledge.intents import SUBJECT_OF_REQUEST


class ActionAnswer(Action):
    """Answers what was asked: one subject, a list, a member, a rank, a follow-up, or several of them."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Read the questions, ask the knowledge base, speak, remember the subject."""
        message = tracker.latest_message
        contexte = Contexte.read(tracker)
        language = language_of(tracker)
        base = shared_base().speaking(language)
        answer = answer_message(read_questions(message), read_whole(message), contexte, base)
        if is_told_already(answer, (message.get("intent") or {}).get("name") or "", contexte, base):
            return []
        say(dispatcher, explain_language(answer.replies, language), is_private=answer.is_private)
        if answer.is_beside:
            return [SlotSet(OFFRE, answer.offre)] if answer.offre else []
        after = answer.contexte.after(contexte, find_offered(answer, base))
        return after.to_events(answer.offre or keep_offer(tracker.get_slot(OFFRE), answer, base))


def is_told_already(answer: Answer, intent: str, contexte: Contexte, base: KnowledgeBase) -> bool:
    """Whether a request that opens now was just offered: its own answer need not come again before its questions."""
    subject = SUBJECT_OF_REQUEST.get(intent)
    if subject is None or answer.contexte.sujets != (subject,):
        return False
    return any(told == subject or base.are_neighbours(told, subject) for told in contexte.sujets)


class ActionSuggestSubjects(Action):
    """Proposes the main subjects to someone who does not know what to ask."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_suggest_subjects"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Propose, and keep the context."""
        base, contexte = shared_base(), Contexte.read(tracker)
        answer = suggest_subjects(base, contexte)
        say(dispatcher, answer.replies)
        return answer.contexte.after(contexte, find_offered(answer, base)).to_events(answer.offre)


class ActionConfirm(Action):
    """Takes a « oui »: the only subject that was offered, or which of several."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_confirm"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Tell the subject, ask which one, or say that there is nothing to confirm."""
        contexte, language = Contexte.read(tracker), language_of(tracker)
        base = shared_base().speaking(language)
        answer = confirm(contexte, base)
        if answer is None:
            dispatcher.utter_message(response="utter_nothing_to_confirm")
            return []
        say(dispatcher, explain_language(answer.replies, language))
        return answer.contexte.after(contexte, find_offered(answer, base)).to_events(answer.offre)


class ActionDefaultFallback(Action):
    """No rule foresees this turn: propose the main subjects, and forget the turn."""

    def name(self) -> str:
        """The name in the domain, imposed by Rasa."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Propose, and take the turn back, so that it does not weigh on the next one."""
        say(dispatcher, suggest_subjects(shared_base(), Contexte.read(tracker)).replies)
        return [UserUtteranceReverted()]
