"""What the page shows: the stand-ins, the people on them, and the names of their shortcuts."""

from dataclasses import dataclass
from typing import Any

from bot.domain.errors import DeskError
from handlers.sandbox.company.tables import CompanyTables
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.sample_people import ClientPart, StaffPart
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.sandbox.telegram.state.chats import Standing
from handlers.sandbox.town_clock import TownClock

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """Everything behind the page. `shortcuts` are message shortcuts: callback id and label."""

    telegram: TelegramServer
    slack: SlackServer
    mailbox: Mailbox
    company: CompanyTables
    clock: TownClock
    client_parts: tuple[ClientPart, ...]
    staff_parts: tuple[StaffPart, ...]
    shortcuts: tuple[tuple[str, str], ...]
    command: str

    @property
    def clients(self) -> dict[int, VirtualUser]:
        return {
            part.telegram_id: self.telegram.user(part.telegram_id) for part in self.client_parts
        }

    def cast(self) -> Json:
        """Who can be played, for the page's switches."""
        return {
            "clients": [
                {
                    "id": part.telegram_id,
                    "name": part.name,
                    "about": part.about,
                    "language": part.language,
                    "phone": part.phone,
                    "email": part.email,
                }
                for part in self.client_parts
            ],
            "staff": [
                {"id": part.slack_id, "name": part.real_name, "role": part.role}
                for part in self.staff_parts
            ],
            "shortcuts": [
                {"callback": callback, "label": label} for callback, label in self.shortcuts
            ],
            "command": self.command,
        }

    def customer_number(self, client: int) -> str:
        """What the company's own list calls a client of the chat."""
        return next(part.external_id for part in self.client_parts if part.telegram_id == client)

    async def time(self) -> Json:
        """What the sandbox's clock shows, how far it was moved, and when something is due next."""
        try:
            due = await self.clock.find_due()
        except DeskError:  # its store is away, or closed already
            due = None
        return {
            "now": self.clock.seconds(),
            "ahead": self.clock.offset.total_seconds(),
            "due": None if due is None else due.timestamp(),
        }

    def client_badges(self) -> list[Json]:
        """How much the bot has said to each client, for the count of what is unread."""
        return [
            {
                "id": one.id,
                "heard": sum(stored.by_bot for stored in one.chat.messages.values()),
                "is_blocked": one.chat.standing is Standing.BLOCKED,
            }
            for one in self.clients.values()
        ]
