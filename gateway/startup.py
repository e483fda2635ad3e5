"""What has to be there before the first request: a port, a folder to write in, a secret, a database.

Each thing that can go wrong is one French sentence, raised as StartError and printed without a trace.
"""

import errno
import os
import secrets
import shutil
import socket
from pathlib import Path

from gateway import texts
from gateway.content import Content, load_content
from gateway.database import Database
from gateway.errors import Unavailable
from gateway.settings import Settings
from knowledge.fiches import FicheError

SECRET_FILE = "secret.key"
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


def load_secret(var: Path) -> str:
    """The secret of this installation, made at the first start; raises StartError."""
    path = var / SECRET_FILE
    try:
        if not path.exists():
            _write_secret(path)
        path.chmod(0o600)
        secret = path.read_text("ascii").strip()
    except OSError as error:
        raise StartError(texts.folder_refused(path, error.strerror or "")) from None
    except UnicodeDecodeError:
        secret = ""
    if len(secret) != SECRET_LENGTH:
        raise StartError(texts.secret_unusable(path))
    return secret


def open_database(settings: Settings) -> Database:
    """The application database, with its tables, proven to be writable; raises StartError."""
    try:
        database = Database(settings.database_url)
        database.prepare()
        database.check_writable()
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


def _write_secret(path: Path) -> None:
    # Written aside and linked: a start cut in the middle leaves no half secret, and two starts agree on one.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_LENGTH // 2))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()
