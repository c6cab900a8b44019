"""A Telegram Bot API on loopback, as strict as the real one, with clients to drive it."""

from handlers.sandbox.telegram.attachments import Attachment
from handlers.sandbox.telegram.changes import Change, Seen
from handlers.sandbox.telegram.groups import VirtualGroup
from handlers.sandbox.telegram.record import Call, Violation
from handlers.sandbox.telegram.screen import Bubble, Button
from handlers.sandbox.telegram.server import TelegramServer
from handlers.sandbox.telegram.users import Press, VirtualUser
from handlers.sandbox.telegram.waiting import Unmet
from handlers.sandbox.telegram.watching import NotPossible

__all__ = [
    "Attachment",
    "Bubble",
    "Button",
    "Call",
    "Change",
    "NotPossible",
    "Press",
    "Seen",
    "TelegramServer",
    "Unmet",
    "Violation",
    "VirtualGroup",
    "VirtualUser",
]
