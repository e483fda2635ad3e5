import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.text import as_meant, normalize, split_words, strip_invisible, typographie

NNBSP = "\u202f"
# What people paste and type, and what punctuation rules may stumble on.
TYPED = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("aé '’\"«»!?;:….,()*[]\n\u00a0\u202f")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’État", "l etat"),
        ("  Mont-Liébaut ?!", "mont liebaut"),
        ("heeelp svpppp", "help svp"),
        ("CHÔMAGE", "chomage"),
        ("œuvre, cæcum", "oeuvre caecum"),
        ("n°3", "n 3"),
        ("le 1000", "le 1000"),
        ("qu\u00adartier\u200b", "quartier"),
        ("e\u0301cole", "ecole"),
        ("nom_de_fiche", "nom de fiche"),
        ("ville", "ville"),
        ("🙂 !!!", ""),
    ],
)
def test_it_normalizes(text, expected):
    assert normalize(text) == expected


@settings(max_examples=60, deadline=None)
@given(TYPED)
def test_normalize_is_idempotent(text):
    assert normalize(normalize(text)) == normalize(text)


@settings(max_examples=60, deadline=None)
@given(TYPED)
def test_words_are_those_of_normalize_and_stand_where_they_say(text):
    words = split_words(text)
    assert " ".join(word.text for word in words) == normalize(text)
    for word in words:
        # One character such as ½ may be two words.
        assert word.text in normalize(text[word.start : word.end]).split()
        assert len(word.offsets) == len(word.text)


def test_a_stretched_word_keeps_the_place_of_its_letters():
    (word,) = split_words("« Heeelp »")
    assert (word.text, word.start, word.end, word.offsets) == ("help", 2, 8, (2, 3, 6, 7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\u200bc\u202ed", "abcd"),
        ("une\r\ndeux\rtrois", "une\ndeux\ntrois"),
        ("un\tdeux", "un deux"),
        ("é ’ « »", "é ’ « »"),
        ("\ud800", ""),
    ],
)
def test_it_strips_what_cannot_be_seen(text, expected):
    assert strip_invisible(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui !", f"Oui{NNBSP}!"),
        ("Oui!", f"Oui{NNBSP}!"),
        ("Quoi ?!", f"Quoi{NNBSP}?!"),
        ("Ceci : cela ; fin", f"Ceci{NNBSP}: cela{NNBSP}; fin"),
        ("**Pièces** : une", f"**Pièces**{NNBSP}: une"),
        ("« mot »", f"«{NNBSP}mot{NNBSP}»"),
        ('dites "un mot"', f"dites «{NNBSP}un mot{NNBSP}»"),
        ('" " mot " "', f"«{NNBSP}«{NNBSP}mot{NNBSP}»{NNBSP}»"),
        ('«"mot"', f"«{NNBSP}«{NNBSP}mot{NNBSP}»"),
        ("l'**ARS** et l'État", "l’**ARS** et l’État"),
        ("et 'cela'", "et 'cela'"),
        ("la suite...", "la suite…"),
        ("à 12:30", "à 12:30"),
        ("https://a.fr/x?b=1;c", "https://a.fr/x?b=1;c"),
        ("[voir](https://a.fr/x?b=1) !", f"[voir](https://a.fr/x?b=1){NNBSP}!"),
        ("sur https://a.fr?", f"sur https://a.fr{NNBSP}?"),
        ("lu:nom@a.fr", "lu:nom@a.fr"),
        ("déjà" + NNBSP + "!", "déjà" + NNBSP + "!"),
    ],
)
def test_it_sets_typography(text, expected):
    assert typographie(text) == expected


@settings(max_examples=100, deadline=None)
@given(TYPED)
def test_typographie_is_idempotent(text):
    assert typographie(typographie(text)) == typographie(text)


@settings(max_examples=40, deadline=None)
@given(TYPED)
def test_typographie_changes_no_word(text):
    assert normalize(typographie(text)) == normalize(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("  quels qu\u200bartiers ?\n", "quels quartiers ?", id="invisible-and-spaces"),
        pytest.param("la C\u0410F est p\u0430rtenaire", "la CAF est partenaire", id="cyrillic-among-latin"),
        pytest.param("la CAF\u0391", "la CAFA", id="greek-among-latin"),
        pytest.param("где администрация", "где администрация", id="russian-stays"),
        pytest.param("\u0440\u043e\u0441\u0430 et la CAF", "\u0440\u043e\u0441\u0430 et la CAF", id="whole-word"),
        pytest.param("Όμιλος του Béthune", "Όμιλος του Béthune", id="greek-stays"),
    ],
)
def test_letters_of_another_alphabet_within_a_word_are_ours(text, meant):
    assert as_meant(text) == meant
