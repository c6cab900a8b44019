"""What stands in a ticket's thread: messages, how replies went, files, and lines of the desk."""

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import PostLine, PostMessage, UpdatePost
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import Arrived, ClaimedDelivery, LaneTrouble, NotSent, Outcome
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.views.thread_post import ThreadPost, thread_post
from bot.domain.addresses import SYSTEM, MessageId, Surface, TicketId
from bot.domain.errors import PlatformAway, Refused, Tampered, Unavailable
from bot.domain.text import reveal, shorten
from bot.domain.tickets.message import Attachment
from bot.wording import say
from handlers.slack.blocks.message_blocks import line_sheet, post_sheets
from handlers.slack.blocks.mrkdwn import escape, with_mentions
from handlers.slack.blocks.ticket_card import Sheet
from handlers.slack.client import SlackCalls, code_of
from handlers.slack.delivery.files import Fetch, FileLost, Uploads
from handlers.slack.delivery.request_cards import GONE, SOON
from handlers.slack.delivery.thread_notices import Groups
from handlers.slack.delivery.ticket_cards import Cards
from handlers.slack.people import People

SLACK = str(Surface.SLACK)
FETCH_TRIES = 3
"""After so many tries the thread says that a file cannot be had."""


class Thread:
    """Writes into threads; every part once, however often a delivery comes."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        calls: SlackCalls,
        bus: Bus,
        rules: DeskConfig,
        cards: Cards,
        people: People,
        uploads: Uploads,
        fetch: Fetch,
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._rules = rules
        self._cards = cards
        self._people = people
        self._uploads = uploads
        self._fetch = fetch
        self._groups = Groups()

    async def post(self, claimed: ClaimedDelivery, delivery: PostMessage) -> Outcome:
        """Put a message into the thread, with its files."""
        self._groups.end(delivery.ticket)
        place = await self._cards.place_of(delivery.ticket, look_first=claimed.is_repeat)
        if place is None:
            return NotSent("no_card_yet", retry_after=SOON)
        view = await self._bus.look(thread_post, delivery.message)
        sheets = await self._sheets(view)
        links = await self._bus.look(links_to, message=delivery.message)
        files = view.clients_files
        try:
            for number, sheet in enumerate(sheets[len(links) :], start=len(links)):
                key = f"{claimed.key}#{number}"
                links.append(await self._once(claimed, place, sheet, key))
                if len(sheets) > 1 or files:
                    await self._keep_link(delivery.message, links[-1], number)
            for number, file in enumerate(files):
                await self._bring(claimed, place, file, (delivery.message, number))
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            await self._cards.lose(delivery.ticket, place)
            return NotSent(code_of(error), retry_after=SOON)
        except PlatformAway as error:
            return LaneTrouble(error=error.key, scope=f"file:{delivery.message}")
        return Arrived(SLACK, tuple(links))

    async def update(self, delivery: UpdatePost) -> Outcome:
        """Bring the posts of a message up to date; one that somebody removed stays away."""
        links = await self._bus.look(links_to, message=delivery.message)
        if not links:
            return Arrived(SLACK)
        view = await self._bus.look(thread_post, delivery.message)
        for (channel, ts), sheet in zip(links, await self._sheets(view), strict=False):
            try:
                await self._calls.update(channel, ts, sheet, f"post:{delivery.message}")
            except SlackApiError as error:
                if code_of(error) not in GONE:
                    raise
        return Arrived(SLACK)

    async def line(self, claimed: ClaimedDelivery, delivery: PostLine) -> Outcome:
        """Below the lines of just before, or as a post of its own."""
        place = await self._cards.place_of(delivery.ticket, look_first=claimed.is_repeat)
        if place is None:
            return NotSent("no_card_yet", retry_after=SOON)
        text = with_mentions(delivery.text, self._people.name_of)
        if not claimed.is_repeat and await self._joined(claimed, place, delivery.ticket, text):
            return Arrived(SLACK)
        link = await self._once(claimed, place, line_sheet(text), claimed.key)
        if claimed.is_repeat:  # it may stand among the lines of an older post
            self._groups.end(delivery.ticket)
        else:
            self._groups.begin(delivery.ticket, place, link[1], text)
        return Arrived(SLACK, (link,))

    async def _joined(
        self, claimed: ClaimedDelivery, place: CardRef, ticket: TicketId, text: str
    ) -> bool:
        group = self._groups.grown(ticket, place, text)
        if group is None:
            return False
        sheet, rank = line_sheet(group.text), claimed.delivery.rank
        self._groups.end(ticket)
        try:
            await self._calls.update(place.channel, group.ts, sheet, claimed.key, rank=rank)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return False
        self._groups.keep(ticket, group)
        return True

    async def _sheets(self, view: ThreadPost) -> list[Sheet]:
        writer = view.author.removeprefix("@")
        if writer:
            await self._people.meet([writer])
        language, zone = self._rules.staff_language, self._rules.zone
        return post_sheets(view, zone, language, self._people.name_of(writer))

    async def _once(
        self, claimed: ClaimedDelivery, place: CardRef, sheet: Sheet, key: str
    ) -> tuple[str, str]:
        found = None
        if claimed.is_repeat:
            found = await self._found(place, key)
        rank = claimed.delivery.rank
        return found or await self._calls.post(
            place.channel, sheet, key, thread_ts=place.ts, rank=rank
        )

    async def _found(self, place: CardRef, key: str) -> tuple[str, str] | None:
        try:
            return await self._calls.find(place.channel, key, thread_ts=place.ts)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return None

    async def _keep_link(self, message: MessageId, link: tuple[str, str], number: int) -> None:
        """At once: a later part may fail, and this one must not be posted again."""
        await self._bus.handle(SYSTEM, link_post, message=message, link=link, part=number)

    async def _bring(
        self,
        claimed: ClaimedDelivery,
        place: CardRef,
        file: Attachment,
        mark: tuple[MessageId, int],
    ) -> None:
        """Bring a file; where that cannot be, the thread says so."""
        why = ""
        try:
            await self._uploads.bring(place, file, self._fetch, mark=mark)
        except (FileLost, Refused, Tampered) as error:
            why = error.key
        except PlatformAway:
            raise
        except Unavailable:
            if claimed.tries < FETCH_TRIES:
                raise
            why = "slack.file_not_fetched"
        if not why:
            return
        await self._say_lost(claimed, place, file, why)
        await self._uploads.close(mark)

    async def _say_lost(
        self, claimed: ClaimedDelivery, place: CardRef, file: Attachment, why: str
    ) -> None:
        language = self._rules.staff_language
        name = escape(shorten(reveal(file.name), 100)) or say("slack.file_unnamed", language)
        text = say("slack.file_lost", language, name=name, why=say(why, language))
        key = f"{claimed.key}:{file.file_ref[:40]}:lost"
        await self._once(claimed, place, line_sheet(text), key)


async def links_to(work: UnitOfWork, *, message: MessageId) -> list[tuple[str, str]]:
    """Where the parts of a message stand in Slack."""
    return await work.messages.links(message, SLACK)


async def link_post(
    work: UnitOfWork, *, message: MessageId, link: tuple[str, str], part: int
) -> None:
    await work.messages.link(message, SLACK, *link, part)
