"""A fiche as the fields of a form, and back: one thing a line, one row a complément or a link."""

from datetime import date, timedelta
from typing import Any

from gateway.agents.forms import Form
from knowledge.fiche_files import BODY, format_fiche
from knowledge.fiches import FOLDERS
from knowledge.marked_yaml import Value
from knowledge.sources import Source
from knowledge.traductions import fingerprint

FORM_LIMIT = 128 * 1024  # bytes: sixty questions and eleven translations, percent-encoded
TEXT_LIMIT = 4000
LIST_LIMIT = 12_000
LINE_LIMIT = 400
ROWS = {"complement": ("texte", "source", "url", "verifie_le"), "liens": ("texte", "url")}
MOST_ROWS = 6
REVIEW_AFTER = timedelta(days=182)

Fields = dict[str, Any]


def blank_fields(genre: str, titre: str, responsable: str, today: date) -> Fields:
    """The fields of a fiche that does not exist yet."""
    days = {"verifie_le": today.isoformat(), "a_revoir_le": (today + REVIEW_AFTER).isoformat()}
    return {"genre": genre, "titre": titre, "responsable": responsable, **days}


def fields_of(values: dict[str, Value], corps: str) -> Fields:
    """The fields of a fiche that exists: its header, and its answer."""
    return {**values, "citation": _as_list(values.get("citation")), BODY: corps}


def read_fiche(form: Form, sources: dict[str, Source], languages: dict[str, str]) -> Fields:
    """The fields of a posted form; what is wrong with a field by itself is in `form.errors`.

    Sentences of the page that were ticked join the citations.
    """
    fields: Fields = {name: form.text(name, LINE_LIMIT) for name in ("titre", "genre", "source", "responsable")}
    fields |= {name: form.text(name, 20) for name in ("verifie_le", "a_revoir_le")}
    fields |= {name: form.lines(name, LIST_LIMIT) for name in ("alias", "questions", "citation")}
    fields |= {name: form.block(name, TEXT_LIMIT) for name in ("simple", BODY)}
    page = sentences_of(sources[fields["source"]]) if fields["source"] in sources else []
    ticked = set(form.every("phrase"))
    quoted = [sentence for place, sentence in enumerate(page) if str(place) in ticked]
    fields["citation"] = list(dict.fromkeys([*fields["citation"], *quoted]))
    fields |= {name: _read_rows(form, name, keys) for name, keys in ROWS.items()}
    fields["traductions"] = _read_traductions(form, fields, languages)
    if fields["genre"] not in FOLDERS:
        form.refuse("genre", "Choisissez un genre dans la liste.")
    return fields


def write_text(fields: Fields) -> str:
    """The text of the file that these fields make."""
    values = {key: value for key, value in fields.items() if key != BODY}
    citations = values.get("citation") or []
    values["citation"] = citations[0] if len(citations) == 1 else citations
    return format_fiche(values, fields.get(BODY, ""))


def sentences_of(source: Source) -> list[str]:
    """The lines of a page, each of which can be ticked as a citation."""
    lines = [line.strip().lstrip("•").strip() for line in source.texte.splitlines()]
    return list(dict.fromkeys(line for line in lines if len(line.split()) >= 3))


def _read_rows(form: Form, name: str, keys: tuple[str, ...]) -> list[dict[str, str]]:
    rows = [
        {key: form.text(f"{name}_{number}_{key}", LINE_LIMIT) for key in keys} for number in range(MOST_ROWS)
    ]
    return [row for row in rows if any(row.values())]


def _read_traductions(form: Form, fields: Fields, languages: dict[str, str]) -> dict[str, dict[str, str]]:
    """The translations that have a text. Ticking « relue » says who checked it, today, against this French text."""
    french = fingerprint((fields[BODY], fields["simple"], *(row["texte"] for row in fields["complement"])))
    found: dict[str, dict[str, str]] = {}
    for code in languages:
        names = ("texte", "simple")
        entry = {name: form.block(f"traduction_{code}_{name}", TEXT_LIMIT) for name in names}
        if not entry["texte"]:
            continue
        marks = ("verifie_par", "verifie_le", "texte_francais")
        kept = {name: form.text(f"traduction_{code}_{name}", 200) for name in marks}
        if form.raw(f"traduction_{code}_relue"):
            kept |= {"verifie_le": date.today().isoformat(), "texte_francais": french}
            if not kept["verifie_par"]:
                form.refuse(f"traduction_{code}_verifie_par", "Dites qui a relu : une fonction, pas un nom.")
        found[code] = entry | kept
    return found


def _as_list(value: Value | None) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [str(item) for item in value or ()]
