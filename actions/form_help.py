"""What is asked of a request in the middle of it: who reads it, whether one may change one’s mind, what comes next."""

from __future__ import annotations

from actions.aspects import FREE, answer_aspect
from actions.contexte import Contexte
from actions.questions import Question
from actions.requests import Demande
from actions.telling import OFFERS, tell
from knowledge.aspects import Aspect, find_aspect
from knowledge.base import KnowledgeBase
from knowledge.replies import Reply
from knowledge.text import typographie

PRIVACY = "bot_vie_privee"
NEXT = (
    "Je vous pose quelques questions, puis je vous montre vos réponses. Je les transmets au service si vous êtes "
    "d’accord. {promise}"
)
CHANGE = (
    "Rien n’est transmis sans votre accord. Vous pouvez tout arrêter maintenant : dites « annuler ». Plus tard, votre "
    "code de suivi servira à faire effacer votre demande."
)
WORDS = {Aspect.COST: FREE, Aspect.WHEN: NEXT, Aspect.NEXT: NEXT, Aspect.CHANGE: CHANGE}
# « Je suis retraité » is an answer, « c’est faux » a correction.
SAID_AS_WELL = frozenset([Aspect.CONDITIONS, Aspect.SURE])
# Never the message that one leaves for the service.
OF_THE_REQUEST_ALONE = frozenset([Aspect.READERS, Aspect.CHANGE])


def answer_of_request(question: Question, demande: Demande, is_text: bool, base: KnowledgeBase) -> Reply | None:
    """The answer to what is asked of the request itself; None for anything else.

    `is_text`: free words are expected, so that « c’est payant ? » is what one writes to the service.
    """
    aspect = find_aspect(question.reading, OF_THE_REQUEST_ALONE if is_text else frozenset(Aspect))
    if aspect is None or (aspect in SAID_AS_WELL and "?" not in question.text):
        return None
    if aspect is Aspect.READERS:
        return tell(base.fiches[PRIVACY], base).replies[0]
    if aspect in WORDS:
        return Reply("form", typographie(WORDS[aspect].format(promise=demande.promise)))
    subject = next(slug for slug, (kind, _, _) in OFFERS.items() if kind == demande.kind)
    answer = answer_aspect(question, Contexte((subject,)), base)
    return answer.replies[0] if answer else None
