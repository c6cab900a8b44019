"""Finds what staff changed or took back while nobody listened, of words that the desk had heard."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.replies import CHANGE_WINDOW
from bot.application.staff_desk.words import STAFF_WORDS
from bot.domain.addresses import StaffId
from handlers.slack.card_refs import card_ref
from handlers.slack.client import Json, SlackCalls, code_of
from handlers.slack.delivery.ticket_cards import GONE
from handlers.slack.payloads.intents import Edited, Removed, packed
from handlers.slack.payloads.parsing import edited_of, inner
from handlers.slack.sync.thread_reader import ALL_PAGES, SOURCE, Accept
from handlers.slack.workspace import Workspace

LAST = 9
"""Nobody waits for this: every other call goes first."""


@dataclass(frozen=True, slots=True)
class StaffWord:
    """Something that staff wrote in a thread, as the desk knows it."""

    thread: CardRef
    ts: str
    user: str


class ChangeReader:
    """Compares the words of the last two days, which may still be changed, with the threads."""

    def __init__(
        self, *, calls: SlackCalls, bus: Bus, workspace: Workspace, accept: Accept
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._workspace = workspace
        self._accept = accept

    async def read(self, since: float) -> int:
        """Keep the edits from `since` on, and the removals; how many."""
        threads = defaultdict[CardRef, list[StaffWord]](list)
        for word in await self._bus.look(recent_staff_words):
            if word.thread.channel in self._workspace.channels:
                threads[word.thread].append(word)
        return sum([await self._compare(*one, since) for one in threads.items()])

    async def _compare(self, thread: CardRef, words: Sequence[StaffWord], since: float) -> int:
        stand = await self._thread(thread, min(word.ts for word in words))
        found = 0
        for word in words:
            message = stand.get(word.ts) or await self._alone(word)
            if message is None:
                found += await self._keep(word, _removed(word), "gone")
            elif _seconds(inner(message, "edited").get("ts")) >= since:
                event = {"channel": thread.channel, "message": message}
                edited, at = edited_of(event), inner(message, "edited").get("ts")
                found += await self._keep(word, edited, f"changed:{at}") if edited else 0
        return found

    async def _thread(self, thread: CardRef, oldest: str) -> dict[str, Json]:
        """By ts; empty where the thread is gone."""
        before = f"{float(oldest) - 1:.6f}"
        try:
            return {
                str(message.get("ts")): message
                async for message in self._calls.messages(
                    thread.channel, thread_ts=thread.ts, oldest=before, pages=ALL_PAGES, rank=LAST
                )
            }
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return {}

    async def _alone(self, word: StaffWord) -> Json | None:
        """It may stand in the thread of an earlier card; None: Slack says that it is gone."""
        try:
            async for message in self._calls.messages(
                word.thread.channel, thread_ts=word.ts, pages=1, rank=LAST
            ):
                if message.get("ts") == word.ts:
                    return message
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
        return None

    async def _keep(self, word: StaffWord, intent: Edited | Removed, what: str) -> int:
        channel = word.thread.channel
        inbound = InboundUpdate(
            key=f"slack:{self._workspace.team}:{what}:{channel}:{word.ts}",
            source=SOURCE,
            conversation=f"slack:{channel}:{word.thread.ts}",
            payload=packed(intent),
        )
        return await self._accept([inbound])


async def recent_staff_words(work: UnitOfWork) -> list[StaffWord]:
    """What staff wrote in threads and may still change (`CHANGE_WINDOW`)."""
    since = work.clock.now() - CHANGE_WINDOW
    found: list[StaffWord] = []
    for message, channel, ts in await work.messages.linked_since(STAFF_WORDS, since):
        place = None if message.ticket is None else await card_ref(work, ticket=message.ticket)
        if place is None or place.channel != channel or message.deleted_at is not None:
            continue
        writer = await work.staff.get(StaffId(message.author.id))
        found.append(StaffWord(place, ts, writer.slack_user))
    return found


def _removed(word: StaffWord) -> Removed:
    return Removed(user=word.user, channel=word.thread.channel, ts=word.ts)


def _seconds(ts: object) -> float:
    return float(ts) if isinstance(ts, str) and ts.replace(".", "", 1).isdigit() else 0.0
