"""How a French word sounds, so that « medicamen » is read as « médicaments » and « mourire » as « mourir »."""

from __future__ import annotations

import re

_LATIN = re.compile("[a-z]+")
_SHORTEST = 2

# Applied in order to a normalised word. Capitals stand for sounds that take two letters: A « an », I « in », O « on »,
# U « ou », X « eu », J « ch », N « gn », Y « ill ».
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"sch|sh|ch", "J"),
        (r"h", ""),
        (r"gn", "N"),
        (r"ay(?=[aeiou])", "eY"),
        (r"(?<=[aeiou])y(?=[aeiou]|$)|(?<=[aeu])il(?:l|$)|(?<=o)ill", "Y"),
        (r"ill", "iY"),
        (r"y", "i"),
        (r"sc(?=[ei])|c(?=[ei])|ss", "S"),
        (r"qu|q|ck|c", "k"),
        (r"gu(?=[ei])", "G"),
        (r"g(?=[ei])", "j"),
        (r"je(?=[ao])", "j"),
        (r"x(?=[aeiou])", "ks"),
        (r"[Sz]", "s"),
        (r"G", "g"),
        (r"([^aeiou])\1", r"\1"),
        (r"oeu|eu", "X"),
        (r"eau|au", "o"),
        (r"ien(?![aeioumn])", "iI"),
        (r"(?:ai|ei|i|u)[mn](?![aeioumnX])", "I"),
        (r"[ae][mn](?![aeioumnX])", "A"),
        (r"o[mn](?![aeioumnX])", "O"),
        (r"ou", "U"),
        (r"oi|oua", "wa"),
        (r"oY", "waY"),
        (r"ai|ei", "e"),
        (r"(.)\1", r"\1"),
    )
)
# What is written at the end and not heard.
_SILENT = re.compile(r"(?<=[a-zA-Z]{2})[tdsxp]+$|(?<=[AIO])g$")
_SILENT_E = re.compile(r"(?<=[a-zA-Z]{2})(?:er|e)$")
_PLURAL_VERB = re.compile(r"(?<=[a-z]{3})ent$")


def sounds(word: str) -> frozenset[str]:
    """Keys of a normalised word: two words that share one may be the same word, spelt otherwise.

    There are several: a last consonant is heard in « tap », not in « coup »; a last « ent » in « souvent », not in
    « frappent ». A last « e » is left out: it may be « é » without its accent. Empty for a word that is not in Latin
    letters, or of one letter.
    """
    if len(word) < _SHORTEST or not _LATIN.fullmatch(word):
        return frozenset()
    heard = [_hear(form) for form in {word, _PLURAL_VERB.sub("", word)}]
    keys = {_SILENT_E.sub("", key) for key in (*heard, *(_SILENT.sub("", key) for key in heard))}
    return frozenset(key for key in keys if len(key) >= _SHORTEST)


def sound_of_start(start: str) -> str:
    """The key that the sounds of every word that begins so begin with; "" when it is not in Latin letters."""
    return _hear(start) if _LATIN.fullmatch(start) else ""


def _hear(word: str) -> str:
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word
