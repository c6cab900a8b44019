"""The whole sandbox: Telegram, Slack, a mailbox, a company and the page, started together.

The very same edges that go live are pointed at it by `settings_overrides`.
"""

import asyncio
import os
import secrets
import sys
import webbrowser
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from handlers.sandbox.company.tables import CompanyTables
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.own_store import (
    COMPANY,
    COMPANY_MAP,
    SANDBOX_FOLDER,
    keep_offset,
    keep_settings,
)
from handlers.sandbox.page.page_context import PageContext
from handlers.sandbox.page.server import PageServer
from handlers.sandbox.sample_people import CLIENTS, STAFF, client_list
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from handlers.sandbox.town_clock import SlackTime, TownClock

SUPPORT: Final = "support"
PRIVACY: Final = "privacy-requests"
# As docs/slack-manifest.yaml names them; the page offers what the manifest registers.
SHORTCUTS: Final = (("attach_to_ticket", "Attach to ticket"),)
COMMAND: Final = "/desk"
MAIL_FROM: Final = "Privacy Desk <desk@sandbox.example>"
BOT_ID: Final = 7_000_000_001
_DATA_MAP: Final = Path(__file__).parent / "company" / "data_map.yaml"
_SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")


@dataclass(frozen=True, slots=True)
class SlackSecrets:
    """What a real app would be given; new at every start."""

    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(16)}")
    app_token: str = field(default_factory=lambda: f"xapp-{secrets.token_hex(16)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The running sandbox."""

    telegram: TelegramServer
    slack: SlackServer
    mailbox: Mailbox
    company: CompanyTables
    clock: TownClock
    """Of everything here; the desk must run by it too."""
    page_url: str
    settings_overrides: dict[str, str]
    """Settings by their name in the environment, to lay over the operator's own."""

    @property
    def client_list(self) -> str:
        """The company's client list as CSV, to import before the first chat."""
        return client_list()

    @contextmanager
    def settled_in(self, folder: Path) -> Generator[None]:
        """The company's database is made in this folder, and what commands need lies there."""
        (folder / COMPANY_MAP).write_text(_DATA_MAP.read_text("utf-8"), "utf-8")
        self.company.settle(folder / COMPANY)
        keep_settings(folder, self.settings_overrides)
        leave = self.clock.subscribe(lambda: keep_offset(folder, self.clock.offset))
        try:
            yield
        finally:
            leave()
            self.company.close()

    @property
    def violations(self) -> list[str]:
        """What the desk did that the real platforms would not take."""
        return [str(one) for one in (*self.telegram.violations, *self.slack.violations)]

    def open_browser_if_any(self) -> bool:
        """Opens the page where there is a screen to open it on; says whether it did."""
        has_screen = sys.platform in ("darwin", "win32") or any(map(os.environ.get, _SCREENS))
        return has_screen and sys.stdout.isatty() and webbrowser.open(self.page_url)


@asynccontextmanager
async def sandbox_environment(
    *, page_port: int = 0, limits_on: bool = True, with_page: bool = True
) -> AsyncGenerator[Environment]:
    """Starts the sandbox and stops it afterwards; port 0 takes a free one."""
    slack_secrets = SlackSecrets()
    context = _page_context(slack_secrets, limits_on=limits_on)
    _settle(context.telegram, context.slack)
    async with AsyncExitStack() as stack:
        for each in (context.telegram, context.slack, context.mailbox):
            await each.start()
            stack.push_async_callback(each.stop)
        page = PageServer(context)
        if with_page:
            watching = asyncio.create_task(context.company.watch(), name="watch the company")
            stack.callback(watching.cancel)
            await page.start(page_port)
            stack.push_async_callback(page.stop)
        yield Environment(
            telegram=context.telegram,
            slack=context.slack,
            mailbox=context.mailbox,
            company=context.company,
            clock=context.clock,
            page_url=page.url if with_page else "",
            settings_overrides=_overrides(context, slack_secrets),
        )


def _page_context(slack_secrets: SlackSecrets, *, limits_on: bool) -> PageContext:
    """All of them, by one clock."""
    clock = TownClock()
    token = f"{BOT_ID}:{secrets.token_urlsafe(26)}"
    return PageContext(
        telegram=TelegramServer(token, clock=clock.seconds, limits_on=limits_on),
        slack=SlackServer(
            slack_secrets.bot_token,
            slack_secrets.app_token,
            slack_secrets.signing_secret,
            limits_on=limits_on,
            clock=SlackTime(clock),
        ),
        mailbox=Mailbox(clock.seconds),
        company=CompanyTables(clock.now),
        clock=clock,
        client_parts=CLIENTS,
        staff_parts=STAFF,
        shortcuts=SHORTCUTS,
        command=COMMAND,
    )


def _overrides(context: PageContext, slack_secrets: SlackSecrets) -> dict[str, str]:
    telegram, slack = context.telegram, context.slack
    return {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE_URL": telegram.root_url,
        "TELEGRAM_MODE": "polling",
        "SLACK_BOT_TOKEN": slack_secrets.bot_token,
        "SLACK_APP_TOKEN": slack_secrets.app_token,
        "SLACK_SIGNING_SECRET": slack_secrets.signing_secret,
        "SLACK_API_BASE_URL": slack.root,
        "SLACK_MODE": "socket",
        "SLACK_SUPPORT_CHANNEL": f"#{SUPPORT}",
        "SLACK_PRIVACY_CHANNEL": f"#{PRIVACY}",
        "SLACK_AGENTS": ",".join(one.slack_id for one in STAFF if one.is_agent),
        "SLACK_APPROVERS": ",".join(one.slack_id for one in STAFF if one.is_approver),
        "SMTP_URL": context.mailbox.url,
        "MAIL_FROM": MAIL_FROM,
        "COMPANY_SOURCES": str(SANDBOX_FOLDER / COMPANY_MAP),
    }


def _settle(telegram: TelegramServer, slack: SlackServer) -> None:
    """Lets everybody move in: the guest sees the support channel only."""
    for client in CLIENTS:
        telegram.user(
            client.telegram_id,
            client.first_name,
            last_name=client.last_name,
            username=client.username,
            language_code=client.language,
            phone=client.phone,
        )
    for one in STAFF:
        called = one.real_name.split()[0]
        facts = {
            "real_name": one.real_name,
            "display_name": called,
            "email": one.email,
            "is_restricted": one.is_guest,
        }
        slack.add_user(one.slack_id, one.name, channels=(), **facts)
    everyone = [one.slack_id for one in STAFF]
    slack.add_channel(SUPPORT, members=everyone, channel_id="C0SUPPORT")
    trusted = [one.slack_id for one in STAFF if not one.is_guest]
    slack.add_channel(PRIVACY, private=True, members=trusted, channel_id="G0PRIVACY")
