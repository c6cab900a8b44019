"""The talk with a client, free of any platform: Telegram and the terminal call the same doors."""

from bot.use_cases.conversation.commands import REGISTERED
from bot.use_cases.conversation.entrance import (
    arrive,
    blocked,
    command,
    edited,
    press,
    receive,
    unblocked,
    wants_answer,
)
from bot.use_cases.conversation.incoming import Incoming, Profile
from bot.use_cases.conversation.routing import question_in

__all__ = [
    "REGISTERED",
    "Incoming",
    "Profile",
    "arrive",
    "blocked",
    "command",
    "edited",
    "press",
    "question_in",
    "receive",
    "unblocked",
    "wants_answer",
]
