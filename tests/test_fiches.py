from datetime import date

import pytest
from knowledge_fixtures import changed, edit, good_files, write_data

from knowledge.fiches import Complement, FicheError, Lien, load_fiches, parse_fiche, strip_article

DATE_HINT = "écrivez-la AAAA-MM-JJ, par exemple 2026-11-22."
CAF = "fiches/partenaires/caf.md"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_data(tmp_path_factory.mktemp("fiches"))


def load_error(data, changes):
    with changed(data, changes), pytest.raises(FicheError) as caught:
        load_fiches(data)
    return caught.value


def test_it_loads_every_key(tmp_path):
    fiches = {fiche.slug: fiche for fiche in load_fiches(write_data(tmp_path))}
    caf = fiches["caf"]
    assert (caf.genre, caf.titre, caf.alias) == (
        "partenaire",
        "La CAF",
        ("CAF", "caisse d’allocations familiales"),
    )
    assert len(caf.questions) == 25
    assert caf.citations == ("L’État, la CAF et d’autres partenaires signent",)
    assert caf.source == "page"
    assert caf.complements == (
        Complement(
            "La CAF verse des allocations dans 101 départements.",
            "Le site de la CAF",
            "https://caf.example",
            date(2026, 1, 9),
        ),
    )
    assert caf.simple == "La CAF est la caisse d’allocations familiales.\nElle signe le contrat."
    assert (caf.responsable, caf.verifie_le, caf.a_revoir_le) == (
        "service des quartiers",
        date(2026, 1, 10),
        date(2026, 7, 10),
    )
    assert caf.liens == (Lien("Le site de la CAF", "https://caf.example"),)
    assert caf.corps == "La CAF signe le Contrat de Quartier avec l’État."


def test_a_fiche_may_leave_out_what_is_optional(tmp_path):
    fiche = parse_fiche(write_data(tmp_path) / "fiches/urgences/incendie.md", tmp_path / "data").fiche
    assert (fiche.alias, fiche.questions, fiche.citations, fiche.source, fiche.liens) == (
        (),
        (),
        (),
        None,
        (),
    )
    assert fiche.complements[0].url is None


def test_fiches_come_in_the_order_of_the_page(tmp_path):
    order = [fiche.slug for fiche in load_fiches(write_data(tmp_path))]
    # "État" and "CAF" share one citation: their place inside it decides, not the alphabet.
    assert order == ["moulin", "rue_de_lorraine", "etat", "caf", "incendie", "malaise", "identite"]


def test_a_part_of_a_citation_does_not_come_before_the_whole(tmp_path):
    changes = edit("fiches/partenaires/etat.md", "L’État, la CAF et d’autres", "la CAF et d’autres")
    order = [
        fiche.slug for fiche in load_fiches(write_data(tmp_path, changes)) if fiche.genre == "partenaire"
    ]
    assert order == ["etat", "caf"]


def test_words_of_yaml_stay_words(tmp_path):
    changes = edit(CAF, "  - CAF\n", "  - CAF\n  - non\n  - 17\n  - on\n")
    caf = parse_fiche(write_data(tmp_path, changes) / CAF, tmp_path / "data").fiche
    assert caf.alias[1:4] == ("non", "17", "on")


def test_it_composes_accents_and_drops_the_byte_order_mark(tmp_path):
    changes = {
        "fiches/partenaires/etat.md": "\ufeff"
        + good_files()["fiches/partenaires/etat.md"].replace("É", "E\u0301")
    }
    path = write_data(tmp_path, changes) / "fiches/partenaires/etat.md"
    assert parse_fiche(path, tmp_path / "data").fiche.titre == "L’État"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("titre: La CAF\n", "titres: La CAF\n", 2, "clé inconnue « titres » : vouliez-vous dire « titre » ?"),
        (
            "genre: partenaire\n",
            "genre: partenair\n",
            3,
            "genre inconnu « partenair » : vouliez-vous dire « partenaire » ?",
        ),
        (
            "genre: partenaire\n",
            "genre: partenaire\ngenre: axe\n",
            4,
            "la clé « genre » est écrite deux fois : gardez-en une.",
        ),
        ("titre: La CAF\n", "titre:\n", 2, "la clé « titre » est vide."),
        ("titre: La CAF\n", "titre: [La CAF]\n", 2, "« titre » doit être un texte, et non une liste."),
        (
            "  - CAF\n",
            "  - CAF : la caisse\n",
            4,
            (
                "« alias » doit être une liste de textes, un par ligne après un tiret. "
                "Mettez entre guillemets un texte qui contient « : »."
            ),
        ),
        (
            "a_revoir_le: 2026-07-10",
            "a_revoir_le: 2026-13-10",
            46,
            "la date « 2026-13-10 » de « a_revoir_le » n’existe pas : " + DATE_HINT,
        ),
        (
            "verifie_le: 2026-01-09",
            "verifie_le: hier",
            40,
            "la date « hier » de « verifie_le » n’existe pas : " + DATE_HINT,
        ),
        ("    source: Le site de la CAF\n", "", 37, "il manque la clé « source »."),
        (
            "    url: https://caf.example\n    verifie",
            "    urls: x\n    verifie",
            39,
            "clé inconnue « urls » : vouliez-vous dire « url » ?",
        ),
        (
            "liens:\n  - texte: Le site",
            "liens: Le site\nalia:\n  - texte: Le site",
            48,
            "clé inconnue « alia » : vouliez-vous dire « alias » ?",
        ),
    ],
)
def test_an_error_names_the_file_the_line_and_what_to_do(data, old, new, line, message):
    error = load_error(data, edit(CAF, old, new))
    assert (error.path.as_posix(), error.line, error.message) == (f"data/{CAF}", line, message)
    assert str(error) == f"data/{CAF}:{line} : {message}"


def test_the_other_errors_of_a_header_come_with_the_first(data):
    text = good_files()[CAF].replace("titre:", "title:").replace("genre:", "gender:")
    error = load_error(data, {CAF: text})
    assert [other.message for other in (error, *error.others)] == [
        "clé inconnue « title » : vouliez-vous dire « titre » ?",
        "clé inconnue « gender » : vouliez-vous dire « genre » ?",
        "il manque la clé « titre ».",
        "il manque la clé « genre ».",
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("titre: x\n", 1, "la première ligne d’une fiche doit être « --- »."),
        ("---\ntitre: x\n", 1, "l’en-tête n’est pas fermé : ajoutez une ligne « --- » avant la réponse."),
        ("---\n- x\n---\n", 2, "il faut ici des clés suivies de deux-points, une par ligne."),
        ("---\na: {b: {c: {d: {e: {f: {g: 1}}}}}}\n---\n", 2, "il y a trop de niveaux imbriqués ici."),
        ("---\na:\n  " + "[" * 300_000 + "\n---\n", 3, "il y a trop de niveaux imbriqués ici."),
        ("---\na:\n  " + "- " * 300_000 + "\n---\n", 3, "il y a trop de niveaux imbriqués ici."),
        ("---\na: &x [*x]\n---\n", 2, "les renvois de YAML (« &nom » et « *nom ») ne se lisent pas ici."),
    ],
    ids=["no-header", "not-closed", "a-list", "too-deep", "300000-brackets", "300000-dashes", "alias"],
)
def test_a_file_that_is_no_fiche_is_refused(data, text, line, message):
    error = load_error(data, {"fiches/axes/axe.md": text})
    assert str(error) == f"data/fiches/axes/axe.md:{line} : {message}"


def test_yaml_that_cannot_be_read_points_at_the_line(data):
    error = load_error(data, edit(CAF, "titre: La CAF\n", "titre: « La : CAF » : x\n"))
    assert error.line == 2
    assert error.message.startswith("le texte n’est pas lisible à partir d’ici.")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    data = write_data(tmp_path)
    (data / CAF).write_bytes("---\ntitre: é\n---\n".encode("latin-1"))
    with pytest.raises(FicheError, match="pas en UTF-8"):
        load_fiches(data)


def test_two_files_of_one_name_are_refused(data):
    error = load_error(data, {"fiches/quartiers/caf.md": good_files()[CAF]})
    assert error.message == "une autre fiche porte déjà le nom « caf » : renommez ce fichier."


@pytest.mark.parametrize(
    ("words", "expected"), [("la caf", "caf"), ("l etat", "etat"), ("lac", "lac"), ("la", "la")]
)
def test_it_strips_the_article(words, expected):
    assert strip_article(words) == expected
