"""A backup's file: a compressed tar whose first member is a manifest with the size and the SHA-256 of all the others.

Reading trusts nothing: plain files only, under names that a backup has, each as long as announced and not longer, all
of them and nothing else.
"""

import gzip
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_LIMIT = 16_000_000  # bytes
FILES_LIMIT = 100_000
CHUNK = 1 << 20
RELEASE = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
# What a backup may hold; `database.dump` is PostgreSQL's.
NAME = re.compile(
    r"var/(app\.db|tracker\.db|database\.dump|[a-z_-]+\.key)"
    r"|project/(data|questions)/.+"
    rf"|models/(publications\.jsonl|{RELEASE.pattern}/.+)"
)
UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError, TypeError, KeyError, AttributeError)


class ArchiveError(Exception):
    """Not a backup, or not all of it."""


class _PlainFile(tarfile.TarInfo):
    """A member that is a file: no link, no folder, no header that is read before anybody can refuse it."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise ArchiveError(f"{self.name[:100]!r} is not a file")
        return super()._proc_member(archive)  # type: ignore[misc]


@dataclass(frozen=True)
class Part:
    """One file of a backup: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: when (ISO, UTC), which database, the published release, how much there is."""

    made_at: str
    database: str
    current: str | None
    counts: dict[str, int]
    files: dict[str, Part]


def write_archive(file: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write a backup in one step: there is a whole file, or none. Raises OSError, FileExistsError among others."""
    aside = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            with tarfile.open(fileobj=output, mode="w:gz", compresslevel=6, format=tarfile.USTAR_FORMAT) as archive:
                head = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False).encode()
                _add(archive, MANIFEST, io.BytesIO(head), len(head))
                for name, path in sources.items():
                    with path.open("rb") as content:
                        _add(archive, name, content, manifest.files[name].size)
            output.flush()
            os.fsync(output.fileno())
        os.link(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def measure(path: Path) -> Part:
    """The size and the hash of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(size, digest.hexdigest())


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself. Raises ArchiveError or OSError."""
    with _opened(file) as (manifest, _):
        return manifest


def extract(file: Path, folder: Path | None) -> Manifest:
    """Take every file of a backup out into a folder, or only check them all. Raises ArchiveError or OSError."""
    with _opened(file) as (manifest, archive):
        missing = dict(manifest.files)
        while (member := archive.next()) is not None:
            expected = missing.pop(member.name, None)
            if expected is None or member.size != expected.size:
                raise ArchiveError(f"unexpected member {member.name[:100]!r}")
            content = archive.extractfile(member)
            assert content is not None
            if _copy(content, folder / member.name if folder else None) != expected:
                raise ArchiveError(f"{member.name} is not what was saved")
        if missing:
            raise ArchiveError(f"{min(missing)} is missing")
        return manifest


@contextmanager
def _opened(file: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    try:
        with tarfile.open(file, "r:gz", tarinfo=_PlainFile) as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST or first.size > MANIFEST_LIMIT:
                raise ArchiveError("no manifest")
            content = archive.extractfile(first)
            assert content is not None
            yield _read_manifest(content.read()), archive
    except UNREADABLE as error:
        raise ArchiveError(type(error).__name__) from None


def _read_manifest(content: bytes) -> Manifest:
    told = json.loads(content)
    if told.pop("format") != FORMAT or len(told["files"]) > FILES_LIMIT:
        raise ArchiveError("another format")
    files = {name: Part(int(part["size"]), str(part["sha256"])) for name, part in told.pop("files").items()}
    for name in files:
        if not NAME.fullmatch(name) or not set(name.split("/")).isdisjoint({"", ".", ".."}) or "\0" in name:
            raise ArchiveError(f"unexpected name {name[:100]!r}")
    manifest = Manifest(files=files, **told)
    if manifest.current is not None and not RELEASE.fullmatch(manifest.current):
        raise ArchiveError(f"unexpected release {manifest.current[:100]!r}")
    return manifest


def _copy(content: IO[bytes], path: Path | None) -> Part:
    digest, size = hashlib.sha256(), 0
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") if path is not None else io.BytesIO() as output:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if path is not None:
                output.write(chunk)
    return Part(size, digest.hexdigest())


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, content)
