"""The two throw-away environments under `.bench/`, installed the same way from hashed lists."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

from rich.console import Console

from benchmarks.errors import BenchmarkError

MARKER = ".installed"
PROJECT_HOOK = "allo_quartiers.pth"
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


def ensure_environment(requirements: Path, folder: Path, console: Console, hook: bool = False) -> Path:
    """Install a hashed list into `folder`, unless that very list is there already; returns its `bin` folder.

    `hook` adds what `make install` adds for this project: the file that lets plain `rasa` run without
    TensorFlow.
    """
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    marker = folder / MARKER
    if not (marker.is_file() and marker.read_text() == wanted):
        with console.status(f"Installation de {requirements.name} (une à deux minutes)…"):
            shutil.rmtree(folder, ignore_errors=True)
            _install(requirements, folder)
        marker.write_text(wanted)
    if hook:
        _copy_hook(folder)
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
    _run([*pip, "--no-deps", "--require-hashes", "--ignore-requires-python", "-r", str(requirements)])


def _find_python() -> str:
    if sys.version_info[:2] == (3, 11):
        return sys.executable
    python = shutil.which("python3.11")
    if python is None:
        raise BenchmarkError("Python 3.11 est introuvable sur cette machine.")
    return python


def _copy_hook(folder: Path) -> None:
    hook = Path(sysconfig.get_path("purelib")) / PROJECT_HOOK
    if not hook.is_file():
        raise BenchmarkError("L’environnement du projet n’est pas complet : lancez d’abord « make install ».")
    shutil.copy(hook, next((folder / "lib").glob("python3.*/site-packages")))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["aucun message"])[-1]
        raise BenchmarkError(f"L’installation a échoué : {last}")
