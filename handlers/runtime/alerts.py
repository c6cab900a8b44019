"""How alerts leave: straight to Slack, else by mail; and what they say."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.application.ports.queues import Arrived
from bot.application.ports.troubles import StandingTrouble, TroubleKind
from bot.application.requests.mail import Letter
from bot.application.views.trouble_words import over_text, trouble_text
from bot.domain.addresses import Language
from bot.wording import say
from handlers.email.letter_format import mail_of
from handlers.email.server import MailServer, greeting_name
from handlers.log_setup import log
from handlers.open_desk import Desk
from handlers.runtime.workers.trouble_teller import AlertWay, Named, TroubleTeller
from handlers.settings import Settings
from handlers.slack.blocks.message_blocks import line_sheet
from handlers.slack.blocks.mrkdwn import FALLBACK, escaped
from handlers.slack.blocks.ticket_card import Sheet
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.edge import SlackEdge
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

SLACK_SECONDS = 10.0
CHANNEL_ID = re.compile(r"\b[CG][A-Z0-9]{7,20}\b")
"""Shown as a link with its name."""


def teller_of(desk: Desk, slack: SlackEdge, instance: str) -> TroubleTeller:
    """Whoever tells of this desk's troubles: in Slack first, where that is what works."""
    rules = desk.rules
    ways: list[AlertWay] = [SlackWay(slack.calls, slack.workspace, place) for place in range(2)]
    if (mail := MailWay.of(desk.settings, rules.staff_language)) is not None:
        ways.append(mail)
    return TroubleTeller(
        board=desk.troubles,
        clock=desk.clock,
        ways=ways,
        words=Words(rules.zone, rules.staff_language),
        bus=desk.own_bus,
        instance=instance,
    )


@asynccontextmanager
async def alerting(desk: Desk, slack: SlackEdge) -> AsyncGenerator[None]:
    """Also while the start still waits for a platform: somebody must know that it does."""
    telling = asyncio.create_task(teller_of(desk, slack, uuid4().hex).run())
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


def has_second_way(settings: Settings) -> bool:
    """Whether an alert can leave while Slack is away."""
    return bool(settings.alert_email and settings.smtp_url.get_secret_value())


class SlackWay:
    """One of the desk's channels: the support channel first, then the private one."""

    def __init__(self, calls: SlackCalls, workspace: Workspace, place: int) -> None:
        self._calls = calls
        self._workspace = workspace
        self._place = place
        self._uncertain = set[str]()

    @property
    def needs(self) -> frozenset[Named]:
        return frozenset(
            {
                (TroubleKind.PLATFORM, "slack"),
                (TroubleKind.TOKEN, "slack"),
                (TroubleKind.CHANNEL, self._channel),
            }
        )

    async def tell(self, key: str, subject: str, text: str) -> bool:
        """Past the outbox; what may have gone at an earlier try is looked for first."""
        del subject
        if not self._channel:
            return False
        try:
            async with asyncio.timeout(SLACK_SECONDS):
                shown = CHANNEL_ID.sub(r"<#\g<0>>", escaped(text, FALLBACK))
                await self._post(key, line_sheet(shown))
        except (*Trouble, TooBusy) as error:
            log(__name__, "alert_not_posted", error=code_of(error))
            return False
        self._uncertain.discard(key)
        return True

    async def _post(self, key: str, sheet: Sheet) -> None:
        if key in self._uncertain and await self._calls.find(self._channel, key):
            return
        self._uncertain.add(key)
        await self._calls.post(self._channel, sheet, key, rank=0)

    @property
    def _channel(self) -> str:
        return self._workspace.channels[self._place]


@dataclass(frozen=True, slots=True)
class MailWay:
    """ALERT_EMAIL, by the server of SMTP_URL."""

    server: MailServer
    sender: str
    receivers: tuple[str, ...]
    language: Language
    needs = frozenset({(TroubleKind.PLATFORM, "mail"), (TroubleKind.TOKEN, "mail")})

    @classmethod
    def of(cls, settings: Settings, language: Language) -> "MailWay | None":
        """None: no second way is set."""
        if not has_second_way(settings):
            return None
        sender = settings.mail_from
        greets_as = greeting_name(settings.mail_greeting_name, sender)
        server = MailServer.parse(settings.smtp_url.get_secret_value(), greets_as=greets_as)
        return cls(server, sender, settings.alert_email, language)

    async def tell(self, key: str, subject: str, text: str) -> bool:
        """Whether it went to one of them at least."""
        del key
        went = [await self._send(receiver, subject, text) for receiver in self.receivers]
        return any(went)

    async def _send(self, receiver: str, subject: str, text: str) -> bool:
        try:
            message = mail_of(Letter(receiver, subject, text, self.language), self.sender)
        except (ValueError, IndexError, MessageError):
            log(__name__, "alert_address_unusable")
            return False
        outcome = await self.server.send(message, receiver)
        if not isinstance(outcome, Arrived):
            log(__name__, "alert_not_mailed", outcome=type(outcome).__name__)
        return isinstance(outcome, Arrived)


@dataclass(frozen=True, slots=True)
class Words:
    """An alert in the staff's language."""

    zone: ZoneInfo
    language: Language

    def began(self, one: StandingTrouble, *, keeps_coming: bool) -> tuple[str, str]:
        text = trouble_text(one, self.zone, self.language)
        more = [say("troubles.many", self.language)] if keeps_coming else []
        return say("troubles.subject", self.language), "\n".join([text, *more])

    def over(self, one: StandingTrouble, until: datetime) -> tuple[str, str]:
        text = over_text(one, until, self.zone, self.language)
        return say("troubles.subject_over", self.language), text
