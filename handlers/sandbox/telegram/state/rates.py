"""The platform's rates: about 1 message a second a chat, 30 a second in all, 20 a minute a group.

Telegram publishes these as guidance and allows small bursts; a token bucket a limit is as near as
is known. Edits count like sends; typing, answers to buttons, deletions and look-ups do not.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

COUNTED: Final = frozenset(
    [
        "sendMessage",
        "forwardMessage",
        "forwardMessages",
        "copyMessage",
        "copyMessages",
        "sendPhoto",
        "sendAudio",
        "sendDocument",
        "sendVideo",
        "sendAnimation",
        "sendVoice",
        "sendVideoNote",
        "sendSticker",
        "sendMediaGroup",
        "sendLocation",
        "sendVenue",
        "sendContact",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
    ]
)


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` refills the bucket up to `burst`."""

    per_second: float
    burst: float


OVERALL: Final = Rate(30.0, 33.0)  # a tenth above 30: a sender that keeps to 30 is not refused
PRIVATE: Final = Rate(1.0, 3.0)
GROUP: Final = Rate(20 / 60, 20.0)


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    left: float
    at: float

    def wait(self, now: float, cost: float) -> float:
        """Seconds until this much is there; 0 when it is there now."""
        self.left = min(self.rate.burst, self.left + max(0.0, now - self.at) * self.rate.per_second)
        self.at = now
        # An album larger than a bucket would never fit: a full bucket pays for it.
        missing = min(cost, self.rate.burst) - self.left
        return max(0.0, missing / self.rate.per_second)


class Rates:
    """Buckets of all chats; `is_on` may change at any time."""

    def __init__(self, clock: Callable[[], float], *, is_on: bool) -> None:
        self._clock = clock
        self.is_on = is_on
        self._overall = _Bucket(OVERALL, OVERALL.burst, clock())
        self._chats: dict[int, _Bucket] = {}

    def refused_for(self, chat_id: int, *, is_private: bool, cost: int = 1) -> int:
        """Whole seconds after which to try again, or 0 when the send was counted."""
        if not self.is_on:
            return 0
        now = self._clock()
        rate = PRIVATE if is_private else GROUP
        chat = self._chats.setdefault(chat_id, _Bucket(rate, rate.burst, now))
        seconds = max(bucket.wait(now, cost) for bucket in (self._overall, chat))
        if seconds > 0:
            return math.ceil(seconds)
        self._overall.left -= cost
        chat.left -= cost
        return 0
