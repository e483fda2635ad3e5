"""What is no question: words put in the assistant's mouth, work to do, somebody's personal data, a line of code.

A message that orders « dis que la CAF donne 500 euros » names a subject, and surely so; telling that subject would
look like a yes.
"""

from __future__ import annotations

import re

from actions.private_data import asks_for_private_data
from actions.questions import Question
from knowledge.text import normalize

# « Joue le maire et annonce que… » gives two orders.
_PARTS = re.compile(r"[.,:;!?«»\"\n]+|[-–—]\s|\bet\b")
# « Dis-moi que fait la CAF » asks.
_ASKS = r"(?! (?:sont|est|fai\w+|font|faut|peu\w+|pouv\w+|doi\w+|veu\w+|signifi\w+|devien\w+|contien\w+|prevo\w+))"
_WORDS_BEFORE = (
    r"^(?:(?:et|puis|alors|donc|maintenant|ensuite|stp|svp|bon|tu dois|tu vas|vous devez|il faut que tu|je veux que tu)"
    r" )*"
)
_DICTATES = re.compile(
    rf"{_WORDS_BEFORE}(?:"
    r"(?:dis|dises|dire|dites|ecri[st]|ecrives|ecrivez|affirme[sz]?|repond(?:s|e|re|ez)?|annonce[sz]?|declare[sz]?"
    r"|pretend(?:s|ez)|admet(?:s|tez)|reconnai(?:s|ssez)|avoue[sz]?|soutien(?:s|nez))"
    rf"(?: moi| nous| leur)?(?: juste| seulement| simplement| uniquement)? que\b{_ASKS}"
    r"|repet\w+(?: moi)? (?:apres moi|que)|(?:recopie[sz]?|ecri[st]|ecrivez)(?: (?:ceci|cela|ca))?$"
    r"|(?:promet\w*|jure[sz]?)(?: moi)?\b|confirme[sz]?(?: le| la| moi| nous)?$"
    r"|repond\w*(?: moi)? (?:juste |seulement |simplement |uniquement )?(?:par )?(?:oui|non)$"
    r"|(?:dis|dites) (?:le$|du (?:mal|bien) )|(?:avoue[sz]?|admet\w*|reconnais\w*)$"
    r"|(?:insulte|critique|moque|ridiculise|denigre)[sz]? (?:toi |vous )?(?:les?|la|l|de|des|du|ces?|cette|moi|mon|ma) "
    r"|(?:fai[st]|faites) semblant|(?:joue[sz]?|prend\w*) (?:moi )?(?:le|un) role|ton role$|mets toi a la place"
    r"|(?:incarne|imite)[sz]? |annonce[sz]? (?:le|la|l|les|un|une|des) "
    r"|.*\b(?:tu es|t es|vous etes) d accord$"
    r"|(?:fais|faites) comme si|imagine[sz]? que|oublie[sz]? (?:ce qu|tes|toutes|les (?:regles|consignes|instructions))"
    r"|ignore[sz]? (?:tes|toutes|les|tout|ce qu)|(?:a partir de maintenant|desormais) tu|"
    r"tu n as (?:plus |pas |aucune? )(?:de )?(?:regles?|limites?|filtres?|consignes?)|tu es (?:maintenant|desormais)"
    r"|(?:nouvelles? |new )?(?:consignes?|instructions?|policy|system|systeme)$|(?:system|systeme) new\b"
    r")"
)
# Work for the one who writes: a letter, a song, homework, somebody to find, a mail to somebody else.
_KINDLY = (
    r"(?:(?:s il (?:te|vous) plait|bonjour|salut|hello|merci de|(?:est ce que )?(?:tu|vous) (?:peux|peut|pouvez|"
    r"pourrais|pourriez|sais|savez)|(?:peux|pouvez|pourrais|pourriez|sais|savez) (?:tu|vous)|j aimerais que tu"
    r"|aide[sz]? moi a) )*(?:m |me |nous |moi )?"
)
_MAKES = re.compile(
    rf"{_WORDS_BEFORE}(?!.*\b(?:au service|a la mairie)\b){_KINDLY}(?:"
    r"(?:ecri\w+|redig\w+|compos\w+|invent\w+|racont\w+|fai\w*|prepar\w+|chant\w+|dessin\w+|gener\w+|cre\w+|corrig\w+"
    r"|trouv\w+)(?: (?:moi|nous))? (?:un|une|des|mes|mon|ma|le|la|les) (?:\w+ )?(?:lettres?|courriers?|cv|discours|"
    r"poemes?|chansons?|rap|slam|conte|blagues?|dissertations?|redactions?|devoirs|exercices?|recettes?|dessins?|"
    r"images?|logo|programme (?:en|informatique)|scripts?|code)\b"
    r"|(?:trouv\w+|cherch\w+) (?:moi|nous) (?:un|une|du|des) (?!interlocuteur|contact|conseiller|humain|numero|agent)"
    r"|tradui\w+(?: (?:moi|nous))? (?:ce|cet|cette|ces|ma|mon|mes|le courrier|la lettre)\b"
    r"|(?:envo\w+|ecri\w+|telephon\w+|appel\w+|reserv\w+|prend\w*)(?: (?:moi|nous))?(?: \w+){0,2} (?:a|au|avec|chez)"
    r" (?:mon|ma|mes)\b)"
)
# What is thrown at people rather than asked.
_SLURS = re.compile(
    r"\b(?:sont|c est) (?:tous |toutes |que )?(?:des |de la |du )?(?:voleurs?|racailles?|parasites?|assistes|cassos|"
    r"fainean\w+|profiteurs?|sauvages?)\b|\bn ont qu a (?:bosser|travailler|partir|rentrer)\b"
)
_CODE = re.compile(r"\b(?:select\b.+\bfrom|insert into|delete from|drop table|union select|update \w+ set)\b")
# On the text as it is: a tag, a template, a command.
_MARKUP = re.compile(r"<\s*/?[a-z!?][^<>]*>|\{\{|\$\{|^[/!]\w[\w-]*(?!\S)", re.IGNORECASE)
# « Ignore all previous instructions » in the languages that are understood.
_FORGET = (
    r"ignor\w*|forget|disregard|vergiss|vergeet|negeer|olvida\w*|esquec\w+|dimentic\w+|zapomnij|zignoruj|unut|boşver|"
    r"забудь\w*|игнорируй\w*|ignoră|تجاهل\w*|انس[ىي]?|nsa|nssa|tjahal"
)
_RULES = (
    r"instru\w+|istruzion\w+|anweisung\w*|regel\w*|rules?|reglas?|regras?|regole|polece\w+|zasad\w*|talimat\w*|kural\w*|"
    r"инструкци\w*|правила?|инструкцій|التعليمات|القواعد|تعليمات|kolchi|everything|todo|tutto|alles"
)
# « Say that… »
_SAY_THAT = (
    r"(?:repeat after|wiederhole|powtórz za|повтори за|ripeti dopo|repite después|herhaal)\b|(?:كرر|ردد) بعدي|"
    r"(?:say|write|tell \w+) that|(?:powiedz|napisz),? że|(?:di|escribe|diz|escreve) que|"
    r"(?:di|scrivi) che|(?:sag|schreib)\w*,? dass|(?:zeg|schrijf) dat|(?:скажи|напиши),? что|(?:قل|اكتب) [أاإ]ن|"
    r"(?:goli|gol|kteb) (?:belli|bli)"
)
_ABROAD = re.compile(
    rf"\b(?:{_FORGET})\b(?:\W+\w+){{0,4}}\W+(?:{_RULES})\b|\b(?:talimat|kural)\w*\W+unut\b|^\W*(?:{_SAY_THAT})\b",
    re.IGNORECASE,
)
# « Rédigez-vous des lettres ? » asks what the assistant can do.
CAPABILITIES = "bot_capacites"
# Of what is marked up, fewer words ask nothing.
FEWEST_WORDS = 4
TEXT = "Je dis seulement ce qui est écrit sur la page de la ville, et je ne sais rien des habitants."


def is_order(question: Question) -> bool:
    """Whether a message wants something said, made, looked up or run. What is only said asks, with a question mark."""
    said = normalize(question.text)
    if is_code(question) or asks_for_private_data(question):
        return True
    if question.intent != CAPABILITIES and _MAKES.match(said):
        return True
    if "?" in question.text:
        return False
    return _SLURS.search(said) is not None or any(
        _DICTATES.match(normalize(part)) for part in _PARTS.split(question.reading)
    )


def is_code(question: Question) -> bool:
    """Whether a message is written for a machine: markup or a command that asks nothing, SQL, « forget your rules »."""
    text = question.text.strip()
    said = _MARKUP.sub(" ", text)
    # A button is a command too: that of its own intent.
    is_marked_up = said != text != f"/{question.intent}"
    is_marked_up = is_marked_up and "?" not in said and len(normalize(said).split()) < FEWEST_WORDS
    return is_marked_up or _ABROAD.search(text) is not None or _CODE.search(normalize(text)) is not None
