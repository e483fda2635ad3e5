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
    r"(?:je )?me demand(?:e|ais)|(?:dites|dis|expliquez)[- ]moi|(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu)|"
    r"vous (?:pouvez|pourriez)|je vous (?:le )?demande|ma question|c[’']est (?:la liste|les?)\b|à quoi j[’']ai droit)",
    re.IGNORECASE,
)
# It means something only with what was said before.
_POINTS_BACK = re.compile(
    r"\b(?:ça|cela|en|y|là-dessus|ce sujet|ce problème|leur|les? (?:faire|aider|voir)|ce que c[’'\s](?:est|était)|"
    r"que c[’'\s]est)\b|c[’'\s]est (?:quoi|vrai)\W*$|(?:expliquer|demande)\W*$",
    re.IGNORECASE,
)
_LONG = 22
_SHORTEST, _LONGEST = 5, 26
_WORDS_BEFORE = 14
_MOST = 4


def find_told_questions(text: str) -> list[str]:
    """The questions that a long message may hold amid its story, the last first; none in a shorter message.

    « …il dort jusqu’à midi est-ce que vous aidez les jeunes » without the sleeper. A question that points back
    (« est-ce que vous faites quelque chose pour ça ») comes with the words before it.
    """
    words = list(re.finditer(r"\S+", text))
    if len(words) < _LONG or text.count("?") > 1:
        return []
    starts = [opener.start() for opener in _OPENER.finditer(text)]
    places = sorted({sum(word.end() <= start for word in words) for start in starts}, reverse=True)
    asked = [_cut_out(text, words, place) for place in places if len(words) - place >= _SHORTEST]
    return [question for question in dict.fromkeys(asked) if question != text.strip()][:_MOST]


def _cut_out(text: str, words: Sequence[re.Match[str]], place: int) -> str:
    """The question that opens with the word at `place`, with what it points back to."""
    end = words[min(place + _LONGEST, len(words)) - 1].end()
    if _POINTS_BACK.search(text[words[place].start() : end]):
        place = max(0, place - _WORDS_BEFORE)
    return text[words[place].start() : end].strip()
