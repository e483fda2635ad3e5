"""What the fuzzers make their texts of: what residents type and staff paste, and what would break a reader of it."""

from __future__ import annotations

from hypothesis import strategies as st

MESSAGE_LIMIT = 500
WORDS = (
    "bonjour", "je", "j’habite", "jabite", "rue", "de", "la", "Lorraine", "c koi", "le", "conseil", "citoyen",
    "sitoyen", "quartier", "Mont-Liébaut", "contrat", "ville", "mon", "mari", "me", "frape", "je veu mourir",
    "au secours", "et", "ou", "un", "deux", "zéro", "six", "monsieur", "Mme", "Dupont", "Zoé", "né", "le", "en",
    "1985", "12", "bis", "n°", "dossier", "sécu", "tel", "arobase", "point", "fr", "what", "is", "jest", "ما", "هو",
    "ве", "ŞEHİR", "straße",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>", "</", "<!--", "]]>", "&lt;", "&#x6a;",
    "\"'><a ", "[x](javascript:alert(1))", "[x](JaVa\tScRiPt:alert(1))", "[x](data:text/html,a)", "[x](https://a.fr)",
    "[x](<https://a>)", "[x](tel:3114 \"t\")", "![x](https://a.fr/i)", "[a]: https://a.fr", "**", "*", "__", "`",
    "~~", "[", "](", ")", "\\", "- ", "1. ", "999999999. ", "> ", "# ", "| a |", "---", "***", "\u2028", "http://",
    "www.a", "a@b.c", "https://x/?\"onclick=\"",
)  # fmt: skip
MARKS = (
    " ", "  ", "\n", "\n\n", "\r\n", "\t", "'", "’", "«", "»", "\"", "...", "…", "!", "?", ":", ";", ",", ".", "-",
    "_", "/", "+", "=", "@", "#", "*", "{", "}", "|", "(", ")", "0", "1", "9", "06", "\u00a0", "\u202f", "\u200b",
    "\u202e", "\u00ad", "\ufeff", "e\u0301", "ﬁ", "½", "İ", "ß", "\u0345", "😀", "🏳️‍🌈", "\x00", "\x1b", "\ud800",
)  # fmt: skip
YAML = (
    "titre: ", "genre: quartier", "alias:\n  - ", "questions:\n  - ", "simple: |\n  ", "&a ", "*a",
    "!!python/name:os.system ", "<<: *a", "? ", ": ", "- ", "[", "]", "{", "}", "'", "\"", "\\", "%YAML 1.1", "...",
    "---", "~", "null", "| ", ">-", "# ", "\t",
)  # fmt: skip


def texts(*more: str, limit: int = MESSAGE_LIMIT) -> st.SearchStrategy[str]:
    """Words, marks and any character, a few of them repeated many times, `limit` characters at most."""
    atoms = st.one_of(st.sampled_from(WORDS), st.sampled_from((*MARKS, *more)), st.characters())
    runs = st.tuples(atoms, st.sampled_from((1, 1, 1, 1, 1, 2, 3, 40))).map(lambda run: run[0] * run[1])
    spaced = st.lists(runs, max_size=40).map(" ".join)
    return st.one_of(st.lists(runs, max_size=40).map("".join), spaced).map(lambda text: text[:limit])


TYPED = texts()
MARKED_UP = texts(*MARKUP, limit=4 * MESSAGE_LIMIT)
# What is read from a UTF-8 file holds no half of a character.
IN_YAML = texts(*YAML, limit=4 * MESSAGE_LIMIT).map(lambda text: text.encode("utf-8", "replace").decode())
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TYPED),
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(TYPED, inside, max_size=4)),
    max_leaves=8,
)
