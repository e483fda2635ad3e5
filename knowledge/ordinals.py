"""Which one is meant: "le deuxième", "l’axe 5", "le dernier"."""

import re

from knowledge.text import normalize

# fmt: off
_NUMBERS = [
    "un", "deux", "trois", "quatre", "cinq",
    "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze",
    "seize", "dix sept", "dix huit", "dix neuf", "vingt",
]
_ORDINALS = [
    "premier", "deuxieme", "troisieme", "quatrieme", "cinquieme",
    "sixieme", "septieme", "huitieme", "neuvieme", "dixieme",
    "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme",
    "seizieme", "dix septieme", "dix huitieme", "dix neuvieme", "vingtieme",
]
# fmt: on
NUMBER_WORDS = {word: number for number, word in enumerate(_NUMBERS, start=1)}
_RANKS = {word: number for number, word in enumerate(_ORDINALS, start=1)}
_RANKS |= {"premiere": 1, "second": 2, "seconde": 2, "dernier": -1, "derniere": -1}
_RANKS |= {"avant dernier": -2, "avant derniere": -2}
LAST = len(_NUMBERS)


def _either(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# « Premier », « 2e », « dernière »: any of them, as a regular expression.
_ENDING = r" ?(?:eme|em|ieme|iem)|e|er|ere|re|nd|nde"
RANK_WORDS = rf"\d{{1,2}}(?:{_ENDING})|{_either(_RANKS)}"
_NUMBER = rf"0?(?P<number>\d{{1,2}}|{_either(NUMBER_WORDS)})\b"
# "numéro six cent", "réponse six heures", "n° 06 12": the number goes on, or counts something else.
_GOES_ON = rf"(?! ?\d| (?:et )?(?:{_either(NUMBER_WORDS)}|cents?|mille|heures?|minutes?|euros?|ans?)\b)"
_MARKED = re.compile(
    r"\b(?:axe|objectif|priorite|point|numero|num|nr|no|n|quartier|partenaire|domaine|choix|reponse)"
    rf"(?: numero| no| n)? ?{_NUMBER}{_GOES_ON}"
)
# « Et le 2 ? », « non pardon, le 7 », « le 8 maintenant »: what people put around a bare number.
_BEFORE = (
    r"(?:le|la|l|c est|pour|et|alors|non|oui|ok|pardon|plutot|donc|juste|bon|ah|euh|en fait|desolee?|excusez?(?: moi)?"
    r"|je (?:veux|voulais|voudrais|parle|parlais|pensais)(?: dire)?(?: (?:de|du|a|au))?|numero)"
)
_AFTER = (
    r"(?:svp|stp|s il \w+ plait|alors|maintenant|plutot|aussi|c est (?:quoi|qui|lequel)|c (?:quoi|koi|ki)"
    r"|(?:il )?(?:dit|parle de|veut dire) quoi|par exemple)"
)
_ALONE = re.compile(rf"^(?!une?\b)(?:{_BEFORE} )*{_NUMBER}(?: {_AFTER})*$")
_PLAIN_NUMBER = rf"(?:\d{{1,2}}|{_either(NUMBER_WORDS)})"
_LISTED = re.compile(
    rf"\b(?:axes|objectifs|priorites|points|numeros|domaines|quartiers|partenaires) "
    rf"(?P<numbers>{_PLAIN_NUMBER}(?:(?: et| puis| ou)? {_PLAIN_NUMBER})+)\b"
)
# « Le 3 et le 4 »
_THE_NUMBER = rf"(?:le|la|l axe|axe) {_PLAIN_NUMBER}"
_SEVERAL = re.compile(
    rf"^(?:{_BEFORE} )*(?P<numbers>{_THE_NUMBER}(?:(?: et| puis| ou)? {_THE_NUMBER})+)(?: {_AFTER})*$"
)
# « Le premier et le dernier »
_RANK_AND_RANK = re.compile(
    rf"^(?:{_BEFORE} )*(?P<ranks>l[ea] (?:{RANK_WORDS})(?:(?: et| puis| ou)? l[ea] (?:{RANK_WORDS}))+)(?: {_AFTER})*$"
)
# « Les deux derniers », « les 3 premiers »
_AT_THE_END = re.compile(r"\bles (?P<count>deux|trois|[23]) (?:(?P<first>premi(?:er|ere)s?)|derni(?:er|ere)s?)\b")
# « Un » counts nothing: « c’est un peu long ».
_ANY = re.compile(rf"\b(?!une?\b){_NUMBER}")
_RANK = re.compile(rf"\b(?:(?P<digits>\d{{1,2}})(?:{_ENDING})|(?P<word>{_either(_RANKS)}))\b")
# "la première fois", "le mois dernier", "une seconde", "le vingt-troisième": not a rank in one of our lists.
_NOT_A_RANK = re.compile(
    r"\b(?:an|annee|mois|semaine|ete|hiver|jour|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|une|deux|trois|quelques) (?:derniere?|premiere?|seconde)\b"
    r"|\b(?:vingt|trente|quarante|cinquante|soixante|quatre vingt)(?: et)?(?: dix)? \w+ieme\b"
    r"|\w+ (?:fois|ministre|secours|lieu|etage|moment|minute|degre|classe|siecle|arrondissement|age|temps"
    r"|main|rue|avenue|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
)


def find_ordinal(text: str) -> int | None:
    """The rank asked for, from 1 to 20; -1 for the last, -2 for the one before; None when the text names none."""
    words = normalize(text)
    marked = _MARKED.search(words) or _ALONE.search(words)
    if marked:
        return _in_range(NUMBER_WORDS.get(marked["number"]) or int(marked["number"]))
    rank = _RANK.search(_NOT_A_RANK.sub(" ", words))
    if rank is None:
        return None
    return _in_range(int(rank["digits"])) if rank["digits"] else _RANKS[rank["word"]]


def find_ordinals(text: str) -> list[int]:
    """Every rank that a message asks for: « axe 5 et axe 6 », « les axes 2 et 3 », « les deux derniers » (-2, -1)."""
    words = normalize(text)
    several = _RANK_AND_RANK.match(words)
    if several:
        return [rank for word in re.split(r"(?:^| )l[ea] ", several["ranks"]) if (rank := find_ordinal(f"le {word}"))]
    end = _AT_THE_END.search(words)
    if end:
        count = NUMBER_WORDS.get(end["count"]) or int(end["count"])
        return list(range(1, count + 1)) if end["first"] else list(range(-count, 0))
    listed = _LISTED.search(words) or _SEVERAL.match(words)
    if listed:
        numbers = re.findall(rf"\b{_PLAIN_NUMBER}\b", listed["numbers"])
    else:
        numbers = [marked["number"] for marked in _MARKED.finditer(words)]
    ranks = [_in_range(NUMBER_WORDS.get(number) or int(number)) for number in numbers]
    return list(dict.fromkeys(rank for rank in ranks if rank is not None))


def is_only_a_rank(text: str) -> bool:
    """Whether a message says nothing but a number: « le 5 », « non pardon, le sept »."""
    return _ALONE.match(normalize(text)) is not None


def find_number(text: str) -> int | None:
    """Any number from 1 to 20 in a message that is known to ask for a rank."""
    found = _ANY.search(normalize(text))
    return _in_range(NUMBER_WORDS.get(found["number"]) or int(found["number"])) if found else None


def _in_range(number: int) -> int | None:
    return number if 1 <= number <= LAST else None
