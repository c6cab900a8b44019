"""Somebody who asks the limiter for codes and tries some."""

from datetime import UTC, datetime, timedelta

from bot.domain.identity.limits import (
    Asker,
)

NOW = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


def asker(chat="chat", subject="subject", *, known=True, claimed=None, verified=False):
    return Asker(
        chat=chat,
        subject=subject,
        claimed=claimed or f"digest of {subject}",
        is_known=known,
        proved_as=subject if verified else "",
    )


async def fail(limiter, who, at, times=1):
    """Wrong codes in a row; returns how many were compared, and the alarms."""
    compared, alarms = 0, []
    for _ in range(times):
        tried = await limiter.charge_try(who, at)
        if tried.allowed:
            compared += 1
            alarms += await limiter.note_failure(tried, at)
    return compared, alarms
