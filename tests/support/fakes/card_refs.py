"""Doubles of what is kept of cards and of the threads below them."""

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.domain.addresses import MessageId, RequestId, TicketId
from bot.domain.tickets.states import LIVE
from bot.domain.tickets.ticket import Ticket


class FakeCardRefs:
    """Each card with whether it is lost."""

    def __init__(
        self,
        rows: dict[tuple[CardKind, str], tuple[CardRef, bool]],
        tickets: dict[TicketId, Ticket],
    ) -> None:
        self._rows, self._tickets = rows, tickets

    async def standing(self, kind: CardKind, about: TicketId | RequestId) -> CardRef | None:
        card, is_lost = self._rows.get((kind, about), (None, False))
        return None if is_lost else card

    async def lost(self, kind: CardKind, about: TicketId | RequestId) -> CardRef | None:
        card, is_lost = self._rows.get((kind, about), (None, False))
        return card if is_lost else None

    async def put(self, kind: CardKind, about: TicketId | RequestId, card: CardRef) -> None:
        self._rows[kind, about] = card, False

    async def lose(self, kind: CardKind, about: TicketId | RequestId, card: CardRef) -> bool:
        if self._rows.get((kind, about)) != (card, False):
            return False
        self._rows[kind, about] = card, True
        return True

    async def of_live_tickets(self, channel: str) -> list[CardRef]:
        live = {ticket.id for ticket in self._tickets.values() if ticket.state in LIVE}
        return sorted(
            (
                card
                for (kind, about), (card, is_lost) in self._rows.items()
                if kind is CardKind.TICKET and about in live and not is_lost
                if card.channel == channel
            ),
            key=lambda card: card.ts,
        )

    async def request_at(self, card: CardRef) -> RequestId | None:
        for (kind, about), row in self._rows.items():
            if kind is CardKind.REQUEST and row == (card, False):
                return RequestId(about)
        return None


class FakeStaffThreads:
    def __init__(
        self,
        refused: dict[tuple[str, str], None],
        uploads: dict[tuple[MessageId, int], FileUpload],
    ) -> None:
        self._refused, self._uploads = refused, uploads

    async def refuse(self, channel: str, ts: str) -> None:
        self._refused[channel, ts] = None

    async def was_refused(self, channel: str, ts: str) -> bool:
        return (channel, ts) in self._refused

    async def upload(self, message: MessageId, part: int) -> FileUpload | None:
        return self._uploads.get((message, part))

    async def put_upload(self, message: MessageId, part: int, upload: FileUpload) -> None:
        self._uploads[message, part] = upload
