"""Carries deliveries to staff in Slack, and tells honestly how that went."""

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import (
    Alarm,
    Alert,
    PostLine,
    PostMessage,
    RefreshHome,
    ShowCard,
    ShowRequestCard,
    TellStaff,
    UpdatePost,
)
from bot.application.ports.queues import (
    Arrived,
    ClaimedDelivery,
    Lane,
    LaneTrouble,
    NotSent,
    Outcome,
)
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.views.home_view import HomeView, receiver_of, viewer_of
from bot.application.views.requests_home import requests_home
from bot.domain.addresses import StaffId
from handlers.slack.blocks.home import home_view, stranger_home, with_requests
from handlers.slack.blocks.message_blocks import line_sheet
from handlers.slack.blocks.mrkdwn import with_mentions
from handlers.slack.call_endings import ending
from handlers.slack.card_refs import card_ref
from handlers.slack.client import SlackCalls, Trouble
from handlers.slack.delivery.request_cards import RequestCards
from handlers.slack.delivery.thread import Thread
from handlers.slack.delivery.ticket_cards import Cards
from handlers.slack.people import People
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

LANE = Lane(
    name="slack",
    kinds=(
        ShowCard,
        PostMessage,
        UpdatePost,
        PostLine,
        TellStaff,
        Alert,
        Alarm,
        RefreshHome,
        ShowRequestCard,
    ),
    at_once=32,
)


class SlackAdapter:
    """One adapter for every kind of word to staff."""

    lane = LANE

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        calls: SlackCalls,
        bus: Bus,
        rules: DeskConfig,
        workspace: Workspace,
        cards: Cards,
        thread: Thread,
        people: People,
        requests: RequestCards,
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._rules = rules
        self._workspace = workspace
        self._cards = cards
        self._thread = thread
        self._people = people
        self.requests = requests

    async def deliver(self, claimed: ClaimedDelivery) -> Outcome:
        try:
            return await self._deliver(claimed)
        except TooBusy as error:
            return NotSent("paced", retry_after=error.retry_after)
        except Trouble as error:
            return ending(error, self._workspace.channels)

    async def probe(self) -> LaneTrouble | None:
        try:
            await self._calls.call("auth.test")
        except TooBusy:
            return None
        except Trouble as error:
            outcome = ending(error)
            return outcome if isinstance(outcome, LaneTrouble) else None
        return None

    async def _deliver(self, claimed: ClaimedDelivery) -> Outcome:
        match claimed.delivery:
            case ShowCard() as delivery:
                return await self._cards.show(claimed, delivery)
            case PostMessage() as delivery:
                return await self._thread.post(claimed, delivery)
            case UpdatePost() as delivery:
                return await self._thread.update(delivery)
            case PostLine() as delivery:
                return await self._thread.line(claimed, delivery)
            case _:
                return await self._word_or_home(claimed)

    async def _word_or_home(self, claimed: ClaimedDelivery) -> Outcome:
        match claimed.delivery:
            case TellStaff() as delivery:
                return await self._tell(claimed, delivery)
            case Alert() as delivery:
                return await self._alert(claimed, delivery)
            case RefreshHome() as delivery:
                await self.refresh_home(delivery.staff)
                return Arrived("slack")
            case ShowRequestCard() as delivery:
                return await self.requests.show(claimed, delivery)
            case _:
                return NotSent("not_for_slack", is_final=True)

    async def refresh_home(self, staff: StaffId) -> None:
        """Publish somebody's home view as it is now; whoever was taken off the list sees that."""
        slack_user, shown = await self._bus.look(viewer_of, staff=staff)
        language = self._rules.staff_language
        view = stranger_home(language)
        if shown is not None:
            links = await self._bus.look(links_of, home=shown, workspace=self._workspace)
            view = home_view(
                shown, lambda ticket: links.get(ticket, ""), self._rules.zone, language
            )
            view = with_requests(view, await self._bus.look(requests_home), language)
        await self._calls.call("views.publish", rank=9, user_id=slack_user, view=view)

    async def _tell(self, claimed: ClaimedDelivery, delivery: TellStaff) -> Outcome:
        slack_user = await self._bus.look(receiver_of, staff=delivery.staff)
        if slack_user is None:
            return NotSent("no_longer_staff", is_final=True)
        channel = slack_user
        if claimed.is_repeat:
            opened = await self._calls.call("conversations.open", users=slack_user)
            channel = str((opened.get("channel") or {}).get("id") or channel)
        return await self._word(claimed, channel, delivery.text)

    async def _alert(self, claimed: ClaimedDelivery, delivery: Alert) -> Outcome:
        is_private = delivery.channel == "privacy"
        channel = self._workspace.privacy if is_private else self._workspace.support
        return await self._word(claimed, channel, delivery.text)

    async def _word(self, claimed: ClaimedDelivery, channel: str, text: str) -> Outcome:
        found = await self._calls.find(channel, claimed.key) if claimed.is_repeat else None
        sheet = line_sheet(with_mentions(text))
        rank = claimed.delivery.rank
        place = found or await self._calls.post(channel, sheet, claimed.key, rank=rank)
        return Arrived("slack", (place,))


async def links_of(work: UnitOfWork, *, home: HomeView, workspace: Workspace) -> dict[str, str]:
    """The addresses of the cards of the tickets on a home view."""
    links: dict[str, str] = {}
    for row in home.rows:
        place = await card_ref(work, ticket=row.ticket)
        if place is not None:
            links[row.ticket] = workspace.permalink(place.channel, place.ts)
    return links
