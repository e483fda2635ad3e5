"""`GET /api/status`: what a widget shows before anybody writes, the banner and whether the assistant is paused."""

from aiohttp import web

from gateway.keys import ANNOUNCEMENTS, CONTENT

CACHED = 15  # seconds

routes = web.RouteTableDef()


@routes.get("/api/status", allow_head=False)
async def get_status(request: web.Request) -> web.Response:
    """The banner and the pause; the contact is the one to turn to meanwhile."""
    announced = request.app[ANNOUNCEMENTS].current
    status = {
        "banner": announced.banner or None,
        "paused": announced.paused,
        "message": announced.message if announced.paused else None,
        "contact": request.app[CONTENT].contact if announced.paused else None,
    }
    return web.json_response(status, headers={"Cache-Control": f"public, max-age={CACHED}"})
