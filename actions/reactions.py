"""A word back to what asks nothing, « ah bon », « c’est dommage »; what was on offer stays on offer."""

from __future__ import annotations

from actions.contexte import Contexte
from actions.questions import Question
from actions.telling import MESSAGE_CHOICE, Answer, make_choices
from knowledge.base import KnowledgeBase
from knowledge.reactions import Mood, find_mood
from knowledge.replies import Reply
from knowledge.text import typographie

WORDS = {
    Mood.HEARD: "D’accord. Si vous avez une autre question, je suis là.",
    Mood.GLAD: "Tant mieux ! Si vous avez une autre question, je suis là.",
    Mood.KIND: "Merci, c’est gentil. Si vous avez une autre question, je suis là.",
    Mood.SORRY: "Je comprends. Vous pouvez le dire au service : laissez-lui un message, une personne le lira.",
    Mood.MISSED: "Je suis une machine, et je peux me tromper. Dites-moi ce que vous cherchez en quelques mots, ou "
    "laissez un message au service : une personne vous lira.",
}
UNWELL = (Mood.SORRY, Mood.MISSED)


def answer_reaction(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """A short word back, with the subjects to choose from that were offered; None for what is no reaction."""
    mood = find_mood(question.text) or find_mood(question.reading)
    return react(mood, contexte, base) if mood else None


def react(mood: Mood, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """A short word back to a mood; what was told and offered stays as it was."""
    is_sorry = mood in UNWELL
    choices = (*make_choices(contexte.offered, base), *([MESSAGE_CHOICE] if is_sorry else []))
    reply = Reply("smalltalk", typographie(WORDS[mood]), choices=choices)
    return Answer((reply,), contexte, offre="message" if is_sorry else None, is_beside=True)
