"""The installation says what is missing in one sentence. Real script, poor machine: only a few programs on its PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "install.sh"
BASICS = ("sh", "awk", "basename", "cmp", "cp", "df", "env", "mkdir", "rm")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """An empty project folder with a list to install, and `bin/`, all that the script will find."""
    (tmp_path / "bin").mkdir()
    for program in BASICS:
        found = shutil.which(program)
        assert found, program
        (tmp_path / "bin" / program).symlink_to(found)
    (tmp_path / "run.txt").write_text("", encoding="utf-8")
    return tmp_path


def put(machine: Path, program: str, script: str) -> None:
    """Put a program in `bin/` in the place of the real one."""
    path = machine / "bin" / program
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def install(machine: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    return subprocess.run(
        [SCRIPT, "run.txt"], cwd=machine, env=environment, capture_output=True, text=True, check=False
    )


def test_it_says_that_python_3_11_is_missing(machine: Path) -> None:
    put(machine, "python3", "exit 1")
    done = install(machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Il faut Python 3.11, introuvable ici. Sur Debian : apt install python3.11 python3.11-venv, puis recommencez."
    ]


def test_it_says_that_the_disk_is_full(machine: Path) -> None:
    (machine / "bin" / "python3.11").symlink_to(sys.executable)
    put(machine, "df", "printf 'head\\n/dev/x 1 1 90000 1%% /\\n'")
    done = install(machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Il faut 2,5 Go libres pour l’installation, il en reste 90 Mo. Libérez de la place, puis recommencez."
    ]
    assert not (machine / ".venv").exists()


def test_it_says_that_debian_s_venv_is_missing(machine: Path) -> None:
    put(machine, "python3.11", 'case "$1" in -m) exit 1;; esac')
    done = install(machine)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "L’environnement Python ne peut pas être créé. Sur Debian : apt install python3.11-venv, puis recommencez."
    ]


def test_it_does_nothing_when_the_list_is_installed(machine: Path) -> None:
    (machine / ".venv").mkdir()
    shutil.copy(machine / "run.txt", machine / ".venv" / ".installed-run")
    done = install(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_lists_name_no_index() -> None:
    for path in (SCRIPT.parent.parent / "requirements").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.startswith(("--index", "--extra-index", "--find-links", "-i ")), f"{path.name}: {line}"


def test_every_pin_has_a_hash() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (SCRIPT.parent.parent / "requirements" / name).read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert len(pins) > 100
        assert all(line.endswith(" \\") for line in pins), [line for line in pins if not line.endswith(" \\")]
    assert os.access(SCRIPT, os.X_OK)
