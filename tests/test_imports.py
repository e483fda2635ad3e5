"""Which package may import which, and what no file of the repository may name."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
OURS = {"knowledge", "components", "actions", "training", "worker", "gateway", "widget", "benchmarks", "tests"}
WATCHED = OURS | {"rasa", "rasa_sdk", "aiohttp", "tensorflow"}

# Package → what it may import of ours, of Rasa and of aiohttp.
ALLOWED = {
    "knowledge": set(),
    "components": {"rasa", "knowledge"},
    "actions": {"rasa_sdk", "knowledge"},
    "training": {"rasa", "knowledge"},
    "worker": {"rasa", "rasa_sdk", "aiohttp", "actions", "components", "knowledge"},
    "gateway": {"aiohttp", "knowledge", "training"},
    "benchmarks": {"rasa", "rasa_sdk", "aiohttp", "components", "gateway", "knowledge", "training"},
}
# Package → what it may import inside its functions only: Rasa takes seconds to load.
LATE = {"training": {"rasa"}, "benchmarks": {"rasa"}}

# Patterns, so that this file does not hold what it forbids.
TOWN = re.compile(r"b[eé]thune", re.IGNORECASE)
REGISTRY = re.compile(
    r"pypi\.(?:org|io)|files\.pythonhosted|registry\.(?:npmjs|yarnpkg)|crates\.io|rubygems\.org|proxy\.golang"
    r"|conda\.anaconda|hub\.docker|[/.](?:simple)/[\w.-]+/?#sha256|--(?:extra-)?index-url"
)
MACHINE_PATH = re.compile(r"(?<![\w.~*-])/(?:home|root|work|Users)/\w|[A-Z]:\\\\?(?:Users|Windows)")
NOT_TEXT = (".png", ".jpg", ".woff2", ".ico", ".gz", ".npz", ".pyc", ".db")


@dataclass(frozen=True)
class Import:
    """One import statement: the file, the line, the package named first, and whether a function holds it."""

    file: str
    line: int
    name: str
    is_late: bool


def find_imports(root: Path, package: str) -> Iterator[Import]:
    for path in sorted((root / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        late = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
        }
        for node in ast.walk(tree):
            for name in imported_names(node):
                yield Import(path.relative_to(root).as_posix(), node.lineno, name, id(node) in late)


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.split(".")[0]]
    return []


def find_forbidden(root: Path, package: str) -> list[str]:
    """« file:line imports name » for each import that the table does not allow."""
    allowed, late = ALLOWED[package] | {package}, LATE.get(package, set())
    return [
        f"{found.file}:{found.line} imports {found.name}"
        for found in find_imports(root, package)
        if found.name in WATCHED and (found.name not in allowed or (found.name in late and not found.is_late))
    ]


def find_named(root: Path, pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """« file:line: words » for each line that the pattern matches."""
    return [
        f"{path.relative_to(root)}:{number}: {found[0]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := pattern.search(line))
    ]


def repository_files(root: Path) -> list[Path]:
    """The text files of the repository: all but what `.gitignore` names as a folder, and the models."""
    ignored = [line.rstrip("/") for line in (root / ".gitignore").read_text().splitlines() if line.endswith("/")]
    skipped = {".git", "models", *ignored}
    files = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - skipped)
        # In a worktree of git, `.git` is a file.
        files += [Path(folder) / name for name in sorted(set(names) - skipped) if not name.endswith(NOT_TEXT)]
    return files


def code_files(root: Path) -> list[Path]:
    """What is the same for every town: code, templates, scripts, Rasa's configuration."""
    code = [path for package in ALLOWED for path in (root / package).rglob("*")]
    kept = [path for path in code if path.suffix in {".py", ".html", ".js", ".css", ".svg"}]
    return [*kept, root / "config.yml", root / "domain.yml", root / "endpoints.yml", root / "data" / "rules.yml"]


@pytest.mark.parametrize("package", [pytest.param(package, id=package) for package in ALLOWED])
def test_it_imports_only_what_the_design_allows(package):
    assert list(find_imports(PROJECT, package)), "nothing was read"
    assert find_forbidden(PROJECT, package) == []


def test_every_package_is_in_the_table():
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(ALLOWED)


@pytest.mark.parametrize(
    ("package", "source", "line"),
    [
        pytest.param("knowledge", "import rasa", 1, id="knowledge-rasa"),
        pytest.param("knowledge", "from aiohttp import web", 1, id="knowledge-aiohttp"),
        pytest.param("knowledge", "from actions.answers import answer_message", 1, id="knowledge-actions"),
        pytest.param("components", "import json, rasa_sdk.events", 1, id="components-second-name"),
        pytest.param("actions", "from rasa.core.agent import Agent", 1, id="actions-rasa"),
        pytest.param("actions", "def run():\n    import rasa\n", 2, id="actions-inside-a-function"),
        pytest.param("training", "import os\nimport rasa", 2, id="training-rasa-at-module-level"),
        pytest.param("training", "class A:\n    import rasa\n", 2, id="training-rasa-in-a-class"),
        pytest.param("training", "def run():\n    import worker\n", 2, id="training-worker"),
        pytest.param("gateway", "async def run():\n    from rasa.core import agent\n", 2, id="gateway-rasa-late"),
        pytest.param("gateway", "try:\n    import components\nexcept ImportError: ...", 2, id="gateway-in-a-try"),
        pytest.param("worker", "from benchmarks import load", 1, id="worker-benchmarks"),
        pytest.param("worker", "if True:\n    import tensorflow", 2, id="worker-tensorflow"),
        pytest.param("benchmarks", "import worker", 1, id="benchmarks-worker"),
    ],
)
def test_it_catches_an_import_that_is_not_allowed(tmp_path, package, source, line):
    (tmp_path / package / "inner").mkdir(parents=True)
    (tmp_path / package / "inner" / "bad.py").write_text(source)
    assert [found.split(" ")[0] for found in find_forbidden(tmp_path, package)] == [f"{package}/inner/bad.py:{line}"]


@pytest.mark.parametrize(
    ("package", "source"),
    [
        pytest.param("training", "def run():\n    import rasa\n", id="training-rasa-late"),
        pytest.param("gateway", "import aiohttp\nfrom training import releases", id="gateway-training"),
        pytest.param("knowledge", "from . import rasa\nfrom knowledge import text", id="knowledge-own-modules"),
    ],
)
def test_it_lets_an_allowed_import_through(tmp_path, package, source):
    (tmp_path / package).mkdir()
    (tmp_path / package / "good.py").write_text(source)
    assert find_forbidden(tmp_path, package) == []


def test_no_code_names_the_town():
    assert find_named(PROJECT, TOWN, code_files(PROJECT)) == []


def test_no_file_names_a_package_registry():
    assert find_named(PROJECT, REGISTRY, repository_files(PROJECT)) == []


def test_no_file_names_a_path_of_one_machine():
    assert find_named(PROJECT, MACHINE_PATH, repository_files(PROJECT)) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        pytest.param(TOWN, "Bienvenue à B" + "éthune", id="town"),
        pytest.param(TOWN, "B" + "ETHUNE", id="town-in-capitals"),
        pytest.param(REGISTRY, "https://py" + "pi.org/simple", id="registry"),
        pytest.param(REGISTRY, "pip install --index" + "-url https://example", id="index-option"),
        pytest.param(MACHINE_PATH, "models: /ho" + "me/alice/models", id="home"),
        pytest.param(MACHINE_PATH, 'Path("/wo' + 'rk/main")', id="work"),
    ],
)
def test_it_catches_a_name_that_must_not_be_there(tmp_path, pattern, line):
    bad = tmp_path / "bad.md"
    bad.write_text("rien ici\n" + line)
    assert [found.split(": ")[0] for found in find_named(tmp_path, pattern, [bad])] == ["bad.md:2"]


def test_it_reads_the_files_that_people_read():
    names = {path.relative_to(PROJECT).as_posix() for path in repository_files(PROJECT)}
    assert {"config.yml", "Makefile", "tests/test_imports.py", "requirements/run.txt", ".gitignore"} <= names
    assert not [name for name in names if name.startswith((".venv/", "models/", ".git/"))]
