"""Put back what was lost in Slack, from the store: cards and home views; and say what it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.ports.card_refs import CardRef
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.home import viewers
from bot.application.views.ticket_card import unfinished_tickets
from bot.domain.addresses import SYSTEM, RequestId, TicketId
from handlers.slack.card_refs import card_ref, keep_card, request_card_ref, talk_of
from handlers.slack.client import Json, SlackCalls, bare_number, code_of, key_of, payload_of
from handlers.slack.delivery.delivery_adapter import SlackAdapter
from handlers.slack.delivery.request_cards import key_of_request_card
from handlers.slack.delivery.ticket_cards import Cards, key_of_card
from handlers.slack.sync.lost_posts import LostPosts

PAGE = 200
CHANNEL_PAGES = 500
"""Pages of a channel's history that are looked through: a hundred thousand messages."""
PREFIXES = ("card:", "request-card:")
"""How the keys of cards begin: of tickets, and of data requests."""


@dataclass(slots=True)
class Drift:
    """What differed between the store and Slack."""

    checked: int = 0
    missing: int = 0
    """Cards that were not there, and are again."""
    stale: int = 0
    """Cards that showed something else than the store says."""
    doubled: int = 0
    """Cards beside the one that counts; they are gone now, unless somebody talks below them."""
    homes: int = 0
    """Home views drawn anew."""
    posts: int = 0
    """Messages that were gone from their thread, and are queued anew."""


@dataclass(frozen=True, slots=True)
class StandingCard:
    """A card as it stands in a channel."""

    place: CardRef
    digest: str
    """How it looks; empty: history does not say, and it is drawn anew."""
    has_replies: bool


@dataclass(slots=True)
class Seen:
    """All cards of the channels, by key; where history gives no metadata, by their number."""

    cards: dict[str, list[StandingCard]] = field(default_factory=dict[str, list[StandingCard]])

    def of(self, key: str, number: str) -> list[StandingCard]:
        return [*self.cards.get(key, ()), *self.cards.get(number, ())]


def at(place: CardRef | None, cards: Sequence[StandingCard]) -> StandingCard | None:
    return next((each for each in cards if each.place == place), None)


class Reconciliation:
    """Compares and repairs; what is right is left alone."""

    def __init__(self, calls: SlackCalls, bus: Bus, cards: Cards, adapter: SlackAdapter) -> None:
        self._calls = calls
        self._bus = bus
        self._cards = cards
        self._adapter = adapter
        self._posts = LostPosts(calls, bus)

    async def heal(self, channels: Sequence[str], bot: str) -> Drift:
        """Every ticket and data request that is not over, and the homes of the last hour."""
        drift, seen = Drift(), await look_around(self._calls, channels, bot)
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
            await self._adapter.refresh_home(staff)
            drift.homes += 1
        return drift

    async def _heal_card(self, ticket: TicketId, seen: Seen, drift: Drift) -> None:
        if await self._bus.look(talk_of, ticket=ticket) is not None:
            drift.posts += await self._posts.put_back(ticket)
            return
        drift.checked += 1
        view, _ = await self._cards.sheet_of(ticket)
        cards = seen.of(key_of_card(ticket), view.number)
        place = await self._bus.look(card_ref, ticket=ticket)
        found = at(place, cards)
        if found is None:
            drift.missing += 1
            found = await self._put_back(ticket, place, cards)
        if found is not None:
            await self._renew(ticket, found, drift)
        for other in cards:
            if found is not None and other.place != found.place:
                await self._take_away(other, drift)
        drift.posts += await self._posts.put_back(ticket)

    async def _heal_request(self, request: RequestId, seen: Seen, drift: Drift) -> None:
        """As for tickets; a double goes, unless somebody talks below it."""
        drift.checked += 1
        key, cards = key_of_request_card(request), self._adapter.requests
        number = await self._bus.look(request_number, request=request)
        others = seen.of(key, number)
        kept = await self._bus.look(request_card_ref, request=request)
        found = at(kept, others) or next(iter(others), None)
        drift.missing += at(kept, others) is None
        if found is None or found.place != kept:
            await cards.put_back(request, found and found.place)
        sheet = await cards.sheet_of(request)
        if found is not None and sheet.digest != found.digest:
            drift.stale += 1
            await self._calls.update(found.place.channel, found.place.ts, sheet, key)
        for other in others:
            if other is not found:
                await self._take_away(other, drift)

    async def _put_back(
        self, ticket: TicketId, place: CardRef | None, others: Sequence[StandingCard]
    ) -> StandingCard | None:
        """An unknown card that stands there counts from now on; else a new one is posted."""
        if others:
            await self._bus.handle(SYSTEM, keep_card, ticket=ticket, card=others[0].place)
            return others[0]
        if place is not None:
            await self._cards.lose(ticket, place)
        await self._cards.place_of(ticket, look_first=False)
        return None

    async def _renew(self, ticket: TicketId, found: StandingCard, drift: Drift) -> None:
        _, sheet = await self._cards.sheet_of(ticket)
        if sheet.digest != found.digest:
            drift.stale += 1
            channel, ts = found.place.channel, found.place.ts
            await self._calls.update(channel, ts, sheet, key_of_card(ticket))

    async def _take_away(self, other: StandingCard, drift: Drift) -> None:
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


async def request_number(work: UnitOfWork, *, request: RequestId) -> str:
    return (await work.requests.get(request)).number


async def look_around(calls: SlackCalls, channels: Sequence[str], bot: str) -> Seen:
    """Every card in these channels; `bot`: ours."""
    seen = Seen()
    for channel in dict.fromkeys(channels):
        async for message in calls.messages(channel, pages=CHANNEL_PAGES):
            key = key_of(message) or bare_number(message)
            is_ours = message.get("bot_id") == bot
            if key.startswith(PREFIXES) or (is_ours and key and key == bare_number(message)):
                seen.cards.setdefault(key, []).append(_found(channel, message))
    return seen


def _found(channel: str, message: Json) -> StandingCard:
    place = CardRef(channel, str(message.get("ts")))
    digest = str(payload_of(message).get("digest", ""))
    return StandingCard(place, digest, bool(message.get("reply_count")))
