"""A message that leans on what was said before, read with what it leans on.

Its metadata name what the conversation is about (`subject`, with its `slug`). Beside the message as it stands
travel « qui le signe ? Le contrat de ville », with that name, and « les jeunes ? » for « et pour les jeunes ? ».
The message's own words win whenever they are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.pooling import FollowUp, rank_subjects
from components.spelling import METADATA, reading_of
from knowledge.base import LIST_PREFIX
from knowledge.clauses import strip_greeting
from knowledge.content import shared_base
from knowledge.genres import BROAD_GENRES, PROPER_GENRES
from knowledge.intents import FOLLOWUP, MORE, OFF_TOPIC, REACTION, SUBJECT_OF_REQUEST, UNKNOWN, UNSURE
from knowledge.reference import (
    adds_nothing,
    asks,
    count_own_words,
    denies,
    goes_elsewhere,
    has_no_subject,
    may_lean,
    points_back,
    says_too,
    stands_for_a_name,
    stands_for_a_place,
    what_it_adds,
    what_it_corrects,
)

CLAUSE_OF = "clause_of"
LEANS = "leans"
BOT = "bot"
WITH_SUBJECT = "with_subject"
REST = "rest"
CORRECTED = "corrected"
SUBJECT = "subject"
SLUG = "slug"
OFFER = "offer"
IS_ONE = "is_one"
NOT_SURE = frozenset({None, OFF_TOPIC, UNKNOWN, UNSURE})
AGAIN = ("ask_simpler", "ask_repeat")
OPEN_INTENTS = frozenset({FOLLOWUP, "ask_member"})
CONVERSATION = ("ask_", "bot_")
CHAT = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "insult", "cancel", "dont_know", REACTION})
IDLE = CHAT | {OFF_TOPIC}
# From this share of it on, a message that asks nothing is about nothing of ours.
SURE_IDLE = 0.5
# Below it, « comment faire ? » is less likely to be about the assistant than about what it just said.
SURE_CHAT = 0.75
# From here on, a message that holds no pronoun is about what it says.
SURE_ALONE = 0.7
SURE_BUT_FOR_A_PLACE = 0.8
OTHERS = "ask_others"
MOST_LEFT_OUT = 0.5
# From this share of what is left to subjects on, the words after « et » call a list.
SURE_LIST = 0.5
# From this chance on, a reading that only comes back to what was told is given up for another subject.
SURE_ELSEWHERE = 0.6
# From here on, « off-topic » is not doubted for the sake of a pronoun.
CLEARLY_OFF_TOPIC = 0.8


def leaning_messages(message: Message) -> list[Message]:
    """The other readings of a message; none when it is long, and none with a subject when nothing was told."""
    text, subject = strip_greeting(reading_of(message)), _metadata(message).get(SUBJECT)
    texts = {CORRECTED: what_it_corrects(text)}
    if may_lean(text):
        texts |= {WITH_SUBJECT: f"{text} {subject}" if subject else None, REST: what_it_adds(text)}
    return [Message(data={TEXT: other, CLAUSE_OF: message, LEANS: way}) for way, other in texts.items() if other]


def choose_reading(message: Message, leaning: Sequence[Message]) -> Message:
    """The reading that counts: the message as it stands, or one of `leaning`."""
    ways = {other.get(LEANS): other for other in leaning}
    intent = intent_of(message)
    is_bare = has_no_subject(reading_of(message)) or (intent == OTHERS and adds_nothing(reading_of(message)))
    rest, whole, corrected = (ways.get(way) for way in (REST, WITH_SUBJECT, CORRECTED))
    if whole and _wants_to_do_it(message, whole):
        return whole
    is_no_answer = intent in NOT_SURE or intent in CHAT or denies(reading_of(message))
    if corrected and is_no_answer and _is_subject(corrected):
        return corrected
    if intent == OTHERS and rest and _is_subject(rest) and count_own_words(reading_of(rest)):
        # « Et sinon, siéger quelque part ? » asks for no other one.
        return rest
    if corrected and intent in SUBJECT_OF_REQUEST and _subject_of(corrected) != SUBJECT_OF_REQUEST[intent]:
        # « Je demande qui signe » asks for no form.
        return corrected if _is_subject(corrected) else message
    has_own_name = message.get(ENTITIES) and not _is_said_of_it(message)
    if has_own_name or (_is_turn(message) and not is_bare):
        return message
    if corrected and (_is_subject(corrected) or _is_turn(corrected)) and not _is_subject(message):
        return corrected
    starts = whole is not None and intent_of(whole) in SUBJECT_OF_REQUEST
    if not (rest or starts) and _asks_nothing(message):
        return message
    if intent == "ask_member" and _is_about_a_list(message) and confidence_of(message) >= SURE_ALONE:
        # « Mon oncle vit à Verdun, il est concerné ? » in the list just told: « il » is somebody else.
        return message
    list_named = _find_list(rest) if rest and intent == FOLLOWUP and not _is_subject(rest) else None
    if list_named and not (whole and rank_together(message, leaning)[0][0] != intent_of(list_named)):
        return list_named
    if whole and says_too(reading_of(message)):
        # « Les commerçants aussi ? »
        return _doubt(message, rest, whole)
    is_in_a_list = _genre_of(_slug_of(message)) in shared_base().genres
    if intent == OTHERS and confidence_of(message) >= SURE_ALONE and is_in_a_list:
        # « C’est tout ? », of a member of a list.
        return message
    found = []
    if rest and _is_open(message) and _is_subject(rest):
        found.append(rest)
    stays = whole is not None and intent_of(whole) == _slug_of(message)
    if whole and _is_sure(whole) and _leads_on(message, whole):
        # What « et… ? » goes on to is better evidence than a name that was added.
        found += [] if found and stays and not points_back(reading_of(message)) else [whole]
    elif whole and not found and _is_worth_proposing(message, whole):
        found.append(whole)
    chosen = max(found, key=confidence_of, default=message)
    only_comes_back = chosen is whole and _subject_of(chosen) == _slug_of(message)
    return _doubt(message, rest, chosen) if only_comes_back else chosen


def rank_together(message: Message, leaning: Sequence[Message]) -> list[tuple[str, float]]:
    """Each subject that a message may be about, all its readings together, with its chance, 0..1, the likeliest first.

    Empty when nothing was told before.
    """
    if not leans_on(message):
        return []
    ways = {other.get(LEANS): other for other in leaning}
    return rank_subjects(_follow_up(message, ways.get(WITH_SUBJECT), ways.get(REST)), shared_base())


def _follow_up(message: Message, whole: Message | None, rest: Message | None) -> FollowUp:
    is_one = bool(_metadata(message).get(IS_ONE, True))
    shares = (_shares(message), _shares(whole) if whole else Counter[str](), _shares(rest) if rest else None)
    more, again = (_share_of(intents, message) for intents in ((MORE,), AGAIN))
    return FollowUp(reading_of(message), str(_slug_of(message)), is_one, *shares, more, again)


def _share_of(intents: Sequence[str], message: Message) -> float:
    return sum(entry["confidence"] for entry in message.get(INTENT_RANKING_KEY) or () if entry["name"] in intents)


def _asks_nothing(message: Message) -> bool:
    """« Bon courage », « je m’attendais à mieux »: no question, and nothing of ours in it, most likely."""
    text = reading_of(message)
    if asks(text) or has_no_subject(text) or adds_nothing(text) or stands_for_a_name(text):
        return False
    ranking = message.get(INTENT_RANKING_KEY) or ()
    return sum(entry["confidence"] for entry in ranking if entry["name"] in IDLE) >= SURE_IDLE


def _find_list(rest: Message) -> Message | None:
    """« And the partners? »: the list that the words after « and » call, more than any other subject; None if none."""
    ranked = _shares(rest).most_common()
    if not ranked or not ranked[0][0].startswith(LIST_PREFIX) or ranked[0][1] < SURE_LIST:
        return None
    ranking = [{"name": name, "confidence": share} for name, share in ranked]
    return Message(data={TEXT: reading_of(rest), INTENT: ranking[0], INTENT_RANKING_KEY: ranking})


def _doubt(message: Message, rest: Message | None, whole: Message) -> Message:
    """`whole`, that comes back to what was told, unless all readings together are likely about something else."""
    text, slug = reading_of(message), str(_slug_of(message))
    ranked = rank_subjects(_follow_up(message, whole, rest), shared_base())
    subject, chance = ranked[0]
    is_bare_name = subject == OFF_TOPIC and intent_of(message) != OFF_TOPIC
    if subject == slug or chance < SURE_ELSEWHERE or is_bare_name:
        # « Les commerçants ? », of « et les commerçants ? », resembles nothing of ours.
        return whole
    ranking = [{"name": name, "confidence": share} for name, share in ranked]
    together = Message(data={TEXT: text, INTENT: ranking[0], INTENT_RANKING_KEY: ranking})
    said = [reading for reading in (message, rest) if reading and _subject_of(reading) == subject]
    return max(said, key=confidence_of, default=together)


def _is_said_of_it(message: Message) -> bool:
    """« Elle démolit des immeubles ? », of the agency just told: a theme, but no name, beside a pronoun."""
    names_none = not any(entity["entity"] in PROPER_GENRES for entity in message.get(ENTITIES))
    is_one = stands_for_a_name(reading_of(message)) and bool(_metadata(message).get(IS_ONE, True))
    has_a_name = _genre_of(_slug_of(message)) in PROPER_GENRES
    return names_none and is_one and has_a_name and confidence_of(message) < SURE_ALONE


def _wants_to_do_it(message: Message, whole: Message) -> bool:
    """« Oui, ça m’intéresse », « je veux leur écrire »: no mere « oui » or subject, once one knows what of."""
    request, slug = SUBJECT_OF_REQUEST.get(intent_of(whole)), _slug_of(message)
    # Once it is offered, a « oui » is enough.
    said = request if slug == request else "affirm"
    return request is not None and intent_of(message) == said and "?" not in reading_of(message)


def _is_worth_proposing(message: Message, whole: Message) -> bool:
    """Whether what a message may ask of the subject is better than what it says alone, where neither is sure."""
    text = reading_of(message)
    if intent_of(message) not in NOT_SURE or intent_of(whole) == OFF_TOPIC or goes_elsewhere(text):
        return False
    leans = (points_back(text) or _genre_of(_slug_of(message)) in BROAD_GENRES) and not _is_clearly_off_topic(message)
    return has_no_subject(text) or adds_nothing(text) or leans


def _leads_on(message: Message, whole: Message) -> bool:
    """Whether the message with the subject's name says more than the message alone."""
    text, slug = reading_of(message), _slug_of(message)
    if intent_of(whole) == slug and goes_elsewhere(text):
        return False
    if adds_nothing(text) and (_is_open(message) or intent_of(message) == OTHERS):
        return True
    # « Comment je m’y inscris ? » resembles nothing of ours until one knows what « y » is.
    says_more = points_back(text) and intent_of(whole) != slug and confidence_of(whole) >= SURE_ALONE
    if _is_clearly_off_topic(message) and not (has_no_subject(text) or says_more):
        return False
    if not points_back(text):
        if _genre_of(slug) == BOT:
            return False
        # The name that was added always points to itself: « et Lens ? » is not about the CAF, while « et les
        # commerçants ? » may well be about the conseil citoyen.
        is_asked = _is_open(message) or says_too(text)
        own = () if _genre_of(slug) in BROAD_GENRES and is_asked else (slug,)
        return _is_doubtful(message, whole) and intent_of(whole) not in (*own, *OPEN_INTENTS)
    if _is_open(message):
        return True
    if intent_of(whole) != slug:
        # « Qui y siège ? » asks to join nothing.
        is_request = intent_of(whole) in SUBJECT_OF_REQUEST and _is_subject(message)
        return confidence_of(whole) > confidence_of(message) and not is_request
    least = SURE_BUT_FOR_A_PLACE if stands_for_a_place(text) else SURE_ALONE
    may_come_back = adds_nothing(text) or stands_for_a_name(text) or confidence_of(message) < least
    # « Il y en a un ici ? » is no greeting.
    is_said = is_chat(message) and "?" not in text
    return may_come_back and not is_said and not _is_about_a_list(message)


def _shares(message: Message) -> Counter[str]:
    """How likely each subject is, had the message to be about one: turns of conversation are left out, half at most."""
    shares: Counter[str] = Counter()
    turns = 0.0
    for entry in message.get(INTENT_RANKING_KEY) or ():
        name, share = entry["name"], entry["confidence"]
        if name.startswith("ask_") or name in CHAT:
            turns += share
        else:
            shares[SUBJECT_OF_REQUEST.get(name, name)] += share
    left = 1 - min(turns, MOST_LEFT_OUT)
    return Counter({name: share / left for name, share in shares.items()})


def _subject_of(message: Message) -> str:
    return SUBJECT_OF_REQUEST.get(intent_of(message), intent_of(message))


def _is_doubtful(message: Message, whole: Message) -> bool:
    return _is_open(message) or confidence_of(message) < min(SURE_ALONE, confidence_of(whole))


def _is_clearly_off_topic(message: Message) -> bool:
    return intent_of(message) == OFF_TOPIC and confidence_of(message) >= CLEARLY_OFF_TOPIC


def _is_about_a_list(message: Message) -> bool:
    return str(_metadata(message).get(SLUG)).startswith(LIST_PREFIX)


def _is_turn(message: Message) -> bool:
    """« Le deuxième », « plus simple »: what is asked of the conversation itself."""
    return intent_of(message).startswith("ask_") and intent_of(message) not in OPEN_INTENTS


def _slug_of(message: Message) -> str | None:
    return _metadata(message).get(SLUG)


def _genre_of(slug: str | None) -> str | None:
    fiche = shared_base().by_slug(slug or "")
    return fiche.genre if fiche else None


def _is_open(message: Message) -> bool:
    is_talk = not _is_subject(message) and not intent_of(message).startswith("ask_")
    return (
        not _is_sure(message)
        or has_no_subject(reading_of(message))
        or intent_of(message) in OPEN_INTENTS
        or (is_talk and confidence_of(message) < SURE_CHAT)
    )


def _is_sure(message: Message) -> bool:
    return (message.get(INTENT) or {}).get("name") not in NOT_SURE


def _is_subject(message: Message) -> bool:
    intent = intent_of(message)
    return _is_sure(message) and intent not in CHAT and not intent.startswith(CONVERSATION)


def is_chat(message: Message) -> bool:
    """Whether a message is surely a greeting, thanks, a yes… and asks nothing."""
    return intent_of(message) in CHAT and confidence_of(message) >= SURE_CHAT


def intent_of(message: Message) -> str:
    """The intent of a message; UNKNOWN without one."""
    return str((message.get(INTENT) or {}).get("name") or UNKNOWN)


def confidence_of(message: Message) -> float:
    """How sure that intent is, 0..1."""
    return float((message.get(INTENT) or {}).get("confidence") or 0.0)


def likeliest_of(message: Message) -> str:
    """The intent that is likeliest, sure or not; UNKNOWN without one."""
    ranking = message.get(INTENT_RANKING_KEY) or [{"name": UNKNOWN}]
    return str(ranking[0]["name"])


def leans_on(message: Message) -> str | None:
    """What was told before a message; None at the beginning of a conversation."""
    return _metadata(message).get(SUBJECT)


def is_offered(message: Message) -> bool:
    """Whether something to do was offered before a message."""
    return _metadata(message).get(OFFER) is not None


def _metadata(message: Message) -> dict[str, Any]:
    return (message.get(CLAUSE_OF) or message).get(METADATA) or {}
