"""What a message says once its spelling is mended: « komen on fé pr le conseil sitoyen » is « comment on fait pour… ».

A word that is right stays as it was typed. Another one is looked up in the table of abbreviations, then read without
its accents, by its sound, as a typing slip, or as several words typed as one; the assistant's own words win over the
rest of French. Two words that sound like one of its words (« conte rat ») are read as that word.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.ailleurs import load_lieux
from knowledge.base import KnowledgeBase
from knowledge.lexicon import word_frequencies
from knowledge.marked_yaml import load_file
from knowledge.sounds import sounds
from knowledge.text import normalize

FILE = "abreviations.yml"
_WORD = re.compile(r"[^\W_]+\+?")
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_LATIN = re.compile(r"[a-zà-öø-ÿœ]+")
_APOSTROPHES = "'’‘ʼ`´"
_JOINING = frozenset((" ", *_APOSTROPHES))
# What stands between the letters of « A.R.S. ».
_SPELT = _JOINING | {".", ". "}
_LONGEST_SPELT = 6
_HOLDING = frozenset(_APOSTROPHES)
_VOWELS = frozenset("aeiouyhàâéèêëîïôùûœ")

# Counts in the word list, which was drawn from some hundred million words.
_COMMON = 1000
_MET = 100
_RARE = 1000
_FAR_RARER = 30
_OWN_WORTH = 3000
_SEEN_OFTEN = 3
# Costs of reading a word as another: a letter that changes nothing to the ear, and one that does.
_HEARD_ALIKE, _SLIP, _OTHER_START, _OPENED = 0.3, 1.5, 0.7, 0.8
# « lheure », whose rest is a word as it stands.
_PLAINLY_OPENED = 0.1
_OWN_BONUS = 0.5
_TYPICAL_LENGTH = 6
_PRIOR = 0.12
_MOST_SLIPS = 2
_HAND_SLIPS_FROM, _OWN_SLIPS_FROM, _SLIPS_FROM, _TWO_SLIPS_FROM = 4, 5, 6, 8
# What a slip of the hand (two letters in the wrong order, one twice, the key beside) costs of another slip, and from
# which count on a word is one that short ones are a slip in (« poru », « dnas »).
_HAND = 0.6
_EVERYDAY = 5000
_NEXT_KEYS = frozenset(frozenset(pair) for row in ("azertyuiop", "qsdfghjklm", "wxcvbn") for pair in pairwise(row))
_GLUED_FROM, _MOST_GLUED, _SHORTEST_PIECE = 6, 10, 3
_WHOLE_FROM = 6
# How many pieces, spaces included, are looked back at for the verb before an infinitive, and how many times rarer than
# the word in « é » the infinitive may be.
_FEW_PIECES, _RARER_NOUN = 8, 2
_ELISION = re.compile(r"(qu|[ljdmtsnc])([aeiouyhàâéèêëîïôùûœ]\w+)")
_JE = re.compile(r"([jdl])([^aeiouyhàâéèêëîïôùûœ\W\d]\w+)")
_FULL = {"j": "je", "d": "de", "l": "le"}
# Since 1990 « plait », « diner », « gout » are right as well.
_NEW_SPELLING = str.maketrans("îû", "iu")
_CUT_SHORT = 2
# « Ch’est », as it is said here: the one elision of two letters that stands in the table.
_PICARD = "ch"
_CUT = frozenset(["jusqu", "quelqu", "lorsqu", "puisqu", "presqu", "aujourd", "prud"])
_FORM = re.compile(r"(\w{3,}?)(s|ez|ée|és|ées|ent|er|es)")
_BASES = {
    "s": ("",),
    "ez": ("er", "ent", "e"),
    "ée": ("er", "é"),
    "és": ("er", "é"),
    "ées": ("er", "é"),
    "ent": ("er",),
    "er": ("é", "ez"),
    "es": ("e", "er"),
}
# What is heard with a z before a vowel.
# fmt: off
_LINKING = frozenset([
    "les", "lé", "lè", "des", "dé", "dè", "nos", "no", "vos", "vo", "mes", "mé", "ces", "ses", "cé", "sé", "vous",
    "vou", "nous", "nou", "ils", "elles", "deux", "trois", "dix", "aux", "oz",
])
# fmt: on
_MUTE_E = re.compile(r"(?<=[aeiouAIOUX][a-zJNGYS])e(?=[a-zJNGYS][aeiouAIOUX])")
# « sinié »
_SAID_GN = re.compile(r"(?<=[aeiou])ni(?=[eo])")
_SAID_SION = re.compile(r"(?<=[aeiouclp])tion")
_SAID_YIN = re.compile(r"yen(?=s?$)")
_SAID_IL = re.compile(r"(?:(?<=^[vml])|(?<=tranqu)|(?<=^bidonv))ill(?=e|a|i)")
# fmt: off
_CALLS_FOR_VERB = frozenset([
    "veux", "veut", "voulez", "veulent", "voudrais", "voudrait", "peux", "peut", "pouvez", "peuvent", "pourrais",
    "pourrait", "faut", "dois", "doit", "devez", "vais", "va", "vas", "pour", "sans", "comment", "aimerais",
])
_PRONOUNS = frozenset([
    "me", "m", "te", "se", "s", "nous", "vous", "y", "en", "lui", "pas", "rien", "plus", "plu", "bien",
])
_SMALL = frozenset([
    "à", "a", "ai", "au", "aux", "ça", "ce", "ces", "de", "des", "du", "en", "es", "est", "et", "il", "je",
    "la", "le", "les", "ma", "me", "mes", "mon", "ne", "on", "ou", "où", "par", "pas", "pour", "que", "qui",
    "sa", "se", "si", "son", "sur", "te", "tu", "un", "une", "va", "vos", "y", "avec", "dans", "moi", "toi",
    "vous", "nous",
])
# fmt: on


@dataclass(frozen=True)
class Piece:
    """A part of the corrected text, and the part `start:end` of the raw text that it stands for."""

    text: str
    start: int
    end: int


class Corrector:
    """Mends the spelling of messages towards the words of the assistant, then those of French."""

    def __init__(
        self,
        vocabulary: Iterable[str],
        wordings: Iterable[str] = (),
        abbreviations: Mapping[str, str] | None = None,
        foreign: Iterable[str] = (),
    ) -> None:
        """Index the words of `vocabulary` (texts that are well spelt), and those of `wordings` that are well spelt.

        `abbreviations`: what is written → what is meant. `foreign`: small words of other languages; a message
        that has more of them than of French words is left as it is.
        """
        self._french = word_frequencies()
        self._table = {_fold_words(key): value for key, value in (abbreviations or {}).items()}
        self._longest = max(map(len, self._table), default=1)
        # « É », « el » in the table are how French is typed by ear.
        self._foreign = frozenset(foreign) - self._french.keys() - {key[0] for key in self._table if len(key) == 1}
        texts = [_lower_words(text) for text in vocabulary]
        counts = Counter(word for words in texts for word in words)
        # A question with a word that does not exist is written by ear: « fer » in it is no word of ours.
        right = self._french.keys() | counts.keys() | _CUT
        asked = map(_lower_words, wordings)
        said = [words for words in asked if all(len(word) <= _CUT_SHORT or word in right for word in words)]
        heard = Counter(word for words in said for word in words)
        counts.update({word: count for word, count in heard.items() if word in self._french})
        self._own = {word: count for word, count in counts.items() if (word,) not in self._table}
        self._pairs = {pair for words in (*texts, *said) for pair in pairwise(words)}
        self._index()
        self._resolve = lru_cache(maxsize=20000)(self._resolve_word)
        self._slips_of_hand = lru_cache(maxsize=20000)(self._find_slips_of_hand)

    def correct(self, text: str) -> str:
        """The text with its spelling mended; idempotent, and the text itself when nothing is wrong."""
        return "".join(piece.text for piece in self.read(text))

    def read(self, text: str) -> list[Piece]:
        """The corrected text in pieces, each with its place in the raw text."""
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
        lowered = [self._shorten(word.lower()) for word, _, _ in words]
        if not words or self._is_foreign(lowered):
            return [Piece(text, 0, len(text))] if text else []
        pieces: list[Piece] = []
        place = last = 0
        while place < len(words):
            used, replacement = self._replace(text, words, lowered, place)
            if used == 1 and pieces:
                replacement = self._to_infinitive(pieces, replacement or lowered[place]) or replacement
            start, end = words[place][1], words[place + used - 1][2]
            if start > last:
                pieces.append(Piece(text[last:start], last, start))
            pieces.append(Piece(text[start:end] if replacement is None else replacement, start, end))
            place, last = place + used, end
            last = _skip_space_after_elision(text, pieces[-1].text, last)
        return [*pieces, Piece(text[last:], last, len(text))] if last < len(text) else pieces

    def _to_infinitive(self, pieces: Sequence[Piece], word: str) -> str | None:
        """« Je veux participé » meant as « participer »: after a verb or a word that calls for an infinitive."""
        if not word.endswith("é"):
            return None
        said = re.findall(r"[^\W\d_]+", "".join(piece.text for piece in pieces[-_FEW_PIECES:]).lower())
        before = next((other for other in reversed(said) if other not in _PRONOUNS), None)
        verb = f"{word[:-1]}er"
        is_verb = self._french.get(verb, 0) * _RARER_NOUN >= self._french.get(word, 0) and verb in self._french
        return verb if before in _CALLS_FOR_VERB and is_verb else None

    def _shorten(self, word: str) -> str:
        """The word without its long runs of a letter: « siiii » is « si », « quellle » is « quelle »."""
        once, twice = _RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)
        return twice if once != word and twice in self._french and once not in self._french else once

    def _replace(
        self, text: str, words: Sequence[tuple[str, int, int]], lowered: Sequence[str], place: int
    ) -> tuple[int, str | None]:
        """How many words are read together from `place` on, and as what (None: as they stand)."""
        spelt = self._read_letters(lowered, place, _reach(text, words, place, _LONGEST_SPELT, _SPELT))
        if spelt:
            return spelt
        reach = _reach(text, words, place, max(self._longest, 3))
        word, followed = lowered[place], text[words[place][2] : words[place][2] + 1]
        if len(word) < 3 and word != _PICARD and _is_bound(text, words[place]):
            # « T’aime » is right, and no « thème ».
            is_right = reach > 1 and followed in _HOLDING and self._is_elision(word, lowered[place + 1])
            return (None if is_right else self._join(lowered, place, min(reach, 2))) or (1, None)
        for length in range(min(reach, self._longest), 1, -1):
            meant = self._table.get(tuple(lowered[place : place + length]))
            if meant is not None:
                return length, meant
        if reach > 1 and followed == " " and (elided := _elide(word, lowered[place + 1])):
            return 1, elided
        joined = self._join(lowered, place, reach)
        if joined:
            return joined
        typed = words[place][0]
        if place and typed[0].isupper() and not typed.isupper() and normalize(word) not in self._by_fold:
            return 1, self._name(word)
        meant = self._link(lowered[place - 1], word) if place else None
        meant = meant or self._resolve(word)
        return 1, None if meant == typed.lower() else meant

    def _read_letters(self, lowered: Sequence[str], place: int, reach: int) -> tuple[int, str] | None:
        """A word of the assistant that is typed letter by letter: « a r s », « Q.P.V. »."""
        letters = "".join(word if len(word) == 1 else " " for word in lowered[place : place + reach]).split(" ")[0]
        lengths = range(len(letters), _SHORTEST_PIECE - 1, -1)
        return next(((length, letters[:length]) for length in lengths if letters[:length] in self._own), None)

    def _link(self, before: str, word: str) -> str | None:
        """The word after an s that is heard with it: « lé zenfan », « vou zavé »."""
        if word[0] != "z" or before not in _LINKING or word[1:2] not in _VOWELS or self._is_known(word):
            return None
        meant = self._resolve(word[1:])
        return meant if self._is_known(meant) else None

    def _name(self, word: str) -> str | None:
        """What an unknown word with a capital stands for: one of the assistant's own words, or a name to leave."""
        meant = self._resolve(word)
        return meant if meant in self._own and meant != word else None

    def _join(self, lowered: Sequence[str], place: int, reach: int) -> tuple[int, str] | None:
        """Words that together sound like one of the assistant's own: « conte rat », « si toyen »."""
        for length in range(min(reach, 3), 1, -1):
            parts = lowered[place : place + length]
            if any(pair in self._pairs for pair in pairwise(parts)) or self._is_ordinary(parts):
                continue
            heard = self._whole.keys() & _joint_sounds(tuple(parts))
            found = {word for key in heard for word in self._whole[key]}
            alone = {key for part in parts for key in _keys(part)}
            joined = "".join(map(normalize, parts))
            slips = {word: OSA.distance(joined, normalize(word)) for word in found if not alone & _keys(word)}
            near = [word for word, distance in slips.items() if distance <= 1 + len(word) // 3]
            if near:
                return length, min(near, key=lambda word: (slips[word], -self._own[word], word))
        return None

    def _is_elision(self, word: str, following: str) -> bool:
        """Whether what follows an apostrophe is a common word of three letters or more, or one that the table keeps."""
        is_kept = self._table.get((following,)) == following
        is_common = is_kept or (len(following) > _CUT_SHORT and self._french.get(following, 0) >= _COMMON)
        return is_common and _ELISION.fullmatch(word + following) is not None

    def _is_ordinary(self, parts: Sequence[str]) -> bool:
        """Whether words stand side by side as anywhere: a small word, then one that exists (« de favoris »), or « a »
        before one that has its article with it (« a lékol »)."""
        if parts[0] in ("a", "à") and "’" in self._resolve(parts[1]):
            return True
        is_small = parts[0] in _SMALL or (parts[0],) in self._table
        is_usual = is_small and all(map(self._is_known, parts[1:]))
        return is_usual or all(part in _SMALL for part in parts)

    def _index(self) -> None:
        """Everything that words are looked up by."""
        self._plain = frozenset(word.translate(_NEW_SPELLING) for word in self._own.keys() | self._french.keys())
        common = {word for word, count in self._french.items() if count >= _COMMON and word.isalpha()}
        own = {word for word in self._own if _LATIN.fullmatch(word)}
        self._by_fold: dict[str, str] = {}
        for word in self._french.keys() | own | _CUT:
            folded = word if word.isascii() else normalize(word)
            known = self._by_fold.get(folded)
            if known is None or (self._worth(word), word) > (self._worth(known), known):
                self._by_fold[folded] = word
        self._by_sound: dict[str, list[str]] = {}
        for word in sorted(own | common):
            for key in _keys(word):
                self._by_sound.setdefault(key, []).append(word)
        self._whole: dict[str, list[str]] = {}
        for word in sorted(own):
            if len(word) >= _WHOLE_FROM and self._own[word] >= _SEEN_OFTEN:
                for key in _keys(word):
                    self._whole.setdefault(key, []).append(word)
        self._own_folds = sorted({normalize(word) for word in own if len(word) >= _OWN_SLIPS_FROM})
        everyday = own | {word for word in common if self._french[word] >= _EVERYDAY} | _CUT
        self._everyday: dict[tuple[str, int], list[str]] = {}
        for folded, word in sorted(self._by_fold.items()):
            if word in everyday and len(folded) >= _HAND_SLIPS_FROM:
                self._everyday.setdefault((folded[0], len(folded)), []).append(folded)
        self._common_folds: dict[int, list[str]] = {}
        long = {word for word, count in self._french.items() if count >= _MET and len(word) >= _TWO_SLIPS_FROM}
        for folded in sorted({normalize(word) for word in common | long if word.isalpha()}):
            self._common_folds.setdefault(len(folded), []).append(folded)

    def _worth(self, word: str) -> int:
        """How likely a word is: its count in French, raised for the assistant's own words."""
        known = self._french.get(word, _COMMON if word in _CUT else 0)
        return known + _OWN_WORTH * self._own.get(word, 0)

    def _is_known(self, word: str) -> bool:
        return word in self._own or word in self._french or word in _CUT or self._is_form_of_known(word)

    def _is_form_of_known(self, word: str) -> bool:
        """Whether a word missing from the list is there in another form: « rappels », « supprimez », « sœurs »."""
        plain = word.replace("œ", "oe").translate(_NEW_SPELLING)
        if plain in self._plain:
            return True
        found = _FORM.fullmatch(plain)
        return found is not None and any(f"{found[1]}{end}" in self._french for end in _BASES[found[2]])

    def _is_foreign(self, lowered: Sequence[str]) -> bool:
        foreign = sum(word in self._foreign for word in lowered)
        french = sum(self._is_known(word) or (word,) in self._table for word in lowered if word not in self._foreign)
        return foreign > french

    def _resolve_word(self, word: str) -> str:
        """What one word in lower case stands for; itself when it is right or cannot be mended."""
        meant = self._table.get((word,)) or (self._table.get((normalize(word),)) if not self._is_known(word) else None)
        if meant is not None:
            return meant
        if len(word) < 2 or word in self._foreign or not _LATIN.fullmatch(word):
            return word
        if self._is_known(word):
            return self._restore(word)
        twin = self._by_fold.get(normalize(word))
        if twin is not None and not _has_other_accents(word, twin):
            return twin
        candidates = self._candidates(word)
        if twin is not None:
            candidates[twin] = min(candidates.get(twin, math.inf), 0.2 + self._prior(twin))
        opened = self._open(word)
        if opened:
            candidates[opened[0]] = min(candidates.get(opened[0], math.inf), opened[1])
        return min(candidates, key=lambda known: (candidates[known], known)) if candidates else word

    def _restore(self, word: str) -> str:
        """A word that exists, or the far more frequent one that it is without accents or to the ear."""
        if word in self._own or len(word) < 3:
            return word
        twin = self._by_fold.get(normalize(word), word)
        is_right = twin.translate(_NEW_SPELLING) == word
        if word.isascii() and not is_right and self._worth(twin) >= _FAR_RARER * self._worth(word):
            return twin
        if self._french.get(word, 0) >= _RARE or len(word) < 3 or not word.isascii():
            return word
        same = {known for key in _keys(word) for known in self._by_sound.get(key, ())}
        own = [known for known in same & self._own.keys() if len(known) > 3 and not _is_form(word, known)]
        near = [known for known in own if OSA.distance(word, known) <= 2]
        best = max(near, key=lambda known: (self._worth(known), known), default=word)
        return best if self._worth(best) >= _FAR_RARER * self._worth(word) else word

    def _candidates(self, word: str) -> dict[str, float]:
        """Known words that an unknown one may stand for, and what it costs to read it so."""
        folded = normalize(word)
        heard = {known for key in _keys(word) for known in self._by_sound.get(key, ())}
        near = {known for known in heard if _is_close(folded, normalize(known))}
        costs = {known: self._cost(folded, known, _HEARD_ALIKE) for known in near}
        for known in self._near_slips(folded):
            costs[known] = min(costs.get(known, math.inf), self._cost(folded, known, _SLIP))
        return costs

    def _near_slips(self, folded: str) -> set[str]:
        length = len(folded)
        if length < _SHORTEST_PIECE:
            return set()
        if length < _OWN_SLIPS_FROM:
            return {self._by_fold[near] for near in self._slips_of_hand(folded)}
        slips = _MOST_SLIPS if length >= _TWO_SLIPS_FROM else 1
        found = _extract(folded, self._own_folds, slips) | self._slips_of_hand(folded)
        if length >= _SLIPS_FROM:
            for other in (length - 1, length, length + 1):
                found |= _extract(folded, self._common_folds.get(other, []), 1)
        return {self._by_fold[near] for near in found}

    def _find_slips_of_hand(self, folded: str) -> set[str]:
        """The everyday and own words, written without case and accents, that a slip of the hand makes `folded` of."""
        lengths = (len(folded) - 1, len(folded), len(folded) + 1)
        near = [word for length in lengths for word in self._everyday.get((folded[0], length), ())]
        return {word for word in _extract(folded, near, 1) if _is_slip_of_hand(folded, word)}

    def _cost(self, folded: str, known: str, letter: float) -> float:
        other = normalize(known)
        distance = float(OSA.distance(folded, other))
        if letter == _SLIP:
            # A slip says less in a long word.
            is_of_hand = _is_slip_of_hand(folded, other)
            distance *= _HAND * min(1.0, _TYPICAL_LENGTH / len(folded)) if is_of_hand else _TYPICAL_LENGTH / len(folded)
        start = 0.0 if letter == _HEARD_ALIKE or folded[0] == other[0] else _OTHER_START
        own = _OWN_BONUS if known in self._own else 0.0
        return letter * distance + start + self._prior(known) - own

    def _prior(self, known: str) -> float:
        return _PRIOR * math.log(1e7 / (50 + min(self._worth(known), 1e7)))

    def _open(self, word: str) -> tuple[str, float] | None:
        """Words typed as one, and the cost: « jabite », « lecole », « donnemoilaliste »."""
        best: tuple[str, float] | None = None
        for pattern in (_ELISION, _JE):
            glued = pattern.fullmatch(word)
            if not glued:
                continue
            rest = self._as_rest(glued[2])
            if rest is not None:
                prefix = f"{glued[1]}’" if pattern is _ELISION and rest[0][0] in _VOWELS else None
                prefix = prefix or f"{_FULL.get(glued[1], '')} ".lstrip()
                if prefix:
                    best = (f"{prefix}{rest[0]}", rest[1])
        if best is None and len(word) >= _GLUED_FROM:
            best = self._split(word)
        return best

    def _as_rest(self, rest: str) -> tuple[str, float] | None:
        """What follows an elision: a word as it is, without its accents, or by its sound."""
        if len(rest) < 2:
            return None
        twin = rest if self._is_known(rest) else self._by_fold.get(normalize(rest))
        if twin is not None and len(rest) > 2 and self._worth(twin) >= _COMMON:
            cost = _PLAINLY_OPENED if len(rest) > _SHORTEST_PIECE else _OPENED + self._prior(twin)
            return self._restore(twin) if twin == rest else twin, cost
        costs = {known: cost for known, cost in self._candidates(rest).items() if known in self._own}
        known = min(costs, key=lambda word: (costs[word], word), default=None)
        return (known, _OPENED + costs[known]) if known is not None else None

    def _split(self, word: str) -> tuple[str, float] | None:
        """The likeliest known words that a word is made of."""
        best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ()), *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 16), end):
                before = best[start]
                piece = self._as_piece(word[start:end]) if before is not None else None
                if before is None or piece is None or len(before[1]) >= _MOST_GLUED:
                    continue
                cost = before[0] + _OPENED + self._prior(piece)
                known = best[end]
                if known is None or cost < known[0]:
                    best[end] = (cost, (*before[1], piece))
        found = best[-1]
        if found is None or len(found[1]) < 2 or max(map(len, found[1])) < _SHORTEST_PIECE + 1:
            return None
        return re.sub("’ ", "’", " ".join(found[1])), found[0]

    def _as_piece(self, part: str) -> str | None:
        if part in ("l", "d", "j", "qu", "c", "n", "s", "m"):
            return f"{part}’"
        if part in _SMALL:
            return part
        if (part,) in self._table and len(part) > 1:
            return self._table[(part,)]
        if len(part) < _SHORTEST_PIECE:
            return None
        twin = part if self._is_known(part) else self._by_fold.get(part)
        if twin is not None and self._worth(twin) >= _COMMON * len(part) // 3:
            return twin
        return self._hear_piece(part) if len(part) >= _OWN_SLIPS_FROM else None

    def _hear_piece(self, part: str) -> str | None:
        """The word of the assistant that a part of a glued word sounds like: « lapolitikdelavil »."""
        heard = {word for key in _keys(part) for word in self._by_sound.get(key, ()) if word in self._own}
        long = [word for word in heard if len(word) >= _OWN_SLIPS_FROM]
        near = [word for word in long if OSA.distance(part, normalize(word)) <= 1 + len(part) // 3]
        return max(near, key=lambda word: (self._own[word], word), default=None)


def make_corrector(base: KnowledgeBase, data: Path, foreign: Iterable[str] = ()) -> Corrector:
    """The corrector of a content folder: its fiches' words, its questions' French words, its abbreviations."""
    written = [
        text
        for fiche in base.fiches.values()
        for text in (fiche.titre, fiche.corps, fiche.simple, *fiche.citations, *_acronyms(fiche.alias))
    ]
    asked = [text for fiche in base.fiches.values() for text in fiche.questions]
    asked += [text for genre in base.genres.values() for text in genre.questions]
    # « Anru toulouse »: a town in small letters is no slip. « Mons » may be one.
    places = {normalize(name): name.lower() for name in load_lieux(data) if len(name) > len("mons") and name.isalpha()}
    return Corrector(written, asked, places | load_abbreviations(data), foreign)


def load_abbreviations(data: Path) -> dict[str, str]:
    """What is written → what is meant, from `abreviations.yml`; empty without that file. Raises FicheError."""
    if not (data / FILE).is_file():
        return {}
    found = load_file(data, FILE).values
    words, table = found.get("mots"), found.get("abreviations")
    right = {str(word): str(word) for word in words} if isinstance(words, list) else {}
    return right | ({str(key): str(meant) for key, meant in table.items()} if isinstance(table, dict) else {})


def _acronyms(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.isupper()]


def _lower_words(text: str) -> list[str]:
    return [match.group().lower() for match in _WORD.finditer(text)]


def _fold_words(key: str) -> tuple[str, ...]:
    return tuple(_lower_words(key))


def _extract(folded: str, words: Sequence[str], slips: int) -> set[str]:
    found = process.extract(folded, words, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return {word for word, _, _ in found}


def _is_slip_of_hand(folded: str, other: str) -> bool:
    """Whether fingers alone make one word of another: a letter missing, twice or of the key beside, two swapped."""
    if folded == other or OSA.distance(folded, other) > 1:
        return False
    if len(folded) != len(other):
        return len(folded) < len(other) or _squeeze(folded) == _squeeze(other)
    changed = [frozenset(pair) for pair in zip(folded, other, strict=True) if pair[0] != pair[1]]
    return len(changed) == 2 or changed[0] in _NEXT_KEYS


def _squeeze(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _is_close(folded: str, other: str) -> bool:
    return OSA.distance(folded, other) <= 1 + max(len(folded), len(other)) // 2


def _is_form(word: str, known: str) -> bool:
    """Whether two words differ by number or gender alone."""
    return normalize(word).rstrip("es") == normalize(known).rstrip("es")


def _has_other_accents(word: str, twin: str) -> bool:
    """Whether accents were typed, and not those of `twin`: « fé » may be heard « fait » rather than « fe »."""
    return word != normalize(word) and word != twin


def _reach(
    text: str, words: Sequence[tuple[str, int, int]], place: int, most: int, joining: frozenset[str] = _JOINING
) -> int:
    """How many words from `place` on stand apart by no more than a space or an apostrophe."""
    reach = 1
    while reach < most and place + reach < len(words):
        between = text[words[place + reach - 1][2] : words[place + reach][1]]
        if between not in joining:
            break
        reach += 1
    return reach


def _is_bound(text: str, word: tuple[str, int, int]) -> bool:
    """Whether a short word is held by an apostrophe, a hyphen or a full stop: « a-t-il », « B. B. C. »."""
    before, after = text[max(word[1] - 1, 0) : word[1]], text[word[2] : word[2] + 1]
    is_spelt_out = len(word[0]) == 1 and after == "."
    return is_spelt_out or "-" in (before, after) or after in _HOLDING


def _elide(word: str, following: str) -> str | None:
    """« l etat », « d accord », « j habite » typed with a space for the apostrophe."""
    if word == "c":
        return "c’" if following in ("est", "était", "etait") else None
    if word == "t":
        return "t’" if following in ("es", "as", "est", "a", "aime", "inquiète", "inquiete") else None
    return f"{word}’" if word in ("l", "d", "j", "m", "s", "n", "qu") and following[0] in _VOWELS else None


def _skip_space_after_elision(text: str, replacement: str, last: int) -> int:
    return last + 1 if replacement.endswith("’") and text[last : last + 1] == " " else last


@lru_cache(maxsize=20000)
def _joint_sounds(parts: tuple[str, ...]) -> frozenset[str]:
    heads = [min(_keys(part), key=len, default=part) for part in parts[:-1]]
    return _keys("".join(parts)) | {"".join(heads) + key for key in _keys(parts[-1])}


@lru_cache(maxsize=20000)
def _keys(word: str) -> frozenset[str]:
    """How a word sounds: « -tion » and « ville » as they are said, and without a mute e (« lojman », « medsin »)."""
    plain = _SAID_GN.sub("gn", _SAID_IL.sub("il", _SAID_SION.sub("ssion", normalize(word))))
    keys = sounds(plain) | sounds(_SAID_YIN.sub("yin", plain))
    return keys | {_MUTE_E.sub("", key) for key in keys}
