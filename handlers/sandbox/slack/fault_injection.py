"""What an ordered fault looks like on the wire."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from handlers.sandbox.slack.faults import Fault, Faults

Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]
BAD_GATEWAY = "<html><body>502 Bad Gateway</body></html>"


async def spoiled(fault: Fault | None, request: web.Request) -> web.Response | None:
    """Give the spoiled answer, or None when the call is still to be processed."""
    match fault:
        case None | Fault(kind="reset_after"):
            return None
        case Fault(kind="slow"):
            await asyncio.sleep(fault.seconds)
            return None
        case Fault(kind="reset"):
            drop(request)
            return web.Response(status=503)
        case _:
            return _answer(fault)


def spoilable(name: str, endpoint: Endpoint, faults: Faults) -> Endpoint:
    """Let faults ordered under this name hit an endpoint that is no Web API method."""

    async def serve(request: web.Request) -> web.StreamResponse:
        fault = faults.take(name)
        answer = await spoiled(fault, request)
        if answer is not None:
            return answer
        served = await endpoint(request)
        if fault is not None and fault.kind == "reset_after":
            drop(request)
        return served

    return serve


def drop(request: web.Request) -> None:
    """Cut the connection under the caller."""
    if request.transport is not None:
        request.transport.abort()


def ratelimited(seconds: int) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


def _answer(fault: Fault) -> web.Response:
    match fault.kind:
        case "429":
            return ratelimited(fault.retry_after)
        case "500":
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        case "html502":
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        case _:
            return web.json_response({"ok": False, "error": fault.code})
