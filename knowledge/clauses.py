"""Where one question ends and the next begins, in a message that holds several."""

from __future__ import annotations

import re

from knowledge.genres import GENRE_WORDS
from knowledge.reactions import find_mood
from knowledge.text import normalize, strip_invisible

# A new question starts with one of these, after a stop or a conjunction.
_ASKING = (
    r"(?:qui|quoi|quel(?:le)?s?|comment|pourquoi|quand|combien|où|est[- ]ce|qu[’']est[- ]ce|c[’']est (?:quoi|qui|où)|"
    r"c quoi|que\s+(?:fait|faites|font)|puis[- ]je|peut[- ]on|y a[- ]t[- ]il|avez[- ]vous|la liste)"
)
_INSULTS = (
    r"(?:con(?:ne|nard|nasse)?s?|abrutie?s?|idiote?s?|imb[ée]ciles?|cr[ée]tine?s?|d[ée]biles?|enfoir[ée]e?s?|nulle?s?"
    r"|nazes?|incapables?|guignols|clowns|machine(?: à la con)?|robot|bot|merde|pute)"
)
# What is shouted before a question is no part of it: « sale machine, je veux les objectifs ».
_SHOUTED = (
    rf"putain(?: de {_INSULTS})?|bordel(?: de merde)?|merde|fait chier|connard|connasse|abruti|imb[ée]cile|cr[ée]tin"
    rf"|(?:sale|esp[èe]ce de|bande de|gros(?:se)?|pauvre) {_INSULTS}(?: de merde)?"
    r"|(?:mais )?t(?:u |[’'])?es (?:vraiment |trop |compl[èe]tement )?"
    rf"(?:{_INSULTS}|b[êe]te|bouch[ée]e?)(?: ou quoi)?(?=\s*[,.!?;:])"
)
_GREETING = re.compile(
    r"^\s*(?:(?:bonjour|bonsoir|salut|coucou|hello|hey|yo|wesh|wsh|all[oô]|bjr|slt|bsr|cc|salam(?: ?al[ae]ykoum)?"
    # What is said before one has found one’s words.
    r"|ah (?:bon|ok|oui|d[’']accord)|oh l[àa] l[àa]|pff+|mouais|bof|(?:c[’']est (?:bien |vraiment )?)?dommage"
    r"|tant pis|zut"
    # « Ok laisse tomber. Qui… ? », but « d’accord, allons-y » is a yes.
    r"|(?:(?:ah|ok|oui|bon|non),? )?(?:tr[èe]s bien|d[’']accord|ok|okay|parfait|super|merci|entendu|c[’']est not[ée]"
    rf"|je vois|laisse[rz]? tomber|tant mieux)(?=\s*[.,;!]\s*(?:(?:et|mais|sinon)\b|.*(?:\?|\b{_ASKING}\b)))"
    rf"|bah|ben|beh|euh+|heu+|hum+|mort de rire|lol|bref|par exemple|au fait|du coup|attends|attendez|tiens|{_SHOUTED})"
    r"(?:(?:,?\s+(?:et|ou)\s+|\s+)(?:(?:ch[èe]re?s?\s+)?(?:madame|monsieur|mademoiselle|messieurs|mesdames)"
    r"|[àa]\s+(?:tous|toutes|vous|toi)|tout le monde|la compagnie(?=\s*[,.!?])))*"
    r"(?:[\s,.!?;:-]+|$))+",
    re.IGNORECASE,
)
# What is not language: tags, images and links of Markdown, addresses.
_MARKUP = re.compile(r"<[^<>]*>|!?\[[^\[\]]*\]\([^()]*\)|(?:https?://|www\.)\S+")
# « … et dites-moi qui l’a signé », « je voudrais savoir… et si ma rue est dedans »
_ASKING_TOO = (
    r"(?:(?:dites|dis|expliquez|donnez)[- ]moi|"
    r"(?:je|j[’'])\s?(?:voudrais|voulais|veux|aimerais)[^,.;?!\n]{0,12} savoir|"
    r"si (?:je|ma|mon|mes|nous|notre|on)\b|ce qu(?:e|[’']))"
)
# « …, et ma rue est-elle dedans ? »
_INVERSION = r"[^,.;?!\n]*\w-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles)\b"
_BOUNDARY = re.compile(
    rf"(?<=[?!.;])\s+|\s*\n\s*|\s*[,;]?\s+(?:et|puis|aussi|ensuite)\s+(?:aussi\s+|sinon\s+)?(?={_ASKING}\b\W*\w)|\s*,\s*(?={_ASKING}\b)"
    rf"|\s*,\s+et\s+(?={_INVERSION})|\s*,?\s+et\s+(?:aussi\s+)?(?={_ASKING_TOO})",
    re.IGNORECASE,
)
_BEFORE_A_LIST = re.compile(
    r"\s*(?:,|\bet)\s+(?:(?:puis|aussi)\s+)?(?=(?:les|vos|ses|leurs|des|la liste des)\s+\w+)", re.IGNORECASE
)
_QUESTION = re.compile(rf"\?\s*$|\b{_ASKING}\b|^{_ASKING_TOO}", re.IGNORECASE)
# « Quand on donne son adresse, on raccroche. » asks nothing where another sentence has its question mark.
_STATEMENT = re.compile(r"[.!…]\s*$")
_GOES_ON = re.compile(r"\s*(?:et|mais|alors)\b", re.IGNORECASE)
_WHY = re.compile(
    r"\s*(?:c[’']est que |parce que )?(?:moi,? )?(?:je|j[’']|on|nous)\b"
    r"(?!.*\b(?:ve|voud|voul|cherch|parl|demand|sa)\w*)[^?]*$",
    re.IGNORECASE,
)
_FEWEST_WORDS_AFTER_GREETING = 2


def split_clauses(text: str) -> list[str]:
    """The questions of `text`, in order, without the greeting that opens it.

    A statement goes with the question that follows it (« J’habite rue de Lille. Suis-je concerné ? » is one
    question); a message that holds one question, or none, gives one clause.
    """
    whole = strip_greeting(strip_markup(text))
    has_mark = "?" in whole
    spans: list[tuple[int, int]] = []
    start = segment_start = 0
    for end, after in [*(stop.span() for stop in _BOUNDARY.finditer(whole)), (len(whole), len(whole))]:
        segment = whole[segment_start:end]
        if _QUESTION.search(segment) and not (has_mark and _STATEMENT.search(segment)):
            spans.append((start, end))
            start = after
        segment_start = after
    if not spans:
        return _split_lists(whole.strip())
    # What follows the last question belongs to it, but for why one goes on: « et les commerçants ? J’ai un bar. »
    start, end = spans[-1]
    goes_on = _GOES_ON.match(whole[start:]) and _WHY.match(whole[end:])
    spans[-1] = (start, end if goes_on else len(whole))
    return [part for start, end in spans for part in _split_lists(whole[start:end].strip())]


def _split_lists(clause: str) -> list[str]:
    """« Vos partenaires et vos objectifs ? » asks for two lists; « les axes et les priorités » for one."""
    parts: list[str] = []
    start = 0
    for stop in _BEFORE_A_LIST.finditer(clause):
        before, after = _lists_in(clause[start : stop.start()]), _lists_in(clause[stop.end() :])
        if before and after and before[-1] != after[0]:
            parts.append(clause[start : stop.start()].strip())
            start = stop.end()
    return [*parts, clause[start:].strip()]


def _lists_in(text: str) -> list[str]:
    found = {genre: re.search(rf"\b(?:{words})\b", normalize(text)) for genre, words in GENRE_WORDS.items()}
    places = {genre: match.start() for genre, match in found.items() if match}
    return sorted(places, key=lambda genre: places[genre])


def strip_markup(text: str) -> str:
    """`text` without what nobody says aloud: invisible characters, tags, addresses; whole when it is nothing else."""
    words = _MARKUP.sub(" ", strip_invisible(text)).strip()
    return words if any(letter.isalpha() for letter in words) else text


def strip_greeting(text: str) -> str:
    """`text` without the greeting before its question; a message that only greets, or asks nothing, is left whole."""
    rest = _GREETING.sub("", text, count=1)
    is_more = len(rest.split()) >= _FEWEST_WORDS_AFTER_GREETING and (rest == text or find_mood(text) is None)
    return rest if is_more else text
