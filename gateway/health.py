"""Is it alive, can it answer, and how it has been doing: /healthz, /readyz, /metrics."""

from aiohttp import web

from gateway.keys import HEALTH

routes = web.RouteTableDef()


@routes.get("/healthz")
async def get_alive(request: web.Request) -> web.Response:
    """The process is alive."""
    return web.json_response({"status": "ok"})


@routes.get("/readyz")
async def get_ready(request: web.Request) -> web.Response:
    """A message sent now can be answered and kept."""
    failing = await request.app[HEALTH].failing()
    body = {"status": "unavailable", "failing": failing} if failing else {"status": "ok", "failing": []}
    return web.json_response(body, status=503 if failing else 200)


@routes.get("/metrics")
async def get_metrics(request: web.Request) -> web.Response:
    """Figures for Prometheus."""
    return web.Response(body=await request.app[HEALTH].measure(), content_type="text/plain")
