"""Afterwards: what of everything that was said is lost, doubled, late, leaked or told wrongly."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.tickets.message import DeliveryStatus
from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack.block_kit.block_state import said as said_in
from tests.faults.live.kept_state import KeptReply, KeptState
from tests.faults.live.ledger import TOKEN, Kind, count, out_of_order
from tests.faults.live.town import Town
from tests.support.drivers.office import SUPPORT

MARK = "(You may have this message already"
CALM_SECONDS = 60
SHOWN_SECONDS = 10
NOTICE = "Say dead"
"""In doubt twice: what was said of a word that arrived all the same is not sent a third time."""
OF_A_DEATH = {"operation_timeout", "not_acked"}
"""Rules that nobody keeps who was killed."""


@dataclass
class Verdict:
    """What is wrong by kind, and figures that are nobody's fault."""

    wrong: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    figures: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, name: str, *found: str) -> None:
        if found:
            self.wrong.setdefault(name, []).extend(found)

    def lines(self) -> list[str]:
        told = ", ".join(f"{count} {name}" for name, count in self.figures.items())
        wrong = [
            f"WRONG {name}: {len(found)}: {', '.join(found[:12])}"
            for name, found in self.wrong.items()
        ]
        return [told, *wrong]


@dataclass
class Reckoning:
    """The end of a play: all is calm, people decide what is in doubt, and all is counted."""

    town: Town
    store: KeptState
    verdict: Verdict = field(default_factory=Verdict)
    decided: set[str] = field(default_factory=set[str])

    async def settle(self, since: float, seconds: float = CALM_SECONDS) -> None:
        """Waits until everything is where it belongs; what still waits then is wrong."""
        calm = await self._calm(since + seconds)
        self.verdict.figures["s until calm"] = round(time.monotonic() - since)
        if not calm:
            queues = await self.store.queues()
            self.verdict.add("still waiting", *(f"{n} {c}" for n, c in queues.waiting.items()))
            now = datetime.fromtimestamp(time.time(), UTC)
            rows = [f"waiting at {now}", *await self.store.waiting_rows()]
            (self.town.desk.folder / "waiting.txt").write_text("\n".join(rows), encoding="utf-8")
        await self._decide(max(0.0, since + SHOWN_SECONDS - time.monotonic()))
        await self._calm(time.monotonic() + CALM_SECONDS / 2)

    async def judge(self, kills: int = 0, doubts: int = 0) -> Verdict:
        """`doubts`: faults that leave the fate of a word to a client open."""
        await self._replies()
        self._words()
        self._notices(kills + doubts)
        gone = (await self.store.queues()).given_up
        self.verdict.figures["notices given up"] = gone.pop(NOTICE, 0)
        self.verdict.add("given up", *(f"{n} {c}" for n, c in gone.items()))
        said = self.town.desk.said
        self.verdict.add("tracebacks", *["in the log"] * said.count("Traceback"))
        broken = [f"{v.rule} {v.where} {v.detail}"[:90] for v in self.town.slack.violations]
        self.verdict.add(
            "rules of Slack broken", *(b for b in broken if b.split()[0] not in OF_A_DEATH)
        )
        theirs = [f"{v.method}: {v.what}" for v in self.town.telegram.violations]
        answers = [one for one in theirs if not one.startswith("answerCallbackQuery")]
        self.verdict.add("rules of Telegram broken", *answers)
        return self.verdict

    async def _calm(self, until: float) -> bool:
        while True:
            queues = await self.store.queues()
            if not queues.waiting and not self._absent():
                return True
            if time.monotonic() >= until:
                return not queues.waiting
            await asyncio.sleep(0.5)

    def _absent(self) -> list[str]:
        """Words that the clients said and that stand in no thread."""
        town = self.town
        return [
            one.token
            for number in town.cards
            for one in town.ledger.of(Kind.WORD, number)
            if not count(town.thread(number))[one.token]
        ]

    async def _decide(self, wait_seconds: float) -> None:
        """A person looks into the client's chat, and presses what is right."""
        await asyncio.sleep(wait_seconds)
        doubtful = [one for one in await self.store.replies() if _asks(one)]
        self.verdict.figures["replies held for a person"] = len(doubtful)
        for one in doubtful:
            post = self.town.post(one.posts[-1]) if one.posts else None
            if post is None or "Send again" not in str(post.blocks):
                self.verdict.add("doubt not shown", f"{one.token} {one.delivery}")
                continue
            label = "It arrived" if self._is_there(one.token) else "Send again"
            self.decided.add(one.token)
            try:
                await self.town.slack.people["U0BOB"].click(label, SUPPORT, one.posts[-1])
            except NotPossible:
                self.verdict.add("no such button", f"{one.token} {label}")

    def _is_there(self, token: str) -> bool:
        said = self.town.ledger.said[token]
        return bool(count(self.town.chat(said.client))[token])

    async def _replies(self) -> None:
        kept = {one.token: one.delivery for one in await self.store.replies()}
        for number in self.town.cards:
            chat = self.town.chat(number)
            counted = count(chat)
            said = self.town.ledger.of(Kind.REPLY, number)
            for one in said:
                self._reply(one.token, counted[one.token], kept.get(one.token))
            written = sorted((one for one in said if one.place), key=lambda one: one.place)
            late = out_of_order(written, chat, self.decided)
            self.verdict.add("replies out of order", *late)
            self._edits(Kind.REPLY, number, counted)
        self.verdict.figures["replies"] = len(self.town.ledger.of(Kind.REPLY))

    def _reply(self, token: str, times: int, delivery: DeliveryStatus | None) -> None:
        fate = "not kept" if delivery is None else str(delivery)
        if not times:
            self.verdict.add("replies lost", f"{token} {fate}")
        if times > 1:
            self.verdict.add("replies doubled", token)
        if not times and delivery is DeliveryStatus.SENT:
            self.verdict.add("sent, and did not arrive", token)
        if times == 1 and delivery is not DeliveryStatus.SENT:
            self.verdict.add("arrived, not shown so", f"{token} {fate}")

    def _words(self) -> None:
        town = self.town
        for number in town.cards:
            thread = town.thread(number)
            counted, in_chat = count(thread), count(town.chat(number))
            said, notes = town.ledger.of(Kind.WORD, number), town.ledger.of(Kind.NOTE)
            self.verdict.add("words lost", *(s.token for s in said if not counted[s.token]))
            self.verdict.add("words doubled", *(s.token for s in said if counted[s.token] > 1))
            self.verdict.add("words out of order", *out_of_order(said, thread))
            self.verdict.add("notes leaked", *(s.token for s in notes if in_chat[s.token]))
            self._edits(Kind.WORD, number, counted)
        self.verdict.figures["words"] = len(town.ledger.of(Kind.WORD))
        self.verdict.figures["notes"] = len(town.ledger.of(Kind.NOTE))

    def _edits(self, kind: Kind, number: int, counted: Counter[str]) -> None:
        lost = [
            f"{one.token}>{one.changed_to}"
            for one in self.town.ledger.of(kind, number)
            if one.changed_to and counted[one.token] and not counted[one.changed_to]
            # Of one that "It arrived" was said of, nobody knows by which id to edit it.
            if one.token not in self.decided
        ]
        self.verdict.add(f"edits lost ({kind.name.lower()})", *lost)

    def _notices(self, most_marked: int) -> None:
        """What the desk itself says to a client, at most once for what they did."""
        marked = 0
        doubled: list[str] = []
        for number in self.town.cards:
            texts = [one.text for one in self.town.chat(number) if not TOKEN.search(one.text)]
            marked += sum(text.startswith(MARK) for text in texts)
            plain = Counter(text for text in texts if not text.startswith(MARK))
            most = {f"Added to T-{number + 1:06d}": len(self.town.ledger.of(Kind.WORD, number))}
            doubled += [
                f"{text[:50]} {times}"
                for text, times in plain.items()
                if times > most.get(text[:17], 1)
            ]
        self.verdict.figures["marked repeats"] = marked
        self.verdict.add("notices doubled", *doubled)
        if marked > most_marked:
            self.verdict.add("too many repeats", f"{marked} for {most_marked}")


def _asks(reply: KeptReply) -> bool:
    return reply.delivery in {DeliveryStatus.UNCERTAIN, DeliveryStatus.FAILED}


def shown(town: Town, number: int, has: Callable[[str], bool]) -> list[str]:
    """Posts in a thread, for a person to read."""
    posts = town.slack.channel(SUPPORT).thread(town.cards[number])
    return [text for text in (said_in(one.blocks) for one in posts) if has(text)]
