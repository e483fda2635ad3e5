"""Phone numbers and e-mail addresses, as residents type or dictate them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import coordonnees
from actions.coordonnees import CoordonneeError, format_coordonnee, read_coordonnee, take_coordonnee


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("06-12-34-56-78 merci", "+33612345678"),
        ("mon num c'est le 06 12 34 56 78 le soir à 18h", "+33612345678"),
        ("O6 12 34 56 78", "+33612345678"),
        ("03 21 56 78 90", "+33321567890"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0032 470 12 34 56", "+32470123456"),
        ("0692 12 34 56", "+262692123456"),
        ("karim.b@laposte.net", "karim.b@laposte.net"),
        ("mon mail c’est x@y.fr.", "x@y.fr"),
        ("KARIM@GMAIL.COM", "KARIM@gmail.com"),
        ("x @ y.fr", "x@y.fr"),
        ("mail:a@b.fr", "a@b.fr"),
        ("karim point benali arobase gmail point com", "karim.benali@gmail.com"),
        ("06 12 34 56 78 ou x@y.fr", "+33612345678"),
        ("x@y.fr ou 06 12 34 56 78", "x@y.fr"),
    ],
)
def test_it_reads_a_number_or_an_address(text: str, value: str) -> None:
    assert read_coordonnee(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("06 12 34 56", coordonnees.TOO_SHORT),
        ("3919", coordonnees.TOO_SHORT),
        ("06 12 34 56 78 9", coordonnees.TOO_LONG),
        ("00 00 00 00 00", coordonnees.NO_SUCH_NUMBER),
        ("+32 470", coordonnees.TOO_SHORT_ABROAD),
        ("08 99 12 34 56", coordonnees.PREMIUM_NUMBER),
        ("été@laposte.net", coordonnees.ACCENTS),
        ("x@gmail", coordonnees.NO_END),
        ("x@gmail,com", coordonnees.NO_END),
        ("a..b@c.fr", coordonnees.BAD_EMAIL),
        ("xgmail.com", coordonnees.NO_AT),
        ("je ne sais pas", coordonnees.NOTHING),
        ("", coordonnees.NOTHING),
    ],
)
def test_it_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(CoordonneeError) as refusal:
        read_coordonnee(text)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Karim Benali, mon tél c’est 06 12 34 56 78", "Karim Benali"),
        ("Karim Benali 0612345678", "Karim Benali"),
        ("Karim Benali et mon adresse mail : a@b.fr", "Karim Benali"),
        ("0612345678 Karim", "Karim"),
        ("Karim Benali", "Karim Benali"),
    ],
)
def test_it_leaves_what_is_not_a_way_to_be_reached(text: str, rest: str) -> None:
    assert take_coordonnee(text)[1] == rest


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+32470123456", "+32 470 12 34 56"),
        ("x@y.fr", "x@y.fr"),
        ("non indiqué", "non indiqué"),
    ],
)
def test_it_shows_a_value_as_people_read_it(value: str, shown: str) -> None:
    assert format_coordonnee(value) == shown


@given(st.text(alphabet="0123456789+ .-@abO,point", max_size=60))
def test_it_reads_again_what_it_has_read(text: str) -> None:
    found, _ = take_coordonnee(text)
    if found:
        assert read_coordonnee(format_coordonnee(found)) == found
