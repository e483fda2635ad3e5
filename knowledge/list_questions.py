"""Ways to ask for one of a list without naming it: « le suivant », « l’autre », « lequel est pour la santé ? ».

All of them read normalised text.
"""

from __future__ import annotations

import re

from knowledge.genres import GENRE_WORDS
from knowledge.ordinals import NUMBER_WORDS, RANK_WORDS

_AND = r"(?:(?:et|ok|alors|mais|donc|du coup) )*"
_ONE_OF = "axe|priorite|domaine|objectif|theme"
_ONE = r"(?:celui|celle|lequel|laquelle|l autre|axe|priorite|domaine|objectif|partenaire)"
_PARTNERS = GENRE_WORDS["partenaire"]
_MEMBERS = "|".join(GENRE_WORDS.values())
# « Et après ? », which may be the next one.
THEN = re.compile(r"^(?:(?:et|ok|bon|alors) )*(?:apres|ensuite|puis)(?: c est (?:quoi|lequel)| (?:il )?y a quoi)?$")
# The place beside the one that was just told.
_STEPS = {
    r"\bsuivante?s?|\bl[ea] suivent": 1,
    r"\bprochaine?": 1,
    rf"\b{_ONE} (?:(?:d )?(?:juste|encore|qui vient) )?(?:d )?apres": 1,
    r"^(?:et )?(?:juste )?apres (?:lui|elle|celui la|celle la)$": 1,
    r"^(?:et )?(?:juste )?avant (?:lui|elle|celui la|celle la)$": -1,
    r"^(?:et )?(?:celui |celle )?juste apres$": 1,
    r"^(?:et )?(?:celui |celle )?juste avant$": -1,
    rf"\b{_ONE} (?:qui suit|vient (?:apres|ensuite)|qui vient (?:juste )?apres)": 1,
    r"\bprecedente?": -1,
    rf"\b{_ONE} (?:qui vient )?(?:juste )?(?:d )?avant": -1,
}
STEPS = tuple((re.compile(rf"{words}(?!\w)"), step) for words, step in _STEPS.items())
# What people put around a question on a list.
_FILLERS = (
    r"et|alors|bon|ben|bah|mais|donc|ok|du coup|sinon|aussi|svp|stp|s il (?:te|vous) plait|deja|maintenant|en fait"
    r"|plutot"
)
_BEFORE, _AFTER = re.compile(rf"^(?:(?:{_FILLERS}) )+"), re.compile(rf"(?: (?:{_FILLERS}))+$")
# « Lequel s’occupe de la santé ? », « parmi eux, lequel parle du logement ? »: one of the list that was just given.
_AMONG = r"(?:d entre eux|parmi eux|de la liste|dans la liste|dans le lot)"
WHICH_ONE = re.compile(
    rf"^(?:(?:et|alors|bon|mais|donc|dans le lot|la dedans|{_AMONG}) )*(?:c est )?(?:(?:dans|sur|pour|avec) )?"
    rf"(?:(?:lequel|laquelle|lesquels|lesquelles|le ?quel)(?: (?:d entre eux|de ces \w+|des \w+))?|qui {_AMONG}) (?=\w)"
)
# « Lequel est le plus important ? » asks for an opinion.
RATES = re.compile(r"\b(?:le|la|les) (?:plus \w|moins \w|meilleure?s?\b|mieux\b|pires?\b)")
AMONG_THEM = re.compile(rf"^(?:{_AMONG}) (?:c est )?(?:lequel|laquelle|lesquels|lesquelles|qui)\b")
# « Et les partenaires ? », « vos domaines »: the list and nothing else.
THE_WHOLE = re.compile(rf"^(?:c est (?:quoi|qui) )?(?:les|vos|tous les|toutes les) (?P<members>{_MEMBERS})$")
# « Et ma mère ? », « et les voisins ? »: people, who are no place and no partner.
OF_PEOPLE = re.compile(
    r"^(?:(?:et|mais|alors) )*(?:pour )?(?:l[ae]|les|mon|ma|mes|notre|nos|sa|son|ses) (?:grands? |belle |beau )?"
    r"(?:meres?|peres?|freres?|soeurs?|fils|filles?|enfants?|petits?|gosses?|parents?|maris?|femmes?|copains?|copines?"
    r"|voisin\w*|ami\w*|mamies?|papis?|tantes?|oncles?|cousin\w*|bebes?|familles?|patrons?|collegues?|gens|vieux)"
    r"(?: (?:de|a|qui a) \d+ ans| aussi)?$"
)
# « Vous connaissez les partenaires ? », but « Lens, dans les quartiers ? » asks of one.
ASKS_FOR_THEM = re.compile(
    r"(?<!\bdans )(?<!\bparmi )(?<!\bavec )(?<!\bchez )(?<!\bpour )(?<!\bde )(?<!\bentre )"
    r"\b(?:les|vos) (?:partenaires|quartiers)\b"
)
# « Les 3 objectifs », « tous les dix axes »: the list, and no rank in it.
ALL_OF = re.compile(
    rf"^(?:\S+ ){{0,4}}(?:les|vos|tous|toutes) (?P<count>\d{{1,2}}|{'|'.join(NUMBER_WORDS)}) "
    rf"(?P<members>{_MEMBERS})(?: \S+){{0,4}}$"
)
# « Retour à la liste », « remontre la liste »
THE_LIST_AGAIN = re.compile(
    r"^(?:(?:ok|bon|non|alors|et) )*"
    r"(?:retour|revien\w*|reven\w*|retourn\w*|remontre\w*|redonn\w*|re?affich\w*|montre\w*|donne\w*)(?: moi)?(?: a)?"
    r" (?:la|toute la) liste(?: (?:svp|stp|s il \w+ plait|complete))?$"
    # « Nomme-les », « donnez-moi leurs noms », « la liste ? »
    r"|^(?:(?:ok|bon|non|alors|et|vous pouvez|tu peux|peux tu|pouvez vous) )*(?:(?:me|moi|nous|les) )*"
    r"(?:nomm|cit|enumer|list)(?:e|es|ez|er)(?: (?:moi|nous|les))*(?: (?:tous|toutes|svp|stp))?$"
    rf"|^{_AND}(?:(?:donne\w*|dis|dites|c est quoi|quels sont)(?: (?:moi|nous))? )?(?:leurs?|les) noms?$"
    rf"|^{_AND}la liste$"
)
HOW_MANY = re.compile(
    r"\b(?:y en a combien|combien (?:il )?y en a|(?:ils|elles) sont combien|ca en fait combien)\b(?! de?\b)"
)
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
# « Le second, est-il aussi dans le contrat ? », of the text as it was typed.
OPENS_WITH_A_RANK = re.compile(
    r"^\W*(?:et )?l[ae] (?:premi[eè]re?|second|seconde|\w+i[eè]me|derni[eè]re?)\s*,", re.IGNORECASE
)
# « Lis-moi l’axe »: the one just told.
THAT_ONE = re.compile(
    r"^(?:(?:re)?(?:lis|lisez|dis|dites)|montre\w*|donne\w*|explique\w*|detaille\w*|developpe\w*|resume\w*|c est quoi)"
    r"(?: moi)? (?:l|cet|cette|ce|le|la) (?:axe|priorite|domaine|objectif|partenaire|quartier)$"
)
# « Les deux autres ? »
THE_OTHERS = re.compile(
    r"^(?:c est quoi |quels sont |quelles sont )?(?:les (?:deux|trois|2|3) autres|(?P<rest>le reste))$"
)
# « C’est tout ce que vous avez ? », « vous n’avez rien d’autre là-dessus ? »: of what was just told.
NO_MORE = re.compile(
    rf"^{_AND}(?:c est|ce n est que|y a|il y a) (?:vraiment )?(?:tout|que ca|juste ca)"
    r" (?:ce )?(?:que|qu) (?:vous|tu|on|il|ils)(?: y)? (?:avez|as|a|ont|savez|sais|fai\w+|font|dites|dis|propos\w+)\b"
    r"|\b(?:rien|pas) (?:d autre|de plus) (?:la dessus|dessus|sur (?:ca|le sujet)|a (?:ce|ce sujet|dire))$"
)
# « C’est tout ? », « par exemple ? », of one subject.
NOTHING_MORE = re.compile(
    rf"^{_AND}(?:(?:c est|ce n est|y a|il y a) (?:vraiment )?(?:tout|que ca)|que ca|rien d autre"
    r"|(?:donne\w* (?:moi )?)?(?:par exemple|(?:un|des) exemples?|comme quoi|genre quoi))$"
)
# « Y a des caméras ? », « et un stade ? » name no member.
INDEFINITE = re.compile(
    rf"^{_AND}(?:(?:est ce qu )?(?:il )?y (?:a|aura|avait)(?: t il)? |vous (?:avez|faites) )?(?:des|du|une?) "
)
# « Tu m’as dit quoi au premier ? », « reviens au premier sujet »: of what was told, not of a list.
GOES_BACK = re.compile(
    r"\b(?:c etait|deja|redi\w+|repet\w+|redonn\w+|revien\w*|reven\w*|retourn\w*|sujet|question|reponse"
    r"|(?:tu as|vous avez|t as|j ai) (?:dit|parle|demande))\b"
)
OF_TWO = re.compile(r"\b(?:des|de ces|parmi les|entre les|entre ces) deux\b")
# « C’est quoi la différence ? », « c’est la même chose alors ? »
WHAT_DIFFERENCE = re.compile(
    rf"^{_AND}(?:(?:c est )?(?:quoi|quelle)(?: est)?(?: la)? difference|ca revient au meme"
    r"|(?:c est|ce n est) (?:pas )?(?:pareil|la meme chose))"
    r"(?: (?:alors|ou pas|non|du coup|finalement|en fait|entre (?:eux|elles)))*$"
)
BOTH = re.compile(
    r"\b(?:(?:eux|elles|tous|toutes) (?:les )?deux)\b|^(?:(?:ben|bah|et|oui|non|alors) )*les (?:deux|2)\b(?! \w*s\b)"
)
# « Et l’autre ? », « il y en a un autre ? »
THE_OTHER = re.compile(
    r"\b(?:l autre|le second)\b(?! (?:jour|fois))|\b(?:y en a|en existe)(?: t il)? (?:pas )?(?:encore )?une? autre\b"
)
# « Celui d’après le 7 » is no 7; « celui d’avant, le 8 » is. Of the text as it was typed.
WITH_A_NUMBER = re.compile(
    r"(?:\b(?P<side>apr[eè]s|avant) )?\b(?:le |l[’'])(?:axe |num[eé]ro )?"
    rf"(?P<number>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})\W*$",
    re.IGNORECASE,
)
# « C’est quel axe ? », « quel numéro d’axe ? », « c’est l’axe combien ? »
WHICH_PLACE = re.compile(
    rf"^{_AND}(?:(?:c est|ca va|ca rentre|ca entre) (?:(?:lie a|rattache a|relie a|dans|pour|sur|avec) )?)?"
    r"(?:(?:dans )?quel(?:le)? "
    rf"(?:est (?:le|son) )?(?:numero d |numero de l )?(?:{_ONE_OF})"
    rf"|(?:l |le |la )(?:{_ONE_OF}) (?:combien|numero combien|lequel)"
    rf"|l[ae] (?:combientieme|quantieme) (?:{_ONE_OF})"
    r"|(?:dans|parmi) (?:les|vos) (?:axes|priorites|domaines|objectifs|themes)"
    r".{0,30} (?:dessus|la dessus|pour ca|sur ca)"
    # « C’est un axe ? », « y a un axe dessus ? »
    rf"|(?:est ce (?:que c est )?|c est )(?:bien |aussi )?(?:dans )?une? (?:{_ONE_OF})"
    rf"|(?:est ce qu )?(?:il )?y a (?:un|une) (?:{_ONE_OF}) (?:la )?(?:dessus|pour ca|sur ca))"
    r"\b(?: .{0,12})?$"
)
# « C’est quel numéro ? », « c’est lequel de numéro ? », « c’est le combien ? », of an axe.
WHICH_NUMBER = re.compile(
    rf"^{_AND}(?:c est )?(?:(?:quel|le|a quel|(?:lequel|laquelle) (?:de|en|comme)) (?:numero|rang)(?: combien| deja)?"
    r"|(?:quel|le) (?:numero|rang) c est|(?:le|la) (?:combien|combientieme|quantieme)|numero combien)"
    r"(?: dans \w+ axes)?$"
)
# « Lequel de vos partenaires s’occupe de la santé ? »: one of the list that the question names.
WHO_DEALS = re.compile(
    r"\b(?:qui|lequel|laquelle|lesquels|lesquelles|quel(?:le)?s? (?:partenaires?|signataires?))\b.{0,30}"
    r"\b(?:s occup\w+|gere\w*|(?:en |est )charge\w*|travaill\w+ (?:sur|pour)|(?:est|sont) (?:la )?pour)\b(?: d\w*)?"
)
NAMES_PARTNERS = re.compile(rf"\b(?:{_PARTNERS})\b")
THE_PARTNERS = re.compile(rf"\b(?:parmi )?(?:les |vos )?(?:{_PARTNERS})\b")
OF_WHAT = re.compile(
    r"^(?:et )?(?:celui |celle |ceux |celles )?"
    r"(?:de la |de l |du |des |d |pour la |pour le |pour les |pour l )(?=\w+(?: \w+)?$)"
)
# « Celui qui loge les gens », « celle des maladies », « juste ceux qui touchent au logement »
_DEALS_WITH = r"(?:parl|trait|touch|concern|s occup|ger|travaill|aid|agi|interv)\w*"
THE_ONE_THAT = re.compile(
    r"^(?:.{0,20}\b)?"
    rf"(?:(?:celui|celle) (?:qui|de|du|des|d|pour|sur)|(?:ceux|celles) (?:de|du|des|qui {_DEALS_WITH}))"
    r" (?:(?:la|le|les|l|de|du|des|d|au|aux|a|sur|avec) )*(?P<theme>\w+(?: \w+){0,5})$"
)
ALSO = re.compile(r"^(?:(?:celui|celle) )?(?:de|du|des|d|pour|sur|et)\b(?: (?:la|le|les|l))?(?= \w+(?: \w+)?$)")
# « Et la santé, c’est lequel ? », « pour les écoles c’est qui ? », « la sécurité, elle est à quel rang ? »
THEN_WHICH = re.compile(
    r"^(?:(?:et|mais|ok|alors|sinon) )*+(?:(?:pour|dans|sur) )?+"
    r"(?!(?:c est|ca|il|elle|ils|elles|celui|celle|on|qui|quel\w*|je|j|tu|vous|nous)\b)"
    r"(?P<theme>\w+(?: \w+){0,4}?)"
    r" (?:(?:c est|ce serait|elle est|il est|elles sont|ils sont) (?:a |dans |sur |pour )?)?"
    r"(?:lequel|laquelle|lesquels|lesquelles|qui|quel(?:le)? (?:rang|place|numero|axe|priorite|domaine|partenaire))"
    r"(?: (?:alors|du coup|deja|svp|stp|l axe|c est|s en occupe|s en charge|qui s en occupe))*"
    r"(?: (?:l|le|la|les|en|y) (?:\w+ )?(?:represent|ger|soutien|aid|defend|financ|occup)\w*)?$"
)
# « Quel partenaire pour ça ? », « qui s’en occupe ? »: of what was just told.
OF_THAT = re.compile(
    rf"^{_AND}(?:c est )?(?:(?:qui|quel(?:le)?s?|lequel|lesquels)\b.{{0,20}}"
    r"\b(?:partenaires?|organismes?|institutions?|structures?|administrations?)\b.{0,20}"
    r"\b(?:(?:pour|sur) ca|dessus|de ca|s en occup\w*|en charge|concerne\w*|competent\w*|implique\w*|porte\w*)"
    r"|qui (?:\w+ ){1,2}(?:pour ca|sur ca|la dessus|dessus|contre ca)"
    r"|qui (?:(?:est ce|c est) )?(?:qui )?s en (?:occup|charg)\w*(?: chez (?:vous|eux))?|qui (?:gere|fait) ca"
    r"|qui (?:(?:est ce|c est) )?(?:qui )?s (?:occup|charg)\w* de (?:ca|cela)"
    r"|qui (?:le|la|les) (?:propos|organis|ger)\w+"
    r"|une? (?:partenaire|organisme|institution|structure) (?:precis\w*|(?:en )?particuli\w+|(?:la )?dessus|pour ca)"
    r"|(?:avec|aupres de|a|vers|par) quel(?:le)?s? (?:partenaires?|organismes?|institutions?) .{0,25}"
    r"\b(?:en (?:parler|discuter)|adresser|orienter|envoyer|diriger|demander|voir|aider?|accompagner?))$"
)
# « Lequel des axes en parle ? », of the theme just told.
SPEAKS_OF_THAT = re.compile(
    rf"^{_AND}(?:c est )?(?:lequel|laquelle|lesquels|lesquelles|quel(?:le)?s?)(?: (?:des|de (?:ces|vos|la)|dans les))?"
    rf" (?:{_MEMBERS}|{_ONE_OF}) (?:en (?:parle|traite)\w*|s en occupe\w*|(?:le|la|les) concerne\w*)(?: .{{0,12}})?$"
)
BESIDE_A_LIST = re.compile(
    rf"\b(?:{_MEMBERS})\b(?: \w+){{0,4}} (?:{RANK_WORDS})\b|\b(?:{RANK_WORDS})\b(?: \w+){{0,2}} (?:{_MEMBERS})\b"
)
# « Il est signataire ? », « c’est un quartier prioritaire ? »
IT_IS = re.compile(
    r"^(?:(?:et|donc|alors) )*(?:est ce (?:que c est|qu il est)|c est|est ce|il est|elle est)"
    r"(?: bien)?(?: un| une)?(?: quartier)?"
    r" (prioritaire|partenaire|signataire)$"
)
# « Je ne parle pas de l’axe mais du domaine », « maintenant l’axe », « et le partenaire correspondant ? »
ONE_OF_ANOTHER_LIST = re.compile(
    r"^(?:(?:et|puis|ensuite|maintenant|alors|non|plutot|mais|bon|ok|desormais|voyons|passons|d abord) )*"
    r"(?:(?:je (?:ne )?parl\w+ )?pas (?:de |d |du )?(?:l |le |la )?\w+ mais )?"
    r"(?:(?:je (?:parl\w+|voulais|veux|demande|pensais)|parl\w+ moi(?: plutot)?|c est|par rapport"
    r"|concernant|cote|niveau|en|pour|dans|avec) )?(?:(?:du|de la|de l|au|a l|le|la|l|son|de) )?"
    r"(?P<member>axe|priorite|domaine|objectif|partenaire)"
    r"(?: (?:d abord|maintenant|plutot|aussi|alors|svp|stp|je (?:veux|voulais) dire)| (?:la )?dessus"
    r"| (?:correspondante?|associee?|liee?|qui (?:va avec|correspond))\b.*)*$"
)
FOR_WHAT = re.compile(r"^(?:et )?pour\b")
OF_A_RANK = re.compile(rf"\b{RANK_WORDS}\b")


def strip_fillers(said: str) -> str:
    """Normalised text without what people put around a question on a list."""
    return _AFTER.sub("", _BEFORE.sub("", said))


def find_step(said: str) -> int | None:
    """How far from the one just told is the one asked for: « le suivant » 1, « celui d’avant » -1."""
    return next((step for words, step in STEPS if words.search(said)), None)
