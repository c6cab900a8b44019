"""Put back what was lost in Slack, from the store: cards and home views; and say what it was."""

from collections.abc import Sequence

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.ports import UnitOfWork
from bot.application.ports.card_refs import CardRef
from bot.application.staff_desk.home import viewers
from bot.application.views.ticket_card import unfinished_tickets
from bot.domain.addresses import SYSTEM, RequestId, TicketId
from handlers.slack.calls import SlackCalls
from handlers.slack.card_refs import card_ref, keep_card, request_card_ref
from handlers.slack.client import code_of
from handlers.slack.delivery.delivery_adapter import SlackCourier
from handlers.slack.delivery.request_cards import key_of_card as key_of_request_card
from handlers.slack.delivery.ticket_cards import Cards, key_of_card
from handlers.slack.sync.drift import Drift, Found, Seen, look_around

__all__ = ["Drift", "Reconciliation"]

PAGE = 200


class Reconciliation:
    """Compares and repairs; what is right is left alone."""

    def __init__(self, calls: SlackCalls, bus: Bus, cards: Cards, courier: SlackCourier) -> None:
        self._calls = calls
        self._bus = bus
        self._cards = cards
        self._courier = courier

    async def heal(self, channels: Sequence[str]) -> Drift:
        """Every ticket and data request that is not over, and the homes of the last hour."""
        drift, seen = Drift(), await look_around(self._calls, channels)
        offset = 0
        while tickets := await self._bus.look(unfinished_tickets, limit=PAGE, offset=offset):
            offset += PAGE
            for ticket in tickets:
                await self._heal_card(ticket, seen, drift)
        offset = 0
        while requests := await self._bus.look(live_requests, offset=offset):
            offset += PAGE
            for request in requests:
                await self._heal_request(request, seen, drift)
        for staff in await self._bus.look(viewers):
            await self._courier.refresh_home(staff)
            drift.homes += 1
        return drift

    async def _heal_card(self, ticket: TicketId, seen: Seen, drift: Drift) -> None:
        drift.checked += 1
        key = key_of_card(ticket)
        place = await self._bus.look(card_ref, ticket=ticket)
        found = seen.at(key, place)
        if found is None:
            drift.missing += 1
            found = await self._put_back(ticket, place, seen)
        if found is not None:
            await self._renew(ticket, found, drift)
        for other in seen.cards.get(key, ()):
            if found is not None and other.place != found.place:
                await self._take_away(other, drift)

    async def _heal_request(self, request: RequestId, seen: Seen, drift: Drift) -> None:
        """As for tickets; nobody talks below these cards, so that doubles simply go."""
        drift.checked += 1
        key, cards = key_of_request_card(request), self._courier.requests
        others = seen.cards.get(key, [])
        kept = await self._bus.look(request_card_ref, request=request)
        found = seen.at(key, kept) or next(iter(others), None)
        drift.missing += seen.at(key, kept) is None
        if found is None or found.place != kept:
            await cards.put_back(request, found and found.place)
        sheet = await cards.sheet_of(request)
        if found is not None and sheet.digest != found.digest:
            drift.stale += 1
            await self._calls.update(found.place.channel, found.place.ts, sheet, key)
        for other in others:
            if other is not found:
                await self._take_away(other, drift)

    async def _put_back(self, ticket: TicketId, place: CardRef | None, seen: Seen) -> Found | None:
        """An unknown card that stands there counts from now on; else a new one is posted."""
        others = seen.cards.get(key_of_card(ticket), [])
        if others:
            await self._bus.handle(SYSTEM, keep_card, ticket=ticket, card=others[0].place)
            return others[0]
        if place is not None:
            await self._cards.lose(ticket, place)
        await self._cards.place_of(ticket, look_first=False)
        return None

    async def _renew(self, ticket: TicketId, found: Found, drift: Drift) -> None:
        _, sheet = await self._cards.sheet_of(ticket)
        if sheet.digest != found.digest:
            drift.stale += 1
            channel, ts = found.place.channel, found.place.ts
            await self._calls.update(channel, ts, sheet, key_of_card(ticket))

    async def _take_away(self, other: Found, drift: Drift) -> None:
        drift.doubled += 1
        if other.has_replies:
            return
        try:
            await self._calls.call("chat.delete", channel=other.place.channel, ts=other.place.ts)
        except SlackApiError as error:
            if code_of(error) != "message_not_found":
                raise


async def live_requests(work: UnitOfWork, *, offset: int) -> list[RequestId]:
    """A page of the data requests that are still open."""
    found = await work.requests.find(live_only=True, limit=PAGE, offset=offset)
    return [each.id for each in found]
