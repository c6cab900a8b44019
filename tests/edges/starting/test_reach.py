"""`doctor` asks the platforms whether they answer and know us: briefly, and changing nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from telegram import WebhookInfo

from bot.application.ports.reports import HealthCheck
from bot.domain.addresses import Language
from bot.wording import say
from handlers.runtime.preflight import choose_mode
from handlers.runtime.runtime import reach_findings
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from handlers.settings import Settings, SettingsRefused, read_settings
from handlers.system_clock import SystemClock
from handlers.telegram.client import build_bot
from handlers.telegram.health import used_webhook
from tests.edges.away import AWAY

TELEGRAM, BOT, APP = "7000000001:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi", "xoxb-here", "xapp-here"


def settings(**values: object) -> Settings:
    return read_settings(_env_file=None, **values)


async def found(asked: Settings, patience_seconds: float = 30) -> dict[str, HealthCheck]:
    findings = await reach_findings(asked, patience_seconds=patience_seconds)
    for one in findings:
        params: dict[str, object] = dict(one.params)
        assert say(one.key, Language.EN, **params)
    return {one.name: one for one in findings}


def keys(findings: dict[str, HealthCheck]) -> dict[str, str]:
    return {name: one.key.partition(".")[2] for name, one in findings.items() if not one.is_good}


@pytest.fixture
async def town() -> AsyncIterator[dict[str, str]]:
    """A Telegram, a Slack and a mailbox; what a desk is told of them."""
    telegram = TelegramServer(TELEGRAM)
    slack = SlackServer(BOT, APP, "signing")
    mailbox = Mailbox()
    for each in (telegram, slack, mailbox):
        await each.start()
    yield {
        "telegram_bot_token": TELEGRAM,
        "telegram_api_base_url": telegram.root_url,
        "slack_bot_token": BOT,
        "slack_app_token": APP,
        "slack_api_base_url": slack.root,
        "smtp_url": mailbox.url,
        "mail_from": "desk@company.example",
    }
    for each in (telegram, slack, mailbox):
        await each.stop()
    assert not mailbox.mails
    assert not telegram.violations
    assert not slack.violations


@asynccontextmanager
async def a_mail_server(host: str = "127.0.0.1", **ways: Any) -> AsyncIterator[int]:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(None, hostname="mail.example", authenticator=refuse, **ways), host, 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.sleep(0)


async def test_all_that_is_set_is_asked_and_answers(town: dict[str, str]):
    findings = await found(settings(**town))

    assert list(findings) == ["telegram", "slack", "slack socket", "mail"]
    assert keys(findings) == {}


async def test_what_is_not_set_is_not_asked():
    assert await found(settings()) == {}


async def test_a_wrong_token_is_told_apart_from_a_platform_that_is_away(town: dict[str, str]):
    wrong = {"telegram_bot_token": "1:x", "slack_bot_token": "xoxb-x", "slack_app_token": "xapp-x"}

    findings = await found(settings(**town | wrong))

    assert keys(findings) == {
        "telegram": "token_unknown",
        "slack": "token_unknown",
        "slack socket": "app_token_unknown",
    }


async def test_platforms_that_are_away_are_named_with_their_address(town: dict[str, str]):
    away = {"telegram_api_base_url": AWAY, "slack_api_base_url": AWAY, "smtp_url": "smtp://[::1]:9"}

    findings = await found(settings(**town | away))

    assert keys(findings) == {
        "telegram": "telegram_away",
        "slack": "slack_away",
        "slack socket": "slack_away",
        "mail": "mail_away",
    }
    assert dict(findings["slack"].params)["address"] == AWAY


async def test_who_never_answers_is_not_waited_for():
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    findings = await found(settings(smtp_url=f"smtp://127.0.0.1:{port}"), patience_seconds=0.01)
    await gone.wait()
    server.close()

    assert keys(findings) == {"mail": "mail_away"}


async def test_a_refused_login_is_the_operators_to_put_right():
    async with a_mail_server(auth_require_tls=False) as port:
        findings = await found(settings(smtp_url=f"smtp://me:wrong@127.0.0.1:{port}"))

    assert keys(findings) == {"mail": "mail_login"}


async def test_a_server_without_the_tls_or_the_login_that_is_wanted_is_told_so():
    async with a_mail_server(auth_exclude_mechanism=["LOGIN", "PLAIN"]) as port:
        login = await found(settings(smtp_url=f"smtp://me:word@127.0.0.1:{port}"))
        plain = await found(settings(smtp_url=f"smtps://127.0.0.1:{port}"))
    async with a_mail_server("127.0.0.2") as port:  # not known as this machine: TLS is wanted
        tls = await found(settings(smtp_url=f"smtp://127.0.0.2:{port}"))

    assert keys(login) == {"mail": "mail_lacks"}
    assert keys(tls) == {"mail": "mail_lacks"}
    assert keys(plain) == {"mail": "mail_tls"}


@pytest.mark.parametrize("url", ["smtp://mail.example:x", "smtp://[::1", "mail.example:25"])
async def test_an_address_that_is_no_mail_servers_is_named_and_not_asked(url: str):
    findings = await found(settings(smtp_url=url))

    assert keys(findings) == {"mail": "not_a_mail_server"}


@pytest.mark.parametrize(
    ("url", "sender", "named"),
    [
        ("smtp://mail.example", "no address", "MAIL_FROM"),
        ("smtp://mail.example", "", "MAIL_FROM"),
        ("smtp://mail.example:x", "Desk <desk@company.example>", "SMTP_URL"),
        ("http://mail.example", "Desk <desk@company.example>", "SMTP_URL"),
        ("smtp://", "Desk <desk@company.example>", "SMTP_URL"),
        ("smtp://[::1", "Desk <desk@company.example>", "SMTP_URL"),
    ],
)
async def test_mail_settings_that_cannot_work_are_refused(url: str, sender: str, named: str):
    tokens = {"telegram_bot_token": "1:x", "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    channels = {"slack_support_channel": "C1", "slack_privacy_channel": "C2"}

    with pytest.raises(SettingsRefused) as refusal:
        choose_mode(settings(**tokens, **channels, smtp_url=url, mail_from=sender))

    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [named]


HOOK = "https://desk.example.com/hook"
BY_WEBHOOK = {
    "telegram_mode": "webhook",
    "telegram_webhook_url": HOOK,
    "telegram_webhook_secret": "k" * 40,
}


@pytest.mark.parametrize(
    ("url", "mode", "key", "is_good"),
    [
        (HOOK, BY_WEBHOOK, "webhook", True),
        ("", BY_WEBHOOK, "webhook_unset", True),
        ("https://other.example/secret-path", BY_WEBHOOK, "webhook_elsewhere", False),
        ("https://other.example/secret-path", {}, "webhook_in_the_way", True),
    ],
)
async def test_the_webhook_is_looked_at_from_telegrams_side(
    town: dict[str, str], url: str, mode: dict[str, str], key: str, *, is_good: bool
):
    asked = settings(**town | mode)
    async with build_bot(asked) as bot:
        await (bot.set_webhook(url) if url else bot.delete_webhook())

    finding = (await found(asked))["telegram webhook"]

    assert (finding.key, finding.is_good) == (f"doctor.{key}", is_good)
    assert "secret-path" not in str(finding.params)


async def test_a_webhook_that_fails_is_named_with_telegrams_own_words(town: dict[str, str]):
    asked = settings(**town | BY_WEBHOOK)
    hook = WebhookInfo(
        url=HOOK,
        has_custom_certificate=False,
        pending_update_count=3,
        last_error_date=SystemClock().now(),
        last_error_message="Wrong response from the webhook: 502 Bad Gateway",
    )

    said = used_webhook(hook, asked.telegram_webhook_url, SystemClock().now())
    later = used_webhook(hook, HOOK, SystemClock().now() + timedelta(minutes=11))

    assert (said.is_good, later.is_good) == (False, True)
    assert "502 Bad Gateway" in say(said.key, Language.EN, **dict(said.params))
