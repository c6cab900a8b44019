"""A desk on a real store with real edges, against the platforms of the sandbox, turned by hand.

Nothing runs by itself: `hear()` lets everything that is due happen, then returns. A test that is
about the loops themselves uses `running()`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from bot.answering.document.policy_document import shipped_policy
from bot.answering.engine import Answer, Engine
from bot.application.bus import Bus, OpenWork
from bot.application.config import DeskConfig
from bot.application.outbound.delivery import Delivery
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
from bot.application.policy_publishing import publish_policy
from bot.application.ports.queues import Arrived, ClaimedDelivery, Lane, Outcome
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.staff import add_staff
from bot.application.staff_desk.words import Words
from bot.domain.addresses import OPERATOR, Actor, ClientAddress, MessageId, Role, Surface
from bot.domain.clients.people import Account
from bot.domain.errors import Unavailable
from bot.domain.tickets.message import Attachment, Message
from bot.domain.tickets.ticket import Ticket
from handlers.open_desk import Desk
from handlers.runtime.trouble_board import TroubleBoard
from handlers.runtime.workers.inbox_worker import InboxWorker
from handlers.runtime.workers.outbox_worker import OutboxWorker
from handlers.runtime.workers.store_watch import StoreWatch
from handlers.runtime.workers.timer_worker import fire_timers, run_timers
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.settings import Settings
from handlers.telegram.client import Bot, build_bot
from handlers.telegram.delivery_adapter import TelegramAdapter
from handlers.telegram.edge import TelegramEdge
from handlers.telegram.polling import Polling
from handlers.telegram.rate_limits import Pace, Rate
from storage.instance_lock import hold
from storage.reports import StoreRecords
from storage.unit_of_work import StoreContext
from tests.support.fakes.sources import FakeLedger, FakeSigner
from tests.support.stores.stages import Stage
from tests.upgrade.shown_names import unknown_buttons
from tests.upgrade.stored_names import unknown_names

UNPACED = Rate(0.0, 0)
"""A pace that holds nothing up."""
TOKEN = "777000:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4"
POLICY = shipped_policy()
OF_THE_DESK = ("inbox ", "outbox ", "telegram ")
"""How the names of the desk's own tasks begin."""

STAFF_LANE = Lane(
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
    )
)


@dataclass
class StaffSide:
    """In Slack's place: takes whatever goes to staff, and remembers it."""

    lane: Lane = STAFF_LANE
    carried: list[Delivery] = field(default_factory=list)

    async def deliver(self, claimed: ClaimedDelivery) -> Outcome:
        self.carried.append(claimed.delivery)
        place = ("C0SUPPORT", f"{claimed.id}.000100")
        return Arrived(Surface.SLACK, (place,) if isinstance(claimed.delivery, PostMessage) else ())

    async def probe(self) -> None:
        """It is always there."""

    def of(self, kind: type[Delivery]) -> list[Delivery]:
        return [one for one in self.carried if isinstance(one, kind)]


@dataclass
class Rig:
    """One life of the desk; a new life on the same store and the same Telegram is `reborn`."""

    stage: Stage
    telegram: TelegramServer
    desk: Desk
    bot: Bot
    edge: TelegramEdge
    inbox: InboxWorker
    relay: OutboxWorker
    polling: Polling
    staff_side: StaffSide
    files: dict[str, bytes]

    async def hear(self) -> None:
        """Let everything happen that is due now: updates, what follows from them, deliveries."""
        while True:
            if self._has_updates():
                await self.polling.once()
            await self.inbox.idle()
            await self.edge.settled()
            await self.relay.idle()
            if not self._has_updates():
                return

    async def go_on(self, **time: float) -> None:
        """Time passes, and what is due by then happens."""
        self.stage.clock.at += timedelta(**time)
        await fire_timers(self.desk.bus, self.desk.own_bus)
        await self.hear()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The loops run by themselves, as in a live desk."""
        self.desk.on_commit.append(self.relay.wake)
        jobs = [
            self.polling.run(),
            self.inbox.run(),
            self.relay.run(),
            run_timers(self.desk.bus, self.desk.own_bus),
        ]
        tasks = [asyncio.ensure_future(job) for job in jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.desk.on_commit.clear()

    async def a_member(self, slack_user: str = "UBOB", role: Role = Role.AGENT) -> Actor:
        """Somebody who works the desk."""
        staff = await self.desk.bus.handle(OPERATOR, add_staff, slack_user=slack_user, role=role)
        return Actor.staff(staff.id)

    async def staff_reply(
        self, by: Actor, ticket: str, text: str = "", **more: object
    ) -> MessageId:
        """Say something to the client, as the Reply button does."""
        words = Words(text=text, **more)  # pyright: ignore[reportArgumentType]  # fields of Words
        return await self.desk.bus.handle(by, reply, ticket=ticket, words=words)

    async def opens_ticket(
        self, client: VirtualUser, text: str = "The router blinks red"
    ) -> Ticket:
        """The client opens a ticket by the buttons."""
        await client.say("/new")
        await self.hear()
        await client.tap("Technical problem")
        await self.hear()
        await client.say(text)
        await self.hear()
        await client.tap("Send")
        await self.hear()
        return (await self.tickets())[-1]

    async def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        async with self.stage.reading() as work:
            return (await work.tickets.find(TicketFilter(), limit=10_000))[::-1]

    async def talk(self, ticket: Ticket) -> list[Message]:
        """What was said in a ticket."""
        async with self.stage.reading() as work:
            return await work.messages.of(ticket.id)

    async def loose(self, user: int) -> list[Message]:
        """What a client said that is in no ticket."""
        async with self.stage.reading() as work:
            account = await _account(work, user)
            return [] if account is None else await work.messages.loose(account.id)

    async def message(self, message: MessageId) -> Message:
        async with self.stage.reading() as work:
            return await work.messages.get(message)

    async def stop(self) -> None:
        """In good order."""
        await self.edge.stop()

    async def die(self) -> None:
        """Without any order: whatever is under way ends where it stands, unrecorded."""
        tasks = [one for one in asyncio.all_tasks() if one.get_name().startswith(OF_THE_DESK)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.bot.shutdown()

    def _has_updates(self) -> bool:
        known = self.polling.offset or 0
        return any(one.update_id >= known for one in self.telegram.world.updates.pending)


async def _account(work: UnitOfWork, user: int) -> Account | None:
    return await work.accounts.at(ClientAddress(Surface.TELEGRAM, str(user)))


async def lexical_answers(question: str) -> Answer:
    """The real engine on the shipped policy, without its meaning model: it needs no loading."""
    return _ENGINE.ask(question)


_ENGINE = Engine(POLICY)


def a_server(stage: Stage) -> TelegramServer:
    """A Telegram that lives in the stage's time, with its rates switched off."""
    return TelegramServer(TOKEN, clock=lambda: stage.clock.now().timestamp(), limits_on=False)


@asynccontextmanager
async def a_telegram(stage: Stage) -> AsyncIterator[TelegramServer]:
    """Started; no test may leave a violation behind that it did not look at and clear.

    Nor a name, in a row or on a button, that the table of names does not know.
    """
    server = a_server(stage)
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []
    buttons = unknown_buttons(server)
    assert buttons == set(), buttons
    unknown = await unknown_names(stage)
    assert unknown == {}, unknown


async def a_rig(  # noqa: PLR0913  # the last four are knobs, by name
    stage: Stage,
    telegram: TelegramServer,
    *,
    rules: DeskConfig | None = None,
    wrap_work: Callable[[OpenWork], OpenWork] = lambda work: work,
    wrap_bot: Callable[[Bot], Bot] = lambda bot: bot,
    pace: Pace | None = None,
) -> Rig:
    """A desk on the stage's store, started; `wrap_*` are for what may go wrong."""
    assert stage.store is not None
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        telegram_bot_token=TOKEN,  # pyright: ignore[reportArgumentType]
        telegram_api_base_url=telegram.root_url,
    )
    rules = rules or DeskConfig()
    context = StoreContext(stage.store.database, stage.store.ring, stage.clock, rules)
    open_work = wrap_work(context.open_work)
    on_commit: list[Callable[[], None]] = []
    own_bus = Bus(open_work, react)

    def committed() -> None:
        for wake in on_commit:
            wake()

    bus = Bus(open_work, react, committed=committed)
    desk = Desk(
        settings=settings,
        rules=rules,
        clock=stage.clock,
        bus=bus,
        own_bus=own_bus,
        on_commit=on_commit,
        policy=POLICY,
        ask=lexical_answers,
        records=StoreRecords(context, stage.place),
        keys=stage.store.rotation,
        signer=cast("Any", FakeSigner()),
        ledger=cast("Any", FakeLedger()),
        proofs=cast("Any", None),
        companies=(),
        troubles=(board := TroubleBoard(stage.clock)),
        watch_store=lambda: StoreWatch(board).run(own_bus),
        carry_out=_nobody,
        at_work=lambda: hold(context.database),
    )
    bot = wrap_bot(build_bot(settings))
    edge = TelegramEdge(desk, bot)
    inbox = InboxWorker(bus, own_bus, {"telegram": edge.handle})
    staff_side, files = StaffSide(), {}

    async def fetch(attachment: Attachment) -> bytes:
        if attachment.file_ref not in files:
            raise Unavailable("telegram.file_unavailable")
        return files[attachment.file_ref]

    adapter = TelegramAdapter(bot, own_bus, fetch, pace or Pace(UNPACED, UNPACED))
    relay = OutboxWorker(own_bus, [adapter, staff_side], stage.clock, desk.troubles)
    await bus.handle(OPERATOR, publish_policy, version=POLICY.sha256, text=POLICY.text)
    await edge.start()
    await edge.delete_webhook()
    await relay.take_over()
    return Rig(
        stage=stage,
        telegram=telegram,
        desk=desk,
        bot=bot,
        edge=edge,
        inbox=inbox,
        relay=relay,
        polling=Polling(bot, inbox.accept, desk.troubles, desk.clock),
        staff_side=staff_side,
        files=files,
    )


async def _nobody(_adapters: object) -> None:
    return
