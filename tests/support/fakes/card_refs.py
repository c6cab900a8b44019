"""Doubles of what is kept of cards and of the threads below them."""

from collections.abc import Sequence
from datetime import datetime

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.application.ports.troubles import StandingTrouble, TroubleKind
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


class FakeStandingTroubles:
    """What each process saw last, and when."""

    def __init__(self, rows: dict[str, tuple[datetime, tuple[StandingTrouble, ...]]]) -> None:
        self._rows = rows

    async def keep(self, instance: str, standing: Sequence[StandingTrouble], at: datetime) -> None:
        self._rows[instance] = at, tuple(standing)

    async def seen_since(self, moment: datetime) -> list[StandingTrouble]:
        seen = [one for at, standing in self._rows.values() if at >= moment for one in standing]
        found = dict[tuple[TroubleKind, str], StandingTrouble]()
        for one in sorted(seen, key=lambda one: (one.since, one.trouble.about)):
            found.setdefault((one.trouble.kind, one.trouble.about), one)
        return list(found.values())

    async def forget_before(self, moment: datetime) -> None:
        for instance in [who for who, (at, _) in self._rows.items() if at < moment]:
            del self._rows[instance]
