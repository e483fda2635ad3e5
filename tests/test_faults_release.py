"""One byte of the published release changes on the disk: it is refused by its hash, and the one before it answers."""

import asyncio
import time
from pathlib import Path

import pytest
from gateway_case import DISTRESS, Gateway, StartGateway
from releases_case import make_examined

from gateway import texts
from training.publication import answerable, publish
from training.releases import MANIFEST_FILE, MODEL_FILE, find_damage

pytest_plugins = ["gateway_fixtures"]

CARD = "data/fiches/urgences/suicide_prevention.md"


@pytest.fixture
def two(tmp_path: Path, project: Path) -> tuple[Path, str, str]:
    """A models folder where one release was published after another: the folder, the first, the second."""
    models = tmp_path / "two"
    names = []
    for phone in ("11", "22"):
        contact = project / "data" / "contact.yml"
        contact.write_text(contact.read_text().replace("03 00 00 00 00", f"03 00 00 00 {phone}"))
        names.append(make_examined(models, project))
        publish(models, project, names[-1], "bob@ville.example", "essai")
    return models, names[0], names[1]


def flip(path: Path, place: int | None = None) -> None:
    """Change one bit of a file: in the middle, or at a place."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if place is None else place] ^= 1
    path.write_bytes(content)


async def wait_release(gateway: Gateway, name: str) -> None:
    """Wait until a release answers."""
    deadline = time.monotonic() + 10
    while gateway.supervisor.release != name:
        assert time.monotonic() < deadline, f"{gateway.supervisor.release} answers"
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("part", "named"),
    [
        pytest.param(MODEL_FILE, MODEL_FILE, id="model"),
        pytest.param(CARD, "data", id="emergency-card"),
        pytest.param("config.yml", "config.yml", id="config"),
    ],
)
async def test_a_byte_flipped_before_the_start(
    start_gateway: StartGateway, two: tuple[Path, str, str], part: str, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    models, first, second = two
    flip(models / second / part)
    gateway = await start_gateway(models=models)
    answer = await gateway.chat("bonjour")
    # The release before answers, whole: its worker, its contact, its emergency card.
    assert answer["release"] == first
    assert (await gateway.chat(DISTRESS))["release"] == first
    assert "3114" in (await gateway.chat(DISTRESS))["replies"][0]["text"]
    # No worker was ever started on the damaged one, and it is said once, in plain words.
    assert {Path(models / name).name for name in gateway.seen("release")} == {first}
    said = [record.getMessage() for record in caplog.records if record.name == "gateway.workers"]
    assert said.count(texts.stands_in(second, first, texts.damaged(named))) == 1
    async with gateway.client.get("/metrics") as response:
        assert "allo_release_failing 1.0" in await response.text()
    async with gateway.client.get("/readyz") as response:
        assert response.status == 200


async def test_a_manifest_that_is_cut(start_gateway: StartGateway, two: tuple[Path, str, str]) -> None:
    models, first, second = two
    manifest = models / second / MANIFEST_FILE
    manifest.write_bytes(manifest.read_bytes()[:100])
    gateway = await start_gateway(models=models)
    assert (await gateway.chat("bonjour"))["release"] == first


async def test_a_byte_flipped_while_it_answers_is_found_at_the_next_start_of_the_worker(
    start_gateway: StartGateway, two: tuple[Path, str, str]
) -> None:
    models, first, second = two
    gateway = await start_gateway(models=models)
    session = (await gateway.chat("avant"))["session"]
    assert gateway.supervisor.release == second
    flip(models / second / MODEL_FILE)
    # What is in memory is whole: it goes on.
    assert (await gateway.chat("encore", session))["release"] == second
    await gateway.post({"message": "/!meurs"}, status=503)
    await wait_release(gateway, first)
    assert (await gateway.chat("après", session))["release"] == first
    assert [turn["message"] for turn in await gateway.history(session)] == ["avant", "encore", "après"]
    # Whole again, the published release answers again, without a restart of the gateway.
    flip(models / second / MODEL_FILE)
    await wait_release(gateway, second)
    assert (await gateway.chat("encore après", session))["release"] == second


async def test_every_release_is_damaged(
    start_gateway: StartGateway, two: tuple[Path, str, str], caplog: pytest.LogCaptureFixture
) -> None:
    models, first, second = two
    for name in (first, second):
        flip(models / name / MODEL_FILE)
    gateway = await start_gateway(models=models, ready=False)
    error = (await gateway.post({"message": "bonjour"}, status=503))["error"]
    assert error["code"] == "unavailable"
    assert error["contact"]
    # Calls for help are answered all the same, from the working folder.
    assert "3114" in (await gateway.chat(DISTRESS))["replies"][0]["text"]
    async with gateway.client.get("/readyz") as response:
        assert (response.status, (await response.json())["failing"]) == (503, ["worker"])
    assert gateway.seen("started") == []
    assert texts.unreachable(texts.damaged(MODEL_FILE)) in [record.getMessage() for record in caplog.records]


def test_every_part_is_compared(two: tuple[Path, str, str]) -> None:
    models, first, second = two
    assert [path.name for path in answerable(models)] == [second, first]
    assert find_damage(models / second) is None
    for part in (MODEL_FILE, "config.yml", "domain.yml", "data/genres.yml"):
        flip(models / second / part)
        assert find_damage(models / second) == part.split("/")[0]
        flip(models / second / part)
    (models / second / "domain.yml").unlink()
    assert find_damage(models / second) == "domain.yml"
    assert find_damage(models / first) is None
