"""Streets that messages name: « 14 rue Pasteur » is « ma rue » to whoever asks whether it counts."""

from __future__ import annotations

import re

from knowledge.lexicon import french_words
from knowledge.text import normalize

# « Ma rue », « quelle place »: no street is named.
_STREET = re.compile(
    r"(?<!\bma )(?<!\bnotre )(?<!\bquelle )(?<!\btoute )(?<!\bune )"
    r"\b(?:(?:au|à|a|dans|sur)\s+)?(?P<number>\d{1,4}(?:\s?(?:bis|ter|[a-d]))?,?\s+)?"
    r"(?P<article>(?:de\s+)?(?:la|le|cette)\s+|(?:de\s+)?l[’'])?"
    r"(?:rue|ru|avenue|boulevard|bd|bld|impasse|allée|allee|chemin|résidence|residence|place|cité|square)\s+",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"(?:de\s+la\s+|de\s+l[’']\s?|des?\s+|du\s+|d[’']\s?)", re.IGNORECASE)
_WORD = re.compile(r"\s*(?P<word>[^\W_]+(?:-[^\W_]+)*)")
# What follows a street rather than being its name: « la rue où j’habite », « la rue est-elle… », « rue de mon école ».
# fmt: off
_NO_NAME = frozenset([
    "a", "ai", "as", "au", "aussi", "avec", "c", "ca", "ce", "ces", "cet", "cette", "chez", "ci", "concerne",
    "concernee", "dans", "dedans", "depuis", "derriere", "devant", "donc", "elle", "elles", "en", "entre", "es",
    "est", "et", "etait", "fait", "ici", "il", "ils", "j", "je", "l", "la", "lequel", "leur", "m", "ma", "mais",
    "mes", "mon", "n", "ne", "ni", "non", "nos", "notre", "nous", "on", "ont", "ou", "oui", "par", "pas",
    "pour", "pres", "prioritaire", "qpv", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui",
    "quoi", "s", "sa", "se", "sera", "ses", "si", "son", "sont", "sous", "sur", "t", "ta", "tes", "ton", "tu", "un",
    "une", "va", "vers", "vos", "votre", "vous", "y",
])
# « Rue du maréchal Foch »
_TITLES = frozenset([
    "abbe", "amiral", "capitaine", "colonel", "commandant", "docteur", "frere", "general", "jean", "marechal",
    "pere", "president", "professeur", "saint", "sainte",
])
# fmt: on
# « Et moi, rue Pasteur ? »
_ALONE = re.compile(r"\W*(?:(?:et|mais|moi|nous|pour|alors|oui|non)\W+)*$", re.IGNORECASE)
_MOST_WORDS = 3
MY_STREET = "ma rue"


def say_my_street(text: str) -> str | None:
    """`text` with the first street that it names as « ma rue »; None when it names none.

    A name follows a number, « de la » or « du », begins with a capital, or is no French word; after « rue » without an
    article, it may be any word but a small one.
    """
    for street in _STREET.finditer(text):
        end = _end_of_name(text, street)
        if end > street.end():
            before = text[: street.start()]
            return f"{'' if _ALONE.match(before) else before}{MY_STREET}{text[end:]}"
    return None


def _end_of_name(text: str, street: re.Match[str]) -> int:
    """Where the name that begins after `street` ends; the end of `street` when nothing there is a name."""
    particle = _PARTICLE.match(text, street.end())
    is_any_word = bool(street["number"] or particle or not street["article"])
    place, end = particle.end() if particle else street.end(), street.end()
    for _ in range(_MOST_WORDS):
        found = _WORD.match(text, place)
        if not found or not _is_of_a_name(found["word"], is_any_word):
            break
        # « Rue du 8 mai »
        is_any_word = found["word"].isdigit() or normalize(found["word"]) in _TITLES
        place = end = found.end()
    return end


def _is_of_a_name(word: str, is_any_word: bool) -> bool:
    plain = normalize(word)
    if plain.split()[0] in _NO_NAME:
        return False
    return is_any_word or word[0].isupper() or word.isdigit() or plain not in french_words()
