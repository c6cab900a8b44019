"""The talk with a client, free of any platform: Telegram and the terminal call the same doors."""

from bot.application.conversation.api import (
    arrive,
    blocked,
    command,
    press,
    receive,
    unblocked,
    wants_answer,
)
from bot.application.conversation.commands import REGISTERED
from bot.application.conversation.inbound_message import Incoming, Profile
from bot.application.conversation.routing import question_in

__all__ = [
    "REGISTERED",
    "Incoming",
    "Profile",
    "arrive",
    "blocked",
    "command",
    "press",
    "question_in",
    "receive",
    "unblocked",
    "wants_answer",
]
