"""What every request and every answer goes through: origin, rate, headers, and no error without words.

The API is open to the sites of ALLO_ALLOWED_ORIGINS; everybody else's pages may not write to it. The
check is Filippo Valsorda's (Sec-Fetch-Site, then Origin against Host): clients that are not browsers send
neither header and carry nobody's cookies, so they pass.
"""

import contextlib
import ipaddress
import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web, web_response
from aiohttp.typedefs import Handler

from gateway import texts
from gateway.errors import ApiError
from gateway.keys import CONVERSATIONS, HEALTH, RATE_LIMIT, SESSION_LIMIT, SETTINGS
from gateway.sessions import SessionError
from gateway.settings import Network

log = logging.getLogger("gateway.security")

# What programs call: its refusals are JSON, and the sites of ALLO_ALLOWED_ORIGINS may use it.
API = ("/api/", "/webhooks/")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Session",
    "Access-Control-Max-Age": "86400",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Requests that are not HTTP are answered by aiohttp itself, without any of our code: only here can its
# version be kept out of the Server header.
web_response.SERVER_SOFTWARE = "allo"  # type: ignore[attr-defined]
ERROR_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


async def check_rate(request: web.Request, token: object = None) -> None:
    """Count one message of this address, and of the conversation of this token; raises ApiError when there are many."""
    wait = await request.app[RATE_LIMIT].take(client_address(request))
    if not wait and isinstance(token, str):
        with contextlib.suppress(SessionError):
            wait = await request.app[SESSION_LIMIT].take(request.app[CONVERSATIONS].keeper.read(token).id)
    if wait:
        raise ApiError("too_many_requests", retry_after=wait)


def client_address(request: web.Request) -> str | None:
    """Where a request comes from: what the trusted proxies say of it, and nobody else."""
    proxies = request.app[SETTINGS].trusted_proxies
    said = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    address = request.remote
    # The last ones were written by the nearest proxies; what a client wrote itself comes first.
    while said and _is_within(address, proxies):
        address = said.pop().strip() or address
    return address


def _is_within(address: str | None, networks: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(parsed in network for network in networks)


@web.middleware
async def explain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every refusal into the contract's JSON, or into a page; nothing ends as a bare error."""
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except Exception as error:
        return _explain(request, as_refusal(request, error))


def as_refusal(request: web.Request, error: Exception) -> ApiError:
    """What a handler raised, as a refusal with words; a surprise is logged without what was sent."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, web.HTTPMethodNotAllowed):
        return ApiError("method_not_allowed", allow=", ".join(sorted(error.allowed_methods)))
    if isinstance(error, web.HTTPException):
        return ApiError(ERROR_CODES.get(error.status, "bad_request"))
    # Its type and no more: its text may quote what a resident wrote.
    resource = request.match_info.route.resource
    log.error("unexpected %s on %s", type(error).__name__, resource.canonical if resource else "?")
    request.app[HEALTH].count_unexpected()
    return request.app[CONVERSATIONS].unavailable()


@web.middleware
async def same_origin_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a page of another site tries to write, and let the town's own sites use the API."""
    is_api = request.path.startswith(API)
    is_allowed = is_api and _is_origin_allowed(request)
    if request.method == "OPTIONS" and is_api and "Access-Control-Request-Method" in request.headers:
        return _answer_preflight(is_allowed)
    if request.method not in SAFE_METHODS and not is_allowed and _is_cross_site(request):
        raise ApiError("origin_refused")
    return await handler(request)


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer its protective headers; called as aiohttp's on_response_prepare signal."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # The page's own files are asked for again each time, and not sent again when they have not changed.
    is_static = request.path.startswith("/static/")
    response.headers.setdefault("Cache-Control", "no-cache" if is_static else "no-store")
    if request.path.startswith(API):
        response.headers.add("Vary", "Origin")
        if _is_origin_allowed(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def _answer_preflight(is_allowed: bool) -> web.Response:
    if not is_allowed:
        raise ApiError("origin_refused")
    return web.Response(status=204, headers=CORS_HEADERS)


def _is_origin_allowed(request: web.Request) -> bool:
    return request.headers.get("Origin", "").lower() in request.app[SETTINGS].allowed_origins


def _is_cross_site(request: web.Request) -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is None:
        return False
    # The scheme is left out: behind a proxy that speaks TLS, this process sees plain HTTP.
    try:
        return not request.host or urlsplit(origin).netloc.lower() != request.host.lower()
    except ValueError:
        return True


def _explain(request: web.Request, error: ApiError) -> web.Response:
    if request.path.startswith(API) or request.path in ("/healthz", "/readyz", "/metrics"):
        return error.to_response()
    context = {
        "title": texts.ERROR_TITLES.get(error.status, texts.ERROR_TITLE_OTHER),
        "message": error.message,
        "contact": error.contact,
    }
    response = aiohttp_jinja2.render_template("error.html", request, context, status=error.status)
    response.headers.update(error.headers)
    return response
