"""Bolt's app, which tells how each request ended: what was refused must be read again."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

Json = dict[str, Any]
REPEATED = "x-slack-retry-num"
Ended = Callable[[Json, HTTPStatus, bool], None]
"""Told the body, how it ended, and whether Slack had brought it before."""


class WatchedApp(AsyncApp):
    """Both modes bring their requests here."""

    on_end: Ended = staticmethod(lambda _body, _status, _is_repeat: None)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:  # pyright: ignore[reportIncompatibleMethodOverride]  # the same, typed
        status = HTTPStatus.SERVICE_UNAVAILABLE
        try:
            answer = await super().async_dispatch(req)
            status = HTTPStatus(answer.status)
        finally:
            self.on_end(req.body, status, REPEATED in req.headers)
        return answer
