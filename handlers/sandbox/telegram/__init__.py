"""A Telegram Bot API on loopback, as strict as the real one, with clients to drive it."""

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.telegram.clients.attachments import Attachment
from handlers.sandbox.telegram.clients.groups import VirtualGroup
from handlers.sandbox.telegram.clients.screen import Bubble, Button
from handlers.sandbox.telegram.clients.users import Press, VirtualUser
from handlers.sandbox.telegram.clients.visibility import Unmet
from handlers.sandbox.telegram.server import TelegramServer
from handlers.sandbox.telegram.state.changes import Change, Seen
from handlers.sandbox.telegram.state.record import Call, Violation

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
