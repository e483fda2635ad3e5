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
    # « Nomme-les », « explique-la »
    r"|^\w{3,}(?:e|es|ez|is|ites) (?:le|la|les)(?: moi)?$"
    # « Qui peut le lire ? », « où faut-il la signer ? »
    r"|\b(?:peut|peux|peuvent|puis je|on|faut|faut il|dois|doit) (?:le|la|les|l) \w+(?:er|ir|re|oir)\b"
    # « C’est payé ? », « c’est loin ? », but « c’est quoi le contrat ? » says of what.
    r"|^(?:(?:et|ok|mais|bon|alors|donc) )*c est"
    r" (?!(?:quoi|qui|ou|bon|quel\w*|bien|pas|le|la|les|l|un|une|des|du|vos|mon|ma)\b)\w"
    r"|\bc est (?:ou|qui|quoi|quand|combien|comment|lequel|laquelle|pour qui|pour quoi)\b"
)
_STANDS_FOR_A_NAME = re.compile(
    # « Leur rôle », but « leur écrire », « lui expliquer » ask for somebody.
    r"\b(?:il|elle|ils|elles|eux|leurs|son|sa|ses|(?:lui|leur)(?! \w+(?:er|ir|re)\b))\b"
    r"|\bc est (?:qui|quoi)(?: ca)?(?: au juste| exactement)?$"
)
# « Qui peut y aller ? », but « j’y habite » is about oneself.
_STANDS_FOR_A_PLACE = re.compile(r"\b(?<!j )y (?!a\b|habit|vi[st]|vivre|suis|est)\w+")
_GOES_ELSEWHERE = re.compile(r"^(?:ah |oh |mais |euh )?(?:non|nan|nn|pas (?:ca|celui la|celle la|lui|elle|eux))\b")
# « Pourquoi ? », « en quelle année ? », « seulement deux ? »: a question without its subject.
_HAS_NO_SUBJECT = re.compile(
    r"^(?:(?:et|ah|ah bon|ok|mais|donc|alors) )*"
    r"(?:pourquoi(?: ca| donc| (?:ceux|celui|celle|celles) la| (?:eux|lui|elles?))?|combien(?: en tout| de temps)?"
    r"|(?:pendant|depuis) combien de temps"
    r"|(?:pendant |depuis )?combien de temps (?:il|elle|ca) (?:dure|existe|prend|reste)"
    # « Il se termine quand ? », « elle existe depuis quand ? »: nothing but a pronoun, a verb and what is asked.
    r"|(?:il|elle|ils|elles|ca) (?:se |s |y )?\w+ (?:combien de temps|(?:depuis |jusqu a )?quand|en quelle annee)"
    r"|(?:il )?y en a combien(?: ici| en tout)?|combien (?:il )?y en a(?: ici| en tout)?"
    r"|(?:depuis |jusqu a )?quand(?: ca)?|(?:en |depuis )?quelle annee"
    r"|qui ca|ou ca|comment ca|(?:seulement|que|juste) (?:un|une|deux|trois|\d{1,2})"
    r"|(?:c est )?(?:lesquels|lesquelles|lequel|laquelle)(?: ca| exactement| precisement| au juste| donc| alors)?"
    r"|(?:lis|lisez|dis|dites|montre|montrez|donne|donnez|explique|expliquez|detaille|detaillez|developpe|developpez"
    r"|resume|resumez|precise|precisez) (?:le|la|les)(?: moi)?(?: (?:svp|stp|s il (?:te|vous) plait))?"
    r"|c est tout|rien d autre|par exemple|c est a dire|mais encore|plus precisement|(?:avec )?plus de details?)$"
)
# « Vos infos, elles viennent d’où ? »: the pronoun stands for what the message itself names.
_OWN_NAME = re.compile(
    r"(?:^|(?<!\bdans )(?<!\bsur )(?<!\bde )(?<!\bpour )(?<!\bavec )(?<!\ba ))"
    r"\b(?:les|la|le|l|vos|votre|nos|notre|mes|mon|ma|ces|ce|cette|ton|ta|tes) \w+(?: (?:de|du|des|d|la|l) \w+)?"
    r" (?:il|elle|ils|elles)\b"
    # « Revenons au contrat : il a été signé quand ? »
    r"|\b(?:reven|retourn)\w* (?:au|aux|a la|a l|sur l[ae]s?) \w+(?: (?:de|du|des|d|la|l) \w+)* (?:il|elle)s?\b"
    # « Ce que vous savez, c’est quoi ? »
    r"|\bce (?:que|qu|qui) \w.* c est (?:quoi|qui)\b"
    # « Il est ouvert quand, le bureau ? », « c’est où, les réunions ? »
    r"|\bc est (?=(?:quand|ou|combien|comment) (?:le|la|les|l|vos|votre|mon|ma|ce|cette) \w+)"
    r"|\b(?:il|elle|ils|elles)\b(?= .*\b(?:quand|ou|quoi|comment|combien|qui) (?:le|la|les|l|vos|votre|mon|ma|ce|cette)"
    r" \w+(?: (?:de|du|des|d|la|l) \w+)?$)"
)
# « Il y a », « il faut », « s’il vous plaît »: the pronoun stands for nothing.
_STANDS_FOR_NOTHING = re.compile(
    r"\b(?:est ce qu )?(?:il )?y (?:a|aura|avait)(?: t il)?\b"
    r"|\bil (?:faut|pleut|fait (?:beau|bon|froid|chaud|nuit|jour|noir))\b|\bs il (?:vous|te) plait\b"
    r"|\bca (?:va|marche|roule|suffit)\b|\ben (?:fait|gros|ville|france|plus)\b"
)
# Words that mean something only with others; those that make a message lean on what was said.
_LEANS = frozenset(
    normalize(
        "ça cela il elle ils elles eux lui c qui quoi quel quelle quels quelles quand comment combien pourquoi où "
        "exemple"
    ).split()
)
_SAYS_NOTHING = _LEANS | frozenset(
    normalize(
        "le la les l un une des du de d ce cet cette ces leur leurs y en se s on que qu est n ne pas a au aux par pour "
        "avec sur sous dans chez contre depuis jusqu jusque vers et mais donc alors aussi encore toujours déjà "
        "vraiment exactement précisément juste bien tout tous toute toutes "
        "même longtemps temps sont était sera ont fait font "
        "faire peut peuvent doit doivent faut veut veulent dire dit sert servent existe existent dure durent commence "
        "finit termine court vient viennent arrive passe change concerne consiste titre but sens cas point année date "
        "nom début fin svp stp"
    ).split()
)
_SOME_OF_IT = re.compile(r"\ben\b")
_SAYS_TOO = re.compile(
    r"^(?:et )?(?:pour )?(?:(?:les|le|la|l|des|un|une|mon|ma|mes) \w+(?: \w+){0,2}|moi|nous|toi|lui|eux|elles?) aussi$"
)
_ASKS_FOR = re.compile(r"\b(?:donne|donnez|auriez vous|avez vous|t as|as tu)(?: moi| nous)?\b")
_GOES_ON = re.compile(
    r"^\W*(?:(?:et|mais|ou|sinon|alors|ok|oui|d[’' ]accord)\s+)*?"
    r"(?:et|and|und|ve|oraz|и|а|en(?=\s+(?:de|het)\b)|y(?=\s+(?:el|los|las|para)\b)|e(?=\s+(?:o|os|il|per|para)\b))\s+"
    r"(?:puis\s+)?(?:sinon\s+)?"
    r"(?:(?:celui|celle|ceux|celles)\s+(?:de\s+|du\s+|des\s+|d[’']\s*|sur\s+|pour\s+))?"
    r"(?:(?:pour|concernant|niveau|au niveau (?:de la|du|des|de)|c[ôo]t[ée]|question|en mati[èe]re (?:de|d[’'])"
    r"|par rapport (?:à la|au|aux|à))\s+)?(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_MOST_WORDS_GOING_ON = MOST_WORDS
# « Et aux commerçants ? » is about them.
_TO_WHOM = re.compile(r"(aux|au|à la)\s+(?=\w)", re.IGNORECASE)
_WHOM = {"aux": "les", "au": "le", "à la": "la"}
# Which names a pronoun may stand for, by their article; what one does (« Vérifier… ») is none.
_ANY_NAME = r"(?!les\b|ce\b|qui\b|o[uù]\b|d[’']|votre\b|\w+er\b|\w+re\b)"
_MAY_BE = {
    r"elle|qui la": rf"{_ANY_NAME}(?!le\b)",
    r"il(?! y)|qui le": rf"{_ANY_NAME}(?!la\b)",
    r"lui|son|sa|(?:qui|on|quand|comment) l": _ANY_NAME,
}
_MOST_BACK = 3
# « Non, je parlais des quartiers », « je me suis trompé, je voulais les axes », « redonne les partenaires ».
_THE = r"(?:(?:de )?(?:la|le|les)\s|(?:d[ue]|des)\s|(?:de )?l[’'])"
# « Je ne parlais pas du tribunal mais de la préfecture », « laissez tomber le tribunal, dites-moi… »
_DENIES = (
    rf"(?:(?:je|j[’']|c[’']est)\s?(?:(?:ne |n[’'])?\w+\s)?)?pas {_THE}[^,;.!?]{{2,40}}?\bmais\s+(?:plutôt\s+)?{_THE}?"
    rf"|(?:c[’']est |ce n[’']est )?pas {_THE}[^,;.!?]{{2,40}} (?:que|dont) je parl\w+\s*,\s*c[’']est {_THE}?"
    rf"|(?:laisse[rz]?(?: tomber)?|oublie[rz]?)(?: (?:ça|cela|{_THE}\s?[\w-]+(?: \w+){{0,2}}))?\s*[,.;]\s*"
    r"|(?:c[’']est |ce n[’']est )?pas (?:(?:ma|la) question|ce que je \w+)\s*[,.;]\s*"
)
_IS_DENIED = re.compile(rf"^\W*(?:(?:non|nan|et|mais|euh|ah)\W+)*(?:{_DENIES})", re.IGNORECASE)
_MOST_WORDS_DENYING = 14
_CORRECTS = re.compile(
    rf"^\W*(?:{_DENIES}|(?:ah |oh |mais |euh )?(?:non|nan|nn|pardon|oups|désolée?|excusez[- ]moi|en fait|finalement"
    r"|pas (?:ça|ca|celui[- ]là|celle[- ]là|lui|elle|eux)|(?:c[’']est )?pas ça)\b[\s,.;:!]*"
    # « Pas le tribunal, la préfecture »
    r"|pas (?:(?:de )?(?:la|le|les)\s|(?:d[ue]|des)\s|(?:de )?l[’'])[\w-]+(?:\s[\w-]+)?\s*,\s*(?:mais\s+)?"
    r"|(?:je|j[’'])\s?(?:me suis|m[’']étais|ai)\s(?:mal )?(?:trompée?|gourée?|exprimée?|dit)\b[\s,.;:!]*(?:mais )?"
    r"|(?:moi |c[’']est que |ce que )?je (?:parl(?:e|ais)|pens(?:e|ais)|demand(?:e|ais)|cherch(?:e|ais)"
    r"|v(?:eux|oulais) (?:plutôt )?(?:dire|savoir|parler)|voulais)\s+(?:plutôt )?"
    r"(?:(?:de|à)\s+(?=l[ae]s?\b)|d[ue]\s+|des\s+|aux?\s+|d[’'])?"
    r"|plutôt\s+|re(?:dis|dites|donnes?|donnez|montres?|montrez|parles?|parlez)(?:[- ]moi)?\s+(?:plutôt )?"
    r"|rappelle[sz]?[- ]moi\s+)+(?P<rest>\S.*)$",
    re.IGNORECASE,
)

# « Non, les quartiers, pardon »
_SORRY = re.compile(r"[\s,;.]+(?:pardon|désolée?|excusez[- ]moi|plutôt)\W*$", re.IGNORECASE)

# « Redites-le plus simplement », « trop long ! plus court », « répétez, je n’ai pas mes lunettes »
_PLAINER = re.compile(
    r"\b(?:plus|moins) (?:simple\w*|court\w*|clair\w*|facile\w*|bref|breve\w*|complique\w*|long\w*)\b|\bsimplifi\w+"
    r"|^(?:(?:oh|ah|c est|ouf) )*(?:trop|bien) (?:long|complique|technique)(?: pour (?:moi|nous|lui|elle))?$"
    r"|\bresum\w+ (?:moi|le|la|les|ca)\b|^(?:et |bon |donc )?en (?:gros|bref|resume|clair|deux mots|une phrase)$"
)
_AGAIN = re.compile(
    r"^(?:(?:pardon|euh|oh|s il (?:vous|te) plait|svp|vous pouvez|tu peux|pouvez vous|peux tu) )*"
    r"(?:repet\w+|redi[st]\w*|redire|recommenc\w+|encore une fois)\b"
)

# What asks for something, whatever it asks: a question word, « dites-moi », « je voudrais », « vous pouvez ».
_ASKS = re.compile(
    r"\?|\boù\b|\b(?:qui|quoi|quel\w*|lequel|laquelle|lesquel\w+|comment|pourquoi|quand|combien|est ce|c koi|c ki"
    r"|(?:re)?(?:dis|dites)|(?:explique|montre|donne|parle|liste|rappelle|detaille|developpe|resume|cite|raconte|precise)[rsz]*"
    r"|continue[rz]?|suite|suivante?|autres?|plus|moins|droits?|veux|veut|voudrai\w*|voulai\w*|aimerai\w*|souhaite\w*"
    r"|cherche\w*|besoin|peu[xt]|peuvent|pouvez|pourr\w+|faut|dois|doit)\b"
)


def asks(text: str) -> bool:
    """Whether a message asks for something, by its mark or its words."""
    return _ASKS.search(text) is not None or _ASKS.search(normalize(text)) is not None


def asks_plainer(text: str) -> bool:
    """Whether a short message wants what was said in plainer or fewer words."""
    return may_lean(text) and _PLAINER.search(normalize(text)) is not None


def asks_again(text: str) -> bool:
    """Whether a short message begins by asking for what was said once more."""
    return may_lean(text) and _AGAIN.match(normalize(text)) is not None


def may_lean(text: str) -> bool:
    """Whether a message is short enough to be about what the conversation is about."""
    return len(normalize(text).split()) <= MOST_WORDS


def points_back(text: str) -> bool:
    """Whether a short message holds a word that stands for what the conversation is about."""
    said = _OWN_NAME.sub(" ", _without_fillers(text))
    return has_no_subject(text) or (may_lean(text) and bool(_POINTS_BACK.search(said)))


def adds_nothing(text: str) -> bool:
    """Whether the words of a message say nothing of their own: « ça existe encore ? », « à quel titre ? »."""
    words = [word for word in _ASKS_FOR.sub(" ", _without_fillers(text)).split() if not word.isdigit()]
    return bool(words) and all(word in _SAYS_NOTHING for word in words) and any(word in _LEANS for word in words)


def count_own_words(text: str) -> int:
    """How many words of a message mean something without what was said before."""
    return sum(word not in _SAYS_NOTHING for word in normalize(text).split())


def is_some_of_it(text: str) -> bool:
    """« Le mien en est un ? », « j’en suis ? »: one of what was told, or a part of it."""
    return _SOME_OF_IT.search(normalize(text)) is not None


def says_too(text: str) -> bool:
    """« Les commerçants aussi ? »: what was said, of somebody else."""
    return may_lean(text) and _SAYS_TOO.match(normalize(text)) is not None


def has_no_subject(text: str) -> bool:
    """Whether a message is a bare question word: alone it asks nothing."""
    return _HAS_NO_SUBJECT.match(normalize(text)) is not None


def stands_for_a_name(text: str) -> bool:
    """Whether that word stands for somebody or something that has a name: « ils font quoi ? », « son rôle ? »."""
    return may_lean(text) and bool(_STANDS_FOR_A_NAME.search(_OWN_NAME.sub(" ", _without_fillers(text))))


def stands_for_a_place(text: str) -> bool:
    """Whether a short message says « y » of what was said before: « qui peut y aller ? »."""
    return may_lean(text) and bool(_STANDS_FOR_A_PLACE.search(normalize(text)))


def goes_elsewhere(text: str) -> bool:
    """Whether a message begins by refusing what was said: « non, la CAF », « pas ça »."""
    return _GOES_ELSEWHERE.match(normalize(text)) is not None


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
    is_short = len(normalize(text).split()) <= (_MOST_WORDS_DENYING if denies(text) else MOST_WORDS)
    return _SORRY.sub("", found["rest"]).strip() or None if found and is_short else None


def denies(text: str) -> bool:
    """Whether a message begins with what it is not about: « pas du contrat mais du conseil »."""
    return _IS_DENIED.match(text) is not None


def choose_subject(text: str, subjects: Sequence[tuple[str, str]]) -> tuple[str, bool]:
    """Which of the last subjects told a message leans on, and whether its pronoun may stand for it.

    The last one that it may stand for, else the last. `subjects`: each with its name, whose article tells gender and
    number: « elle » is no « contrat », « il » no list; what has no article has no pronoun (« vérifier une adresse »).
    """
    said = _OWN_NAME.sub(" ", _without_fillers(text))
    kind = next((articles for pronouns, articles in _MAY_BE.items() if re.search(rf"\b(?:{pronouns})\b", said)), "")
    last = [(subject, bool(re.match(kind, name, re.IGNORECASE))) for subject, name in subjects[-_MOST_BACK:]]
    return next((found for found in reversed(last) if found[1]), last[-1])


def _without_fillers(text: str) -> str:
    return _STANDS_FOR_NOTHING.sub(" ", normalize(text))
