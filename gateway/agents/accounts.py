"""The people of the town hall who may enter the console, their roles, and the links that let them choose a password.

There is no default password. A link works once, for a while, and only its hash is kept.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from gateway.agents.journal import insert_note
from gateway.agents.passwords import check_password, hash_password, verify_password
from gateway.agents.staff_sessions import end_sessions, hash_token
from gateway.database import Database, metadata
from gateway.sessions import today

# Each role may do what the ones before it may.
ROLES = ("lecture", "rédaction", "publication")
LINK_LIFETIME = 24 * 3600  # seconds
EMAIL_LIMIT = 254

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("email", String(EMAIL_LIMIT), nullable=False, unique=True),
    # Empty as long as the person has not chosen one.
    Column("password_hash", String(200)),
    Column("role", String(16), nullable=False),
    Column("created_on", Date, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

staff_links = Table(
    "staff_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    # None: the first access, which makes the first account.
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), index=True),
    Column("expires_at", BigInteger, nullable=False),
)


class AccountError(ValueError):
    """A change of accounts that is refused; its text says why and what to do, in French."""


@dataclass(frozen=True)
class Staff:
    """One person of the staff."""

    id: int
    email: str
    role: str
    created_on: date
    disabled: bool
    has_password: bool

    def may(self, role: str) -> bool:
        """Whether this person may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Accounts:
    """Accounts of staff. Every method blocks, and raises Unavailable when the database does not answer."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock

    def everyone(self) -> list[Staff]:
        """Every account, in the order of addresses."""
        with self._db.reading() as db:
            return [_read_staff(row) for row in db.execute(select(staff).order_by(staff.c.email))]

    def is_empty(self) -> bool:
        """Whether nobody has an account yet."""
        with self._db.reading() as db:
            return not db.execute(select(func.count()).select_from(staff)).scalar()

    def find(self, staff_id: int) -> Staff | None:
        """The account of a number."""
        with self._db.reading() as db:
            row = db.execute(select(staff).where(staff.c.id == staff_id)).first()
        return _read_staff(row) if row else None

    def check(self, email: str, password: str) -> Staff | None:
        """The person who has this address and this password; as slow for an unknown address."""
        with self._db.reading() as db:
            row = db.execute(select(staff).where(staff.c.email == email.strip().lower())).first()
        right = verify_password(password, row.password_hash if row else None)
        return _read_staff(row) if right and row and not row.disabled else None

    def add(self, email: str, role: str, *, by: str) -> Staff:
        """Make an account without a password; raises AccountError."""
        address = read_email(email)
        with self._db.writing() as db:
            person = _insert_staff(db, address, read_role(role), None)
            insert_note(db, by, "Compte ajouté", address, rôle=role)
        return person

    def save(self, email: str, password: str, role: str | None, *, by: str) -> Staff:
        """Make an account with its password, or change the password (and the role, if given); raises AccountError."""
        address = read_email(email)
        hashed = _hash_checked(password, address)
        with self._db.writing() as db:
            row = db.execute(select(staff).where(staff.c.email == address)).first()
            if row is None:
                person = _insert_staff(db, address, read_role(role or ""), hashed)
                insert_note(db, by, "Compte ajouté", address, rôle=person.role)
                return person
            if role is not None:
                _set_role(db, row.id, read_role(role))
            _set_password(db, row.id, hashed)
            insert_note(db, by, "Mot de passe changé", address)
            return _get(db, row.id)

    def set_role(self, staff_id: int, role: str, *, by: str, reason: str) -> None:
        """Give another role; raises AccountError."""
        with self._db.writing() as db:
            person = _get(db, staff_id)
            _set_role(db, staff_id, read_role(role))
            insert_note(db, by, "Rôle changé", person.email, reason, avant=person.role, après=role)

    def set_disabled(self, staff_id: int, disabled: bool, *, by: str, reason: str) -> None:
        """Close an account, which signs it out everywhere, or open it again; raises AccountError."""
        with self._db.writing() as db:
            person = _get(db, staff_id)
            db.execute(update(staff).where(staff.c.id == staff_id).values(disabled=disabled))
            _keep_one_publisher(db)
            if disabled:
                end_sessions(db, staff_id)
                db.execute(delete(staff_links).where(staff_links.c.staff_id == staff_id))
            insert_note(db, by, "Compte désactivé" if disabled else "Compte réactivé", person.email, reason)

    def make_first_link(self) -> str:
        """The token that makes the first account; the one before it stops working."""
        with self._db.writing() as db:
            db.execute(delete(staff_links).where(staff_links.c.staff_id.is_(None)))
            return self._insert_link(db, None)

    def make_link(self, staff_id: int, *, by: str) -> str:
        """The token that lets a person choose a password; the one before it stops working. Raises AccountError."""
        with self._db.writing() as db:
            person = _get(db, staff_id)
            if person.disabled:
                raise AccountError("Ce compte est désactivé : réactivez-le d’abord.")
            db.execute(delete(staff_links).where(staff_links.c.staff_id == staff_id))
            insert_note(db, by, "Lien de mot de passe créé", person.email)
            return self._insert_link(db, staff_id)

    def knows_link(self, token: str, *, first: bool) -> bool:
        """Whether a link still works."""
        with self._db.reading() as db:
            return self._find_link(db, token, first) is not None

    def begin(self, token: str, email: str, password: str) -> Staff | None:
        """Make the first account with the first link, once; None when the link does not work. Raises AccountError."""
        address = read_email(email)
        hashed = _hash_checked(password, address)
        with self._db.writing() as db:
            if not self._use_link(db, token, first=True):
                return None
            person = _insert_staff(db, address, ROLES[-1], hashed)
            insert_note(db, address, "Premier compte créé", address)
            return person

    def choose_password(self, token: str, password: str) -> Staff | None:
        """Set the password with a link, once; None when the link does not work. Raises AccountError."""
        with self._db.reading() as db:
            link = self._find_link(db, token, first=False)
            if link is None:
                return None
            email = _get(db, link.staff_id).email
        hashed = _hash_checked(password, email)
        with self._db.writing() as db:
            if not self._use_link(db, token, first=False):
                return None
            _set_password(db, link.staff_id, hashed)
            insert_note(db, email, "Mot de passe changé", email)
            return _get(db, link.staff_id)

    def _insert_link(self, db: Connection, staff_id: int | None) -> str:
        token = secrets.token_urlsafe(32)
        expires = int(self._clock()) + LINK_LIFETIME
        db.execute(insert(staff_links).values(token_hash=hash_token(token), staff_id=staff_id, expires_at=expires))
        return token

    def _find_link(self, db: Connection, token: str, first: bool) -> Row | None:
        owner = staff_links.c.staff_id.is_(None) if first else staff_links.c.staff_id.is_not(None)
        here = staff_links.c.token_hash == hash_token(token)
        return db.execute(select(staff_links).where(here, owner, staff_links.c.expires_at > self._clock())).first()

    def _use_link(self, db: Connection, token: str, *, first: bool) -> bool:
        found = self._find_link(db, token, first)
        if found is None or (first and db.execute(select(func.count()).select_from(staff)).scalar()):
            return False
        db.execute(delete(staff_links).where(staff_links.c.token_hash == found.token_hash))
        return True


def read_email(text: str) -> str:
    """An e-mail address in the form it is kept in; raises AccountError."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise AccountError("Écrivez une adresse électronique complète, par exemple prenom.nom@ville.fr.") from None


def read_role(text: str) -> str:
    """One of ROLES; raises AccountError."""
    if text not in ROLES:
        raise AccountError(f"Choisissez un rôle : {', '.join(ROLES)}.")
    return text


def _hash_checked(password: str, email: str) -> str:
    try:
        check_password(password, email)
    except ValueError as error:
        raise AccountError(str(error)) from None
    return hash_password(password)


def _insert_staff(db: Connection, email: str, role: str, password_hash: str | None) -> Staff:
    row = {"email": email, "role": role, "password_hash": password_hash, "created_on": today(), "disabled": False}
    try:
        result = db.execute(insert(staff).values(row))
    except IntegrityError:
        raise AccountError("Un compte a déjà cette adresse.") from None
    return _get(db, result.inserted_primary_key[0])


def _set_role(db: Connection, staff_id: int, role: str) -> None:
    db.execute(update(staff).where(staff.c.id == staff_id).values(role=role))
    _keep_one_publisher(db)


def _set_password(db: Connection, staff_id: int, hashed: str) -> None:
    db.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=hashed))
    db.execute(delete(staff_links).where(staff_links.c.staff_id == staff_id))
    end_sessions(db, staff_id)


def _keep_one_publisher(db: Connection) -> None:
    able = select(func.count()).select_from(staff).where(staff.c.role == ROLES[-1], staff.c.disabled.is_(False))
    if not db.execute(able).scalar():
        raise AccountError("Il faut garder au moins un compte « publication » : donnez d’abord ce rôle à un collègue.")


def _get(db: Connection, staff_id: int) -> Staff:
    row = db.execute(select(staff).where(staff.c.id == staff_id)).first()
    if row is None:
        raise AccountError("Ce compte n’existe pas.")
    return _read_staff(row)


def _read_staff(row: Row) -> Staff:
    return Staff(row.id, row.email, row.role, row.created_on, bool(row.disabled), row.password_hash is not None)
