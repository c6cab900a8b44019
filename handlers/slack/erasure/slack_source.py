"""What the desk wrote into Slack about a subject: its posts and files go, its cards say only that.

Where they stand is read from the store, and their threads are read in Slack: lines of the desk
are on no record. Staff's own words are theirs: the look tells where they quote the subject, and a
person removes them.
"""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.fulfilment.chat_words import number_of, slack_traces
from bot.application.ports.card_refs import CardRef
from bot.application.ports.chat_traces import SubjectCard
from bot.application.ports.sources import Data, Erased, Left, Looked, Order, Patterns
from bot.domain.addresses import RequestId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan
from bot.wording import say
from bot.wording.times import day
from handlers.slack.blocks.message_blocks import line_sheet
from handlers.slack.blocks.mrkdwn import escape
from handlers.slack.blocks.ticket_card import Sheet
from handlers.slack.client import Json, SlackCalls, Trouble, code_of, key_of
from handlers.slack.delivery.request_cards import key_of_request_card
from handlers.slack.edge import SlackEdge
from handlers.slack.erasure.own_posts import CARDS, FILES, GONE, LAST_RANK, POSTS, OwnPosts
from handlers.slack.erasure.post_words import files_of
from handlers.slack.erasure.workspace_look import WorkspaceLook
from handlers.slack.payloads.parsing import is_own
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

STAFF_WORDS = "slack.staff_words"
SLACK_KEEPS = "erasure.slack_keeps"
ALL_PAGES = 100_000


class SlackSource:
    """The `Source` of the desk's own posts."""

    name = "slack"
    kind = SourceKind.SLACK

    def __init__(
        self,
        calls: SlackCalls,
        workspace: Workspace,
        bus: Bus,
        rules: DeskConfig,
        look: Callable[[], WorkspaceLook],
    ) -> None:
        self._calls = calls
        self._workspace = workspace
        self._bus = bus
        self._rules = rules
        self._new_look = look

    async def plan(self, who: Identifiers, now: datetime) -> SourcePlan:
        del now
        traces = await self._bus.look(slack_traces, who=who)
        counts = ((POSTS, len(traces.posts)), (FILES, len(traces.files)))
        items = (
            PlanItem(place=CARDS, action=PlanAction.MASK, rows=len(traces.cards)),
            *(PlanItem(place=one, action=PlanAction.DELETE, rows=count) for one, count in counts),
            PlanItem(place=STAFF_WORDS, action=PlanAction.BY_HAND),
        )
        return SourcePlan(source=self.name, kind=self.kind, subjects=1, items=items)

    async def erase(self, order: Order) -> Erased:
        """Everything that can go goes, before anything that stood in the way is told.

        Raises:
            Refused: a person must act first: open a channel, grant a scope.
            Unavailable: Slack cannot be reached; what went stays gone.
        """
        traces = await self._bus.look(slack_traces, who=order.who, request=order.request)
        run, sheet = OwnPosts(self._calls, self._workspace), self._sheet(traces.number, order.now)
        for file in traces.files:
            await run.remove_file(file)
        for card in traces.cards:
            await self._clear(run, order, card, sheet)
        roots = {one.card for one in traces.cards}
        for post in traces.posts:
            if CardRef(post.place, post.remote) not in roots:
                await run.remove(post.place, post.remote)
        run.finish()
        rows = {f"{place}.{_action(place)}": run.went[place] for place in (CARDS, POSTS, FILES)}
        return Erased(rows=rows, stated=(SLACK_KEEPS, *run.stated))

    async def verify(self, order: Order) -> tuple[Left, ...]:
        """Read every thread and file again.

        Raises:
            Refused: it cannot be read; a person must act first.
            Unavailable: Slack cannot be reached.
        """
        traces = await self._bus.look(slack_traces, who=order.who, request=order.request)
        run = OwnPosts(self._calls, self._workspace)
        left = dict.fromkeys((CARDS, POSTS, FILES), 0)
        for card in traces.cards:
            for post in await self._thread(run, card.card):
                if not self._is_ours(post):
                    continue
                if str(post.get("ts")) != card.card.ts:
                    left[POSTS] += 1
                elif not self._says_erased(post, order, card, traces.number):
                    left[CARDS] += 1
        for file in traces.files:
            left[FILES] += await self._stands(run, file)
        run.finish()
        return tuple(Left(place, rows) for place, rows in left.items() if rows)

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        number = await self._bus.look(number_of, request=order.request)
        return await self._new_look().through(order, patterns, number, masks=masks)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Data]]:
        """Where posts about them stand; what they say is exported from the desk's own store."""
        traces = await self._bus.look(slack_traces, who=who)
        for card in traces.cards:
            yield CARDS, {"channel": card.card.channel, "ts": card.card.ts}
        for post in traces.posts:
            yield POSTS, {"channel": post.place, "ts": post.remote, "said_at": post.at.isoformat()}
        for file in traces.files:
            yield FILES, {"file": file}

    async def _clear(self, run: OwnPosts, order: Order, card: SubjectCard, sheet: Sheet) -> None:
        """The desk's posts in a thread go with their files; staff's words stay."""
        place = card.card
        for post in await self._thread(run, place):
            if not self._is_ours(post):
                continue
            for file in files_of(post):
                await run.remove_file(str(file["id"]))
            if str(post.get("ts")) != place.ts:
                await run.remove(place.channel, str(post["ts"]))
            elif str(post.get("text")) != sheet.text:
                await run.replace(place, sheet, _key(order.request, card))

    async def _thread(self, run: OwnPosts, card: CardRef) -> list[Json]:
        found: list[Json] = []
        try:
            pages = self._calls.messages(
                card.channel, thread_ts=card.ts, pages=ALL_PAGES, rank=LAST_RANK
            )
            found = [post async for post in pages]
        except (*Trouble, TooBusy) as error:
            run.met(error, card.channel)
        return found

    async def _stands(self, run: OwnPosts, file: str) -> bool:
        try:
            await self._calls.call("files.info", rank=LAST_RANK, file=file)
        except (*Trouble, TooBusy) as error:
            if code_of(error) not in GONE:
                run.met(error)
            return False
        return True

    def _is_ours(self, post: Json) -> bool:
        is_there = post.get("subtype") != "tombstone"
        return is_there and is_own(post, self._workspace.bot, self._workspace.bot_user)

    def _says_erased(self, post: Json, order: Order, card: SubjectCard, number: str) -> bool:
        """The card of the request itself is drawn anew as it goes on; the look reads it."""
        if card.about == order.request or key_of(post) == _key(order.request, card):
            return True
        is_bare = not post.get("metadata") and len(post.get("blocks") or ()) == 1
        return is_bare and bool(number) and escape(number) in str(post.get("text"))

    def _sheet(self, number: str, at: datetime) -> Sheet:
        language = self._rules.staff_language
        on = day(at, self._rules.zone, language)
        return line_sheet(escape(say("erasure.slack_card", language, number=number, day=on)))


def slack_source(edge: SlackEdge, bus: Bus, rules: DeskConfig) -> SlackSource:
    """Of the workspace that this edge works in; its calls wait as long as Slack wants."""

    def look() -> WorkspaceLook:
        return WorkspaceLook(
            edge.unhurried, edge.workspace, bus, edge.fetch, edge.adapter.refresh_home
        )

    return SlackSource(edge.unhurried, edge.workspace, bus, rules, look)


def _key(request: RequestId, card: SubjectCard) -> str:
    """The card of the request itself stays its card."""
    is_its_own = card.about == request
    return key_of_request_card(request) if is_its_own else f"erased:{request}"


def _action(place: str) -> PlanAction:
    return PlanAction.MASK if place == CARDS else PlanAction.DELETE
