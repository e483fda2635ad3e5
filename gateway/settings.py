"""The settings of the web process: environment variables named ``ALLO_…``, all optional.

``SETTINGS_TABLE`` is the one list of them (a test compares the table of the README with it).
A wrong value and an unknown name are refused at start-up, each with one French sentence.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gateway.mailer import SmtpServer, read_smtp_url
from knowledge.logs import FORMATS

PREFIX = "ALLO_"
CLUSTER_PAUSE = 300.0  # seconds
MOST_COPIES = 2
# What one process of the project tells another it starts; nobody sets these by hand.
INTERNAL = frozenset({"ALLO_WORKER_TOKEN", "ALLO_DATA_KEY", "ALLO_CONTENT"})
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")


class SettingsError(ValueError):
    """A setting that cannot be used; its text is one French sentence for whoever starts the program."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: the field it fills, its default as written, its meaning in French."""

    name: str
    field: str
    default: str
    meaning: str
    parse: Callable[[str], Any]
    secret: bool = False


@dataclass(frozen=True)
class Settings:
    """Everything the gateway can be told; paths are absolute, times are in seconds."""

    host: str
    port: int
    var: Path
    database_url: str
    rate_limit: int
    allowed_origins: frozenset[str]
    retention_days: int
    request_retention_days: int
    models: Path
    project: Path
    keep_releases: int
    turn_timeout: float
    workers: int
    worker_copies: int
    redis_url: str
    conversation_pause: float
    trusted_proxies: tuple[Network, ...]
    rest_channel: bool
    smtp: SmtpServer | None
    smtp_to: str
    public_url: str
    log_format: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the ALLO_… variables; raises SettingsError on a wrong value or an unknown name."""
        _refuse_unknown(environ)
        values: dict[str, Any] = {}
        for setting in SETTINGS_TABLE:
            written = environ.get(setting.name, "").strip()
            try:
                values[setting.field] = setting.parse(written or setting.default)
            except ValueError as error:
                # A database address holds a password: it is not repeated on a screen.
                shown = "cette valeur" if setting.secret else f"« {written} »"
                raise SettingsError(f"{setting.name} : {shown} ne convient pas, {error}") from None
        # The default database lives where everything else is written.
        if not environ.get("ALLO_DATABASE_URL", "").strip():
            values["database_url"] = f"sqlite:///{values['var'] / 'app.db'}"
        if not values["public_url"]:
            values["public_url"] = f"http://{values['host']}:{values['port']}"
        if values["smtp"] and not values["smtp_to"]:
            raise SettingsError("ALLO_SMTP_TO : dites à quelle adresse envoyer les courriels.")
        if values["worker_copies"] is None:
            values["worker_copies"] = 1 if values["workers"] > 1 else min(MOST_COPIES, len(os.sched_getaffinity(0)))
        _check_cluster(values)
        return cls(**values)


def _check_cluster(values: dict[str, Any]) -> None:
    if values["redis_url"] and not values["database_url"].startswith("postgresql"):
        raise SettingsError(
            "ALLO_REDIS_URL : plusieurs passerelles partagent aussi leur base ; "
            "donnez une base PostgreSQL dans ALLO_DATABASE_URL."
        )
    if values["conversation_pause"] is None:
        values["conversation_pause"] = CLUSTER_PAUSE if values["redis_url"] else 0.0


def _parse_host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not HOST_NAME.fullmatch(text):
            raise ValueError("écrivez une adresse de cette machine, par exemple 127.0.0.1 ou 0.0.0.0.") from None
    return text


def _parse_whole(low: int, high: int, advice: str) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,7}", text) or not low <= int(text) <= high:
            raise ValueError(advice)
        return int(text)

    return parse


def _parse_seconds(text: str) -> float:
    advice = "écrivez un nombre de secondes entre 1 et 300, par exemple 20."
    if not re.fullmatch(r"[0-9]{1,3}([.][0-9]{1,3})?", text) or not 1 <= float(text) <= 300:
        raise ValueError(advice)
    return float(text)


def _parse_copies(text: str) -> int | None:
    if text and not re.fullmatch(r"[1-9]|[1-5][0-9]|6[0-4]", text):
        raise ValueError("écrivez un nombre entre 1 et 64, par exemple 2.")
    return int(text) if text else None


def _parse_pause(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]{0,4}", text) or int(text or 0) > 3600:
        raise ValueError("écrivez un nombre de secondes entre 0 et 3600, par exemple 300.")
    return float(text) if text else None


def _parse_networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("écrivez des adresses séparées par des virgules, par exemple 10.0.0.5, 10.1.0.0/16.") from None


def _parse_redis_url(text: str) -> str:
    url = urlsplit(text)
    if text and (url.scheme not in ("redis", "rediss") or not url.hostname):
        raise ValueError("écrivez « redis://:motdepasse@machine:6379/0 », ou « rediss://… » pour une liaison chiffrée.")
    return text


def _parse_switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("écrivez 1 pour l’ouvrir, ou 0.")
    return text == "1"


def _parse_log_format(text: str) -> str:
    if text not in FORMATS:
        raise ValueError("écrivez « text » ou « json ».")
    return text


def _parse_smtp(text: str) -> SmtpServer | None:
    try:
        return read_smtp_url(text)
    except ValueError:
        raise ValueError(
            "écrivez « smtp://utilisateur:motdepasse@machine:587 », ou « smtps://… » pour le port 465."
        ) from None


def _parse_email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized if text else ""
    except EmailNotValidError:
        raise ValueError("écrivez une seule adresse électronique, par exemple quartiers@ville.fr.") from None


def _parse_public_url(text: str) -> str:
    url = text.rstrip("/").lower()
    if url and not ORIGIN.fullmatch(url):
        raise ValueError("écrivez une adresse de site sans chemin, par exemple https://aide.ville.fr.")
    return url


def _parse_folder(text: str) -> Path:
    if "\0" in text:
        raise ValueError("écrivez le chemin d’un dossier.")
    return Path(text).expanduser().absolute()


def _parse_database_url(text: str) -> str:
    advice = "écrivez « sqlite:///chemin/app.db » ou « postgresql+psycopg2://utilisateur:motdepasse@machine/base »."
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError(advice) from None
    if url.get_backend_name() not in ("sqlite", "postgresql") or not url.database:
        raise ValueError(advice)
    return text


def _parse_origins(text: str) -> frozenset[str]:
    return frozenset(_parse_origin(part.strip()) for part in text.split(",") if part.strip())


def _parse_origin(text: str) -> str:
    origin = text.rstrip("/").lower()
    if not ORIGIN.fullmatch(origin):
        raise ValueError("écrivez des adresses de sites séparées par des virgules, par exemple https://www.ville.fr.")
    return origin


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [setting.name for setting in SETTINGS_TABLE]
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in known or name in INTERNAL:
            continue
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f" (vouliez-vous dire « {close[0]} » ?)" if close else ""
        raise SettingsError(f"le réglage « {name} » n’existe pas{hint}.")


SETTINGS_TABLE: tuple[Setting, ...] = (
    Setting(
        "ALLO_HOST",
        "host",
        "127.0.0.1",
        "Adresse sur laquelle le service écoute ; « 0.0.0.0 » pour toutes celles de la machine.",
        _parse_host,
    ),
    Setting(
        "ALLO_PORT",
        "port",
        "8080",
        "Port sur lequel le service écoute ; « 0 » en choisit un libre.",
        _parse_whole(0, 65535, "écrivez un nombre entre 0 et 65535, par exemple 8080."),
    ),
    Setting(
        "ALLO_VAR",
        "var",
        "var",
        "Dossier où le service écrit : base, clé secrète, journal.",
        _parse_folder,
    ),
    Setting(
        "ALLO_DATABASE_URL",
        "database_url",
        "sqlite:///<var>/app.db",
        "Base de données du service, SQLite ou PostgreSQL.",
        _parse_database_url,
        secret=True,
    ),
    Setting(
        "ALLO_RATE_LIMIT",
        "rate_limit",
        "60",
        "Messages par minute et par adresse, et par conversation ; « 0 » pour ne pas limiter.",
        _parse_whole(0, 100_000, "écrivez un nombre de messages par minute, par exemple 60, ou 0."),
    ),
    Setting(
        "ALLO_ALLOWED_ORIGINS",
        "allowed_origins",
        "",
        "Sites qui peuvent interroger le service depuis leurs pages, séparés par des virgules.",
        _parse_origins,
    ),
    Setting(
        "ALLO_RETENTION_DAYS",
        "retention_days",
        "30",
        "Nombre de jours pendant lesquels une conversation est gardée.",
        _parse_whole(1, 3650, "écrivez un nombre de jours entre 1 et 3650, par exemple 30."),
    ),
    Setting(
        "ALLO_REQUEST_RETENTION_DAYS",
        "request_retention_days",
        "180",
        "Nombre de jours pendant lesquels une demande au service est gardée.",
        _parse_whole(1, 3650, "écrivez un nombre de jours entre 1 et 3650, par exemple 180."),
    ),
    Setting(
        "ALLO_MODELS",
        "models",
        "models",
        "Dossier des versions de l’assistant ; « current » y désigne celle qui répond.",
        _parse_folder,
    ),
    Setting(
        "ALLO_PROJECT",
        "project",
        ".",
        "Dossier de travail : le contenu que les agents modifient, et dont chaque version prend une copie.",
        _parse_folder,
    ),
    Setting(
        "ALLO_KEEP_RELEASES",
        "keep_releases",
        "20",
        "Nombre de versions gardées ; celle qui est publiée et les précédentes le sont toujours.",
        _parse_whole(1, 1000, "écrivez un nombre de versions entre 1 et 1000, par exemple 20."),
    ),
    Setting(
        "ALLO_TURN_TIMEOUT",
        "turn_timeout",
        "20",
        "Secondes laissées à l’assistant pour répondre à un message.",
        _parse_seconds,
    ),
    Setting(
        "ALLO_WORKERS",
        "workers",
        "1",
        "Nombre de programmes qui répondent, sur cette machine : un par cœur au plus, 400 Mo chacun.",
        _parse_whole(1, 64, "écrivez un nombre entre 1 et 64, par exemple 2."),
    ),
    Setting(
        "ALLO_WORKER_COPIES",
        "worker_copies",
        "",
        "Copies de chacun de ces programmes, qui se partagent les messages et l’essentiel de la mémoire. Vide : une "
        "par cœur, deux au plus, s’il n’y a qu’un programme ; sinon une.",
        _parse_copies,
    ),
    Setting(
        "ALLO_REDIS_URL",
        "redis_url",
        "",
        "Redis par lequel plusieurs passerelles s’accordent ; vide, il n’y en a qu’une.",
        _parse_redis_url,
        secret=True,
    ),
    Setting(
        "ALLO_CONVERSATION_PAUSE",
        "conversation_pause",
        "",
        "Secondes de silence après lesquelles une conversation est finie ; jusque-là elle garde sa version quand une "
        "autre est publiée. Vide : 300 avec Redis, sinon 0 (elle passe aussitôt à la nouvelle).",
        _parse_pause,
    ),
    Setting(
        "ALLO_TRUSTED_PROXIES",
        "trusted_proxies",
        "",
        "Adresses des répartiteurs placés devant le service, séparées par des virgules : l’adresse d’un habitant est "
        "alors celle qu’ils disent.",
        _parse_networks,
    ),
    Setting(
        "ALLO_REST_CHANNEL",
        "rest_channel",
        "0",
        "« 1 » ouvre l’adresse « /webhooks/rest/webhook » aux programmes faits pour Rasa.",
        _parse_switch,
    ),
    Setting(
        "ALLO_SMTP_URL",
        "smtp",
        "",
        "Serveur de courrier qui annonce les demandes au service ; vide, aucun courriel ne part.",
        _parse_smtp,
        secret=True,
    ),
    Setting(
        "ALLO_SMTP_TO",
        "smtp_to",
        "",
        "Adresse qui reçoit ces courriels.",
        _parse_email,
    ),
    Setting(
        "ALLO_PUBLIC_URL",
        "public_url",
        "",
        "Adresse publique du service, pour les liens des courriels.",
        _parse_public_url,
    ),
    Setting(
        "ALLO_LOG_FORMAT",
        "log_format",
        "text",
        "Forme de ce que le service écrit au journal : « text », ou « json » (un objet par ligne, sans aucun message).",
        _parse_log_format,
    ),
)
