from knowledge.lexicon import french_words
from knowledge.text import normalize


def test_it_knows_ordinary_french_without_case_or_accents():
    words = french_words()
    assert {"commence", "equation", "sante", "rectorat"} <= words
    assert "comence" not in words
    assert len(words) > 100_000
    assert normalize("École") in words
