"""Messages that ask nothing: « ah bon », « c’est dommage », « trop bien », « vous êtes bien patiente »."""

from __future__ import annotations

import re
from enum import Enum, auto

from knowledge.alternatives import either
from knowledge.text import normalize


class Mood(Enum):
    """What a reaction says: no more than that it was heard, that all is well, a kind word, that it is not well, or
    that the answer was beside the question."""

    HEARD = auto()
    GLAD = auto()
    KIND = auto()
    SORRY = auto()
    MISSED = auto()


MOST_WORDS = 12
_PARTS = {
    "it_is": "c(?: est| etait)?|ca (?:a l air|semble|parait)|je trouve ca|ce serait|que c est|comme c est",
    "you_are": "vous (?:etes|avez ete)|tu es|t es|t as ete|c est",
    "very": "tres|trop|vraiment|plutot|assez|tellement|si|super|un peu|bien|carrement|hyper|grave|quand meme|tout",
    "not": "(?:ce n est |c est |c etait |ca n est |je trouve ca )?(?:pas|guere|pas (?:tres|trop|vraiment|du tout))",
    "later": "(?:tout de suite|plus tard|demain|sur place|directement|la bas|moi meme|un autre jour|bientot|apres)",
    "words": "du (?:blabla|bla bla|vent)|des (?:mots|promesses|paroles)",
}
# Around a reaction.
_FILLERS = """
ah|oh|eh|ha|ho|ben|bah|beh|bon|mais|et|alors|donc|oui|ouais|non|ok|okay|d accord|euh|quoi|hein|enfin|bref|allez
franchement|honnetement|en tout cas|du coup|dis donc|dites donc|vraiment|quand meme|voila|tiens|la|ca|tout ca|a la fin
tout compte fait|finalement
pour (?:nous|moi|eux|les gens|le quartier)|par ici|chez nous|de votre part|moi je trouve|je trouve|moi|tout de meme
(?:votre|ton|ce|cette|le|la) (?:truc|site|reponse|machin|service|systeme|bot|robot|page|texte|idee|projet)
"""
# One alternative a line or more, on normalised text. « Parfait », « d’accord » may be a « oui »: they are left alone;
# so are « c’est compliqué », which asks for plainer words, and what one says of oneself.
_WORDS = {
    Mood.MISSED: """
(?:repondez|reponds|faites|fais|trouvez|expliquez) mieux(?: que ca)?
(?:(?:ca|cela|vous|tu) (?:ne )?)?repond(?:ez|s)? (?:pas|rien|a cote|jamais)(?: a (?:ma|la) question| a ce que je \\w+)?
(?:{it_is}|ce n est) (?:toujours )?pas (?:ma|la) question|vous etes a cote(?: de la plaque)?|a cote de la plaque
(?:{it_is}|ce n est) (?:toujours )?pas (?:du tout )?ce que (?:je (?:demand|voul|veu|cherch|di)\\w*|j ai (?:demande|dit))
(?:vous|tu) (?:n )?(?:avez|as) (?:rien|pas|mal|toujours pas) (?:compris|ecoute|repondu|lu)(?:(?: a)? ma question)?
(?:vous|tu) (?:ne )?(?:me )?compren(?:ez|ds) (?:rien|pas|mal|jamais rien)|vous m ecoutez pas
(?:ca|cela) (?:ne )?m aide pas|(?:on|vous|tu) tourn\\w+ (?:en rond|autour du pot)
je m attendais a (?:mieux|autre chose|plus)
""",
    Mood.SORRY: """
mouais|mouai|bof(?: bof)?|pf+|tss+|rho+|grr+|dommage|helas|zut|flute|mince|tant pis|n importe quoi|ras le bol
(?:(?:{it_is}) (?:(?:{very}) )*|(?:{very}) )(?:nul|nulle|naze|pourri|dommage|triste|decevant|honteux)
(?:{it_is}) (?:(?:{very}) )*(?:la honte|scandaleux|injuste|abuse|lamentable|pitoyable|desolant|ridicule)
(?:{it_is}) (?:(?:{very}) )*(?:inutile|penible|moche|mauvais|degoutant|relou|chiant|bidon|n importe quoi|faible)
(?:{it_is}) (?:(?:{very}) )*(?:inadmissible|malheureux|embetant|ennuyeux|rageant|enervant|peu|maigre|leger|une honte)
(?:{it_is}) (?:un scandale|une blague|toujours (?:pareil|la meme chose)|bien beau(?: tout ca)?)
quel(?:le)? (?:dommage|honte|tristesse|deception|blague)
(?:{not}) (?:terrible|top|cool|juste|normal|bien|genial|super|fameux|brillant|glorieux|gentil|serieux|beaucoup)
(?:{not}) (?:grand chose|rassurant|encourageant|possible|croyable)
je suis (?:\\w+ )?decue?|on est decus|(?:ca |cela )?(?:me |nous )(?:decoit|desole|degoute)
(?:ca|cela) (?:ne )?(?:m|nous) (?:avance|arrange|rassure|dit rien|sert)(?: pas| guere| a rien)?(?: du tout| beaucoup)?
(?:ca|cela) (?:ne )?(?:sert a rien|veut rien dire|change rien|mene a rien|mange pas de pain)
(?:ca|cela) (?:me |nous )?fait une belle jambe
(?:(?:{it_is}|ca reste) )?(?:toujours |encore |(?:rien )?que )?(?:pareil|la meme chose|{words})
comme (?:d habitude|toujours)
(?:je (?:ne )?suis )?pas (?:(?:{very}) )*(?:convaincue?|satisfaite?|contente?|rassuree?)
(?:vous|tu) (?:ne )?(?:le )?(?:savez|sais) (?:pas|rien|pas grand chose|pas non plus)
(?:trop|plein) de (?:blabla|bla bla|mots|promesses)|(?:{it_is}) toujours les memes(?: qui \\w+(?: \\w+){{0,2}})?
(?:{it_is}) (?:(?:{very}) )*(?:vague|flou|pauvre|creux|abstrait|mal fait|decourageant)
on (?:nous )?(?:oublie|ecoute jamais)|on est (?:toujours )?(?:les )?oublies
""",
    Mood.KIND: """
(?:{you_are}) (?:(?:{very}) )*(?:gentil|gentille|patiente?|aimable|sympa|sympathique|adorable|polie?|mignon|mignonne)
(?:{you_are}) (?:(?:{very}) )*(?:efficace|rapide|claire?|precise?|serviable|au top|un ange|un amour|forte?|douee?)
(?:bien|bravo|super) (?:joue|repondu|explique|fait)|bon travail|beau travail|bravo|chapeau|felicitations
(?:ca|cela) (?:m a|m) (?:bien |beaucoup )?(?:aide|eclaire|servi)(?: beaucoup)?
vous (?:m )?(?:expliquez|repondez|aidez) (?:bien|vite|tres bien)|vous faites (?:bien|du) (?:\\w+ )?(?:boulot|travail)
""",
    Mood.GLAD: """
(?:(?:{it_is}) )?(?:(?:{very}) )*(?:bien|super|genial|geniale|top|cool|excellent|formidable|magnifique|chouette|nickel)
(?:(?:{it_is}) )?(?:(?:{very}) )*(?:rassurant|encourageant|(?:une )?bonne (?:chose|nouvelle|idee))
tant mieux|ouf|youpi|hourra|(?:c est )?pas (?:mal|bete)|c est (?:mieux que rien|deja ca|deja bien)
(?:ca|cela) (?:me |nous )?(?:fait|ferait) plaisir|(?:ca|cela) (?:me|nous) rassure
je suis (?:\\w+ )?(?:contente?|ravie?|rassuree?)|j adore|j aime bien|quelle (?:bonne )?(?:chance|idee|nouvelle)
""",
    Mood.HEARD: """
ah (?:bon|oui|ouais|ok|d accord|tiens|non|quand meme)|[ao]h la la|oh la|eh ben|eh bien|he ben|ben dis donc|hm+|hum
(?:ah|oh)$
tiens donc|tiens tiens|sans blague|sans dec|la vache|wow|wa+h?ou+h?|waouh|ouah|oula|ouh la|lol|mdr+|ptdr+
je (?:vois|comprends)(?: mieux| bien| tout)?(?: (?:le truc|le genre|l idee))?|je vois bien|mort de rire
j ai (?:bien )?(?:compris|capte|pige|saisi)|(?:bien )?compris|(?:c est )?(?:note|compris|entendu|clair)
je (?:croyais|pensais) que (?:si|oui|non)|je (?:ne )?(?:le )?savais pas|je (?:l )?ignorais|j ignorais|j en apprends
(?:{it_is}) (?:(?:{very}) )*(?:fou|dingue|ouf|surprenant|curieux|etrange|rigolo|normal|vrai)
je note|j ai note|je retiens|je vais (?:y reflechir|voir|y penser)|on verra(?: bien| ca)?(?: {later})?|j y penserai
voila(?: voila)*
(?:y en a|(?:ca|cela) (?:en )?fait) (?:du monde|beaucoup|plein|trop|pas (?:beaucoup|trop|des masses))
(?:ha|he|hi|ah ha){{1,4}}|(?:ha ){{1,4}}ha
(?:je )?(?:le )?sava(?:is|it) (?:deja|bien)|je le sava?is|ca se (?:voit|sait|comprend)|c est (?:bon a savoir|note)
(?:(?:{it_is}) )?(?:(?:{very}) )*(?:interessant|incroyable|etonnant|bizarre|drole|marrant|logique)
je (?:plaisante|plaisantais|rigole|rigolais|blague|deconne)|c etait (?:pour rire|une blague)
(?:je |j |on )(?:(?:les?|la|vous|leur|y) )?(?:r?appell\\w+|passerai|viendrai|irai|verrai)(?: {later})?
(?:(?:je vais |on va )?en (?:parler|parle|reparler)|j en (?:parle|parlerai|reparlerai)) (?:a|avec) \\w+ \\w+
(?:ils|elles|les (?:pompiers|secours|policiers)) (?:sont la|arrivent)
je (?:regarde|lisais|lis|passe) (?:juste|seulement)|(?:je suis )?desolee?
(?:desolee?|pardon|excusez moi) pour (?:tout a l heure|ca|le derangement|l attente)
(?:excusez|pardon pour|desolee? pour) (?:mes|les) fautes(?: de frappe)?|(?:c est une )?faute de frappe|je tape mal
j ai (?:tape|clique) trop vite|je (?:n )?ai pas mes lunettes|(?:j ai )?pas mes lunettes
(?:je|laissez moi|je vais) reflechi\\w*(?: encore| un peu)*|(?:c est )?pas grave|je reviens
on en apprend tous les jours|premiere nouvelle|(?:ca|cela) m etonne(?: pas)?|je m en doutais|je suis etonnee?
""",
}


_ANY = "|".join(f"(?P<{mood.name}>{either(lines, _PARTS)})" for mood, lines in _WORDS.items())
_AROUND = either(_FILLERS, _PARTS)
_REACTION = re.compile(rf"(?:(?:{_AROUND}) )*(?:(?:{_ANY})(?: (?:{_AROUND}))*(?: |$))+")
# « Ah bon ? », but « c’est bien ? » asks.
_EXCLAMATION = re.compile(r"(?:ah|oh|eh|tiens|sans)\b")


def find_mood(text: str) -> Mood | None:
    """What a message that asks nothing says; None for one that says anything else."""
    said = normalize(text)
    if not said or len(said.split()) > MOST_WORDS or ("?" in text and not _EXCLAMATION.match(said)):
        return None
    found = _REACTION.fullmatch(said)
    return next((mood for mood in _WORDS if found[mood.name]), None) if found else None
