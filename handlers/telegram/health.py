"""Whether Telegram answers, knows the token and brings updates: asked by `doctor`, none changed."""

import asyncio
import contextlib
from datetime import datetime, timedelta

from telegram import WebhookInfo
from telegram.error import TelegramError

from bot.application.ports.reports import HealthCheck, finding_of
from handlers.log_setup import redact
from handlers.settings import Settings
from handlers.system_clock import SystemClock
from handlers.telegram.client import Bot, build_bot
from handlers.telegram.platform_words import LONGEST, is_final, refusal_of, words_of
from handlers.telegram.webhook_watch import host_of

AS_GOOD_AS_NOW = timedelta(minutes=10)
"""Telegram keeps the last error for ever; an older one has passed."""
WEBHOOK = "telegram webhook"


async def telegram_findings(settings: Settings, patience_seconds: float) -> list[HealthCheck]:
    """Who we are to Telegram, and how updates come; or what is in the way."""
    bot = build_bot(settings)
    try:
        async with asyncio.timeout(patience_seconds):
            await bot.initialize()
            name = HealthCheck(
                "telegram",
                is_good=True,
                key="doctor.telegram",
                params=(("name", bot.username or ""),),
            )
            return [name, *await _webhook(bot, settings)]
    except (TelegramError, TimeoutError) as error:
        if isinstance(error, TelegramError) and is_final(error):
            return [finding_of("telegram", refusal_of(error))]
        why = words_of(error) if isinstance(error, TelegramError) else type(error).__name__
        params = (("address", redact(settings.telegram_api_base_url)), ("error", why))
        key = "doctor.telegram_away"
        return [HealthCheck("telegram", is_good=False, key=key, params=params, is_away=True)]
    finally:
        with contextlib.suppress(TelegramError, RuntimeError):
            await bot.shutdown()


async def _webhook(bot: Bot, settings: Settings) -> list[HealthCheck]:
    """As Telegram sees it; where the desk polls, only one that is in the way is spoken of."""
    seen = await bot.get_webhook_info()
    if settings.telegram_mode == "webhook":
        return [used_webhook(seen, settings.telegram_webhook_url, SystemClock().now())]
    if not seen.url:
        return []
    params = (("host", host_of(seen.url)),)
    return [HealthCheck(WEBHOOK, is_good=True, key="doctor.webhook_in_the_way", params=params)]


def used_webhook(seen: WebhookInfo, url: str, now: datetime) -> HealthCheck:
    """What Telegram says of the webhook at `url`."""
    waiting = ("waiting", seen.pending_update_count)
    if not seen.url:
        return HealthCheck(WEBHOOK, is_good=True, key="doctor.webhook_unset")
    if seen.url != url:
        params = (("host", host_of(seen.url)),)
        return HealthCheck(WEBHOOK, is_good=False, key="doctor.webhook_elsewhere", params=params)
    failed_at = seen.last_error_date
    is_failing = failed_at is not None and now - failed_at < AS_GOOD_AS_NOW
    if is_failing and seen.pending_update_count:
        said = redact(seen.last_error_message or "")[:LONGEST]
        params = (waiting, ("error", said))
        return HealthCheck(WEBHOOK, is_good=False, key="doctor.webhook_failing", params=params)
    return HealthCheck(WEBHOOK, is_good=True, key="doctor.webhook", params=(waiting,))
