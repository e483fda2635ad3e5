"""The program itself, for the tests that start it, stop it and kill it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from program_case import PROGRAM, Program, Run


@pytest.fixture
def run(tmp_path: Path, models: Path) -> Iterator[Run]:
    """Start the program with some settings; whatever is left of it is killed at the end."""
    programs: list[Program] = []

    def start(program: str = PROGRAM, **settings: str) -> Program:
        environ = {
            "PATH": os.environ["PATH"],
            "ALLO_PORT": "0",
            "ALLO_VAR": str(tmp_path / "var"),
            "ALLO_MODELS": str(models),
            "FAKE_WORKER_JOURNAL": str(tmp_path / "journal.jsonl"),
            **settings,
        }
        programs.append(Program(environ, tmp_path / f"terminal-{len(programs)}", program))
        return programs[-1]

    yield start
    for program in programs:
        program.process.kill()
        program.process.wait()
