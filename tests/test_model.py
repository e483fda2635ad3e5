"""The trained assistant on plain questions: right subject, several questions, follow-ups, and what it does not know.

The exam (tests/questions) measures how good it is; here are only questions that must never fail.
"""

import pytest

pytestmark = pytest.mark.model

SUBJECTS = {
    "Expliquez-moi la politique de la ville en quelques mots.": "politique_de_la_ville",
    "Le contrat de ville, qu’est-ce que c’est ?": "contrat_de_ville",
    "À quoi sert un conseil citoyen ?": "conseil_citoyen",
    "Comment faire pour entrer au conseil citoyen ?": "rejoindre_conseil_citoyen",
    "Quels sont les deux quartiers retenus ?": "list_quartier",
    "Pouvez-vous me parler du quartier du Mont-Liébaut ?": "mont_liebaut",
    "Avec quels partenaires travaillez-vous ?": "list_partenaire",
    "Quelle est la place de la CAF dans le contrat de ville ?": "caf",
    "Que fait France Travail avec vous ?": "pole_emploi",
    "Que font les bailleurs sociaux ?": "bailleurs_sociaux",
    "C’est quoi l’ANRU ?": "anru",
    "Quels sont les domaines d’action du contrat ?": "list_domaine",
    "Que prévoyez-vous pour la santé des habitants ?": "sante",
    "Que faites-vous pour aider les gens à trouver un emploi ?": "emploi",
    "Que faites-vous contre la délinquance ?": "delinquance",
    "Quels sont les trois objectifs ?": "list_objectif",
    "Donnez-moi la liste des dix axes.": "list_axe",
    "Parlez-moi de l’axe 7.": "axe_07_transports_commerces",
    "Comment savoir si mon adresse est concernée ?": "verifier_adresse",
    "Comment contacter le service ?": "contacter_service",
    "Êtes-vous un robot ?": "bot_identite",
    "Que savez-vous faire ?": "bot_capacites",
    "Que faites-vous de mes données personnelles ?": "bot_vie_privee",
    "D’où viennent vos réponses ?": "bot_sources",
    "quels kartier sont concerné": "list_quartier",
    "QUI SONT LES PARTENAIRES": "list_partenaire",
}


def kinds(turn):
    return [reply["kind"] for reply in turn.replies]


def said(turn):
    return "\n".join(reply["text"] for reply in turn.replies)


@pytest.mark.parametrize(("text", "subject"), [pytest.param(text, slug, id=slug) for text, slug in SUBJECTS.items()])
async def test_a_plain_question_gets_its_subject(agent, text, subject):
    turn = await agent.turn(f"simple-{text}", text)
    assert turn.subjects == [subject], said(turn)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Bonjour", "Posez-moi votre question", id="hello"),
        pytest.param("bonsoir madame", "Posez-moi votre question", id="good-evening"),
        pytest.param("Merci beaucoup !", "Avec plaisir", id="thanks"),
        pytest.param("au revoir", "Au revoir", id="goodbye"),
    ],
)
async def test_it_is_polite(agent, text, words):
    turn = await agent.turn(f"poli-{text}", text)
    assert kinds(turn) == ["smalltalk"]
    assert words in said(turn)


async def test_a_greeting_does_not_hide_the_question(agent):
    turn = await agent.turn("bonjour-question", "Bonjour, qui sont les partenaires ?")
    assert turn.subjects == ["list_partenaire"]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        pytest.param(
            "Quels sont les quartiers concernés ? Et qui sont les partenaires ?",
            ["list_quartier", "list_partenaire"],
            id="two-sentences",
        ),
        pytest.param(
            "c’est quoi le contrat de ville et qui sont les partenaires",
            ["contrat_de_ville", "list_partenaire"],
            id="et",
        ),
        pytest.param(
            "Quels quartiers ? Quels objectifs ? Quels domaines ? Quels axes ?",
            ["list_quartier", "list_objectif", "list_domaine"],
            id="three-at-most",
        ),
    ],
)
async def test_it_answers_each_question_of_a_message(agent, text, subjects):
    assert (await agent.turn(f"plusieurs-{text}", text)).subjects == subjects


@pytest.mark.parametrize(
    "turns",
    [
        pytest.param(
            [
                ("les axes", "list_axe"),
                ("le troisième", "axe_03_emploi_economie"),
                ("le dernier", "axe_10_egalite_discriminations"),
            ],
            id="ranks",
        ),
        pytest.param(
            [
                ("qui sont les partenaires ?", "list_partenaire"),
                ("et la CAF ?", "caf"),
                ("et le rectorat ?", "rectorat"),
            ],
            id="names",
        ),
        pytest.param(
            [("quels quartiers sont concernés ?", "list_quartier"), ("et le centre-ville ?", "list_quartier")],
            id="a-place-that-is-not-concerned",
        ),
        pytest.param([("la CAF est partenaire ?", "caf"), ("et les autres ?", "list_partenaire")], id="others"),
        pytest.param([("c’est quoi la CAF ?", "caf"), ("plus simplement ?", "caf")], id="simpler"),
        pytest.param([("c’est quoi la CAF ?", "caf"), ("vous pouvez répéter ?", "caf")], id="repeat"),
        pytest.param([("que faites-vous pour l’emploi ?", "emploi"), ("et pour la santé ?", "sante")], id="domaines"),
    ],
)
async def test_it_follows_the_conversation(agent, turns):
    session = f"suivi-{turns[0][0]}-{turns[1][0]}"
    for text, subject in turns:
        turn = await agent.turn(session, text)
        assert turn.subjects == [subject], f"{text} → {said(turn)}"


async def test_it_says_no_and_names_the_quartiers(agent):
    turn = await agent.turn("non", "Est-ce que le centre-ville est un quartier concerné ?")
    assert said(turn).startswith("Non")
    assert "Mont-Liébaut" in said(turn)


async def test_it_says_it_more_simply(agent):
    first = await agent.turn("simple", "c’est quoi la CAF ?")
    second = await agent.turn("simple", "plus simplement ?")
    assert second.replies[0]["text"] == first.replies[0]["simple"] != first.replies[0]["text"]


@pytest.mark.parametrize("text", ["Quels sont les horaires de la piscine ?", "Quel temps fera-t-il demain ?"])
async def test_it_sends_away_what_is_not_its_subject(agent, text):
    turn = await agent.turn(f"hors-sujet-{text}", text)
    assert kinds(turn) == ["fallback"]
    assert turn.subjects == []
    assert [choice["payload"] for choice in turn.replies[0]["choices"]][-1] == "/start_message"


@pytest.mark.parametrize("text", ["zdfkjh qsdlkfj", "??", "😀", "1234"])
async def test_it_answers_nothing_to_what_says_nothing(agent, text):
    turn = await agent.turn(f"rien-{text}", text)
    assert kinds(turn)[0] in ("fallback", "clarify")
    assert turn.subjects == []


async def test_a_yes_opens_what_was_offered(agent):
    await agent.turn("oui", "comment rejoindre le conseil citoyen ?")
    assert kinds(await agent.turn("oui", "oui")) == ["form"]


async def test_a_yes_to_nothing_opens_nothing(agent):
    assert kinds(await agent.turn("oui-seul", "oui")) == ["smalltalk"]


async def test_500_characters_are_answered(agent):
    turn = await agent.turn("long", ("quels sont les quartiers concernés " * 20)[:500])
    assert turn.replies
