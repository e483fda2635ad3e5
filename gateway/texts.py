"""Every French sentence of the interface, in one place: errors of the API, the page, the terminal."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.text import typographie as _t

NAME = _t("Allô Quartiers")

# --- Errors of the contract, by code -------------------------------------------------------------------
ERRORS: dict[str, str] = {
    code: _t(text)
    for code, text in {
        "not_json": "La demande est illisible : elle doit être un objet JSON.",
        "unsupported_media_type": "La demande doit être envoyée en JSON (application/json).",
        "body_too_large": "La demande est trop longue.",
        "wrong_type": "Un des champs de la demande n’a pas la forme attendue.",
        "invalid_sender": "Le champ « sender » doit être un texte de 1 à 200 caractères.",
        "message_or_choice": "Envoyez un message ou un choix, et un seul des deux.",
        "empty_message": "Votre message est vide. Écrivez votre question, puis envoyez-la.",
        "message_too_long": "Votre message est trop long : 500 caractères au plus. Raccourcissez-le un peu.",
        "invalid_id": "L’identifiant d’un envoi compte de 8 à 64 lettres sans accent, chiffres, points ou tirets.",
        "id_conflict": "Cet envoi a déjà servi pour un autre message. Envoyez votre message de nouveau.",
        "missing_session": "Indiquez la conversation dans l’en-tête « Authorization ».",
        "invalid_session": "Cette conversation est introuvable. Envoyez votre message pour en commencer une autre.",
        "session_expired": "Cette conversation a été effacée, son délai de conservation est passé. "
        "Envoyez votre message pour en commencer une autre.",
        "unknown_choice": "Ce choix n’est plus disponible. Écrivez votre question dans le champ du bas.",
        "unknown_reply": "Cette réponse est introuvable : votre avis n’a pas pu être enregistré.",
        "invalid_verdict": "L’avis doit être « utile », « fausse » ou « hors_sujet ».",
        "comment_too_long": "Votre commentaire est trop long : 500 caractères au plus.",
        "too_many_requests": "Vous avez envoyé beaucoup de messages en peu de temps. "
        "Attendez un instant, puis recommencez.",
        "origin_refused": "Demande refusée : elle vient d’un autre site.",
        "not_signed_in": "Cette page est réservée aux agents. Connectez-vous, puis recommencez.",
        "role_refused": "Votre compte ne permet pas cette action. Demandez à un collègue « publication ».",
        "not_found": "Cette adresse n’existe pas.",
        "method_not_allowed": "Cette adresse ne s’utilise pas de cette façon.",
        "bad_request": "La demande est illisible.",
        "paused": "L’assistant est en pause pour le moment. Votre message n’a pas été pris en compte.",
        "busy": "Beaucoup de personnes écrivent en ce moment. Votre message n’a pas été pris en compte : "
        "gardez-le et envoyez-le de nouveau dans quelques secondes.",
        "unavailable": "L’assistant ne répond pas pour le moment. Votre message n’a pas été pris en compte : "
        "gardez-le et envoyez-le de nouveau dans un instant.",
    }.items()
}

# --- The page ------------------------------------------------------------------------------------------
TAGLINE = _t("Vos questions sur la politique de la ville")
SKIP_LINK = _t("Aller à la conversation")
INTRO_TITLE = _t("Posez votre question, simplement.")
INTRO = _t(
    "Je suis un programme informatique, pas une personne. "
    "Je réponds à partir de la page de la Ville, et je vous montre la phrase d’où vient chaque réponse."
)
KNOWN_TITLE = _t("Ce que je connais")
UNKNOWN = _t("Je peux me tromper, et je ne décide rien : ni une adresse, ni un droit.")
EXAMPLES_TITLE = _t("Pour commencer, touchez une question")
EXAMPLES = (
    _t("Quels quartiers sont concernés ?"),
    _t("Qui sont les partenaires ?"),
    _t("Comment rejoindre un conseil citoyen ?"),
    _t("Que faites-vous pour l’emploi ?"),
)
CONTACT_TITLE = _t("Parler à une personne")
SOURCE_PAGE = _t("La page d’où viennent mes réponses :")
CONVERSATION_TITLE = _t("Conversation")
# In place of what may have been a call for help, of which nothing is kept.
NOT_KEPT = _t("(message non conservé)")
YOU = _t("Vous")
ASSISTANT = _t("Assistant")
FIELD_LABEL = _t("Votre question")
FIELD_HINT = _t("500 caractères au plus. N’écrivez pas d’informations personnelles inutiles.")
SEND = _t("Envoyer")
SENDING = _t("L’assistant écrit…")
RETRY = _t("Réessayer")
ERASE = _t("Effacer la conversation")
ERASED = _t("La conversation est effacée.")
SIMPLER = _t("Plus simple")
FULL_VERSION = _t("Version complète")
SOURCES = _t("D’où vient cette réponse")
COMPLEMENT = _t("complément, ne vient pas de la page de la Ville")
FEEDBACK_QUESTION = _t("Cette réponse est-elle utile ?")
FEEDBACK_THANKS = _t("Merci, votre avis est enregistré.")
VERDICTS = {"utile": _t("Utile"), "fausse": _t("Fausse"), "hors_sujet": _t("Hors sujet")}
COMMENT_LABEL = _t("Voulez-vous dire pourquoi ? (facultatif)")
COMMENT_HINT = _t("500 caractères au plus. N’écrivez pas d’informations personnelles.")
COMMENT_SEND = _t("Envoyer le commentaire")
COMMENT_THANKS = _t("Merci, votre commentaire est enregistré.")
KEEP = _t("Garder la conversation (fichier texte)")
TRANSCRIPT_FILE = "conversation.txt"
FORM_STEP = _t("Votre demande")
ALERT_STEP = _t("Aide immédiate")
CHOICES_LABEL = _t("Réponses proposées")
NETWORK_ERROR = _t(
    "Pas de connexion avec l’assistant. Votre message est gardé dans le champ : réessayez dans un instant."
)
ERROR_PAGE_BACK = _t("Revenir à l’assistant")
ERROR_TITLES = {403: _t("Demande refusée"), 404: _t("Page introuvable"), 405: _t("Page introuvable")}
ERROR_TITLE_OTHER = _t("La page ne peut pas s’afficher")

PRIVACY_LINK = _t("Ce qui est gardé, et pourquoi")
SKIP_TO_CONTENT = _t("Aller au contenu")
FOOTER_LABEL = _t("Pied de page")
# The law asks for the state of accessibility in this very link.
FOOTER = (
    ("/assistant", _t("L’assistant")),
    ("/a-propos", _t("À propos")),
    ("/confidentialite", _t("Confidentialité")),
    ("/accessibilite", _t("Accessibilité : non conforme")),
    ("/", _t("Page de démonstration")),
)

# Proposed to staff who pause the assistant.
PAUSED = _t("L’assistant est en pause pour le moment. Vous pouvez joindre le service directement.")
PAUSED_TITLE = _t("L’assistant est en pause")

NOTICES = {"commentaire": COMMENT_THANKS, "efface": ERASED}

# --- The terminal --------------------------------------------------------------------------------------
STARTING = "Démarrage de l’assistant…"
STOPPING = "Arrêt…"
STOPPED = "Tout est arrêté."
BACK = "L’assistant répond de nouveau."
NO_RELEASE = "Aucune version de l’assistant n’est publiée : lancez « make train » dans un autre terminal."
USAGE = (
    "Usage : python -m gateway (les réglages sont des variables ALLO_…, voir le README), ou "
    "python -m gateway erase-request CODE pour effacer une demande, ou python -m gateway erase-phrase PHRASE pour "
    "effacer partout ce qu’une personne a écrit, ou python -m gateway add-staff ADRESSE "
    "[--role lecture|rédaction|publication] pour ajouter un agent ou changer son mot de passe, lu sur "
    "l’entrée standard, ou python -m gateway backup FICHIER pour tout sauvegarder, ou "
    "python -m gateway restore FICHIER [--force] pour reprendre une sauvegarde."
)
PHRASE_ERASED = "(phrase effacée)"
PHRASE_TOO_SHORT = "Cette phrase est trop courte : elle se trouverait partout. Donnez-la en entier."
ASK_PASSWORD = "Mot de passe : "
REQUEST_ERASED = "La demande est effacée."
REQUEST_UNKNOWN = "Aucune demande n’a ce code. Vérifiez-le : deux groupes de quatre signes, par exemple ABCD-EFGH."

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def days(count: int) -> str:
    """A number of days in words."""
    return "un jour" if count == 1 else f"{count}\N{NO-BREAK SPACE}jours"


def years(count: int) -> str:
    """A number of days in words, in years when it makes whole ones."""
    whole, rest = divmod(count, 365)
    if rest or not whole:
        return days(count)
    return "un an" if whole == 1 else f"{whole}\N{NO-BREAK SPACE}ans"


def retention(count: int) -> str:
    """How long a conversation is kept, as a sentence."""
    return _t(f"Cette conversation est effacée au bout de {days(count)}. Vous pouvez l’effacer avant.")


def format_day(iso: str) -> str:
    """2026-11-01 as « 1er novembre 2026 »; what is not a date comes back unchanged."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def verified_on(iso: str) -> str:
    """When a source was last checked."""
    return _t(f"Vérifié le {format_day(iso)}")


def source_line(source: Mapping[str, Any]) -> str:
    """Where an answer comes from, in one line of Markdown: a source of the contract, its quotation left out."""
    title = f"[{source['title']}]({source['url']})" if source["url"] else source["title"]
    notes = [COMPLEMENT] * bool(source["complement"])
    if source["verified_on"]:
        notes.append(_t(f"vérifié le {format_day(source['verified_on'])}"))
    return _t("Source :") + f" {title}" + (f" ({', '.join(notes)})" if notes else "")


def transcript_heading(iso: str) -> str:
    """The first line of a conversation kept as a text, with its day."""
    return _t(f"{NAME} : conversation gardée le {format_day(iso)}. L’assistant est un programme, il peut se tromper.")


def unreachable(detail: str) -> str:
    """One line of the terminal about a worker that could not be kept alive."""
    return f"L’assistant ne répond pas ({detail}) ; nouvel essai. Le détail est dans le journal."


def switched(release: str) -> str:
    """One line of the terminal: another release answers from now on."""
    return f"La version {release} répond aux habitants."


def not_switched(release: str, answering: str, detail: str) -> str:
    """A published release does not start; the one before it goes on."""
    return f"La version {release} ne démarre pas ({detail}) : la version {answering} continue de répondre."


def counted(counts: Mapping[str, int]) -> str:
    """How much is there: « 12 conversations, 3 demandes, 1 comptes »."""
    return ", ".join(f"{name} : {count}" for name, count in counts.items())


def was_cut(counts: Mapping[str, int]) -> str:
    """The last run did not stop in order; nothing is damaged."""
    return (
        "Le service s’était arrêté sans prévenir (coupure de courant ou arrêt forcé). La base de données est vérifiée, "
        f"rien n’est abîmé. Elle contient : {counted(counts)}."
    )


def database_set_aside(name: str, folder: object, counts: Mapping[str, int], is_partial: bool) -> str:
    """The application database was damaged: what was done, what is left, what one can do."""
    how = "ce qui s’y lisait encore est repris" if is_partial else "tout ce qui s’y trouvait est repris"
    return (
        f"La base « {name} » était abîmée : elle est mise de côté dans « {folder} », et {how} "
        f"({counted(counts)}). S’il manque quelque chose, arrêtez le service et reprenez une sauvegarde : "
        "python -m gateway restore FICHIER --force"
    )


def tracker_set_aside(name: str, folder: object) -> str:
    """The tracker store was damaged: conversations go on, what they were about is forgotten."""
    return (
        f"La base « {name} » était abîmée : elle est mise de côté dans « {folder} ». Les conversations gardées "
        "restent lisibles, mais l’assistant ne sait plus de quoi elles parlaient ; une demande commencée est à refaire."
    )


def clock_leapt(before: date, now: date) -> str:
    """The date is suddenly far from what it was: nothing is erased for a day."""
    return (
        f"La date de cette machine a sauté du {before:%d/%m/%Y} au {now:%d/%m/%Y}. Rien ne sera effacé pendant un "
        "jour : si cette date est fausse, corrigez l’horloge ; si elle est juste, il n’y a rien à faire."
    )


RESTORE_RUNNING = "Le service est en marche : arrêtez-le, puis recommencez. Rien n’a changé."


def backup_exists(file: object) -> str:
    """A backup never replaces another one."""
    return f"Le fichier « {file} » existe déjà : choisissez un autre nom."


def backup_failed(reason: str) -> str:
    """No backup was made."""
    return f"La sauvegarde n’est pas faite ({reason})."


def backed_up(file: object, size: int, files: int, counts: Mapping[str, int]) -> str:
    """A backup was made, and read back."""
    return (
        f"Sauvegarde écrite et relue : {file} ({size / 1_000_000:.1f} Mo, {files} fichiers ; {counted(counts)}). "
        "Elle contient les clés du service et ce que les habitants ont demandé : gardez-la aussi secrète qu’un mot de "
        "passe."
    )


def backup_unreadable(file: object, reason: str) -> str:
    """Not a backup, or a damaged one."""
    return f"« {file} » n’est pas une sauvegarde entière ({reason}). Rien n’a changé."


def restore_not_empty(path: object) -> str:
    """Something would be replaced."""
    return (
        f"Il y a déjà un service ici (« {path} »). Pour le remplacer, ajoutez --force : ce qui s’y trouve sera mis de "
        "côté. Rien n’a changé."
    )


def restore_other_database(saved: str, here: str) -> str:
    """A backup of SQLite for a service on PostgreSQL, or the other way round."""
    return f"Cette sauvegarde est celle d’une base {saved}, ce service utilise {here} : voyez ALLO_DATABASE_URL."


def restore_no_room(needed: int, free: int) -> str:
    """Too little room."""
    return f"Il faut {needed} Mo libres pour restaurer, il en reste {free}. Rien n’a changé."


def restore_failed(reason: str) -> str:
    """The disk said no."""
    return f"La restauration s’est arrêtée ({reason}). Recommencez la même commande avec --force."


def postgresql_missing(program: str) -> str:
    """PostgreSQL's own programs are not installed."""
    return f"Le programme « {program} » manque : installez le paquet « postgresql-client », puis recommencez."


def postgresql_failed(program: str, reason: str) -> str:
    """PostgreSQL's own programs said no."""
    return f"« {program} » s’est arrêté ({reason})."


def restored(made_at: str, release: str | None, counts: Mapping[str, int], aside: object | None) -> str:
    """A backup is in place again."""
    day, hour = made_at[:10], made_at[11:16]
    return (
        f"Sauvegarde du {format_day(day)} à {hour} (UTC) restaurée : {counted(counts)}, "
        f"version publiée : {release or 'aucune'}."
        + (f" Ce qui était là est gardé sept jours dans « {aside} »." if aside else "")
        + " Vous pouvez relancer le service."
    )


def damaged(part: str) -> str:
    """Why a release is not started: what it holds is not what was made."""
    return f"son fichier « {part} » est abîmé ou a été modifié"


def stands_in(release: str, answering: str, detail: str) -> str:
    """A published release does not start; the one before it takes its place."""
    return f"La version {release} ne démarre pas ({detail}) : la version {answering} répond à sa place."


def ready(url: str) -> str:
    """The line that says that questions are answered at this address."""
    return f"{NAME} : {url}"


def first_access(url: str) -> str:
    """The line that lets the first person into the console."""
    return f"Console des agents, premier accès (ce lien sert une fois, pendant un jour) : {url}"


def staff_saved(email: str, role: str) -> str:
    """An account was added or changed from the command line."""
    return f"Le compte « {email} » est enregistré, rôle « {role} »."


def mail_subject(code: str) -> str:
    """The subject of the e-mail that tells the service about a request."""
    return f"{NAME} : nouvelle demande {code}"


def mail_body(code: str, link: str) -> str:
    """That e-mail; who asks and what stays in the console."""
    return _t(
        f"Bonjour,\n\nUn habitant a laissé une demande. Son code de suivi : {code}.\n\n"
        "Pour la lire et la prendre en charge, ouvrez la console :\n"
    ) + f"{link}\n\n" + _t("Ce message est envoyé par un programme : n’y répondez pas.\n")


def port_in_use(host: str, port: int) -> str:
    """Another program listens there."""
    return (
        f"Le port {port} de {host} est déjà utilisé : arrêtez l’autre programme, "
        f"ou choisissez un autre port, par exemple ALLO_PORT={port + 1 if port < 65535 else 8080}."
    )


def port_refused(host: str, port: int, reason: str) -> str:
    """The system does not let us listen there."""
    return f"Impossible d’écouter sur {host}, port {port} ({reason}) : voyez ALLO_HOST et ALLO_PORT."


def folder_refused(folder: object, reason: str) -> str:
    """The folder where everything is written cannot be used."""
    return f"Impossible d’écrire dans « {folder} » ({reason}) : voyez ALLO_VAR."


def disk_full(folder: object, megabytes: int) -> str:
    """Too little room to start."""
    return f"Il ne reste que {megabytes} Mo sur le disque de « {folder} » : libérez de la place, puis relancez."


def secret_unusable(path: object) -> str:
    """The secret file holds something else than a secret."""
    return f"La clé secrète « {path} » est illisible : supprimez ce fichier, une autre clé sera créée."


def data_key_unusable(path: object) -> str:
    """The file of the data key holds something else than a key."""
    return f"La clé « {path} » est illisible. Reprenez-la d’une sauvegarde : sans elle, les demandes ne se lisent plus."


def database_refused(reason: str) -> str:
    """The database cannot be opened or written."""
    return f"La base de données ne s’ouvre pas ({reason}) : voyez ALLO_DATABASE_URL."


OTHER_KEYS = (
    "Les autres passerelles de ce service n’ont pas les mêmes clés : copiez ici, depuis l’une d’elles, les fichiers "
    "« secret.key » et « data.key » du dossier ALLO_VAR."
)
DATABASE_NEWER = (
    "La base de données a été mise à jour par une version plus récente de ce programme, qu’il ne sait pas lire. "
    "Remettez la version récente, ou restaurez une sauvegarde faite avant la mise à jour."
)


def content_refused(reason: str) -> str:
    """The content of the release cannot be read."""
    return f"Le contenu de l’assistant est illisible. {reason}"

TAKEN_DOWN = _t("Cette information est en cours de vérification : je ne la donne pas pour le moment.")


def phrase_not_erased(reason: str) -> str:
    """An erasure that stopped on the way: doing it again finishes it."""
    return f"La phrase n’est pas effacée partout ({reason}). Recommencez la même commande."
