"""Personal data found by its shape or by what announces it, and what must be left alone."""

import pytest

from knowledge.masking import Masker, mask_values

KNOWN = ("Mont-Liébaut", "rue de Lille", "CAF", "ANRU", "Région Hauts-de-France")
MASKER = Masker(KNOWN, lambda text: [(text.index("Zoé"), len(text))] if "Zoé" in text else [])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param("mon tel 06 12 34 56 78 merci", "mon tel [téléphone] merci", id="phone"),
        pytest.param("0612345678", "[téléphone]", id="phone-glued"),
        pytest.param("au 06.12.34.56.78 ou O6-12-34-56-78", "au [téléphone] ou [téléphone]", id="phone-dots-letter-o"),
        pytest.param("+32 470 12 34 56", "[téléphone]", id="phone-abroad"),
        pytest.param("zéro six douze trente-quatre cinquante-six neuf", "[téléphone]", id="phone-spoken"),
        pytest.param("06 12 34 56 7", "[téléphone]", id="phone-too-short"),
        pytest.param("@1985 0612345678", "@[pseudo] [téléphone]", id="phone-that-another-find-cuts"),
        pytest.param("né en 1985 0612345678", "né en [date] [téléphone]", id="phone-after-a-year"),
        pytest.param("écrivez à zoe.x@laposte.net", "écrivez à [e-mail]", id="e-mail"),
        pytest.param("zoe.x arobase laposte point net", "[e-mail]", id="e-mail-spoken"),
        pytest.param("sécu 2 85 05 62 119 123 45", "sécu [n° de sécurité sociale]", id="social-security"),
        pytest.param("285056211912345", "[n° de sécurité sociale]", id="social-security-glued"),
        pytest.param("FR76 3000 6000 0112 3456 7890 189", "[compte bancaire]", id="iban"),
        pytest.param("dossier n° 1234567A refusé", "dossier n° [n° de dossier] refusé", id="file-number"),
        pytest.param("allocataire 4412345", "allocataire [n° de dossier]", id="allocataire"),
        pytest.param("réf : AB-2024-118", "réf : [n° de dossier]", id="reference"),
        pytest.param("le 62A77B19X", "le [n° de dossier]", id="code"),
        pytest.param("née le 3 mars 1985", "née le [date]", id="birth-in-words"),
        pytest.param("le 12/05/1985", "le [date]", id="date"),
        pytest.param("je suis né en 1972", "je suis né en [date]", id="birth-year"),
        pytest.param("12 bis rue de Lille et je cherche", "[adresse] et je cherche", id="address"),
        pytest.param("je vis 4, allée des Tilleuls", "je vis [adresse]", id="address-comma"),
        pytest.param("appartement 12, bât B", "[adresse], [adresse]", id="door"),
        pytest.param("Je m’appelle Inès Nowak", "Je m’appelle [nom]", id="introduced"),
        pytest.param("je mapelle karim benali jhabite la", "je mapelle [nom] jhabite la", id="introduced-lower-case"),
        pytest.param("je m'appelle rose", "je m'appelle [nom]", id="introduced-ordinary-word"),
        pytest.param("mon nom est jean de la tour", "mon nom est [nom]", id="particles"),
        pytest.param("NOM : DURAND", "NOM : [nom]", id="capitals"),
        pytest.param("Mme Leroy-Delattre m'a dit non", "Mme [nom] m'a dit non", id="titled"),
        pytest.param("monsieur dupont m'a dit non", "monsieur [nom] m'a dit non", id="titled-lower-case"),
        pytest.param("mon fils Karim est au collège", "mon fils [nom] est au collège", id="kin"),
        pytest.param("Bonjour Zoé Xylophone", "Bonjour [nom]", id="found-by-the-model"),
        pytest.param("06_12_34_56_78 ou 06,12,34,56,78", "[téléphone] ou [téléphone]", id="phone-odd-marks"),
        pytest.param("zoe_x at gmail dot com", "[e-mail]", id="e-mail-english"),
        pytest.param("zoe.x[a]gmail.com", "[e-mail]", id="e-mail-bracket"),
        pytest.param("insta : @zoe_x62", "insta : [pseudo]", id="handle"),
        pytest.param("mon facebook c'est zoe.x.5", "mon facebook c'est [pseudo]", id="network"),
        pytest.param("https://www.facebook.com/zoe.x.5", "[pseudo]", id="profile-address"),
        pytest.param("rue Sadi Carnot au 45", "[adresse]", id="address-number-last"),
        pytest.param("au 45 de la rue Sadi Carnot", "au [adresse]", id="address-number-of"),
        pytest.param("douze rue des lilas", "[adresse]", id="address-number-in-words"),
        pytest.param("12rue des lilas", "[adresse]", id="address-glued"),
        pytest.param("lieu-dit Le Perroy numéro 8", "[adresse]", id="address-hamlet"),
        pytest.param("chambre 214", "[adresse]", id="room"),
        pytest.param("ma plaque AB-123-CD", "ma plaque [n° de dossier]", id="plate"),
        pytest.param("immatriculé 1234 AB 62", "immatriculé [n° de dossier]", id="old-plate"),
        pytest.param("mon code CDFG-HJKM", "mon code [n° de dossier]", id="follow-up-code"),
        pytest.param("née le trois mars mille neuf cent quatre-vingt-cinq", "née le [date]", id="birth-spelled-out"),
        pytest.param("mon mari s'appelle abdelkader ziani", "mon mari s'appelle [nom]", id="kin-introduced"),
        pytest.param("My name is John Hutchinson", "My name is [nom]", id="english"),
        pytest.param("I am Priya Subramanian, I need help", "I am [nom], I need help", id="english-capitals"),
        pytest.param("nazywam się Zbigniew Brzęczyk", "nazywam się [nom]", id="polish"),
        pytest.param("اسمي محمد الحديثي", "اسمي [nom]", id="arabic"),
        pytest.param("меня зовут Владимир Кузнецов", "меня зовут [nom]", id="russian"),
    ],
)
def test_personal_data_is_replaced_by_what_it_is(text, masked):
    assert MASKER.mask(text) == masked
    assert MASKER.mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Le Mont-Liébaut et la rue de Lille sont-ils concernés ?",
        "appelez le 3919, le 115 ou le 17",
        "le contrat de ville 2015-2020, de 2015 à 2020",
        "un budget de 1 500 000 euros",
        "le numéro 5 de la liste, l’axe 10",
        "Madame la maire, que faites-vous ?",
        "bonjour madame, monsieur",
        "un monsieur passe relever les compteurs",
        "comment vous vous appelez ? elle s’appelle comment",
        "quel est le nom du service",
        "les 4 rues du quartier, 3 places au conseil",
        "rénovation des logements du quartier, portez-vous bien",
        "le contrat de ville 2024 place de la mairie",
        "je suis perdu, il me faut un papier",
        "mon mari me frappe",
        "I am Polish and I need help",
        "le 115 et le 119, ou le 112 ou le 17",
        "comment s’appelle le conseil citoyen",
        "une place au conseil citoyen, deux réunions",
        "rue de Lille au mois de mars",
        "Facebook de la mairie, ou Instagram",
        "les axes 1, 2, 3, 4, 5, 6, 7 et 8",
    ],
)
def test_the_rest_is_left_alone(text):
    assert MASKER.mask(text) == text


def test_the_names_of_the_content_are_nobody():
    masker = Masker(KNOWN, lambda text: [(0, len(text))])
    assert masker.mask("Mont-Liébaut") == "Mont-Liébaut"
    assert masker.mask("Zoé Xylophone") == "[nom]"


def test_given_strings_are_replaced_as_words():
    assert mask_values("Nom : Al. Alors, Al ?", {"Al": "[votre nom]"}) == "Nom : [votre nom]. Alors, [votre nom] ?"
    assert mask_values("Zoé Zoé X", {"Zoé": "a", "Zoé X": "b"}) == "a b"
