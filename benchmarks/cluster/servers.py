"""PostgreSQL, Redis and HAProxy from Debian, each on a free port of the loopback address, with passwords of its own.

They die with the process that started them. Secrets are in files that their account alone may read.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis

from benchmarks.errors import BenchmarkError
from benchmarks.processes import find_port
from gateway import texts
from training.children import start_child

START_LIMIT = 30.0
STOP_LIMIT = 10.0
# PostgreSQL refuses to run as root: there, it runs as the account that Debian's package makes.
ACCOUNT = "postgres"
PACKAGES = {"PostgreSQL": "postgresql", "Redis": "redis-server", "HAProxy": "haproxy"}

HAPROXY = """global
  maxconn 2000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  # Longer than a gateway lets a message wait for the one before it, then for its answer.
  timeout server 45s
  # What a gateway did not answer goes to another one: a message that has an id runs once, however often it is sent.
  option http-buffer-request
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
  # The words of the contract, when no gateway is there to say them.
  http-error status 502 content-type application/json hdr Retry-After 5 string '{error}'
  http-error status 503 content-type application/json hdr Retry-After 5 string '{error}'
  http-error status 504 content-type application/json hdr Retry-After 5 string '{error}'
frontend public
  bind 127.0.0.1:{port}
  option forwardfor
  default_backend gateways
backend gateways
  balance leastconn
  http-request disable-l7-retry unless METH_GET or {{ path /api/chat }}
  http-after-response set-status 503 if {{ status 502 504 }}
  option httpchk GET /readyz
  default-server check inter 500ms fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down
{servers}
"""


def find_missing() -> list[str]:
    """What is not installed here, as Debian's packages name it."""
    programs = {"PostgreSQL": _find_initdb(), "Redis": shutil.which("redis-server"), "HAProxy": _find_haproxy()}
    return [PACKAGES[name] for name, program in programs.items() if program is None]


@contextmanager
def open_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL that keeps its data in `folder`, with an empty database: its address, as SQLAlchemy reads it."""
    initdb = _find_initdb()
    if initdb is None:
        raise BenchmarkError("PostgreSQL n’est pas installé : « apt install postgresql ».")
    account = ACCOUNT if os.geteuid() == 0 else None
    home = folder / "postgres"
    home.mkdir(mode=0o700)
    password = secrets.token_hex(16)
    words = home / "password"
    _write_secret(words, password)
    if account:
        for path in (home, words):
            shutil.chown(path, account)
    data, port = home / "data", find_port()
    make = [initdb, "-D", data, "-U", "allo", "-A", "scram-sha-256", f"--pwfile={words}", "-E", "UTF8", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, user=account, cwd=home)
    command = [initdb.with_name("postgres"), "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", "unix_socket_directories="]

    def answers() -> bool:
        try:
            psycopg2.connect(host="127.0.0.1", port=port, user="allo", password=password, dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    # SIGINT is its « fast » stop: it does not wait for whoever is connected.
    with _running(command, home / "log", answers, user=account, end=signal.SIGINT):
        yield f"postgresql+psycopg2://allo:{password}@127.0.0.1:{port}/postgres"


@contextmanager
def open_redis(folder: Path) -> Iterator[str]:
    """A Redis that writes nothing to the disk: its address, as redis-py reads it."""
    program = shutil.which("redis-server")
    if program is None:
        raise BenchmarkError("Redis n’est pas installé : « apt install redis-server ».")
    home, password, port = folder / "redis", secrets.token_hex(16), find_port()
    home.mkdir(mode=0o700)
    settings = home / "redis.conf"
    lines = ("bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no", f"dir {home}")
    _write_secret(settings, "\n".join(lines) + "\n")
    url = f"redis://:{password}@127.0.0.1:{port}/0"

    def answers() -> bool:
        try:
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    with _running([program, settings], home / "log", answers):
        yield url


@contextmanager
def open_haproxy(folder: Path, gateways: Mapping[int, int], port: int) -> Iterator[str]:
    """A HAProxy on `port`, in front of the gateways (their ports and how many workers each has): its address."""
    program = _find_haproxy()
    if program is None:
        raise BenchmarkError("HAProxy n’est pas installé : « apt install haproxy ».")
    home = folder / "haproxy"
    home.mkdir()
    settings = home / "haproxy.cfg"
    servers = "\n".join(f"  server g{name} 127.0.0.1:{name} weight {workers}" for name, workers in gateways.items())
    settings.write_text(HAPROXY.format(port=port, servers=servers, error=_refusal()))
    url = f"http://127.0.0.1:{port}"
    with _running([program, "-f", settings], home / "log", lambda: is_answering(url)):
        yield url


def is_answering(url: str) -> bool:
    """Whether something speaks HTTP at this address, whatever it says."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _running(
    command: Sequence[str | Path],
    log: Path,
    answers: Callable[[], bool],
    *,
    user: str | None = None,
    end: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = start_child(
            command,
            cwd=log.parent,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Its own group: Ctrl-C reaches us alone, who then stop everything in order.
            process_group=0,
        )
    try:
        limit = time.monotonic() + START_LIMIT
        while not answers():
            if process.poll() is not None or time.monotonic() > limit:
                raise BenchmarkError(f"{Path(command[0]).name} n’a pas démarré :\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(end)
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _refusal() -> str:
    told = {"code": "unavailable", "message": texts.ERRORS["unavailable"]}
    return json.dumps({"error": told}, ensure_ascii=False)


def _write_secret(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _find_initdb() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or (os.geteuid() == 0 and ACCOUNT not in {entry.pw_name for entry in pwd.getpwall()}):
        return None
    return found[-1]


def _find_haproxy() -> str | None:
    # Debian puts it where only root looks.
    return shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
