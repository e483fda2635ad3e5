import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.clauses import split_clauses, strip_greeting

# What may stand between two questions, and what a greeting is made of.
JOINING = {"et", "puis", "aussi", "ensuite", "sinon"}
GREETING = {"bonjour", "bonsoir", "salut", "coucou", "hello", "bjr", "slt", "bsr", "cc"}
GREETING |= {"hey", "yo", "wesh", "wsh", "allo", "allô", "bah", "ben", "beh", "mort", "de", "rire", "lol"}
GREETING |= {"salam", "aleykoum", "alaykoum", "madame", "monsieur", "messieurs", "mesdames"}
GREETING |= {"à", "a", "et", "tous", "toutes", "vous", "toi", "tout", "le", "monde"}


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("", [""], id="empty"),
        pytest.param("  \n ", [""], id="blank"),
        pytest.param("??? !!!", ["??? !!!"], id="no-word"),
        pytest.param("les partenaires", ["les partenaires"], id="one-question"),
        pytest.param(
            "quels sont vos partenaires et vos objectifs ?", ["quels sont vos partenaires", "vos objectifs ?"],
            id="two-lists",
        ),
        pytest.param("les axes et les priorités", ["les axes et les priorités"], id="one-list-with-two-names"),
        pytest.param("bonjour", ["bonjour"], id="greeting-alone"),
        pytest.param("Bonsoir à tous !", ["Bonsoir à tous !"], id="greeting-of-several-words"),
        pytest.param("Bonjour à vous", ["Bonjour à vous"], id="greeting-to-you"),
        pytest.param("bonsoir à toutes et à tous.", ["bonsoir à toutes et à tous."], id="greeting-to-all"),
        pytest.param("Bonjour à vous, qui signe ?", ["qui signe ?"], id="greeting-to-you-then-question"),
        pytest.param("Bonjour monsieur, ou madame, qui signe ?", ["qui signe ?"], id="greeting-to-either"),
        pytest.param("Salut la compagnie, qui signe ?", ["qui signe ?"], id="greeting-to-the-company"),
        pytest.param(
            "Bonjour, la compagnie des eaux signe ?", ["la compagnie des eaux signe ?"], id="a-company-of-its-own"
        ),
        pytest.param("Bonjour tous les axes", ["tous les axes"], id="greeting-to-nobody"),
        pytest.param("Bonjour, qui signe ?", ["qui signe ?"], id="greeting-then-question"),
        pytest.param("bonjour,qui signe ?", ["qui signe ?"], id="greeting-without-space"),
        pytest.param("Bonjour Madame, où est-ce ?", ["où est-ce ?"], id="greeting-to-someone"),
        pytest.param("slt c koi le contrat", ["c koi le contrat"], id="greeting-in-short"),
        pytest.param("bah euh les axes alors", ["les axes alors"], id="looking-for-words"),
        pytest.param("wesh bonjour c quoi les axes", ["c quoi les axes"], id="two-openings"),
        pytest.param("sale machine, je veux les axes", ["je veux les axes"], id="insult-then-question"),
        pytest.param("t’es con ou quoi ? qui signe ?", ["qui signe ?"], id="question-of-an-insult"),
        pytest.param("sale immeuble, qui nettoie ?", ["sale immeuble, qui nettoie ?"], id="no-insult"),
        pytest.param("sale machine", ["sale machine"], id="insult-alone"),
        pytest.param("Bonjour la mairie", ["la mairie"], id="greeting-with-two-words-left"),
        pytest.param("bonjour bonjour", ["bonjour bonjour"], id="greeting-twice"),
        pytest.param("bonjournal des quartiers ?", ["bonjournal des quartiers ?"], id="no-greeting-in-a-word"),
        pytest.param("qui signe ? où est-ce ?", ["qui signe ?", "où est-ce ?"], id="two-questions"),
        pytest.param(
            "Quels quartiers ? Quels axes ? Qui signe ? Où ?",
            ["Quels quartiers ?", "Quels axes ?", "Qui signe ?", "Où ?"],
            id="four-questions",
        ),
        pytest.param(
            "quels sont les axes et qui sont les partenaires",
            ["quels sont les axes", "qui sont les partenaires"],
            id="joined-by-et",
        ),
        pytest.param("quels quartiers, quels axes", ["quels quartiers", "quels axes"], id="joined-by-a-comma"),
        pytest.param(
            "c’est quoi le contrat puis comment participer",
            ["c’est quoi le contrat", "comment participer"],
            id="joined-by-puis",
        ),
        pytest.param("qui signe\net où est-ce", ["qui signe", "et où est-ce"], id="two-lines"),
        pytest.param("Qui signe ?\n\nOù est-ce ?", ["Qui signe ?", "Où est-ce ?"], id="blank-line"),
        pytest.param(
            "la CAF est partenaire ? et le centre-ville ?",
            ["la CAF est partenaire ?", "et le centre-ville ?"],
            id="followed-up",
        ),
        pytest.param("les hommes et les femmes", ["les hommes et les femmes"], id="et-inside"),
        pytest.param("l’emploi et la santé ?", ["l’emploi et la santé ?"], id="et-inside-a-question"),
        pytest.param(
            "J’habite rue de Lille. Suis-je concerné ?",
            ["J’habite rue de Lille. Suis-je concerné ?"],
            id="statement-then-question",
        ),
        pytest.param(
            "je cherche du travail, que faites-vous ?",
            ["je cherche du travail, que faites-vous ?"],
            id="statement-comma-question",
        ),
        pytest.param(
            "Je cherche du travail. Qui aide ? Et où ?",
            ["Je cherche du travail. Qui aide ?", "Et où ?"],
            id="statement-then-two-questions",
        ),
        pytest.param(
            "Quand on donne mon adresse, on raccroche. Que faites-vous ?",
            ["Quand on donne mon adresse, on raccroche. Que faites-vous ?"],
            id="statement-that-begins-like-a-question",
        ),
        pytest.param(
            "C’est quoi le contrat, et ma rue est-elle dedans ?",
            ["C’est quoi le contrat", "ma rue est-elle dedans ?"],
            id="inverted-verb-after-et",
        ),
        pytest.param("La CAF et l’ARS sont-elles là ?", ["La CAF et l’ARS sont-elles là ?"], id="two-names-inverted"),
        pytest.param(
            "je voudrais savoir ce qu’est le contrat et si ma rue est dedans",
            ["je voudrais savoir ce qu’est le contrat", "si ma rue est dedans"],
            id="indirect-questions",
        ),
        pytest.param("et les bars ? J’ai un bar.", ["et les bars ?"], id="why-one-goes-on"),
        pytest.param("et ça ? Je veux la liste.", ["et ça ? Je veux la liste."], id="what-one-wants-too"),
        pytest.param("qui aide ? J’ai un bar.", ["qui aide ? J’ai un bar."], id="what-a-question-needs"),
        pytest.param("ok laisse tomber. qui signe", ["qui signe"], id="an-end-before-a-question"),
        pytest.param("d’accord, pour la demande", ["d’accord, pour la demande"], id="a-yes"),
        pytest.param("qui signe ? merci", ["qui signe ? merci"], id="thanks-after"),
        pytest.param("J’habite ici. Je travaille là.", ["J’habite ici. Je travaille là."], id="statements-only"),
        pytest.param("a " * 250, [("a " * 250).strip()], id="500-characters"),
        pytest.param("où ? " * 100, ["où ?"] * 100, id="500-characters-of-questions"),
    ],
)
def test_it_gives_one_clause_a_question(text, clauses):
    assert split_clauses(text) == clauses


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("Bonjour, qui signe ?", "qui signe ?", id="greeting"),
        pytest.param("coucou", "coucou", id="nothing-else"),
        pytest.param("coucou toi", "coucou toi", id="one-word-left"),
        pytest.param("le salut des quartiers", "le salut des quartiers", id="not-at-the-beginning"),
        pytest.param("c’est dommage, on commence quand ?", "on commence quand ?", id="reaction before a question"),
        pytest.param("c’est dommage quand même", "c’est dommage quand même", id="reaction alone"),
    ],
)
def test_it_takes_the_greeting_off(text, rest):
    assert strip_greeting(text) == rest


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            # Why one asks, « j’habite ici », is dropped after a question.
            ["Bonjour", "qui signe", "où", "et", "puis", "elle habite ici", "la CAF", "?", ".", ",", "\n", "!", ";"]
        ),
        # Neither what cannot be seen nor what makes a tag: those are dropped on purpose.
        st.text(
            st.characters(exclude_categories=["C"], exclude_characters="<>[]\u115f\u1160\u3164\uffa0\u2800"), max_size=6
        ),
    ),
    max_size=25,
).map(" ".join)


@given(PIECES)
@example("bonjour et et qui signe, et puis où")
def test_no_word_is_lost_but_the_greeting_and_what_joins(text):
    kept = [word for clause in split_clauses(text) for word in words(clause)]
    dropped = []
    for word in words(text):
        if kept and kept[0] == word:
            kept.pop(0)
        else:
            dropped.append(word)
    assert kept == []
    assert set(dropped) <= JOINING | GREETING


@given(st.text(max_size=500))
def test_it_never_fails_and_always_gives_a_clause(text):
    clauses = split_clauses(text)
    assert clauses
    assert all(clause == clause.strip() for clause in clauses)


def words(text):
    return re.findall(r"\w+", text.casefold())


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("<b>quels</b> quartiers ?", ["quels  quartiers ?"], id="balises"),
        pytest.param("![x](https://exemple.test/a.png) qui signe ?", ["qui signe ?"], id="image"),
        pytest.param("https://exemple.test c'est quoi ce lien", ["c'est quoi ce lien"], id="adresse"),
        pytest.param("\ufeffqui\u200b signe ?", ["qui signe ?"], id="invisibles"),
        pytest.param("https://exemple.test/page", ["https://exemple.test/page"], id="rien d’autre"),
    ],
)
def test_it_reads_what_is_said_and_not_the_markup(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses
