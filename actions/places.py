"""Which one of a list is meant: by its rank, beside the one just told, or by what it deals with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.contexte import Contexte
from actions.neighbours import CHAT
from actions.questions import Question
from actions.telling import (
    MOST_TOLD,
    Answer,
    join_answers,
    make_choices,
    tell,
    tell_all,
    tell_each,
    tell_list,
    tell_sujet,
)
from knowledge.base import LIST_PREFIX, KnowledgeBase
from knowledge.fiches import Fiche
from knowledge.genres import GENRE_WORDS, find_genre
from knowledge.intents import UNSURE
from knowledge.ordinals import NUMBER_WORDS, RANK_WORDS, find_number, find_ordinal, find_ordinals, is_only_a_rank
from knowledge.reference import may_lean
from knowledge.replies import Reply
from knowledge.search import rank as rank_fiches
from knowledge.text import normalize, typographie

MOST_WORDS = 5
_ONE = r"(?:celui|celle|lequel|laquelle|l autre|axe|priorite|domaine|objectif|partenaire)"
STEPS = {
    r"suivante?s?": 1,
    r"prochaine?": 1,
    rf"{_ONE} (?:(?:d )?(?:juste|encore|qui vient) )?(?:d )?apres": 1,
    r"^(?:et )?(?:juste )?apres (?:lui|elle|celui la|celle la)$": 1,
    r"^(?:et )?(?:juste )?avant (?:lui|elle|celui la|celle la)$": -1,
    rf"{_ONE} (?:qui suit|vient (?:apres|ensuite)|qui vient (?:juste )?apres)": 1,
    r"precedente?": -1,
    rf"{_ONE} (?:qui vient )?(?:juste )?(?:d )?avant": -1,
}
# What people put around a question on a list.
_FILLERS = (
    r"et|alors|bon|ben|bah|mais|donc|ok|du coup|sinon|aussi|svp|stp|s il (?:te|vous) plait|deja|maintenant|en fait"
)
_BEFORE, _AFTER = re.compile(rf"^(?:(?:{_FILLERS}) )+"), re.compile(rf"(?: (?:{_FILLERS}))+$")
# « Lequel s’occupe de la santé ? », « laquelle parle du logement ? »: one of the list that was just given.
WHICH_ONE = re.compile(
    r"^(?:(?:et|alors|bon|mais|donc|dans le lot|la dedans) )*(?:c est )?"
    r"(?:(?:lequel|laquelle|lesquels|lesquelles|le ?quel)(?: (?:d entre eux|de ces \w+|des \w+))?"
    r"|qui (?:d entre eux|parmi eux|de la liste|dans la liste|dans le lot)) (?=\w)"
)
# « Les 3 objectifs », « tous les dix axes »: the list, and no rank in it.
ALL_OF = re.compile(
    rf"^(?:\S+ ){{0,4}}(?:les|vos|tous|toutes) (?P<count>\d{{1,2}}|{'|'.join(NUMBER_WORDS)}) "
    rf"(?P<members>{'|'.join(GENRE_WORDS.values())})(?: \S+){{0,4}}$"
)
# « Retour à la liste », « remontre la liste »
THE_LIST_AGAIN = re.compile(
    r"^(?:(?:ok|bon|non|alors|et) )*"
    r"(?:retour|revien\w*|reven\w*|retourn\w*|remontre\w*|redonn\w*|re?affich\w*|montre\w*|donne\w*)(?: moi)?(?: a)?"
    r" (?:la|toute la) liste(?: (?:svp|stp|s il \w+ plait|complete))?$"
)
HOW_MANY = re.compile(r"\b(?:y en a combien|combien (?:il )?y en a|(?:ils|elles) sont combien|ca en fait combien)\b")
WHICH_ONES = re.compile(
    r"^(?:ah bon )?(?:(?:c est|ce sont) )?(?:lesquels|lesquelles)(?: (?:exactement|precisement|au juste))?$"
)
# « Et moi j’y suis ? », « je suis dedans ? », after a quartier.
AT_HOME = re.compile(
    r"^(?:(?:et|mais|ok|alors|donc) )*(?:(?:moi|nous|chez (?:moi|nous)) )?"
    r"(?:(?:est ce que )?(?:j|on|nous) (?:y (?:suis|est|sommes)|en (?:suis|fais partie|fait partie|sommes))"
    r"|(?:est ce que )?(?:je suis|on est|nous sommes|suis je|sommes nous)"
    r" (?:dedans|dans le perimetre|concernee?s?|inclus\w*))"
    r"(?: (?:moi|nous|aussi|ou pas|ou non|dedans))*$"
)
# « Le second, est-il aussi dans le contrat ? »
OPENS_WITH_A_RANK = re.compile(
    r"^\W*(?:et )?l[ae] (?:premi[eè]re?|second|seconde|\w+i[eè]me|derni[eè]re?)\s*,", re.IGNORECASE
)
# « Lis-moi l’axe »: the one just told.
THAT_ONE = re.compile(
    r"^(?:(?:re)?(?:lis|lisez|dis|dites)|montre\w*|donne\w*|explique\w*|detaille\w*|developpe\w*|resume\w*|c est quoi)"
    r"(?: moi)? (?:l|cet|cette|ce|le|la) (?:axe|priorite|domaine|objectif|partenaire|quartier)$"
)
# « Les deux autres ? »
THE_OTHERS = re.compile(r"^(?:c est quoi |quels sont |quelles sont )?les (?:deux|trois|2|3) autres$")
# « Tu m’as dit quoi au premier ? », « reviens au premier sujet »: of what was told, not of a list.
GOES_BACK = re.compile(
    r"\b(?:c etait|deja|redi\w+|repet\w+|redonn\w+|revien\w*|reven\w*|retourn\w*|sujet|question|reponse"
    r"|(?:tu as|vous avez|t as|j ai) (?:dit|parle|demande))\b"
)
OF_TWO = re.compile(r"\b(?:des|de ces|parmi les|entre les) deux\b")
BOTH = re.compile(
    r"\b(?:(?:eux|elles|tous|toutes) (?:les )?deux)\b|^(?:(?:ben|bah|et|oui|non|alors) )*les (?:deux|2)\b(?! \w*s\b)"
)
THE_OTHER = re.compile(r"\b(?:l autre|le second)\b(?! (?:jour|fois))")
# « C’est quel axe ? », « quel numéro d’axe ? », « c’est l’axe combien ? »
WHICH_PLACE = re.compile(
    r"^(?:(?:et|ok|alors|mais|donc|du coup) )*(?:c est (?:dans |pour |sur )?)?(?:(?:dans )?quel(?:le)? "
    r"(?:est (?:le|son) )?(?:numero d |numero de l )?(?:axe|priorite|domaine|objectif|theme)"
    r"|(?:l |le |la )(?:axe|priorite|domaine|objectif|theme) (?:combien|numero combien|lequel)"
    r"|l[ae] (?:combientieme|quantieme) (?:axe|priorite|domaine|objectif|theme)"
    r"|(?:dans|parmi) (?:les|vos) (?:axes|priorites|domaines|objectifs|themes)"
    r".{0,30} (?:dessus|la dessus|pour ca|sur ca)"
    # « C’est un axe ? », « y a un axe dessus ? »
    r"|(?:est ce (?:que c est )?|c est )(?:bien |aussi )?(?:dans )?une? (?:axe|priorite|domaine|objectif|theme)"
    r"|(?:est ce qu )?(?:il )?y a (?:un|une) (?:axe|priorite|domaine|objectif|theme) (?:la )?(?:dessus|pour ca|sur ca))"
    r"\b(?: .{0,12})?$"
)
# « C’est quel numéro ? », of an axe.
WHICH_NUMBER = re.compile(
    r"^(?:(?:et|ok|alors) )*(?:c est )?(?:quel|le|a quel) numero(?: combien| deja)?"
    r"(?: dans \w+ axes)?$"
)
# « Lequel de vos partenaires s’occupe de la santé ? »: one of the list that the question names.
WHO_DEALS = re.compile(
    r"\b(?:qui|lequel|laquelle|lesquels|lesquelles|quel(?:le)?s? (?:partenaires?|signataires?))\b.{0,30}"
    r"\b(?:s occup\w+|gere\w*|(?:en |est )charge\w*|travaill\w+ (?:sur|pour)|(?:est|sont) (?:la )?pour)\b(?: d\w*)?"
)
OF_WHAT = re.compile(
    r"^(?:et )?(?:celui |celle |ceux |celles )?"
    r"(?:de la |de l |du |des |d |pour la |pour le |pour les |pour l )(?=\w+(?: \w+)?$)"
)
ALSO = re.compile(r"^(?:(?:celui|celle) )?(?:de|du|des|d|pour|sur|et)\b(?: (?:la|le|les|l))?(?= \w+(?: \w+)?$)")
# « Et la santé, c’est lequel ? », « pour les écoles c’est qui ? », « la sécurité, elle est à quel rang ? »
THEN_WHICH = re.compile(
    r"^(?:(?:et|mais|ok|alors|sinon) )*+(?:(?:pour|dans|sur) )?+"
    r"(?!(?:c est|ca|il|elle|ils|elles|celui|celle|on|qui|quel\w*)\b)"
    r"(?P<theme>\w+(?: \w+){0,4}?)"
    r" (?:(?:c est|ce serait|elle est|il est|elles sont|ils sont) (?:a |dans |sur |pour )?)?"
    r"(?:lequel|laquelle|lesquels|lesquelles|qui|quel(?:le)? (?:rang|place|numero|axe|priorite|domaine|partenaire))"
    r"(?: (?:alors|du coup|deja|svp|stp|l axe|c est|s en occupe|s en charge|qui s en occupe))*$"
)
# « Quel partenaire pour ça ? », « qui s’en occupe ? »: of what was just told.
OF_THAT = re.compile(
    r"^(?:(?:et|ok|alors|mais|donc|du coup) )*(?:c est )?(?:(?:qui|quel(?:le)?s?|lequel|lesquels)\b.{0,20}"
    r"\b(?:partenaires?|organismes?|institutions?|structures?|administrations?)\b.{0,20}"
    r"\b(?:(?:pour|sur) ca|dessus|de ca|s en occup\w*|en charge|concerne\w*|competent\w*|implique\w*|porte\w*)"
    r"|qui (?:\w+ ){1,2}(?:pour ca|sur ca|la dessus|dessus|contre ca)"
    r"|qui (?:est ce qui )?s en (?:occup|charg)\w*(?: chez (?:vous|eux))?|qui (?:gere|fait) ca)$"
)
BESIDE_A_LIST = re.compile(
    rf"\b(?:{'|'.join(GENRE_WORDS.values())})\b(?: \w+){{0,4}} (?:{RANK_WORDS})\b"
    rf"|\b(?:{RANK_WORDS})\b(?: \w+){{0,2}} (?:{'|'.join(GENRE_WORDS.values())})\b"
)
# « Il est signataire ? », « c’est un quartier prioritaire ? »
IT_IS = re.compile(
    r"^(?:(?:et|donc|alors) )*(?:est ce (?:que c est|qu il est)|c est|est ce|il est|elle est)"
    r"(?: bien)?(?: un| une)?(?: quartier)?"
    r" (prioritaire|partenaire|signataire)$"
)
IT_IS_ONE = {"quartier": ("prioritaire",), "partenaire": ("partenaire", "signataire")}
FOR_WHAT = re.compile(r"^(?:et )?pour\b")
# Its members are called by their numbers.
NUMBERED = "axe"
THEMES = ("domaine", "axe", "objectif")
MEMBER_SCORE = 0.2
NEARLY = 0.8
# The classifier’s share from which a subject is what it understands.
LIKELY_SHARE = 0.3


def answer_place(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """The member of a list that a question points at without naming it; None when it points at none."""
    ways = (
        _answer_all,
        _answer_rank,
        _answer_both,
        _answer_the_others,
        _answer_the_other,
        _answer_its_place,
        _answer_list_again,
        _answer_home,
        _answer_it_is,
        _choose_member,
    )
    return next((answer for way in ways if (answer := way(question, contexte, base))), None)


def _is_short(question: Question) -> bool:
    return len(question.text.split()) <= MOST_WORDS


def _strip_fillers(said: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", said))


def _answer_all(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Je veux les 3 objectifs »: the whole list, as long as one asks for nothing else."""
    found = ALL_OF.match(normalize(question.reading))
    genre = find_genre(found["members"]) if found and question.intent in ("ask_ordinal", UNSURE) else None
    count = int(NUMBER_WORDS.get(found["count"], found["count"])) if found else 0
    # « Les 6 axe » is the sixth.
    return tell_list(genre, base) if genre and count == len(base.list_genre(genre)) else None


def _answer_rank(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« L’axe 5 », « le deuxième »: by place in a list that the question or the conversation names."""
    ranks = find_ordinals(question.reading)
    rank = ranks[0] if ranks else find_ordinal(question.reading) or _find_step(question.reading, contexte, base)
    if rank is None and question.intent == "ask_ordinal":
        rank = find_number(question.reading)
    named = find_genre(question.reading, GENRE_WORDS)
    has_list = contexte.genre is not None or len(_shown(question, contexte)) > 1
    is_beside = may_lean(question.reading) and _find_step(question.reading, contexte, base) is not None
    is_only_that = _is_short(question) or is_only_a_rank(question.reading) or is_beside
    is_about_a_rank = is_only_that or OPENS_WITH_A_RANK.match(question.reading) is not None
    asks_for_rank = question.intent in ("ask_ordinal", "ask_followup", "ask_others") or (has_list and is_about_a_rank)
    if rank is None or not (named or asks_for_rank):
        return None
    if not (ranks or asks_for_rank or _is_short(question) or BESIDE_A_LIST.search(normalize(question.reading))):
        # « Le dernier bus passe à six heures, les transports sont-ils une priorité ? » asks for no rank.
        return None
    shown = () if named else _shown(question, contexte)
    if abs(rank) <= len(shown):
        return _tell_shown(shown[rank - 1 if rank > 0 else rank], contexte, base)
    genre = named or contexte.genre
    if genre is None:
        text = "De quelle liste parlez-vous ?"
        lists = ("list_axe", "list_objectif", "list_domaine")
        return Answer((Reply("clarify", typographie(text), choices=make_choices(lists, base)),), contexte)
    fiche = base.by_number(genre, rank)
    if fiche:
        others = [base.by_number(genre, number) for number in ranks]
        return join_answers([tell(told, base, genre=genre) for told in [f for f in others if f][:MOST_TOLD] or [fiche]])
    count = len(base.list_genre(genre))
    return tell_list(genre, base, lead=f"La page n’en compte que {count}.")


def _shown(question: Question, contexte: Contexte) -> tuple[str, ...]:
    """The few subjects that a rank picks in, before the list that the conversation is about.

    Those shown together, but « le 2 » is the second axe; what was told one after the other, for « revenez au premier ».
    """
    is_list_told = f"{LIST_PREFIX}{contexte.genre}" in contexte.told
    said = normalize(question.reading)
    if contexte.montres and (contexte.offered or contexte.genre != NUMBERED or re.search(rf"\b{RANK_WORDS}\b", said)):
        return contexte.montres
    if OF_TWO.search(said):
        return contexte.told[-2:]
    goes_back = GOES_BACK.search(said) and not is_list_told
    return contexte.told if contexte.genre is None or goes_back else ()


def _tell_shown(sujet: str, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """One of the subjects shown; the list that the conversation is about stays what it was."""
    answer = tell_sujet(sujet, base)
    return replace(answer, contexte=replace(answer.contexte, genre=answer.contexte.genre or contexte.genre))


def _answer_both(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Les deux », « eux deux, ils font quoi ? »: the two subjects shown together, or told last."""
    both = contexte.montres if len(contexte.montres) > 1 else contexte.told[-2:]
    is_asked = BOTH.search(normalize(question.reading)) and not question.has_own_name and question.intent not in CHAT
    return tell_all(both, base) if is_asked and len(both) > 1 and may_lean(question.reading) else None


def _answer_the_others(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Et les deux autres ? »: of the list that one spoke of last, those that were not told."""
    core = _strip_fillers(normalize(question.reading))
    if not THE_OTHERS.search(core):
        return None
    fiches = (base.by_slug(sujet) for sujet in reversed(contexte.told))
    genre = contexte.genre or next((fiche.genre for fiche in fiches if fiche and fiche.genre in base.genres), "")
    left = [fiche.slug for fiche in base.list_genre(genre) if fiche.slug not in contexte.told]
    return tell_each(left, base) if 0 < len(left) <= MOST_TOLD else None


def _answer_the_other(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Et l’autre ? »: of a list of two, the one that was not told."""
    if not THE_OTHER.search(normalize(question.reading)) or question.has_own_name or not contexte.sujets:
        return None
    members = tuple(fiche.slug for fiche in base.list_genre(contexte.genre or ""))
    # « L’axe 5 », « l’axe 6 », « et l’autre ? »: the one before.
    singles = tuple(sujet for sujet in contexte.told if not sujet.startswith(LIST_PREFIX))
    for slugs in (contexte.montres, members, singles[-2:]):
        told = contexte.last_of(slugs)
        if len(slugs) == 2 and told:
            return _tell_shown(slugs[1 - slugs.index(told)], contexte, base)
    return None


def _answer_its_place(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« C’est quel axe ? »: the member of that list which the conversation is about, or comes nearest to it."""
    asked = normalize(question.reading)
    genre = "axe" if WHICH_NUMBER.search(asked) else find_genre(asked, GENRE_WORDS)
    fiche = _last_told(contexte, base)
    # « C’est quoi le numéro de l’axe ? » asks for a rank and gives none.
    is_number = WHICH_NUMBER.search(asked) or question.intent == "ask_ordinal"
    is_asked = WHICH_PLACE.search(asked) or (is_number and fiche and fiche.genre in THEMES)
    if fiche and fiche.genre == genre and THAT_ONE.search(asked):
        return tell(fiche, base)
    if fiche is None or genre is None or question.has_own_name or not is_asked:
        return None
    if fiche.genre == genre:
        return tell(fiche, base)
    found = rank_fiches(fiche.titre, base.list_genre(genre)) if fiche.genre in THEMES and genre in THEMES else []
    return tell(found[0].fiche, base) if found else None


def _last_told(contexte: Contexte, base: KnowledgeBase) -> Fiche | None:
    """The subject that the conversation is about, unless it is a list."""
    return base.by_slug(contexte.sujets[-1]) if contexte.sujets else None


def _answer_list_again(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Retour à la liste »: the list that the conversation is about."""
    asked = normalize(question.reading)
    core = _strip_fillers(asked)
    if WHICH_ONES.search(core) or HOW_MANY.search(asked):
        genre = contexte.genre or (_find_list_beside(contexte, base) if "lesquelles" not in core else None)
        return tell_list(genre, base) if genre else None
    return tell_list(contexte.genre, base) if contexte.genre and THE_LIST_AGAIN.search(asked) else None


def _find_list_beside(contexte: Contexte, base: KnowledgeBase) -> str | None:
    """The list that rests on the same sentence of the page as what was just told: the quartiers, of an address."""
    told = contexte.sujets[-1] if contexte.sujets else ""
    return next((genre for genre in IT_IS_ONE if base.are_neighbours(told, LIST_PREFIX + genre)), None)


def _answer_home(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Et moi j’y suis ? »: an address is never ruled on."""
    is_asked = contexte.genre == "quartier" and AT_HOME.search(normalize(question.reading))
    return tell(base.fiches["verifier_adresse"], base) if is_asked else None


def _answer_it_is(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« C’est un quartier prioritaire ? », of the one that was just told."""
    fiche = _last_told(contexte, base)
    asked = IT_IS.search(normalize(question.reading)) if fiche and fiche.genre in IT_IS_ONE else None
    return tell(fiche, base, lead="Oui.") if fiche and asked and asked[1] in IT_IS_ONE[fiche.genre] else None


def _choose_member(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Lequel s’occupe de la santé ? »: the members of the list that speak of it, or the list when none does."""
    words = GENRE_WORDS["partenaire"]
    asked = _strip_fillers(normalize(question.reading))
    told = _last_told(contexte, base)
    if told and told.genre in THEMES and OF_THAT.search(asked):
        best = _partners_of(told, base)
        return tell_each(best, base, genre="partenaire") if best else None
    if find_genre(asked, GENRE_WORDS) not in (None, contexte.genre, "partenaire"):
        return None
    if contexte.genre is not None and WHICH_ONE.search(asked):
        genre, theme = contexte.genre, WHICH_ONE.sub(" ", asked)
    elif contexte.genre == NUMBERED and ALSO.match(asked) and question.names(*THEMES) and not question.names(NUMBERED):
        # « Et la culture ? », of one who asks for axes, may be which of them, or what is done: both are told.
        best = _find_members(ALSO.sub("", asked), question, NUMBERED, base)
        themes = question.names(*THEMES)[:1]
        return join_answers([tell_each(themes, base), tell_each(best, base)]) if best else None
    elif contexte.genre in (*THEMES, "partenaire") and (then := THEN_WHICH.match(asked)):
        best = _find_members(then["theme"], question, find_genre(asked, GENRE_WORDS) or contexte.genre, base)
        return tell_each(best, base) if best else None
    elif contexte.genre == "partenaire" and OF_WHAT.search(asked):
        # « De la santé ? », after « qui s’occupe de l’emploi parmi les partenaires ? ».
        best = _find_members(OF_WHAT.sub("", asked), question, contexte.genre, base)
        if not best or question.names(contexte.genre):
            return None
        # « Et pour la santé ? » may be which of them, or what is done: both are told.
        themes = question.names(*THEMES)[:1] if FOR_WHAT.search(asked) else ()
        return join_answers([*(tell(base.fiches[slug], base) for slug in themes), tell_each(best, base)])
    elif re.search(rf"\b(?:{words})\b", asked) and WHO_DEALS.search(asked):
        genre = "partenaire"
        theme = re.sub(rf"\b(?:parmi )?(?:les |vos )?(?:{words})\b", " ", WHO_DEALS.sub(" ", asked))
    else:
        return None
    best = _find_members(theme, question, genre, base)
    if best:
        return tell_each(best, base, genre=genre)
    return tell_list(genre, base, lead="La page de la ville ne le dit pas.")


def _partners_of(theme: Fiche, base: KnowledgeBase) -> list[str]:
    """The partners that speak of a theme, in its own words or in those of the domaine that comes nearest to it."""
    domaines = [match.fiche for match in rank_fiches(theme.titre, base.list_genre("domaine"))[:1]]
    for fiche in (theme, *domaines):
        best = _find_nearest(fiche.titre, base.list_genre("partenaire"))
        if best:
            return best
    return []


def _find_nearest(words: str, members: Sequence[Fiche]) -> list[str]:
    """The members of a list that are nearest to some words, and near enough."""
    found = rank_fiches(words, members)
    return [match.fiche.slug for match in found if match.score >= max(MEMBER_SCORE, NEARLY * found[0].score)]


def _find_members(theme: str, question: Question, genre: str, base: KnowledgeBase) -> list[str]:
    """The members of a list that speak of a theme: in its words, else as the classifier understands them."""
    members = base.list_genre(genre)
    slugs = {fiche.slug for fiche in members}
    shares = dict(zip(question.ranking, question.weights, strict=False))
    understood = [slug for slug, share in shares.items() if share >= LIKELY_SHARE]
    themes = [fiche.titre for slug in understood if (fiche := base.by_slug(slug)) and fiche.genre in THEMES]
    for words in (theme, *themes):
        best = _find_nearest(words, members)
        named = [slug for slug in understood if slug in slugs]
        if best or named:
            return best or named[:1]
    return []


def _find_step(text: str, contexte: Contexte, base: KnowledgeBase) -> int | None:
    """« Le suivant », « le précédent »: the place beside the one that was just told."""
    step = next((step for word, step in STEPS.items() if re.search(rf"(?:\b|^){word}(?!\w)", normalize(text))), None)
    slugs = [fiche.slug for fiche in base.list_genre(contexte.genre or "")]
    told = contexte.last_of(slugs)
    if step is None or told is None:
        return None
    place = slugs.index(told) + 1 + step
    return place if place > 0 else None
