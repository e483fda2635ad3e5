"""Residents' requests in the database: how long they are kept, and that one erased is gone from the file."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from gateway_case import sqlite_only

from gateway.database import Database
from gateway.resident_requests import RequestStore, ResidentRequest, insert_request

pytest_plugins = ["gateway_fixtures"]

DAY = date(2026, 11, 23)


@pytest.fixture
def requests(database: Database) -> RequestStore:
    return RequestStore(database)


def save(database: Database, code: str, on: date = DAY) -> None:
    with database.writing() as db:
        insert_request(db, ResidentRequest("join", code, {"nom": "Zoé"}), on)


def test_old_requests_are_forgotten_and_recent_ones_kept(database: Database, requests: RequestStore) -> None:
    save(database, "OLD0-0000", DAY - timedelta(days=181))
    save(database, "NEW0-0000")
    assert requests.purge(DAY - timedelta(days=180)) == 1
    assert not requests.erase("OLD0-0000")
    assert requests.erase("NEW0-0000")


@sqlite_only
def test_a_request_is_erased_by_its_code_from_the_file_too(
    database: Database, requests: RequestStore, tmp_path: Path
) -> None:
    save(database, "ABCD-EFGH")
    assert requests.erase("ABCD-EFGH")
    assert not requests.erase("ABCD-EFGH")
    database.close()
    assert "Zoé".encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
