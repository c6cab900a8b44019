"""What heal finds: cards as they stand in the channels, and what differed from the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.application.ports.card_refs import CardRef
from handlers.slack.calls import Json, SlackCalls, key_of, payload_of

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


@dataclass(frozen=True, slots=True)
class Found:
    """A card as it stands in a channel."""

    place: CardRef
    digest: str
    has_replies: bool


@dataclass(slots=True)
class Seen:
    """All cards of the channels, by key."""

    cards: dict[str, list[Found]] = field(default_factory=dict[str, list[Found]])

    def at(self, key: str, place: CardRef | None) -> Found | None:
        return next((each for each in self.cards.get(key, ()) if each.place == place), None)


async def look_around(calls: SlackCalls, channels: Sequence[str]) -> Seen:
    """Every card in these channels."""
    seen = Seen()
    for channel in dict.fromkeys(channels):
        async for message in calls.messages(channel, pages=CHANNEL_PAGES):
            if (key := key_of(message)).startswith(PREFIXES):
                seen.cards.setdefault(key, []).append(_found(channel, message))
    return seen


def _found(channel: str, message: Json) -> Found:
    place = CardRef(channel, str(message.get("ts")))
    digest = str(payload_of(message).get("digest", ""))
    return Found(place, digest, bool(message.get("reply_count")))
