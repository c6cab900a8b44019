"""Takes the desk's own posts and files away: each once, the next one also where one fails."""

import logging
from collections import Counter
from collections.abc import Awaitable

from slack_sdk.errors import SlackApiError

from bot.application.ports.card_refs import CardRef
from bot.domain.errors import DeskError, Refused, Unavailable
from handlers.log_setup import log
from handlers.slack.blocks.ticket_card import Sheet
from handlers.slack.channels import ARCHIVED, NOT_A_MEMBER, NOT_FOUND
from handlers.slack.client import CallRefused, SlackCalls, Trouble, code_of
from handlers.slack.platform_refusals import is_final
from handlers.slack.rate_limits import TooBusy
from handlers.slack.scopes import MISSING, needed_of
from handlers.slack.workspace import Workspace

CARDS, POSTS, FILES = "slack.cards", "slack.posts", "slack.files"
"""Places of the plan."""
CHANNEL_GONE = "erasure.slack_channel_gone"
GONE = frozenset({"message_not_found", "thread_not_found", "file_not_found", "file_deleted"})
"""Somebody, or an earlier try, was here before."""
LAST_RANK = 9
"""Clients and staff who wait now go first."""
FAILURES_IN_A_ROW = 3
"""After so many Slack is away, and everything is tried again later."""


class OwnPosts:
    """One run over them: what went, what is stated, and what stood in the way."""

    def __init__(self, calls: SlackCalls, workspace: Workspace) -> None:
        self._calls = calls
        self._workspace = workspace
        self._done = set[tuple[str, str]]()
        self._troubles: list[DeskError] = []
        self._failures = 0
        self.went = Counter[str]()
        """How many, by place."""
        self.stated: dict[str, None] = {}

    async def remove(self, channel: str, ts: str) -> None:
        """Take a post away, if that was not done yet."""
        if (channel, ts) not in self._done:
            self._done.add((channel, ts))
            call = self._calls.call("chat.delete", rank=LAST_RANK, channel=channel, ts=ts)
            await self._try(POSTS, call)

    async def remove_file(self, file: str) -> None:
        """Take a file away, wherever it is shared."""
        if ("", file) not in self._done:
            self._done.add(("", file))
            await self._try(FILES, self._calls.call("files.delete", rank=LAST_RANK, file=file))

    async def replace(self, card: CardRef, sheet: Sheet, key: str) -> None:
        """Put something without personal data where a card stands."""
        call = self._calls.update(card.channel, card.ts, sheet, key, rank=LAST_RANK)
        await self._try(CARDS, call)

    async def change(self, channel: str, ts: str, **parts: object) -> None:
        """Put other words into a post."""
        call = self._calls.call("chat.update", rank=LAST_RANK, channel=channel, ts=ts, **parts)
        await self._try(POSTS, call)

    def met(self, error: BaseException, channel: str = "") -> None:
        """Something stands in the way; the rest goes on.

        Raises:
            Unavailable: Slack is away.
        """
        trouble = self._meaning(error, channel)
        if trouble is None:
            return
        log(__name__, "not_removed", logging.WARNING, error=code_of(error))
        self._troubles.append(trouble)
        if isinstance(trouble, Unavailable):
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                raise trouble from error

    def finish(self) -> None:
        """Raises Refused or Unavailable: something stood in the way, of a person's or for now."""
        for kind in (Refused, Unavailable):
            for trouble in self._troubles:
                if isinstance(trouble, kind):
                    raise trouble

    async def _try(self, place: str, call: Awaitable[object]) -> None:
        try:
            await call
        except (*Trouble, TooBusy) as error:
            self.met(error, error.channel if isinstance(error, CallRefused) else "")
        else:
            self._failures = 0
            self.went[place] += 1

    def _meaning(self, error: BaseException, channel: str) -> DeskError | None:
        """None: it is gone, as it should be, or that it is out of reach is stated."""
        code = code_of(error)
        if code in GONE:
            return None
        if code == NOT_FOUND and channel not in self._workspace.channels:
            self.stated[CHANNEL_GONE] = None
            return None
        if code in (ARCHIVED, NOT_A_MEMBER, NOT_FOUND):
            return Refused("erasure.slack_channel_closed", channel=channel)
        if code == MISSING:
            return Refused("erasure.slack_scope_missing", scopes=needed_of(error))
        if isinstance(error, SlackApiError) and is_final(error):
            return Refused("erasure.slack_refuses", error=code)
        return Unavailable("slack.unreachable", error=code)
