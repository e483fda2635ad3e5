"""What may be asked of anything, in a few words of its own: « c’est où ? », « qui paie ? », « t’es sûr ? »."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum, auto

from knowledge.alternatives import either
from knowledge.text import normalize


class Aspect(Enum):
    """What is asked, whatever it is asked of; the last three, of a request that one makes."""

    SURE = auto()
    WHO_KNOWS = auto()
    HERE = auto()
    WHERE = auto()
    WHEN = auto()
    COST = auto()
    PAID = auto()
    MONEY = auto()
    WHO_DECIDES = auto()
    MEANS = auto()
    EFFECT = auto()
    FOR_WHOM = auto()
    JOINING = auto()
    RIGHTS = auto()
    CONDITIONS = auto()
    READERS = auto()
    CHANGE = auto()
    NEXT = auto()


MOST_WORDS = 12
_PARTS = {
    "they": "je|j|on|nous|il|elle|ils|elles|tu|vous",
    "can": "peux|peut|pouvons|peuvent|pourrai[st]?|pourrions|dois|doit|devons",
    "must": "(?:(?:puis|dois) je |(?:il )?faut )?",
    "written_to": "(?:question|dossier|demande|courrier|lettre|projet|idee)",
    "written": "ecrit|marque|dit|indique",
    "which": "quel(?:le)?s?",
    "if": "(?:meme |et )?(?:si )?",
    "long": "(?: (?:combien de temps|longtemps))?",
    "later": "(?: (?:d avis|apres|plus tard|quand je veux|ma demande))*",
    "joins": "inscri(?:re|s|t)|postuler|candidater|sieg(?:er|e)|en etre|entrer?|adherer|en faire partie",
    "oneself": "(?: (?:m|s|se|nous))?(?: y)?",
    "when": "(?: (?:quand|vite|dans combien de temps))?",
}
_BEFORE = """
et|mais|alors|donc|bon|bah|ben|ah|euh|ok|d accord|oui|non|du coup|en fait|au fait|sinon|dites(?: moi)?|dis(?: moi)?
pardon|attendez|attends|est ce qu[ei]?|juste|une question|je (?:veux|voudrais) savoir
tant pis|allez|repond\\w*(?: au moins)?(?: a ca)?|tout compte fait|finalement|et puis
"""
_AFTER = """
exactement|precisement|au juste|ca|cela|alors|du coup|svp|stp|s il (?:vous|te) plait|deja|maintenant|en vrai|la dedans
dessus|la dessus|sur ca|pour (?:ca|cela|nous|moi|y (?:aller|entrer))|en fait|donc|ou (?:pas|non)|tout ca|chez nous|ici
a la fin|finalement|au final|au moins|vraiment
"""
# One alternative a line or more, on normalised text.
_WORDS = {
    Aspect.SURE: """
(?:tu es|t es|vous (?:en )?etes|etes vous|es tu) (?:bien |vraiment )?(?:sure?s?|certaine?s?)(?: de (?:toi|vous))?
(?:vous etes|tu es|t es) surs? que (?:ca marche|c est vrai|c est (?:bon|ca))
(?P<doubt>(?:c est )?(?:bien |vraiment )?(?:vrai|sur|certain|fiable|officiel|serieux)|vraiment|pour de vrai)
(?:c est|est ce) (?:{written}) (?:ou|quelque part)|ou (?:est ce que )?(?:c est|est ce|ca) (?:que c est )?(?:{written})
(?:vous sortez|tu sors|vous tenez|tu tiens|ca sort|ca vient) (?:ca )?d ou|qui (?:le |a )?dit|qui vous l a dit
d ou (?:vous sortez|tu sors|vous tenez|tu tiens|ca sort|ca vient|vient)|(?:on|je) peu[xt] (?:vous|te) croire
qui a ecrit (?:ca|la page|ce texte)|c est (?:faux|pas vrai)|(?:tu|vous) (?:mens|mentez|te trompes|vous trompez)
qu est ce qui (?:le )?prouve|vous (?:avez|auriez) une preuve|t as une preuve|prouve[sz]? le
""",
    Aspect.WHO_KNOWS: """
qui (?:peut|pourrait|va|sait|saurait) (?:m |me |nous )?(?:aide|repond|renseign|expliqu|inform|guid)\\w*
(?:a|vers) qui (?:je|on) (?:demande|m adresse|s adresse|parle|ecris|ecrit)
(?:c est )?qui (?:c est )?(?:qui )?(?:sait|saurait|s y connait|peut savoir)
(?:a|vers|aupres de|avec) qui (?:est ce que )?(?:{they}) (?:{can}) (?:m |me |se |s |lui |en )?(?:demander?|adresser)
(?:a|vers|aupres de|avec) qui (?:est ce que )?(?:{they}) (?:{can}) (?:m |me |se |s |lui |en )?(?:parler|ecrire|voir)
(?:a|vers|aupres de) qui {must}(?:m |me |s |en |le |la )?(?:adresser|demander|parler|ecrire|renseigner|tourner)
(?:a|aupres de) qui {must}(?:\\w+er|remettre) (?:le|la|mon|ma|notre|un|une|cette) {written_to}
je (?:demande|m adresse|vois|parle|dois voir|dois demander|peux demander|peux voir) (?:a )?qui|(?:il )?faut voir qui
(?:il )?faut (?:demander|s adresser) a qui|vous recevez(?: du public| sur rendez vous)?
(?:{they}) (?:{can}) (?:venir|passer)(?: (?:vous (?:voir|rencontrer)|a (?:vos|l) bureaux?|a la mairie|sur place))?
(?:{they}) (?:{can}) vous (?:voir|rencontrer|appeler|telephoner|ecrire|parler)(?: en vrai| directement)?
(?:c est quoi |quel est |vous avez )?(?:son|leur) (?:numero|telephone|mail|contact)
vous avez une? (?:bureau|guichet|accueil|numero|telephone|adresse)(?: ou (?:{they}) (?:{can}) (?:venir|aller|passer))?
(?:il )?y a un (?:bureau|guichet|accueil)
(?:si ca (?:m |nous |lui )?arrive )?(?:(?:j |je |on )(?:appelle|contacte|previens|previent) qui|qui (?:j |on )?appeler?)
(?:a|aupres de) qui (?:je dois|dois je|(?:il )?faut(?: il)?) (?:m |s )?adresser pour (?:avoir|obtenir|savoir).{{0,30}}
""",
    Aspect.HERE: """
(?:chez nous|par ici|ici|dans notre ville)(?: c est)? ou|c est ou (?:chez nous|ici|par ici|dans notre ville)
""",
    Aspect.WHERE: """
(?:c est |ca se (?:passe|trouve|tient) |(?:ils|elles) sont |(?:il|elle) est |on va |(?:il )?faut aller )?ou
ou (?:est ce|c est|ca se (?:passe|trouve|tient)|est ce que (?:c est|ca se passe)|aller|(?:faut il|(?:il )?faut) aller)
ou (?:est ce que )?(?:{they}) (?:(?:vais|va|vont)|(?:{can}) (?:aller|me rendre))|c est loin(?: d ici)?
(?:c est quoi |quelle est |vous avez )?(?:son|leur) adresse
(?:ils?|elles?) (?:a|ont) (?:une?|des) (?:bureau|agence|local)\\w*(?: a \\w+)?
(?:c est )?(?:a |dans )?(?:{which}) (?:endroit|adresse|lieu|bureau|batiment|salle|rue)
""",
    Aspect.WHEN: """
(?:(?:c est|(?:ca|ils?|elles?) (?:se )?\\w+) )?(?:pour |depuis |jusqu a |a partir de |de )?quand
quand (?:est ce|ca (?:commence|a commence|finit|a lieu|ouvre))
quand (?:ont ils|ont elles|a t il|a t elle|(?:ils|elles|on) (?:ont|a)|(?:il|elle) a) \\w+
(?:ils|elles) ont \\w+ (?:ca )?quand|ca a commence quand|c est ouvert quand|les horaires
(?:c est )?(?:a |pour |de |depuis |en |vers )?(?:{which}) (?:heure|jour|date|annee|mois|moment|horaire)s?
(?:(?:ca|c est|il|elle) (?:dure |prend |existe |reste )?)?(?:pendant |depuis |dans )?combien de (?:temps|tant)
c est (?:long|vieux|nouveau|recent|ancien)|ca (?:dure|prend) longtemps
""",
    Aspect.COST: """
(?:c est )?(?:payant|gratuit|gratos)|c est (?:cher|combien)|ca (?:me |nous )?coute (?:combien|cher|quelque chose)
combien (?:ca|cela) (?:me |nous )?(?:coute|couterait)|combien (?:il )?faut(?: il)? payer
(?:il )?(?:faut|faudra|va falloir|faut il) payer(?: quelque chose| combien)?|(?:c est (?:quoi )?)?le (?:prix|tarif)
(?:{they}) (?:{can}) payer(?: quelque chose)?
(?:je|on) pai?ye? (?:combien|quelque chose)|quel (?:prix|tarif)
""",
    Aspect.PAID: """
(?:c est|on est|on sera|je suis|je serai|ils sont) (?:paye|remunere|indemnise|benevole)e?s?|(?:on|ca) paie combien
(?:on|je) (?:touche|gagne|recois|recoit) (?:quelque chose|de l argent|combien|un salaire)
""",
    Aspect.MONEY: """
c est (?:eux|elles|lui|elle|vous|nous) qui (?:pai|pay|financ)\\w+
(?:c est )?qui (?:c est )?(?:est ce )?(?:qui )?(?:les |le |la )?(?:pai?ye?|paie|finance|va payer)
qui (?:donne|met|sort) l argent
(?:avec|c est) quel (?:argent|budget)|quel budget|combien d argent|d ou vient l argent|l argent (?:il )?vient d ou
(?:il )?y a (?:un|quel|combien de) budget|combien (?:ils|elles|il|elle|vous) (?:donne|pai?e|pay|mett?)\\w*
(?:ils|elles|il|elle|vous) (?:donne|met)\\w* combien
""",
    Aspect.WHO_DECIDES: """
(?:c est )?qui (?:c est )?(?:est ce )?(?:qui )?(?:en |les |l |le |la )?(?:a )?(?:decide|choisit?)(?: de)?
qui (?:commande|dirige|tranche)
c est qui le (?:chef|patron|responsable)|qui c est le (?:chef|patron|responsable)|qui est (?:le )?(?:chef|responsable)
(?:c est )?decide par qui
""",
    Aspect.MEANS: """
comment (?:{they}) (?:(?:compte[zs]?|comptent|allez|vont|va) )?(?:y )?(?:faire|faites|font|fait|arriver)
(?:vous|ils|elles) (?:(?:comptez|comptent|allez|vont) )?(?:y )?(?:faire|faites|font) comment
comment (?:vous|ils|elles|on) s y (?:prenez|prennent|prend)|(?:par|avec) quels moyens|(?:et )?les moyens
concretement(?: (?:ca (?:donne|veut dire|fait) quoi|vous faites quoi|ils font quoi|on fait quoi|c est quoi))?
""",
    Aspect.EFFECT: """
(?P<doubt>(?:est ce que )?(?:ca|cela) (?:marche|fonctionne|aide)(?: bien)?|(?:c est|ca a ete) (?:efficace|utile))
(?:ca|cela) (?:a )?(?:sert|servi|change|donne|apporte) (?:vraiment )?(?:a )?(?:quelque chose|grand chose|des resultats)
(?:(?:il )?y a (?:eu )?)?(?:des|quels|un|quel) (?:resultats?|bilan|effets?)(?: il y a)?
(?:ca|cela) a (?:donne|change) quoi|qu est ce que (?:ca|cela) a (?:donne|change)|c est quoi les? (?:resultats?|bilan)
""",
    Aspect.FOR_WHOM: """
c est (?:fait )?pour qui|pour qui (?:c est|est ce)|(?:ca|cela) (?:concerne|vise|touche|aide|s adresse a|sert a) qui
qui (?:c est que |est ce que )?(?:ca|cela) (?:concerne|vise|touche|aide)|a qui (?:ca|cela) (?:s adresse|sert|profite)
qui (?:est|c est qui est) concerne|qui en (?:profite|beneficie)|c est ouvert a (?:qui|tous|tout le monde)
qui (?:a le droit d[e]?|peut) (?:y |en )?(?:venir|aller|participer|entrer|sieger|etre|faire partie)
""",
    Aspect.JOINING: """
(?:comment|pour|ou)(?: (?:{they}))?(?: (?:{can}|fait|fais|faire|faut il|va))?(?: pour)?{oneself} (?:{joins})
(?:je|on) (?:{can}){oneself} (?:{joins})(?: comment)?
""",
    Aspect.RIGHTS: """
(?:(?:ma|mon) \\w+ |(?:il|elle) a \\d+ ans )?(?:{they}) (?:ai|as?|ont|av[eo]\\w+) droit a (?:quoi|quelque chose)
(?:ca|cela) (?:donne|ouvre) (?:le |des )?droits? a (?:quoi|quelque chose)|(?:{they}) y gagnes? quoi
(?:ca|cela) (?:me|m|nous|lui|leur) (?:donne|apporte|rapporte|change|amene) (?:quoi|quelque chose)
qu est ce que (?:ca (?:me|m|nous|lui|leur) (?:donne|apporte|rapporte|change)|j y gagne|on y gagne)
""",
    Aspect.CONDITIONS: """
(?:il )?faut(?: il)? (?:etre|avoir) (?:\\w+ ){{0,2}}(?:francaise?|majeure?|inscrite?|diplomee?|d ici|quel age|18 ans)
(?:il )?faut(?: il)? (?:avoir )?(?:\\w+ ){{0,2}}(?:papiers|nationalite|carte|diplome|permis|age minimum)(?: francaise)?
(?:(?:{they}) (?:{can}) )?(?:y aller |participer )?(?:a (?:mon|son|leur) age|(?:meme )?a \\d+ ans)(?: j ai \\d+ ans)?
(?:a |c est )?(?:a partir de )?quel age|quel age (?:il )?faut(?: il)?|(?:c est quoi |quelles sont )?les conditions
(?:{they}) (?:{can}) (?:y aller|venir|participer) (?:avec (?:mon|ma|mes) \\w+|quand on est \\w+)
(?:il )?y a (?:un age(?: minimum)?|une limite(?: d age)?|des conditions)
(?:(?:il )?faut(?: il)?|c est obligatoire de?|on (?:est oblige de?|doit)) (?:habiter|savoir|connaitre)(?: \\w+){{0,4}}
{if}(?:je|on) (?:ne )?(?:suis|est) (?:pas )?(?:francaise?|majeure?|mineure?|d ici|etrangere?|retraitee?|handicapee?)
{if}(?:pour )?les (?:etrangers|mineurs|retraites|handicapes|personnes agees|sans papiers)(?: aussi| (?:ils )?peuvent)?
(?:mon|ma|notre) \\w+ (?:de |a |qui a |il a |elle a )\\d+ ans(?: (?:il|elle) peut(?: y aller)?)?
""",
    Aspect.READERS: """
c est pour qui(?: (?:ces|mes|les) (?:infos|informations|donnees|reponses))?
(?:vous |tu |on |ils )?(?:\\w+ )?(?:fai\\w+|font) quoi (?:de|avec) (?:(?:mon|ma|mes|ces) \\w+|tout)(?: apres)?
(?:mon|ma|mes) (?:nom|prenom|numero|telephone|mail|adresse|infos|informations|donnees|message)s? vous en faites quoi
vous (?:en (?:faites|ferez)|allez en faire) quoi
(?:mon|ma|mes) \\w+ (?:ca|il|elle|ils|elles) (?:va|vont) (?:aller )?(?:ou|a qui)
(?:vous|tu) (?:le |la |les )?(?:donn|envo|transm|montr)\\w+ (?:ca )?(?:a qui|ou)(?: (?:mon|ma|mes) \\w+)?
(?:c est |ce sera )?lu par qui|qui (?:le |les )?lit(?: les messages)?
a qui (?:vous|tu) (?:le |la |les )?(?:donn|envo|transm|montr)\\w+(?: (?:ca|(?:mon|ma|mes) \\w+))?
(?:c est qui )?qui (?:va |peut )?(?:le |la |les |me )?(?:lire|lit|voit|voir|recoit|recevoir|lira)(?: m(?:on|a|es) \\w+)?
(?:ca|c est) (?:va |envoye |part )a qui|(?:c est|ca reste|ce sera) (?:confidentiel|anonyme|prive|secret|public)
(?:ca|(?:mon|ma) \\w+) (?:va|sera) (?:etre )?(?:affichee?|publiee?|visible|gardee?|conservee?|donnee?)
(?:vous |tu |ils )(?:gard|conserv|enregistr|donn|vend|partag)\\w+ (?:tout|(?:mon|ma|mes) \\w+){long}
(?:vous |tu |ils )(?:gard|conserv|enregistr)\\w+ (?:ca )?(?:combien de temps|longtemps)
qu est ce que? vous (?:en )?(?:faites|ferez|allez faire)(?: (?:de|avec) (?:mon|ma|mes|ca|tout) ?\\w*)?
""",
    Aspect.CHANGE: """
si (?:je|on) change\\w* d avis|si (?:je|on) (?:ne )?(?:veux|peux|veut|peut) plus|si je me (?:suis )?trompee?
(?:(?:je|on) )?(?:{can}|puis je) (?:encore |toujours )?(?:me retirer|annuler|changer|modifier|arreter|effacer){later}
c est definitif|(?:est ce que )?(?:ca |c est )?(?:m |nous |j )?(?:engage|engagement)(?: a (?:quoi|quelque chose|rien))?
""",
    Aspect.NEXT: """
(?:il |ca )?se pass\\w+ quoi(?: apres| ensuite)?|qu est ce qu(?:i| il) se passe(?: apres| ensuite)?|c est quoi la suite
(?:apres|ensuite)(?: (?:il |ca )?se passe (?:quoi|comment)| c est quoi| quoi)?|comment (?:ca |cela )se passe
(?:c est|ce sera) (?:bientot )?(?:fini|long|rapide)
(?:(?:il )?(?:y a|reste|en reste) (?:encore )?)?combien de questions(?: encore| il reste)?
(?:vous|on|ils|quelqu un) (?:allez |va |vont )?(?:me |m )?(?:repon|rappel|appel|recontact|contact|ecri)\\w*{when}
(?:j |je |on )(?:aurai|ai|aura|vais avoir) (?:une |la )?reponse{when}|quand (?:j aurai|j ai|on a) (?:la |une )?reponse
comment (?:je|on) (?:saurai|saura|serai|sais)(?: \\w+){{1,6}}
je (?:suis|serai) (?:sure? d etre )?(?:prise?|acceptee?|retenue?)
""",
}  # fmt: skip
OF_REQUESTS = frozenset([Aspect.READERS, Aspect.CHANGE, Aspect.NEXT])
OF_ANYTHING = frozenset(Aspect) - OF_REQUESTS


_LEAD, _TAIL = either(_BEFORE, _PARTS), either(_AFTER, _PARTS)
_PATTERNS = {
    aspect: re.compile(rf"(?:(?:{_LEAD}) )*+(?:{either(words, _PARTS)})(?: (?:{_TAIL}))*")
    for aspect, words in _WORDS.items()
}


def find_aspect(text: str, among: Collection[Aspect] = OF_ANYTHING) -> Aspect | None:
    """The aspect that a message asks for, and nothing else; None when it asks for none of those."""
    said = normalize(text)
    if len(said.split()) > MOST_WORDS:
        return None
    for aspect, words in _PATTERNS.items():
        found = words.fullmatch(said) if aspect in among else None
        # « C’est sûr » doubts nothing, nor does « ça marche ».
        if found and ("?" in text or not found.groupdict().get("doubt")):
            return aspect
    return None
