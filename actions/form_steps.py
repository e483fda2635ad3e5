"""One turn of a request: what a message changes in it, and what is said before the next question.

Plain functions on plain values: Rasa's side is in `form_actions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from actions.answers import answer_message, is_about_us
from actions.contexte import CONTEXTE, Contexte
from actions.form_answers import AnswerError
from actions.form_help import answer_of_request
from actions.form_moves import (
    agrees,
    asks_why,
    declines,
    has_reserve,
    hesitates,
    is_aside,
    is_cancel,
    is_correction,
    is_dont_know,
    refuses,
    split_questions,
    tells_of_oneself,
    wants_change,
)
from actions.neighbours import find_guess
from actions.questions import Question, read_questions, read_whole
from actions.reactions import UNWELL
from actions.requests import CHAMP, VALEUR, Champ, Demande, Sort, Values
from actions.telling import OFFERS
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.reactions import find_mood
from knowledge.replies import Reply
from knowledge.text import normalize, strip_invisible, typographie

REQUESTED_SLOT = "requested_slot"
MOST_TRIES = 3
# From this share on, a message that answers nothing of what is asked is about what the classifier says.
SURE = 0.7
# What is typed where a name is asked, and read as other words, is a name up to that many.
MOST_WORDS_IN_NAME = 3

START_INTENTS = ("start_join", "start_message")
LOST_INTENTS = ("ask_simpler", "ask_repeat", "ask_others")

CANCELLED = "D’accord, j’annule. Rien n’a été transmis, et aucune demande n’est enregistrée."
ALREADY_OPEN = "Une demande est déjà en cours : finissons-la d’abord. Vous pouvez aussi dire « annuler »."
NOT_OF_THIS_REQUEST = "Ce bouton ne sert plus. Voici où nous en sommes."
CANNOT_ANSWER_NOW = "Je n’ai pas de réponse à cette question. Vous pourrez la poser au service. Reprenons :"
TAKE_YOUR_TIME = "Prenez votre temps. Vous pouvez aussi tout arrêter : dites « annuler »."
GOING_ON = "D’accord. Reprenons :"
SAY_YES_OR_NO = "Dites « oui » pour transmettre, « non » pour changer une réponse, ou « annuler » pour tout arrêter."
SAY_WHAT_TO_CHANGE = "Je n’ai pas compris ce qui doit changer."
SKIP_OR_CANCEL = "Vous pouvez aussi passer cette question, ou annuler."


@dataclass(frozen=True)
class Turn:
    """One message. A button has no `text`; when it answers for a slot, `press` is (slot, value)."""

    text: str
    intent: str
    questions: tuple[Question, ...]
    whole: Question
    is_button: bool = False
    press: tuple[str, str] | None = None

    @classmethod
    def read(cls, message: dict[str, Any]) -> Turn:
        """Read Rasa's `latest_message`."""
        text = message.get("text") or ""
        # What is typed went through the clause components, whatever it looks like; a button did not.
        is_button = text.startswith("/") and "questions" not in message
        informed = {entity["entity"]: str(entity["value"]) for entity in message.get("entities", ())}
        whole = read_whole(message)
        return cls(
            text="" if is_button else strip_invisible(text),
            intent=whole.intent,
            questions=tuple(read_questions(message)),
            whole=whole,
            is_button=is_button,
            press=(informed[CHAMP], informed[VALEUR]) if is_button and {CHAMP, VALEUR} <= informed.keys() else None,
        )


@dataclass(frozen=True)
class Etat:
    """Where a request stands: the slot just asked (None before the first), what is known, tries so far."""

    demande: Demande
    step: str | None
    values: Values
    essais: int = 0
    contexte: Contexte = field(default_factory=Contexte)

    @property
    def champ(self) -> Champ | None:
        """The thing just asked; None at the summary."""
        return self.demande.champ(self.step)


@dataclass(frozen=True)
class Outcome:
    """What a turn does: slots to set, replies to say before the next question."""

    slots: dict[str, Any] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()


Move = Callable[[Etat, Turn, str, KnowledgeBase], Outcome | None]


def open_request(etat: Etat, turn: Turn, base: KnowledgeBase) -> Outcome:
    """The first turn: keep what the person has already said when asking for it."""
    said, _ = split_questions(turn.text)
    values, _ = _find_values(etat, said, base)
    return Outcome({etat.demande.essais: 0} | values, _acknowledge(etat, values))


def take_turn(etat: Etat, turn: Turn, base: KnowledgeBase) -> Outcome:
    """One message in the middle of a request."""
    outcome = _take_turn(etat, turn, base)
    goes_on = any(slot in etat.demande.slots for slot in outcome.slots)
    # One slot at least is always set: Rasa would take a turn that sets none for a refusal of the form.
    return replace(outcome, slots={etat.demande.essais: 0 if goes_on else etat.essais} | outcome.slots)


def cancel(demande: Demande) -> Outcome:
    """Forget everything and leave the form."""
    return Outcome(dict.fromkeys(demande.slots) | {REQUESTED_SLOT: None}, (Reply("smalltalk", typographie(CANCELLED)),))


def _take_turn(etat: Etat, turn: Turn, base: KnowledgeBase) -> Outcome:
    if turn.press:
        return _press(etat, *turn.press)
    if is_cancel(turn.text) or (turn.is_button and turn.intent == "cancel"):
        return cancel(etat.demande)
    is_text = etat.champ is not None and etat.champ.sort is Sort.TEXT
    beside = None if turn.is_button else _answer_beside(etat, turn, is_text, base)
    if beside:
        return beside
    if etat.champ and is_text and not turn.is_button:
        told = _answer(etat, turn, base) if is_aside(turn.text) else None
        return told or _take_text(etat, etat.champ, turn, base)
    said, is_asking = split_questions(turn.text)
    is_asking = is_asking or _asks_something(turn.whole)
    # Nearly any word may be a name: there, what is surely another matter is none.
    is_name = etat.champ is not None and etat.champ.sort is Sort.NAME
    is_no_name = is_name and not _may_be_a_name(turn) and _digresses(turn, base)
    values, error = _find_values(etat, "" if is_no_name else said, base)
    told = _answer(etat, turn, base) if is_asking or turn.is_button else None
    if values or told:
        return _combine(etat, values, told)
    # « Habitant, et j’ai un commerce » is an answer, be it one too many.
    is_half_read = error is not None and etat.champ is not None and etat.champ.sort is Sort.CHOICE
    digress = () if is_half_read else (_digress,)
    moves = (_reopen, _leave, _decide, _correct, _do_without, *digress, _refuse_to_start, _explain)
    outcomes = (move(etat, turn, said, base) for move in moves)
    return next((outcome for outcome in outcomes if outcome), None) or _ask_again(etat, error)


def _answer_beside(etat: Etat, turn: Turn, is_text: bool, base: KnowledgeBase) -> Outcome | None:
    """What answers no question of the request: one about the request itself, a hesitation, « c’est dommage »."""
    of_request = answer_of_request(turn.whole, etat.demande, is_text, base)
    if of_request:
        return Outcome(replies=(_without_starts(of_request),))
    if hesitates(turn.text):
        return Outcome(replies=(_tell(TAKE_YOUR_TIME),))
    mood = None if is_text else find_mood(turn.text)
    return Outcome(replies=(_tell(TAKE_YOUR_TIME if mood in UNWELL else GOING_ON),)) if mood else None


def _press(etat: Etat, slot: str, value: str) -> Outcome:
    champ = etat.demande.champ(slot)
    if champ is None:
        return Outcome(replies=(_tell(NOT_OF_THIS_REQUEST),))
    if not value:
        return Outcome({slot: None})
    return Outcome({slot: value}, _acknowledge(etat, {slot: value}))


def _take_text(etat: Etat, champ: Champ, turn: Turn, base: KnowledgeBase) -> Outcome:
    try:
        return Outcome({champ.slot: champ.read(turn.text, base)})
    except AnswerError as error:
        return _ask_again(etat, error)


def _find_values(etat: Etat, said: str, base: KnowledgeBase) -> tuple[dict[str, str], AnswerError | None]:
    """What a message answers: the question asked and, said in passing or corrected, any other one."""
    if not said:
        return {}, None
    values: dict[str, str] = {}
    problem: AnswerError | None = None
    for champ in _sought(etat, said):
        is_asked = champ is etat.champ
        if not is_asked and _is_settled(etat, champ, values, said):
            continue
        try:
            value = champ.read(said, base) if is_asked else champ.find(said, base)
        except AnswerError as error:
            if is_asked or etat.champ is None:
                problem = error
            continue
        if value:
            values[champ.slot] = value
        if value and is_asked and champ.sort is Sort.NAME:
            # Nearly any word may be a name: once read as one, it is not also a trade or a street.
            return values | _find_contact(etat, said, base), None
    return values, problem


def _sought(etat: Etat, said: str) -> list[Champ]:
    """What to look for, the question asked first; last when the message goes back on another answer."""
    others = [champ for champ in etat.demande.champs if champ is not etat.champ]
    if etat.champ is None:
        return others
    if etat.champ.sort is Sort.NAME and is_correction(said):
        return [*others, etat.champ]
    return [etat.champ, *others]


def _is_settled(etat: Etat, champ: Champ, values: Values, said: str) -> bool:
    """Whether a message that answers the question asked leaves another answer alone.

    « J’habite rue de Lille » names a quartier: it does not take back « association ».
    """
    has_answered = etat.step in values and not is_correction(said)
    return has_answered and champ.sort is Sort.CHOICE and bool(etat.values.get(champ.slot))


def _find_contact(etat: Etat, said: str, base: KnowledgeBase) -> dict[str, str]:
    contacts = (champ for champ in etat.demande.champs if champ.sort is Sort.CONTACT)
    return {champ.slot: value for champ in contacts if (value := champ.find(said, base))}


def _answer(etat: Etat, turn: Turn, base: KnowledgeBase) -> Outcome | None:
    """Answer a question asked in the middle; nothing when it is not one of our subjects."""
    if asks_why(turn.text):
        return None
    asks = turn.is_button or _digresses(turn, base)
    asked = [
        question
        for question in turn.questions
        if (asks or _asks_something(question)) and _is_likely_about_us(question, base)
    ]
    if not asked:
        return None
    answer = answer_message(asked, turn.whole, etat.contexte, base)
    if not answer.is_answered:
        return None
    contexte = answer.contexte.after(etat.contexte)
    return Outcome({CONTEXTE: asdict(contexte)}, tuple(_without_starts(reply) for reply in answer.replies))


def _is_likely_about_us(question: Question, base: KnowledgeBase) -> bool:
    """Whether a question is about a subject, or likely to be; about a request, it may be about this one."""
    guess = find_guess(question, base)
    return is_about_us(question, base) or (guess is not None and guess not in OFFERS)


def _digresses(turn: Turn, base: KnowledgeBase) -> bool:
    """Whether a message is surely about a subject, whatever its words, and tells nothing of who writes it."""
    subject = turn.whole.intent
    is_subject = subject.startswith(LIST_PREFIX) or base.by_slug(subject) is not None
    is_sure = turn.whole.weights[:1] >= (SURE,)
    return is_subject and is_sure and subject not in OFFERS and not tells_of_oneself(turn.text)


def _may_be_a_name(turn: Turn) -> bool:
    """Whether a message is a word or two that were taken for others: « Zoé » is no « zone »."""
    is_short = len(turn.text.split()) <= MOST_WORDS_IN_NAME
    return is_short and normalize(turn.whole.reading) != normalize(turn.text)


def _asks_something(question: Question) -> bool:
    """Whether a message asks something, as it is written or as it was meant."""
    return split_questions(question.text)[1] or split_questions(question.reading)[1]


def _without_starts(reply: Reply) -> Reply:
    """A reply without the buttons that would open a request: one is open."""
    starts = {f"/{intent}" for intent in START_INTENTS}
    return replace(reply, choices=tuple(choice for choice in reply.choices if choice.payload not in starts))


def _combine(etat: Etat, values: dict[str, str], told: Outcome | None) -> Outcome:
    told = told or Outcome()
    return Outcome(values | told.slots, _acknowledge(etat, values) + told.replies)


def _acknowledge(etat: Etat, values: dict[str, str]) -> tuple[Reply, ...]:
    """Say what was noted when it is not just what was asked, and what has to be said of a value."""
    noted = [(champ, values[champ.slot]) for champ in etat.demande.champs if champ.slot in values]
    list_all = any(champ is not etat.champ for champ, _ in noted)
    listed = ["C’est noté.", *(f"{champ.titre} : {champ.show(value)}." for champ, value in noted)]
    notes = [note for champ, value in noted if (note := champ.note_on(value))]
    text = " ".join([*(listed if list_all else ()), *notes])
    return (_tell(text),) if text else ()


def _reopen(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """« Je veux changer mon téléphone »: ask for it again."""
    is_correcting = etat.step == etat.demande.correction
    if not (wants_change(said) or (is_correcting and said)):
        return None
    champ = etat.demande.champ_named(said)
    if champ:
        return Outcome({champ.slot: None})
    return Outcome({REQUESTED_SLOT: etat.demande.correction}) if etat.step == etat.demande.accord else None


def _leave(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """The classifier's word that the person wants to stop, where a name cannot be taken for that."""
    is_name = etat.champ is not None and etat.champ.sort is Sort.NAME
    return cancel(etat.demande) if turn.intent == "cancel" and not is_name else None


def _decide(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """At the summary: yes, or no."""
    if etat.step != etat.demande.accord:
        return None
    if (agrees(said) or turn.intent == "affirm") and not has_reserve(turn.text):
        return Outcome({etat.demande.accord: True})
    if refuses(said) or turn.intent == "deny":
        return Outcome({REQUESTED_SLOT: etat.demande.correction})
    return None


def _correct(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """« What has to be changed? » « Nothing »: back to the summary."""
    is_correcting = etat.step == etat.demande.correction
    changes_nothing = agrees(said) or refuses(said) or declines(said) or is_dont_know(said)
    return Outcome() if is_correcting and (changes_nothing or turn.intent in ("affirm", "deny")) else None


def _do_without(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """« Je ne sais pas », « je préfère ne pas le dire »."""
    champ = etat.champ
    if champ is None:
        return None
    ignores = is_dont_know(said) or (turn.intent == "dont_know" and champ.sort is not Sort.NAME)
    if ignores and champ.dont_know:
        return Outcome({champ.slot: champ.dont_know})
    if not (ignores or declines(said) or (turn.intent == "deny" and champ.sort is Sort.CONTACT)):
        return None
    if champ.skip is None or (champ.skip.insists and etat.essais < MOST_TRIES):
        offer = SKIP_OR_CANCEL if champ.skip else ""
        return Outcome({etat.demande.essais: MOST_TRIES}, (_tell(f"{champ.aide} {offer}"),))
    return Outcome({champ.slot: champ.skip.value}, _acknowledge(etat, {champ.slot: champ.skip.value}))


def _digress(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """« Non attends, ma rue elle est dedans »: what answers nothing of what is asked, and is surely another matter."""
    return _answer(etat, turn, base) if _digresses(turn, base) else None


def _refuse_to_start(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    return Outcome(replies=(_tell(ALREADY_OPEN),)) if turn.intent in START_INTENTS else None


def _explain(etat: Etat, turn: Turn, said: str, base: KnowledgeBase) -> Outcome | None:
    """To « pourquoi ? » and « je ne comprends pas »: what the question is for."""
    is_asking = split_questions(turn.text)[1]
    if asks_why(turn.text) or turn.intent in LOST_INTENTS:
        return Outcome(replies=(_tell(etat.champ.aide if etat.champ else SAY_YES_OR_NO),))
    return Outcome(replies=(_tell(CANNOT_ANSWER_NOW),)) if is_asking else None


def _ask_again(etat: Etat, error: AnswerError | None) -> Outcome:
    """Say what is wrong and what to do; the question comes again by itself."""
    tries = {etat.demande.essais: etat.essais + 1}
    if etat.step == etat.demande.correction:
        return Outcome(tries | {REQUESTED_SLOT: etat.step}, (_tell(str(error or SAY_WHAT_TO_CHANGE)),))
    if etat.champ is None:
        return Outcome(tries, (_tell(str(error or SAY_YES_OR_NO)),))
    offer = SKIP_OR_CANCEL if etat.champ.skip and etat.essais + 1 >= MOST_TRIES else ""
    return Outcome(tries, (_tell(f"{error or etat.champ.erreur} {offer}"),))


def _tell(text: str) -> Reply:
    return Reply("form", typographie(text.strip()))
