"""The cards of tickets: posted once, edited in place, and made anew where one was lost."""

import time
from collections import OrderedDict
from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import ShowCard, ShowRequestCard
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import Arrived, ClaimedDelivery, NotSent, Outcome
from bot.application.views.ticket_card import TicketCard, card
from bot.domain.addresses import SYSTEM, RequestId, TicketId
from bot.wording import say
from handlers.log_setup import log
from handlers.slack.blocks.message_blocks import line_sheet
from handlers.slack.blocks.mrkdwn import escape
from handlers.slack.blocks.ticket_card import Sheet, card_sheet
from handlers.slack.card_refs import card_ref, drop_card, keep_card, lost_card, talk_of
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.delivery.request_cards import GONE, SOON, RequestCards
from handlers.slack.keyed_lock import KeyedLock
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

REMEMBERED = 5_000
FRESH_SECONDS = 10.0


def key_of_card(ticket: TicketId) -> str:
    """The key of every post of this ticket's card: there is one at a time."""
    return f"card:{ticket}"


class Cards:
    """Finds, posts and edits cards; one at a time for each ticket."""

    def __init__(
        self, calls: SlackCalls, bus: Bus, rules: DeskConfig, workspace: Workspace
    ) -> None:
        self.requests = RequestCards(calls, bus, rules, workspace)
        self._calls = calls
        self._bus = bus
        self._rules = rules
        self._workspace = workspace
        self._locks = KeyedLock()
        self._shown: OrderedDict[CardRef, tuple[str, float]] = OrderedDict()
        self.on_found: Callable[[CardRef], None] = _nothing
        """Told of a card that stood already: somebody may have written below it."""

    async def show(self, claimed: ClaimedDelivery, delivery: ShowCard) -> Outcome:
        """Bring the card up to date; the talk of a data request has the request's card."""
        if (request := await self._bus.look(talk_of, ticket=delivery.ticket)) is not None:
            return await self._show_talk(claimed, delivery, request)
        async with self._locks.of(delivery.ticket):
            place = await self._bus.look(card_ref, ticket=delivery.ticket)
            if place is not None and await self._edit(claimed, delivery, place):
                return Arrived("slack", ((place.channel, place.ts),))
            if place is None and not await self._may_post(delivery):
                return NotSent("no_card_yet", retry_after=SOON)
            made = await self._post(delivery.ticket, look_first=claimed.is_repeat)
        return Arrived("slack", ((made.channel, made.ts),))

    async def place_of(self, ticket: TicketId, *, look_first: bool) -> CardRef | None:
        """Where the ticket's thread is; its card is posted if there is none.

        None: it is the talk of a data request, whose card is not posted yet.
        """
        if (request := await self._bus.look(talk_of, ticket=ticket)) is not None:
            return await self._place_of_talk(ticket, request)
        async with self._locks.of(ticket):
            place = await self._bus.look(card_ref, ticket=ticket)
            return place or await self._post(ticket, look_first=look_first)

    async def lose(self, ticket: TicketId, place: CardRef) -> None:
        """The card is not there any more; the next one who needs it posts it anew."""
        await self._bus.handle(SYSTEM, drop_card, ticket=ticket, card=place)

    async def _show_talk(
        self, claimed: ClaimedDelivery, delivery: ShowCard, request: RequestId
    ) -> Outcome:
        place = await self._place_of_talk(delivery.ticket, request)
        if place is None:
            return NotSent("no_card_yet", retry_after=SOON)
        return await self.requests.show(claimed, ShowRequestCard(request))

    async def _place_of_talk(self, ticket: TicketId, request: RequestId) -> CardRef | None:
        """A card of its own, from before there was one for both, leads to the request's."""
        async with self._locks.of(ticket):
            place = await self.requests.standing(request)
            before = await self._bus.look(card_ref, ticket=ticket)
            if place is None or before == place:
                return place
            await self._bus.handle(SYSTEM, keep_card, ticket=ticket, card=place)
            if before is not None:
                await self._lead_on(ticket, before, place)
        return place

    async def _lead_on(self, ticket: TicketId, before: CardRef, place: CardRef) -> None:
        sheet = self._pointer(place, "slack.card_moved_on")
        try:
            await self._calls.update(before.channel, before.ts, sheet, key_of_card(ticket))
        except (*Trouble, TooBusy) as error:
            log(__name__, "card_not_changed", error=code_of(error))

    def _pointer(self, to: CardRef, key: str) -> Sheet:
        """One line that leads to another card."""
        link = self._workspace.permalink(to.channel, to.ts)
        return line_sheet(f"<{link}|{escape(say(key, self._rules.staff_language))}>")

    async def sheet_of(self, ticket: TicketId) -> tuple[TicketCard, Sheet]:
        """The card as it should look now."""
        view = await self._bus.look(card, ticket)
        return view, card_sheet(view, self._rules.zone, self._rules.staff_language)

    def channel_of(self, view: TicketCard) -> str:
        """Requests about personal data are worked in the private channel."""
        return self._workspace.privacy if view.is_private else self._workspace.support

    async def _may_post(self, delivery: ShowCard) -> bool:
        if delivery.is_new:
            return True
        return await self._bus.look(lost_card, ticket=delivery.ticket) is not None

    async def _edit(self, claimed: ClaimedDelivery, delivery: ShowCard, place: CardRef) -> bool:
        """False: the card is gone."""
        _, sheet = await self.sheet_of(delivery.ticket)
        key = key_of_card(delivery.ticket)
        if self._shows(place, sheet) and not claimed.is_repeat:
            return True
        self._shown.pop(place, None)
        try:
            await self._calls.update(place.channel, place.ts, sheet, key, rank=delivery.rank)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            await self.lose(delivery.ticket, place)
            return False
        self._remember(place, sheet)
        return True

    def _shows(self, place: CardRef, sheet: Sheet) -> bool:
        """This process has just shown the very same: no call is spent on it.

        Not for longer than that: another process, or a person, may have changed the card since.
        """
        digest, at = self._shown.get(place, ("", 0.0))
        return digest == sheet.digest and time.monotonic() - at < FRESH_SECONDS

    def _remember(self, place: CardRef, sheet: Sheet) -> None:
        self._shown[place] = sheet.digest, time.monotonic()
        self._shown.move_to_end(place)
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)

    async def _post(self, ticket: TicketId, *, look_first: bool) -> CardRef:
        view, sheet = await self.sheet_of(ticket)
        channel, key = self.channel_of(view), key_of_card(ticket)
        found = await self._calls.find(channel, key, number=view.number) if look_first else None
        before = await self._bus.look(lost_card, ticket=ticket)
        made = CardRef(*(found or await self._calls.post(channel, sheet, key, rank=1)))
        await self._bus.handle(SYSTEM, keep_card, ticket=ticket, card=made)
        if found:
            self.on_found(made)
        else:
            self._remember(made, sheet)
        if before is not None:
            await self._point_back(ticket, before, made)
        return made

    async def _point_back(self, ticket: TicketId, before: CardRef, made: CardRef) -> None:
        """In the new thread: where the earlier talk is. Slack keeps it below a gravestone."""
        line = self._pointer(before, "slack.card_put_back")
        try:
            await self._calls.post(made.channel, line, f"back:{ticket}", thread_ts=made.ts)
        except (*Trouble, TooBusy) as error:
            log(__name__, "line_not_posted", error=code_of(error))


def _nothing(_: CardRef) -> None:
    pass
