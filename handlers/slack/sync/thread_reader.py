"""Reads the threads below the desk's cards, and keeps what staff wrote there unheard."""

import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language
from bot.wording import say
from handlers.slack.access import AccessCheck
from handlers.slack.card_refs import ticket_at, were_refused
from handlers.slack.client import NORMAL, Json, SlackCalls, code_of
from handlers.slack.delivery.ticket_cards import GONE
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.handling.thread_messages import words_at
from handlers.slack.payloads.intents import Said, packed
from handlers.slack.payloads.parsing import is_own, said_of
from handlers.slack.workspace import Workspace

SOURCE = "slack"
OLDER_ROOTS = 5_000
"""So many of a channel's messages from before the gap are looked at for fresh replies."""
ALL_PAGES = 100_000
LATE_SECONDS = 5.0
"""What is younger was on its way just now: its writer noticed nothing."""
REMEMBERED = 20_000

Accept = Callable[[Sequence[InboundUpdate]], Awaitable[int]]


class ThreadReader:
    """Reads threads from a moment on; what was heard already is known by its place."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        calls: SlackCalls,
        bus: Bus,
        workspace: Workspace,
        access: AccessCheck,
        replies: EphemeralReplies,
        accept: Accept,
        language: Language,
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._workspace = workspace
        self._access = access
        self._replies = replies
        self._accept = accept
        self._language = language
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._waiting: OrderedDict[tuple[str, CardRef], None] = OrderedDict()

    def cannot_take(self, event: Json) -> CardRef | None:
        """Tell whoever wrote it, once, that it is read later. The thread; None: it is in none."""
        said = said_of(event)
        if said is None or said.channel not in self._workspace.channels:
            return None
        thread = CardRef(said.channel, said.thread_ts)
        if (said.user, thread) not in self._waiting:
            self._waiting[said.user, thread] = None
            text = say("slack.cannot_take_now", self._language)
            self._replies.whisper(said.user, thread.channel, thread.ts, text)
        if len(self._waiting) > REMEMBERED:
            self._waiting.popitem(last=False)
        return thread

    async def threads(self, channel: str, since: float) -> AsyncGenerator[CardRef]:
        """The threads of a channel that may hold words from `since` on.

        Slack lists a channel by when its messages were posted, not by when somebody answered: old
        cards are found among so many older messages, and those of live tickets in our own list.
        """
        oldest, older = time.time(), 0
        async for root in self._calls.messages(channel, pages=ALL_PAGES):
            oldest = float(root.get("ts") or 0)
            if float(root.get("latest_reply") or 0) >= since:
                yield CardRef(channel, str(root["ts"]))
            older += oldest < since
            if older >= OLDER_ROOTS:
                break
        else:
            return
        for card in await self._bus.look(live_cards, channel=channel):
            if float(card.ts) < oldest:
                yield card

    async def read(self, thread: CardRef, since: float, *, rank: int = NORMAL) -> int:
        """Keep what is new in a thread; how much. One that somebody deleted holds up no other."""
        try:
            return await self._read(thread, since, rank)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return 0

    async def _read(self, thread: CardRef, since: float, rank: int) -> int:
        channel, missed, late = thread.channel, 0, dict[str, None]()
        if await self._bus.look(ticket_at, channel=channel, ts=thread.ts) is None:
            return 0
        oldest = f"{since:.6f}"
        async for message in self._calls.messages(
            channel, thread_ts=thread.ts, oldest=oldest, pages=ALL_PAGES, rank=rank
        ):
            said = self._said(message | {"channel": channel}, since)
            if said is None or not await self._is_news(said):
                continue
            await self._take(said)
            missed += 1
            is_late = time.time() - float(said.ts) > LATE_SECONDS
            if is_late or (said.user, thread) in self._waiting:
                late[said.user] = None
        self._tell(late, thread)
        return missed

    def _tell(self, users: Iterable[str], thread: CardRef) -> None:
        text = say("slack.taken_in_late", self._language)
        for user in users:
            self._waiting.pop((user, thread), None)
            self._replies.whisper(user, thread.channel, thread.ts, text)

    async def _take(self, said: Said) -> None:
        place = f"{said.channel}:{said.ts}"
        inbound = InboundUpdate(
            key=f"slack:{self._workspace.team}:missed:{place}",
            source=SOURCE,
            conversation=f"slack:{said.channel}:{said.thread_ts}",
            payload=packed(said),
        )
        await self._accept([inbound])
        self._taken[place] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)

    def _said(self, message: Json, since: float) -> Said | None:
        """As it reads now: nothing of it went anywhere before, and a mark was set on purpose."""
        own = self._workspace
        if float(message.get("ts") or 0) < since or is_own(message, own.bot, own.bot_user):
            return None
        said = said_of(message)
        return None if said is None else replace(said, is_edited=False)

    async def _is_news(self, said: Said) -> bool:
        """Neither kept nor refused before, and its writer works the desk."""
        if f"{said.channel}:{said.ts}" in self._taken:
            return False
        if await self._bus.look(words_at, channel=said.channel, ts=said.ts) is not None:
            return False
        if await self._bus.look(were_refused, channel=said.channel, ts=said.ts):
            return False
        return await self._access.lets_in(said.user)


async def live_cards(work: UnitOfWork, *, channel: str) -> list[CardRef]:
    """The cards of tickets that are not over."""
    return await work.cards.of_live_tickets(channel)
