"""The whole sandbox: Telegram, Slack, a mailbox and the page, started together on loopback.

The very same edges that go live are pointed at it by `settings_overrides`.
"""

import os
import secrets
import sys
import webbrowser
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.page.page_context import PageContext
from handlers.sandbox.page.server import PageServer
from handlers.sandbox.sample_people import CLIENTS, STAFF, client_list
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer

SUPPORT: Final = "support"
PRIVACY: Final = "privacy-requests"
# As docs/slack-manifest.yaml names them; the page offers what the manifest registers.
SHORTCUTS: Final = (("attach_to_ticket", "Attach to ticket"),)
COMMAND: Final = "/desk"
MAIL_FROM: Final = "Privacy Desk <desk@sandbox.example>"
BOT_ID: Final = 7_000_000_001
_SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The running sandbox."""

    telegram: TelegramServer
    slack: SlackServer
    mailbox: Mailbox
    page_url: str
    settings_overrides: dict[str, str]
    """Settings by their name in the environment, to lay over the operator's own."""

    @property
    def client_list(self) -> str:
        """The company's client list as CSV, to import before the first chat."""
        return client_list()

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
    telegram = TelegramServer(f"{BOT_ID}:{secrets.token_urlsafe(26)}", limits_on=limits_on)
    tokens = f"xoxb-{secrets.token_hex(16)}", f"xapp-{secrets.token_hex(16)}"
    signing_secret = secrets.token_hex(16)
    slack = SlackServer(*tokens, signing_secret, limits_on=limits_on)
    mailbox = Mailbox()
    _settle(telegram, slack)
    async with AsyncExitStack() as stack:
        for each in (telegram, slack, mailbox):
            await each.start()
            stack.push_async_callback(each.stop)
        page = PageServer(_page_context(telegram, slack, mailbox))
        if with_page:
            await page.start(page_port)
            stack.push_async_callback(page.stop)
        yield Environment(
            telegram=telegram,
            slack=slack,
            mailbox=mailbox,
            page_url=page.url if with_page else "",
            settings_overrides={
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "TELEGRAM_API_BASE_URL": telegram.root_url,
                "TELEGRAM_MODE": "polling",
                "SLACK_BOT_TOKEN": tokens[0],
                "SLACK_APP_TOKEN": tokens[1],
                "SLACK_SIGNING_SECRET": signing_secret,
                "SLACK_API_BASE_URL": slack.root,
                "SLACK_MODE": "socket",
                "SLACK_SUPPORT_CHANNEL": f"#{SUPPORT}",
                "SLACK_PRIVACY_CHANNEL": f"#{PRIVACY}",
                "SLACK_AGENTS": ",".join(one.slack_id for one in STAFF if one.is_agent),
                "SLACK_APPROVERS": ",".join(one.slack_id for one in STAFF if one.is_approver),
                "SMTP_URL": mailbox.url,
                "MAIL_FROM": MAIL_FROM,
            },
        )


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


def _page_context(telegram: TelegramServer, slack: SlackServer, mailbox: Mailbox) -> PageContext:
    return PageContext(
        telegram=telegram,
        slack=slack,
        mailbox=mailbox,
        client_parts=CLIENTS,
        staff_parts=STAFF,
        shortcuts=SHORTCUTS,
        command=COMMAND,
    )
