"""What is in deploy/: units that systemd accepts, settings that exist, a dashboard and alerts on figures that exist."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from gateway_case import DISTRESS, Gateway

from gateway.settings import SETTINGS_TABLE, Settings

pytest_plugins = ["gateway_fixtures"]

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service")) + sorted(path.name for path in DEPLOY.glob("*.timer"))
METRIC = re.compile(r"\b(?:allo|process)_[a-z_]+")
# Of the exposure of the service, from 0 (nothing is open to it) to 10.
MOST_EXPOSED = 2.0


def metrics_in(text: str) -> set[str]:
    return set(METRIC.findall(text))


def dashboard() -> dict[str, Any]:
    return json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))


def expressions() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


async def read_metrics(gateway: Gateway) -> set[str]:
    """The names of every sample of a gateway that has seen a bit of everything."""
    await gateway.chat("bonjour")
    await gateway.chat(DISTRESS)
    await gateway.post({"message": "/!erreur"}, status=503)
    async with gateway.client.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    return {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}


async def test_every_metric_of_the_dashboard_and_of_the_alerts_exists(gateway: Gateway) -> None:
    there = await read_metrics(gateway)
    variables = json.dumps(dashboard()["templating"])
    alerts = (DEPLOY / "prometheus-alerts.yml").read_text(encoding="utf-8")
    named = metrics_in(" ".join(expressions()) + variables + alerts)
    assert len(named) > 15
    assert named - there == set()


async def test_every_metric_of_ours_is_on_the_dashboard(gateway: Gateway) -> None:
    there = {name for name in await read_metrics(gateway) if name.startswith("allo_")}
    beside = {name for name in there if name.endswith(("_created", "_sum"))}
    assert there - beside - metrics_in(" ".join(expressions())) == set()


async def test_labels_of_the_dashboard_exist(gateway: Gateway) -> None:
    await read_metrics(gateway)
    async with gateway.client.get("/metrics") as response:
        there = set(re.findall(r'[{,](\w+)="', await response.text()))
    # `instance` is Prometheus's own.
    everything = " ".join(expressions())
    asked = re.findall(r"(\w+)=~?\"", everything)
    asked += [label for labels in re.findall(r"by \(([\w, ]+)\)", everything) for label in labels.split(", ")]
    assert set(asked) - there == {"instance"}


def test_panels_do_not_cover_one_another() -> None:
    places = [panel["gridPos"] for panel in dashboard()["panels"]]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(places)


def test_alerts_are_rules() -> None:
    rules = [
        rule
        for group in yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    ]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 5
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules if rule["alert"] not in page] == []


def written_settings(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(?:# |ENV |    )?(ALLO_[A-Z_]+)=(\S+?)(?: \\)?$", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["allo-quartiers.env", "Containerfile"])
def test_settings_exist_and_are_accepted(name: str) -> None:
    found = written_settings((DEPLOY / name).read_text(encoding="utf-8"))
    assert {"ALLO_VAR", "ALLO_MODELS", "ALLO_PROJECT", "ALLO_LOG_FORMAT"} <= set(found)
    assert set(found) <= {setting.name for setting in SETTINGS_TABLE}
    settings = Settings.from_env(found)
    assert settings.log_format == "json"


def test_what_the_units_name_is_there() -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        for path in re.findall(r"/opt/allo-quartiers/(\S+)", text):
            assert (ROOT / path).exists(), path
    assert [path.name for path in (DEPLOY / "start.sh", DEPLOY / "allo") if not os.access(path, os.X_OK)] == []


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they are once installed: what they run is there."""
    if not shutil.which("systemd-analyze"):
        missing = "systemd-analyze is missing: apt install systemd"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/allo-quartiers", str(ROOT))
        (tmp_path / name).write_text(text)
    return tmp_path


def test_systemd_accepts_the_units(installed: Path) -> None:
    command = ["systemd-analyze", "verify", *(str(installed / name) for name in UNITS)]
    result = subprocess.run(command, capture_output=True, text=True)
    # It also complains of what other packages have installed.
    mine = [line for line in result.stderr.splitlines() if any(name in line for name in UNITS)]
    assert mine == []


def test_the_service_is_closed_to_what_it_does_not_need(installed: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", str(installed / "allo-quartiers.service")]
    result = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"exposure level for \S+: ([\d.]+)", result.stdout)
    assert found, result.stderr
    assert float(found[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("script", ["start.sh", "allo"])
def test_scripts_are_shell(script: str) -> None:
    subprocess.run(["sh", "-n", DEPLOY / script], check=True)


def test_what_staff_edited_is_never_replaced(tmp_path: Path) -> None:
    """`start.sh` in a small tree of its own, with a Python that only says what it was asked for."""
    town = tmp_path / "town"
    for folder in ("deploy", "data", "tests/questions", ".venv/bin"):
        (town / folder).mkdir(parents=True)
    shutil.copy(DEPLOY / "start.sh", town / "deploy")
    for name, text in {"config.yml": "new", "domain.yml": "new", "data/contact.yml": "shipped"}.items():
        (town / name).write_text(text)
    python = town / ".venv/bin/python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    state = tmp_path / "state"
    environ = {"PATH": os.environ["PATH"]} | {
        f"ALLO_{name.upper()}": str(state / name) for name in ("var", "models", "project")
    }
    for _ in range(2):
        result = subprocess.run([town / "deploy/start.sh"], env=environ, capture_output=True, text=True, check=True)
        (state / "project/data/contact.yml").write_text("edited")
        (town / "config.yml").write_text("newer")
    assert (state / "project/data/contact.yml").read_text() == "edited"
    assert (state / "project/config.yml").read_text() == "newer"
    assert (state / "var").stat().st_mode & 0o777 == 0o700
    first, second = result.stdout.splitlines()
    assert first == f"-m training --models {state}/models --project {state}/project prepare"
    assert second == "-m gateway"
