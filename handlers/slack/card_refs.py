"""Where tickets stand in Slack: the card of each, and the thread below it."""

import json
from dataclasses import dataclass

from bot.application.ports import UnitOfWork
from bot.domain.addresses import TicketId

CARDS = "slack_card"
"""The link surface of cards; `slack` holds the posts in their threads."""
LOST = "lost:"
REFUSED = "slack.refused:"


@dataclass(frozen=True, slots=True)
class CardPlace:
    """The card's message; its `ts` is the thread's name too."""

    channel: str
    ts: str


async def card_place(work: UnitOfWork, *, ticket: TicketId) -> CardPlace | None:
    """Where the card stands; None: nowhere yet, or it was lost."""
    kept = await work.facts.get(_name(ticket))
    return CardPlace(**json.loads(kept)) if kept and not kept.startswith(LOST) else None


async def lost_place(work: UnitOfWork, *, ticket: TicketId) -> CardPlace | None:
    """Where a card stood that is gone; None: it stands, or there was none yet."""
    kept = await work.facts.get(_name(ticket)) or ""
    return CardPlace(**json.loads(kept.removeprefix(LOST))) if kept.startswith(LOST) else None


async def keep_card(work: UnitOfWork, *, ticket: TicketId, place: CardPlace) -> None:
    """From now on this is the ticket's card; a thread of an earlier one stays the ticket's too."""
    await work.facts.put(_name(ticket), _packed(place))
    await work.messages.link_ticket(ticket, CARDS, place.channel, place.ts)


async def forget_card(work: UnitOfWork, *, ticket: TicketId, place: CardPlace) -> bool:
    """The card is gone; False: another one took its place meanwhile."""
    if await card_place(work, ticket=ticket) != place:
        return False
    await work.facts.put(_name(ticket), LOST + _packed(place))
    return True


async def refuse_words(work: UnitOfWork, *, channel: str, ts: str) -> None:
    """What somebody wrote there was refused: it stays so, whatever changes later."""
    await work.facts.put(f"{REFUSED}{channel}:{ts}", "refused")


async def were_refused(work: UnitOfWork, *, channel: str, ts: str) -> bool:
    return await work.facts.get(f"{REFUSED}{channel}:{ts}") is not None


async def ticket_at(work: UnitOfWork, *, channel: str, ts: str) -> TicketId | None:
    """The ticket whose card, or thread, has this name."""
    return await work.messages.linked_ticket(CARDS, channel, ts)


async def fact(work: UnitOfWork, *, name: str) -> str:
    return await work.facts.get(name) or ""


async def keep_fact(work: UnitOfWork, *, name: str, value: str) -> None:
    await work.facts.put(name, value)


def _packed(place: CardPlace) -> str:
    return json.dumps({"channel": place.channel, "ts": place.ts})


def _name(ticket: TicketId) -> str:
    return f"slack.card:{ticket}"
