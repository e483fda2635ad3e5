"""What Rasa does again at each message, done once. Measured in docs/decisions/0005-one-process-worker.md.

Nothing here changes a result: each replacement gives the same answer as the code that it stands for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def speed_up_rasa() -> None:
    """Skip the checks and searches that cannot come out otherwise in this process."""
    # Re-checks a JSON schema against the schema of schemas at each action: more than half of a turn. The actions run
    # in this process, and rasa_sdk itself builds what they return.
    RemoteAction._validate_action_result = _accept
    # Walks every subclass of Event for each event read back from the store.
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def _accept(_action: RemoteAction, _result: dict[str, Any]) -> bool:
    return True
