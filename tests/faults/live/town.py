"""A town around a live desk: clients on Telegram and staff in Slack, who write all the while."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack import Person, SlackServer
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.faults.live.gate import Gate
from tests.faults.live.ledger import Kind, Ledger, Said, Seen
from tests.support.drivers.live_desk import LiveDesk
from tests.support.drivers.office import SUPPORT, a_workspace
from tests.support.drivers.rig import TOKEN

Act = Callable[[int], Awaitable[object]]
PATIENCE = 60
DIALOG_SECONDS = 2.5
STAFF = ("U0BOB", "U0ANN")
WHOLE_TALK = ("words", "replies", "notes", "edits", "presses")
MANY = {"MESSAGES_PER_MINUTE": "1000", "TICKETS_PER_DAY": "50", "REPLY_UNDO_SECONDS": "1"}


@dataclass
class Town:
    """The stand-ins, the desk between them, and what was said. Client `n` has the ticket `n`."""

    telegram: TelegramServer
    slack: SlackServer
    gate: Gate
    desk: LiveDesk
    clients: Sequence[VirtualUser]
    random: Random
    ledger: Ledger = field(default_factory=Ledger)
    cards: dict[int, str] = field(default_factory=dict[int, str])

    # Before the trouble.

    async def open_tickets(self) -> None:
        """One for each client, and none of the opening's own words is left to carry."""
        for number, client in enumerate(self.clients):
            await self._open(number, client)
        await self.until(lambda: len(self._all_cards()) >= len(self.clients))
        for ts, text in self._all_cards().items():
            for number in range(len(self.clients)):
                if f"house {number:03d}" in text:
                    self.cards[number] = ts

    async def _open(self, number: int, client: VirtualUser) -> None:
        await client.start()
        await client.expect(button="English", timeout_seconds=PATIENCE)
        await client.say("/new")
        await client.expect(button="Technical problem", timeout_seconds=PATIENCE)
        await client.tap("Technical problem")
        await client.expect("happened", timeout_seconds=PATIENCE)
        await client.say(f"No internet since morning in house {number:03d}")
        await client.expect(button="Send", timeout_seconds=PATIENCE)
        await client.tap("Send")
        await client.expect(f"T-{number + 1:06d}", timeout_seconds=PATIENCE)

    # What people do.

    async def writes(self, number: int) -> Said:
        """The client says something that belongs into the ticket."""
        one = self.ledger.new(Kind.WORD, number, time.time())
        await self.clients[number].say(f"The light on the box is red again, {one.token}.")
        return one

    async def changes_words(self, number: int) -> None:
        one = self._any(Kind.WORD, number)
        if one is None:
            return
        one.changed_to = self.ledger.token(Kind.WORD)
        text = f"The light on the box is red again, {one.token}. No, orange, {one.changed_to}."
        own = next(m for m in self.clients[number].messages if one.token in m.text)
        await self.clients[number].edit(own, text)

    async def replies(self, number: int) -> Said:
        """Staff write below the card, for the client."""
        return await self._staff_write(Kind.REPLY, number, ">> Please restart the box, {}.")

    async def notes(self, number: int) -> Said:
        return await self._staff_write(Kind.NOTE, number, "The line of this house is old, {}.")

    async def changes_reply(self, number: int) -> None:
        one = self._any(Kind.REPLY, number)
        if one is None or not one.place:
            return
        posted = self.slack.channel(SUPPORT).messages[one.place]
        one.changed_to = self.ledger.token(Kind.REPLY)
        text = f">> Please restart the box, {one.token}. Then wait, {one.changed_to}."
        await self.slack.people[posted.user].edit(one.place, text, SUPPORT)

    async def presses(self, number: int) -> None:
        with contextlib.suppress(NotPossible):
            await self._somebody().click("Claim", SUPPORT, self.cards[number])

    async def replies_by_dialog(self, number: int) -> None:
        """Counts as said only where Slack took the form: else its writer saw that it did not."""
        person = self._somebody()
        if person.modal is not None:
            await person.close_modal(everything=True)
        with contextlib.suppress(NotPossible, TimeoutError, KeyError):
            await person.click("Reply", SUPPORT, self.cards[number])
            await person.expect_modal("Reply", DIALOG_SECONDS)
            token = self.ledger.token(Kind.REPLY)
            answer = await person.submit(
                {"Reply to the client": f"From the form: restart the box, {token}."}
            )
            if answer == {}:
                self.ledger.said[token] = Said(token, Kind.REPLY, number, time.time())

    async def live(
        self, until: Callable[[], bool], *, every: float, talk: Sequence[str] = WHOLE_TALK
    ) -> None:
        """Everybody does something now and then."""
        acts = self._acts(talk)
        while not until():
            number = self.random.randrange(len(self.clients))
            await self.random.choice(acts)(number)
            await asyncio.sleep(self.random.uniform(0.2, 1.8) * every)

    def _acts(self, talk: Sequence[str]) -> list[Act]:
        weighted: dict[str, list[Act]] = {
            "words": [self.writes] * 6,
            "replies": [self.replies] * 5,
            "notes": [self.notes] * 2,
            "edits": [self.changes_words, self.changes_reply],
            "presses": [self.presses, self.replies_by_dialog],
        }
        return [act for name in talk for act in weighted[name]]

    async def _staff_write(self, kind: Kind, number: int, text: str) -> Said:
        one = self.ledger.new(kind, number, time.time())
        words = text.format(one.token)
        posted = await self._somebody().say(SUPPORT, words, thread_ts=self.cards[number])
        one.place = posted.ts
        return one

    def _somebody(self) -> Person:
        return self.slack.people[self.random.choice(STAFF)]

    def _any(self, kind: Kind, number: int) -> Said | None:
        """One of the last few, not changed yet."""
        open_ones = [one for one in self.ledger.of(kind, number)[-4:] if not one.changed_to]
        return self.random.choice(open_ones) if open_ones else None

    # What people see.

    def thread(self, number: int) -> list[Seen]:
        """What the desk wrote below the card of a client."""
        posts = self.slack.channel(SUPPORT).thread(self.cards[number])
        return [_seen(one) for one in posts if one.bot_id]

    def chat(self, number: int) -> list[Seen]:
        """What the bot said to a client."""
        shown = self.clients[number].visible
        return [Seen(one.text, float(one.json["date"])) for one in shown if one.is_from_bot]

    def keep(self) -> None:
        """What was wrong can be looked into: each thread and chat, beside the log."""
        lines: list[str] = []
        for number in self.cards:
            lines += [f"== client {number}, thread", *(one.text for one in self.thread(number))]
            lines += [f"== client {number}, chat", *(one.text for one in self.chat(number))]
        lines += ["== said", *(repr(one) for one in self.ledger.said.values())]
        (self.desk.folder / "seen.txt").write_text("\n".join(lines), encoding="utf-8")

    def post(self, ts: str) -> Posted | None:
        return self.slack.channel(SUPPORT).messages.get(ts)

    def _all_cards(self) -> dict[str, str]:
        posted = self.slack.channel(SUPPORT).messages.values()
        return {
            one.ts: said(one.blocks)
            for one in posted
            if one.bot_id and "house " in str(one.blocks)
            if not one.is_reply
        }

    async def until(self, is_true: Callable[[], object], seconds: float = PATIENCE) -> None:
        async with asyncio.timeout(seconds):
            while not is_true():  # noqa: ASYNC110  # two stand-ins have no common event
                await asyncio.sleep(0.2)


def _seen(post: Posted) -> Seen:
    return Seen(said(post.blocks), float(post.ts))


@asynccontextmanager
async def a_town(  # noqa: PLR0913  # knobs, by name
    folder: Path,
    url: str,
    *,
    seed: int,
    clients: int = 6,
    mode: Literal["socket", "http"] = "socket",
    limits_on: bool = False,
    more: dict[str, str] | None = None,
) -> AsyncIterator[Town]:
    """Its desk is not started yet."""
    telegram, slack = TelegramServer(TOKEN, limits_on=limits_on), a_workspace(mode)
    slack.rates.on = limits_on
    await telegram.start()
    await slack.start()
    gate = Gate(slack.root)
    await gate.open()
    settings = {**MANY, "DATABASE_URL": url, "SLACK_API_BASE_URL": gate.url, **(more or {})}
    desk = LiveDesk(folder, telegram, slack, settings)
    people = [telegram.user(1001 + number, f"Client{number}") for number in range(clients)]
    try:
        yield Town(telegram, slack, gate, desk, people, Random(seed))
    finally:
        await desk.stop()
        await gate.shut()
        await slack.stop()
        await telegram.stop()
