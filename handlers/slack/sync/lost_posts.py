"""Posts that stood in a ticket's thread and are gone: each is queued anew, in order."""

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.outbound.to_staff import PostLine, PostMessage
from bot.application.ports.card_refs import CardRef
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, MessageId, Surface, TicketId
from bot.wording import say
from handlers.slack.card_refs import card_ref
from handlers.slack.client import SlackCalls, code_of

SLACK = str(Surface.SLACK)
GONE = frozenset({"message_not_found", "thread_not_found"})
Link = tuple[str, str]
"""A channel, and the ts of a post in it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of a ticket that was posted, and where its parts stood."""

    message: MessageId
    links: tuple[Link, ...]


class LostPosts:
    """Compares what was posted with what stands there; what is on its way is left alone."""

    def __init__(self, calls: SlackCalls, bus: Bus) -> None:
        self._calls = calls
        self._bus = bus

    async def put_back(self, ticket: TicketId) -> int:
        """How many messages were missing; they follow a line that says so."""
        posted = await self._bus.look(posted_in, ticket=ticket)
        if not posted:
            return 0
        standing = await self._standing(await self._bus.look(card_ref, ticket=ticket))
        lost = [each for each in posted if not await self._stands(each, standing)]
        for each in lost:
            for channel, ts in each.links:
                if (channel, ts) in standing:
                    await self._calls.quietly("chat.delete", channel=channel, ts=ts)
        if lost:
            await self._bus.handle(SYSTEM, post_again, ticket=ticket, lost=lost)
        return len(lost)

    async def _standing(self, card: CardRef | None) -> set[Link]:
        """What stands in the thread of the card."""
        if card is None:
            return set()
        try:
            return {
                (card.channel, str(post.get("ts")))
                async for post in self._calls.messages(card.channel, thread_ts=card.ts)
            }
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return set()

    async def _stands(self, posted: Posted, standing: set[Link]) -> bool:
        """All parts of it, here or in the thread of an earlier card."""
        for link in posted.links:
            if link not in standing and not await self._is_elsewhere(link):
                return False
        return True

    async def _is_elsewhere(self, link: Link) -> bool:
        channel, ts = link
        found = await self._standing(CardRef(channel, ts))
        return link in found


async def posted_in(work: UnitOfWork, *, ticket: TicketId) -> list[Posted]:
    """The messages that were posted into the ticket's thread, oldest first."""
    found: list[Posted] = []
    for said in await work.messages.of(ticket):
        links = await work.messages.links(said.id, SLACK)
        if links and said.deleted_at is None:
            found.append(Posted(said.id, tuple(links)))
    return found


async def post_again(work: UnitOfWork, *, ticket: TicketId, lost: list[Posted]) -> None:
    """Queue what was lost, below a line that says what it is; once for each loss."""
    first = lost[0].links[0][1]
    line = say("slack.posts_put_back", work.rules.staff_language, count=len(lost))
    await work.outbox.put(PostLine(ticket, line), key=f"put-back:{ticket}:{first}")
    for each in lost:
        await work.messages.unlink(each.message, SLACK)
        key = f"put-back:{each.message}:{each.links[0][1]}"
        await work.outbox.put(PostMessage(ticket, each.message), key=key)
