"""Messages that lean on what was said before: « qui le signe ? », « il est concerné ? », « et pour les jeunes ? »."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.text import normalize

MOST_WORDS = 9
_POINTS_BACK = re.compile(
    r"\b(?:y|en|il|elle|ils|elles|ca|cela|eux|lui|leur|leurs|dedans|son|sa|ses)\b"
    # « Celui de la CAF » brings its own name.
    r"|\b(?:celui|celle|ceux|celles)\b(?! (?:de|du|des|d|sur|pour|qui)\b)"
    r"|\b(?:qui|on|quand|comment) (?:le|la|les|l) \w+"
    r"|^(?:et )?c est (?:dans|prevu|compris|inclus|gratuit|payant|obligatoire|ouvert)\b"
    r"|\bc est (?:ou|qui|quoi|quand|combien|comment|lequel|laquelle|pour qui|pour quoi)\b"
)
_STANDS_FOR_A_NAME = re.compile(
    r"\b(?:il|elle|ils|elles|eux|lui|leur|leurs|son|sa|ses)\b|\bc est (?:qui|quoi)(?: ca)?(?: au juste| exactement)?$"
)
# « Pourquoi ? », « en quelle année ? », « seulement deux ? »: a question without its subject.
_HAS_NO_SUBJECT = re.compile(
    r"^(?:(?:et|ah|ok|mais|donc|alors) )*"
    r"(?:pourquoi(?: ca| donc)?|combien(?: en tout| de temps)?|(?:pendant|depuis) combien de temps"
    r"|(?:pendant |depuis )?combien de temps (?:il|elle|ca) (?:dure|existe|prend|reste)"
    r"|(?:il|elle|ca) (?:dure|existe|prend|reste) (?:combien de temps|depuis quand|jusqu a quand)"
    r"|(?:depuis |jusqu a )?quand(?: ca)?|(?:en |depuis )?quelle annee"
    r"|qui ca|ou ca|comment ca|(?:seulement|que|juste) (?:un|une|deux|trois|\d{1,2})"
    r"|(?:c est )?(?:lesquels|lesquelles|lequel|laquelle)(?: ca| exactement| au juste)?"
    r"|c est tout|rien d autre|par exemple)$"
)
# « Vos infos, elles viennent d’où ? »: the pronoun stands for what the message itself names.
_OWN_NAME = re.compile(
    r"(?:^|(?<!\bdans )(?<!\bsur )(?<!\bde )(?<!\bpour )(?<!\bavec )(?<!\ba ))"
    r"\b(?:les|la|le|l|vos|votre|nos|notre|mes|mon|ma|ces|ce|cette|ton|ta|tes) \w+(?: (?:de|du|des|d|la|l) \w+)?"
    r" (?:il|elle|ils|elles)\b"
)
# « Il y a », « il faut », « s’il vous plaît »: the pronoun stands for nothing.
_STANDS_FOR_NOTHING = re.compile(
    r"\b(?:est ce qu )?(?:il )?y (?:a|aura|avait)(?: t il)?\b|\bil (?:faut|fait|pleut)\b|\bs il (?:vous|te) plait\b"
    r"|\bca (?:va|marche|roule|suffit)\b|\ben (?:fait|gros|ville|france|plus)\b"
)
_GOES_ON = re.compile(
    r"^\W*(?:(?:et|mais|ou|sinon|alors|ok|oui|d[’' ]accord)\s+)*?(?:et|and|und|ve|oraz|и|а)\s+(?:puis\s+)?(?:sinon\s+)?"
    r"(?:(?:celui|celle|ceux|celles)\s+(?:de\s+|du\s+|des\s+|d[’']\s*|sur\s+|pour\s+))?"
    r"(?:(?:pour|concernant|niveau|au niveau (?:de la|du|des|de)|c[ôo]t[ée]|question|en mati[èe]re (?:de|d[’'])"
    r"|par rapport (?:à la|au|aux|à))\s+)?(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_MOST_WORDS_GOING_ON = 6
# « Et aux commerçants ? » is about them.
_TO_WHOM = re.compile(r"(aux|au|à la)\s+(?=\w)", re.IGNORECASE)
_WHOM = {"aux": "les", "au": "le", "à la": "la"}
_SINGULAR = re.compile(r"\b(?:il(?! y\b)|elle|le|la|l|lui|son|sa)\b")
# « Non, je parlais des quartiers », « je me suis trompé, je voulais les axes », « redonne les partenaires ».
_CORRECTS = re.compile(
    r"^\W*(?:(?:ah |oh |mais |euh )?(?:non|nan|nn|pardon|oups|désolée?|excusez[- ]moi|en fait|finalement"
    r"|pas (?:ça|ca|celui[- ]là|celle[- ]là|lui|elle|eux)|(?:c[’']est )?pas ça)\b[\s,.;:!]*"
    r"|(?:je|j[’'])\s?(?:me suis|m[’']étais|ai)\s(?:mal )?(?:trompée?|gourée?|exprimée?|dit)\b[\s,.;:!]*(?:mais )?"
    r"|(?:moi |c[’']est que |ce que )?je (?:parl(?:e|ais)|pens(?:e|ais)|demand(?:e|ais)|cherch(?:e|ais)"
    r"|v(?:eux|oulais) (?:plutôt )?(?:dire|savoir|parler)|voulais)\s+(?:plutôt )?"
    r"(?:(?:de|à)\s+(?=l[ae]s?\b)|d[ue]\s+|des\s+|aux?\s+|d[’'])?"
    r"|plutôt\s+|re(?:dis|dites|donnes?|donnez|montres?|montrez|parles?|parlez)(?:[- ]moi)?\s+(?:plutôt )?"
    r"|rappelle[sz]?[- ]moi\s+)+(?P<rest>\S.*)$",
    re.IGNORECASE,
)


def may_lean(text: str) -> bool:
    """Whether a message is short enough to be about what the conversation is about."""
    return len(normalize(text).split()) <= MOST_WORDS


def points_back(text: str) -> bool:
    """Whether a short message holds a word that stands for what the conversation is about."""
    said = _OWN_NAME.sub(" ", _without_fillers(text))
    return has_no_subject(text) or (may_lean(text) and bool(_POINTS_BACK.search(said)))


def has_no_subject(text: str) -> bool:
    """Whether a message is a bare question word: alone it asks nothing."""
    return _HAS_NO_SUBJECT.match(normalize(text)) is not None


def stands_for_a_name(text: str) -> bool:
    """Whether that word stands for somebody or something that has a name: « ils font quoi ? », « son rôle ? »."""
    return may_lean(text) and bool(_STANDS_FOR_A_NAME.search(_OWN_NAME.sub(" ", _without_fillers(text))))


def what_it_adds(text: str) -> str | None:
    """« Et pour les jeunes ? » → « les jeunes ? »: what a message that goes on from the last one is about."""
    found = _GOES_ON.match(text)
    if found is None or len(normalize(text).split()) > _MOST_WORDS_GOING_ON:
        return None
    rest = found["rest"].strip()
    to_whom = _TO_WHOM.match(rest)
    return f"{_WHOM[to_whom[1].lower()]} {rest[to_whom.end() :]}" if to_whom else rest


def what_it_corrects(text: str) -> str | None:
    """« Non, je parlais des quartiers » → « quartiers »: what a message that goes back on what was said is about."""
    found = _CORRECTS.match(text)
    return found["rest"].strip() if found and may_lean(text) else None


def choose_subject(text: str, subjects: Sequence[str], lists: str) -> str:
    """Which of the subjects just told a message leans on: the last, but « il dure jusqu’à quand ? » is about no list.

    `lists`: what the name of a list begins with.
    """
    singles = [subject for subject in subjects if not subject.startswith(lists)]
    is_single = singles and _SINGULAR.search(_without_fillers(text))
    return singles[-1] if is_single else subjects[-1]


def _without_fillers(text: str) -> str:
    return _STANDS_FOR_NOTHING.sub(" ", normalize(text))
