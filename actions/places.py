"""Which one of a list is meant: by its rank, beside the one just told, or by what it deals with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from actions.contexte import Contexte
from actions.contrasts import COMPARES
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
from knowledge.genres import GENRE_WORDS, PROPER_GENRES, find_genre
from knowledge.intents import FOLLOWUP, UNSURE
from knowledge.list_questions import (
    ALL_OF,
    ALSO,
    AMONG_THEM,
    AT_HOME,
    BESIDE_A_LIST,
    BOTH,
    FOR_WHAT,
    GOES_BACK,
    HOW_MANY,
    IT_IS,
    NAMES_PARTNERS,
    NO_MORE,
    NOTHING_MORE,
    OF_A_RANK,
    OF_THAT,
    OF_TWO,
    OF_WHAT,
    ONE_OF_ANOTHER_LIST,
    OPENS_WITH_A_RANK,
    RATES,
    SPEAKS_OF_THAT,
    THAT_ONE,
    THE_LIST_AGAIN,
    THE_ONE_THAT,
    THE_OTHER,
    THE_OTHERS,
    THE_PARTNERS,
    THE_WHOLE,
    THEN,
    THEN_WHICH,
    WHAT_DIFFERENCE,
    WHICH_NUMBER,
    WHICH_ONE,
    WHICH_ONES,
    WHICH_PLACE,
    WHO_DEALS,
    WITH_A_NUMBER,
    find_step,
    strip_fillers,
)
from knowledge.ordinals import NUMBER_WORDS, find_number, find_ordinal, find_ordinals, is_only_a_rank
from knowledge.reference import may_lean
from knowledge.replies import Reply
from knowledge.search import rank as rank_fiches
from knowledge.text import normalize, typographie

MOST_WORDS = 5
IT_IS_ONE = {"quartier": ("prioritaire",), "partenaire": ("partenaire", "signataire")}
NOT_SAID = "La page de la ville ne le dit pas."
NO_MORE_SAID = "La page de la Ville n’en dit pas plus."
SIDES = {"avant": -1, "apres": 1, "après": 1}
# Its members are called by their numbers.
NUMBERED = "axe"
PARTNER = "partenaire"
THEMES = ("domaine", "axe", "objectif")
DONE = "actions_menees"
BOT = "bot"
MEMBER_SCORE = 0.2
NEARLY = 0.8
# The classifier’s share from which a subject is what it understands.
LIKELY_SHARE = 0.3


def answer_place(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """The member of a list that a question points at without naming it; None when it points at none."""
    ways = (
        _answer_all,
        _answer_whole,
        _answer_before,
        _answer_rank,
        _answer_both,
        _answer_the_others,
        _answer_the_other,
        _answer_its_place,
        _answer_its_fellow,
        _answer_no_more,
        _answer_list_again,
        _answer_home,
        _answer_it_is,
        _choose_member,
    )
    return next((answer for way in ways if (answer := way(question, contexte, base))), None)


def _is_short(question: Question) -> bool:
    return len(question.text.split()) <= MOST_WORDS


def _answer_all(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Je veux les 3 objectifs »: the whole list, as long as one asks for nothing else."""
    found = ALL_OF.match(normalize(question.reading))
    genre = find_genre(found["members"]) if found and question.intent in ("ask_ordinal", UNSURE) else None
    count = int(NUMBER_WORDS.get(found["count"], found["count"])) if found else 0
    # « Les 6 axe » is the sixth.
    return tell_list(genre, base) if genre and count == len(base.list_genre(genre)) else None


def _answer_whole(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Et les partenaires ? »: the list, and no member of the last one."""
    found = THE_WHOLE.match(strip_fillers(normalize(question.reading)))
    genre = find_genre(found["members"]) if found else None
    return tell_list(genre, base) if genre in base.genres else None


def _answer_before(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Revenez à celui d’avant »: what was told before the last one, whatever its place in a list."""
    said, singles = normalize(question.reading), _singles(contexte, base)
    is_asked = GOES_BACK.search(said) and find_step(said) == -1 and len(singles) > 1
    return _tell_shown(singles[-2], contexte, base) if is_asked else None


def _answer_rank(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« L’axe 5 », « le deuxième »: by place in a list that the question or the conversation names."""
    ranks = find_ordinals(question.reading)
    rank = ranks[0] if ranks else find_ordinal(question.reading) or _find_step(question.reading, contexte, base)
    if rank is None and question.intent == "ask_ordinal":
        rank = find_number(question.reading)
    named = find_genre(question.reading, GENRE_WORDS)
    has_list = contexte.genre is not None or len(_shown(question, contexte, base)) > 1
    is_beside = may_lean(question.reading) and _find_step(question.reading, contexte, base) is not None
    is_only_that = _is_short(question) or is_only_a_rank(question.reading) or is_beside
    is_about_a_rank = is_only_that or OPENS_WITH_A_RANK.match(question.reading) is not None
    asks_for_rank = question.intent in ("ask_ordinal", FOLLOWUP, "ask_others") or (has_list and is_about_a_rank)
    if rank is None or not (named or asks_for_rank):
        return None
    if not (ranks or asks_for_rank or _is_short(question) or BESIDE_A_LIST.search(normalize(question.reading))):
        # « Le dernier bus passe à six heures, les transports sont-ils une priorité ? » asks for no rank.
        return None
    shown = () if named else _shown(question, contexte, base)
    if abs(rank) <= len(shown):
        return _tell_shown(shown[rank - 1 if rank > 0 else rank], contexte, base)
    genre = named or contexte.genre
    if genre is None:
        text = "De quelle liste parlez-vous ?"
        lists = ("list_axe", "list_objectif", "list_domaine")
        return Answer((Reply("clarify", typographie(text), choices=make_choices(lists, base)),), contexte)
    if ranks and not named and rank > len(base.list_genre(genre)):
        # « Le numéro 7 », after the six domaines, is the axe; « le septième » is none.
        genre = NUMBERED
    fiche = base.by_number(genre, rank)
    if fiche:
        others = [base.by_number(genre, number) for number in ranks]
        return join_answers([tell(told, base, genre=genre) for told in [f for f in others if f][:MOST_TOLD] or [fiche]])
    count = len(base.list_genre(genre))
    return tell_list(genre, base, lead=f"La page n’en compte que {count}.")


def _shown(question: Question, contexte: Contexte, base: KnowledgeBase) -> tuple[str, ...]:
    """The few subjects that a rank picks in, before the list that the conversation is about.

    Those shown together, but « le 2 » is the second axe; what was told one after the other, for « revenez au premier ».
    """
    is_list_told = f"{LIST_PREFIX}{contexte.genre}" in contexte.told
    said = normalize(question.reading)
    if contexte.montres and (contexte.offered or contexte.genre != NUMBERED or OF_A_RANK.search(said)):
        return contexte.montres
    if OF_TWO.search(said):
        return (_singles(contexte, base) or contexte.told)[-2:]
    goes_back = GOES_BACK.search(said) and not is_list_told
    return contexte.told if contexte.genre is None or goes_back else ()


def _singles(contexte: Contexte, base: KnowledgeBase) -> tuple[str, ...]:
    """What was told, without lists and what the assistant said of itself."""
    return tuple(sujet for sujet in contexte.told if (fiche := base.by_slug(sujet)) and fiche.genre != BOT)


def _tell_shown(sujet: str, contexte: Contexte, base: KnowledgeBase) -> Answer:
    """One of the subjects shown; the list that the conversation is about stays what it was."""
    answer = tell_sujet(sujet, base)
    return replace(answer, contexte=replace(answer.contexte, genre=answer.contexte.genre or contexte.genre))


def _answer_both(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Les deux », « eux deux, ils font quoi ? »: the two subjects shown together, or told last."""
    both = contexte.montres if len(contexte.montres) > 1 else contexte.told[-2:]
    said = normalize(question.reading)
    is_compared = WHAT_DIFFERENCE.match(said) or (COMPARES.search(said) and OF_TWO.search(said))
    is_asked = (BOTH.search(said) or is_compared) and not question.has_own_name and question.intent not in CHAT
    return tell_all(both, base) if is_asked and len(both) > 1 and may_lean(question.reading) else None


def _answer_the_others(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Et les deux autres ? »: of the list that one spoke of last, those that were not told."""
    core = strip_fillers(normalize(question.reading))
    asked = THE_OTHERS.search(core)
    if asked is None:
        return None
    fiches = (base.by_slug(sujet) for sujet in reversed(contexte.told))
    genre = contexte.genre or next((fiche.genre for fiche in fiches if fiche and fiche.genre in base.genres), "")
    left = [fiche.slug for fiche in base.list_genre(genre) if fiche.slug not in contexte.told]
    if asked["rest"] and len(left) > MOST_TOLD:
        return tell_list(genre, base)
    return tell_each(left, base) if 0 < len(left) <= MOST_TOLD else None


def _answer_the_other(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Et l’autre ? »: of a list of two, the one that was not told."""
    if not THE_OTHER.search(normalize(question.reading)) or question.has_own_name or not contexte.sujets:
        return None
    genre = contexte.genre or _find_list_beside(contexte, base) or ""
    members = tuple(fiche.slug for fiche in base.list_genre(genre))
    # « L’axe 5 », « l’axe 6 », « et l’autre ? »: the one before.
    for slugs in (contexte.montres, members, _singles(contexte, base)[-2:]):
        told = contexte.last_of(slugs)
        if len(slugs) == 2 and told:
            return _tell_shown(slugs[1 - slugs.index(told)], contexte, base)
    return None


def _answer_its_place(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« C’est quel axe ? »: the member of that list which the conversation is about, or that goes with it."""
    asked = strip_fillers(normalize(question.reading))
    fiche = _last_theme(contexte, base) or _last_told(contexte, base)
    numbered = fiche.genre if fiche and fiche.genre == "objectif" else NUMBERED
    genre = numbered if WHICH_NUMBER.search(asked) else find_genre(asked, GENRE_WORDS)
    # « C’est quoi le numéro de l’axe ? » asks for a rank and gives none.
    is_number = WHICH_NUMBER.search(asked) or question.intent == "ask_ordinal"
    is_asked = WHICH_PLACE.search(asked) or (is_number and fiche and fiche.genre in THEMES)
    if fiche and fiche.genre == genre and THAT_ONE.search(asked):
        return tell(fiche, base)
    if fiche is None or genre is None or question.has_own_name or not is_asked:
        return None
    return _tell_its_fellow(fiche, genre, contexte, base)


def _answer_its_fellow(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Maintenant l’axe », « je parle du domaine »: the member of that list that was shown, or of that theme."""
    asked = ONE_OF_ANOTHER_LIST.match(strip_fillers(normalize(question.reading)))
    told = _last_theme(contexte, base) or _last_told(contexte, base)
    if not asked or told is None or question.has_own_name:
        return None
    return _tell_its_fellow(told, find_genre(asked["member"], GENRE_WORDS) or "", contexte, base)


def _tell_its_fellow(told: Fiche, genre: str, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """The member of a list that was shown, or that goes with a theme; the list itself where none does."""
    shown = [slug for slug in (*contexte.montres, told.slug) if (f := base.by_slug(slug)) and f.genre == genre]
    if shown:
        return tell_each(shown[:1], base)
    if told.genre not in THEMES or genre not in (*THEMES, PARTNER):
        return None
    found = _partners_of(told, base) if genre == PARTNER else _find_beside(told, genre, base)
    return tell_each(found, base) if found else tell_list(genre, base, lead=NOT_SAID)


def _answer_no_more(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« C’est tout ? »: no more; « c’est tout ce que vous faites ? », of a theme: what is done, which is not said."""
    told, done = _last_told(contexte, base), base.by_slug(DONE)
    if told and told.genre not in PROPER_GENRES and NOTHING_MORE.match(normalize(question.reading)):
        return tell(told, base, lead=NO_MORE_SAID)
    if told is None or done is None or told.genre not in THEMES or not NO_MORE.search(normalize(question.reading)):
        return None
    return tell(done, base, lead=f"À propos de « {told.titre} », la page de la Ville n’en dit pas plus.")


def _last_theme(contexte: Contexte, base: KnowledgeBase) -> Fiche | None:
    """The theme that one speaks of still, with a partner told after it: « la santé », « qui s’en occupe ? »."""
    told = (base.by_slug(sujet) for sujet in reversed(contexte.recent))
    return next((fiche for fiche in told if fiche and fiche.genre in THEMES), None)


def _last_told(contexte: Contexte, base: KnowledgeBase) -> Fiche | None:
    """The subject that the conversation is about, unless it is a list."""
    return base.by_slug(contexte.sujets[-1]) if contexte.sujets else None


def _answer_list_again(question: Question, contexte: Contexte, base: KnowledgeBase) -> Answer | None:
    """« Retour à la liste »: the list that the conversation is about."""
    asked = normalize(question.reading)
    core = strip_fillers(asked)
    if WHICH_ONES.search(core) or HOW_MANY.search(asked):
        genre = contexte.genre or (_find_list_beside(contexte, base) if "lesquelles" not in core else None)
        return tell_list(genre, base) if genre else None
    genre = contexte.genre or _find_list_beside(contexte, base)
    return tell_list(genre, base) if genre and THE_LIST_AGAIN.search(asked) else None


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
    asked = Asked(strip_fillers(normalize(question.reading)), question, contexte, base)
    is_of_another = asked.named not in (None, contexte.genre, PARTNER)
    # « Parmi eux, lequel rénove les quartiers ? » is not about the list of the quartiers.
    says_which = AMONG_THEM.match(asked.said) or THE_ONE_THAT.match(asked.said)
    if is_of_another and not (_is_of_that(asked) or _is_which_of_that(asked) or says_which):
        return None
    return next((way(asked) for applies, way in WAYS if applies(asked)), None)


@dataclass(frozen=True)
class Asked:
    """A question on a list: its words (`said`, without fillers), what it follows, and where to look for an answer."""

    said: str
    question: Question
    contexte: Contexte
    base: KnowledgeBase

    @property
    def genre(self) -> str:
        """The list that the conversation is about; empty when it is about none."""
        return self.contexte.genre or ""

    @property
    def genre_or_beside(self) -> str:
        """That list, or the one that rests on the same sentence as what was told: the quartiers, of an address."""
        return self.genre or _find_list_beside(self.contexte, self.base) or ""

    @property
    def named(self) -> str | None:
        """The list that the question names."""
        return find_genre(self.said, GENRE_WORDS)

    def find(self, theme: str, genre: str) -> list[str]:
        """The members of a list that speak of a theme; the town’s own name tells none of them."""
        here = self.base.ailleurs.ici
        theme = here.sub(" ", theme).strip() if here else theme
        return _find_members(theme, self.question, genre, self.base) if theme else []

    def tell(self, theme: str, genre: str) -> Answer:
        """Those members, or the whole list, said not to tell."""
        best = self.find(theme, genre)
        return tell_each(best, self.base, genre=genre) if best else self.tell_all(genre)

    def tell_all(self, genre: str) -> Answer:
        """The whole list, said not to tell."""
        return tell_list(genre, self.base, lead=NOT_SAID)


def _is_of_that(asked: Asked) -> bool:
    told = _last_told(asked.contexte, asked.base)
    return told is not None and told.genre in THEMES and OF_THAT.search(asked.said) is not None


def _tell_partners_of_that(asked: Asked) -> Answer | None:
    """« Qui s’en occupe ? », of a theme."""
    told = _last_told(asked.contexte, asked.base)
    best = _partners_of(told, asked.base) if told else []
    return tell_each(best, asked.base, genre=PARTNER) if best else None


def _is_which_of_that(asked: Asked) -> bool:
    told = _last_told(asked.contexte, asked.base)
    return told is not None and told.genre in THEMES and SPEAKS_OF_THAT.match(asked.said) is not None


def _tell_which_of_that(asked: Asked) -> Answer | None:
    """« Lequel des axes en parle ? », of a theme."""
    told = _last_told(asked.contexte, asked.base)
    best = asked.find(told.titre, asked.named) if told and asked.named else []
    return tell_each(best, asked.base) if best else None


def _is_one_of_those(asked: Asked) -> bool:
    return bool(asked.genre_or_beside) and WHICH_ONE.search(asked.said) is not None


def _tell_one_of_those(asked: Asked) -> Answer:
    """« Lequel parle du logement ? », of the list that was just given; « lequel est le plus important ? » of none."""
    if RATES.search(asked.said):
        return asked.tell_all(asked.genre_or_beside)
    return asked.tell(WHICH_ONE.sub(" ", asked.said), asked.genre_or_beside)


def _is_a_theme_too(asked: Asked) -> bool:
    names = asked.question.names
    return asked.genre == NUMBERED and bool(ALSO.match(asked.said) and names(*THEMES) and not names(NUMBERED))


def _tell_a_theme_too(asked: Asked) -> Answer | None:
    """« Et la culture ? », of one who asks for axes, may be which of them, or what is done: both are told."""
    best = asked.find(ALSO.sub("", asked.said), NUMBERED)
    themes = asked.question.names(*THEMES)[:1]
    return join_answers([tell_each(themes, asked.base), tell_each(best, asked.base)]) if best else None


def _is_which_for(asked: Asked) -> bool:
    return asked.genre in (*THEMES, PARTNER) and THEN_WHICH.match(asked.said) is not None


def _tell_which_for(asked: Asked) -> Answer | None:
    """« Et la santé, c’est lequel ? »"""
    then = THEN_WHICH.match(asked.said)
    best = asked.find(then["theme"], asked.named or asked.genre) if then else []
    return tell_each(best, asked.base) if best else None


def _is_that_of(asked: Asked) -> bool:
    return asked.genre == PARTNER and OF_WHAT.search(asked.said) is not None


def _tell_that_of(asked: Asked) -> Answer | None:
    """« De la santé ? », after « qui s’occupe de l’emploi parmi les partenaires ? »."""
    question, base = asked.question, asked.base
    best = asked.find(OF_WHAT.sub("", asked.said), asked.genre)
    if not best or question.names(asked.genre):
        return None
    # « Et pour la santé ? » may be which of them, or what is done: both are told.
    themes = question.names(*THEMES)[:1] if FOR_WHAT.search(asked.said) else ()
    return join_answers([*(tell(base.fiches[slug], base) for slug in themes), tell_each(best, base)])


def _is_the_one_that(asked: Asked) -> bool:
    return bool(asked.genre) and THE_ONE_THAT.match(asked.said) is not None and not asked.question.names(*PROPER_GENRES)


def _tell_the_one_that(asked: Asked) -> Answer | None:
    """« Celui qui loge les gens ? », of the list that the conversation is about."""
    asked_for = THE_ONE_THAT.match(asked.said)
    best = asked.find(asked_for["theme"], asked.genre) if asked_for else []
    return tell_each(best, asked.base) if best else None


def _is_who_deals(asked: Asked) -> bool:
    return bool(NAMES_PARTNERS.search(asked.said) and WHO_DEALS.search(asked.said))


def _tell_who_deals(asked: Asked) -> Answer:
    """« Lequel de vos partenaires s’occupe de la santé ? »"""
    return asked.tell(THE_PARTNERS.sub(" ", WHO_DEALS.sub(" ", asked.said)), PARTNER)


# Ways to ask for a member by what it deals with: the first that applies answers.
WAYS: tuple[tuple[Callable[[Asked], bool], Callable[[Asked], Answer | None]], ...] = (
    (_is_which_of_that, _tell_which_of_that),
    (_is_of_that, _tell_partners_of_that),
    (_is_one_of_those, _tell_one_of_those),
    (_is_a_theme_too, _tell_a_theme_too),
    (_is_which_for, _tell_which_for),
    (_is_that_of, _tell_that_of),
    (_is_the_one_that, _tell_the_one_that),
    (_is_who_deals, _tell_who_deals),
)


def _partners_of(theme: Fiche, base: KnowledgeBase) -> list[str]:
    """The partners that speak of a theme, in its own words or in those of its domaine."""
    domaines = [base.fiches[slug] for slug in _find_beside(theme, "domaine", base)]
    for fiche in (theme, *domaines):
        best = _find_nearest(fiche.titre, base.list_genre("partenaire"))
        if best:
            return best
    return []


def _find_beside(theme: Fiche, genre: str, base: KnowledgeBase) -> list[str]:
    """The members of a list that rest on the same sentence of the page as a theme: the axe of a domaine."""
    return [fiche.slug for fiche in base.list_genre(genre) if base.are_neighbours(theme.slug, fiche.slug)]


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
    return [slug for slug, chance in question.together if slug in slugs and chance >= LIKELY_SHARE][:1]


def _find_step(text: str, contexte: Contexte, base: KnowledgeBase) -> int | None:
    """« Le suivant », « le précédent »: the place beside the one that was just told."""
    said = normalize(text)
    numbered = WITH_A_NUMBER.search(text) if find_step(said) else None
    if numbered:
        number = int(NUMBER_WORDS.get(numbered["number"], numbered["number"]))
        return number + (SIDES[numbered["side"].lower()] if numbered["side"] else 0)
    slugs = [fiche.slug for fiche in base.list_genre(contexte.genre or "")]
    told = contexte.last_of(slugs)
    # « Et après ? » goes on along a numbered list, from the one just told.
    is_along = contexte.genre == NUMBERED and told in contexte.sujets and THEN.match(said)
    step = find_step(said) or (1 if is_along else None)
    if step is None or told is None:
        return None
    place = slugs.index(told) + 1 + step
    return place if place > 0 else None
