"""Bolt's app, with two additions.

What is said in one thread is taken in the order in which Slack told it: until the first word is
safe, the next one waits, however long it takes to look up who wrote it. And how each request ended
is told: what was refused must be read again.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from http import HTTPStatus
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from handlers.slack.keyed_lock import KeyedLock
from handlers.slack.payloads.parsing import inner, thread_of
from handlers.slack.sync.backfill import Backfill
from handlers.slack.sync.thread_reader import ThreadReader

Json = dict[str, Any]
REPEATED = "x-slack-retry-num"
"""How often Slack brought it before; by socket it stands at 0 the first time."""
Ended = Callable[[Json, HTTPStatus, bool], None]
"""Told the body, how it ended, and whether Slack had brought it before."""


class WatchedApp(AsyncApp):
    """Both modes bring their requests here."""

    on_end: Ended = staticmethod(lambda _body, _status, _is_repeat: None)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # as Bolt has them
        super().__init__(**options)
        self._threads = KeyedLock()

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:  # pyright: ignore[reportIncompatibleMethodOverride]  # the same, typed
        status = HTTPStatus.SERVICE_UNAVAILABLE
        try:
            async with self._turn_in_thread(req.body):
                answer = await super().async_dispatch(req)
            status = HTTPStatus(answer.status)
        finally:
            self.on_end(req.body, status, _is_repeat(req.headers))
        return answer

    def _turn_in_thread(self, body: Json) -> AbstractAsyncContextManager[object]:
        event = inner(body, "event")
        thread = thread_of(event) if event.get("type") == "message" else ""
        return self._threads.of(thread) if thread else nullcontext()


class RequestEnds:
    """What follows from how a request of Slack's ended."""

    def __init__(self, backfill: Backfill, reader: ThreadReader) -> None:
        self._backfill = backfill
        self._reader = reader

    def note(self, body: Json, status: HTTPStatus, is_repeat: bool) -> None:  # noqa: FBT001  # as WatchedApp tells it
        """A message that was refused makes the desk behind; anything else was heard."""
        event = inner(body, "event")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and event.get("type") == "message":
            self._backfill.fell_behind(self._reader.cannot_take(event))
        elif status == HTTPStatus.OK and event:
            self._backfill.heard(written_at=_seconds(event), is_repeat=is_repeat)


def _is_repeat(headers: Mapping[str, Sequence[str]]) -> bool:
    return any(number != "0" for number in headers.get(REPEATED, ()))


def _seconds(event: Json) -> float:
    """When it happened; 0: it does not say."""
    try:
        return float(event.get("event_ts") or 0)
    except (TypeError, ValueError):
        return 0.0
