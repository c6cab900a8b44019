"""What must be set before the desk may go live; told all at once."""

import re
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit

from bot.wording import say
from handlers.setting_problems import missing
from handlers.setting_values import is_mail_server
from handlers.settings import (
    LOOPBACK,
    MIN_WEBHOOK_SECRET,
    Settings,
    SettingsRefused,
)
from handlers.system_clock import parse_offset

HTTPS = 443
WEBHOOK_PORTS = (HTTPS, 80, 88, 8443)
"""https://core.telegram.org/bots/webhooks"""
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Mode(StrEnum):
    """How `run` starts."""

    LIVE = "live"
    SANDBOX = "sandbox"


def is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:  # no address at all
        return False


def choose_mode(settings: Settings) -> Mode:
    """Live with all tokens, the sandbox with none.

    Raises:
        SettingsRefused: some tokens but not all, or something that would not be safe.
    """
    needed = _needed(settings)
    if not any(needed.values()):
        if settings.sandbox == "never":
            raise SettingsRefused([f"{name}: missing (SANDBOX=never)" for name in needed])
        if problems := _testing(settings):
            raise SettingsRefused(problems)
        return Mode.SANDBOX
    needed |= _channels(settings)
    problems = _missing(needed)
    problems += _unsafe(settings) + _testing(settings)
    if problems:
        raise SettingsRefused(problems)
    return Mode.LIVE


def need_live(settings: Settings) -> None:
    """Refuse what only the live desk can do, before anybody is called.

    Raises:
        SettingsRefused: with all that is missing or would not be safe.
    """
    if choose_mode(settings) is not Mode.LIVE:
        raise SettingsRefused(_missing(_needed(settings) | _channels(settings)))


def clock_offset(settings: Settings) -> timedelta:
    """How far the domain's clock is moved.

    Raises:
        SettingsRefused: it is moved outside of a test rig, by whatever command.
    """
    if settings.privacydesk_clock_offset and not settings.privacydesk_testing:
        raise SettingsRefused(_testing(settings))
    return parse_offset(settings.privacydesk_clock_offset)


def _missing(named: dict[str, str]) -> list[str]:
    return [missing(name, Settings.model_fields) for name, value in named.items() if not value]


def _needed(settings: Settings) -> dict[str, str]:
    tokens = {
        "TELEGRAM_BOT_TOKEN": settings.telegram_bot_token.get_secret_value(),
        "SLACK_BOT_TOKEN": settings.slack_bot_token.get_secret_value(),
    }
    if settings.slack_mode == "socket":
        return tokens | {"SLACK_APP_TOKEN": settings.slack_app_token.get_secret_value()}
    return tokens | {"SLACK_SIGNING_SECRET": settings.slack_signing_secret.get_secret_value()}


def _channels(settings: Settings) -> dict[str, str]:
    return {
        "SLACK_SUPPORT_CHANNEL": settings.slack_support_channel,
        "SLACK_PRIVACY_CHANNEL": settings.slack_privacy_channel,
    }


def _unsafe(settings: Settings) -> list[str]:
    problems: list[str] = []
    for name, url in (
        ("TELEGRAM_API_BASE_URL", settings.telegram_api_base_url),
        ("SLACK_API_BASE_URL", settings.slack_api_base_url),
    ):
        if not (url.startswith("https://") or (url.startswith("http://") and is_loopback(url))):
            problems.append(f"{name}: https, or http to this machine only")
    if settings.telegram_mode == "webhook":
        secret = settings.telegram_webhook_secret.get_secret_value()
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{{MIN_WEBHOOK_SECRET},256}}", secret):
            problems.append(
                f"TELEGRAM_WEBHOOK_SECRET: {MIN_WEBHOOK_SECRET} to 256 of A-Z a-z 0-9 _ -"
            )
        url = settings.telegram_webhook_url
        if not (url.startswith("https://") or is_loopback(url)):
            problems.append("TELEGRAM_WEBHOOK_URL: a public https address")
        elif not is_loopback(url) and _port(url) not in WEBHOOK_PORTS:
            problems.append(say("settings.webhook_port"))
    return problems + _mail(settings)


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port or HTTPS
    except ValueError:  # no number
        return None


def _mail(settings: Settings) -> list[str]:
    url = settings.smtp_url.get_secret_value()
    if not url:
        return []
    problems: list[str] = []
    if not settings.mail_from:
        problems.append("MAIL_FROM: missing (SMTP_URL is set)")
    elif not ADDRESS.fullmatch(parseaddr(settings.mail_from)[1]):
        problems.append(say("settings.not_a_sender"))
    if not is_mail_server(url):
        problems.append(say("settings.not_a_mail_server"))
    return problems


def _testing(settings: Settings) -> list[str]:
    if not settings.privacydesk_testing:
        return (
            ["PRIVACYDESK_CLOCK_OFFSET: only with PRIVACYDESK_TESTING=1"]
            if settings.privacydesk_clock_offset
            else []
        )
    problems: list[str] = []
    if not (
        is_loopback(settings.telegram_api_base_url) and is_loopback(settings.slack_api_base_url)
    ):
        problems.append("PRIVACYDESK_TESTING: only where both API base URLs are on this machine")
    return problems + _offset(settings)


def _offset(settings: Settings) -> list[str]:
    """Said before a store is made for a start that then fails."""
    try:
        parse_offset(settings.privacydesk_clock_offset)
    except SettingsRefused as refused:
        return refused.problems
    return []
