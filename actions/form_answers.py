"""What people answer to the questions of a request, in their own words: a profile, a quartier, a name…

Each `read_…` reads the answer to the question just asked; each `find_…` finds the same thing said in passing.
None: not there. AnswerError: there, but not usable as it is.
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

from actions.coordonnees import CoordonneeError, read_coordonnee, take_coordonnee
from knowledge.base import KnowledgeBase
from knowledge.lexicon import french_words
from knowledge.ordinals import find_ordinal
from knowledge.text import normalize, strip_invisible

NE_SAIT_PAS = "ne sait pas"
NON_DIT = "non indiqué"

HABITANT = "habitant"
ASSOCIATION = "association"
ACTEUR_ECONOMIQUE = "acteur économique"
PROFILS = (HABITANT, ASSOCIATION, ACTEUR_ECONOMIQUE)
AUTRE_QUARTIER = "autre quartier"
AUTRE_OU_INCONNU = "autre quartier, ou ne sait pas"

LONGEST_MESSAGE = 500
LONGEST_NAME = 80
MOST_WORDS_IN_NAME = 6
MOST_WORDS_IN_RANK = 3

SEVERAL_PROFILS = "Je ne peux en noter qu’un : choisissez celui à retenir."
SEVERAL_QUARTIERS = "Je ne peux noter qu’un quartier : choisissez celui à retenir."
ADDRESS_IS_NOT_QUARTIER = (
    "Je ne peux pas dire dans quel quartier se trouve une adresse. Lequel dois-je noter ? "
    "Vous pouvez aussi répondre « je ne sais pas »."
)
NOT_A_NAME = "Je n’ai pas reconnu un nom. Écrivez seulement votre prénom et votre nom."
EMPTY_MESSAGE = "Écrivez votre message en quelques phrases : ce que vous voulez dire ou demander au service."
MESSAGE_TOO_LONG = f"Votre message est trop long : {LONGEST_MESSAGE} caractères au plus. Raccourcissez-le un peu."

_PROFIL_WORDS = {
    HABITANT: """habitant habitante resident residente riverain riveraine locataire proprietaire particulier
        particuliere citoyen citoyenne""",
    ASSOCIATION: """association asso associatif associative collectif amicale federation club comite ong""",
    ACTEUR_ECONOMIQUE: """economique commercant commercante commerce entreprise entrepreneur entrepreneuse
        entrepreneure artisan artisane boulanger boulangere boulangerie patisserie boucher bouchere
        boucherie restaurant restaurateur restauratrice brasserie cafe bar tabac snack kebab hotel magasin
        boutique epicier epiciere epicerie fleuriste libraire librairie pharmacie pharmacien pharmacienne
        coiffeur coiffeuse garage garagiste societe pme tpe startup gerant gerante patron patronne employeur
        employeuse independant independante autoentrepreneur autoentrepreneuse microentreprise liberal
        liberale medecin infirmier infirmiere kine dentiste avocat avocate""",
}
_PROFIL_OF_WORD = {word: profil for profil, words in _PROFIL_WORDS.items() for word in words.split()}
_LIVES_THERE = re.compile(
    r"\b(?:j ?habite|je vis|je reside|je loge|on habite|nous habitons|(?:suis|sommes) (?:du (?:quartier|coin)|d ici)"
    r"|(?:gens?|fille|gars|femme|homme|jeune|mere|pere|mamie|papi|maman|papa|famille) du (?:quartier|coin)"
    # Who speaks of no association and no trade joins as oneself.
    r"|(?:un|une|comme|simple|simplement|en tant que) (?:voisine?|parente?|maman|papa|papi|mamie|retraitee?)"
    r"|moi meme|a titre (?:personnel|individuel|prive))\b"
)
# « Conseil citoyen » is no citizen, « association de commerçants » no shop.
_MISLEADING = re.compile(
    r"\bconseils? (?:de |des )?citoyen\w*|(?<=\basso )(?:de|des|d) \w+|(?<=\bassociation )(?:de|des|d) \w+"
)
_ALL = re.compile(r"(?:je suis |pour )?(?:les (?:deux|2|trois|3)|tous|toutes|tout)(?: a la fois)?")
_SLIPS_FROM = 7
_TWO_SLIPS_FROM = 9

_SEGMENT = re.compile(r"[,;!?\n]+|(?<=\w\w)\.|\bmais\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:pas|plus|ni|jamais)\b")
_NEARBY = re.compile(r"\b(?:a cote|pres|proche|derriere|loin|voisin\w* d|en face)\b")
_HOUSE_NUMBER = re.compile(
    r"\b\d{1,4} (?:bis |ter )?(?:de la |de l |la )?(?:rue|avenue|boulevard|place|allee|impasse)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:autre|ailleurs|aucune?(?! idee)|ni l un ni l autre|aucun des deux|en dehors|hors"
    r"|n habite (?:pas|plus))\b"
)
_PLACE = re.compile(
    r"\b(?:j ?habite|rue|avenue|boulevard|bd|place|allee|impasse|residence|cite|quartier d\w+|centre|gare"
    r"|village|commune|faubourg|hameau|lotissement|bourg)\b"
)

_OPENERS = re.compile(
    r"^(?:(?:bonjour|bonsoir|salut|alors|euh|heu|oui|non|pardon|d[ée]sol[ée]e?|dsl|excusez?(?:[- ]moi)?"
    r"|finalement|en fait|voilà|voila|ok|ben|bon)\b[\s,.!:;–-]*)+",
    re.IGNORECASE,
)
_MY_NAME_IS = re.compile(
    r"(?:\bje\s+m[’' ]?\s*app?el+e?s?\b|\bj[’' ]?m[’' ]?\s?app?el+e?s?\b"
    r"|\b(?:(?:mon|le)\s+)?(?:nom|pr[ée]nom)(?:\s+de\s+famille)?(?:\s+et\s+(?:mon\s+)?(?:nom|pr[ée]nom))?"
    r"\s*(?:c[’' ]?est|est|[:=?]))[\s,]*(?P<name>[^,;.!?\n]+)",
    re.IGNORECASE,
)
_I_AM = re.compile(r"^(?:moi\s+)?(?:c[’' ]?est|je\s+suis|j[’' ]?suis?|chuis?|moi|ici)\s+(?:moi\s+)?", re.IGNORECASE)
_NEXT_CLAUSE = re.compile(r"\s+(?:(?:et|mais|je)\s|j[’']).*$", re.IGNORECASE)
# A name may be nearly any word; these open a sentence, or correct something.
_NOT_FIRST = re.compile(
    r"annulez?r?|anonyme|aucune?|bof|bonjour|bonsoir|c|comment|confidentiel|dans|elles?|euh|faux|ils?|incorrect|j|je|jsp|mal"
    r"|merci|mon|ne|non|nous|ok|on|oui|pas|passe[rz]?|personne|pour|pourquoi|quand|que|quel|quelle|qui|quoi|rien"
    r"|salut|sans|secret|stop|suivante?|sur|une?|vous"
)
# A trade may be a surname (Boulanger); these are not.
_PROFIL_NAMES = frozenset(["habitant", "habitante", "association", "asso", "acteur economique", "commercant"])
_NOT_IN_NAME = re.compile(
    r"\b(?:mets|mettez|met|met(?:tre|s)|chang\w+|modifi\w+|corrig\w+|remplac\w+|plutot|finalement|veux|voudrais|sais"
    r"|suis|habite|repond\w*|question)\b"
)


# Many say hello first and write their message next.
_GREETING = re.compile(
    r"(?:(?:re ?)?(?:bonjour|bonsoir|salut|coucou|hello|bjr|slt|bsr|cc|madame|monsieur|a tous|ca va)\b ?)*"
)


class AnswerError(ValueError):
    """An answer that cannot be recorded; its message says in French what is wrong and what to do."""


def find_profil(text: str, base: KnowledgeBase) -> str | None:
    """The profile a person says to have. Raises AnswerError when there are several."""
    plain = _MISLEADING.sub(" ", _affirmed(_without_coordonnee(text)))
    found = {profil for word in plain.split() if (profil := _profil_of(word))}
    if len(found) > 1:
        raise AnswerError(SEVERAL_PROFILS)
    return found.pop() if found else None


def read_profil(text: str, base: KnowledgeBase) -> str | None:
    """The profile, by its name, a trade, or its rank among the choices. Raises AnswerError."""
    if _ALL.fullmatch(normalize(text)):
        raise AnswerError(SEVERAL_PROFILS)
    # Someone who chairs an association lives somewhere too: what one is goes before where one lives.
    lives_there = HABITANT if _LIVES_THERE.search(_affirmed(text)) else None
    return find_profil(text, base) or lives_there or _pick(text, PROFILS)


def find_quartier(text: str, base: KnowledgeBase) -> str | None:
    """The titre of the quartier a person names. Raises AnswerError for an address or several quartiers."""
    said = _without_coordonnee(text)
    named = {
        mention.value
        for segment in _SEGMENT.split(said)
        if not _NEGATED.search(normalize(segment)) and not _NEARBY.search(normalize(segment))
        for mention in base.gazetteer.find(segment)
        if mention.genre == "quartier"
    }
    if not named:
        return None
    if len(named) > 1:
        raise AnswerError(SEVERAL_QUARTIERS)
    if _HOUSE_NUMBER.search(normalize(said)):
        raise AnswerError(ADDRESS_IS_NOT_QUARTIER)
    return named.pop()


def read_quartier(text: str, base: KnowledgeBase) -> str | None:
    """The quartier: one of ours, or « autre » for any other place. Raises AnswerError."""
    found = find_quartier(text, base)
    if found:
        return found
    plain = normalize(text)
    if _ALL.fullmatch(plain):
        raise AnswerError(SEVERAL_QUARTIERS)
    if _NEARBY.search(plain) or _HOUSE_NUMBER.search(plain):
        raise AnswerError(ADDRESS_IS_NOT_QUARTIER)
    if _ELSEWHERE.search(plain) or (_PLACE.search(plain) and not _NEGATED.search(plain)):
        return AUTRE_QUARTIER
    return _pick(text, (*(fiche.titre for fiche in base.list_genre("quartier")), AUTRE_QUARTIER))


def find_nom(text: str, base: KnowledgeBase) -> str | None:
    """The name a person gives as such: « je m’appelle … », « mon nom est … »."""
    match = _MY_NAME_IS.search(_without_coordonnee(text))
    return _check_name(_NEXT_CLAUSE.sub("", match["name"])) if match else None


def read_nom(text: str, base: KnowledgeBase) -> str | None:
    """The name, and nothing of what is around it. Raises AnswerError when this is no name."""
    found = find_nom(text, base)
    if found:
        return found
    said = _I_AM.sub("", _OPENERS.sub("", _without_coordonnee(text).strip()))
    if _names_a_place(said, base):
        return None
    surname, _, first_name = re.split(r"[(/;\n]", said)[0].partition(",")
    is_reversed = len(surname.split()) == 1 and len(first_name.split()) == 1
    name = _check_name(f"{first_name.strip()} {surname}" if is_reversed else surname)
    if name is None and said.strip():
        raise AnswerError(NOT_A_NAME)
    return name


def find_contact(text: str, base: KnowledgeBase) -> str | None:
    """A phone number or an e-mail address, normalised."""
    return take_coordonnee(text)[0]


def read_contact(text: str, base: KnowledgeBase) -> str | None:
    """A phone number or an e-mail address, normalised. Raises AnswerError, which says what is wrong."""
    try:
        return read_coordonnee(text)
    except CoordonneeError as error:
        raise AnswerError(str(error)) from error


def read_texte(text: str, base: KnowledgeBase) -> str | None:
    """A message, whatever it says. Raises AnswerError when it is empty or too long."""
    message = strip_invisible(text).strip()
    if _GREETING.fullmatch(normalize(message)):
        raise AnswerError(EMPTY_MESSAGE)
    if len(message) > LONGEST_MESSAGE:
        raise AnswerError(MESSAGE_TOO_LONG)
    return message


def find_nothing(text: str, base: KnowledgeBase) -> str | None:
    """For what is never said in passing."""
    return None


def _without_coordonnee(text: str) -> str:
    return take_coordonnee(text)[1]


def _affirmed(text: str) -> str:
    """The normalised text without the parts that say « not »: « pas habitant, commerçant » keeps the last."""
    segments = (normalize(segment) for segment in _SEGMENT.split(text))
    return " , ".join(segment for segment in segments if not _NEGATED.search(segment))


def _profil_of(word: str) -> str | None:
    exact = _PROFIL_OF_WORD.get(word) or _PROFIL_OF_WORD.get(word.removesuffix("s"))
    if exact or len(word) < _SLIPS_FROM or word in french_words():
        return exact
    slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    return next(
        (
            profil
            for known, profil in _PROFIL_OF_WORD.items()
            if len(known) >= _SLIPS_FROM and OSA.distance(word, known, score_cutoff=slips) <= slips
        ),
        None,
    )


def _pick(text: str, options: tuple[str, ...]) -> str | None:
    """The option of that rank: « 2 », « le premier »."""
    rank = find_ordinal(text) if len(text.split()) <= MOST_WORDS_IN_RANK else None
    if rank is None or rank > len(options):
        return None
    return options[rank - 1 if rank > 0 else rank]


def _names_a_place(text: str, base: KnowledgeBase) -> bool:
    """Whether a text is the name of a quartier and nothing more."""
    fiche = base.by_alias(text)
    return fiche is not None and fiche.genre == "quartier"


def _check_name(text: str) -> str | None:
    name = " ".join(strip_invisible(text).split()).strip(" .-")
    plain = normalize(name).split()
    is_name = (
        2 <= len(name) <= LONGEST_NAME
        and 1 <= len(plain) <= MOST_WORDS_IN_NAME
        and all(_is_in_names(char) for char in name)
        and not _NOT_FIRST.fullmatch(plain[0])
        and not _NOT_IN_NAME.search(" ".join(plain))
        and " ".join(plain) not in _PROFIL_NAMES
    )
    return name if is_name else None


def _is_in_names(char: str) -> bool:
    return char.isalpha() or char in " -'’.·" or unicodedata.category(char).startswith("M")
