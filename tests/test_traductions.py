"""Translations: only one that was checked against the French text of today is shown."""

from datetime import date

import pytest
from knowledge_fixtures import changed, edit, good_files, write_data

from knowledge.base import KnowledgeBase
from knowledge.check import check
from knowledge.fiches import FicheError, parse_fiche
from knowledge.langues import Langues
from knowledge.replies import explain_french, reply_for_fiche
from knowledge.traductions import fingerprint

TODAY = date(2026, 2, 1)
CAF, INCENDIE = "fiches/partenaires/caf.md", "fiches/urgences/incendie.md"
LANGUES = {"langues.yml": "en:\n  phrase: In French.\npl:\n  phrase: Po francusku.\nfr:\n  mots: [le]\n"}
PHRASES = Langues({"en": "In French."}, {"en": "Use this number."}, {}, {})
CAF_TEXT = "The CAF signs the contract with the State: it is in 101 départements."
CHECKED = "verifie_par: interprète du service\n    verifie_le: 2026-01-11"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_data(tmp_path_factory.mktemp("traductions"), LANGUES)


def french_of(data, name):
    return parse_fiche(data / name, data).fiche.texte_francais


def translated(name, langue="en", texte=CAF_TEXT, more="", before="responsable:"):
    lines = f'traductions:\n  {langue}:\n    texte: "{texte}"\n    {more}\n'
    return edit(name, f"\n{before}", f"\n{lines}{before}")


def checked(data, name, **options):
    return translated(name, more=f'{CHECKED}\n    texte_francais: "{french_of(data, name)}"', **options)


def reply_in(data, changes, langue, slug="caf"):
    with changed(data, changes):
        base = KnowledgeBase.load(data).speaking(langue)
    return reply_for_fiche(base.fiches[slug], base, lead="Oui.")


def findings(data, changes):
    with changed(data, changes):
        return [(finding.level, str(finding)) for finding in check(data, today=TODAY)]


def test_a_checked_translation_is_the_answer_in_that_language(data):
    reply = reply_in(data, checked(data, CAF), "en")
    assert (reply.lang, reply.subject, reply.simple) == ("en", "caf", None)
    assert reply.text == f"{CAF_TEXT}\n\n- [Le site de la CAF](https://caf.example)"
    assert [source.complement for source in reply.sources] == [False, True]


def test_a_translation_has_a_plain_version_of_its_own(data):
    more = f'simple: The CAF signs.\n    {CHECKED}\n    texte_francais: "{french_of(data, CAF)}"'
    reply = reply_in(data, translated(CAF, more=more), "en")
    assert reply.simple == "The CAF signs.\n\n- [Le site de la CAF](https://caf.example)"


@pytest.mark.parametrize(
    ("more", "langue"),
    [
        pytest.param("", "en", id="draft"),
        pytest.param(f"{CHECKED}\n    texte_francais: {{french}}", "pl", id="another-language"),
        pytest.param(f"{CHECKED}\n    texte_francais: {{french}}", "fr", id="french"),
        pytest.param(CHECKED, "en", id="checked-against-nothing"),
        pytest.param(f"{CHECKED}\n    texte_francais: 00000000", "en", id="french-has-changed"),
        pytest.param("verifie_le: 2026-01-11\n    texte_francais: {french}", "en", id="checked-by-nobody"),
        pytest.param("verifie_par: interprète\n    texte_francais: {french}", "en", id="checked-on-no-day"),
    ],
)
def test_any_other_is_not_shown(data, more, langue):
    reply = reply_in(data, translated(CAF, more=more.format(french=french_of(data, CAF))), langue)
    assert (reply.lang, reply.text[:12]) == ("fr", "Oui. La CAF ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("\nLa CAF signe le Contrat", "\nLa CAF ne signe plus le Contrat", id="answer"),
        pytest.param("  Elle signe le contrat.", "  Elle signe.", id="plain-version"),
        pytest.param("dans 101 départements", "dans tous les départements", id="complement"),
    ],
)
def test_it_is_hidden_as_soon_as_the_french_changes(data, old, new):
    text = checked(data, CAF)[CAF]
    assert reply_in(data, {CAF: text}, "en").lang == "en"
    assert text.count(old) == 1
    assert reply_in(data, {CAF: text.replace(old, new)}, "en").lang == "fr"


def test_white_space_is_no_change():
    assert fingerprint(["Un  mot\nici", "là"]) == fingerprint(["Un mot ici ", "là"])
    assert fingerprint(["Un mot", "ici"]) != fingerprint(["Un mot ici"])


@pytest.mark.parametrize(
    ("more", "level", "message"),
    [
        pytest.param("", "warning", "n’est pas relue : elle n’est pas montrée.", id="draft"),
        pytest.param(CHECKED, "warning", "ajoutez « texte_francais: {french} ».", id="no-fingerprint"),
        pytest.param(
            f"{CHECKED}\n    texte_francais: 00000000",
            "warning",
            "relisez-la, changez « verifie_le » et écrivez « texte_francais: {french} ».",
            id="stale",
        ),
        pytest.param("verifie_le: 2026-01-11", "error", "sinon, ni l’un ni l’autre.", id="by-nobody"),
        pytest.param("verifie_par: interprète", "error", "sinon, ni l’un ni l’autre.", id="on-no-day"),
        pytest.param(
            "verifie_par: Alice Martin\n    verifie_le: 2026-01-11\n    texte_francais: {french}",
            "error",
            "et non un nom de personne.",
            id="a-person",
        ),
        pytest.param(
            "verifie_par: interprète\n    verifie_le: 2027-01-11\n    texte_francais: {french}",
            "error",
            "« verifie_le » est dans l’avenir (11/01/2027).",
            id="in-the-future",
        ),
    ],
)
def test_the_check_says_why_it_is_not_shown(data, more, level, message):
    french = french_of(data, CAF)
    found = findings(data, translated(CAF, more=more.format(french=french)))
    assert [(given, said[-len(message.format(french=french)) :]) for given, said in found] == [
        (level, message.format(french=french))
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"langue": "eng"}, "langue inconnue « eng » : vouliez-vous dire « en » ?", id="language"),
        pytest.param({"langue": "fr"}, "langue inconnue « fr » ; les noms possibles sont : en, pl.", id="french"),
        pytest.param({"texte": "It is <b>here</b>"}, "mise en forme interdite (« <b ») : pas de HTML.", id="markup"),
        pytest.param({"texte": "Call 03 21 00 00 00"}, "numéro de téléphone", id="phone"),
        pytest.param(
            {"texte": "In 102 places"}, "nombre « 102 » : la réponse en français ne le donne pas.", id="number"
        ),
    ],
)
def test_the_check_refuses_what_must_not_be_shown(data, options, message):
    errors = [said for level, said in findings(data, checked(data, CAF, **options)) if level == "error"]
    assert message in " ".join(errors)


def test_the_translation_of_an_urgence_gives_its_number(data):
    call = {"texte": "**18**: call the fire brigade.", "before": "complement:"}
    assert findings(data, checked(data, INCENDIE, **call)) == []
    missing = {"texte": "Call the fire brigade.", "before": "complement:"}
    (error,) = findings(data, checked(data, INCENDIE, **missing))
    assert error[1].endswith("il manque le numéro à appeler, « 18 ».")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param("traductions:\n  - en", "il faut ici un code de langue suivi de deux-points", id="a-list"),
        pytest.param(
            "traductions:\n  en:\n    text: x", "clé inconnue « text » : vouliez-vous dire « texte » ?", id="key"
        ),
        pytest.param("traductions:\n  en: x", "il faut ici des clés suivies de deux-points.", id="a-text"),
        pytest.param("traductions:\n  en:\n    texte: x\n    verifie_le: 31/12", "écrivez-la AAAA-MM-JJ", id="date"),
    ],
)
def test_a_header_that_cannot_be_read_says_what_to_mend(data, lines, message):
    changes = {CAF: good_files()[CAF].replace("\nresponsable:", f"\n{lines}\nresponsable:")}
    with changed(data, changes), pytest.raises(FicheError) as caught:
        parse_fiche(data / CAF, data)
    assert message in " ".join(error.message for error in (caught.value, *caught.value.others))


def test_a_french_answer_is_followed_by_one_sentence_in_the_language(data):
    french = reply_in(data, {}, "en")
    (said,) = explain_french([french], "en", PHRASES)
    assert (said.kind, said.text, said.lang) == ("smalltalk", "In French.", "en")
    base = KnowledgeBase.load(data)
    (said,) = explain_french([reply_for_fiche(base.fiches["incendie"], base, "alert")], "en", PHRASES)
    assert (said.kind, said.text, said.lang) == ("alert", "Use this number.", "en")


def test_a_translated_answer_needs_no_sentence(data):
    reply = reply_in(data, checked(data, CAF), "en")
    assert explain_french([reply], "en", PHRASES) == ()


@pytest.mark.parametrize("langue", ["fr", "xx"])
def test_french_and_unknown_languages_have_no_sentence(data, langue):
    assert explain_french([reply_in(data, {}, langue)], langue, PHRASES) == ()
