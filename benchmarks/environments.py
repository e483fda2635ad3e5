"""The two throw-away environments under `.bench/`, installed the same way from hashed lists."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from rich.console import Console

from benchmarks.errors import BenchmarkError

MARKER = ".installed"
ROOT = Path(__file__).parent.parent
SHOWN_PACKAGES = (
    "rasa",
    "rasa-sdk",
    "tensorflow",
    "spacy",
    "fr-core-news-md",
    "scikit-learn",
    "numpy",
    "aiohttp",
)


def ensure_ours(requirements: Path, folder: Path, console: Console) -> Path:
    """Install this project's list as `make install` does, in `folder`; returns its `bin` folder."""
    with console.status(f"Installation de {requirements.name} (une à deux minutes)…"):
        _run([str(ROOT / "scripts" / "install.sh"), str(requirements)], {"VENV": str(folder)})
    return folder / "bin"


def ensure_stock(requirements: Path, folder: Path, console: Console) -> Path:
    """Install the stock list in `folder`, unless that very list is there already; returns its `bin` folder."""
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    marker = folder / MARKER
    if not (marker.is_file() and marker.read_text() == wanted):
        with console.status(f"Installation de {requirements.name} (une à deux minutes)…"):
            shutil.rmtree(folder, ignore_errors=True)
            _install(requirements, folder)
        marker.write_text(wanted)
    return folder / "bin"


def read_versions(environment: Path) -> dict[str, str]:
    """Package → version, for the packages that explain the figures."""
    folder = next((environment / "lib").glob("python3.*/site-packages"))
    found = {_fold(entry.metadata["Name"]): entry.version for entry in distributions(path=[str(folder)])}
    return {name: found[name] for name in SHOWN_PACKAGES if name in found}


def _fold(name: str) -> str:
    return name.lower().replace("_", "-")


def _install(requirements: Path, folder: Path) -> None:
    _run([_find_python(), "-m", "venv", str(folder)])
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # As for this project: bytecode is written at first use, for the modules that are really imported.
    _run([*pip, "--no-compile", "--no-deps", "--require-hashes", "--ignore-requires-python", "-r", str(requirements)])


def _find_python() -> str:
    if sys.version_info[:2] == (3, 11):
        return sys.executable
    python = shutil.which("python3.11")
    if python is None:
        raise BenchmarkError("Python 3.11 est introuvable sur cette machine.")
    return python


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **(environment or {})})
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["aucun message"])[-1]
        raise BenchmarkError(f"L’installation a échoué : {last}")
