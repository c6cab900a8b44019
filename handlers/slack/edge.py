"""The Slack edge: the parts, put together, and their life."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from aiohttp import web

from bot.application.bus import FinishingBus
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import InboundUpdate
from bot.domain.errors import Unavailable
from bot.domain.tickets.message import Attachment
from handlers.log_setup import log
from handlers.open_desk import Desk
from handlers.slack.access import AccessCheck
from handlers.slack.client import Json, SlackCalls, Trouble, build_client, code_of, new_session
from handlers.slack.delivery.delivery_adapter import SlackAdapter
from handlers.slack.delivery.files import Downloads, Fetch, Uploads
from handlers.slack.delivery.thread import Thread
from handlers.slack.delivery.ticket_cards import Cards
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.inbound.app_events import AppEvents
from handlers.slack.inbound.http_mode import HttpMode
from handlers.slack.inbound.listeners import Listeners
from handlers.slack.inbound.socket_mode import Silence, SocketMode
from handlers.slack.inbound.watched_app import RequestEnds
from handlers.slack.payloads.parsing import is_echo
from handlers.slack.people import People
from handlers.slack.rate_limits import Paces, TooBusy
from handlers.slack.staff_side import StaffSide, Surroundings, staff_side
from handlers.slack.sync.backfill import Backfill
from handlers.slack.sync.change_reader import ChangeReader
from handlers.slack.sync.reconciliation import Drift, Reconciliation
from handlers.slack.sync.slack_watch import SlackWatch
from handlers.slack.sync.staff_sync import EVERY_SECONDS, StaffSync
from handlers.slack.sync.thread_reader import ThreadReader
from handlers.slack.workspace import Workspace, settle_in

Accept = Callable[[Sequence[InboundUpdate]], Awaitable[int]]


TRIES = 80
"""With the waits between them, ten minutes in which Slack may be away at the start."""
MAX_BACKOFF_SECONDS = 8.0


class SlackEdge:
    """Where staff work: `adapter` brings words to them, `handle` does what they want."""

    trouble = ""
    """What the last step of the start met, as Slack's own code; empty: nothing."""
    _http: aiohttp.ClientSession | None = None
    _socket_mode: SocketMode | None = None

    def __init__(self, desk: Desk, accept: Accept, fetch: Fetch) -> None:
        self._desk = desk
        settings, rules, paces = desk.settings, desk.rules, Paces()
        self._url = settings.slack_api_base_url
        token = settings.slack_bot_token.get_secret_value()
        self._client = build_client(self._url, token, None)
        self.workspace = Workspace()
        self.calls = SlackCalls(self._client, paces)
        self.people = People(self.calls, self.workspace)
        self._replies = EphemeralReplies(self.calls, self._session)
        self._downloads = Downloads(self.calls, self._session, token)
        uploads = Uploads(self.calls, desk.own_bus, self._session)
        cards = Cards(self.calls, desk.own_bus, rules, self.workspace)
        self.adapter = self._adapter(cards, uploads, fetch)
        self._access = AccessCheck(
            desk.bus, self.workspace, self.people, self._replies, rules.staff_language
        )
        self._staff_sync = StaffSync(self.calls, desk.bus, self.people, settings, desk.troubles)
        self._staff = self._staff_side(uploads)
        self.unhurried = SlackCalls(self._client, paces, is_patient=True)
        self._reader = self._thread_reader(self.unhurried, accept)
        self._backfill = self._backfill_of(self.unhurried, accept)
        self._watch = SlackWatch(self.calls, self.workspace, desk.troubles, self._backfill)
        self._app_events = AppEvents(
            workspace=self.workspace, watch=self._watch, groups_changed=self._staff_sync.again
        )
        self._reconciliation = Reconciliation(self.calls, desk.own_bus, cards, self.adapter)
        secret = settings.slack_signing_secret.get_secret_value()
        self._app = self._listeners().build(self._url, secret, token)
        self._http_mode = self._by_http(secret) if settings.slack_mode == "http" else None

    async def start(self) -> None:
        """Learn who we are, pin it, find the channels, seed the staff.

        Raises:
            Refused: a token, a channel or a group is wrong, or the store is of another workspace.
            Unavailable: Slack cannot be reached.
        """
        await self.enter()
        await self._insist(self._staff_sync.begin)
        if self._http_mode is not None:
            self._http_mode.is_ready = True
        else:
            token = self._desk.settings.slack_app_token.get_secret_value()
            self._socket_mode = SocketMode(
                self._app, self._url, token, self._is_echo, self._is_dropping
            )

    async def enter(self) -> None:
        """As `start`, without hearing anything: for commands that only write."""
        self._http = self._http or new_session(self._url)
        self._client.session = self._http
        desk = self._desk
        await self._insist(
            lambda: settle_in(self.workspace, self.calls, desk.bus, desk.settings, desk.troubles)
        )
        self._watch.look_at_scopes()

    async def run(self) -> None:
        """Until cancelled: hear Slack, catch up with it, and read the user groups every minute."""
        beside = [asyncio.create_task(self._backfill.keep_up())]
        if self._socket_mode is not None:
            silence = Silence(self._socket_mode.is_there, self._desk.troubles)
            beside.append(asyncio.create_task(silence.run()))
        try:
            await self._hear()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _hear(self) -> None:
        if self._socket_mode is not None:
            await self._socket_mode.run(self._heard_again, self.each_minute)
        await self._heard_again()
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.each_minute()

    def _adapter(self, cards: Cards, uploads: Uploads, fetch: Fetch) -> SlackAdapter:
        bus, rules = self._desk.own_bus, self._desk.rules
        cards.on_found = self._card_found
        thread = Thread(
            calls=self.calls,
            bus=bus,
            rules=rules,
            cards=cards,
            people=self.people,
            uploads=uploads,
            fetch=fetch,
        )
        return SlackAdapter(
            calls=self.calls,
            bus=bus,
            rules=rules,
            workspace=self.workspace,
            cards=cards,
            thread=thread,
            people=self.people,
            requests=cards.requests,
        )

    def _staff_side(self, uploads: Uploads) -> StaffSide:
        around = Surroundings(
            desk=self._desk,
            calls=self.calls,
            workspace=self.workspace,
            people=self.people,
            access=self._access,
            replies=self._replies,
            uploads=uploads,
        )
        return staff_side(around)

    def _backfill_of(self, unhurried: SlackCalls, accept: Accept) -> Backfill:
        changes = ChangeReader(
            calls=unhurried, bus=self._desk.bus, workspace=self.workspace, accept=accept
        )
        return Backfill(
            reader=self._reader,
            changes=changes,
            bus=self._desk.bus,
            channels=lambda: self.workspace.channels,
            accept=accept,
            by_requests=self._desk.settings.slack_mode == "http",
        )

    def _thread_reader(self, unhurried: SlackCalls, accept: Accept) -> ThreadReader:
        return ThreadReader(
            calls=unhurried,
            bus=self._desk.bus,
            workspace=self.workspace,
            access=self._access,
            replies=self._replies,
            accept=accept,
            language=self._desk.rules.staff_language,
        )

    def _listeners(self) -> Listeners:
        return Listeners(
            accept=self._backfill.accept,
            workspace=self.workspace,
            access=self._access,
            submissions=self._staff.submissions,
            dialogs=self._staff.dialogs,
            commands=self._staff.commands,
            replies=self._replies,
            app_events=self._app_events,
            ended=RequestEnds(self._backfill, self._reader).note,
            language=self._desk.rules.staff_language,
        )

    def fell_behind(self) -> None:
        """Slack says, or somebody noticed, that events were lost: the threads are read again."""
        self._backfill.fell_behind()

    def _card_found(self, card: CardRef) -> None:
        self._replies.aside(self._backfill.below(card))

    async def _heard_again(self) -> None:
        self._replies.aside(self._backfill.after_a_gap())

    async def each_minute(self) -> None:
        """What `run` does from time to time."""
        await self._watch.look()
        await self._backfill.still_here()
        await self._staff_sync.again()

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """What Slack posts in HTTP mode."""
        if self._http_mode is None:
            return web.Response(status=404)
        return await self._http_mode.receive(request)

    async def handle(self, inbound: InboundUpdate, bus: FinishingBus) -> None:
        """Deal with one update from the inbox."""
        await self._staff.dispatcher.handle(inbound, bus)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file that staff shared. Raises Refused or Unavailable."""
        return await self._downloads.fetch(attachment)

    async def heal(self) -> Drift:
        """Put back what was lost; `start` need not have been called.

        Raises:
            Refused: the token or a channel is wrong.
            Unavailable: Slack cannot be reached, or stopped answering.
        """
        self.calls.is_patient = True
        await self.enter()
        try:
            return await self._reconciliation.heal(self.workspace.channels, self.workspace.bot)
        except (*Trouble, TooBusy) as error:
            raise Unavailable("slack.unreachable", error=code_of(error)) from error

    async def settled(self) -> None:
        """Nothing is on its way besides deliveries; for scripts and tests."""
        await self._replies.settled()

    async def stop(self) -> None:
        await self._replies.stop()
        if self._socket_mode is not None:
            await self._socket_mode.close()
        if self._http is not None:
            await self._http.close()

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """A step of the start; Slack may be away for a moment just then."""
        wait = 0.25
        for _ in range(TRIES - 1):
            try:
                await step()
            except Unavailable as error:
                self.trouble = str(error.params.get("error", error.key))
                log(__name__, "start_delayed", logging.WARNING, error=self.trouble)
            else:
                self.trouble = ""
                return
            await asyncio.sleep(wait)
            wait = min(MAX_BACKOFF_SECONDS, wait * 2)
        await step()

    def _by_http(self, secret: str) -> HttpMode:
        return HttpMode(self._app, secret, self._is_dropping)

    def _is_dropping(self, body: Json) -> bool:
        """Whether that is Slack's word that it drops events; what it dropped is read then."""
        is_said = self._app_events.is_dropping(body)
        if is_said:
            self._replies.aside(self._watch.events_were_dropped())
        return is_said

    def _is_echo(self, body: Json) -> bool:
        return is_echo(body, self.workspace.bot, self.workspace.bot_user)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise Unavailable("slack.unreachable", error="not_started")
        return self._http
