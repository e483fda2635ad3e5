"""The README says what is there: settings, commands, folders."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from gateway.settings import SETTINGS_TABLE

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("setting", SETTINGS_TABLE, ids=lambda setting: setting.name)
def test_it_lists_each_setting_as_the_program_knows_it(setting: object) -> None:
    default = f"`{setting.default}`" if setting.default else "–"
    assert f"| `{setting.name}` | {default} | {setting.meaning} |" in README


def test_it_lists_no_setting_that_does_not_exist() -> None:
    assert set(re.findall(r"\| `(ALLO_\w+)` \|", README)) == {setting.name for setting in SETTINGS_TABLE}


def test_make_help_explains_each_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert TARGETS
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("  make ")] == TARGETS


@pytest.mark.parametrize("target", ["help", "install", "run", "test", "train", "check", "evaluate", "bench"])
def test_the_makefile_has_the_promised_targets(target: str) -> None:
    assert target in TARGETS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README))))
def test_its_links_lead_somewhere(path: str) -> None:
    assert (PROJECT / path).exists()


def test_its_table_of_folders_is_complete() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    folders = {line.split("/")[0] for line in tracked.splitlines() if "/" in line}
    code = {folder for folder in folders if (PROJECT / folder / "__init__.py").exists()}
    assert code <= set(re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE))
