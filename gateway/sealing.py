"""Columns that are encrypted at rest: who has the database without `var/data.key` reads nothing of them."""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import JSON
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.types import TypeDecorator

SEALED = "sealed"


class SealedJSON(TypeDecorator[Any]):
    """A JSON value, encrypted and signed (Fernet) with the key that the database was opened with.

    What was written before there was a key is read as it is. What another key sealed raises InvalidKey.
    """

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal what is written."""
        return {SEALED: _seal_of(dialect).encrypt(json.dumps(value).encode()).decode()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open what is read."""
        if not isinstance(value, dict) or SEALED not in value:
            return value
        try:
            return json.loads(_seal_of(dialect).decrypt(value[SEALED].encode()))
        except InvalidToken:
            raise InvalidKey("the data key is not the one that sealed this") from None


class InvalidKey(Exception):
    """There is no data key, or it is another installation's."""


def seal_with(engine: Engine, key: str) -> None:
    """Give an engine the key of its sealed columns."""
    engine.dialect.allo_seal = Fernet(key)


def _seal_of(dialect: Dialect) -> Fernet:
    seal: Fernet | None = getattr(dialect, "allo_seal", None)
    if seal is None:
        raise InvalidKey("the database was opened without a data key")
    return seal
