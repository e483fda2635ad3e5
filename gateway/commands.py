"""Commands beside the service: erase a request or a phrase, add an account of the staff, back everything up."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from gateway import texts
from gateway.agents.accounts import ROLES, AccountError, Accounts
from gateway.agents.journal import COMMAND_LINE
from gateway.backup import BackupError, back_up, restore
from gateway.database import Database
from gateway.errors import Unavailable
from gateway.phrase_erasure import PhraseTooShort, erase_phrase, tell
from gateway.resident_requests import RequestStore
from gateway.settings import Settings
from gateway.startup import open_database, prepare_folder
from training.exam import ExamError


class CommandError(Exception):
    """A command that cannot be done; its text says why, in French."""


@dataclass(frozen=True)
class Command:
    """What was asked on the command line; no name: run the service."""

    name: str = ""
    value: str = ""
    role: str | None = None
    force: bool = False


def read_command(arguments: Sequence[str]) -> Command:
    """The command of the arguments; raises CommandError."""
    if not arguments:
        return Command()
    parser = _Parser(add_help=False)
    commands = parser.add_subparsers(dest="name", required=True, parser_class=_Parser)
    commands.add_parser("erase-request", add_help=False).add_argument("value")
    commands.add_parser("erase-phrase", add_help=False).add_argument("value")
    adding = commands.add_parser("add-staff", add_help=False)
    adding.add_argument("value")
    adding.add_argument("--role", choices=ROLES)
    commands.add_parser("backup", add_help=False).add_argument("value")
    restoring = commands.add_parser("restore", add_help=False)
    restoring.add_argument("value")
    restoring.add_argument("--force", action="store_true")
    return Command(**vars(parser.parse_args(arguments)))


def run_command(command: Command, settings: Settings) -> str:
    """Do it; returns the sentence to print. Raises CommandError and StartError."""
    prepare_folder(settings.var)
    if command.name == "restore":
        return _restore(command, settings)
    database = open_database(settings)
    try:
        if command.name == "add-staff":
            return _add_staff(database, command)
        if command.name == "erase-phrase":
            return _erase_phrase(database, command, settings)
        if command.name == "backup":
            return _back_up(database, command, settings)
        return _erase_request(database, command)
    finally:
        database.close()


def _erase_request(database: Database, command: Command) -> str:
    if not RequestStore(database).erase(command.value.strip().upper()):
        raise CommandError(texts.REQUEST_UNKNOWN)
    return texts.REQUEST_ERASED


def _erase_phrase(database: Database, command: Command, settings: Settings) -> str:
    try:
        return tell(erase_phrase(command.value, database, settings.project, settings.models))
    except PhraseTooShort:
        raise CommandError(texts.PHRASE_TOO_SHORT) from None
    except (ExamError, OSError, Unavailable) as error:
        raise CommandError(texts.phrase_not_erased(str(error))) from None


def _back_up(database: Database, command: Command, settings: Settings) -> str:
    file = Path(command.value).expanduser().absolute()
    try:
        manifest = back_up(file, settings, database)
    except BackupError as error:
        raise CommandError(str(error)) from None
    return texts.backed_up(file, file.stat().st_size, len(manifest.files), manifest.counts)


def _restore(command: Command, settings: Settings) -> str:
    try:
        manifest, aside = restore(Path(command.value).expanduser().absolute(), settings, force=command.force)
    except BackupError as error:
        raise CommandError(str(error)) from None
    return texts.restored(manifest.made_at, manifest.current, manifest.counts, aside)


def _add_staff(database: Database, command: Command) -> str:
    try:
        person = Accounts(database).save(command.value, _read_password(), command.role, by=COMMAND_LINE)
    except AccountError as error:
        raise CommandError(str(error)) from None
    return texts.staff_saved(person.email, person.role)


def _read_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(texts.ASK_PASSWORD)
    return sys.stdin.readline().rstrip("\r\n")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandError(texts.USAGE)
