"""What Slack says of groups, channels and the workspace: their names."""

import time
from collections.abc import Callable
from typing import Any

from bot.application.ports.queues import NotSent
from bot.domain.errors import Unavailable
from handlers.log_setup import log
from handlers.slack.call_endings import ending
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.platform_refusals import BAD_TOKEN
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

AGAIN_SECONDS = 60.0
"""After so long a name that Slack did not know is asked for again, and a known one too."""


class Places:
    """Asks for names, and remembers them."""

    def __init__(
        self,
        calls: SlackCalls,
        workspace: Workspace,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls = calls
        self._workspace = workspace
        self._now = now
        self._groups: dict[str, str] = {}
        self._channels: dict[str, tuple[str, float]] = {}
        self._groups_at = float("-inf")

    async def group(self, group: str) -> str:
        """What a user group is called; empty: Slack will not say. Raises Unavailable."""
        if self._now() - self._groups_at >= AGAIN_SECONDS:
            answer = await self._ask("usergroups.list", include_disabled=True)
            self._groups_at = self._now()
            for one in answer.get("usergroups") or ():
                self._groups[str(one.get("id"))] = str(one.get("name") or one.get("handle") or "")
        return self._groups.get(group, "")

    async def channel(self, channel: str) -> str:
        """What a channel is called; empty: Slack will not say. Raises Unavailable."""
        name, at = self._channels.get(channel, ("", float("-inf")))
        if self._now() - at < AGAIN_SECONDS:
            return name
        answer = await self._ask("conversations.info", channel=channel)
        found: dict[str, Any] = answer.get("channel") or {}
        name = str(found.get("name") or "")
        self._channels[channel] = (name, self._now())
        return name

    def team(self, team: str) -> str:
        """What our own workspace is called; empty: it is another."""
        return self._workspace.name if team == self._workspace.team else ""

    async def _ask(self, method: str, **args: object) -> dict[str, Any]:
        try:
            return await self._calls.call(method, rank=0, **args)
        except (*Trouble, TooBusy) as error:
            log(__name__, "name_unknown", method=method, error=code_of(error))
            if is_for_now(error):
                raise Unavailable("slack.unreachable", error=code_of(error)) from error
            return {}


def is_for_now(error: BaseException) -> bool:
    """Whether Slack may answer the same question later."""
    if isinstance(error, TooBusy) or code_of(error) in BAD_TOKEN:
        return True
    outcome = ending(error)
    return not isinstance(outcome, NotSent) or outcome.retry_after is not None
