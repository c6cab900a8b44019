"""How an outage goes: what is said meanwhile, when it comes through, and who is told."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.slack.block_kit.block_state import said
from storage.bootstrap import StoreMode
from tests.faults.live.kept_state import kept_state
from tests.faults.live.ledger import Kind, first_at
from tests.faults.live.town import Town
from tests.faults.live.verdict import Reckoning, Verdict
from tests.support.drivers.office import SUPPORT

FIRST_WORD_SECONDS = 15
REST_SECONDS = 30
ALERT_SECONDS = 90
OPERATOR = "operator@example.com"
WORDS = ("words", "replies", "notes", "edits")


@dataclass
class Outage:
    """One play: the town, what is away, and how it goes and comes back."""

    town: Town
    mailbox: Mailbox
    url: str
    goes: Callable[[], Awaitable[object]]
    comes_back: Callable[[], Awaitable[object]]
    alert_in_slack: bool = True
    talk: Sequence[str] = WORDS
    mode: StoreMode = StoreMode.LIVE
    hours: tuple[int, ...] = ()
    """How many hours each part of the outage pretends to last, by the desk's clock."""
    verdict: Verdict = field(default_factory=Verdict)

    async def play(self, seconds: float) -> Verdict:
        town = self.town
        await town.desk.start()
        await town.open_tickets()
        await self._talk(8)
        await asyncio.sleep(8)
        began = time.time()
        await self.goes()
        for part in self.hours or (0,):
            await self._talk(seconds / max(1, len(self.hours)))
            if part:
                await self._hours_pass(part)
        await self.comes_back()
        ended, ended_here = time.time(), time.monotonic()
        waiting = {one.token for one in town.ledger.said.values() if one.at >= began}
        async with kept_state(self.url, self.mode) as store:
            reckoning = Reckoning(town, store, self.verdict)
            await reckoning.settle(ended_here, seconds=len(waiting) + REST_SECONDS)
            await reckoning.judge()
        self._timing(waiting, ended)
        self._alert(began)
        return self.verdict

    async def _talk(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        every = 1.0 if seconds < 100 else 2.5
        await self.town.live(lambda: time.monotonic() > until, every=every, talk=self.talk)

    async def _hours_pass(self, hours: int) -> None:
        """The desk wakes up so many hours later."""
        desk = self.town.desk
        await desk.stop()
        desk.more["PRIVACYDESK_CLOCK_OFFSET"] = f"+{hours}h"
        try:
            await desk.start()
        except TimeoutError:
            self.verdict.add("does not start", f"after {hours} h")

    def _timing(self, waiting: set[str], ended: float) -> None:
        """Of what was said while the trouble lasted: the first to arrive, and the last."""
        in_slack: dict[str, float] = {}
        in_chats: dict[str, float] = {}
        for number in self.town.cards:
            in_slack |= first_at(self.town.thread(number))
            in_chats |= first_at(self.town.chat(number))
        kinds = ((Kind.WORD, in_slack, "word"), (Kind.REPLY, in_chats, "reply"))
        posts = 0
        for kind, seen, name in kinds:
            late = [
                seen[token] - ended
                for token in waiting
                if token.startswith(kind) and seen.get(token, 0) >= int(ended)
            ]
            posts += len(late)
            if not late:
                continue
            first, last = min(late), max(late)
            self.verdict.figures[f"s to the first {name}"] = round(first)
            self.verdict.figures[f"s to the last of {len(late)} {name}s"] = round(last)
            if first > FIRST_WORD_SECONDS:
                self.verdict.add(f"first {name} late", f"{first:.0f} s")
            if last > self._posts_since(ended) + REST_SECONDS:
                self.verdict.add(f"last {name} late", f"{last:.0f} s for {posts}")

    def _posts_since(self, ended: float) -> int:
        posted = self.town.slack.channel(SUPPORT).messages.values()
        return sum(bool(one.bot_id) and float(one.ts) >= ended for one in posted)

    def _alert(self, began: float) -> None:
        found = self._alerts_in_slack(began) if self.alert_in_slack else self._mails(began)
        where = "Slack" if self.alert_in_slack else "mail or another channel"
        if not self.alert_in_slack:
            found += [one for one in self._alerts_in_slack(began) if one[2] != SUPPORT]
        if not found:
            self.verdict.add("no alert", f"by {where}")
            return
        at, text, place = min(found)
        self.verdict.figures["s to the alert"] = round(at - began)
        print(f"alert after {at - began:.0f} s in {place}: {text[:400]}")
        if at - began > ALERT_SECONDS:
            self.verdict.add("alert late", f"{at - began:.0f} s")

    def _mails(self, began: float) -> list[tuple[float, str, str]]:
        return [
            (one.at, f"{one.subject}: {one.text}", "mail")
            for one in self.mailbox.mails
            if OPERATOR in one.recipients and one.at >= began
        ]

    def _alerts_in_slack(self, began: float) -> list[tuple[float, str, str]]:
        """What the app wrote of itself, outside of threads, that is no card."""
        found: list[tuple[float, str, str]] = []
        for channel in self.town.slack.state.world.channels.values():
            for one in channel.messages.values():
                text = said(one.blocks) or one.text
                is_news = one.bot_id and not one.is_reply and float(one.ts) >= began
                if is_news and "house " not in text:
                    found.append((float(one.ts), text, f"#{channel.name}"))
        return found
