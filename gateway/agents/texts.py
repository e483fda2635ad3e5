"""French sentences of the console that Python chooses; those that never change are in the templates."""

from knowledge.text import typographie as _t

NAME = _t("Console Allô Quartiers")

# By code of ApiError, where staff need other words than residents.
REFUSALS = {
    code: _t(text)
    for code, text in {
        "unavailable": "La console ne peut pas faire cela pour le moment : la base de données ne répond pas, ou une "
        "panne s’est produite. Rien n’a été changé. Réessayez dans un instant.",
        "too_many_requests": "Trop d’essais en peu de temps. Attendez quelques minutes, puis recommencez.",
        "origin_refused": "Demande refusée : elle vient d’un autre site. Rien n’a été changé.",
        "body_too_large": "Ce que vous envoyez est trop long. Rien n’a été changé.",
        "unsupported_media_type": "Cet envoi n’a pas la forme attendue. Rien n’a été changé.",
        "bad_request": "Cet envoi n’a pas la forme attendue. Rien n’a été changé.",
    }.items()
}
ERROR_TITLES = {
    401: _t("Connectez-vous"),
    403: _t("Ce n’est pas possible avec votre compte"),
    404: _t("Page introuvable"),
    405: _t("Page introuvable"),
    429: _t("Un instant"),
    503: _t("Panne passagère"),
}
ERROR_TITLE_OTHER = _t("Cet envoi n’a pas abouti")

WRONG_LOGIN = _t(
    "L’adresse ou le mot de passe n’est pas le bon. Après plusieurs essais, attendez quelques minutes ; "
    "un collègue « publication » peut vous donner un lien pour choisir un autre mot de passe."
)
PASSWORDS_DIFFER = _t("Les deux mots de passe ne sont pas les mêmes.")
REASON_MISSING = _t("Dites pourquoi en quelques mots : vos collègues le liront dans le journal.")

ROLES = {
    "lecture": _t("Lecture : voir sans rien changer"),
    "rédaction": _t("Rédaction : répondre aux questions, écrire les fiches, suivre les demandes"),
    "publication": _t("Publication : tout, y compris publier, mettre en pause et gérer les comptes"),
}

# What is understood and is no fiche: the intents of the dialogue.
DIALOGUE_SUBJECTS = {
    subject: _t(name)
    for subject, name in {
        "out_of_scope": "Hors sujet",
        "greet": "Bonjour",
        "thank": "Merci",
        "goodbye": "Au revoir",
        "affirm": "Oui",
        "deny": "Non",
        "insult": "Insulte",
        "ask_simpler": "Plus simplement",
        "ask_repeat": "Répéter",
        "ask_others": "Et les autres ?",
        "ask_other_one": "L’autre",
        "ask_ordinal": "Le deuxième, le troisième…",
        "ask_member": "En fait-il partie ?",
        "ask_followup": "Question qui suit",
        "ask_more": "En savoir plus sur ce qui vient d’être dit",
        "react": "Réaction, qui ne demande rien",
        "cancel": "Annuler",
        "dont_know": "Je ne sais pas",
        "start_join": "Demande : conseil citoyen",
        "start_message": "Demande : message au service",
    }.items()
}
KINDS = {
    kind: _t(name)
    for kind, name in {
        "answer": "a répondu",
        "clarify": "a demandé de choisir",
        "fallback": "a dit ne pas savoir",
        "handoff": "a renvoyé vers le service",
        "form": "a ouvert une demande",
        "smalltalk": "a répondu par une politesse",
    }.items()
}
VERDICTS = {"utile": _t("utile"), "fausse": _t("fausse"), "hors_sujet": _t("hors sujet")}
DECISIONS = {
    "juste": _t("La réponse est juste"),
    "sujet": _t("C’est un autre sujet"),
    "hors_sujet": _t("C’est hors sujet"),
    "nouveau": _t("Il faut un nouveau sujet"),
    "ecarte": _t("Écartée pour de bon"),
    "collegue": _t("Demandée à un collègue"),
}
REVIEW_NOTICES = {
    "juste": _t("Noté : la réponse était juste."),
    "sujet": _t("Noté. Aucun exemple n’a été ajouté."),
    "appris": _t("L’exemple est dans le dossier de travail. Il servira au prochain entraînement."),
    "hors_sujet": _t("Noté : hors sujet."),
    "nouveau": _t("Noté. La question attend dans « Nouveaux sujets »."),
    "ecarte": _t("Écartée : cette question ne reviendra plus."),
    "collegue": _t("La question attend votre collègue dans « Pour un collègue »."),
    "repris": _t("Décision reprise."),
    "examen": _t("La question est dans l’examen."),
    "retiree": _t("La question n’est plus dans l’examen."),
}
REWRITE = _t(
    "Réécrivez cette question avec vos mots : celle d’une personne ne se recopie pas. Si vous l’avez relue et que rien "
    "n’y reconnaît personne, cochez « Ajouter quand même »."
)


def percent(share: float) -> str:
    """A share (0..1) as people read it: « 87 % »."""
    return _t(f"{share * 100:.0f} %")
# A fiche's genre, as staff choose it.
GENRES = {
    "notion": _t("Notion : expliquer un mot"),
    "quartier": _t("Quartier concerné"),
    "partenaire": _t("Partenaire du contrat de ville"),
    "domaine": _t("Domaine d’action"),
    "objectif": _t("Objectif"),
    "axe": _t("Axe d’intervention"),
    "demarche": _t("Démarche : faire quelque chose"),
    "urgence": _t("Urgence : un numéro à appeler"),
    "bot": _t("Ce que l’assistant dit de lui-même"),
}
LANGUAGES = {
    "en": "anglais",
    "ar": "arabe",
    "pl": "polonais",
    "tr": "turc",
    "pt": "portugais",
    "es": "espagnol",
    "it": "italien",
    "ru": "russe",
    "de": "allemand",
    "nl": "néerlandais",
    "uk": "ukrainien",
    "ro": "roumain",
}
