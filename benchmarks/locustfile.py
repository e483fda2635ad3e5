"""What Locust runs for `make load`: residents who arrive whatever becomes of those before them.

Read by Locust in an environment of its own, `.bench/load-venv`: nothing here may import the project. Its orders come in
the file that `LOAD_ORDERS` names (`benchmarks.overload` writes it): the address, the conversations to hold, the steps
(seconds, conversations a second), the mean pause between two messages of a resident, and where to write.

Locust's own users are as many as are asked for, and start again when they are done: a closed load. Here its one user is
the town, from which residents come by a Poisson process, each in a greenlet. Each message has its moment, whatever the
answer to the one before: one that has to wait for that answer is late, and its time counts from its moment on.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
from gevent.pool import Pool
from locust import FastHttpUser, task

ORDERS = json.loads(Path(os.environ["LOAD_ORDERS"]).read_text(encoding="utf-8"))
OUTPUT = Path(ORDERS["output"])
SEED = 7
CONNECTIONS = 1000
CHANCE = random.Random(SEED)


def draw_arrivals() -> Iterator[tuple[float, int]]:
    """When each conversation begins (seconds from the start), and in which step."""
    chance, start = random.Random(SEED), 0.0
    for number, (seconds, rate) in enumerate(ORDERS["steps"]):
        moment = start + chance.expovariate(rate)
        while moment < start + seconds:
            yield moment, number
            moment += chance.expovariate(rate)
        start += seconds


class Town(FastHttpUser):
    """Where residents come from."""

    host = ORDERS["address"]
    connection_timeout = network_timeout = 30.0
    concurrency = CONNECTIONS

    @task
    def send_residents(self) -> None:
        """Let each resident write at their time, wait for the last ones, and stop."""
        self.began = time.perf_counter()
        # Of each step, how many messages came back and how many of them were not answered.
        self.sent: dict[int, list[int]] = {}
        residents, talks = Pool(), ORDERS["talks"]
        for number, (moment, step) in enumerate(draw_arrivals()):
            self._sleep_until(moment)
            if self._is_enough(step):
                break
            residents.spawn(self._talk, talks[number % len(talks)], moment, step)
        residents.join(timeout=ORDERS["drain"])
        residents.kill()
        self.environment.runner.quit()

    def _is_enough(self, step: int) -> bool:
        """Whether a step that is over was refused as much as the orders say is enough."""
        over = [counts for number, counts in self.sent.items() if number < step and counts[0] > 20]
        return any(refused > ORDERS["stop_at"] * sent for sent, refused in over)

    def _sleep_until(self, moment: float) -> None:
        gevent.sleep(max(0.0, moment - (time.perf_counter() - self.began)))

    def _talk(self, talk: dict[str, Any], moment: float, step: int) -> None:
        session = None
        for text in talk["messages"]:
            self._sleep_until(moment)
            session = self._ask(text, session, moment, step, talk["kind"])
            moment += CHANCE.expovariate(1 / ORDERS["pause"])

    def _ask(self, text: str, session: str | None, moment: float, step: int, kind: str) -> str | None:
        body = {"message": text, "session": session}
        with self.client.post("/api/chat", json=body, name=kind, catch_response=True) as response:
            took = time.perf_counter() - self.began - moment
            answer, status = _read(response), response.status_code or 0
            error = answer.get("error") or {}
            told = bool(error.get("message")) and "Retry-After" in (response.headers or {})
            # A refusal is an answer, here: what is not one is a failure.
            if status in (200, 429, 503) and answer:
                response.success()
            else:
                response.failure(f"état {status}")
        counts = self.sent.setdefault(step, [0, 0])
        counts[0] += 1
        counts[1] += status != 200
        line = {
            "at": round(moment, 4),
            "took": round(took, 5),
            "step": step,
            "kind": kind,
            "status": status,
            "code": error.get("code"),
            "told": told,
            "alert": any(reply["kind"] == "alert" for reply in answer.get("replies", ())),
        }
        with OUTPUT.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return answer.get("session", session)


def _read(response: Any) -> dict[str, Any]:
    try:
        return dict(response.json())
    except (ValueError, TypeError, AttributeError):
        return {}
