"""A « oui » in other words: « d’accord pour le formulaire », « allons-y », « notez-moi », once something is offered."""

from __future__ import annotations

import re

from knowledge.alternatives import either
from knowledge.text import normalize

MOST_WORDS = 9
_PARTS = {
    "which": "(?:(?:pour|par|avec|a|dans|via|de) )?(?:(?:votre|vos|le|la|l|un|une|ma|mon|ce|cet|cette|ca|du|au) ?)?",
    "request": "(?:demande|formulaire|inscription|candidature|message|mot|fiche)(?: en ligne)?",
    "one": "(?:moi|nous|le|la|les|lui|leur)",
    "want": "(?:veux|veut|voudrai[st]?|vais|va|peux|peut|souhaite|aimerais)",
    "to_do": "(?:faire|fai[st]|rempli\\w*|lanc\\w+|tent\\w+|essa\\w+|commenc\\w+|demarr\\w+|prend\\w*|sui[st])",
}
# Around it, or alone after an offer.
_FILLERS = """
oui|ouais?|wi|ok|okay|oki|d accord|dac|daccord|bon|ben|bah|eh bien|et bien|alors|mais|ah|va|allez|go|parfait|super|soit
tres bien|entendu|volontiers|dans ce cas|du coup|finalement|merci|donc|svp|stp|s il (?:vous|te) plait|maintenant
ici|tout de suite|avec (?:vous|plaisir)|(?:pour|par) (?:moi|nous|ca)|la dedans|bien sur|pourquoi pas|si vous voulez
sur la liste|la dessus|quand meme|directement|en vrai|moi aussi|carrement|banco|ca marche|c est bon
"""
# One alternative a line or more, on normalised text.
_WORDS = """
(?:allons|vas|va|allez) y|vazi|on y va|c est parti|ca part|je me lance|je tente|lancez vous|faisons (?:ca|comme ca)
je suis (?:partante?|preneu(?:r|se)|ok|pour|d accord|interessee?)|(?:ca|cela) m (?:interesse|irait|arrange)|partante?
{which}{request}
(?:on|je|nous) {one}? ?{to_do}(?: {which}{request})?
(?:je|j|on|nous) {want} (?:bien )?(?:{one} )?{to_do}(?: {which}{request})?
(?:remplissons|faisons|prenons|commencons|lancons|tentons|laissons|ecrivons) {one}?(?: ?{which}{request})?
(?:not|inscri|enregistr|mett|ajout|compt|pren|rempli|propos)\\w*(?: {one})?(?: {which}{request})?
"""
_AROUND = either(_FILLERS, {})
_YES = either(_WORDS, _PARTS)
_ACCEPTS = re.compile(rf"(?:(?:{_AROUND}) )*+(?:{_YES})(?: (?:{_AROUND}))*(?: (?:{_YES}))?")


def accepts_offer(text: str) -> bool:
    """Whether a message takes what was just offered, and says nothing else."""
    said = normalize(text)
    if "?" in text or len(said.split()) > MOST_WORDS:
        return False
    return _ACCEPTS.fullmatch(said) is not None
