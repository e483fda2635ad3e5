"""Translations of a fiche's answer, which staff write and have checked.

Only a translation that someone checked against the French text of today is ever shown: `texte_francais` is the
fingerprint of the text that it was checked against, so that a French answer that changes takes its translations with
it until they are read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.marked_yaml import FicheError, Key, Marked

KEY = "traductions"
_REQUIRED = ("texte",)
_OPTIONAL = ("simple", "verifie_par", "verifie_le", "texte_francais")
_FINGERPRINT_LENGTH = 8


@dataclass(frozen=True)
class Traduction:
    """An answer in another language; `verifie_par` is a role, `verifie_le` None until someone has checked it."""

    langue: str
    texte: str
    simple: str
    verifie_par: str
    verifie_le: date | None
    texte_francais: str

    @property
    def is_checked(self) -> bool:
        """Whether someone says to have checked it; the French text may have changed since."""
        return bool(self.verifie_par) and self.verifie_le is not None


def fingerprint(texts: Iterable[str]) -> str:
    """Eight hexadecimal digits that change with the words of the texts, white space aside."""
    words = "\n".join(" ".join(text.split()) for text in texts)
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:_FINGERPRINT_LENGTH]


def read_traductions(header: Marked) -> tuple[Traduction, ...]:
    """The translations of a fiche's header, in its order. Raises FicheError on a date that does not exist."""
    return tuple(_read(header, langue) for langue in _langues(header))


def traduction_errors(header: Marked) -> list[FicheError]:
    """What is wrong with the keys of the translations."""
    if not isinstance(header.values.get(KEY, {}), dict | str):
        message = f"« {KEY} » : il faut ici un code de langue suivi de deux-points, par exemple « en: »."
        return [header.fail(message, KEY)]
    keys = (*_REQUIRED, *_OPTIONAL)
    return [error for langue in _langues(header) for error in header.key_errors(keys, _REQUIRED, KEY, langue)]


def _langues(header: Marked) -> list[str]:
    values = header.values.get(KEY)
    return list(values) if isinstance(values, dict) else []


def _read(header: Marked, langue: str) -> Traduction:
    place: Key = (KEY, langue)
    return Traduction(
        langue=langue,
        texte=header.text(*place, "texte"),
        simple=header.text(*place, "simple"),
        verifie_par=header.text(*place, "verifie_par"),
        verifie_le=header.date(*place, "verifie_le") if header.text(*place, "verifie_le") else None,
        texte_francais=header.text(*place, "texte_francais"),
    )
