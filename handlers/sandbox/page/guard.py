"""Who may open the page: only a browser on this machine that was given the address.

The address holds a random token; the cookie it buys is the way in from then on. The Host header is
checked because a name elsewhere can be pointed at 127.0.0.1 (DNS rebinding), the Origin header
because any other page in the same browser can reach a port on this machine.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_READS: Final = ("GET", "HEAD")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Checks every request; `port` is known once the page listens."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self.port = 0
        self._session = secrets.token_urlsafe(24)

    @property
    def origins(self) -> tuple[str, ...]:
        return (f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}")

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets a request through when host, origin and cookie or token are right."""
        refusal = self._refusal(request)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            answer: web.StreamResponse = web.Response(status=415)
        elif refusal:
            answer = web.Response(status=403, text=refusal + "\n")
        else:
            answer = await handler(request)
        if not answer.prepared:
            answer.headers.update(_HEADERS)
            answer.headers.setdefault("Content-Security-Policy", self._policy())
        return answer

    def admit(self, answer: web.Response) -> None:
        """Gives the browser its cookie; cookies know no port, so the name does."""
        answer.set_cookie(self._cookie, self._session, httponly=True, samesite="Strict", path="/")

    def _refusal(self, request: web.Request) -> str:
        hosts = [origin.removeprefix("http://") for origin in self.origins]
        if request.headers.get("Host") not in hosts:
            return "This page answers to 127.0.0.1 only."
        origin = request.headers.get("Origin")
        is_own = origin is not None and origin in self.origins
        if origin is not None and not is_own:
            return "Another page may not use this one."
        must_say_origin = request.method not in _READS or "Upgrade" in request.headers
        if must_say_origin and not is_own:
            return "This may only be asked for by the page itself."
        if not self._is_known(request):
            return "Open the address that `privacydesk run` printed: it holds this page's key."
        return ""

    def _is_known(self, request: web.Request) -> bool:
        cookie = request.cookies.get(self._cookie, "")
        if _same(cookie, self._session):
            return True
        return request.path == "/" and _same(request.query.get("token", ""), self.token)

    def _policy(self) -> str:
        sockets = " ".join(origin.replace("http", "ws", 1) for origin in self.origins)
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"media-src 'self'; connect-src 'self' {sockets}; manifest-src 'none'; "
            "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        )

    @property
    def _cookie(self) -> str:
        return f"desk_sandbox_{self.port}"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
