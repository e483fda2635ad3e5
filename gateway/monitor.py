"""What the gateway knows of itself: which of its parts work, and how its requests have ended."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.admission import Admission
from gateway.database import Database
from gateway.errors import ApiError, Unavailable
from gateway.fleet import Fleet
from gateway.outbox import Outbox
from gateway.purge import Purge
from knowledge.replies import KINDS

OUTCOMES = ("answered", "alert", "busy", "unavailable", "failed")
PROBE_AGE = 2.0  # seconds during which the database is not probed again
PROBE_LIMIT = 2.0  # seconds
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


@dataclass
class ChatCount:
    """How one chat request ended, and the kind of the first reply; set by its handler."""

    outcome: str = "failed"
    kind: str = ""


class Health:
    """Looks at the worker and the database, and counts. No label ever comes from a resident."""

    def __init__(self, database: Database, fleet: Fleet, admission: Admission, outbox: Outbox, var: Path) -> None:
        """`var`: the folder whose disk must not fill up."""
        self._database = database
        self._outbox = outbox
        self._var = var
        self._fleet = fleet
        self._database_ok = False
        self._workers_failing = ["worker"]
        self._probed_at = float("-inf")
        self._probing = asyncio.Lock()
        self.registry = CollectorRegistry()
        self.registry.register(_WorkerMetrics(fleet))
        self.registry.register(_QueueMetrics(admission))
        ProcessCollector(registry=self.registry)
        self._chats = Counter("allo_chat_requests", "Chat requests by outcome", ["outcome"], registry=self.registry)
        self._turns = Histogram(
            "allo_turn_seconds",
            "Time to answer a message, by kind: answer (sure), clarify (asks), fallback (does not know)…",
            ["kind"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        # A counter that appears with its first event has not grown, for Prometheus: they are all there from the start.
        for outcome in OUTCOMES:
            self._chats.labels(outcome)
        for kind in KINDS:
            self._turns.labels(kind)
        self._unexpected = Counter("allo_unexpected_errors", "Errors that nobody had foreseen", registry=self.registry)
        self._database_up = Gauge("allo_database_up", "1 when the database can be written", registry=self.registry)
        self._disk_free = Gauge("allo_disk_free_bytes", "Room left on the disk of ALLO_VAR", registry=self.registry)
        self._mails_late = Gauge("allo_mails_late", "E-mails that were tried and did not leave", registry=self.registry)

    def show_purge(self, purge: Purge) -> None:
        """Have /metrics tell what is forgotten, and when."""
        self.registry.register(_PurgeMetrics(purge))

    def count_unexpected(self) -> None:
        """Count an error that nobody had foreseen."""
        self._unexpected.inc()

    async def measure(self) -> bytes:
        """Everything, as Prometheus reads it."""
        self._database_up.set(await self._can_write())
        self._disk_free.set(shutil.disk_usage(self._var).free)
        with contextlib.suppress(Unavailable):
            self._mails_late.set(await asyncio.to_thread(self._outbox.count))
        return generate_latest(self.registry)

    async def failing(self) -> list[str]:
        """The parts that do not work; a turn needs all of them."""
        parts = {"database": await self._can_write(), "redis": await self._fleet.coordination.is_working()}
        if not self._fleet.is_ready:
            # Known at once; what it takes a question to find out is asked with the database, again when one is back.
            self._workers_failing = ["worker"]
            self._probed_at = float("-inf")
        return self._workers_failing + [part for part, works in parts.items() if not works]

    @contextmanager
    def count_chat(self) -> Iterator[ChatCount]:
        """Count one chat request, and time it when it was answered by the worker."""
        counted = ChatCount()
        began = time.perf_counter()
        try:
            yield counted
        except ApiError as error:
            counted.outcome = error.code
            raise
        finally:
            self._chats.labels(counted.outcome).inc()
            if counted.outcome == "answered":
                self._turns.labels(counted.kind).observe(time.perf_counter() - began)

    async def _can_write(self) -> bool:
        async with self._probing:
            if time.monotonic() - self._probed_at > PROBE_AGE:
                self._workers_failing = await self._fleet.failing()
                try:
                    # Somebody who locks it for longer keeps messages from being answered in time.
                    async with asyncio.timeout(PROBE_LIMIT):
                        await asyncio.to_thread(self._database.check_writable)
                    self._database_ok = True
                except (Unavailable, TimeoutError):
                    self._database_ok = False
                self._probed_at = time.monotonic()
            return self._database_ok


class _WorkerMetrics(Collector):
    """Read from the fleet when asked, so that nothing has to be kept in step."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def collect(self) -> Iterator[Metric]:
        """The state of the workers."""
        yield GaugeMetricFamily("allo_worker_up", "1 when a worker answers", float(self._fleet.is_ready))
        yield GaugeMetricFamily("allo_workers", "Workers that answer", float(self._fleet.ready))
        yield GaugeMetricFamily("allo_workers_wanted", "Workers that should answer", float(len(self._fleet)))
        yield GaugeMetricFamily("allo_workers_memory_bytes", "Memory of the workers", float(self._fleet.memory))
        release = GaugeMetricFamily("allo_release_info", "The release that answers", labels=["release"])
        release.add_metric([self._fleet.release or ""], 1.0)
        yield release
        yield CounterMetricFamily(
            "allo_release_moves", "Moves to another release since the start", float(self._fleet.moves)
        )
        yield CounterMetricFamily(
            "allo_worker_restarts", "Workers lost since the start", float(self._fleet.restarts)
        )
        yield CounterMetricFamily(
            "allo_turns_cut_off", "Messages that took longer than ALLO_TURN_TIMEOUT", float(self._fleet.cut_off)
        )
        yield GaugeMetricFamily(
            "allo_release_failing", "1 when the published release does not start", float(bool(self._fleet.failure))
        )


class _QueueMetrics(Collector):
    """How full the gateway is, read when asked; what it refused is `allo_chat_requests_total{outcome="busy"}`."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def collect(self) -> Iterator[Metric]:
        """The messages being answered, and those that wait."""
        yield GaugeMetricFamily("allo_turns_running", "Messages being answered", float(self._admission.running))
        yield GaugeMetricFamily("allo_turns_waiting", "Messages that wait to be", float(self._admission.waiting))


class _PurgeMetrics(Collector):
    """What was forgotten because its time had passed, read when asked."""

    def __init__(self, purge: Purge) -> None:
        self._purge = purge

    def collect(self) -> Iterator[Metric]:
        """How much of each part, and when all of them were last done."""
        forgotten = CounterMetricFamily("allo_purged", "Forgotten since the start, by part", labels=["part"])
        for part, count in self._purge.forgotten.items():
            forgotten.add_metric([part], float(count))
        yield forgotten
        yield GaugeMetricFamily(
            "allo_purge_done_timestamp_seconds", "When everything due was last forgotten", self._purge.done_at
        )
