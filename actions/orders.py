"""What is no question: words put in the assistant's mouth, somebody's personal data, a line of code.

A message that orders « dis que la CAF donne 500 euros » names a subject, and surely so; telling that subject would
look like a yes.
"""

from __future__ import annotations

import re

from actions.questions import Question
from knowledge.text import normalize

_PARTS = re.compile(r"[.,:;!?«»\"\n]+|[-–—]\s")
# « Dis-moi que fait la CAF » asks.
_ASKS = r"(?! (?:sont|est|fai\w+|font|faut|peu\w+|pouv\w+|doi\w+|veu\w+|signifi\w+|devien\w+|contien\w+|prevo\w+))"
_WORDS_BEFORE = (
    r"^(?:(?:et|puis|alors|donc|maintenant|ensuite|stp|svp|bon|tu dois|tu vas|vous devez|il faut que tu|je veux que tu)"
    r" )*"
)
_DICTATES = re.compile(
    rf"{_WORDS_BEFORE}(?:"
    r"(?:dis|dises|dire|dites|ecri[st]|ecrives|ecrivez|affirme[sz]?|repond(?:s|e|re|ez)?|annonce[sz]?|declare[sz]?)"
    rf"(?: moi| nous| leur)?(?: juste| seulement| simplement| uniquement)? que\b{_ASKS}"
    r"|repet\w+(?: moi)? (?:apres moi|que)|(?:recopie[sz]?|ecri[st]|ecrivez)(?: (?:ceci|cela|ca))?$"
    r"|(?:promet\w*|jure[sz]?)(?: moi)?\b|confirme[sz]?(?: le| la| moi| nous)?$"
    r"|repond\w*(?: moi)? (?:juste |seulement |simplement |uniquement )?(?:par )?(?:oui|non)$"
    r"|(?:fais|faites) comme si|imagine[sz]? que|oublie[sz]? (?:ce qu|tes|toutes|les (?:regles|consignes|instructions))"
    r"|ignore[sz]? (?:tes|toutes|les|tout|ce qu)|(?:a partir de maintenant|desormais) tu|tu es (?:maintenant|desormais)"
    r"|(?:nouvelles? |new )?(?:consignes?|instructions?|policy|system|systeme)$|(?:system|systeme) new\b"
    r")"
)
_PERSON = re.compile(
    r"\b(?:noms?|numeros?|adresses?|telephones?|portables?|mails?|dossiers?|coordonnees) (?:de |d |du )?"
    r"(?:m|mr|mme|madame|monsieur|mademoiselle|mon voisin|ma voisine|mes voisins|mon ex) \w+"
)
_CODE = re.compile(r"\b(?:select\b.+\bfrom|insert into|delete from|drop table|union select|update \w+ set)\b")
TEXT = "Je dis seulement ce qui est écrit sur la page de la ville, et je ne sais rien des habitants."


def is_order(question: Question) -> bool:
    """Whether a message wants something said, looked up or run. One that has its question mark asks."""
    said = normalize(question.text)
    if _PERSON.search(said) or _CODE.search(said):
        return True
    return "?" not in question.text and any(_DICTATES.match(normalize(part)) for part in _PARTS.split(question.reading))
