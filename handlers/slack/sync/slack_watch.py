"""How the desk stands in Slack, looked at each minute: its token, its scopes, its two channels.

Slack also tells of it by events (handlers/slack/inbound/app_events.py), which may be missed.
"""

import time
from collections.abc import Callable

from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from handlers.log_setup import log
from handlers.slack.channels import look_at
from handlers.slack.client import SlackCalls, Trouble as CallTrouble, code_of
from handlers.slack.platform_refusals import BAD_TOKEN
from handlers.slack.rate_limits import TooBusy
from handlers.slack.scopes import MISSING, NEEDED, lacking
from handlers.slack.sync.backfill import Backfill
from handlers.slack.workspace import Workspace, tell_of_channel

SLACK = "slack"
CALM_SECONDS = 120.0
"""Slack says once a minute that it drops events; after two without a word it is over."""


class SlackWatch:
    """Tells the board what is wrong, and what is well again."""

    def __init__(
        self,
        calls: SlackCalls,
        workspace: Workspace,
        troubles: Troubles,
        backfill: Backfill,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls = calls
        self._workspace = workspace
        self._troubles = troubles
        self._backfill = backfill
        self._now = now
        self._limited_at: float | None = None

    async def look(self) -> None:
        """Once a minute. A call also tells Slack that we are here: it forgets idle apps."""
        try:
            await self._calls.call("auth.test", rank=0)
        except (*CallTrouble, TooBusy) as error:
            log(__name__, "keepalive_failed", error=code_of(error))
            if code_of(error) in BAD_TOKEN:
                self.token_is_gone(code_of(error))
            return
        self._troubles.ended(TroubleKind.TOKEN, SLACK)
        self._backfill.hears(SLACK)
        self.look_at_scopes()
        for channel in dict.fromkeys(self._workspace.channels):
            await self.look_at_channel(channel)
        await self._after_a_limit()

    def look_at_scopes(self) -> None:
        """What Slack granted, as its answers say: a feature without its scope is off."""
        granted = self._calls.scopes.granted
        missing = lacking(granted)
        for scope in NEEDED:
            if scope in missing:
                self._troubles.began(Trouble(kind=TroubleKind.SCOPES, about=scope, error=MISSING))
            else:
                self._troubles.ended(TroubleKind.SCOPES, scope)

    async def look_at_channel(self, channel: str) -> None:
        try:
            found = await look_at(self._calls, channel)
        except (*CallTrouble, TooBusy) as error:
            log(__name__, "channel_not_looked_at", error=code_of(error))
            return
        tell_of_channel(self._troubles, found)
        if found.problem:
            self._backfill.deaf_to(channel)
        else:
            self._backfill.hears(channel)

    def token_is_gone(self, code: str) -> None:
        """Revoked, or the app was thrown out: nothing goes until it is installed again."""
        self._troubles.began(Trouble(kind=TroubleKind.TOKEN, about=SLACK, error=code))
        self._backfill.deaf_to(SLACK)

    async def events_were_dropped(self) -> None:
        """Slack had more for us than it hands to one app: what it dropped is read again."""
        self._limited_at = self._now()
        trouble = Trouble(kind=TroubleKind.RATE_LIMIT, about=SLACK, error="app_rate_limited")
        self._troubles.began(trouble)
        await self._backfill.after_a_gap()

    async def _after_a_limit(self) -> None:
        if self._limited_at is None or self._now() - self._limited_at < CALM_SECONDS:
            return
        self._limited_at = None
        await self._backfill.after_a_gap()
        self._troubles.ended(TroubleKind.RATE_LIMIT, SLACK)
