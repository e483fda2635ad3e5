from datetime import date
from functools import partial

import pytest
from knowledge_fixtures import IDENTITE, changed, edit, good_files, list_questions, write_data

from knowledge.check import check, main

TODAY = date(2026, 2, 1)
CAF = "fiches/partenaires/caf.md"
ETAT = "fiches/partenaires/etat.md"
MOULIN = "fiches/quartiers/moulin.md"
LORRAINE = "fiches/quartiers/rue_de_lorraine.md"
INCENDIE = "fiches/urgences/incendie.md"
BODY = "La CAF signe le Contrat de Quartier avec l’État."
SIMPLE = "  Elle signe le contrat.\n"
UNSUPPORTED = "ni la citation, ni le titre, ni un complément ne le donne."
LONG_URL = "https://caf.example/" + "x" * 400
MANY = " ".join(["mot"] * 13)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_data(tmp_path_factory.mktemp("check"))


def findings(data, changes):
    with changed(data, changes):
        return [str(finding) for finding in check(data, today=TODAY)]


def simple(text, *more):
    return edit(CAF, SIMPLE, f"  {text}\n", *more)


def body(text, *more):
    return edit(CAF, f"\n{BODY}\n", f"\n{text}\n", *more)


def test_nothing_is_found_in_good_content(data):
    assert findings(data, {}) == []


# One thing broken, and the whole of what is said about it.
BROKEN = {
    "unknown key": (
        edit(CAF, "responsable:", "responsables:"),
        [
            f"data/{CAF}:2 : il manque la clé « responsable ».",
            f"data/{CAF}:44 : clé inconnue « responsables » : vouliez-vous dire « responsable » ?",
        ],
    ),
    "unknown genre": (
        edit(CAF, "genre: partenaire", "genre: partner"),
        [f"data/{CAF}:3 : genre inconnu « partner » : vouliez-vous dire « partenaire » ?"],
    ),
    "genre of another folder": (
        edit(CAF, "genre: partenaire", "genre: notion"),
        [f"data/{CAF}:3 : cette fiche de genre « notion » doit être rangée dans le dossier « notions »."],
    ),
    "slug": (
        {INCENDIE: None, "fiches/urgences/Feu-Maison.md": good_files()[INCENDIE]}
        | edit("declencheurs.yml", "incendie:", "Feu-Maison:"),
        [
            (
                "data/fiches/urgences/Feu-Maison.md:1 : le nom de fichier « Feu-Maison » doit s’écrire "
                "en petites lettres sans accent, les mots joints par « _ »."
            )
        ],
    ),
    "one slug twice": (
        {"fiches/quartiers/caf.md": good_files()[CAF]},
        ["data/fiches/quartiers/caf.md:1 : une autre fiche porte déjà le nom « caf » : renommez ce fichier."],
    ),
    "citation": (
        edit(MOULIN, 'citation: "Le quartier du Moulin"', 'citation: "Le quartier du moulin"'),
        [
            (
                f"data/{MOULIN}:33 : la citation n’est pas mot pour mot dans la source « page » : "
                "elle s’en écarte après « Le quartier du »."
            )
        ],
    ),
    "citation that begins otherwise": (
        edit(ETAT, '"L’État, la CAF', '"Létat, la CAF'),
        [
            (
                f"data/{ETAT}:32 : la citation n’est pas mot pour mot dans la source « page » : "
                "« Létat, » n’y est pas. Recopiez la phrase de la page."
            )
        ],
    ),
    "second citation of a list": (
        edit(CAF, 'partenaires signent"\n', 'partenaires signent"\n  - "un contrat"\n'),
        [
            (
                f"data/{CAF}:35 : la citation n’est pas mot pour mot dans la source « page » : "
                "elle s’en écarte après « un »."
            )
        ],
    ),
    "unknown source": (
        edit(ETAT, "source: page", "source: pages"),
        [f"data/{ETAT}:33 : source inconnue « pages » : vouliez-vous dire « page » ?"],
    ),
    "citation without source": (
        edit(ETAT, "source: page\n", ""),
        [f"data/{ETAT}:32 : il y a une citation : indiquez sa « source »."],
    ),
    "source without citation": (
        edit(INCENDIE, "genre: urgence\n", "genre: urgence\nsource: page\n"),
        [f"data/{INCENDIE}:4 : il y a une source, mais aucune citation : recopiez la phrase."],
    ),
    "nothing that supports": (
        edit(LORRAINE, 'citation: "Le quartier de la rue de Lorraine"\nsource: page\n', ""),
        [
            (
                f"data/{LORRAINE}:2 : rien n’appuie cette réponse : ajoutez une « citation » de la page, "
                "ou un « complement »."
            )
        ],
    ),
    "complément without source": (
        edit(CAF, "    source: Le site de la CAF\n", ""),
        [f"data/{CAF}:37 : il manque la clé « source »."],
    ),
    "complément without date": (
        edit(CAF, "    verifie_le: 2026-01-09\n", ""),
        [f"data/{CAF}:37 : il manque la clé « verifie_le »."],
    ),
    "proper noun in the answer": (
        body("La CAF signe.\n\nElle est aidée par Dupont."),
        [f"data/{CAF}:54 : nom propre « Dupont » : {UNSUPPORTED}"],
    ),
    "proper noun after an elision": (
        body("L’Agence signe."),
        [f"data/{CAF}:52 : nom propre « Agence » : {UNSUPPORTED}"],
    ),
    "proper noun in simple": (
        simple("Elle signe avec Dupont."),
        [f"data/{CAF}:43 : nom propre « Dupont » : {UNSUPPORTED}"],
    ),
    "acronym at the start of a sentence": (
        body("SNCF et CAF signent."),
        [f"data/{CAF}:52 : nom propre « SNCF » : {UNSUPPORTED}"],
    ),
    "number in digits": (
        body("Elle agit depuis 1 999 jours."),
        [f"data/{CAF}:52 : nombre « 1 999 » : {UNSUPPORTED}"],
    ),
    "number in words": (
        body("Elle agit en trois lieux."),
        [f"data/{CAF}:52 : nombre « trois » : {UNSUPPORTED}"],
    ),
    "address": (
        body("Voir [ce site](https://autre.example)."),
        [f"data/{CAF}:52 : adresse « https://autre.example » : {UNSUPPORTED}"],
    ),
    "intro of a list": (
        edit("genres.yml", 'Deux quartiers sont concernés :"', 'Deux quartiers de Paris sont concernés :"'),
        [f"data/genres.yml:3 : nom propre « Paris » : {UNSUPPORTED}"],
    ),
    "simple of a list": (
        edit("genres.yml", "Il y a deux quartiers :", "Il y a sept quartiers :"),
        [f"data/genres.yml:4 : nombre « sept » : {UNSUPPORTED}"],
    ),
    "citation of a list": (
        edit("genres.yml", "Pour notre ville, deux", "Pour notre ville, trois"),
        [
            (
                "data/genres.yml:5 : la citation n’est pas mot pour mot dans la source « page » : "
                "elle s’en écarte après « Pour notre ville, »."
            )
        ],
    ),
    "key of a list": (
        edit("genres.yml", "  complete: true", "  complet: true"),
        [
            "data/genres.yml:1 : il manque la clé « complete ».",
            "data/genres.yml:7 : clé inconnue « complet » : vouliez-vous dire « complete » ?",
        ],
    ),
    "checked in the future": (
        edit(ETAT, "verifie_le: 2026-01-10", "verifie_le: 2026-03-10"),
        [f"data/{ETAT}:36 : « verifie_le » est dans l’avenir (10/03/2026)."],
    ),
    "complément checked in the future": (
        edit(CAF, "verifie_le: 2026-01-09", "verifie_le: 2027-01-09"),
        [f"data/{CAF}:40 : « verifie_le » est dans l’avenir (09/01/2027)."],
    ),
    "dates out of order": (
        edit(ETAT, "a_revoir_le: 2026-07-10", "a_revoir_le: 2026-01-10"),
        [f"data/{ETAT}:37 : « a_revoir_le » doit venir après « verifie_le »."],
    ),
    "late": (
        edit(ETAT, "a_revoir_le: 2026-07-10", "a_revoir_le: 2026-01-31"),
        [f"data/{ETAT}:37 : cette fiche était à revoir le 31/01/2026."],
    ),
    "one question in two fiches": (
        edit(ETAT, "  - que dire de l’État en 3 mots", "  - Que dire de la CAF, en 3 mots ?"),
        [
            (
                f"data/{ETAT}:9 : la question « Que dire de la CAF, en 3 mots ? » est déjà dans "
                f"data/{CAF}:10 : gardez-la à un seul endroit."
            )
        ],
    ),
    "one question twice in a fiche": (
        edit(ETAT, "que dire de l’État en 3 mots", "que dire de l’Etat en 2 mots"),
        [
            (
                f"data/{ETAT}:9 : la question « que dire de l’Etat en 2 mots » est déjà dans data/{ETAT}:8 : "
                "gardez-la à un seul endroit."
            )
        ],
    ),
    "one question in a fiche and in a list": (
        edit(ETAT, "que dire de l’État en 3 mots", "que dire de tous les quartiers en 4 mots"),
        [
            (
                f"data/{ETAT}:9 : la question « que dire de tous les quartiers en 4 mots » est déjà dans "
                "data/genres.yml:12 : gardez-la à un seul endroit."
            )
        ],
    ),
    "empty question": (
        edit(ETAT, "que dire de l’État en 3 mots", "'?'"),
        [f"data/{ETAT}:9 : cette question est vide."],
    ),
    "too few questions": (
        edit(ETAT, "  - que dire de l’État en 25 mots\n", ""),
        [f"data/{ETAT}:6 : il y a 24 questions : il en faut au moins 25, bien variées."],
    ),
    "too few questions of a bot fiche": (
        {"fiches/bot/identite.md": IDENTITE.format(questions="  - qui es-tu")},
        ["data/fiches/bot/identite.md:4 : il y a 1 question : il en faut au moins 25, bien variées."],
    ),
    "too few questions of a list": (
        edit("genres.yml", "    - que dire de tous les partenaires en 25 mots\n", ""),
        ["data/genres.yml:41 : il y a 24 questions : il en faut au moins 25, bien variées."],
    ),
    "too many questions": (
        edit(ETAT, list_questions("l’État"), list_questions("l’État", 201)),
        [f"data/{ETAT}:6 : il y a 201 questions : au-delà de 200, gardez les plus différentes."],
    ),
    "one name in two fiches": (
        edit(ETAT, "  - État\n", "  - État\n  - la caf\n"),
        [
            (
                f"data/{ETAT}:6 : le nom « la caf » ressemble trop à « La CAF » de data/{CAF} : "
                "gardez-le dans une seule fiche."
            )
        ],
    ),
    "nearly one name in two fiches": (
        edit(LORRAINE, "[rue de Lorraine]", "[rue de Lorraine, quartier Moulins]"),
        [
            (
                f"data/{LORRAINE}:4 : le nom « quartier Moulins » ressemble trop à « quartier Moulin » "
                f"de data/{MOULIN} : gardez-le dans une seule fiche."
            )
        ],
    ),
    "empty name": (
        edit(ETAT, "  - État\n", "  - '?'\n"),
        [f"data/{ETAT}:5 : ce nom est vide."],
    ),
    "known acronym that is not explained": (
        edit(CAF, "  La CAF est la caisse d’allocations familiales.\n", "  La CAF signe.\n"),
        [
            (
                f"data/{CAF}:42 : le sigle « CAF » n’est pas expliqué : écrivez aussi son nom complet, "
                "par exemple « CAF (caisse d’allocations familiales) »."
            )
        ],
    ),
    "other acronym that is not explained": (
        edit(ETAT, "simple: L’État signe", "simple: L’État aide la ZUP et signe")
        | edit("sources/page.txt", "la santé…", "la santé, la ZUP…"),
        [f"data/{ETAT}:34 : le sigle « ZUP » n’est pas expliqué : écrivez aussi son nom complet."],
    ),
    "long sentence": (
        simple(f"Elle {MANY} mot l’mot."),
        [
            (
                f"data/{CAF}:43 : phrase de 16 mots dans « simple » (« Elle mot mot mot mot mot… ») : "
                "coupez-la, 15 mots au plus."
            )
        ],
    ),
    "long sentence of a list": (
        edit("genres.yml", "Il y a deux quartiers :", f"Il y a {MANY} :"),
        [
            (
                "data/genres.yml:4 : phrase de 16 mots dans « simple » (« Il y a mot mot mot… ») : "
                "coupez-la, 15 mots au plus."
            )
        ],
    ),
    "long paragraph": (
        body("La CAF signe.\n\n" + "mot " * 100 + "fin."),
        [
            (
                f"data/{CAF}:54 : paragraphe de 404 caractères (« mot mot mot mot mot mot… ») : "
                "coupez-le, 400 caractères au plus."
            )
        ],
    ),
    "long opening": (
        body("Un. Deux. Trois ! Quatre ?"),
        [
            (
                f"data/{CAF}:52 : le premier paragraphe a 4 phrases : "
                "il doit répondre seul, en 3 phrases au plus."
            ),
            *(f"data/{CAF}:52 : nombre « {number} » : {UNSUPPORTED}" for number in ("Quatre", "Trois")),
        ],
    ),
    "no answer": (
        body(""),
        [f"data/{CAF}:2 : il manque la réponse, sous l’en-tête."],
    ),
    "HTML": (
        body("La CAF <b>signe</b>."),
        [f"data/{CAF}:52 : mise en forme interdite (« <b ») : pas de HTML."],
    ),
    "braces": (
        edit(CAF, "  - que dire de la CAF en 2 mots", "  - que dire de la {CAF} en 2 mots"),
        [f"data/{CAF}:9 : mise en forme interdite (« {'{'} ») : pas d’accolades."],
    ),
    "title": (
        body("La CAF signe.\n\n## La suite"),
        [
            (
                f"data/{CAF}:54 : mise en forme interdite (« ## ») : "
                "pas de titre avec « # » : utilisez le **gras**."
            )
        ],
    ),
    "table in simple": (
        simple("| la | liste |"),
        [f"data/{CAF}:43 : mise en forme interdite (« | ») : pas de tableau : utilisez une liste."],
    ),
    "phone number": (
        edit(CAF, "101 départements", "101 départements, au 03 21 00 00 00"),
        [f"data/{CAF}:37 : numéro de téléphone (« 03 21 00 00 00 ») : sa place est dans contact.yml."],
    ),
    "short phone number": (
        edit(CAF, "101 départements.", "101 départements. Appelez le 18."),
        [f"data/{CAF}:37 : numéro de téléphone (« Appelez le 18 ») : sa place est dans contact.yml."],
    ),
    "phone number in a list": (
        edit("genres.yml", '"Il y a deux quartiers :"', '"Les deux quartiers (116 006) :"')
        | edit("sources/page.txt", "sont concernés :", "sont concernés : 116 006"),
        ["data/genres.yml:4 : numéro de téléphone (« 116 006 ») : sa place est dans contact.yml."],
    ),
    "address of a link": (
        edit(CAF, "texte: Le site de la CAF\n    url: https://caf", "texte: Le site de la CAF\n    url: caf"),
        [f"data/{CAF}:49 : l’adresse « caf.example » doit commencer par https://."],
    ),
    "contact key": (
        edit("contact.yml", "courriel:", "couriel:"),
        ["data/contact.yml:3 : clé inconnue « couriel » : vouliez-vous dire « courriel » ?"],
    ),
    "contact phone": (
        edit("contact.yml", 'telephone: ""', "telephone: le standard"),
        [
            (
                "data/contact.yml:2 : « telephone » doit être un numéro de téléphone, en chiffres, "
                "et non « le standard »."
            )
        ],
    ),
    "contact e-mail": (
        edit("contact.yml", 'courriel: ""', "courriel: service chez ville"),
        [
            (
                "data/contact.yml:3 : « courriel » doit être une adresse de courriel, "
                "et non « service chez ville »."
            )
        ],
    ),
    "contact page": (
        edit("contact.yml", 'page: ""', "page: ville.example"),
        [
            (
                "data/contact.yml:4 : « page » doit être l’adresse complète d’une page, avec https://, "
                "et non « ville.example »."
            )
        ],
    ),
    "unknown urgence": (
        edit("declencheurs.yml", "malaise:", "malaize:")
        | edit("fiches/urgences/malaise.md", "complement:", "questions: [je tombe]\ncomplement:"),
        [
            (
                "data/declencheurs.yml:8 : aucune fiche d’urgence ne s’appelle « malaize » : "
                "vouliez-vous dire « malaise » ?"
            )
        ],
    ),
    "unusable expression": (
        edit("declencheurs.yml", "respire plus", "'*'"),
        ["data/declencheurs.yml:9 : expression inutilisable « * » : écrivez au moins un mot qui compte."],
    ),
    "urgence that nothing calls": (
        edit("declencheurs.yml", "malaise:\n  - respire plus\n  - je veux * mourir\n", ""),
        [
            (
                "data/fiches/urgences/malaise.md:2 : cette urgence n’a ni question ni déclencheur : "
                "personne ne peut l’obtenir."
            )
        ],
    ),
    "missing file": (
        {"declencheurs.yml": None},
        ["data/declencheurs.yml:1 : ce fichier n’existe pas."],
    ),
    "source without title": (
        edit("sources/sources.yml", "  titre: La page de la Ville\n", ""),
        ["data/sources/sources.yml:1 : il manque la clé « titre »."],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_finds_what_is_broken_and_nothing_else(data, name):
    changes, expected = BROKEN[name]
    assert findings(data, changes) == expected


FINE = {
    "white space in a citation": edit(ETAT, "L’État, la CAF et", "L’État,  la\u00a0CAF et"),
    "known supports": body(
        "À la **CAF** (101 départements) : le Contrat de Quartier, l’État, deux quartiers."
    ),
    "number written otherwise": body("Il y en a 101\u202f000.", "101 départements.", "101 000 départements."),
    "number of a list marker": body("La CAF signe :\n\n1. un contrat\n2. une charte"),
    "address of a link": body("Voir [le site](https://caf.example)."),
    "quoted sentence": body("Dites « Je veux un contrat » ou « Vous signez ? »."),
    "initials of an abbreviation": body("Elle aide. Mais qui ? Elle le dit…"),
    "acronym explained by its initials": simple(
        "Elle aide la zone d’Urbanisme Prioritaire (ZUP).",
        "dans 101 départements",
        "dans 101 départements, pour la ZUP, zone d’Urbanisme Prioritaire",
    ),
    "sentence of fifteen words": simple(f"Elle {MANY} [mot](https://caf.example)."),
    "lines that are sentences": simple(f"Elle {MANY}.\n  Elle {MANY}."),
    "paragraph of 400 characters": body("m" * 399 + "."),
    "long address": body(
        f"Voir [le site]({LONG_URL}).",
        "    source: Le site de la CAF\n    url: https://caf.example\n",
        f"    source: x\n    url: {LONG_URL}\n",
    ),
    "numbers that are no phone": edit(
        CAF, "101 départements.", "101 départements, 3 000 habitants, le 15 mars 2015."
    ),
    "number in a question": edit(ETAT, "que dire de l’État en 3 mots", "j’ai appelé le 17 et le 3919"),
    "contact filled in": {
        "contact.yml": "nom: x\ntelephone: 01 02 03 04 05\ncourriel: a@b.fr\n"
        "page: https://b.fr/c\nhoraires: 9 h"
    },
}


@pytest.mark.parametrize("name", FINE)
def test_it_lets_what_is_right_be(data, name):
    assert findings(data, FINE[name]) == []


def test_words_may_be_permitted(data):
    changes = simple("Dupont écrit un SMS à Dupont.")
    assert len(findings(data, changes)) == 3
    permitted = {"mots_permis.txt": "SMS\ndupont  # le moulin de la chanson\n"}
    assert findings(data, changes | permitted) == []


def test_it_prints_errors_then_warnings_and_exits_with_1(data, capsys, monkeypatch):
    monkeypatch.setattr("knowledge.check.check", partial(check, today=TODAY))
    late = edit(LORRAINE, "a_revoir_le: 2026-07-08", "a_revoir_le: 2026-01-09")
    with changed(data, late | body("")):
        assert main([str(data)]) == 1
    assert capsys.readouterr().out == (
        f"data/{CAF}:2 : il manque la réponse, sous l’en-tête.\n"
        "À surveiller :\n"
        f"  data/{LORRAINE}:36 : cette fiche était à revoir le 09/01/2026.\n"
        "7 fiches, 1 erreur.\n"
    )


def test_it_exits_with_0_when_there_is_nothing_to_mend(data, capsys, monkeypatch):
    monkeypatch.setattr("knowledge.check.check", partial(check, today=TODAY))
    assert main([str(data)]) == 0
    assert capsys.readouterr().out == "7 fiches, tout est en ordre.\n"


def test_it_says_when_there_is_no_content(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "ne contient pas de dossier « fiches »" in capsys.readouterr().out
