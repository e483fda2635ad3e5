"""From a question to its answer: the only place that decides what is said about a subject.

Each question ends in one of four outcomes that the dialogue cares about: answered; unsure (propose two or three
subjects); off-topic or unknown (say so, show what is near, give the way to a person).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from actions.aspects import NOT_OF_THE_PAGE, SERVICE, answer_aspect
from actions.contexte import Contexte
from actions.contrasts import find_compared, find_rest
from actions.detresse import URGENCE, find_distress
from actions.neighbours import (
    CHAT,
    GUESS_NOT_OURS,
    find_guess,
    find_neighbours,
    is_likely_chat,
    is_likely_complaint,
    is_likely_ours,
    is_same_theme,
    share_of_off_topic,
)
from actions.orders import TEXT as ORDER_TEXT
from actions.orders import is_code, is_order
from actions.own_business import is_own_business
from actions.places import answer_place
from actions.questions import Question
from actions.reactions import answer_reaction, react
from actions.telling import (
    MESSAGE_CHOICE,
    MOST_CHOICES,
    MOST_TOLD,
    Answer,
    join_answers,
    make_choices,
    tell,
    tell_all,
    tell_each,
    tell_guess,
    tell_list,
    tell_sujet,
)
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.contacts import format_contact
from knowledge.fiches import Fiche
from knowledge.genres import PROPER_GENRES, find_genre
from knowledge.intents import FOLLOWUP, MORE, OFF_TOPIC, REACTION, SUBJECT_OF_REQUEST, UNKNOWN, UNSURE
from knowledge.list_questions import ASKS_FOR_THEM, FOR_WHAT, INDEFINITE, OF_PEOPLE
from knowledge.ordinals import find_ordinal
from knowledge.reactions import Mood
from knowledge.reference import asks_again, asks_plainer
from knowledge.replies import Reply
from knowledge.text import normalize, typographie

FEW_WORDS = 4
FEW_WORDS_AROUND = 10
# The second subject's share from which two neighbours are both told: when one is not sure, and when one is.
SECOND_SHARE, SURE_SECOND_SHARE = 0.1, 0.25
# « Les collégiens sont-ils soutenus ? » names no member: it is about its second subject, from this share on, where it
# is not surely about a member.
SUBJECT_BESIDE_MEMBER, SURE_MEMBER = 0.1, 0.75
# « Et le Perroy ? »: from this share on, it is asked whether it is one of a list.
LIKELY_MEMBER = 0.5
# Under this share, a theme that a message names is only a word in it.
FAR = 0.05
# From this share on, a subject is a button under « cette question n’est pas de mon ressort ».
NEAR = 0.1
# Below it, a name of the list that is being talked about is better evidence.
CLEARLY_OFF_TOPIC = 0.7

# From this chance on, a follow-up that no reading is sure of is answered rather than asked again.
LIKELY_TOGETHER = 0.5

# « Et Lens ? », « et pour les jeunes »: the message goes on from the last one, whatever it resembles.
GOES_ON = re.compile(r"^(?:et|ou|et pour|et a|et au|et le|et la|et les|et l|et du|et de) \w+(?: \w+){0,2}$")
# « Pas le tribunal, la préfecture »
NOT_THAT = re.compile(r"^(?:non )?pas (?:la|le|les|l|du|de la|de l|des) \w+(?: \w+){1,9}$")
# « Et comment on vous joint ? », « où je demande ? » name nobody.
HOW = re.compile(r"\b(?:comment|pourquoi|combien|quand|quoi|qui|ou (?:je|on|est ce que))\b")
OTHERS = re.compile(r"\bautres?\b")
TURNS = frozenset([FOLLOWUP, MORE, "ask_member", "ask_others", "ask_repeat", "ask_simpler", "dont_know"])
MOST_SHARED_OUT = 0.5
# « Sur la CAF », « et pour l’ARS »: what stands before a name.
ARTICLES = frozenset(normalize("et ou le la les l un une du de des d sur pour à au aux avec concernant").split())
WHO = re.compile(r"(?:(?:et|alors|mais|donc) )*(?:avec )?(?:qui|quel(?:le)?s|lesquel(?:le)?s|combien)\b")
EITHER = re.compile(r"\bou\b", re.IGNORECASE)
WHICH = re.compile(r"\b(?:lesquels|lesquelles)\b")
# Genres of which one asks « X en fait-il partie ? », with the words that say which.
MEMBER_WORDS = {
    "partenaire": r"partenaires?|signe\w*|signataires?|partenariat|participe\w*|contrat|engage\w*|associe\w*"
    r"|avec vous|a vos cotes|travaill\w+|collabor\w+|dans le (?:coup|lot)",
    "quartier": r"quartiers?|concerne\w*|ville|village|centre|cite|zone|secteur|habite\w*|coin|hameau|faubourg"
    r"|commune\w*|inclus\w*|compris\w*|retenus?|perimetre|dispositif|prioritaires?|dedans",
}
# A fiche of these genres is what a message is about when it names one and nothing else.
NOTION = "notion"
NAMED_GENRES = ("quartier", "partenaire", "domaine", "objectif", "axe")
# « Je vis à Lens, est-ce concerné par le contrat ? » is about a place, whatever else it names.
LIVED_IN = re.compile(
    r"\b(?:habit\w+|vi[st]|viv\w+|log\w+)\b.*\bconcerne\w*|\bconcerne\w*\b.*\b(?:communes?|villages?|seulement)\b"
)
NOT_A_MEMBER = {
    "quartier": "Non : la page de la ville ne nomme pas ce lieu.",
    "partenaire": "La page de la ville ne cite pas cet organisme.",
}
ELSEWHERE = "Je réponds seulement sur la politique de la ville d’ici. Pour une autre ville, demandez à sa mairie."
OWN_BUSINESS = (
    "Je n’ai accès à aucun dossier, et je ne sais pas ce que décide chaque organisme : c’est à lui qu’il faut le "
    "demander. Je réponds sur la politique de la ville."
)
ALL_THERE_IS = (
    "Je n’ai que ce que dit la page de la Ville, et cela ne répond peut-être pas à votre question : le service pourra "
    "vous en dire plus."
)
STREET = re.compile(r"\b(?:adresse|immeuble|batiment|rue|avenue|boulevard|impasse|allee|chemin|residence)\b")
# Beside the name of a quartier, a number makes an address, and whoever speaks of where they live asks about theirs: a
# « oui » would rule on it.
HOUSE_NUMBER = re.compile(r"(?<!\ben )(?<!\bdepuis )\b\d{1,4}\b(?! ans\b)")
LIVES_IN_A_STREET = re.compile(
    r"^(?:(?:moi|bah|ben|et|oui|non|mais|bonjour) )*"
    r"(?:(?:j|on|nous) habit\w+|je vis|je loge|mon adresse (?:c )?est)\b.{0,20}"
    r"\b(?:rue|avenue|boulevard|impasse|allee|chemin|residence|place|cite)\b.{0,30}$"
)
# « Peux-tu me rappeler les axes ? » asks for the axes.
CALL_BACK = re.compile(
    r"\b(?:me|m|nous) (?:rappeler|recontacter|telephoner|appeler"
    r"|mettre en (?:relation|contact) avec (?:vous|le service|la mairie|quelqu un|une? (?:agente?|personne|humain)))"
    r"(?: (?:demain|lundi|ce soir|plus tard|svp|stp|s il vous plait))*$"
)
QPV, COUNCIL = "quartier_prioritaire", "conseil_citoyen"
HOW_TO = re.compile(r"\b(?:comment|marche a suivre|demarches?|etapes|que (?:faire|dois je faire|faut il(?: faire)?))\b")
JOINS = re.compile(r"\b(?:siege\w*|entrer|rejoindre|integrer|devenir|en etre|envie|(?:me|la|le) tente)\b")
WHERE = re.compile(r"\bdans (?:la |le |les |l[’'])?$", re.IGNORECASE)
ME_TOO = re.compile(
    r"\bet (?:moi|nous)$|\b(?:le suis je|suis je (?:aussi|dedans)|(?:est ce|c est) (?:aussi )?mon cas)\b"
)
GETS = re.compile(
    r"\b(?:(?:ai|a|avons|avoir|donne) (?:(?:t|je|il|elle|on|nous|un|des) )*droits?|avantages?|primes?|reductions?|"
    r"ristournes?|remises?|bourses?|exoner\w+|moins cher|gratuit\w*|(?:r)?apporte\w*)\b"
)
LIVES = re.compile(r"\b(?:habit\w+|vi[st]|viv\w+|log[eo]\w*)\b")
NOT_SURE = frozenset([UNSURE, UNKNOWN, OFF_TOPIC])
HOME = re.compile(r"\b(?:j|je|suis|mon|ma|mes|nous|notre|habit\w+|chez)\b")


def answer_message(questions: Sequence[Question], whole: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """Answer a message; distress before all else, and alone."""
    distress = find_distress((whole, *questions), base)
    if distress.is_sure(whole):
        return Answer(distress.alerts(base), contexte, is_private=True)
    answer = _answer_questions([_without_urgence(question, base) for question in questions], whole, contexte, base)
    if answer.is_answered or not distress.is_possible:
        return answer
    first, *others = answer.replies
    return replace(answer, replies=(replace(first, text=distress.warn(first.text)), *others), is_private=True)


def _without_urgence(question: Question, base: KnowledgeBase) -> Question:
    """A question that the classifier takes for distress without being sure enough of it is not understood."""
    fiche = base.by_slug(question.intent)
    return replace(question, intent=UNSURE) if fiche and fiche.genre == URGENCE else question


def _answer_questions(
    questions: Sequence[Question], whole: Question, contexte: Contexte, base: KnowledgeBase
) -> Answer:
    """Answer each question of a message, three at most; as one question when its parts say nothing alone."""
    if is_code(whole):
        return _send_away(ORDER_TEXT, (), contexte, base)
    if len(questions) == 1:
        return answer_question(questions[0], contexte, base)
    answers: list[Answer] = []
    for question in questions:
        answer = answer_question(question, contexte, base)
        is_story = not answer.is_answered and "?" in whole.text and "?" not in question.text
        is_said = any(answer.contexte.sujets == earlier.contexte.sujets and answer.is_answered for earlier in answers)
        if not (is_story or is_said):
            answers.append(answer)
        contexte = answer.contexte
    if not any(answer.is_answered for answer in answers):
        return answer_question(_without_urgence(whole, base), contexte, base)
    answers = sorted(answers, key=lambda answer: not answer.is_answered)
    joined = join_answers(answers[:MOST_TOLD])
    if len(answers) > MOST_TOLD:
        text = f"J’ai répondu à vos {MOST_TOLD} premières questions. Posez-moi la suite dans un autre message."
        joined = replace(joined, replies=(*joined.replies, Reply("clarify", typographie(text))))
    return joined


def answer_question(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """Answer one question in the light of what came before."""
    if is_order(question):
        return _send_away(ORDER_TEXT, (), contexte, base)
    turns = (answer_reaction, answer_aspect, _answer_once_more)
    turned = next((answer for turn in turns if (answer := turn(question, contexte, base))), None)
    if turned:
        return turned
    if base.homonyms.is_in(question.reading, _find_likeliest(question)):
        return _answer_off_topic(replace(question, ranking=(), weights=()), contexte, base)
    is_ours = contexte.genre is not None or question.intent != OFF_TOPIC or not _is_clearly_off_topic(question)
    placed = answer_place(question, contexte, base) if is_ours else None
    if placed:
        return placed
    compared, rest = (find_compared(question), find_rest(question, base)) if is_ours else ((), None)
    if compared or rest:
        return tell_all(compared, base) if compared else tell_list(str(rest), base)
    goes_on = contexte.genre in NOT_A_MEMBER and GOES_ON.match(normalize(question.reading))
    if goes_on and question.intent in NOT_SURE:
        return _answer_followup(question, contexte, base)
    if _is_about_elsewhere(question, base):
        return _send_away(ELSEWHERE, (), contexte, base)
    if question.intent in NOT_SURE and LIVES_IN_A_STREET.search(normalize(question.outside_names("quartier"))):
        return tell(base.fiches["verifier_adresse"], base)
    named = question.names(*NAMED_GENRES, NOTION)
    if NOT_THAT.match(normalize(question.reading)) and len(named) > 1:
        return tell(base.fiches[named[-1]], base)
    if is_own_business(question) and not _is_a_request(question, base):
        return _send_away(OWN_BUSINESS, question.names("partenaire"), contexte, base)
    beside = _find_asked_for_oneself(question, base)
    if beside:
        return tell(base.fiches[beside], base)
    is_asked_of_nothing = question.ranking[:1] == (MORE,) and not contexte.sujets
    handler = _answer_more if is_asked_of_nothing else HANDLERS.get(question.intent, _answer_subject)
    answer = handler(question, contexte, base)
    if answer.is_answered or question.intent not in NOT_SURE:
        return answer
    return _answer_together(question, contexte, base) or answer


def _is_about_elsewhere(question: Question, base: KnowledgeBase) -> bool:
    """« Le contrat de ville de Lyon »; not « Lens est concerné ? », which is answered no, nor « l’ARS de Lille »."""
    is_member = question.intent.startswith("ask_") or _is_likely_a_member(question)
    is_ours = question.names("partenaire") or is_member
    return not is_ours and base.ailleurs.is_asked_about(question.outside_names("quartier"))


def _find_asked_for_oneself(question: Question, base: KnowledgeBase) -> str | None:
    """What somebody asks for themselves of what they name: « ai-je une remise en habitant là ? » asks for the aids,
    « mon voisin est en quartier prioritaire, et moi ? » about an address, « comment y siéger ? » how to join."""
    likeliest = base.by_slug(_find_likeliest(question))
    said = normalize(question.reading)
    if CALL_BACK.search(said):
        return "contacter_service"
    if likeliest is not None and likeliest.slug == COUNCIL:
        return "rejoindre_conseil_citoyen" if HOW_TO.search(said) and JOINS.search(said) else None
    if likeliest is None or (likeliest.genre != "quartier" and likeliest.slug != QPV):
        return None
    if likeliest.genre == "quartier" and LIVES.search(said) and GETS.search(said):
        return "aides_et_avantages"
    return "verifier_adresse" if ME_TOO.search(said) else None


def _find_likeliest(question: Question) -> str:
    return question.intent if question.intent not in NOT_SURE else (*question.ranking, "")[0]


def _is_a_request(question: Question, base: KnowledgeBase) -> bool:
    """Whether a message asks for somebody to talk to, or about the assistant, most likely."""
    likeliest = _find_likeliest(question)
    fiche = base.by_slug(SUBJECT_OF_REQUEST.get(likeliest, likeliest))
    return fiche is not None and (fiche.genre == "bot" or fiche.slug in SUBJECT_OF_REQUEST.values())


def _is_likely_a_member(question: Question) -> bool:
    is_likely = question.ranking[:1] == ("ask_member",) and question.weights[:1] >= (LIKELY_MEMBER,)
    return is_likely and find_genre(question.reading, MEMBER_WORDS) is not None


def is_about_us(question: Question, base: KnowledgeBase) -> bool:
    """Whether a message asks for knowledge (a subject, a list, a rank…) rather than answers the assistant."""
    asks = question.intent in ("ask_member", FOLLOWUP, "ask_ordinal", "ask_others")
    return asks or question.intent.startswith(LIST_PREFIX) or base.by_slug(question.intent) is not None


def suggest_subjects(base: KnowledgeBase, contexte: Contexte) -> Answer:
    """For someone who does not know what to ask: the main subjects."""
    slugs = ("list_quartier", "conseil_citoyen", "list_domaine")
    text = "Je peux par exemple vous parler de :"
    return Answer((Reply("clarify", typographie(text), choices=make_choices(slugs, base)),), contexte)


def confirm(contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """What a « oui » gets: the subject that was offered, or which one of several; None when none was."""
    if len(contexte.offered) > 1:
        text = "Lequel de ces sujets vous intéresse ?"
        return Answer((Reply("clarify", typographie(text), choices=make_choices(contexte.offered, base)),), contexte)
    return tell_sujet(contexte.offered[0], base) if contexte.offered else None


def _answer_subject(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    if question.intent.startswith(LIST_PREFIX):
        return _answer_list(question, contexte, base)
    fiche = base.by_slug(SUBJECT_OF_REQUEST.get(question.intent, question.intent))
    if fiche is None:
        return _answer_unknown(question, contexte, base)
    together = question.names_together(*NAMED_GENRES) or question.names_together(NOTION)
    if fiche.slug in together:
        return tell_all(together, base)
    if _is_less_than_its_name(fiche, question):
        return tell(base.fiches[question.ranking[1]], base)
    neighbours = find_neighbours(question, base, SURE_SECOND_SHARE)
    if neighbours and not is_same_theme(neighbours, base):
        return tell_all(neighbours, base)
    if fiche.genre == "quartier" and HOUSE_NUMBER.search(normalize(question.outside_names("quartier"))):
        return tell(base.fiches["verifier_adresse"], base)
    if fiche.genre == "quartier" and question.names("partenaire"):
        # « Que fait l’ANRU au Mont-Liébaut ? » asks about the ANRU.
        return tell(base.fiches[question.names("partenaire")[0]], base)
    named = _names_asked_about(fiche.genre, question) if fiche.genre in PROPER_GENRES else ()
    # A name is stronger evidence than a resemblance: « et l’ARS ? » is not about the CAF.
    return tell(fiche if not named or fiche.slug in named else base.fiches[named[0]], base)


def _names_asked_about(genre: str, question: Question) -> tuple[str, ...]:
    """Names of a genre but for what says only where: « l’agence de santé dans la région »."""
    asked = [n for n in question.named if n.genre == genre and not WHERE.search(question.text[: n.start])]
    return tuple(dict.fromkeys(named.slug for named in asked))


def _is_less_than_its_name(fiche: Fiche, question: Question) -> bool:
    """Whether a subject that is not quite sure is beside another that the message names: « le cadre de vie ».

    The place where one lives is said in passing: « une réduction parce que j’habite rue de Lille ».
    """
    if fiche.genre in ("notion", "demarche") and LIVES.search(normalize(question.reading)):
        return False
    named, second = question.names(*NAMED_GENRES) if question.has_own_name else (), question.ranking[1:2]
    is_sure = not question.weights or question.weights[0] >= CLEARLY_OFF_TOPIC
    is_near = question.weights[1:2] >= (SURE_SECOND_SHARE,) or not question.weights
    return fiche.slug not in named and len(second) == 1 and named == second and is_near and not is_sure


def _answer_list(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    genre = question.intent.removeprefix(LIST_PREFIX)
    members = question.names(genre)
    # « L’école m’a dit de demander, quels sont vos domaines ? » names one in passing.
    is_named = genre in PROPER_GENRES or len(question.text.split()) <= FEW_WORDS_AROUND
    # « Qui a signé avec l’État ? » asks for the others.
    if len(members) == 1 and is_named and not WHO.match(normalize(question.reading)):
        return _confirm(question, members, base)
    return tell_list(genre, base)


def _answer_member(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """« La CAF est partenaire ? » yes, or no with those who are."""
    genre = "quartier" if LIVED_IN.search(normalize(question.reading)) else find_genre(question.reading, MEMBER_WORDS)
    members = question.names("partenaire", "quartier")
    if genre is None:
        members = members or question.names("domaine", "objectif", "axe")
    if members:
        return _confirm(question, members, base)
    said = normalize(question.reading)
    if STREET.search(said) or (contexte.genre == "quartier" and HOUSE_NUMBER.search(said)):
        return tell(base.fiches["verifier_adresse"], base)
    genre = genre or contexte.genre
    if genre in NOT_A_MEMBER:
        return tell_list(genre, base, lead="" if ASKS_FOR_THEM.search(said) else NOT_A_MEMBER[genre])
    is_doubtful = question.weights[:1] < (SURE_MEMBER,) and question.weights[1:2] >= (SUBJECT_BESIDE_MEMBER,)
    if is_doubtful and find_guess(question, base):
        return _answer_unsure(question, contexte, base)
    return _answer_unsure(replace(question, ranking=("list_quartier", "list_partenaire")), contexte, base)


def _confirm(question: Question, members: Sequence[str], base: KnowledgeBase) -> Answer:
    """« Oui », for members that the page names; an address is never ruled on."""
    genre = base.fiches[members[0]].genre
    said = normalize(question.outside_names(genre))
    if genre == "quartier" and (STREET.search(said) or HOUSE_NUMBER.search(said)):
        return tell(base.fiches["verifier_adresse"], base)
    lead = "" if genre == "quartier" and HOME.search(said) else "Oui."
    return tell_each(members, base, lead)


def _answer_followup(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """« Et la CAF ? », « et pour la santé ? », « et le centre-ville ? »."""
    named = question.names(contexte.genre) if contexte.genre else ()
    named = named or question.names()
    if named:
        return tell_each(named, base)
    said = normalize(question.reading)
    if OF_PEOPLE.match(said):
        # Whether somebody lives in a quartier is a matter of address.
        at_home = tell(base.fiches["verifier_adresse"], base) if contexte.genre == "quartier" else None
        return at_home or _answer_unsure(question, contexte, base)
    is_in_a_list = contexte.genre in NOT_A_MEMBER or find_genre(question.reading, MEMBER_WORDS)
    # « Et pour apprendre le français ? » asks for no member.
    if is_in_a_list and not (HOW.search(said) or FOR_WHAT.search(said) or INDEFINITE.match(said)):
        return _answer_member(question, contexte, base)
    return _answer_unsure(question, contexte, base)


def _answer_others(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    genre = contexte.genre or (_find_list_of(contexte, base) if OTHERS.search(normalize(question.reading)) else None)
    if genre is None:
        return suggest_subjects(base, contexte)
    was_list = contexte.sujets == (LIST_PREFIX + genre,)
    lead = "La page n’en nomme pas d’autres." if was_list else ""
    return tell_list(genre, base, lead=lead)


def _find_list_of(contexte: Contexte, base: KnowledgeBase) -> str | None:
    """The list of those whom what was just told speaks of: the partners, of the contract that they sign."""
    told = contexte.sujets[-1] if contexte.sujets else ""
    return next((genre for genre in NOT_A_MEMBER if base.are_neighbours(told, LIST_PREFIX + genre)), None)


def _answer_again(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    return _repeat(contexte, base, lambda reply: reply)


def _answer_simpler(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    return _repeat(contexte, base, lambda reply: replace(reply, text=reply.simple or reply.text))


def _answer_more(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """« Et concrètement, ça donne quoi ? »: what the page says of what was just told is all that there is."""
    if not contexte.sujets:
        answer = _answer_unsure(question, contexte, base)
        return answer if answer.is_answered else _answer_unknown(question, contexte, base)
    chances = dict(question.together)
    told = max(contexte.sujets[::-1], key=lambda sujet: chances.get(sujet, 0.0))
    fiche = base.by_slug(told)
    # What the assistant says of itself and a number to call are not on the page; the service needs no pointing to it.
    is_on_the_page = fiche is None or (fiche.genre not in NOT_OF_THE_PAGE and told != SERVICE)
    answer = tell_sujet(told, base, ALL_THERE_IS if is_on_the_page else "")
    first, *more = answer.replies
    first = replace(first, choices=first.choices or (MESSAGE_CHOICE,))
    return replace(answer, replies=(first, *more), contexte=contexte, offre=answer.offre or "message")


def _answer_reaction(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    return react(Mood.HEARD, contexte, base)


def _answer_once_more(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Redites-le plus simplement »: what was told, of a message that names nothing else."""
    names = question.has_own_name or find_genre(question.reading)
    ways = ((asks_plainer, _answer_simpler), (asks_again, _answer_again))
    way = next((way for asks, way in ways if asks(question.reading)), None)
    # « Le deuxième en plus simple » is another one.
    is_asked = way is not None and contexte.sujets and not names and find_ordinal(question.reading) is None
    return way(question, contexte, base) if way and is_asked else None


def _repeat(contexte: Contexte, base: KnowledgeBase, change: Callable[[Reply], Reply]) -> Answer:
    if not contexte.sujets:
        text = "Je n’ai encore rien dit. Posez-moi votre question."
        return Answer((Reply("smalltalk", typographie(text)),), contexte)
    answer = join_answers([tell_sujet(sujet, base) for sujet in contexte.sujets])
    return replace(answer, replies=tuple(change(reply) for reply in answer.replies), contexte=contexte)


def _answer_unsure(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """Two or three subjects to choose from, unless a name or the conversation settles it."""
    question = _merge_requests(question)
    together = question.names_together(*NAMED_GENRES) or question.names_together(NOTION)
    if together and not EITHER.search(question.reading):
        return tell_all(together, base)
    # « Que fait l’ANRU au Mont-Liébaut ? » asks about the ANRU.
    named = question.names(*(NAMED_GENRES[1:] if question.names("partenaire") else NAMED_GENRES))
    if named and not is_likely_ours(question):
        # « Changer de conseiller à Pôle emploi »: a name of ours in somebody's own business with it.
        return _answer_unknown(question, contexte, base)
    is_meant = len(question.text.split()) <= FEW_WORDS_AROUND or bool({*named} & {*question.ranking})
    if len(named) == 1 and is_meant and not _is_said_in_passing(named[0], question, base):
        return tell(base.fiches[named[0]], base)
    neighbours = find_neighbours(question, base, SECOND_SHARE)
    if neighbours:
        return tell_all(neighbours, base)
    if contexte.genre and WHICH.search(normalize(question.reading)):
        return tell_list(contexte.genre, base)
    if is_likely_chat(question):
        return react(Mood.SORRY if is_likely_complaint(question) else Mood.HEARD, contexte, base)
    if share_of_off_topic(question) >= GUESS_NOT_OURS:
        return _answer_off_topic(question, contexte, base)
    guess = find_guess(question, base)
    if guess:
        return tell_guess(guess, question.ranking[1:], base)
    if _is_likely_a_member(question):
        return _answer_member(question, contexte, base)
    if question.has_own_name and question.names(NOTION)[:1] == question.ranking[:1]:
        return tell_guess(question.ranking[0], question.ranking[1:], base)
    subjects = [*question.names(), *question.ranking]
    choices = make_choices(dict.fromkeys(subjects), base)
    if not choices:
        return _answer_unknown(question, contexte, base)
    text = "Je ne suis pas sûr d’avoir compris. Voulez-vous parler de :"
    return Answer((Reply("clarify", typographie(text), choices=choices),), contexte, is_answered=False)


def _answer_together(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """What a follow-up is likely about, all its readings together, where none of them is sure; never an urgence."""
    subject, chance = (*question.together, ("", 0.0))[0]
    fiche = base.by_slug(subject)
    is_urgence = fiche is not None and fiche.genre == URGENCE
    if chance < LIKELY_TOGETHER or is_urgence or {*question.ranking[:1]} & CHAT:
        return None
    if subject == OFF_TOPIC:
        return _answer_off_topic(question, contexte, base)
    if subject in contexte.sujets:
        return _answer_more(question, contexte, base)
    return tell_guess(subject, question.ranking, base)


def _merge_requests(question: Question) -> Question:
    """The question with the weight of « I want to be called » added to that of what it is about.

    Turns of conversation that come behind a subject (« et… ? », « je ne sais pas ») share their weight out among all.
    """
    shares: dict[str, float] = {}
    ranked = tuple(zip(question.ranking, question.weights, strict=False))
    turns = {intent: share for intent, share in ranked if intent in TURNS and (intent, share) != ranked[0]}
    turns |= {intent: share for intent, share in ranked if intent in (FOLLOWUP, MORE)}
    for intent, share in ranked:
        if intent in turns:
            continue
        share /= 1 - min(sum(turns.values()), MOST_SHARED_OUT)
        subject = SUBJECT_OF_REQUEST.get(intent, intent)
        shares[subject] = shares.get(subject, 0.0) + share
    merged = sorted(shares.items(), key=lambda item: -item[1])
    if len(merged) == len(question.ranking) or not merged:
        return question
    return replace(question, ranking=tuple(name for name, _ in merged), weights=tuple(share for _, share in merged))


def _is_said_in_passing(slug: str, question: Question, base: KnowledgeBase) -> bool:
    """« Mon commerce est rue de Lille, comment siéger au conseil citoyen ? » asks for something else, and « quel
    partenaire pour la santé ? » for a partner."""
    likeliest, theme = base.by_slug(question.ranking[0]) if question.ranking else None, base.fiches[slug].genre
    if likeliest is not None and theme != likeliest.genre == find_genre(question.reading, MEMBER_WORDS):
        return True
    fiche = base.by_slug(find_guess(question, base) or "")
    if fiche is None or fiche.genre not in ("notion", "demarche"):
        return False
    # « Mon immeuble est-il en QPV ? » holds the word of a theme, and is nowhere near it.
    is_far = dict(zip(question.ranking, question.weights, strict=False)).get(slug, 0.0) < FAR
    return theme == "quartier" or (theme not in PROPER_GENRES and is_far)


def _answer_unknown(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """Say that one does not know, show what is near, give the way to a person."""
    named = question.names()
    if named and len(question.text.split()) <= FEW_WORDS:
        return tell(base.fiches[named[0]], base)
    near = [match.fiche.slug for match in base.search(question.reading, MOST_CHOICES)]
    text = "Je n’ai pas trouvé de réponse à cette question. Je réponds sur la politique de la ville."
    if near:
        text += " Ces sujets s’en approchent peut-être."
    return _send_away(text, near, contexte, base)


def _answer_off_topic(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer:
    if contexte.genre and question.names(contexte.genre) and not _is_clearly_off_topic(question):
        return _answer_followup(question, contexte, base)
    named = question.names(*NAMED_GENRES)
    if len(named) == 1 and question.is_a_name(ARTICLES):
        return tell(base.fiches[named[0]], base)
    text = (
        "Cette question n’est pas de mon ressort. Je réponds sur la politique de la ville : les quartiers concernés, "
        "les partenaires, le contrat de ville, les conseils citoyens."
    )
    shares = zip(question.ranking, question.weights, strict=False)
    near = [name for name, share in shares if share >= NEAR and name != OFF_TOPIC]
    return _send_away(text, near, contexte, base)


def _is_clearly_off_topic(question: Question) -> bool:
    return bool(question.weights) and question.weights[0] >= CLEARLY_OFF_TOPIC


def _send_away(text: str, near: Iterable[str], contexte: Contexte, base: KnowledgeBase) -> Answer:
    reply = Reply(
        "fallback",
        typographie(f"{text}\n\n{format_contact(base.contact)}"),
        choices=(*make_choices(near, base), MESSAGE_CHOICE),
    )
    return Answer((reply,), contexte, offre="message", is_answered=False)


HANDLERS: dict[str, Callable[[Question, Contexte, KnowledgeBase], Answer]] = {
    "ask_member": _answer_member,
    FOLLOWUP: _answer_followup,
    "ask_ordinal": _answer_followup,
    "ask_others": _answer_others,
    MORE: _answer_more,
    REACTION: _answer_reaction,
    "ask_repeat": _answer_again,
    "ask_simpler": _answer_simpler,
    UNSURE: _answer_unsure,
    UNKNOWN: _answer_unknown,
    OFF_TOPIC: _answer_off_topic,
}
