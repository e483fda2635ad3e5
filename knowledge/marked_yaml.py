"""YAML as staff write it: every value is text, and every value knows its line."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

Key = tuple[str | int, ...]
Value = str | list["Value"] | dict[str, "Value"]

_MAX_DEPTH = 6


class FicheError(ValueError):
    """A file of the content cannot be read; the message, in French, says where and what to do."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.as_posix()}:{line} : {message}")
        self.path = path
        self.line = line
        self.message = message
        self.others: tuple[FicheError, ...] = ()


def raise_first(errors: Sequence[FicheError]) -> None:
    """Raise the first error, the rest in its `others`; do nothing when there is none."""
    if errors:
        errors[0].others = tuple(errors[1:])
        raise errors[0]


@dataclass(frozen=True)
class Marked:
    """A YAML mapping (all scalars kept as text) and the line of each of its values.

    `lines` is keyed by the way to the value: `("questions", 3)` is the line of the fourth question.
    `blocks` are the texts that begin on the line after their key ("simple: |").
    """

    path: Path
    values: dict[str, Value]
    lines: dict[Key, int] = field(default_factory=dict)
    blocks: frozenset[Key] = frozenset()

    def line(self, *key: str | int) -> int:
        """Line of a value in the file, or of the nearest thing that holds it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def first_line(self, *key: str | int) -> int:
        """Line on which the text of a value begins."""
        return self.line(*key) + (key in self.blocks)

    def scalars(self, *key: str | int) -> Iterator[tuple[Key, str]]:
        """Every text found there, and the way to it."""
        return _iter_scalars(self._value(key), key)

    def fail(self, message: str, *key: str | int) -> FicheError:
        """Make the error that points at a value."""
        return FicheError(self.path, self.line(*key), message)

    def text(self, *key: str | int) -> str:
        """The text found there, stripped; "" when there is none. Raises FicheError on a list."""
        value = self._value(key)
        if isinstance(value, str):
            return value.strip()
        raise self.fail(f"« {key[-1]} » doit être un texte, et non une liste.", *key)

    def texts(self, *key: str | int) -> tuple[str, ...]:
        """The list of texts found there; a lone text is a list of one. Raises FicheError otherwise."""
        value = self._value(key)
        if isinstance(value, str):
            return (value.strip(),) if value.strip() else ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(item.strip() for item in value if isinstance(item, str))
        raise self.fail(
            f"« {key[-1]} » doit être une liste de textes, un par ligne après un tiret. "
            "Mettez entre guillemets un texte qui contient « : ».",
            *key,
        )

    def date(self, *key: str | int) -> date:
        """The day found there. Raises FicheError unless it is written AAAA-MM-JJ."""
        try:
            return date.fromisoformat(self.text(*key))
        except ValueError:
            wrong = self.text(*key)
            raise self.fail(
                f"la date « {wrong} » de « {key[-1]} » n’existe pas : écrivez-la AAAA-MM-JJ, "
                "par exemple 2026-11-22.",
                *key,
            ) from None

    def flag(self, *key: str | int) -> bool:
        """True or false. Raises FicheError on anything else."""
        value = self.text(*key).lower()
        if value in ("true", "oui"):
            return True
        if value in ("false", "non"):
            return False
        raise self.fail(f"« {key[-1]} » doit être true (oui) ou false (non).", *key)

    def mappings(self, *key: str | int) -> list[Key]:
        """The way to each mapping of a list of mappings. Raises FicheError on anything else."""
        value = self._value(key)
        if value == "":
            return []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [(*key, index) for index in range(len(value))]
        raise self.fail(f"« {key[-1]} » doit être une liste : un tiret, puis ses clés alignées.", *key)

    def key_errors(
        self, allowed: Iterable[str], required: Iterable[str], *key: str | int
    ) -> list[FicheError]:
        """Errors for the unknown keys and the missing or empty required keys of one mapping."""
        known = tuple(allowed)
        mapping = self._value(key)
        if not isinstance(mapping, dict):
            return [self.fail("il faut ici des clés suivies de deux-points.", *key)]
        errors = [
            self.fail(f"clé inconnue « {name} »{did_you_mean(name, known)}", *key, name)
            for name in mapping
            if name not in known
        ]
        for name in required:
            if name not in mapping:
                errors.append(self.fail(f"il manque la clé « {name} ».", *key))
            elif _is_empty(mapping[name]):
                errors.append(self.fail(f"la clé « {name} » est vide.", *key, name))
        return errors

    def _value(self, key: Key) -> Value:
        value: Value = self.values
        for step in key:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step, "")
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
            else:
                return ""
        return value


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """End of a message about an unknown name: the nearest known one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f" : vouliez-vous dire « {near[0]} » ?"
    return f" ; les noms possibles sont : {', '.join(names)}."


def read_text(path: Path, shown: Path) -> str:
    """Read a UTF-8 file in composed (NFC) form. Raises FicheError when it is missing or not UTF-8."""
    try:
        return unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FicheError(shown, 1, "ce fichier n’existe pas.") from None
    except UnicodeDecodeError:
        raise FicheError(shown, 1, "ce fichier n’est pas en UTF-8 : enregistrez-le en UTF-8.") from None


def load_file(data: Path, relative: str) -> Marked:
    """Read a YAML file of the data folder whose top is a mapping. Raises FicheError."""
    shown = shown_path(data / relative, data)
    return parse(read_text(data / relative, shown), shown)


def shown_path(path: Path, data: Path) -> Path:
    """The path as staff know it: from the data folder on, that folder included."""
    return Path(data.name or data.resolve().name) / path.relative_to(data)


# The console checks the whole content again after each edit of one file.
@lru_cache(maxsize=256)
def parse(text: str, path: Path, first_line: int = 1) -> Marked:
    """Parse YAML whose top is a mapping; `first_line` is its first line in the file. Raises FicheError."""
    loader = yaml.CSafeLoader(text)
    try:
        _refuse_too_deep(text, path, first_line)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise FicheError(
            path,
            line,
            "le texte n’est pas lisible à partir d’ici. Vérifiez l’alignement, les tirets et les guillemets "
            "; un texte qui contient « : » ou qui commence par un signe s’écrit entre guillemets.",
        ) from None
    finally:
        loader.dispose()
    reader = _NodeReader(path, first_line)
    value = {} if node is None else reader.read(node, ())
    if not isinstance(value, dict):
        raise FicheError(path, first_line, "il faut ici des clés suivies de deux-points, une par ligne.")
    return Marked(path, value, reader.lines, frozenset(reader.blocks))


def _refuse_too_deep(text: str, path: Path, first_line: int) -> None:
    """Refuse what is nested too deep: what reads the nodes calls itself, and would take the process down with it."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            line = first_line + (event.start_mark.line if event.start_mark else 0)
            raise FicheError(path, line, "il y a trop de niveaux imbriqués ici.")


def _is_empty(value: Value) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def _iter_scalars(value: Value, key: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _iter_scalars(item, (*key, name))
    else:
        for index, item in enumerate(value):
            yield from _iter_scalars(item, (*key, index))


class _NodeReader:
    """Turns YAML nodes into plain values, and notes the line of each."""

    def __init__(self, path: Path, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.lines: dict[Key, int] = {}
        self.blocks: set[Key] = set()
        self._read: set[int] = set()

    def read(self, node: yaml.Node, key: Key) -> Value:
        line = self.first_line + node.start_mark.line
        # A node that comes again is an alias: six lines of them can stand for a million million values.
        if id(node) in self._read:
            raise FicheError(self.path, line, "les renvois de YAML (« &nom » et « *nom ») ne se lisent pas ici.")
        self._read.add(id(node))
        self.lines.setdefault(key, line)
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*key, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.style == "|":
            self.blocks.add(key)
        # "~" and "null" are how YAML says "nothing".
        return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _read_mapping(self, node: yaml.MappingNode, key: Key) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        for name_node, value_node in node.value:
            name = str(name_node.value)
            line = self.first_line + name_node.start_mark.line
            if name in mapping:
                raise FicheError(self.path, line, f"la clé « {name} » est écrite deux fois : gardez-en une.")
            self.lines[(*key, name)] = line
            mapping[name] = self.read(value_node, (*key, name))
        return mapping
