"""Put back what was lost in Slack, from the store: cards and home views; and say what it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError

from bot.addresses import SYSTEM, TicketId
from bot.bus import Bus
from bot.ports import TicketFilter, UnitOfWork
from bot.tickets.states import LIVE, State
from bot.use_cases.home_viewers import viewers
from handlers.slack.calls import Json, SlackCalls, key_of, payload_of
from handlers.slack.cards import Cards, key_of_card
from handlers.slack.client import code_of
from handlers.slack.courier import SlackCourier
from handlers.slack.placing import CardPlace, card_place, keep_card

PAGE = 200
CHANNEL_PAGES = 500
"""Pages of a channel's history that are looked through: a hundred thousand messages."""


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


@dataclass(frozen=True, slots=True)
class _Found:
    """A card as it stands in a channel."""

    place: CardPlace
    digest: str
    has_replies: bool


@dataclass(slots=True)
class _Seen:
    """All cards of the channels, by key."""

    cards: dict[str, list[_Found]] = field(default_factory=dict[str, list[_Found]])

    def at(self, key: str, place: CardPlace | None) -> _Found | None:
        return next((each for each in self.cards.get(key, ()) if each.place == place), None)


class Healing:
    """Compares and repairs; what is right is left alone."""

    def __init__(self, calls: SlackCalls, bus: Bus, cards: Cards, courier: SlackCourier) -> None:
        self._calls = calls
        self._bus = bus
        self._cards = cards
        self._courier = courier

    async def heal(self, channels: Sequence[str]) -> Drift:
        """Every ticket that is not over, and the homes of the last hour."""
        drift, seen = Drift(), await self._look_around(channels)
        offset = 0
        while tickets := await self._bus.look(live_tickets, offset=offset):
            offset += PAGE
            for ticket in tickets:
                await self._heal_card(ticket, seen, drift)
        for staff in await self._bus.look(viewers):
            await self._courier.refresh_home(staff)
            drift.homes += 1
        return drift

    async def _look_around(self, channels: Sequence[str]) -> _Seen:
        seen = _Seen()
        for channel in dict.fromkeys(channels):
            async for message in self._calls.messages(channel, pages=CHANNEL_PAGES):
                if (key := key_of(message)).startswith("card:"):
                    seen.cards.setdefault(key, []).append(_found(channel, message))
        return seen

    async def _heal_card(self, ticket: TicketId, seen: _Seen, drift: Drift) -> None:
        drift.checked += 1
        key = key_of_card(ticket)
        place = await self._bus.look(card_place, ticket=ticket)
        found = seen.at(key, place)
        if found is None:
            drift.missing += 1
            found = await self._put_back(ticket, place, seen)
        if found is not None:
            await self._renew(ticket, found, drift)
        for other in seen.cards.get(key, ()):
            if found is not None and other.place != found.place:
                await self._take_away(other, drift)

    async def _put_back(
        self, ticket: TicketId, place: CardPlace | None, seen: _Seen
    ) -> _Found | None:
        """An unknown card that stands there counts from now on; else a new one is posted."""
        others = seen.cards.get(key_of_card(ticket), [])
        if others:
            await self._bus.handle(SYSTEM, keep_card, ticket=ticket, place=others[0].place)
            return others[0]
        if place is not None:
            await self._cards.lose(ticket, place)
        await self._cards.place_of(ticket, look_first=False)
        return None

    async def _renew(self, ticket: TicketId, found: _Found, drift: Drift) -> None:
        _, sheet = await self._cards.sheet_of(ticket)
        if sheet.digest != found.digest:
            drift.stale += 1
            channel, ts = found.place.channel, found.place.ts
            await self._calls.update(channel, ts, sheet, key_of_card(ticket))

    async def _take_away(self, other: _Found, drift: Drift) -> None:
        drift.doubled += 1
        if other.has_replies:
            return
        try:
            await self._calls.call("chat.delete", channel=other.place.channel, ts=other.place.ts)
        except SlackApiError as error:
            if code_of(error) != "message_not_found":
                raise


async def live_tickets(work: UnitOfWork, *, offset: int) -> list[TicketId]:
    """A page of the tickets that staff may still act on."""
    which = TicketFilter(states=(*LIVE, State.RESOLVED))
    return [each.id for each in await work.tickets.find(which, limit=PAGE, offset=offset)]


def _found(channel: str, message: Json) -> _Found:
    place = CardPlace(channel, str(message.get("ts")))
    digest = str(payload_of(message).get("digest", ""))
    return _Found(place, digest, bool(message.get("reply_count")))
