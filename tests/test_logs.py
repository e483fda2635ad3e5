"""What processes write in their logs: lines that a machine reads, that hold nothing anyone said."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from program_case import Run

from gateway import texts
from knowledge.logs import Discreet, JsonLines

pytest_plugins = ["gateway_fixtures", "program_fixtures"]

SAID = "Xylophone"


def make_record(name: str, words: str, *arguments: Any, counts: dict[str, int] | None = None) -> logging.LogRecord:
    """A line logged while an error that quotes a message is handled."""
    try:
        raise ValueError(f"cannot read {SAID}")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, words, arguments, error)
    if counts:
        record.counts = counts
    return record


@pytest.mark.parametrize("formatter", [JsonLines(), Discreet()], ids=["json", "text"])
@pytest.mark.parametrize(
    ("name", "words", "arguments"),
    [
        pytest.param("aiohttp.server", "Error handling request from %s", (SAID,), id="arguments"),
        pytest.param("asyncio", f"Task exception was never retrieved\nfuture: <ValueError('{SAID}')>", (), id="lines"),
        pytest.param("gateway.app", "tidying put off", (), id="error"),
    ],
)
def test_nothing_said_is_in_a_line(
    formatter: logging.Formatter, name: str, words: str, arguments: tuple[Any, ...]
) -> None:
    line = formatter.format(make_record(name, words, *arguments))
    assert SAID not in line
    assert words.partition("\n")[0] in line
    assert "ValueError" in line
    assert "tests/test_logs.py" in line


def test_a_json_line_tells_when_how_grave_what_and_how_many() -> None:
    record = make_record("gateway.purge", "purged %s", "all", counts={"conversations": 2})
    text = JsonLines().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["logger"], line["event"]) == ("error", "gateway.purge", "purged all")
    assert line["counts"] == {"conversations": 2}
    assert line["error"]["type"] == "ValueError"
    assert line["error"]["at"][-1].endswith("make_record")


def test_a_gateway_writes_json_and_nothing_else(run: Run) -> None:
    program = run(ALLO_LOG_FORMAT="json")
    program.wait_for("Allô Quartiers : http")
    for message in (SAID, f"{SAID} /!", "/!erreur", "/!meurs"):
        program.chat(message)
    program.process.terminate()
    assert program.process.wait(20) == 0
    lines = [json.loads(line) for line in program.terminal.splitlines()]
    assert all({"time", "level", "logger", "event"} <= set(line) for line in lines)
    events = [line["event"] for line in lines]
    assert events[0] == texts.STARTING
    assert events[-1] == texts.STOPPED
    assert any(line["logger"] == "gateway.conversation" for line in lines)
    assert SAID not in program.terminal


def test_a_refusal_to_start_is_a_line_too(run: Run) -> None:
    program = run(ALLO_LOG_FORMAT="json", ALLO_RATE_LIMIT="beaucoup")
    assert program.process.wait(15) == 1
    (line,) = map(json.loads, program.terminal.splitlines())
    assert (line["level"], line["event"][:16]) == ("error", "ALLO_RATE_LIMIT ")


def test_another_form_is_refused(run: Run) -> None:
    program = run(ALLO_LOG_FORMAT="xml")
    assert program.process.wait(15) == 1
    assert program.terminal == "ALLO_LOG_FORMAT : « xml » ne convient pas, écrivez « text » ou « json ».\n"


def test_what_crashes_a_process_is_a_line_without_its_words() -> None:
    program = f"from knowledge.logs import configure_logs; configure_logs('worker', 'json'); raise ValueError('{SAID}')"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    (line,) = map(json.loads, result.stderr.splitlines())
    assert (line["level"], line["logger"], line["event"]) == ("critical", "worker", "stopped by an error")
    assert line["error"] == {"type": "ValueError", "at": ["<string>:1 <module>"]}
