"""The desk at work: both edges, inbox, outbox and timers, until told to stop."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from bot.application.fulfilment.last_words import LastWordOf, last_word
from bot.application.ports.queues import DeliveryAdapter, InboundUpdate
from bot.application.ports.reports import HealthCheck, finding_of
from bot.application.ports.sources import Source
from bot.domain.errors import Refused
from handlers.email.delivery_adapter import MailAdapter
from handlers.email.health import mail_finding
from handlers.email.server import MailServer, greeting_name
from handlers.log_setup import log
from handlers.open_desk import Desk, Proving
from handlers.runtime.alerts import alerting
from handlers.runtime.http_door import HttpDoor, connections_allowed
from handlers.runtime.lifecycle import on_signals, waiting_for
from handlers.runtime.own_records import OwnRecords
from handlers.runtime.preflight import need_live
from handlers.runtime.start_checks import tell_at_start
from handlers.runtime.workers.client_list_worker import keep_clients
from handlers.runtime.workers.fulfilment_worker import FulfilmentWorker
from handlers.runtime.workers.inbox_worker import Handle, InboxWorker
from handlers.runtime.workers.outbox_worker import OutboxWorker
from handlers.runtime.workers.silence_worker import watch_for_silence
from handlers.runtime.workers.state_watch import StateWatch
from handlers.runtime.workers.timer_worker import run_timers
from handlers.runtime.written_files import FilesSource
from handlers.settings import Settings
from handlers.slack.edge import SlackEdge
from handlers.slack.erasure.slack_source import slack_source
from handlers.slack.sync.health import slack_findings
from handlers.slack.sync.reconciliation import Drift
from handlers.telegram.client import Bot, build_bot
from handlers.telegram.delivery_adapter import TelegramAdapter
from handlers.telegram.edge import TelegramEdge
from handlers.telegram.erasure.telegram_source import TelegramSource
from handlers.telegram.health import telegram_findings
from handlers.telegram.polling import Accept, Polling
from handlers.telegram.webhook import Webhook, path_of
from handlers.telegram.webhook_watch import WebhookWatch

SLACK_PATH = "/slack/events"
PATIENCE_SECONDS = 8.0
"""For each question that `doctor` asks of a platform."""
Job = Coroutine[None, None, None]
Workers = tuple[list[Coroutine[None, None, None]], InboxWorker, OutboxWorker, FulfilmentWorker]


async def run_live(desk: Desk, *, ready: Callable[[], None] = lambda: None) -> None:
    """Until SIGINT or SIGTERM; what is under way then ends in good order.

    Raises:
        Refused: a token is wrong, or this database belongs to another team.
        Unavailable: a platform cannot be reached at the start.
    """
    async with (
        desk.at_work() as is_alone,
        _edges(desk) as (jobs, inbox, outbox, erasing),
        _mail_looked_at(desk.settings),
    ):
        if is_alone:
            await outbox.take_over()
            await erasing.take_over()
        desk.on_commit.append(outbox.wake)
        jobs += [inbox.run(), outbox.run(), run_timers(desk.bus, desk.own_bus), erasing.run()]
        jobs.append(watch_for_silence(desk.own_bus, desk.troubles))
        watch = StateWatch(desk.records, desk.own_bus, desk.troubles, desk.clock, desk.rules)
        jobs.append(watch.run())
        if desk.clients is not None:
            jobs.append(keep_clients(desk, desk.clients))
        ready()
        log(__name__, "desk_running")
        await _until_stopped(jobs)
    log(__name__, "desk_stopped")


async def heal_slack(desk: Desk) -> Drift:
    """Put back what was lost in Slack; this process hears nothing meanwhile.

    Raises:
        SettingsRefused: a token or a channel is missing.
        Refused: the Slack token or a channel is wrong.
        Unavailable: Slack cannot be reached.
    """
    need_live(desk.settings)
    telegram = TelegramEdge(desk, build_bot(desk.settings))
    slack = SlackEdge(desk, _hear_nothing, telegram.fetch)
    try:
        drift = await slack.heal()
        if drift.posts:
            await desk.carry_out([slack.adapter])
        return drift
    finally:
        await slack.stop()


async def reach_findings(
    settings: Settings,
    *,
    kept: Mapping[str, str] | None = None,
    is_running: bool = False,
    patience_seconds: float = PATIENCE_SECONDS,
) -> list[HealthCheck]:
    """What `doctor` says of Telegram, Slack and the mail server, as far as they are set.

    `kept`: what the store keeps of earlier starts under `kept_names`. `is_running`: a desk does,
    and so it has the port.
    """
    checks: list[Coroutine[None, None, list[HealthCheck]]] = [
        slack_findings(settings, patience_seconds, kept)
    ]
    if settings.telegram_bot_token.get_secret_value():
        checks.insert(0, telegram_findings(settings, patience_seconds))
    if settings.smtp_url.get_secret_value():
        checks.append(_alone(mail_finding(settings, patience_seconds)))
    if not is_running and listens(settings):
        checks.append(_port(settings))
    return [finding for found in await asyncio.gather(*checks) for finding in found]


async def _alone(finding: Coroutine[None, None, HealthCheck]) -> list[HealthCheck]:
    return [await finding]


def listens(settings: Settings) -> bool:
    """Whether a platform posts to the desk, so that it needs its port."""
    return settings.slack_mode == "http" or settings.telegram_mode == "webhook"


async def _port(settings: Settings) -> list[HealthCheck]:
    try:
        await HttpDoor(settings.host, settings.port).probe()
    except Refused as refused:
        return [finding_of("port", refused)]
    params = (("host", settings.host), ("port", str(settings.port)))
    return [HealthCheck("port", is_good=True, key="doctor.port_free", params=params)]


@asynccontextmanager
async def _mail_looked_at(settings: Settings) -> AsyncGenerator[None]:
    """What `doctor` says of the mail server is said at the start too; the desk serves meanwhile."""

    async def look() -> None:
        if settings.smtp_url.get_secret_value():
            tell_at_start([await mail_finding(settings, PATIENCE_SECONDS)])

    looking = asyncio.create_task(look(), name="look at mail")
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def _hear_nothing(inbound_updates: Sequence[InboundUpdate]) -> int:
    return len(inbound_updates)


@asynccontextmanager
async def _edges(desk: Desk) -> AsyncGenerator[Workers]:
    settings = desk.settings
    telegram = TelegramEdge(desk, bot := build_bot(settings))
    doors: dict[str, Handle] = {"telegram": telegram.handle}
    inbox = InboxWorker(desk.bus, desk.own_bus, doors)
    slack = SlackEdge(desk, inbox.accept, telegram.fetch)
    doors["slack"] = slack.handle
    outbox = OutboxWorker(desk.own_bus, _adapters(desk, bot, slack), desk.clock, desk.troubles)
    webhook = Webhook(bot, inbox.accept, settings.telegram_webhook_secret.get_secret_value())
    door = _door(settings, webhook, slack)
    waiting = partial(waiting_for, troubles=desk.troubles)
    try:
        async with door.listening(), alerting(desk, slack):
            with waiting("Telegram", settings.telegram_api_base_url, lambda: telegram.trouble):
                await telegram.start()
                hearing = await _hear_telegram(desk, telegram, webhook, inbox.accept)
            with waiting("Slack", settings.slack_api_base_url, lambda: slack.trouble):
                await slack.start()
            jobs = [slack.run(), *(hear() for hear in hearing), desk.watch_store()]
            door.is_ready = True
            yield jobs, inbox, outbox, _erasing(desk, bot, slack)
    finally:
        await slack.stop()
        await telegram.stop()


def _erasing(desk: Desk, bot: Bot, slack: SlackEdge) -> FulfilmentWorker:
    """Every place that holds personal data, the desk's own store last, and what proves it empty."""
    proofs = desk.proofs
    sources: list[Source] = [
        *desk.companies,
        slack_source(slack, desk.own_bus, desk.rules),
        TelegramSource(bot, desk.own_bus, desk.clock),
        FilesSource(
            desk.own_bus,
            proofs.look_at_files,
            proofs.patterns,
            beside=lambda: desk.settings.scanned_paths,
        ),
        OwnRecords(desk.own_bus, proofs.look),
    ]
    proving = Proving(
        patterns=proofs.patterns,
        signer=desk.signer,
        ledger=desk.ledger,
        clear_deleted=proofs.clear_deleted,
        head=proofs.head,
        version=version("privacydesk"),
    )
    return FulfilmentWorker(desk.bus, sources, proving, desk.clock)


def _adapters(desk: Desk, bot: Bot, slack: SlackEdge) -> list[DeliveryAdapter]:
    last_words = partial(last_word, readable=desk.signer.document)
    telegram = TelegramAdapter(bot, desk.own_bus, slack.fetch, last_word_of=last_words)
    return [telegram, slack.adapter, *_mail(desk, last_words)]


def _mail(desk: Desk, last_words: LastWordOf) -> list[DeliveryAdapter]:
    """Nobody, where no mail server is set: requests then begin on the staff's path."""
    url = desk.settings.smtp_url.get_secret_value()
    sender = desk.settings.mail_from
    greets_as = greeting_name(desk.settings.mail_greeting_name, sender)
    server = MailServer.parse(url, greets_as=greets_as) if url else None
    return [MailAdapter(server, sender, desk.own_bus, last_words)] if server else []


def _door(settings: Settings, webhook: Webhook, slack: SlackEdge) -> HttpDoor:
    """It opens before any platform is called: what they post meanwhile is told to come again."""
    door = HttpDoor(settings.host, settings.port, most=connections_allowed())
    if settings.slack_mode == "http":
        door.serve(SLACK_PATH, slack.receive, is_early=True)
    if settings.telegram_mode == "webhook":
        door.serve(path_of(settings.telegram_webhook_url), webhook.receive)
    return door


async def _hear_telegram(
    desk: Desk, telegram: TelegramEdge, webhook: Webhook, accept: Accept
) -> list[Callable[[], Job]]:
    """By webhook, which Telegram is told of and asked about; else by polling."""
    settings, bot = desk.settings, telegram.bot
    if settings.telegram_mode == "polling":
        await telegram.delete_webhook()
        return [Polling(bot, accept, desk.troubles, desk.clock).run]
    secret = settings.telegram_webhook_secret.get_secret_value()
    url = settings.telegram_webhook_url

    async def set_webhook() -> None:
        await telegram.set_webhook(url, secret)

    await set_webhook()
    watch = WebhookWatch(
        bot, desk.troubles, url, set_again=set_webhook, taken=lambda: webhook.taken
    )
    return [watch.run]


async def _until_stopped(jobs: list[Job]) -> None:
    stop = asyncio.Event()
    on_signals(stop.set)
    tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(job) for job in jobs]
    waiting: asyncio.Future[Any] = asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, waiting):
            task.cancel()
        await asyncio.gather(*tasks, waiting, return_exceptions=True)
    for task in done:
        if task is not waiting:
            task.result()
