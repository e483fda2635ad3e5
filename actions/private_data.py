"""What only others may tell of themselves: who they are, where they live, what they earn, what they wrote.

« Combien gagne mon voisin ? » names nobody of ours, or a partner beside it (« tu dois avoir ça avec la CAF »).
"""

from __future__ import annotations

import re

from actions.questions import Question
from knowledge.alternatives import either
from knowledge.text import normalize

_SOMEBODY = (
    r"(?:(?:mon|ma|mes|notre|nos) (?:nouve\w+ |ancien\w* )?(?:voisine?s?|ex|cousine?s?|gendre|soeur|frere|collegues?"
    r"|(?:beau|belle) (?:pere|frere|fils|mere|soeur|fille)|patronn?e?|chef\w*|proprietaire|locataire)"
    r"|(?:le|la|l|les|un|une|cette?) (?:\w+ )?(?:locataires?|proprietaire|concierge|gardienn?e?|voisine?s?|agente?"
    r"|maire|directeur|directrice|dame|monsieur)|(?:mr|mme|mademoiselle|madame|monsieur) \w+)"
)
_PARTS = {
    "who": rf"\b{_SOMEBODY}\b",
    "has": r"(?:gagne|touche|percoit|paye?|paie|doit)",
    "lives": "(?:habite|vit|loge)",
    "number": "(?:telephones?|numeros?|portables?|mails?|emails?|adresses?|coordonnees)",
    "are": r"(?:touche\w*|percoi\w+|a|ont|est|sont)",
    "matter": r"(?:rsa|apl|aah|chomage|allocations?|aides|expulse\w*|dettes?|impayes?|casier|prison)",
    "left": r"(?:rempli|demande|ecrit|envoye|laisse|pose)\w*",
    # Where the one that is asked about lives; « xx » stands for a quartier.
    "home": r"(?:(?:dans|de) (?:ma|mon|notre|cette?|l|la) (?:\w+ )?(?:rue|immeuble|batiment|tour|cage|escalier|palier"
    r"|residence|etage)|au \d+(?: rue \w+(?: \w+)?)?|au (?:\w+ ){0,2}etage|xx)",
}
# On normalised text.
_ASKS = re.compile(
    either(
        r"""
{who}.* s appelle comment|{who}.* c est qui\b|{who}.* {has} combien\b|{who}.* {lives} (?:ou|dans quel\w*)\b
{who}.* s(?:on|es|a) (?:vrai )?(?:nom|prenom|salaire|age|numero|casier|dettes|date de naissance|horaires de sortie)\b
{who}.* (?:un casier|fait de la prison|suivie? par un psy)\b|{who}.* (?:tu )?(?:peux )?verifi\w+(?: au \w+)?$
\b(?:combien {has}(?: t)?|ou {lives}|comment s appelle) {who}
\b(?:date de naissance|casier judiciaire|salaire|fiche de paie|dossier medical|adresse ip) (?:de|d|du|des|a)\b
\b{number} (?:de telephone )?perso\w*
\b{number} (?:perso\w* )?(?:des|de tous les|de vos) (?:membres|benevoles|elus|agents|salaries)\b
\b(?:listes?|noms?) (?:de )?(?:tous |toutes )?(?:ceux|celles) qui\b
\bnoms? (?:de |du )?{who}|^est ce que {who} (?:est|a|va|fait) (?:inscrit\w*|membre|sign\w+|vote\w*|partie)\b
^qui {lives} (?:en face|au dessus|en dessous|a cote|derriere|{home})
\bqui (?:est ce qui )?(?:m a|a) (?:porte plainte|denonce|balance|signale|appele la police|ecrit avant moi)\b
\bqui (?:\w+ ){{0,2}}{home} {are} (?:\w+ ){{0,3}}{matter}\b|\bqui {are} (?:\w+ ){{0,3}}{matter} (?:au )?{home}\b
\bqui sont les (?:dealers?|voleurs?|delinquants?|chomeurs?|assistes|locataires|familles (?!concerne))
\b(?:qui (?:a|ont)|membres|habitants|gens|personnes|voisins) .*(?:les|leurs) noms$
\bqui a {left}\b.* (?:hier|aujourd hui|ce matin|cette semaine|avant moi)\b
\bquel\w* (?:habitants|gens|personnes) (?:ont|a) {left}
\bbalance\w*(?: moi)? (?:les?|leurs?|son) noms?$|\bdonne\w*(?: moi)? son nom$
\b(?:derniere?|autres?) (?:personnes?|gens|utilisateurs?|habitants?) qui (?:t|vous) (?:a|ont) (?:parle|ecrit)\b
""",
        _PARTS,
    )
)
# « Farid du bâtiment B », and what is asked of him.
_NEIGHBOUR = re.compile(
    r"\b[A-ZÉÈ][\w-]+ (?:du|de la|de l[’']|au) (?:b[âa]t\w*|tour|bloc|\d*\s?[ée]tage|rez\b|palier|entr[ée]e|escalier|"
    r"\d+\s?e\w*|premier|deuxi[èe]me|troisi[èe]me|quatri[èe]me)\b"
)
_OF_A_NEIGHBOUR = re.compile(
    r"\b(?:malade|enceinte|suivie?|psy|prison|casier|condamnee?|divorc\w+|gagne|touche|dettes?|impayes?|expulse\w*|"
    r"papiers|s appelle|religion|drogue|alcool\w*)\b"
)
# « L’adresse de mon voisin », on normalised text.
_PERSON = re.compile(
    r"\b(?:noms?|numeros?|adresses?|telephones?|portables?|mails?|dossiers?|coordonnees) (?:(?:de|d|du) )"
    r"(?:m|mr|mme|madame|monsieur|mademoiselle|mon voisin|ma voisine|mes voisins|mon ex) \w+"
)
# « La liste des familles expulsées »; the associations and the members are those of the page.
_PEOPLE = re.compile(
    r"\b(?<!au )(?:noms?|listes?|adresses?|numeros?|telephones?|mails?|coordonnees|dossiers?|messages?|conversations?) "
    r"(?:de |des |d |du |de tous les |de toutes les |de l )(?:autres )?(?:gens|personnes(?! a contacter)|familles|"
    r"habitante?s?|locataires?|voisine?s?|inscrite?s?|candidate?s?|allocataires?|utilisateurs?|usagers?)\b"
    r"|\bcoordonnees des membres\b"
)
_NAMED_PERSON = re.compile(
    r"\b(?i:adresse|num[ée]ro|t[ée]l[ée]phone|portable|mail|dossier|coordonn[ée]es) d(?:e |[’'])"
    r"(?P<name>[A-ZÉ][\w-]+ [A-ZÉ][\w-]+)"
)


def asks_for_private_data(question: Question) -> bool:
    """Whether a message wants to know what somebody else alone may tell."""
    typed, said = normalize(question.text), normalize(question.outside_names("quartier", " xx "))
    if _PERSON.search(typed) or _PEOPLE.search(typed) or _names_somebody(question):
        return True
    of_a_neighbour = _NEIGHBOUR.search(question.text) and _OF_A_NEIGHBOUR.search(said)
    return _ASKS.search(said) is not None or of_a_neighbour is not None


def _names_somebody(question: Question) -> bool:
    """« L’adresse de Jeanne Martin », and not « le numéro de France Travail »."""
    found = _NAMED_PERSON.search(question.text)
    start, end = found.span("name") if found else (0, 0)
    return start < end and not any(named.start < end and start < named.end for named in question.named)
