"""Where the desk's cards stand in the staff's workspace, and what happened in the threads below."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.addresses import MessageId, RequestId, TicketId


class CardKind(StrEnum):
    """What a card is about."""

    TICKET = "ticket"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class CardRef:
    """The card's message; its `ts` is the thread's name too."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class FileUpload:
    """How far a client's file came on its way into a thread; `file_id` is the platform's."""

    file_id: str
    is_done: bool


class CardRefs(Protocol):
    """The card of each ticket and each data request: one at a time."""

    async def standing(self, kind: CardKind, about: TicketId | RequestId) -> CardRef | None:
        """None: nowhere yet, or it was lost."""
        ...

    async def lost(self, kind: CardKind, about: TicketId | RequestId) -> CardRef | None:
        """Where a card stood that is gone; None: it stands, or there was none yet."""
        ...

    async def put(self, kind: CardKind, about: TicketId | RequestId, card: CardRef) -> None:
        """From now on this is the card."""
        ...

    async def lose(self, kind: CardKind, about: TicketId | RequestId, card: CardRef) -> bool:
        """That card is gone; False: it was not the one that stands."""
        ...

    async def of_live_tickets(self, channel: str) -> list[CardRef]:
        """The cards that stand in a channel, of tickets that are not over."""
        ...

    async def request_at(self, card: CardRef) -> RequestId | None:
        """The data request whose card stands there."""
        ...


class StaffThreads(Protocol):
    """What the desk did with words and files in the threads below its cards."""

    async def refuse(self, channel: str, ts: str) -> None:
        """What somebody wrote there was refused: it stays so, whatever changes later."""
        ...

    async def was_refused(self, channel: str, ts: str) -> bool: ...

    async def upload(self, message: MessageId, part: int) -> FileUpload | None:
        """None: nothing of that file was brought yet."""
        ...

    async def put_upload(self, message: MessageId, part: int, upload: FileUpload) -> None: ...
