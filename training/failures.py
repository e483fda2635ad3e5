"""What a machine's failures mean to the person who asked for a training, and what to do about them."""

from __future__ import annotations

import errno
import re
import signal
from http.client import HTTPException

DISK_FULL = (
    "Le disque est plein. Faites de la place (supprimez d’anciennes versions ou d’autres fichiers), puis recommencez."
)
OUT_OF_MEMORY = (
    "La machine l’a arrêté en route, le plus souvent faute de mémoire. Fermez d’autres programmes ou donnez-lui plus "
    "de mémoire, puis recommencez."
)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM_WRITTEN = re.compile(r"No space left on device|Disk quota exceeded|File too large|disk is full")
_NO_MEMORY_WRITTEN = re.compile(r"^MemoryError|Unable to allocate|Cannot allocate memory", re.MULTILINE)


def explain_error(error: BaseException) -> str | None:
    """The French sentence for an error of the machine; None when it is not one."""
    # A copy of a folder that fails tells the errors of its files in its text alone.
    if isinstance(error, OSError) and (error.errno in _NO_ROOM or _NO_ROOM_WRITTEN.search(str(error))):
        return DISK_FULL
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return OUT_OF_MEMORY
    # The worker that takes the exam went away in the middle of an answer.
    if isinstance(error, ConnectionError | HTTPException):
        return OUT_OF_MEMORY
    if isinstance(error, OSError):
        return f"Un fichier ne se lit pas ou ne s’écrit pas ({error.strerror or type(error).__name__})."
    return None


def explain_end(returncode: int, output: str) -> str | None:
    """The French sentence for a child process that ended badly because of the machine; None otherwise."""
    if returncode == -signal.SIGKILL or _NO_MEMORY_WRITTEN.search(output):
        return OUT_OF_MEMORY
    if returncode == -signal.SIGXFSZ or _NO_ROOM_WRITTEN.search(output):
        return DISK_FULL
    return None
