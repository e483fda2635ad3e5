"""What a person does in the middle of a request other than answering: stop, refuse, ask, change an answer.

Plain words: they are unmistakable, and the classifier, which learnt on questions, is less sure of them here.
"""

from __future__ import annotations

import re

from knowledge.text import normalize

SHORT = 3
YES_SIGNS = ("👍", "✅", "👌")
NO_SIGNS = ("👎", "❌")

_POLITE = r"(?:svp|stp|s il (?:vous|te) plait|merci|madame|monsieur)"
_BEFORE = (
    rf"(?:(?:non|oui|ok|bon|ben|alors|finalement|en fait|desolee?|pardon|{_POLITE}|je|j|on|ca y est|il faut"
    r"|veux|voudrais|souhaite|prefere|aimerais|vais|allez|d) )*"
)
_AFTER = (
    rf"(?: (?:tout|tt|ca|la|s il|ici|ma|mon|la|le|cette|ce|demande|message|formulaire|inscription|maintenant"
    rf"|c est trop long|{_POLITE}))*"
)
_STOP = (
    r"(?:j ?)?(?:ann?ul\w*|stop\w*|arr?et\w*|abandonn\w*|renonc\w*|quitt\w*|sortir"
    r"|l[ae]i?ss?\w* tomb\w*|oubli(?:e|ez|er)|tan ?t? ?pis"
    r"|(?:ne )?(?:veux|souhaite) plus (?:continuer|m inscrire)"
    r"|s arrete|au revoir|aurevoir|bye|adieu|a bientot|a plus tard)"
)
# « Stop, j’annule » says it twice.
_CANCEL = re.compile(rf"{_BEFORE}{_STOP}{_AFTER}(?: (?:et )?{_BEFORE}{_STOP}{_AFTER})?")

_YES = re.compile(
    r"(?:oui|ouais?|ouaip|wi|ui|yes|yep|ok|oki|okay|d ?acc?|dac|d accord|entendu|bien sur|volontiers|exact\w*"
    r"|parfait|c est (?:bon|ok|ca|juste|exact|correct|bien ca|parfait)|tout est (?:bon|juste|ok|correct)"
    r"|j accepte|j approuve|je (?:confirme|valide|veux bien|l accepte|suis d accord|donne mon accord)|accepte"
    r"|valide[rz]?|confirme[rz]?|envoye[rz]|envoie|envoi|transmett(?:ez|re)|vas y|allez y|go|ca marche"
    r"|ca me va|ca me convient|affirmatif)\b"
)
_NO = re.compile(
    r"(?:non|nan|nn|nop\w*|rien|negatif|surtout pas|pas (?:du tout|question|maintenant|d accord|encore)"
    r"|jamais|refuse|je (?:n |ne )?(?:refuse|veux pas|suis pas d accord|accepte pas|souhaite pas)"
    r"|n (?:envoye|transmett)\w*)\b"
)
_RESERVE = re.compile(r"\b(?:non|pas|mais|sauf|attend\w*|avant|chang\w*|modif\w*|corrig\w*|rien|jamais|ne|n)\b")
_NO_PROBLEM = re.compile(r"\bpas de (?:probleme|pb|souci)s?\b")
_LONGEST_YES = 10

_DONT_KNOW = re.compile(
    r"\b(?:sai[st]? pas|se pas|sais? (?:plus|point)|saurais pas|ch?ais pas|chepa|jsp|aucune idee"
    r"|connai[st]? (?:pas|plus)|souviens (?:pas|plus)"
    r"|pas (?:la moindre )?idee|j ignore|je l ignore|pas (?:sure?|certaine?))\b"
)
# « Attendez », « je sais pas trop »: no answer yet.
_TIME = r"(?:une|deux|trois|cinq|un|[1-5]) (?:minutes?|mn|min|secondes?|sec|instants?|moments?)"
_HESITATES = re.compile(
    r"(?:(?:euh|heu|hum|hm|bah|ben|ah|oh|mais|bon|alors|ok|pardon|la|comme ca|desolee?|svp|stp) ?)*"
    rf"(?:(?:atten(?:d\w*|s)?|patiente[rz]?)(?: {_TIME}| un peu| s il vous plait)?|{_TIME}|minute|euh+|hum+|hm+"
    r"|(?:(?:je|j|faut que je|laissez moi|que je|je dois|je vais|il faut que j?e?) )+"
    r"(?:y )?(?:reflechi\w*|hesite\w*|cherche\w*|regarde\w*|demande a \w+ \w+|reviens|le temps)(?: encore)?"
    r"|je (?:ne )?sais pas (?:trop|encore|si je (?:veux|dois)|quoi (?:mettre|dire|repondre|choisir|ecrire))"
    r"|je (?:ne )?suis pas (?:encore )?decidee?|peut etre|on verra|plus tard|pas tout de suite|bof)"
    r"(?: (?:je (?:cherche|reflechis|reviens|sais pas|hesite)|svp|stp|merci|peut etre|quoi|la|encore))*"
)
_DECLINES = re.compile(
    r"\b(?:anonym\w*|prefer\w* (?:ne )?(?:pas|rien)|veux pas|veut pas|souhaite pas|sans nom|pas envie"
    r"|pas (?:de |d )?(?:nom|tel|telephone|portable|mail|numero|contact)|(?:ai|en) (?:pas|aucun)|refuse"
    r"|confidentiel|secret|non merci|pas la peine)\b"
    r"|^(?:non|nan|aucun|aucune|rien|passer?|passez|je passe|suivant\w*|sans|personne)$"
)

_ASKING = re.compile(
    r"^(?:(?:et|mais|alors|euh|non|attend\w*|au fait|dites(?: moi)?|dis(?: moi)?|bonjour|pardon|d abord|avant)\s)*"
    r"(?:je (?:veux|voulais|voudrais|souhaite|souhaiterais|aimerais) (?:juste )?(?:d abord )?(?:savoir|comprendre)"
    r"|j aimerais savoir|qui|quoi|quel(?:le)?s?|comment|pourquoi|pk|pq|quand|combien|ou (?:est|se|sont|puis)"
    r"|est ce|es ce|qu est ce|c est (?:quoi|qui|ou|lequel|combien|obligatoire)|c (?:quoi|koi|ki)|keske?"
    r"|que (?:fait|faites|font|devien\w*|vont|veut)|puis je|peut on|y a t il|avez vous|expliqu\w*|parlez? moi"
    r"|definition|a quoi|vous (?:gardez|faites|etes)|etes vous|es tu|faut il|dois je|suis je|on peut|peux tu"
    r"|pouvez vous|ca (?:veu\w* dire|sert))\b"
)
# What opens a question that is meant for the assistant, and not for those who will read the message.
_ASIDE = re.compile(
    r"^(?:(?:euh|oh|ah|oui|bon|ok|mais|et) )*"
    r"(?:au fait|d ailleurs|sinon|tiens|attend\w*|avant (?:ca|cela|de)|d abord|juste|une question|ptite question"
    r"|petite question|j ai une question|dites(?: moi)?|dis(?: moi)?)\b|\b(?:au fait|d ailleurs)$"
)
_ASKING_INSIDE = re.compile(
    r"\b(?:combien de temps|ca veut dire quoi|a quoi (?:ca|cela) sert|pour quoi faire)\b"
    r"|\b(?:c est|c|ils? f\w+|elles? f\w+) (?:quoi|qui|ou)(?: (?:deja|au fait|exactement|au juste))?$"
    r"|\bou (?:pas|non)$"
)
# « Je suis retraité », « nous tenons un bar »: an answer, be it one that is not understood.
_OF_ONESELF = re.compile(
    r"^(?:(?:alors|ben|bah|euh|bon|oui|non|moi|nous|mais|et|ici) )*?(?:je|j|nous|on)"
    r" (?:suis|sommes|est|habit\w+|vi[st]|viv\w+|log\w+|resid\w+|tien[st]|tenons|travaill\w+|ger\w+|fais|faisons"
    r"|represent\w+|m occupe|(?:ai|avons)(?! (?:pas )?(?:le |un |des )?droits?))\b"
)
_SEGMENT = re.compile(r"(?<=[.!?;\n])\s+|\s*,\s+")
_WHY = re.compile(
    r"\b(?:pourquoi|pk|pq|obligatoire|obligee?|besoin|utile|necessaire"
    r"|(?:faut|dois|je suis forcee? de) (?:vraiment |absolument )?(?:que je |donner|mettre|dire|repondre))\b"
)
_WHAT_FOR = re.compile(
    r"\b(?:pour quoi faire|a quoi (?:ca|cela) (?:vous )?sert|vous (?:me )?(?:demandez|voulez) quoi"
    r"|(?:je|il faut|faut|on) (?:(?:dois|peux|doit|peut) )?(?:met\w*|repond\w*|ecri\w+|dois?|choisi\w*) quoi)$"
)
_OF_THE_FORM = re.compile(
    r"\b(?:vous (?:me )?(?:demand|voul|av)\w*|mon|ma|mes|donner|dire|repondre|ca|cela|obligatoire)\b"
)

_CHANGE = re.compile(
    r"\b(?:chang\w*|modifi\w*|corrig\w*|rectifi\w*|remplac\w*|refaire|trompee?|faux|fausse|erreur|mauvais\w*"
    r"|pas (?:le |la |mon |ma )?(?:bon|bonne|ca|juste))\b"
)
_CORRECTION = re.compile(
    r"^(?:non|nan|pardon|finalement|en fait|enfin|plutot|excusez|desolee?|erreur|oups)\b"
    r"|\b(?:finalement|plutot|en fait|au lieu|mets|mettez|trompee?)\b"
)


def is_cancel(text: str) -> bool:
    """Whether a message clearly, and only, says to stop: « annuler », « laissez tomber », « au revoir »."""
    return _CANCEL.fullmatch(normalize(text)) is not None


def agrees(text: str) -> bool:
    """Whether a message says yes."""
    return _YES.match(normalize(text)) is not None or text.strip() in YES_SIGNS


def has_reserve(text: str) -> bool:
    """Whether a « oui » comes with a « mais », a question or a long explanation: that is no consent."""
    plain = _NO_PROBLEM.sub(" ", normalize(text)).strip()
    return "?" in text or len(plain.split()) > _LONGEST_YES or _RESERVE.search(plain) is not None


def refuses(text: str) -> bool:
    """Whether a message says no."""
    return _NO.match(normalize(text)) is not None or text.strip() in NO_SIGNS


def is_dont_know(text: str) -> bool:
    """« Je ne sais pas », however it is written."""
    return _DONT_KNOW.search(normalize(text)) is not None


def hesitates(text: str) -> bool:
    """Whether a message only asks for time: « attendez », « je sais pas trop »."""
    return _HESITATES.fullmatch(normalize(text)) is not None


def declines(text: str) -> bool:
    """Whether a person prefers not to give what is asked: « je préfère ne pas le dire », « passer »."""
    return _DECLINES.search(normalize(text)) is not None


def split_questions(text: str) -> tuple[str, bool]:
    """What a message states, and whether it asks something besides.

    « Rue de Lille, c’est quoi un conseil citoyen ? » → (« Rue de Lille », True). A message of two or three
    words with a mere question mark (« rue de Lille ? ») is a hesitant answer.
    """
    segments = [segment.strip() for segment in _SEGMENT.split(text) if segment.strip()]
    is_hesitant = len(normalize(text).split()) <= SHORT
    stated = [segment for segment in segments if not _is_question(segment, is_hesitant)]
    return ", ".join(stated), len(stated) < len(segments)


def is_aside(text: str) -> bool:
    """Whether a message turns to the assistant in the middle of a request: « au fait, c’est quoi… ? »."""
    return _ASIDE.search(normalize(text)) is not None


def tells_of_oneself(text: str) -> bool:
    """Whether a message says who or what one is, and asks nothing: « je suis retraité »."""
    return "?" not in text and _OF_ONESELF.match(normalize(text)) is not None


def asks_why(text: str) -> bool:
    """Whether a question is about what is being asked: « pourquoi mon nom ? », « c’est obligatoire ? »."""
    plain = normalize(text)
    is_ours = len(plain.split()) <= SHORT or _OF_THE_FORM.search(plain) is not None
    return _WHAT_FOR.search(plain) is not None or (_WHY.search(plain) is not None and is_ours)


def wants_change(text: str) -> bool:
    """Whether a message says that an answer is wrong: « je veux changer mon téléphone »."""
    return _CHANGE.search(normalize(text)) is not None


def is_correction(text: str) -> bool:
    """Whether a message goes back on an answer: « finalement pour une asso », « non, rue de Lille »."""
    return wants_change(text) or _CORRECTION.search(normalize(text)) is not None


def _is_question(segment: str, is_hesitant: bool) -> bool:
    plain = normalize(segment)
    if _ASKING.search(plain) or _ASKING_INSIDE.search(plain):
        return True
    return segment.endswith("?") and not is_hesitant
