"""A real Redis, started for the run on a loopback port, emptied for each test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from benchmarks.cluster.servers import open_redis


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis server; skips where Debian's package is missing, unless CI=true."""
    if shutil.which("redis-server") is None:
        missing = "Redis is missing: apt install redis-server"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    folder: Path = tmp_path_factory.mktemp("redis-server")
    with open_redis(folder) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty Redis."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
