"""The question of a long message that tells a story around it, as people dictate."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The question begins with one of these.
_OPENER = re.compile(
    r"\b(?:est[- ]ce qu(?:e|[’']\s?)|qu[’'\s]est[- ]ce qu|c[’']est quoi|à quoi|comment|quel(?:le)?s? (?:sont|est)|"
    r"y a[- ]t[- ]il|(?:je |j[’'])?aurais? (?:voulu|besoin de|aimé) (?:savoir|demander|connaître|comprendre)|"
    r"(?:je|j[’']|on|nous)\s?(?:voudrai[st]|voulai[st]|veux|veut|aimerai[st]|souhaiterai[st]|souhaite|voudrions)"
    r"(?: bien| juste| donc)? (?:savoir|demander|connaître|comprendre)|"
    r"(?:je )?me demand(?:e|ais)|(?:re)?(?:dites|dis|expliquez|donnez|rappelez)[- ]moi|"
    r"(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu)|"
    # « On m’a demandé si… », « elle veut savoir si… », « je sais pas si… »
    r"(?:demand\w+|savoir|sais pas|sait pas|dire|vérifier) (?=si\b)|"
    r"qui (?:est|sont|a|ont|fait|peut|signe|s[’']occupe)\b|(?:c[’']est )?(?:lequel|laquelle|lesquels|lesquelles)\b|"
    r"combien d(?:e\b|[’'])|où (?:est|sont|puis|faut|se)\b|"
    r"vous (?:pouvez|pourriez)|je vous (?:le )?demande|ma question|c[’']est (?:la liste|les?)\b|à quoi j[’']ai droit)",
    re.IGNORECASE,
)
# It means something only with what was said before.
_POINTS_BACK = re.compile(
    r"\b(?:ça|cela|en|y(?! (?:a|avait|aurait)\b)|là-dessus|ce sujet|ce problème|leur|"
    r"les? (?:faire|aider|voir)|ce que c[’'\s](?:est|était)|"
    r"que c[’'\s]est)\b|c[’'\s]est (?:quoi|vrai|lequel|laquelle)\b|qui a raison|(?:expliquer|demande)\W*$|"
    r"(?<!s[’'])\b(?:ils?|elles?)\b(?! (?:y a|faut|existe))",
    re.IGNORECASE,
)
# « …savoir s’il est dedans »
_IF_IT = re.compile(r"s(?:[’'\s]ils?|i (?:elles?|c[’'\s]est))\b", re.IGNORECASE)
# What follows it is why one asks, or goodbye.
_REASON = re.compile(
    r"\W+(?:parce qu|vu qu|car\b|puisqu|c[’'\s]est pour\b|et j[’']ai pas\b|et je (?:sais|savais) pas\b"
    r"|merci\b|voilà\b|bonne journée|au revoir)",
    re.IGNORECASE,
)
# « Tkt, je veux juste savoir qui sont les partenaires » asks what comes after.
_TO_KNOW = re.compile(
    r"\b(?:voudrai[st]?|voulai[st]?|veux|veut|voulez|aimerai[st]?|souhaiterai[st]?|souhaite|cherche|c[’'\s]?est|est)"
    r"(?: (?:bien|juste|donc|seulement|simplement|aussi|pour|à|a))* (?:savoir|demander|connaître|comprendre) ",
    re.IGNORECASE,
)
# « Je suis président d’un club. Quelles sont vos priorités ? »
_LAST_QUESTION = re.compile(r"\w\w(?:[.!…]+|\s*:)\s+(?P<question>[^.!?…:]+\w[^.!?…]*\?)\s*$")
# « Je loge rue de Lille, ai-je droit à une prime ? »
_WHERE_ONE_LIVES = re.compile(
    r"^\W*(?:moi,? )?(?:j[’']\s?(?:habite|ai emménagé)|je (?:vis|loge|réside|demeure|viens d[’']emménager)"
    r"|(?:nous|on) (?:habitons|vivons|logeons|habite|vit|loge)|habitante?s?)\b[^,.;:?!]*[,.;:]\s+"
    r"(?P<question>[^.!?…]+\w[^.!?…]*\?)\s*$",
    re.IGNORECASE,
)
# What leads to the name of a place, and goes with it.
_LEADS_TO_A_PLACE = re.compile(
    r"(?:[\s,]+(?:à|a|au|aux|de|du|dans|sur|pour|par|en|le|la|les|ce|cette|côté|quartiers?))+[\s«]*$"
    r"|^(?:(?:à|a|au|dans|sur|pour|le|la|quartier|du|de)\s+)+$",
    re.IGNORECASE,
)
_FEWEST_LEFT = 3
_LONG = 22
_FEWEST_ASKED = 4
_SHORTEST, _LONGEST = 5, 26
_WORDS_BEFORE = 14
_MOST = 4


def find_told_questions(text: str) -> list[str]:
    """The questions that a long message may hold amid its story, the last first; none in a shorter message.

    « …il dort jusqu’à midi est-ce que vous aidez les jeunes » without the sleeper, and without why it is asked. A
    question that points back (« est-ce que vous faites quelque chose pour ça »), or is too short to say anything
    alone, comes with the words before it. A shorter message may say that one wants to know something, then what.
    """
    words = list(re.finditer(r"\S+", text))
    if text.count("?") > 1:
        return []
    if len(words) < _LONG:
        asked = [text[wish.end() :].strip() for wish in _TO_KNOW.finditer(text)]
        return [question for question in asked if len(question.split()) >= _FEWEST_ASKED and not _leans(question)][:1]
    starts = [opener.start() for opener in _OPENER.finditer(text)]
    places = sorted({sum(word.end() <= start for word in words) for start in starts}, reverse=True)
    asked = [_cut_out(text, words, place) for place in places]
    return [question for question in dict.fromkeys(asked) if question != text.strip()][:_MOST]


def _leans(question: str) -> bool:
    return bool(_POINTS_BACK.search(question) or _IF_IT.match(question))


def find_last_question(text: str) -> str | None:
    """The question that ends a short message, without the sentences before it; None when it is all of it, or long."""
    return _find_in(_LAST_QUESTION, text)


def find_question_from_home(text: str) -> str | None:
    """The question of a short message that opens with where one lives, without that; None in any other."""
    return _find_in(_WHERE_ONE_LIVES, text)


def leave_out_place(text: str, start: int, end: int) -> str | None:
    """What is asked besides the place that `text[start:end]` names: « quelles actions au … ? »; None if nothing is."""
    before = _LEADS_TO_A_PLACE.sub("", text[:start])
    left = f"{before} {text[end:].lstrip(' »,')}".strip(" ,")
    return left if len(re.findall(r"\w\w+", left)) >= _FEWEST_LEFT else None


def _find_in(shape: re.Pattern[str], text: str) -> str | None:
    found = shape.search(text) if len(text.split()) < _LONG else None
    return found["question"].strip() if found else None


def _cut_out(text: str, words: Sequence[re.Match[str]], place: int) -> str:
    """The question that opens with the word at `place`, with what it points back to."""
    start = words[place].start()
    end = words[min(place + _LONGEST, len(words)) - 1].end()
    reason = _REASON.search(text, start, end)
    if reason and len(text[start : reason.start()].split()) >= _SHORTEST:
        end = reason.start()
    question = text[start:end]
    if len(question.split()) < _SHORTEST or _POINTS_BACK.search(question):
        start = words[max(0, place - _WORDS_BEFORE)].start()
    return text[start:end].strip()
