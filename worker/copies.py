"""Copies of a process that has loaded everything: one for each core, which share its memory."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence


def share_out(ports: Sequence[int]) -> tuple[int, list[socket.socket]]:
    """Make one process for each port; to be called once everything is loaded, and no loop nor thread runs.

    In each of them, gives its port and its ends of sockets that are closed when another process of them is no more: the
    first one has an end for each copy, a copy one for the first.
    """
    ends: list[socket.socket] = []
    for port in ports[1:]:
        own, of_copy = socket.socketpair()
        if os.fork() == 0:
            for end in (own, *ends):
                end.close()
            return port, [of_copy]
        of_copy.close()
        ends.append(own)
    return ports[0], ends
