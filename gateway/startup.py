"""What has to be there before the first request: a port, a folder to write in, a secret, a database.

Each thing that can go wrong is one French sentence, raised as StartError and printed without a trace.
"""

import errno
import hmac
import os
import secrets
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet

from gateway import texts
from gateway.content import Content, load_content
from gateway.database import Database
from gateway.errors import Unavailable
from gateway.migration import NewerDatabase
from gateway.presence import Arrival, present
from gateway.recovery import Recovery, set_damaged_aside, take_back
from gateway.settings import Settings
from knowledge.fiches import FicheError

SECRET_FILE = "secret.key"
DATA_KEY_FILE = "data.key"
SECRET_LENGTH = 64
FREE_SPACE_NEEDED = 50_000_000  # bytes


class StartError(Exception):
    """The gateway cannot start; the text says why and what to do."""


def bind_port(host: str, port: int) -> socket.socket:
    """Reserve the port, before anything slow; raises StartError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        server = socket.socket(family, kind, protocol)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
        # Two programs can bind the same address; only one can listen, and this one has to know now.
        server.listen(128)
        server.setblocking(False)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(texts.port_in_use(host, port)) from None
        raise StartError(texts.port_refused(host, port, error.strerror or "")) from None
    return server


def prepare_folder(var: Path) -> None:
    """Make the folder where everything is written, readable by its owner only; raises StartError."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        var.chmod(0o700)
        proof = var / ".write"
        proof.write_bytes(b"\0" * 4096)
        proof.unlink()
        free = shutil.disk_usage(var).free
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StartError(texts.disk_full(var, 0)) from None
        raise StartError(texts.folder_refused(var, error.strerror or "")) from None
    if free < FREE_SPACE_NEEDED:
        raise StartError(texts.disk_full(var, free // 1_000_000))


@contextmanager
def arrive(var: Path) -> Iterator[Arrival]:
    """Be at work in the folder until the end; raises StartError."""
    with ExitStack() as stack:
        try:
            arrival = stack.enter_context(present(var))
        except OSError as error:
            raise StartError(texts.folder_refused(var, error.strerror or "")) from None
        yield arrival


def look_back(settings: Settings, arrival: Arrival) -> Recovery:
    """What is left of a bad end, damaged databases out of the way; raises StartError."""
    try:
        return set_damaged_aside(settings, arrival)
    except OSError as error:
        raise StartError(texts.folder_refused(settings.var, error.strerror or "")) from None


def recover(settings: Settings, recovery: Recovery, database: Database) -> list[str]:
    """Take back what can be of a damaged database; returns what there is to say. Raises StartError."""
    try:
        return take_back(settings, recovery, database)
    except (Unavailable, OSError, sqlite3.Error) as error:
        raise StartError(texts.database_refused(type(error).__name__)) from None


def load_secret(var: Path) -> str:
    """The secret that signs sessions, made at the first start; raises StartError."""
    make = partial(secrets.token_hex, SECRET_LENGTH // 2)
    return _load_key(var / SECRET_FILE, make, _is_secret, texts.secret_unusable)


def load_data_key(var: Path) -> str:
    """The key (Fernet) of what is kept encrypted, made at the first start; raises StartError.

    It is not the secret of the sessions: changing that one to sign everybody out must not lose what residents asked.
    """
    return _load_key(var / DATA_KEY_FILE, lambda: Fernet.generate_key().decode(), _is_data_key, texts.data_key_unusable)


def fingerprint_keys(var: Path) -> str:
    """What tells whether two installations have the same keys, and nothing of the keys; raises StartError."""
    return hmac.new(load_secret(var).encode(), f"allo.keys:{load_data_key(var)}".encode(), "sha256").hexdigest()


def open_database(settings: Settings) -> Database:
    """The application database, with its tables, proven to be writable; raises StartError."""
    try:
        database = Database(settings.database_url, load_data_key(settings.var))
        database.prepare()
        database.check_writable()
    except NewerDatabase:
        raise StartError(texts.DATABASE_NEWER) from None
    except Unavailable as reason:
        detail = str(getattr(reason.__cause__, "orig", reason)).strip().split("\n")[0]
        raise StartError(texts.database_refused(detail)) from None
    return database


def open_content(models: Path, project: Path) -> Content:
    """The content of the published release, else of the working folder; raises StartError."""
    try:
        return load_content(models, project)
    except (FicheError, OSError) as error:
        raise StartError(texts.content_refused(str(error))) from None


def _load_key(
    path: Path, make: Callable[[], str], is_usable: Callable[[str], bool], explain: Callable[[Path], str]
) -> str:
    try:
        if not path.exists():
            _write_key(path, make())
        path.chmod(0o600)
        key = path.read_text("ascii").strip()
    except OSError as error:
        raise StartError(texts.folder_refused(path, error.strerror or "")) from None
    except UnicodeDecodeError:
        key = ""
    if not is_usable(key):
        raise StartError(explain(path))
    return key


def _is_secret(text: str) -> bool:
    return len(text) == SECRET_LENGTH


def _is_data_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _write_key(path: Path, key: str) -> None:
    # Written aside and linked: a start cut in the middle leaves no half key, and two starts agree on one.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()
