"""What staff wrote while nobody listened.

Slack brings an event again for some minutes only, and a socket that falls silent loses what comes
meanwhile (bolt-python 1529, python-slack-sdk 1701). So the desk remembers until when it listened,
and after a gap reads the threads of its cards. What was heard already is known by its place.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.key_values import put_changed
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log
from handlers.slack.access import AccessCheck
from handlers.slack.card_refs import ticket_at, were_refused
from handlers.slack.client import Json, SlackCalls, Trouble, code_of
from handlers.slack.delivery.ticket_cards import GONE
from handlers.slack.handling.thread_messages import words_at
from handlers.slack.payloads.intents import Said, packed
from handlers.slack.payloads.parsing import is_own, said_of
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

SOURCE = "slack"
HEARD_UNTIL = "slack.heard_until"
OVERLAP_SECONDS = 180.0
"""A socket may be dead for a while before it is noticed, and clocks differ a little."""
PAGES = 25
"""Pages of a channel's history that are looked through: its last five thousand messages."""


class Backfill:
    """Knows until when Slack was heard, and reads what came after."""

    def __init__(
        self,
        *,
        calls: SlackCalls,
        bus: Bus,
        workspace: Workspace,
        access: AccessCheck,
        accept: Callable[[Sequence[InboundUpdate]], Awaitable[int]],
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._workspace = workspace
        self._access = access
        self._accept = accept
        self._is_behind = False
        self._unread = set[CardRef]()

    async def below(self, card: CardRef) -> None:
        """Read a thread whole: its card stood there before the desk knew of it."""
        self._unread.add(card)
        await self.still_here()

    async def after_a_gap(self) -> None:
        """Read what was missed; while Slack does not let us, `still_here` tries again."""
        self._is_behind = True
        await self.still_here()

    async def still_here(self) -> None:
        """Slack is heard now. Called each minute."""
        began = time.time()
        try:
            missed = await self._read_what_is_owed()
            await self._bus.handle(SYSTEM, put_changed, name=HEARD_UNTIL, value=f"{began:.0f}")
        except (*Trouble, TooBusy) as error:
            log(__name__, "not_caught_up", error=code_of(error))
            return
        except DeskError as error:
            log(__name__, "not_caught_up", error=error.key)
            return
        if missed:
            log(__name__, "caught_up", messages=missed)

    async def _read_what_is_owed(self) -> int:
        missed = 0
        for card in list(self._unread):
            missed += await self._read_if_there(card.channel, card.ts, 0.0)
            self._unread.discard(card)
        if self._is_behind:
            missed += await self._read(await self._bus.look(heard_until))
            self._is_behind = False
        return missed

    async def _read(self, until: float | None) -> int:
        """How many messages were missed; None: the desk has never listened before."""
        if until is None:
            return 0
        missed = 0
        since = until - OVERLAP_SECONDS
        for channel in dict.fromkeys(self._workspace.channels):
            async for thread in self._threads(channel, since):
                missed += await self._read_if_there(channel, thread, since)
        return missed

    async def _read_if_there(self, channel: str, thread: str, since: float) -> int:
        """A thread that somebody deleted meanwhile holds up no other."""
        try:
            return await self._read_thread(channel, thread, since)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return 0

    async def _threads(self, channel: str, since: float) -> AsyncGenerator[str]:
        async for root in self._calls.messages(channel, pages=PAGES):
            if float(root.get("latest_reply") or 0) >= since:
                yield str(root["ts"])

    async def _read_thread(self, channel: str, thread: str, since: float) -> int:
        if await self._bus.look(ticket_at, channel=channel, ts=thread) is None:
            return 0
        missed = 0
        async for message in self._calls.messages(channel, thread_ts=thread, oldest=f"{since:.6f}"):
            said = self._said(message | {"channel": channel}, since)
            if said is not None and await self._is_news(said):
                key = f"slack:{self._workspace.team}:missed:{channel}:{said.ts}"
                order = f"slack:{channel}:{thread}"
                inbound = InboundUpdate(
                    key=key, source=SOURCE, conversation=order, payload=packed(said)
                )
                missed += await self._accept([inbound])
        return missed

    def _said(self, message: Json, since: float) -> Said | None:
        own = self._workspace
        if float(message.get("ts") or 0) < since or is_own(message, own.bot, own.bot_user):
            return None
        return said_of(message)

    async def _is_news(self, said: Said) -> bool:
        """Neither kept nor refused before, and its writer works the desk."""
        if await self._bus.look(words_at, channel=said.channel, ts=said.ts) is not None:
            return False
        if await self._bus.look(were_refused, channel=said.channel, ts=said.ts):
            return False
        return await self._access.lets_in(said.user)


async def heard_until(work: UnitOfWork) -> float | None:
    """Seconds since the epoch; None: never."""
    kept = await work.key_values.get(HEARD_UNTIL)
    return None if kept is None else float(kept)
