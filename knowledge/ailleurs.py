"""Questions about another town: « le contrat de ville de Lens ». What is known of this one must not answer them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.marked_yaml import load_file
from knowledge.text import normalize

FILE = "ailleurs.yml"
# A longer message tells where someone comes from, works or has family.
MOST_WORDS = 15
# Where somebody comes from is not where their question is set.
_COMES_FROM = re.compile(
    r"\b(?:vien(?:s|t|nent)|venue?s?|arriv\w+|originaires?|origine|nee?s?|vecu|famille|parents|pays|demenag\w+|quitt\w+|etudi\w+|"
    r"travaill\w+)\b"
)
# « Avenue de Lens » is here.
_STREET = r"\b(?:rue|avenue|boulevard|route|place|chaussee|faubourg|chemin|impasse|allee|pont) (?:de|d|du|des)(?: la)? "
_PLACED = r"\b(?:de|d|du|a|au|sur|en)(?: la)?(?: (?:ville|agglo|agglomeration|commune) d[eu]?)? "
# « Lens a combien de quartiers ? », but « Lens est concerné ? » is answered no.
_TOLD_OF = r" (?!(?:est|fait|aussi|y|en|c|concerne|dedans)\b)\w+ \w"


@dataclass(frozen=True)
class Ailleurs:
    """Names of places elsewhere, with what stands before them, or first; what shows that a message speaks of here all
    the same; streets named after them."""

    lieux: re.Pattern[str] | None = None
    sujets: re.Pattern[str] | None = None
    ici: re.Pattern[str] | None = None
    voies: re.Pattern[str] | None = None

    def is_asked_about(self, text: str) -> bool:
        """Whether a short message sets its question in another town."""
        words = normalize(text)
        if self.lieux is None or len(words.split()) > MOST_WORDS:
            return False
        words = self.voies.sub(" ", words) if self.voies else words
        is_here = (self.ici and self.ici.search(words)) or _COMES_FROM.search(words)
        is_there = self.lieux.search(words) or (self.sujets and self.sujets.match(words))
        return bool(is_there) and not is_here


def load_ailleurs(data: Path) -> Ailleurs:
    """Read `data/ailleurs.yml`; nowhere without that file. Raises FicheError when it cannot be read."""
    if not (data / FILE).is_file():
        return Ailleurs()
    lieux, ici = load_lieux(data), load_file(data, FILE).texts("ici")
    placed, told_of = _any_of(lieux, _PLACED), _any_of(lieux, "", _TOLD_OF)
    return Ailleurs(placed, told_of, _any_of(ici, r"\b"), _any_of(lieux, _STREET))


def load_lieux(data: Path) -> tuple[str, ...]:
    """The names of places elsewhere; none without the file. Raises FicheError when it cannot be read."""
    return load_file(data, FILE).texts("lieux") if (data / FILE).is_file() else ()


def _any_of(names: tuple[str, ...], before: str, after: str = r"\b") -> re.Pattern[str] | None:
    longest_first = sorted({normalize(name) for name in names if normalize(name)}, key=lambda name: (-len(name), name))
    return re.compile(rf"{before}(?:{'|'.join(map(re.escape, longest_first))}){after}") if longest_first else None
