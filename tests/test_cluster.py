"""A whole service with real servers and the real assistant: killed in part under load, then published to.

Each conversation asks for its own list, then for « le deuxième » of it: an answer about another list would be
somebody else's conversation.
"""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from benchmarks.cluster.servers import find_missing
from benchmarks.cluster.site import ROOT, Cluster, open_cluster
from benchmarks.publication import NAMES, copy_release
from training import publication

pytestmark = [pytest.mark.model, pytest.mark.timeout(900)]

SCRIPTS = (
    ("qui sont les partenaires ?", "et le deuxième ?"),
    ("quels sont les axes ?", "et le deuxième ?"),
    ("quels quartiers sont concernés ?", "et le deuxième ?"),
)
LIMIT = 300.0


@dataclass
class Conversation:
    """What was sent and acknowledged, and what came back."""

    script: int
    mark: str
    session: str | None = None
    sent: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    releases: set[str] = field(default_factory=set)
    is_retried: bool = False


class Town:
    """Residents who talk to the public address of a cluster, and what they were told."""

    def __init__(self, cluster: Cluster, http: aiohttp.ClientSession) -> None:
        self.cluster = cluster
        self.conversations: list[Conversation] = []
        self.retries = 0
        self.breaks = 0
        self._http = http
        self._numbers = count()

    async def converse(self) -> Conversation:
        """A whole conversation."""
        number = next(self._numbers)
        conversation = Conversation(number % len(SCRIPTS), f"conversation-{number}")
        self.conversations.append(conversation)
        for message in SCRIPTS[conversation.script]:
            await self._say(conversation, message)
            await asyncio.sleep(0.15)
        return conversation

    async def talk(self, is_over: Callable[[], bool]) -> None:
        """One conversation after the other."""
        while not is_over():
            await self.converse()

    async def _say(self, conversation: Conversation, message: str) -> None:
        body = {"message": message, "session": conversation.session}
        body["id"] = f"{conversation.mark}-{len(conversation.sent)}"
        while (answer := await self._ask(body)) is None:
            self.retries += 1
            conversation.is_retried = True
            await asyncio.sleep(0.3)
        conversation.session = answer["session"]
        conversation.sent.append(message)
        conversation.replies.append(" / ".join(reply["text"] for reply in answer["replies"]))
        conversation.releases.add(answer["release"])

    async def _ask(self, body: dict[str, str | None]) -> dict[str, Any] | None:
        """The answer; None when it has to be asked again, with the same id, as the page does."""
        try:
            async with self._http.post(f"{self.cluster.url}/api/chat", json=body) as response:
                answer: dict[str, Any] = await response.json()
                if response.status == 200:
                    return answer
                # Nothing else than a refusal that says what to do.
                assert (response.status, "message" in answer["error"]) == (503, True), answer
                assert int(response.headers["Retry-After"]) > 0
        except aiohttp.ServerDisconnectedError:
            # The moment at which a gateway is killed may take the connection with it.
            self.breaks += 1
        return None

    async def history(self, conversation: Conversation) -> list[tuple[str, str]]:
        """The ids and messages that the service has kept."""
        headers = {"Authorization": f"Bearer {conversation.session}"}
        async with self._http.get(f"{self.cluster.url}/api/chat/history", headers=headers) as response:
            assert response.status == 200
            return [(turn["id"], turn["message"]) for turn in (await response.json())["turns"]]

    async def wait_release(self, release: str) -> None:
        """Wait until new conversations get a release."""
        deadline = time.monotonic() + LIMIT
        while (await self.converse()).releases != {release}:
            assert time.monotonic() < deadline, f"{release} is not opened"
            await asyncio.sleep(0.3)


@pytest.fixture
async def town(release: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """A cluster of two gateways, two workers and one, on a published release that has a copy to publish."""
    missing = find_missing()
    if missing:
        sentence = f"missing: apt install {' '.join(missing)}"
        pytest.fail(sentence) if os.environ.get("CI") == "true" else pytest.skip(sentence)
    copy_release(release.parent, tmp_path)
    # PostgreSQL runs as another account, which may not enter pytest's own folder.
    folder = tempfile.TemporaryDirectory(prefix="allo-cluster-")
    with folder as name, open_cluster(tmp_path, Path(name), settings={"ALLO_RATE_LIMIT": "0"}) as cluster:
        timeout = aiohttp.ClientTimeout(total=120)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as http:
            yield Town(cluster, http)


async def test_nothing_is_lost_nor_mixed_when_parts_are_killed_and_a_release_is_published(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = [(await town.converse()).replies for _ in SCRIPTS]
    assert len({replies[1] for replies in expected}) == len(SCRIPTS), expected
    is_over = False
    residents = [asyncio.create_task(town.talk(lambda: is_over)) for _ in range(5)]
    first, second = town.cluster.gateways
    os.kill(first.workers()[0], signal.SIGKILL)
    await asyncio.sleep(1)
    before = len(town.conversations)
    second.kill()
    await asyncio.sleep(1)
    second.start()
    await asyncio.to_thread(second.wait_ready)
    killed = len(town.conversations)
    await asyncio.to_thread(publication.publish, tmp_path, ROOT, NAMES[1], "essais", "essais")
    await town.wait_release(NAMES[1])
    await asyncio.sleep(2)
    is_over = True
    await asyncio.gather(*residents)
    assert before < killed < len(town.conversations)
    # One gateway was killed, once.
    assert town.breaks <= len(residents)
    for conversation in town.conversations:
        kept = await town.history(conversation)
        assert kept == [(f"{conversation.mark}-{place}", text) for place, text in enumerate(conversation.sent)]
        assert len(conversation.releases) == 1
        # Who had to send a message twice may be told something else the second time.
        if not conversation.is_retried:
            assert conversation.replies == expected[conversation.script]
    seen = {release for conversation in town.conversations for release in conversation.releases}
    assert seen == {NAMES[0], NAMES[1]}
    with capsys.disabled():
        print(f"\n{len(town.conversations)} conversations, {town.retries} messages sent again")
