"""What the API answers when it cannot do what is asked: a status, a code and a French sentence."""

from collections.abc import Mapping

from aiohttp import web

from gateway import texts

STATUSES = {
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "id_conflict": 409,
    "too_many_requests": 429,
    "origin_refused": 403,
    "not_signed_in": 401,
    "role_refused": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "unavailable": 503,
    "busy": 503,
    "paused": 503,
}


class ApiError(Exception):
    """A refusal of the contract. `code` is a key of texts.ERRORS; `retry_after` is in whole seconds.

    `message`: other words than those of texts.ERRORS, when staff chose them.
    """

    def __init__(
        self,
        code: str,
        *,
        message: str | None = None,
        contact: str | None = None,
        retry_after: int | None = None,
        allow: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUSES.get(code, 400)
        self.message = message or texts.ERRORS[code]
        self.contact = contact
        self.headers = _headers(retry_after, allow)

    def to_response(self) -> web.Response:
        """The error as the JSON object of the contract."""
        error = {"code": self.code, "message": self.message}
        if self.contact is not None:
            error["contact"] = self.contact
        return web.json_response({"error": error}, status=self.status, headers=self.headers)


class Unavailable(Exception):
    """Nobody can answer now: no worker, a worker that is too slow, or a database that refuses to write."""


def _headers(retry_after: int | None, allow: str | None) -> Mapping[str, str]:
    headers = {}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if allow is not None:
        headers["Allow"] = allow
    return headers
