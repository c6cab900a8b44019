"""The system's time, and for test rigs a shifted one."""

import re
from datetime import UTC, datetime, timedelta

from handlers.settings import SettingsRefused

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class SystemClock:
    """Now, in UTC; `offset` moves the domain's time only, never a signature's freshness or TLS."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset  # noqa: TID251  # this is the Clock


def parse_offset(text: str) -> timedelta:
    """`+73h`, `-2d`, `90m`.

    Raises:
        SettingsRefused: not a signed number with s, m, h or d.
    """
    if not text:
        return timedelta(0)
    match = re.fullmatch(r"([+-]?\d{1,6})([smhd])", text.strip())
    if match is None:
        raise SettingsRefused(
            ["PRIVACYDESK_CLOCK_OFFSET: a number with s, m, h or d, such as +73h"]
        )
    return timedelta(**{UNITS[match[2]]: int(match[1])})
