"""The rules that the content keeps. Each is a small function over the whole content, and speaks French."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz.distance import OSA

from knowledge.appels import RIEN
from knowledge.fiches import FOLDERS, ParsedFiche, strip_article
from knowledge.genres import Genre
from knowledge.marked_yaml import FicheError, Key, Marked, did_you_mean
from knowledge.passages import (
    Passage,
    canonical_number,
    count_words,
    iter_acronyms,
    iter_addresses,
    iter_numbers,
    iter_paragraphs,
    iter_proper_nouns,
    iter_sentences,
    visible_length,
)
from knowledge.sources import Source
from knowledge.text import normalize
from knowledge.traductions import KEY as TRADUCTIONS
from knowledge.traductions import Traduction
from knowledge.urgences import SECTIONS

ERROR = "error"
WARNING = "warning"
FEWEST_QUESTIONS = 25
MOST_QUESTIONS = 200
LONGEST_SENTENCE = 15
LONGEST_PARAGRAPH = 400
LONGEST_OPENING = 3

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_MARKUP = (
    (re.compile(r"</?[a-zA-Z!]"), "pas de HTML"),
    (re.compile(r"[{}]"), "pas d’accolades"),
    (re.compile(r"^[ \t]*#{1,6}[ \t]", re.MULTILINE), "pas de titre avec « # » : utilisez le **gras**"),
    (re.compile(r"^[ \t]*\|", re.MULTILINE), "pas de tableau : utilisez une liste"),
)
_GAP = "[ \u00a0\u202f]?"
# Looked for first: nearly every text has none of them.
_MARKUP_SIGN = re.compile(r"[<{}#|]")
_PHONE = re.compile(
    # 03 21 00 00 00, +33 3 21…, 0 800 00 00 00, 116 006
    r"(?<!\d)(?:\+33|0)[ \u00a0\u202f.]?[1-9](?:[ \u00a0\u202f.-]?\d{2}){4}(?!\d)"
    rf"|(?<!\d)0{_GAP}8\d{{2}}(?:{_GAP}\d{{3}}){{2}}(?!\d)"
    rf"|(?<!\d)116{_GAP}\d{{3}}(?!\d)"
    # "au 3919", "le 39 28", but not "le 3 000 habitants" nor "3 500 €"
    rf"|(?:\b(?:le|au|numéro|appelez)|\*\*){_GAP}3\d{_GAP}\d{{2}}"
    r"(?![\d%]|[ \u00a0\u202f](?:€|%|[a-zé]{3}))"
    # "appelez le 15"
    r"|\b(?:appel|téléphon|compos|contact)\w*(?: (?:le|au|\*\*))*[ *]*1[1-9]\d?(?!\d)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE_FORM = re.compile(r"\+?[\d .\u00a0\u202f-]{4,20}")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+")


@dataclass(frozen=True)
class Finding:
    """Something to mend (`error`) or to know (`warning`) at one place of the content."""

    path: Path
    line: int
    level: str
    message: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line} : {self.message}"


@dataclass(frozen=True)
class Content:
    """All that could be read of a data folder, with where each thing stands; None or empty: not readable."""

    fiches: tuple[ParsedFiche, ...]
    sources: dict[str, Source]
    genres: dict[str, Genre]
    genres_file: Marked | None
    declencheurs: Marked | None
    appels: Marked | None
    contact: Marked | None
    langues: frozenset[str]
    permitted: frozenset[str]
    today: date


Rule = Callable[[Content], Iterator[Finding]]


def check_places(content: Content) -> Iterator[Finding]:
    """Each fiche is named as an intent can be, and stands in the folder of its genre."""
    for parsed in content.fiches:
        fiche, header = parsed.fiche, parsed.header
        if not _SLUG.fullmatch(fiche.slug):
            yield Finding(
                parsed.path,
                1,
                ERROR,
                f"le nom de fichier « {fiche.slug} » doit s’écrire en petites lettres sans accent, "
                "les mots joints par « _ ».",
            )
        folder = FOLDERS[fiche.genre]
        if parsed.path.parent.name != folder:
            message = f"cette fiche de genre « {fiche.genre} » doit être rangée dans le dossier « {folder} »."
            yield _error(header, message, "genre")


def check_citations(content: Content) -> Iterator[Finding]:
    """Every citation is in its source, word for word, white space aside."""
    for parsed in content.fiches:
        header = parsed.header
        yield from _check_citation(
            header, (), parsed.fiche.citations, parsed.fiche.source or "", content.sources
        )
    for slug, genre in content.genres.items():
        if content.genres_file:
            yield from _check_citation(
                content.genres_file, (slug,), genre.citations, genre.source, content.sources
            )


def check_support(content: Content) -> Iterator[Finding]:
    """Every fiche that states facts cites the page, or a complément."""
    for parsed in content.fiches:
        fiche = parsed.fiche
        if fiche.genre != "bot" and not fiche.citations and not fiche.complements:
            message = (
                "rien n’appuie cette réponse : ajoutez une « citation » de la page, ou un « complement »."
            )
            yield _error(parsed.header, message)


def check_facts(content: Content) -> Iterator[Finding]:
    """Numbers, proper nouns and addresses of an answer are found in what supports it.

    How long a complete list is ("les dix axes") is also known.
    """
    if not content.sources or not content.genres:
        return
    lengths = _list_lengths(content)
    for parsed in content.fiches:
        fiche = parsed.fiche
        if fiche.genre == "bot" or any(_check_fiche_citations(parsed, content)):
            continue
        header_texts = [text for name in _SUPPORTING_KEYS for _, text in parsed.header.scalars(name)]
        cited = _cited_lines(fiche.citations, content.sources.get(fiche.source or ""))
        support = _Support([*header_texts, *lengths], cited)
        yield from _check_passage_facts(_body(parsed), support, content.permitted, by_line=False)
        yield from _check_passage_facts(_simple(parsed), support, content.permitted, by_line=True)
    for slug, genre in content.genres.items():
        if content.genres_file and not any(_check_genre_citations(content.genres_file, genre, content)):
            source = content.sources.get(genre.source)
            support = _Support(
                [*genre.citations, genre.titre, *lengths], _cited_lines(genre.citations, source)
            )
            for name in ("intro", "simple"):
                passage = _passage(content.genres_file, slug, name)
                yield from _check_passage_facts(passage, support, content.permitted, by_line=True)


def check_dates(content: Content) -> Iterator[Finding]:
    """Dates follow each other, nothing was checked in the future, and what is late is said."""
    for parsed in content.fiches:
        fiche, header = parsed.fiche, parsed.header
        checked: list[tuple[Key, date]] = [(("verifie_le",), fiche.verifie_le)]
        checked += [
            (("complement", index, "verifie_le"), complement.verifie_le)
            for index, complement in enumerate(fiche.complements)
        ]
        checked += [
            ((TRADUCTIONS, one.langue, "verifie_le"), one.verifie_le) for one in fiche.traductions if one.verifie_le
        ]
        for key, day in checked:
            if day > content.today:
                yield _error(header, f"« verifie_le » est dans l’avenir ({_show_day(day)}).", *key)
        if fiche.a_revoir_le <= fiche.verifie_le:
            yield _error(header, "« a_revoir_le » doit venir après « verifie_le ».", "a_revoir_le")
        elif fiche.a_revoir_le < content.today:
            message = f"cette fiche était à revoir le {_show_day(fiche.a_revoir_le)}."
            yield Finding(parsed.path, header.line("a_revoir_le"), WARNING, message)


def check_questions(content: Content) -> Iterator[Finding]:
    """One question is in one place only, once normalised."""
    places: dict[str, str] = {}
    for marked, key, texts in _question_lists(content):
        for index, text in enumerate(texts):
            words = normalize(text)
            line = marked.line(*key, index)
            if not words:
                yield _error(marked, "cette question est vide.", *key, index)
            elif words in places:
                message = (
                    f"la question « {text} » est déjà dans {places[words]} : gardez-la à un seul endroit."
                )
                yield _error(marked, message, *key, index)
            else:
                places[words] = f"{marked.path.as_posix()}:{line}"


def check_question_counts(content: Content) -> Iterator[Finding]:
    """There are enough wordings to learn from (an urgence may have none), and not too many to read."""
    urgences = {parsed.path for parsed in content.fiches if parsed.fiche.genre == "urgence"}
    for marked, key, texts in _question_lists(content):
        if len(texts) < FEWEST_QUESTIONS and marked.path not in urgences:
            asked = count(len(texts), "question")
            message = f"il y a {asked} : il en faut au moins {FEWEST_QUESTIONS}, bien variées."
            yield _error(marked, message, *key)
        elif len(texts) > MOST_QUESTIONS:
            message = (
                f"il y a {len(texts)} questions : au-delà de {MOST_QUESTIONS}, gardez les plus différentes."
            )
            yield Finding(marked.path, marked.line(*key), WARNING, message)


def check_names(content: Content) -> Iterator[Finding]:
    """No two fiches answer to nearly the same name."""
    names: list[tuple[str, str, ParsedFiche]] = []
    for parsed in content.fiches:
        fiche = parsed.fiche
        own: set[str] = set()
        for index, name in enumerate((fiche.titre, *fiche.alias)):
            words = strip_article(normalize(name))
            key: Key = ("alias", index - 1) if index else ("titre",)
            if not words:
                yield _error(parsed.header, "ce nom est vide.", *key)
                continue
            if words in own:
                continue
            own.add(words)
            twin = next(
                (other for other in names if _nearly_same(words, other[0]) and other[2] != parsed), None
            )
            if twin:
                message = (
                    f"le nom « {name} » ressemble trop à « {twin[1]} » de {twin[2].path.as_posix()} : "
                    "gardez-le dans une seule fiche."
                )
                yield _error(parsed.header, message, *key)
            names.append((words, name, parsed))


def check_acronyms(content: Content) -> Iterator[Finding]:
    """In plain French an acronym comes with its full name, in the same text."""
    expansions = _expansions(content)
    for passage in _simple_passages(content):
        words = f" {normalize(passage.text)} "
        reported: set[str] = set()
        for acronym in iter_acronyms(passage.text):
            name = normalize(acronym.text)
            if name in content.permitted or name in reported or _is_spelt_out(name, words, expansions):
                continue
            reported.add(name)
            full = next(iter(expansions.get(name, ())), "")
            example = f", par exemple « {acronym.text} ({full}) »" if full else ""
            message = (
                f"le sigle « {acronym.text} » n’est pas expliqué : écrivez aussi son nom complet{example}."
            )
            yield Finding(passage.path, passage.line(acronym.offset), ERROR, message)


def check_sentences(content: Content) -> Iterator[Finding]:
    """Sentences of the plain French version are short."""
    for passage in _simple_passages(content):
        for sentence in iter_sentences(passage.text):
            words = count_words(sentence.text)
            if words > LONGEST_SENTENCE:
                message = (
                    f"phrase de {words} mots dans « simple » (« {_shorten(sentence.text)} ») : "
                    f"coupez-la, {LONGEST_SENTENCE} mots au plus."
                )
                yield Finding(passage.path, passage.line(sentence.offset), ERROR, message)


def check_paragraphs(content: Content) -> Iterator[Finding]:
    """An answer has short paragraphs, and the first one answers alone."""
    for parsed in content.fiches:
        body = _body(parsed)
        paragraphs = list(iter_paragraphs(body.text))
        if not paragraphs:
            yield _error(parsed.header, "il manque la réponse, sous l’en-tête.")
        for paragraph in paragraphs:
            length = visible_length(paragraph.text)
            if length > LONGEST_PARAGRAPH:
                message = (
                    f"paragraphe de {length} caractères (« {_shorten(paragraph.text)} ») : "
                    f"coupez-le, {LONGEST_PARAGRAPH} caractères au plus."
                )
                yield Finding(body.path, body.line(paragraph.offset), ERROR, message)
        sentences = len(list(iter_sentences(paragraphs[0].text))) if paragraphs else 0
        if sentences > LONGEST_OPENING:
            message = (
                f"le premier paragraphe a {sentences} phrases : il doit répondre seul, "
                f"en {LONGEST_OPENING} phrases au plus."
            )
            yield Finding(body.path, body.line(0), ERROR, message)


def check_markup(content: Content) -> Iterator[Finding]:
    """Texts keep to paragraphs, bold, lists and links."""
    for passage in _written_passages(content, (*_SHOWN_KEYS, *_LEARNT_KEYS)):
        for pattern, rule in _MARKUP if _MARKUP_SIGN.search(passage.text) else ():
            wrong = pattern.search(passage.text)
            if wrong:
                message = f"mise en forme interdite (« {wrong.group().strip()} ») : {rule}."
                yield Finding(passage.path, passage.line(wrong.start()), ERROR, message)


def check_phones(content: Content) -> Iterator[Finding]:
    """Phone numbers are in contact.yml and in the urgence fiches only."""
    urgences = {parsed.path for parsed in content.fiches if parsed.fiche.genre == "urgence"}
    for passage in _written_passages(content, _SHOWN_KEYS):
        phone = _PHONE.search(passage.text)
        if phone and passage.path not in urgences:
            message = f"numéro de téléphone (« {phone.group().strip()} ») : sa place est dans contact.yml."
            yield Finding(passage.path, passage.line(phone.start()), ERROR, message)


def check_links(content: Content) -> Iterator[Finding]:
    """Addresses of links and of compléments are complete."""
    for parsed in content.fiches:
        for name in ("complement", "liens"):
            for key, text in parsed.header.scalars(name):
                if key[-1] == "url" and text and not _WEB.fullmatch(text):
                    yield _error(parsed.header, f"l’adresse « {text} » doit commencer par https://.", *key)


def check_contact(content: Content) -> Iterator[Finding]:
    """What staff entered in contact.yml has the form of a phone number, of an e-mail, of an address."""
    forms = (
        ("telephone", _PHONE_FORM, "un numéro de téléphone, en chiffres"),
        ("courriel", _EMAIL, "une adresse de courriel"),
        ("page", _WEB, "l’adresse complète d’une page, avec https://"),
    )
    if content.contact is None:
        return
    for name, form, expected in forms:
        text = content.contact.text(name)
        if text and not form.fullmatch(text):
            yield _error(content.contact, f"« {name} » doit être {expected}, et non « {text} ».", name)


def check_declencheurs(content: Content) -> Iterator[Finding]:
    """Every list of expressions belongs to an urgence fiche, and every urgence can be reached."""
    marked = content.declencheurs
    if marked is None:
        return
    urgences = [parsed.fiche.slug for parsed in content.fiches if parsed.fiche.genre == "urgence"]
    for slug in marked.values:
        if slug not in SECTIONS and slug not in urgences:
            hint = did_you_mean(slug, [*urgences, *SECTIONS])
            yield _error(marked, f"aucune fiche d’urgence ne s’appelle « {slug} »{hint}", slug)
    for parsed in content.fiches:
        fiche = parsed.fiche
        if fiche.slug in urgences and not fiche.questions and not marked.texts(fiche.slug):
            message = "cette urgence n’a ni question ni déclencheur : personne ne peut l’obtenir."
            yield _error(parsed.header, message)


def check_appels(content: Content) -> Iterator[Finding]:
    """Every list of calls for help belongs to an urgence fiche, and one sentence is in one list only."""
    marked = content.appels
    if marked is None:
        return
    urgences = [parsed.fiche.slug for parsed in content.fiches if parsed.fiche.genre == "urgence"]
    places: dict[str, int] = {}
    for slug in marked.values:
        if slug not in (RIEN, *urgences):
            hint = did_you_mean(slug, [*urgences, RIEN])
            yield _error(marked, f"aucune fiche d’urgence ne s’appelle « {slug} »{hint}", slug)
        for index, text in enumerate(marked.texts(slug)):
            words = normalize(text)
            if not words:
                yield _error(marked, "cette phrase est vide.", slug, index)
            elif words in places:
                message = f"« {text} » est déjà à la ligne {places[words]} : gardez cette phrase à un seul endroit."
                yield _error(marked, message, slug, index)
            places.setdefault(words, marked.line(slug, index))


def check_translations(content: Content) -> Iterator[Finding]:
    """A translation is in a language that is recognised, and says who checked it against which French text."""
    for parsed in content.fiches:
        for traduction in parsed.fiche.traductions:
            key: Key = (TRADUCTIONS, traduction.langue)
            if traduction.langue not in content.langues:
                hint = did_you_mean(traduction.langue, sorted(content.langues))
                yield _error(parsed.header, f"langue inconnue « {traduction.langue} »{hint}", *key)
            if _names_someone(traduction.verifie_par, content.permitted):
                message = "« verifie_par » : écrivez une fonction (« interprète »), et non un nom de personne."
                yield _error(parsed.header, message, *key, "verifie_par")
            if bool(traduction.verifie_par) != (traduction.verifie_le is not None):
                message = "une traduction relue a « verifie_par » et « verifie_le » ; sinon, ni l’un ni l’autre."
                yield _error(parsed.header, message, *key)
            elif traduction.texte_francais != parsed.fiche.texte_francais:
                message = _why_not_shown(traduction, parsed.fiche.texte_francais)
                yield Finding(parsed.path, parsed.header.line(*key), WARNING, message)


def check_translated_numbers(content: Content) -> Iterator[Finding]:
    """A translation has the numbers of the French answer, and that of an urgence the number to call."""
    for parsed in content.fiches:
        fiche = parsed.fiche
        support = _Support((fiche.corps, fiche.simple, fiche.titre, *(c.texte for c in fiche.complements)), ())
        called = next((number.text for number in iter_numbers(fiche.corps) if fiche.genre == "urgence"), "")
        for traduction in fiche.traductions:
            key: Key = (TRADUCTIONS, traduction.langue)
            # « six » and « mille » are words of other languages too: digits alone are compared.
            for number in iter_numbers(f"{traduction.texte}\n{traduction.simple}"):
                if number.text[-1].isdigit() and canonical_number(number.text) not in support.numbers:
                    message = f"nombre « {number.text} » : la réponse en français ne le donne pas."
                    yield _error(parsed.header, message, *key)
            if called not in traduction.texte:
                yield _error(parsed.header, f"il manque le numéro à appeler, « {called} ».", *key, "texte")


RULES: tuple[Rule, ...] = (
    check_places,
    check_citations,
    check_support,
    check_facts,
    check_dates,
    check_questions,
    check_question_counts,
    check_names,
    check_acronyms,
    check_sentences,
    check_paragraphs,
    check_markup,
    check_phones,
    check_links,
    check_contact,
    check_declencheurs,
    check_appels,
    check_translations,
    check_translated_numbers,
)

_SUPPORTING_KEYS = ("titre", "alias", "citation", "complement", "liens")
_SHOWN_KEYS = ("titre", "complement", "simple", "liens", "intro", TRADUCTIONS)
_LEARNT_KEYS = ("alias", "questions")


def _names_someone(role: str, permitted: frozenset[str]) -> bool:
    nouns = (noun.text for noun in iter_proper_nouns(role, by_line=True) if not noun.text.isupper())
    return any(normalize(noun) not in permitted for noun in nouns)


def _why_not_shown(traduction: Traduction, texte_francais: str) -> str:
    langue = traduction.langue
    if not traduction.is_checked:
        return f"la traduction « {langue} » n’est pas relue : elle n’est pas montrée."
    if traduction.texte_francais:
        return (
            f"la traduction « {langue} » n’est plus montrée, car la réponse en français a changé depuis sa relecture : "
            f"relisez-la, changez « verifie_le » et écrivez « texte_francais: {texte_francais} »."
        )
    return (
        f"la traduction « {langue} » n’est pas montrée : pour dire quel texte français a été relu, "
        f"ajoutez « texte_francais: {texte_francais} »."
    )


class _Support:
    """The words, numbers and addresses that an answer may use."""

    def __init__(self, texts: Iterable[str], cited_lines: Iterable[str]) -> None:
        whole = "\n".join([*texts, *cited_lines])
        self.words = frozenset(normalize(whole).split())
        self.numbers = frozenset(canonical_number(number.text) for number in iter_numbers(whole))
        self.numbers |= frozenset(re.findall(r"\d+", whole))
        self.addresses = frozenset(address.text for address in iter_addresses(whole))


def _check_passage_facts(
    passage: Passage, support: _Support, permitted: frozenset[str], by_line: bool
) -> Iterator[Finding]:
    unsupported = [
        *(
            (noun, "nom propre")
            for noun in iter_proper_nouns(passage.text, by_line)
            if normalize(noun.text) not in support.words | permitted
        ),
        *(
            (number, "nombre")
            for number in iter_numbers(passage.text)
            if canonical_number(number.text) not in support.numbers
            and normalize(number.text) not in permitted
        ),
        *(
            (address, "adresse")
            for address in iter_addresses(passage.text)
            if address.text not in support.addresses
        ),
    ]
    for found, kind in unsupported:
        message = f"{kind} « {found.text} » : ni la citation, ni le titre, ni un complément ne le donne."
        yield Finding(passage.path, passage.line(found.offset), ERROR, message)


def _list_lengths(content: Content) -> list[str]:
    genres = [parsed.fiche.genre for parsed in content.fiches]
    return [str(genres.count(slug)) for slug, genre in content.genres.items() if genre.complete]


def _cited_lines(citations: Iterable[str], source: Source | None) -> list[str]:
    """The lines of the page that hold a citation, and the title of the page."""
    if source is None:
        return []
    cited = [_fold_spaces(citation) for citation in citations]
    lines = [line for line in map(_fold_spaces, source.texte.split("\n")) if any(c in line for c in cited)]
    return [source.titre, *lines]


def _check_fiche_citations(parsed: ParsedFiche, content: Content) -> Iterator[Finding]:
    fiche = parsed.fiche
    return _check_citation(parsed.header, (), fiche.citations, fiche.source or "", content.sources)


def _check_genre_citations(marked: Marked, genre: Genre, content: Content) -> Iterator[Finding]:
    return _check_citation(marked, (genre.slug,), genre.citations, genre.source, content.sources)


def _check_citation(
    marked: Marked, key: Key, citations: tuple[str, ...], slug: str, sources: dict[str, Source]
) -> Iterator[Finding]:
    if citations and not slug:
        yield _error(marked, "il y a une citation : indiquez sa « source ».", *key, "citation")
    elif slug and not citations:
        yield _error(marked, "il y a une source, mais aucune citation : recopiez la phrase.", *key, "source")
    elif slug and sources and slug not in sources:
        yield _error(marked, f"source inconnue « {slug} »{did_you_mean(slug, sources)}", *key, "source")
    elif slug in sources:
        page = _fold_spaces(sources[slug].texte)
        for index, citation in enumerate(citations):
            words = _fold_spaces(citation)
            if not words:
                yield _error(marked, "cette citation est vide.", *key, "citation", index)
            elif words not in page:
                where = _show_difference(words, page)
                message = f"la citation n’est pas mot pour mot dans la source « {slug} » : {where}"
                yield _error(marked, message, *key, "citation", index)


def _show_difference(citation: str, page: str) -> str:
    words = citation.split()
    same = max((n for n in range(1, len(words)) if " ".join(words[:n]) in page), default=0)
    if not same:
        return f"« {words[0]} » n’y est pas. Recopiez la phrase de la page."
    return f"elle s’en écarte après « {' '.join(words[max(0, same - 4) : same])} »."


def _question_lists(content: Content) -> Iterator[tuple[Marked, Key, tuple[str, ...]]]:
    if content.genres_file:
        for slug, genre in content.genres.items():
            yield content.genres_file, (slug, "questions"), genre.questions
    for parsed in content.fiches:
        yield parsed.header, ("questions",), parsed.fiche.questions


def _nearly_same(name: str, other: str) -> bool:
    if name == other:
        return True
    return min(len(name), len(other)) > 4 and OSA.distance(name, other, score_cutoff=1) <= 1


def _expansions(content: Content) -> dict[str, list[str]]:
    """The full names that go with each acronym: those of the fiche that has it among its names."""
    expansions: dict[str, list[str]] = {}
    for parsed in content.fiches:
        names = (parsed.fiche.titre, *parsed.fiche.alias)
        full = [name for name in names if " " in name and not any(True for _ in iter_acronyms(name))]
        for name in names:
            for acronym in iter_acronyms(name):
                expansions.setdefault(normalize(acronym.text), []).extend(full)
    return expansions


def _is_spelt_out(acronym: str, words: str, expansions: dict[str, list[str]]) -> bool:
    if any(f" {strip_article(normalize(name))} " in words for name in expansions.get(acronym, ())):
        return True
    # "programme de réussite éducative (PRE)": the initials, small words aside.
    initials = "".join(word[0] for word in words.split() if len(word) > 3 or word == acronym)
    return acronym in initials


def _body(parsed: ParsedFiche) -> Passage:
    return Passage(parsed.path, parsed.body_line, parsed.fiche.corps)


def _simple(parsed: ParsedFiche) -> Passage:
    return _passage(parsed.header, "simple")


def _passage(marked: Marked, *key: str | int) -> Passage:
    return Passage(marked.path, marked.first_line(*key), marked.text(*key))


def _simple_passages(content: Content) -> Iterator[Passage]:
    yield from map(_simple, content.fiches)
    if content.genres_file:
        for slug in content.genres:
            yield _passage(content.genres_file, slug, "simple")


def _written_passages(content: Content, names: Iterable[str]) -> Iterator[Passage]:
    """The answers, and the texts of these keys; addresses are left out."""
    for parsed in content.fiches:
        yield _body(parsed)
    places: list[tuple[Marked, Key]] = [
        (parsed.header, (name,)) for parsed in content.fiches for name in names
    ]
    if content.genres_file:
        places += [(content.genres_file, (slug, name)) for slug in content.genres for name in names]
    for marked, place in places:
        for key, text in marked.scalars(*place):
            if text and key[-1] != "url":
                yield Passage(marked.path, marked.first_line(*key), text)


def _error(marked: Marked, message: str, *key: str | int) -> Finding:
    return Finding(marked.path, marked.line(*key), ERROR, message)


def _fold_spaces(text: str) -> str:
    return " ".join(text.split())


def _show_day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _shorten(text: str) -> str:
    words = text.split()
    return " ".join(words[:6]) + ("…" if len(words) > 6 else "")


def count(number: int, noun: str) -> str:
    """A number and its noun, in the plural when there are several."""
    return f"{number} {noun}{'s' if number > 1 else ''}"


def from_fiche_error(error: FicheError) -> Iterator[Finding]:
    """The findings of a file that could not be read."""
    for one in (error, *error.others):
        yield Finding(one.path, one.line, ERROR, one.message)
