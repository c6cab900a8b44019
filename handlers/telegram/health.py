"""Whether Telegram answers and knows the token; asked by `doctor`, and nothing is changed by it."""

import asyncio
import contextlib

from telegram.error import InvalidToken, TelegramError

from bot.application.ports.reports import HealthCheck
from handlers.log_setup import redact
from handlers.settings import Settings
from handlers.telegram.client import build_bot


async def telegram_finding(settings: Settings, patience_seconds: float) -> HealthCheck:
    """Who we are to Telegram, or what is in the way."""
    bot = build_bot(settings)
    try:
        async with asyncio.timeout(patience_seconds):
            await bot.initialize()
    except InvalidToken:
        return HealthCheck("telegram", is_good=False, key="telegram.token_unknown")
    except (TelegramError, TimeoutError) as error:
        address, why = redact(settings.telegram_api_base_url), type(error).__name__
        params = (("address", address), ("error", why))
        return HealthCheck("telegram", is_good=False, key="doctor.telegram_away", params=params)
    finally:
        with contextlib.suppress(TelegramError, RuntimeError):
            await bot.shutdown()
    name = bot.username or ""
    return HealthCheck("telegram", is_good=True, key="doctor.telegram", params=(("name", name),))
