"""Expressions that staff write, and how they are found in a message.

`mari` is a word, `frapp*` any ending, `*ضرب*` any word with this inside, `*` alone up to three words, `{conjoint}` a
group defined once, `{canal, rivière}` one of these. `A + B`: both, close to each other, in any order. `= A`: the
message says nothing else. `A | B`: either. `… (sauf B, C)`: not when the message says B or C as well. Words that weigh
nothing (« très », « le ») may always stand in between.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, product
from operator import itemgetter

from knowledge.marked_yaml import did_you_mean
from knowledge.readings import STAR, Ecritures
from knowledge.text import normalize

LONGEST_GAP = 3
# Words between the parts of « A + B ».
WINDOW = 7
BARRIER = 1000
_EXCEPT = re.compile(r"\(sauf ([^()]+)\)$")


@dataclass(frozen=True)
class Step:
    """One word, or one group, and how many words may come before it."""

    name: str
    gap: int = 0


Steps = tuple[Step, ...]
Groups = dict[str, tuple[Steps, ...]]
Span = tuple[int, int]


@dataclass(frozen=True)
class Expression:
    """Parts to be found close to each other, unless one of `exceptions` is found too."""

    parts: tuple[Steps, ...]
    exceptions: tuple[Steps, ...] = ()
    is_whole: bool = False


class Index:
    """Which expressions a message may hold, told by one word that each of them needs."""

    def __init__(self, expressions: Sequence[Expression], groups: Groups) -> None:
        """Choose for each expression the words that are met least: the longest."""
        self._groups = groups
        self._needed: dict[str, tuple[float, frozenset[str]]] = {}
        self._places: dict[str, list[int]] = {}
        for place, expression in enumerate(expressions):
            _, needed = min((self._need(step.name) for part in expression.parts for step in part), key=itemgetter(0))
            for entry in needed:
                self._places.setdefault(entry, []).append(place)
        self._expressions = expressions

    def candidates(self, words: Iterable[frozenset[str]]) -> list[Expression]:
        """The expressions of which a message has the needed word, in their order."""
        places = {place for entries in words for entry in entries for place in self._places.get(entry, ())}
        return [self._expressions[place] for place in sorted(places)]

    def _need(self, name: str) -> tuple[float, frozenset[str]]:
        """Entries one of which stands where `name` does, and how often one may expect to meet them."""
        if name not in self._groups:
            return 1 / len(name) ** 3, frozenset([name])
        if name not in self._needed:
            needs = [min((self._need(step.name) for step in steps), key=itemgetter(0)) for steps in self._groups[name]]
            entries = frozenset(entry for _, found in needs for entry in found)
            self._needed[name] = (sum(cost for cost, _ in needs), entries)
        return self._needed[name]


class ExpressionError(ValueError):
    """An expression that would match nothing, or anything; the message, in French, says what to mend."""


class Parser:
    """Reads expressions as they are written in the file."""

    def __init__(self, ecritures: Ecritures, groups: Collection[str]) -> None:
        """`groups`: the names that may stand between braces."""
        self._ecritures = ecritures
        self._named = groups
        self.unnamed: Groups = {}

    def read_expressions(self, text: str) -> list[Expression]:
        """Read an entry of a list: one expression, or several with « | ». Raises ExpressionError."""
        return [self._read_expression(part) for part in _split(text, "|")]

    def read_exceptions(self, text: str) -> tuple[Steps, ...]:
        """Read « (sauf A, B) », at the end of a text or alone; none is fine. Raises ExpressionError."""
        excepted = _EXCEPT.search(text)
        return tuple(map(self.read_steps, _split(excepted[1], ","))) if excepted else ()

    def read_steps(self, text: str) -> Steps:
        """Read words, groups and gaps that follow each other. Raises ExpressionError."""
        names: list[str] = []
        plain: list[str] = []
        for token in _split(text, " "):
            if token != STAR and not token.startswith("{"):
                plain += _read_word(token)
                continue
            names += [*self._ecritures.fold(plain), token if token == STAR else self._read_group(token)]
            plain = []
        return _space_out([*names, *self._ecritures.fold(plain)])

    def _read_expression(self, text: str) -> Expression:
        plain = _EXCEPT.sub("", text)
        if "(" in plain or ")" in plain:
            raise ExpressionError("les parenthèses ne servent qu’à la fin : « (sauf …, …) ».")
        parts = tuple(map(self.read_steps, _split(plain.removeprefix("="), "+")))
        return Expression(parts, self.read_exceptions(text), is_whole=plain.startswith("="))

    def _read_group(self, token: str) -> str:
        """The name of a group: one of the file, or one made of the words between the braces."""
        inside = token[1:-1].strip() if token.endswith("}") else ""
        if not inside:
            raise ExpressionError("un groupe s’écrit seul, entre accolades, avec un espace avant et après.")
        if inside in self._named:
            return token
        items = _split(inside, ",")
        if len(items) == 1:
            raise ExpressionError(f"aucun groupe ne s’appelle « {inside} »{did_you_mean(inside, self._named)}")
        self.unnamed[token] = tuple(map(self.read_steps, items))
        return token


class Message:
    """A message being searched: what each of its words stands for, and where groups were already found in it."""

    def __init__(self, words: Sequence[frozenset[str]], weights: Sequence[int], groups: Groups) -> None:
        """`words`: the entries that each word stands for; `weights`: 0 for a word that may be passed over, 1 for
        the others, BARRIER for one that nothing may reach across."""
        self._length = len(words)
        self._weight_before = [0, *accumulate(weights)]
        self._groups = groups
        self._found: dict[str, tuple[Span, ...]] = {}
        for place, entries in enumerate(words):
            for entry in entries:
                self._found[entry] = (*self._found.get(entry, ()), (place, place + 1))

    def find(self, expression: Expression) -> list[Span]:
        """Every place of an expression; none when one of its exceptions is there too."""
        if not all(self._spans(step.name) for part in expression.parts for step in part):
            return []
        found = [self._find_steps(part) for part in expression.parts]
        spans = [stretch for chosen in self._choose_near(found) if (stretch := self._stretch(chosen))]
        if expression.is_whole:
            spans = [(start, end) for start, end in spans if not self._weigh(0, start) + self._weigh(end, self._length)]
        if spans and any(self._find_steps(steps) for steps in expression.exceptions):
            return []
        return spans

    def _find_steps(self, steps: Steps) -> tuple[Span, ...]:
        spans = self._spans(steps[0].name)
        for step in steps[1:]:
            spans = tuple(
                (start, next_end)
                for start, end in spans
                for next_start, next_end in self._spans(step.name)
                if end <= next_start and self._weigh(end, next_start) <= step.gap
            )
        return spans

    def _choose_near(self, found: Sequence[Sequence[Span]]) -> Iterator[tuple[Span, ...]]:
        """One place of each part, in every way but those where two are too far apart, or on each other, to be together.

        The same words said over and over have millions of ways.
        """
        if len(found) == 1 or not all(found):
            yield from product(*found)
            return
        rarest = min(range(len(found)), key=lambda part: len(found[part]))
        # Between two places of a stretch, the others may stand, each with a gap before it.
        widths = (max(self._weigh(*span) for span in spans) for spans in found)
        reach = WINDOW * (len(found) - 1) + sum(widths)
        for start, end in found[rarest]:
            near = [
                [
                    other
                    for other in spans
                    if (end <= other[0] and self._weigh(end, other[0]) <= reach)
                    or (other[1] <= start and self._weigh(other[1], start) <= reach)
                ]
                for spans in found
            ]
            near[rarest] = [(start, end)]
            yield from product(*near)

    def _stretch(self, spans: Sequence[Span]) -> Span | None:
        """From the first to the last of these places, when they are close to each other and do not overlap."""
        ordered = sorted(spans)
        for (_, end), (start, _) in pairwise(ordered):
            if start < end or self._weigh(end, start) > WINDOW:
                return None
        return ordered[0][0], ordered[-1][1]

    def _spans(self, name: str) -> tuple[Span, ...]:
        if name not in self._found:
            sequences = self._groups.get(name, ())
            self._found[name] = tuple(dict.fromkeys(span for steps in sequences for span in self._find_steps(steps)))
        return self._found[name]

    def _weigh(self, start: int, end: int) -> int:
        return self._weight_before[end] - self._weight_before[start]


def contains_itself(name: str, groups: Groups) -> bool:
    """Whether a group leads back to itself."""
    seen: set[str] = set()
    to_see = [name]
    while to_see:
        inside = {step.name for steps in groups.get(to_see.pop(), ()) for step in steps}
        if name in inside:
            return True
        to_see += inside - seen
        seen |= inside
    return False


def _split(text: str, separator: str) -> list[str]:
    """The pieces of a text between separators that are not inside braces; spaces around do not count."""
    pieces = [""]
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if char == separator and not depth:
            pieces.append("")
        else:
            pieces[-1] += char
    if depth:
        raise ExpressionError("il manque une accolade.")
    stripped = [piece.strip() for piece in pieces]
    return [piece for piece in stripped if piece] if separator == " " else stripped


def _read_word(token: str) -> list[str]:
    """The words of a token; a star stays with the word that it is on."""
    if "{" in token or "}" in token:
        raise ExpressionError("un groupe s’écrit seul, entre accolades, avec un espace avant et après.")
    if STAR in token.strip(STAR) or (token.startswith(STAR) and not token.endswith(STAR)):
        raise ExpressionError("« * » se place seul, à la fin d’un mot, ou des deux côtés d’un mot.")
    words = normalize(token).split()
    if words and token.endswith(STAR):
        words[-1] += STAR
    if words and token.startswith(STAR):
        words[0] = STAR + words[0]
    return words


def _space_out(names: Sequence[str]) -> Steps:
    """Names and stars to steps; a star at one end asks for nothing."""
    steps: list[Step] = []
    gap = 0
    for name in names:
        if name == STAR:
            gap += LONGEST_GAP
            continue
        steps.append(Step(name, gap if steps else 0))
        gap = 0
    if not steps:
        raise ExpressionError("écrivez au moins un mot qui compte.")
    return tuple(steps)
