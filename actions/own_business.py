"""Somebody's own business with an office: their file, a decision about them, a job there.

« L’inspecteur du rectorat a-t-il lu ma lettre ? » names one of our partners, and surely so; the page says nothing of
that.
"""

from __future__ import annotations

import re

from actions.questions import Question
from knowledge.text import normalize

# What stands for the name of a partner.
PARTNER = "xx"


def _any_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_OFFICE = re.compile(r"\b(?:mairie|hotel de ville|service|prefecture|commune|inspecteur|inspection)\b")
_FILES = _any_of(
    "actualisation affaire allocations? amende apl appel arret attestations? audience candidature carte cas changement "
    "compte conge conseillere? courriers? declaration demandes? dossiers? formulaire impots indemnites? inscription "
    "jugement justificatifs? lettres? mails? naturalisation numero paiement pension plaintes? preavis prestations? "
    "procuration recours reclamation rdv rendez.vous requete retraite rsa titre versement virement"
)
_DECISIONS = _any_of(
    r"bloque\w* convoque\w* doi\w+ payee? radie\w* reclam\w+ refus\w+ rembourse\w* suspend\w* trouver verse\w*"
)
_JOBS = _any_of(
    r"recrut\w+ embauch\w+ postul\w+ stages? stagiaires? alternance alternants? apprentissage des.postes "
    r"offres?.d.emploi a.pourvoir gardiens? greffiers? salaries? employes? jobs?.(?:d.ete|etudiants?|saisonniers?) "
    r"saisonniers? vacataires? concours"
)
_OWN = re.compile(
    rf"\b(?:m|ma|mon|mes|notre|nos) (?:\w+ )?{_FILES}\b|\b(?:j ai|on a|nous avons) (?:un )?(?:rendez vous|rdv)\b"
    rf"|\b(?:m|me|nous) (?:\w+ ){{0,2}}?(?:t (?:il|elle|ils|elles) )?(?:bien )?{_DECISIONS}\b"
    rf"|\b(?:rendu|prononce) (?:son|le) jugement\b|\bcontre moi\b|\b{_JOBS}\b"
)
# What an office did or will do in one matter, and who runs it: « X a fermé la maternité », « X va-t-il sanctionner… ».
_ACTS = re.compile(
    rf"{PARTNER} (?:ne )?(?:m |me |nous )?(?:a|ont|va|vont)(?: t (?:il|elle|ils|elles|on))?"
    r" (?:bien |deja |encore |pas |me |nous )*"
    r"(?!ete\b|fai|mis\b|pris\b|apport|choisi|dit\b|envoy|parl|decid)\w{2,}(?:er|ir|re|e|ee|es|ees|u|i|is|it|ert)\b"
    r"|\b(?:dirig\w+|directeur|directrice|presidente?|patron) (?:de )?(?:l |la |le |du |d )?" + PARTNER
)
# What makes it a question for us after all: what the offices do for everybody.
_OURS = re.compile(
    r"\b(?:(?:que|quoi) (?:fai\w+|font|peu\w+)|(?:fai\w+|font) quoi|qu est ce qu\w*|c est quoi|veut dire|avec vous|"
    + _any_of(
        r"accompagn\w+ aid\w+ associe\w* axes? conseils?.citoyens? contrat defini\w+ demol\w+ discrimin\w+ engag\w+ "
        r"habitants jeunes lutt\w+ objectifs? partenaires? particip\w+ place politique prev\w+ priorit\w+ promi\w+ qpv "
        r"quartiers? rejoin\w+ renov\w+ reten\w+ role sert servent sign\w+ travaill\w+ zone"
    )
    + r")\b"
)


def is_own_business(question: Question) -> bool:
    """Whether a message is about the writer's own file with an office, a job there, or one matter that it decides."""
    said = normalize(question.reading)
    if _OURS.search(said) or not (question.names("partenaire") or _OFFICE.search(said)):
        return False
    about = normalize(question.outside_names("partenaire", f" {PARTNER} "))
    return _OWN.search(said) is not None or _ACTS.search(about) is not None
