"""Messages that lean on what was said before: « qui le signe ? », « comment on y entre ? », « il est concerné ? »."""

from __future__ import annotations

import re

from knowledge.text import normalize

MOST_WORDS = 9
_POINTS_BACK = re.compile(
    r"\b(?:y|en|il|elle|ils|elles|ca|cela|eux|lui|leur|celui|celle|ceux|dedans)\b"
    r"|\b(?:qui|quoi|on|quand|comment) (?:le|la|les|l) \w+"
)
# « Il y a », « il faut », « s’il vous plaît »: the pronoun stands for nothing.
_STANDS_FOR_NOTHING = re.compile(
    r"\b(?:est ce qu )?(?:il )?y (?:a|aura|avait)(?: t il)?\b|\bil (?:faut|fait|pleut)\b|\bs il (?:vous|te) plait\b"
    r"|\bca (?:va|marche|roule|suffit)\b|\ben (?:fait|gros|ville|france|plus)\b"
)


def refers_back(text: str) -> bool:
    """Whether a short message holds a pronoun that stands for what the conversation is about."""
    words = normalize(text)
    return len(words.split()) <= MOST_WORDS and bool(_POINTS_BACK.search(_STANDS_FOR_NOTHING.sub(" ", words)))
