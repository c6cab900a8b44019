"""The cards of data requests in the private channel: posted once, edited in place."""

from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import ShowRequestCard
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import Arrived, ClaimedDelivery, NotSent, Outcome
from bot.application.views.request_card import request_card
from bot.application.views.request_client import is_cut_off
from bot.domain.addresses import SYSTEM, RequestId
from handlers.slack.blocks.request_card import request_sheet
from handlers.slack.blocks.ticket_card import Sheet, number_on
from handlers.slack.card_refs import keep_request_card, request_card_ref
from handlers.slack.client import SlackCalls, code_of
from handlers.slack.keyed_lock import KeyedLock
from handlers.slack.workspace import Workspace

SOON = timedelta(seconds=2)
"""A change came before the card; it waits for it without using up its tries."""
GONE = frozenset({"message_not_found", "thread_not_found", "cant_update_message"})


class RequestCards:
    """Finds, posts and edits cards; one at a time for each request."""

    def __init__(
        self, calls: SlackCalls, bus: Bus, rules: DeskConfig, workspace: Workspace
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._rules = rules
        self._workspace = workspace
        self._locks = KeyedLock()

    async def show(self, claimed: ClaimedDelivery, delivery: ShowRequestCard) -> Outcome:
        """Bring the card up to date; one that somebody removed is put back.

        One that was cleared, because its client was erased under another request, stays so.
        """
        async with self._locks.of(delivery.request):
            if await self._bus.look(is_cut_off, request=delivery.request):
                return Arrived("slack", ())
            sheet = await self.sheet_of(delivery.request)
            place = await self._bus.look(request_card_ref, request=delivery.request)
            if place is None and not delivery.is_new:
                return NotSent("no_card_yet", retry_after=SOON)
            if place is None or not await self._edit(delivery, place, sheet):
                look_first = claimed.is_repeat and place is None
                place = await self._post(delivery.request, sheet, look_first=look_first)
        return Arrived("slack", ((place.channel, place.ts),))

    async def put_back(self, request: RequestId, place: CardRef | None) -> CardRef:
        """The card at `place`, where it was found; None: a new one."""
        async with self._locks.of(request):
            if place is None:
                return await self._post(request, await self.sheet_of(request), look_first=False)
            await self._bus.handle(SYSTEM, keep_request_card, request=request, card=place)
            return place

    async def standing(self, request: RequestId) -> CardRef | None:
        """Where the card stands; None: nowhere (yet)."""
        return await self._bus.look(request_card_ref, request=request)

    async def sheet_of(self, request: RequestId) -> Sheet:
        view = await self._bus.look(request_card, request)
        return request_sheet(view, self._rules.zone, self._rules.staff_language)

    async def _edit(self, delivery: ShowRequestCard, place: CardRef, sheet: Sheet) -> bool:
        """False: the card is gone."""
        key = key_of_request_card(delivery.request)
        try:
            await self._calls.update(place.channel, place.ts, sheet, key, rank=delivery.rank)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return False
        return True

    async def _post(self, request: RequestId, sheet: Sheet, *, look_first: bool) -> CardRef:
        channel, key = self._workspace.privacy, key_of_request_card(request)
        number = number_on(sheet.blocks)
        found = await self._calls.find(channel, key, number=number) if look_first else None
        made = CardRef(*(found or await self._calls.post(channel, sheet, key, rank=1)))
        await self._bus.handle(SYSTEM, keep_request_card, request=request, card=made)
        return made


def key_of_request_card(request: RequestId) -> str:
    """The key of every post of this request's card: there is one at a time."""
    return f"request-card:{request}"
