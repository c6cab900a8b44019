"""A whole desk, turned by hand: clients on Telegram, staff in Slack, both on the stand-ins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from aiohttp import web
from pydantic import SecretStr

from bot.application.config import DeskConfig, ReplySignature
from bot.application.ports.card_refs import CardRef
from bot.domain.errors import DeskError
from bot.domain.tickets.message import Attachment
from bot.domain.tickets.ticket import Ticket
from handlers.open_desk import Desk
from handlers.runtime.workers.inbox_worker import InboxWorker
from handlers.runtime.workers.outbox_worker import OutboxWorker
from handlers.sandbox.slack import Person, SlackServer
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.settings import Settings
from handlers.slack.card_refs import card_ref
from handlers.slack.edge import SlackEdge
from handlers.slack.inbound.app_events import ABOUT_THE_APP, RATE_LIMITED
from handlers.slack.scopes import NEEDED
from handlers.telegram.delivery_adapter import TelegramAdapter
from handlers.telegram.polling import Polling
from handlers.telegram.rate_limits import Pace
from tests.support.drivers.rig import UNPACED, Rig, a_rig
from tests.support.stores.stages import Stage
from tests.upgrade.shown_names import unknown_actions

UNSIGNED = DeskConfig(reply_signature=ReplySignature.NONE)
"""Tests of words see the words alone; those of names and numbers bring rules of their own."""
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-sandbox", "xapp-sandbox", "signing-secret"
SUPPORT, PRIVACY = "#support", "#privacy-requests"
SUBSCRIBED = {"message", "app_home_opened", *ABOUT_THE_APP} - {RATE_LIMITED}
"""As in docs/slack-manifest.yaml; that events are dropped is said to every app."""


def a_workspace(mode: Literal["socket", "http"] = "socket") -> SlackServer:
    """Two channels, two agents, an approver, and people who may not work the desk."""
    slack = SlackServer(BOT_TOKEN, APP_TOKEN, SECRET, limits_on=False, mode=mode)
    slack.state.events.subscriptions = set(SUBSCRIBED)
    slack.state.world.granted = set(NEEDED)
    slack.add_channel(SUPPORT, channel_id="C0SUPPORT")
    slack.add_channel(PRIVACY, private=True, channel_id="G0PRIVACY")
    for user, name in (("U0BOB", "bob"), ("U0ANN", "ann"), ("U0SAL", "salma"), ("U0OUT", "oli")):
        slack.add_user(user, name, channels=(SUPPORT, PRIVACY))
    slack.add_user("U0GUEST", "gopal", is_restricted=True)
    slack.add_user("U0ALIEN", "alien", team_id="T0OTHER")
    return slack


@asynccontextmanager
async def served(server: SlackServer) -> AsyncIterator[SlackServer]:
    """Started; no test may leave a violation behind, nor a name that the table does not know."""
    await server.start()
    yield server
    await server.stop()
    assert server.violations == [], server.violations
    assert unknown_actions(server) == set()


@dataclass
class Office:
    """One life of the whole desk."""

    rig: Rig
    slack: SlackServer
    edge: SlackEdge
    running: "asyncio.Task[None]"
    runner: web.AppRunner | None
    marks: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def bob(self) -> Person:
        return self.slack.people["U0BOB"]

    @property
    def ann(self) -> Person:
        return self.slack.people["U0ANN"]

    async def hear(self) -> None:
        """Let everything happen that is due now, on both platforms."""
        for _ in range(3):
            await self.slack.settled()
            await self.rig.hear()
            await self.edge.settled()

    async def go_on(self, **time: float) -> None:
        """Time passes, and what is due by then happens."""
        await self.rig.go_on(**time)
        await self.hear()

    async def a_ticket(self, client: VirtualUser, text: str = "The router blinks red") -> Ticket:
        ticket = await self.rig.opens_ticket(client, text)
        await self.hear()
        client.forget()
        self.marks[client.id] = max(one.message_id for one in client.messages)
        return ticket

    def words_to(self, client: VirtualUser) -> list[str]:
        """What the bot said to a client since their ticket was opened, as it stands now."""
        return [
            one.text
            for one in client.messages
            if one.is_from_bot and not one.is_deleted and one.message_id > self.marks[client.id]
        ]

    async def ticket(self, ticket: Ticket) -> Ticket:
        """As it stands now."""
        async with self.rig.stage.reading() as work:
            return await work.tickets.get(ticket.id)

    async def place(self, ticket: Ticket) -> CardRef:
        found = await self.rig.desk.bus.look(card_ref, ticket=ticket.id)
        assert found is not None
        return found

    async def card(self, ticket: Ticket) -> Posted:
        place = await self.place(ticket)
        return self.slack.channel(place.channel).messages[place.ts]

    async def thread(self, ticket: Ticket) -> list[Posted]:
        place = await self.place(ticket)
        return self.slack.channel(place.channel).thread(place.ts)

    async def says(self, who: Person, ticket: Ticket, text: str = "", **more: Any) -> Posted:
        """Write into the ticket's thread."""
        place = await self.place(ticket)
        return await who.say(place.channel, text, thread_ts=place.ts, **more)

    async def clicks(self, who: Person, ticket: Ticket, label: str) -> None:
        """Press something on the ticket's card."""
        place = await self.place(ticket)
        await who.click(label, place.channel, place.ts)
        await self.hear()

    async def facts(self, name: str) -> list[Any]:
        """What the log holds of a kind of fact, whatever it is about."""
        return [row for row in await self._log() if row.type == name]

    async def cards(self) -> list[Posted]:
        """Every card that stands in the support channel, oldest first."""
        posted = self.slack.channel(SUPPORT).messages.values()
        return [one for one in posted if not one.is_reply and one.bot_id and one.metadata]

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        if self.runner is not None:
            await self.runner.cleanup()
        await self.edge.stop()

    async def _log(self) -> list[Any]:
        async with self.rig.stage.reading() as work:
            return await work.log.of("desk")


@asynccontextmanager
async def an_office(  # noqa: PLR0913  # knobs, by name
    stage: Stage,
    telegram: TelegramServer,
    slack: SlackServer,
    *,
    rules: DeskConfig | None = None,
    agents: str = "U0BOB,U0ANN",
    approvers: str = "U0SAL",
    support: str = SUPPORT,
    worker: type[InboxWorker] = InboxWorker,
) -> AsyncIterator[Office]:
    """A desk with both edges; Slack's side hears by itself, the rest is turned by hand."""
    rig = await a_rig(stage, telegram, rules=rules or UNSIGNED)
    settings = _settings(rig.desk.settings, slack, agents, approvers).model_copy(
        update={"slack_support_channel": support}
    )
    desk = rig.desk = replace(rig.desk, settings=settings)

    edge = _join(rig, desk, worker)
    try:
        await edge.start()
    except DeskError:
        await edge.stop()
        await rig.stop()
        raise
    await rig.relay.take_over()
    runner = await _listen(edge, slack) if slack.mode == "http" else None
    running = asyncio.ensure_future(edge.run())
    if slack.mode == "socket":
        await slack.connected()
    office = Office(rig, slack, edge, running, runner)
    try:
        yield office
    finally:
        await office.stop()
        await rig.stop()


def _join(rig: Rig, desk: Desk, worker: type[InboxWorker]) -> SlackEdge:
    """Slack in place of the rig's made-up staff side."""

    async def fetch(attachment: Attachment) -> bytes:
        return await rig.edge.fetch(attachment)

    doors = {"telegram": rig.edge.handle}
    rig.inbox = worker(desk.bus, desk.own_bus, doors)
    rig.polling = Polling(rig.bot, rig.inbox.accept, desk.troubles, desk.clock)
    edge = SlackEdge(desk, rig.inbox.accept, fetch)
    doors["slack"] = edge.handle
    adapter = TelegramAdapter(rig.bot, desk.own_bus, edge.fetch, Pace(UNPACED, UNPACED))
    rig.relay = OutboxWorker(desk.own_bus, [adapter, edge.adapter], desk.clock, desk.troubles)
    return edge


def _settings(settings: Settings, slack: SlackServer, agents: str, approvers: str) -> Settings:
    return settings.model_copy(
        update={
            "slack_api_base_url": slack.root,
            "slack_mode": slack.mode,
            "slack_support_channel": SUPPORT,
            "slack_privacy_channel": "G0PRIVACY",
            "slack_agents": tuple(filter(None, agents.split(","))),
            "slack_approvers": tuple(filter(None, approvers.split(","))),
            "slack_bot_token": SecretStr(BOT_TOKEN),
            "slack_app_token": SecretStr(APP_TOKEN),
            "slack_signing_secret": SecretStr(SECRET),
        }
    )


async def _listen(edge: SlackEdge, slack: SlackServer) -> web.AppRunner:
    app = web.Application()
    app.router.add_post("/slack/events", edge.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    return runner
