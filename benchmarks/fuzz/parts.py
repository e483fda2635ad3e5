"""The parts that read what residents and staff write, each with what must be true of it whatever comes in.

A seed is an input that was once found wrong, or is known to be hard: it is kept, and tried first.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import strategies as st
from openpyxl import Workbook

from benchmarks.fuzz.texts import IN_YAML, JSON, MARKED_UP, MARKUP, TYPED, YAML, texts
from gateway.agents.fiche_forms import LINE_LIMIT, TEXT_LIMIT
from gateway.agents.fiches_sheet import SheetError, read_sheet
from gateway.agents.forms import Form
from gateway.agents.spreadsheets import FORMULA_STARTS, write_csv, write_xlsx
from gateway.errors import ApiError
from gateway.incoming import Incoming, Opinion, clean
from gateway.markdown import LINK_SCHEMES, render_markdown
from gateway.sessions import SessionError, SessionKeeper
from knowledge.base import KnowledgeBase
from knowledge.expressions import ExpressionError, Parser
from knowledge.fiche_files import format_fiche
from knowledge.fiches import Fiche, parse_fiche
from knowledge.marked_yaml import FicheError, parse
from knowledge.masking import Masker
from knowledge.readings import Ecritures
from knowledge.spelling import Corrector, make_corrector
from knowledge.text import fold_case, normalize, split_words, strip_invisible, typographie
from knowledge.urgences import Declencheurs, find_urgences, load_declencheurs

DATA = Path(__file__).parent.parent.parent / "data"
TAGS = {
    "p": set(),
    "strong": set(),
    "em": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "a": {"href", "title"},
    "br": set(),
}
EMAILS = st.from_regex(r"[a-z]{2,8}[.][a-z]{2,8}@[a-z]{3,8}[.](fr|com|org)", fullmatch=True)
PHONES = st.from_regex(r"0[67]( ?[0-9]{2}){4}", fullmatch=True)
ACCOUNTS = st.from_regex(r"FR[0-9]{2}( [0-9]{4}){5} [0-9]{3}", fullmatch=True)
HEADER = {
    "titre": "La caisse",
    "genre": "partenaire",
    "simple": "La caisse aide.",
    "responsable": "service",
    "verifie_le": "2026-01-10",
    "a_revoir_le": "2026-07-10",
}


@dataclass(frozen=True)
class Part:
    """One thing that reads: inputs for it, and a check that raises AssertionError, or anything else it should not."""

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    seeds: Sequence[Any] = field(default=())


def check_normalised(text: str) -> None:
    """Normalising twice is normalising once, and every word stands where it says."""
    for change in (normalize, fold_case, strip_invisible, typographie, clean):
        once = change(text)
        assert change(once) == once, change.__name__
    words = split_words(text)
    assert " ".join(word.text for word in words) == normalize(text)
    for word in words:
        assert 0 <= word.start < word.end <= len(text)
        assert len(word.offsets) == len(word.text)
        assert word.text in normalize(text[word.start : word.end]).split()


def check_spelling(text: str) -> None:
    """Pieces cover the text in order, and what was mended stays."""
    pieces = _corrector().read(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    read = "".join(piece.text for piece in pieces)
    assert _corrector().correct(text) == read


def check_expressions(text: str) -> None:
    """An expression is read, or refused with a reason; a call for help is looked for in anything."""
    parser = Parser(Ecritures({"il y a": ["ya"]}, ["euh"]), ["conjoint"])
    try:
        for expression in parser.read_expressions(text):
            assert expression.parts
            assert all(steps for steps in (*expression.parts, *expression.exceptions))
    except ExpressionError as error:
        assert str(error)
    assert set(find_urgences(text, _declencheurs())) <= set(_base().fiches)


def check_masking(sent: tuple[str, str, str]) -> None:
    """Personal data that stands by itself is never left; the rest of the text is, in its order."""
    before, personal, after = sent
    text = f"{before} {personal} {after}"
    found = _masker().find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    masked, place = _masker().mask(text), 0
    assert personal not in masked
    for one in (*found, None):
        kept = text[place : one.start if one else len(text)]
        assert kept in masked
        place = one.end if one else place


def check_fiche(text: str) -> None:
    """A header is read, or refused with a line and a sentence; every value is text."""
    try:
        marked = parse(text, Path("data/fiches/notions/essai.md"))
    except FicheError as error:
        assert error.line >= 1
        assert error.message
        return
    for key, value in marked.scalars():
        assert isinstance(value, str)
        assert marked.line(*key) >= 1


def check_written_fiche(written: tuple[str, list[str], str, str]) -> None:
    """What staff type in the console is what is read back from the file."""
    titre, questions, simple, corps = written
    values: dict[str, Any] = {**HEADER, "titre": titre, "questions": questions, "simple": simple}
    fiche = _read_fiche(format_fiche(values, corps))
    assert fiche.titre == titre
    assert list(fiche.questions) == questions
    assert fiche.simple == simple
    assert fiche.corps == corps


def check_markdown(text: str) -> None:
    """Nothing but a few tags, and links that lead nowhere dangerous."""
    for drawn in (text, typographie(text)):
        SafeHtml().read(str(render_markdown(drawn)))


def check_sheet(sent: tuple[list[tuple[Any, Any]], str, float, bytes]) -> None:
    """A spreadsheet is read, or refused with a sentence."""
    try:
        lines = read_sheet(make_sheet(*sent))
    except SheetError as error:
        assert str(error)
        return
    assert all(subject or question for _, subject, question in lines)


def check_written_sheet(rows: list[list[str]]) -> None:
    """No cell of a table that goes out is a formula, and the file can be opened."""
    header = ["sujet", "question"]
    read = list(csv.reader(io.StringIO(write_csv(header, rows).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(read) == len(rows) + 1
    assert not [cell for row in read for cell in row if cell.startswith(FORMULA_STARTS)]
    with ZipFile(io.BytesIO(write_xlsx(header, rows, "essai"))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def check_body(body: Any) -> None:
    """What is sent is taken whole, or refused with one of the contract's codes; a forged token opens nothing."""
    keeper = SessionKeeper("s" * 64, 30)
    for value in body.values():
        if isinstance(value, str):
            try:
                keeper.read(value)
            except SessionError:
                continue
            raise AssertionError("a made-up token opened a session")
    for kind in (Incoming, Opinion):
        try:
            read = kind.from_json(body)
        except ApiError as error:
            assert 400 <= error.status < 500
        else:
            assert (body.get("message") is None) != (body.get("choice") is None) or isinstance(read, Opinion)


class SafeHtml(HTMLParser):
    """Reads HTML that was drawn from Markdown."""

    def read(self, html: str) -> None:
        """Raise AssertionError on a tag or an attribute that Markdown never draws."""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= TAGS[tag], attrs
        for name, value in attrs:
            assert name != "href" or is_safe_link(value or ""), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError("a declaration")


def is_safe_link(url: str) -> bool:
    """Whether a browser, which drops tabs and line ends in an address, would follow it to an allowed scheme."""
    seen = re.sub(r"[\t\n\r]", "", url).strip("".join(map(chr, range(33))))
    return urlsplit(seen).scheme.lower() in LINK_SCHEMES


@lru_cache(maxsize=1)
def _base() -> KnowledgeBase:
    return KnowledgeBase.load(DATA)


@lru_cache(maxsize=1)
def _masker() -> Masker:
    return Masker.for_content(_base())


@lru_cache(maxsize=1)
def _corrector() -> Corrector:
    return make_corrector(_base(), DATA)


@lru_cache(maxsize=1)
def _declencheurs() -> Declencheurs:
    return load_declencheurs(DATA)


def _read_fiche(text: str) -> Fiche:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data", "fiches", "partenaires", "essai.md")
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return parse_fiche(path, Path(folder, "data")).fiche


def _line(text: str) -> str:
    """A text as the console takes it from a field of one line."""
    return " ".join(unicodedata.normalize("NFC", Form([("champ", text)]).text("champ", LINE_LIMIT)).split())


def _block(text: str) -> str:
    """A text as the console takes it from a field of several lines."""
    return unicodedata.normalize("NFC", Form([("champ", text)]).block("champ", TEXT_LIMIT))


@st.composite
def _sheets(draw: st.DrawFn) -> tuple[list[tuple[Any, Any]], str, float, bytes]:
    """Rows of a spreadsheet, and how it is spoilt: in what way, where (from 0 to 1), and with what."""
    cells = st.one_of(TYPED, st.integers(), st.booleans(), st.none())
    rows = draw(st.lists(st.tuples(cells, cells), max_size=5))
    way = draw(st.sampled_from(("", "part", "name", "bytes", "cut")))
    return rows, way, draw(st.floats(0, 1)), draw(st.one_of(st.sampled_from(SPOILT), st.binary(max_size=30)))


def make_sheet(rows: list[tuple[Any, Any]], way: str, place: float, inside: bytes) -> bytes:
    """An .xlsx file with these rows, spoilt as is said: `inside` is put at `place` in a part, a name or anywhere."""
    book = Workbook()
    for row in [HEADER_ROW, *rows]:
        book.active.append([strip_invisible(cell) if isinstance(cell, str) else cell for cell in row])
    file = io.BytesIO()
    book.save(file)
    content = file.getvalue()
    if way in ("part", "name"):
        return _respell(content, way, place, inside)
    middle = int(place * len(content))
    return content[:middle] + (
        inside + content[middle + 10 :] if way == "bytes" else b"" if way == "cut" else content[middle:]
    )


def _respell(content: bytes, way: str, place: float, inside: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(file, "w", ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = names[min(int(place * len(names)), len(names) - 1)]
        for name in names:
            part = source.read(name)
            if name == chosen and way == "name":
                name = inside.decode("utf-8", "replace").replace("\0", "") or "rien"
            elif name == chosen:
                # The same number says which part, and where in it.
                middle = int(place * len(names) % 1 * len(part))
                part = part[:middle] + inside + part[middle:]
            target.writestr(name, part)
    return file.getvalue()


ALIASES = "\n".join(["a: &a [x, x]", *(f"{n}: &{n} [{', '.join([f'*{m}'] * 50)}]" for m, n in pairwise("abcdef"))])
ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;&b;">]>'
SPOILT = (ENTITY, LAUGHS, b"<f>1+1</f>", b"&x;", b"\xff", b"<", b' r="A99999999999"', b'="-1"', b"../../x", b"/etc/x")
HEADER_ROW = ("sujet", "question")
PERSONAL = st.one_of(EMAILS, PHONES, ACCOUNTS)
LINES = TYPED.map(_line)
BLOCKS = texts(*MARKUP, *YAML).map(_block)
PARTS = (
    Part("normalisation", TYPED, check_normalised, ['" " bonjour " "']),
    Part("orthographe", TYPED, check_spelling),
    Part(
        "expressions et appels à l’aide",
        texts("{", "}", "{conjoint}", "(sauf ", ")", "+", "=", "|", "*"),
        check_expressions,
    ),
    Part("masquage", st.tuples(TYPED, PERSONAL, TYPED), check_masking, [("@1985", "0700000000", "")]),
    Part(
        "lecture d’une fiche",
        IN_YAML,
        check_fiche,
        [ALIASES, "a: &a [*a]", f"a: {'[' * 5000}{']' * 5000}", "? [a]\n: b"],
    ),
    Part(
        "écriture d’une fiche",
        st.tuples(
            LINES.filter(bool), st.lists(LINES.filter(bool), min_size=1, max_size=4), BLOCKS.filter(bool), BLOCKS
        ),
        check_written_fiche,
        [("[" * 400, ["{" * 400], "---", "---"), ("- a: b", ["# c", "~", "null"], "a\n---\nb", "# d")],
    ),
    Part("Markdown du serveur", MARKED_UP, check_markdown),
    Part("tableur reçu", _sheets(), check_sheet, [([], "part", 0.5, ENTITY), ([], "part", 0.99, LAUGHS)]),
    Part(
        "tableur envoyé",
        st.lists(st.lists(TYPED, min_size=2, max_size=2), max_size=4),
        check_written_sheet,
        [[["\ud800", "=1+1"]], [["\x00=1", "\t=1"]]],
    ),
    Part(
        "corps de requête",
        st.dictionaries(
            st.sampled_from(("message", "choice", "session", "id", "reply", "verdict", "comment", "x")), JSON
        ),
        check_body,
    ),
)
