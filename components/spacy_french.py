"""spaCy's French rules, imported in a twentieth of a second instead of two.

One of their patterns (words with a hyphen that stay one token, « faux-vampire ») spells out every letter of a dozen
alphabets 1,500 times, and Python folds the case of each when it compiles it. `\\w` says the same in one sign, but for
digits and the underscore, and matches the same French words.
"""

from __future__ import annotations

import importlib
import re
from unittest import mock

from spacy.lang.char_classes import ALPHA, ALPHA_LOWER

MODULE = "spacy.lang.fr"
_FOLDING = "(?iu)"
_compile = re.compile


def import_french() -> None:
    """Import `spacy.lang.fr`, once for the process."""
    with mock.patch.object(re, "compile", _compile_short):
        importlib.import_module(MODULE)


def _compile_short(pattern: str, flags: int = 0) -> re.Pattern[str]:
    if isinstance(pattern, str) and pattern.startswith(_FOLDING):
        pattern = pattern.replace(ALPHA_LOWER, r"\w").replace(ALPHA, r"\w")
    return _compile(pattern, flags)
