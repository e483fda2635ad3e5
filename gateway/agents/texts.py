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
