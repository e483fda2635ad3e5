"""A whole service on one machine: PostgreSQL, Redis, gateways with their workers, HAProxy in front of them."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from cryptography.fernet import Fernet

from benchmarks.cluster.servers import open_haproxy, open_postgres, open_redis
from benchmarks.errors import BenchmarkError
from benchmarks.processes import clean_environ, find_port
from gateway.startup import DATA_KEY_FILE, SECRET_FILE
from training.children import start_child

ROOT = Path(__file__).parent.parent.parent
READY_LIMIT = 300.0
STOP_LIMIT = 30.0
WORKERS = (2, 1)
WORKERS_METRIC = re.compile(r"^allo_workers (\S+)$", re.MULTILINE)


@dataclass
class Gateway:
    """One `python -m gateway`: its port, the folder where it writes, its environment."""

    port: int
    var: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        """Its own address, behind HAProxy's."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it says on its terminal."""
        return self.var / "gateway.log"

    def start(self) -> None:
        """Start it, also after `kill`."""
        with self.log.open("ab") as output:
            self.process = start_child(
                [sys.executable, "-m", "gateway"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Its own group: Ctrl-C reaches us alone, who then stop everything in order.
                process_group=0,
            )

    def wait_ready(self) -> None:
        """Wait until it answers residents. Raises BenchmarkError."""
        limit = time.monotonic() + READY_LIMIT
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise BenchmarkError(f"Une passerelle n’a pas démarré :\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut would; its workers go with it."""
        self.process.kill()
        self.process.wait()

    def count_workers(self) -> int:
        """How many of its workers answer, as it says."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=5) as response:
            found = WORKERS_METRIC.search(response.read().decode())
        return int(float(found[1])) if found else 0

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        return [child.pid for child in psutil.Process(self.process.pid).children() if "worker" in child.cmdline()]

    def stop(self) -> None:
        """In order."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False


@dataclass(frozen=True)
class Cluster:
    """A running service: its public address, its gateways, its servers."""

    url: str
    gateways: Sequence[Gateway]
    database_url: str
    redis_url: str


@contextmanager
def open_cluster(
    models: Path,
    folder: Path,
    workers: Sequence[int] = WORKERS,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """Start everything, with so many `workers` for each gateway, and wait until all gateways answer.

    `folder` is where everything is written, `settings` are more ALLO_… variables. Raises BenchmarkError.
    """
    if not (models / "current").is_dir():
        raise BenchmarkError(f"Aucune version publiée dans {models} : lancez « make train », ou donnez --models.")
    # PostgreSQL runs as another account, which has to walk through.
    folder.chmod(0o711)
    with ExitStack() as stack:
        database_url = stack.enter_context(open_postgres(folder))
        redis_url = stack.enter_context(open_redis(folder))
        shared = {
            **clean_environ(),
            "ALLO_MODELS": str(models.absolute()),
            "ALLO_PROJECT": str(ROOT),
            "ALLO_DATABASE_URL": database_url,
            "ALLO_REDIS_URL": redis_url,
            "ALLO_TRUSTED_PROXIES": "127.0.0.1",
            # A worker is one process, whose share of what is answered can be told.
            "ALLO_WORKER_COPIES": "1",
            **(settings or {}),
        }
        public = port or find_port()
        gateways = [
            _make_gateway(folder / f"gateway{number}", shared | {"ALLO_WORKERS": str(count)}, public)
            for number, count in enumerate(workers)
        ]
        _share_keys([gateway.var for gateway in gateways])
        for gateway in gateways:
            gateway.start()
            stack.callback(gateway.stop)
        for gateway in gateways:
            gateway.wait_ready()
        shares = {gateway.port: count for gateway, count in zip(gateways, workers, strict=True)}
        url = stack.enter_context(open_haproxy(folder, shares, public))
        yield Cluster(url, gateways, database_url, redis_url)


def _make_gateway(var: Path, shared: Mapping[str, str], public: int) -> Gateway:
    var.mkdir(mode=0o700)
    port = find_port()
    own = {"ALLO_PORT": str(port), "ALLO_VAR": str(var), "ALLO_PUBLIC_URL": f"http://127.0.0.1:{public}"}
    return Gateway(port, var, {**shared, **own})


def _share_keys(folders: Sequence[Path]) -> None:
    """The gateways of one service have the same keys: whoever signed or sealed, the others read."""
    first, *others = folders
    for name, key in ((SECRET_FILE, secrets.token_hex(32)), (DATA_KEY_FILE, Fernet.generate_key().decode())):
        with os.fdopen(os.open(first / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        for other in others:
            shutil.copy2(first / name, other / name)
