"""One way to reach a person, out of what they typed: a phone number or an e-mail, checked and normalised."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from knowledge.text import split_words

# A number typed without its country is French: of the mainland, else of overseas, which has codes of its own.
REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT")
FRENCH_CODE = 33
# Calling back must not cost the service a premium.
PREMIUM = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
FEWEST_DIGITS = 3

NOTHING = "Je n’ai pas reconnu de numéro de téléphone ni d’adresse e-mail."
TOO_SHORT = "Ce numéro est trop court : un numéro français a dix chiffres."
TOO_LONG = "Ce numéro est trop long : un numéro français a dix chiffres."
TOO_SHORT_ABROAD = "Ce numéro est trop court : vérifiez qu’il n’y manque aucun chiffre."
TOO_LONG_ABROAD = "Ce numéro est trop long : vérifiez qu’il n’y a pas un chiffre en trop."
NO_SUCH_NUMBER = "Ce numéro n’existe pas : vérifiez chaque chiffre. S’il est étranger, commencez par « + »."
PREMIUM_NUMBER = "Je ne peux pas prendre un numéro surtaxé. Donnez-en un autre."
NO_AT = "Il manque l’arobase (@) dans l’adresse e-mail."
NO_END = "Il manque la fin de l’adresse e-mail, par exemple « .fr » ou « .com »."
ACCENTS = "Une adresse e-mail s’écrit sans accent avant l’arobase (@)."
BAD_EMAIL = "Cette adresse e-mail n’est pas bien écrite : vérifiez-la lettre par lettre."

_DIGITS = re.compile(r"(?:\+|\b)\d(?:[\s().\-/]*\d)*")
_LETTER_O = re.compile(r"\b[oO](?=[1-9])|(?<=\d)[oO](?=\d)")
_EMAIL = re.compile(r"[^\s<>«»\"(),;:@]+@[^\s<>«»\"(),;:@]*")
_DOMAIN_ALONE = re.compile(r"\b[\w-]+\.(?:fr|com|net|org|eu|be)\b", re.IGNORECASE)
_AT = re.compile(r"\s*(?:@|\barobas[e]?\b|\(at\)|\[at\])\s*", re.IGNORECASE)
_SPOKEN = (
    (re.compile(r"\s+point\s+", re.IGNORECASE), "."),
    (re.compile(r"\s+(?:tiret du bas|underscore)\s+", re.IGNORECASE), "_"),
    (re.compile(r"\s+tiret\s+", re.IGNORECASE), "-"),
)
# « …, mon numéro c’est le » before the number itself.
_LEAD_IN = re.compile(
    r"adresse|au|c|cest|contact|coordonnees|courriel|de|e|email|est|et|fixe|la|le|les|ma|mail|mes|mon|num"
    r"|numero|ou|par|portable|sur|tel|telephone"
)
_MORE_DIGITS = re.compile(r"[\s.\-]*\d{1,2}(?!\d|\s*h)")


class CoordonneeError(ValueError):
    """No way to be reached in a text; its message says in French what is wrong."""


@dataclass(frozen=True)
class Coordonnee:
    """A phone number (`value` in E.164) or an e-mail address, and where it stands in its text."""

    value: str
    start: int
    end: int


def read_coordonnee(text: str) -> str:
    """The phone number (E.164) or the e-mail address in a text. Raises CoordonneeError."""
    found = _find(_rewrite(text))
    if found:
        return found.value
    raise CoordonneeError(_explain(_rewrite(text)))


def take_coordonnee(text: str) -> tuple[str | None, str]:
    """The first number or e-mail of a text, if any, and the text without it nor what leads to it."""
    rewritten = _rewrite(text)
    found = _find(rewritten)
    if found is None:
        return None, text
    before = _drop_lead_in(rewritten[: found.start])
    return found.value, f"{before} {rewritten[found.end :]}".strip()


def format_coordonnee(value: str) -> str:
    """A stored value as people read it: « 06 12 34 56 78 », « +32 470 12 34 56 », an e-mail as it is."""
    if not value.startswith("+"):
        return value
    number = phonenumbers.parse(value)
    is_french = number.country_code == FRENCH_CODE
    style = PhoneNumberFormat.NATIONAL if is_french else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _rewrite(text: str) -> str:
    """Write what was dictated (« arobase », « point ») and repair the letter O typed for a zero."""
    if _AT.search(text):
        text = _AT.sub("@", text)
        for spoken, written in _SPOKEN:
            text = spoken.sub(written, text)
        return text
    return _LETTER_O.sub("0", text)


def _find(text: str) -> Coordonnee | None:
    found = [one for one in (_find_email(text), _find_phone(text)) if one]
    return min(found, key=lambda one: one.start) if found else None


def _drop_lead_in(before: str) -> str:
    words = split_words(before)
    while words and _LEAD_IN.fullmatch(words[-1].text):
        words.pop()
    return before[: words[-1].end] if words else ""


def _find_email(text: str) -> Coordonnee | None:
    for match in _EMAIL.finditer(text):
        address = match.group().rstrip(".!?…’'")
        try:
            checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            continue
        return Coordonnee(checked.normalized, match.start(), match.start() + len(address))
    return None


def _find_phone(text: str) -> Coordonnee | None:
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            is_cut = _MORE_DIGITS.match(text, match.end)
            if not is_cut and phonenumbers.number_type(match.number) not in PREMIUM:
                value = phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
                return Coordonnee(value, match.start, match.end)
    return None


def _explain(text: str) -> str:
    """What is wrong with the nearest thing to a number or an address."""
    email = _EMAIL.search(text)
    if email:
        return _explain_email(email.group())
    digits = max(_DIGITS.findall(text), key=len, default="")
    if sum(char.isdigit() for char in digits) >= FEWEST_DIGITS:
        return _explain_phone(digits)
    return NO_AT if _DOMAIN_ALONE.search(text) else NOTHING


def _explain_email(address: str) -> str:
    name, _, domain = address.partition("@")
    if not name.isascii():
        return ACCENTS
    return BAD_EMAIL if "." in domain.strip(".") else NO_END


def _explain_phone(digits: str) -> str:
    number = _parse(digits)
    if number is None:
        return NO_SUCH_NUMBER
    if phonenumbers.number_type(number) in PREMIUM:
        return PREMIUM_NUMBER
    # phonenumbers drops the first 0 and so foresees nine digits: people count ten.
    if number.country_code == FRENCH_CODE and not digits.startswith(("+", "00")):
        count = sum(char.isdigit() for char in digits)
        return TOO_SHORT if count < 10 else TOO_LONG if count > 10 else NO_SUCH_NUMBER
    reason = phonenumbers.is_possible_number_with_reason(number)
    abroad = {ValidationResult.TOO_SHORT: TOO_SHORT_ABROAD, ValidationResult.TOO_LONG: TOO_LONG_ABROAD}
    return abroad.get(reason, NO_SUCH_NUMBER)


def _parse(digits: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, REGIONS[0])
    except phonenumbers.NumberParseException:
        return None
