"""Passwords of staff: what makes one acceptable, and Argon2id hashes of them.

Parameters are OWASP's smaller set (19 MiB, two passes), one hash at a time: a cheap server is never short of
memory because many people try to sign in at once.
"""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
FEWEST_SIGNS = 5

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_one_at_a_time = threading.Lock()
# Verified in place of the password of an account that does not exist, so that both take as long.
_NOBODY = _hasher.hash("personne")


class WeakPassword(ValueError):
    """A password that is refused; its text says what to do, in French."""


def check_password(password: str, email: str) -> None:
    """Refuse a password too short, too long, too poor or that repeats the address; raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"Le mot de passe est trop court : {SHORTEST} signes au moins.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Le mot de passe est trop long : {LONGEST} signes au plus.")
    if len(set(password)) < FEWEST_SIGNS or password.casefold() in email.casefold():
        raise WeakPassword("Ce mot de passe se devine trop facilement : choisissez plusieurs mots sans rapport.")


def hash_password(password: str) -> str:
    """The Argon2id hash to keep; takes some tens of milliseconds."""
    with _one_at_a_time:
        return _hasher.hash(_same_form(password))


def verify_password(password: str, kept: str | None) -> bool:
    """Whether a password is the one of a hash; as slow when there is no hash."""
    with _one_at_a_time:
        try:
            return _hasher.verify(kept or _NOBODY, _same_form(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def _same_form(password: str) -> str:
    # Two keyboards write one « é » in two ways.
    return unicodedata.normalize("NFKC", password)
