"""Personal data in what people type: found by its shape, and replaced by what it is before anything is written.

Names of persons that nothing announces are found by a model, which lives in the worker; here they only come in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import phonenumbers
from phonenumbers import PhoneNumberMatcher
from phonenumbers.phonenumberutil import NumberParseException

from knowledge.base import KnowledgeBase
from knowledge.lexicon import french_words
from knowledge.text import normalize

PHONE = "[téléphone]"
EMAIL = "[e-mail]"
ACCOUNT = "[compte bancaire]"
SOCIAL_SECURITY = "[n° de sécurité sociale]"
FILE_NUMBER = "[n° de dossier]"
NUMBER = "[numéro]"
DATE = "[date]"
ADDRESS = "[adresse]"
NAME = "[nom]"
PROFILE = "[pseudo]"

FEWEST_DIGITS = 7
SOCIAL_SECURITY_DIGITS = (13, 15)
MOST_WORDS_IN_NAME = 4
# Shorter strange words in lower case are those of text messages.
LEAST_STRANGE = 4

_EMAIL = re.compile(
    r"[^\s<>«»\"(),;:@]+\s*(?:(?:@|\barobas[e]?\b|\((?:at|a)\)|\[(?:at|a)\])\s*[\w-]+(?:\s*(?:\.|\bpoint\b)\s*[\w-]+)*"
    r"|\bat\b\s*[\w-]+\s+(?:dot|point)\s+[\w-]+)",
    re.IGNORECASE,
)
# Where somebody is found on a social network: an address there, or what follows the network's name.
_PROFILE = re.compile(
    r"\b(?:https?://)?(?:[\w-]+\.)?(?:facebook|instagram|tiktok|snapchat|linkedin|twitter|x)\.com/\S+"
    r"|\b(?:insta(?:gram)?|snap(?:chat)?|facebook|fb|messenger|tiktok|whatsapp|telegram|pseudo)"
    r"(?:\s+c[’' ]?est|\s+est|\s*[:=])?\s+(?P<value>(?=\w*[\d._@])@?[\w.]{3,}\w)|(?<![\w.])@(?P<name>\w[\w.]{2,})",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\b[a-z]{2}\d{2}(?:[ .-]?[a-z0-9]{4}){3,7}(?:[ .-]?[a-z0-9]{1,4})?\b", re.IGNORECASE)
_SOCIAL_SECURITY = re.compile(
    r"\b[12][ .-]?\d{2}[ .-]?\d{2}[ .-]?(?:\d{2}|2[ab])[ .-]?\d{3}[ .-]?\d{3}(?:[ .-]?\d{2})?\b", re.IGNORECASE
)
# A digit, or the letter that people write for a zero: not the one of « ou ».
_DIGIT = r"(?:\d|O(?![^\W\do_]))"
_LONG_NUMBER = re.compile(rf"(?:\+|\b){_DIGIT}(?:[\s.\-/()_]{{0,2}}{_DIGIT}){{6,}}", re.IGNORECASE)
_PHONE_WITH_COMMAS = re.compile(r"\b0\d(?:\s?,\s?\d\d){4}\b")
_YEARS = re.compile(r"(?:19|20)\d\d\D+(?:19|20)\d\d")
_AMOUNT = re.compile(r"\d{1,3}(?: \d{3})+")
_OF_MONEY = re.compile(r"\s*(?:€|euros?|habitants?|personnes?|millions?)", re.IGNORECASE)
_DIGIT_WORD = (
    r"(?:z[ée]ro|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt"
    r"|trente|quarante|cinquante|soixante)"
)
_SPOKEN_NUMBER = re.compile(
    rf"\bz[ée]ro(?:[\s,-]+(?:et[\s-])?{_DIGIT_WORD}){{4,}}\b|\b{_DIGIT_WORD}(?:[\s,-]+(?:et[\s-])?{_DIGIT_WORD}){{6,}}\b",
    re.IGNORECASE,
)
_FILE_NUMBER = re.compile(
    r"\b(?:dossier|allocataire|matricule|r[ée]f[ée]rences?|r[ée]f|num[ée]ros?|num|n°)(?:[\s.:=°]+(?:de|d’|d'|du|caf|est|le"
    r"|c[’']est|dossier|allocataire|demande|suivi|s[ée]cu\w*|n°))*[\s.:=°]*"
    r"(?P<value>(?=[a-z\-/]*\d)[a-z0-9][a-z0-9\-/.]{3,})",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:(?=[a-z]*\d+[a-z]*\d)(?=\d*[a-z])[a-z0-9]{7,}"
    # A number plate, and the code of a request.
    r"|[a-z]{2}-\d{3}-[a-z]{2}|(?-i:[CDFGHJKMNPQRTVWX34679]{4}-[CDFGHJKMNPQRTVWX34679]{4}))\b",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"\b(?:plaques?|immatricul\w+|voiture|scooter)(?:\s+(?:c[’' ]?est|est|le|num[ée]ro|n°)|\s*[:=])*\s+"
    r"(?P<value>\d{1,4}\s?[a-z]{2,3}\s?\d{2}|[a-z]{2}\s?\d{3}\s?[a-z]{2})\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:janv(?:ier)?|f[ée]vr(?:ier)?|mars|avril|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|d[ée]c(?:embre)?)\.?"
)
_DATE = re.compile(
    rf"\b(?:0?[1-9]|[12]\d|3[01])(?:\s*[/.-]\s*(?:0?[1-9]|1[0-2])\s*[/.-]\s*(?:(?:19|20)\d\d|\d\d)"
    rf"|(?:er)?\s+{_MONTH}\s+(?:19|20)\d\d|\s(?:0[1-9]|1[0-2])\s(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_IN_WORDS = rf"(?:{_DIGIT_WORD}|premier|mille?|cents?|et)"
_BORN = re.compile(
    rf"\bn[ée]+e?s?\s+(?:en|le|du)\s+(?P<value>(?:\d{{1,2}}(?:er)?\s+)?(?:{_MONTH}\s*)?(?:\d{{4}}|\d{{1,2}})\b"
    rf"|{_IN_WORDS}(?:[\s-]+{_IN_WORDS})*\s+{_MONTH}(?:[\s-]+{_IN_WORDS}\b)*)",
    re.IGNORECASE,
)
_WAY = (
    r"(?:rue|r\.|avenue|av\.?|boulevard|bd|bld|place|pl\.|impasse|all[ée]e|chemin|route|rte|r[ée]sidence|r[ée]s\.|quai"
    r"|cit[ée]|square|cours|passage|ruelle|sentier|esplanade|lotissement|hameau|faubourg|fbg|villa|mail|parvis)"
)
_ADDRESS = re.compile(
    rf"\b(?:num[ée]ro\s+|n°\s*)?(?:(?<!\d)\d{{1,3}}\s?(?:bis|ter|quater|[a-d]\b)?\s*,?\s*(?:de\s+l[a’']\s?|du\s+|des\s+)?"
    rf"|(?!une?\b){_DIGIT_WORD}(?:[\s-]+{_DIGIT_WORD})*\s+(?:bis\s+|ter\s+)?){_WAY}\s+"
    r"(?P<way>[^\s,;.!?\n]+(?:[ \t]+[^\s,;.!?\n]+){0,5})",
    re.IGNORECASE,
)
_ADDRESS_REVERSED = re.compile(
    rf"\b{_WAY}\s+(?:[^\s,;.!?\n]+\s+){{1,5}}?,?\s*(?:au|n°|num[ée]ro)\s*\d{{1,3}}(?!\d)(?:\s?(?:bis|ter)\b)?"
    r"|\blieu-?\s?dit\s+(?:l[eas’']+\s?)?[\w’'-]+(?:\s+(?:n°|num[ée]ro)\s*\d{1,3})?",
    re.IGNORECASE,
)
_DOOR = re.compile(
    r"\b(?:appt?\.?|appartement|b[âa]t(?:iment)?\.?|porte|logement|chambre|entr[ée]e|escalier|[ée]tage)\s+(?:n°\s*|num[ée]ro\s+)?"
    r"(?:\d{1,4}\s?[a-z]?|(?-i:[A-Z]))\b(?!['’])",
    re.IGNORECASE,
)
# What is no longer part of the address: « 12 rue des Fleurs et je cherche ».
_LINKS = (
    "a ai alors au avec car c ce cela ces cet cette comment dans depuis donc elle en est et etes eux fait il ils j je"
    " j’ai mais mon ma mes ne on ou où par pas pour pourquoi puis qu quand que quel quelle qui quoi sont suis sur tu"
    " vous y"
)
_AFTER_WAY = frozenset(_LINKS.split())
# A name that is introduced: what comes before it, and the name.
_WORD = r"[^\W\d_][\w’'.-]*"
_NAME_WORDS = rf"(?P<name>{_WORD}(?:[ \t]+{_WORD}){{0,3}})"
_HIS = r"(?:[mts](?:on|a|es)|notre|votre)"
_RELATIVE = (
    r"(?:fils|fille|mari|femme|p[èe]re|m[èe]re|fr[èe]re|s(?:œ|oe)ur|voisine?|amie?|copa?ine?|copain|conjointe?|compagn(?:on|e)"
    r"|b[ée]b[ée]|enfant|oncle|tante|cousine?|coll[èe]gue|patronn?e?|propri[ée]taire|neveu|ni[èe]ce|papa|maman)"
)
_INTRODUCED = re.compile(
    r"(?:\b(?:je|j[’']?)\s*m[’' ]?\s*app?el+e?s?\b"
    r"|\b(?:mon|le|son|leur|au)\s+(?:nom|pr[ée]nom)(?:\s+de\s+famille)?(?:\s+(?:et\s+(?:mon\s+)?(?:nom|pr[ée]nom)))?"
    r"\s*(?:c[’' ]?\s?est|est|[:=]|de)"
    r"|\b(?:nom|pr[ée]nom)\s*[:=]|\b(?:il|elle|qui)\s+s[’' ]?\s*app?el+e\b|\bsign[ée]\s*:"
    rf"|\b{_HIS}\s+{_RELATIVE}\s+s[’' ]?\s*app?el+e\b"
    # In the languages that residents also write.
    r"|\bmy\s+name\s+is\b|\bme\s+llamo\b|\bmi\s+nombre\s+es\b|\bmi\s+chiamo\b|\bich\s+hei(?:ß|ss)e\b|\bmein\s+name\s+ist\b"
    r"|\bnazywam\s+si[ęe]\b|\bmam\s+na\s+imi[ęe]\b|\b(?:me\s+)?chamo(?:-me)?\b|\bmeu\s+nome\s+[ée]\b|\bad[ıi]m\b|\bm[ăa]\s+numesc\b"
    r"|\bменя\s+зовут\b|\bмене\s+звати\b|\b[اإ]سمي\b"
    rf")[\s,:]*(?:(?:m|mr|mme|mlle|monsieur|madame|mademoiselle)\.?\s+)?{_NAME_WORDS}",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:monsieur|madame|mademoiselle|mme|mlle|mr|(?-i:Me)|(?-i:Maître)|docteur|dr|m\."
    rf"|moi\s+c[’']?\s?est|cordialement)\.?[\s,]+{_NAME_WORDS}", re.IGNORECASE
)
_KIN = re.compile(
    rf"(?:\b{_HIS}\s+(?:petite?\s+|grande?\s+|ex\s+)?{_RELATIVE}\s+"
    # « I am Polish » is no name: two capitals are.
    r"|(?-i:\b(?:I\s+am|I[’']m|This\s+is|this\s+is)\s+(?=[A-ZÀ-Ý][\w’'-]+[ \t]+[A-ZÀ-Ý])))"
    r"(?P<name>[A-ZÀ-Ý][\w’'-]+(?:[ \t]+[A-ZÀ-Ý][\w’'-]+)?)"
)
_WORDS = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")
_PARTS = re.compile(r"[^\W\d_]+")
_PARTICLES = frozenset(
    ["al", "ben", "bel", "da", "de", "del", "den", "der", "des", "di", "du", "el", "la", "le", "ten", "van", "von"]
)
_NO_NAMES = (
    "a ai agent an as au aussi avec avez bah ben bien bonjour bonsoir c ca car ce cela ces cet cette chef chez comme"
    " comment conseiller conseillere d dans de depuis des deja directeur directrice dit dois donc du elle elu elue en"
    " encore est et etes euh evidemment faut il ils j je jai jhabite jsuis l la le les leur ma mais maire mairie"
    " me merci mes mon mr mme moi n ne ni non nos notre nous on ont ou oui par pas pour pourquoi prefet presidente"
    " president puis qu quand que quel quelle qui quoi referent s sa salut sans se ses si son sont stp suis sur svp t"
    " te toi toujours tout tres tu un une urgent urgente veux vers vos votre voudrais vous y"
)
_NOT_A_NAME = frozenset(_NO_NAMES.split())

FindPersons = Callable[[str], Iterable[tuple[int, int]]]


@dataclass(frozen=True)
class Personal:
    """One piece of personal data: `text[start:end]`, and what is written in its place."""

    start: int
    end: int
    label: str


class Masker:
    """Masks the personal data of a text, and leaves the names that the content itself gives."""

    def __init__(self, known: Iterable[str], find_persons: FindPersons | None = None) -> None:
        """`known`: names and texts of the content; `find_persons`: places of persons' names in a text."""
        self._known = frozenset(word for text in known for word in normalize(text).split())
        self._find_persons = find_persons

    @classmethod
    def for_content(cls, base: KnowledgeBase, find_persons: FindPersons | None = None) -> Masker:
        """A masker that knows the subjects, the lists, the town's page and the service of a content."""
        fiches = (name for fiche in base.fiches.values() for name in (fiche.titre, *fiche.alias))
        pages = (source.texte for source in base.sources.values())
        lists = (genre.titre for genre in base.genres.values())
        return cls([*fiches, *pages, *lists, base.contact.nom], find_persons)

    def mask(self, text: str) -> str:
        """The text with each piece of personal data replaced by what it is."""
        masked, place = [], 0
        for found in self.find(text):
            masked += [text[place : found.start], found.label]
            place = found.end
        return "".join([*masked, text[place:]])

    def find(self, text: str) -> list[Personal]:
        """The personal data of a text, in reading order, none inside another."""
        kept: list[Personal] = []
        for found in (*_find_by_shape(text), *self._find_names(text)):
            kept += _uncovered(found, kept, text)
        return sorted(kept, key=lambda found: found.start)

    def _find_names(self, text: str) -> Iterator[Personal]:
        for pattern in (_INTRODUCED, _TITLED, _KIN):
            for match in pattern.finditer(text):
                yield from self._as_name(text, match.start("name"), match.end("name"), is_told=pattern is _INTRODUCED)
        # Capitals tell a name from a word: a text that is all in capitals tells nothing until they are set.
        shown = text.title() if text.isupper() and len(text.title()) == len(text) else text
        for start, end in self._find_persons(shown) if self._find_persons and self._may_hold_name(shown) else ():
            # A model may take « Bonjour Zoé » for a name.
            first = next((m.start() for m in _WORDS.finditer(shown, start, end) if _may_be_name(m[0])), end)
            if _looks_like_name(shown[first:end]):
                yield from self._as_name(shown, first, end, is_told=False)

    def _may_hold_name(self, text: str) -> bool:
        """Whether a model could find a name that would be believed: asking it costs more than all the rest."""
        parts = _PARTS.findall(text)
        capitals = [part for part in parts if part[0].isupper()]
        if not _is_enough(len(capitals), _count_strange(text), len(parts)):
            return False
        telling = capitals + [part for part in parts if not _is_ordinary(part)]
        return any(_may_be_name(part) and not self._is_known(part) for part in telling)

    def _as_name(self, text: str, start: int, end: int, *, is_told: bool) -> Iterator[Personal]:
        """The name at the start of a piece of text; said to be one (`is_told`), it may be an ordinary word."""
        end = _end_of_name(text, start, end, is_told)
        if start < end and not self._is_known(text[start:end]):
            yield Personal(start, end, NAME)

    def _is_known(self, name: str) -> bool:
        """Whether every word of a name is of the content: « rue de Lille » is nobody."""
        return all(word in self._known for word in normalize(name).split())


def mask_values(text: str, values: dict[str, str]) -> str:
    """The text with given strings replaced where they stand as words, the longest first."""
    for value in sorted(values, key=len, reverse=True):
        if value in text:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", values[value], text)
    return text


def _uncovered(found: Personal, kept: Iterable[Personal], text: str) -> list[Personal]:
    """What is left to mask of a find when others hold some of it: of a number its rest, of a name nothing."""
    near = sorted((one for one in kept if found.start < one.end and one.start < found.end), key=lambda one: one.start)
    if not near or found.label == NAME:
        return [] if near else [found]
    edges = [found.start, *(edge for one in near for edge in (one.start, one.end)), found.end]
    rests = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [
        Personal(start + len(rest) - len(rest.lstrip()), start + len(rest.rstrip()), found.label)
        for start, rest in zip(edges[::2], rests, strict=True)
        if sum(map(str.isalnum, rest)) >= (FEWEST_DIGITS if found.label in (PHONE, NUMBER) else 1)
        and not _YEARS.fullmatch(rest.strip())
    ]


def _find_by_shape(text: str) -> Iterator[Personal]:
    """What its shape gives away, the surest first."""
    sure = ((_EMAIL, EMAIL), (_ACCOUNT, ACCOUNT), (_SOCIAL_SECURITY, SOCIAL_SECURITY), (_PHONE_WITH_COMMAS, PHONE))
    for pattern, label in sure:
        yield from (Personal(*match.span(), label) for match in pattern.finditer(text))
    yield from _find_addresses(text)
    yield from (Personal(match.start, match.end, PHONE) for match in PhoneNumberMatcher(text, "FR"))
    yield from (Personal(*match.span(), DATE) for match in _DATE.finditer(text))
    yield from (Personal(*match.span("value"), DATE) for match in _BORN.finditer(text))
    for pattern in (_FILE_NUMBER, _PLATE):
        yield from (Personal(*match.span("value"), FILE_NUMBER) for match in pattern.finditer(text))
    yield from (Personal(*match.span(), FILE_NUMBER) for match in _CODE.finditer(text))
    yield from (Personal(*match.span(match.lastgroup or 0), PROFILE) for match in _PROFILE.finditer(text))
    yield from _find_long_numbers(text)
    yield from (Personal(*match.span(), PHONE) for match in _SPOKEN_NUMBER.finditer(text))


def _find_addresses(text: str) -> Iterator[Personal]:
    for match in _ADDRESS.finditer(text):
        yield Personal(match.start(), match.start("way") + _length_of_way(match["way"]), ADDRESS)
    for pattern in (_ADDRESS_REVERSED, _DOOR):
        yield from (Personal(*match.span(), ADDRESS) for match in pattern.finditer(text))


def _length_of_way(words: str) -> int:
    length = 0
    for match in re.finditer(r"\S+", words):
        opening = normalize(match[0]).split()
        if length and opening and opening[0] in _AFTER_WAY:
            break
        length = match.end()
    return length


def _find_long_numbers(text: str) -> Iterator[Personal]:
    """Seven digits or more in a row: a phone, or the number of something that is somebody's."""
    for match in _LONG_NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0].upper().replace("O", "0"))
        is_amount = _AMOUNT.fullmatch(match[0]) and _OF_MONEY.match(text, match.end())
        if len(digits) < FEWEST_DIGITS or _YEARS.fullmatch(match[0]) or is_amount:
            continue
        yield Personal(*match.span(), PHONE if _is_phone(digits) else NUMBER)


def _is_phone(digits: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(digits, "FR"))
    except NumberParseException:
        return False


def _end_of_name(text: str, start: int, end: int, is_told: bool) -> int:
    """Where the name that begins at `start` ends: before the first word that cannot be of it."""
    last, is_after_particle = start, False
    is_capital = text[start:].lstrip()[:1].isupper() and not text.isupper()
    for place, word in enumerate(islice(_WORDS.finditer(text, start, end), MOST_WORDS_IN_NAME)):
        is_particle = place > 0 and normalize(word[0]) in _PARTICLES
        is_expected = is_told and (place == 0 or is_after_particle)
        if not is_particle and not _is_of_name(word[0], is_capital, is_expected):
            break
        last, is_after_particle = last if is_particle else word.end(), is_particle
    return last


def _is_of_name(word: str, is_capital: bool, is_expected: bool) -> bool:
    """Whether a word goes on with a name; an ordinary word does when it is expected, or has its capital too."""
    if not _may_be_name(word) or (is_capital and not word[0].isupper() and not is_expected):
        return False
    return is_capital or is_expected or not _is_ordinary(word)


def _may_be_name(word: str) -> bool:
    """Whether a word is no link word nor number."""
    parts = normalize(word).split()
    return bool(parts) and parts[0] not in _NOT_A_NAME and not any(part.isdigit() for part in parts)


def _is_ordinary(word: str) -> bool:
    return all(part in french_words() for part in normalize(word).split())


def _looks_like_name(text: str) -> bool:
    """Whether what a model takes for a name is worth believing: in lower case, one word in a text message is not."""
    words = _WORDS.findall(text)
    return _is_enough(sum(word[0].isupper() for word in words), _count_strange(text), len(words))


def _count_strange(text: str) -> int:
    return sum(len(word) >= LEAST_STRANGE and not _is_ordinary(word) for word in _WORDS.findall(text))


def _is_enough(capitals: int, strange: int, words: int) -> bool:
    return bool(capitals and (strange or capitals > 1)) or (words > 1 and strange > 1)
