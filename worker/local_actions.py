"""The custom actions, run in the worker's own process instead of behind a second server.

Rasa calls its action server through `EndpointConfig.request`; this one answers with `rasa_sdk`'s own executor. One
process is then one release: model, actions and content change together.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException


class LocalActions(EndpointConfig):
    """An action server that is a function call."""

    def __init__(self, package: str = "actions") -> None:
        """Register every action of `package`."""
        # The domain is 20 kB of JSON that only the validation of forms reads (`send_domain` in domain.yml).
        super().__init__(url="local", selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that Rasa asks for. Raises ClientResponseError as the action server's statuses would."""
        call = {"domain": {}, **kwargs["json"]}
        try:
            result = await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            refusal = {"error": str(rejection), "action_name": rejection.action_name}
            raise ClientResponseError(400, "rejected", json.dumps(refusal)) from rejection
        except ActionNotFoundException as missing:
            refusal = {"error": str(missing), "action_name": missing.action_name}
            raise ClientResponseError(404, "unknown action", json.dumps(refusal)) from missing
        return result
