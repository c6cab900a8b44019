"""Cards and threads of the staff's workspace in the database."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.domain.addresses import MessageId, RequestId, TicketId
from bot.domain.tickets.states import LIVE
from storage import statements
from storage.models.tickets import TicketRow
from storage.models.workspace import CardRefRow, FileUploadRow, RefusedWordsRow

OF_LIVE_TICKETS = (
    select(CardRefRow.channel, CardRefRow.ts)
    .join(TicketRow, TicketRow.id == CardRefRow.about)
    .where(
        CardRefRow.kind == CardKind.TICKET,
        CardRefRow.channel == bindparam("channel"),
        CardRefRow.is_lost.is_(False),
        TicketRow.state.in_(LIVE),
    )
    .order_by(CardRefRow.ts)
)


class SqlCardRefs:
    """The card of each ticket and each data request."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def standing(self, kind: CardKind, about: TicketId | RequestId) -> CardRef | None:
        return await self._card(kind, about, is_lost=False)

    async def lost(self, kind: CardKind, about: TicketId | RequestId) -> CardRef | None:
        return await self._card(kind, about, is_lost=True)

    async def put(self, kind: CardKind, about: TicketId | RequestId, card: CardRef) -> None:
        place = {"channel": card.channel, "ts": card.ts, "is_lost": False}
        await statements.put(self._session, CardRefRow, {"kind": kind, "about": about}, place)

    async def lose(self, kind: CardKind, about: TicketId | RequestId, card: CardRef) -> bool:
        standing = {
            "kind": kind,
            "about": about,
            "channel": card.channel,
            "ts": card.ts,
            "is_lost": False,
        }
        return await statements.change(self._session, CardRefRow, standing, {"is_lost": True})

    async def of_live_tickets(self, channel: str) -> list[CardRef]:
        found = await self._session.execute(OF_LIVE_TICKETS, {"channel": channel})
        return [CardRef(*row) for row in found.all()]

    async def request_at(self, card: CardRef) -> RequestId | None:
        found = await statements.one(
            self._session,
            CardRefRow,
            kind=CardKind.REQUEST,
            channel=card.channel,
            ts=card.ts,
            is_lost=False,
        )
        return None if found is None else RequestId(found.about)

    async def _card(
        self, kind: CardKind, about: TicketId | RequestId, *, is_lost: bool
    ) -> CardRef | None:
        row = await statements.one(self._session, CardRefRow, kind=kind, about=about)
        return CardRef(row.channel, row.ts) if row is not None and row.is_lost is is_lost else None


class SqlStaffThreads:
    """What became of words and files in threads."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def refuse(self, channel: str, ts: str) -> None:
        await statements.add_new(self._session, RefusedWordsRow, {"channel": channel, "ts": ts})

    async def was_refused(self, channel: str, ts: str) -> bool:
        return (
            await statements.one(self._session, RefusedWordsRow, channel=channel, ts=ts) is not None
        )

    async def upload(self, message: MessageId, part: int) -> FileUpload | None:
        row = await statements.one(self._session, FileUploadRow, message=message, part=part)
        return None if row is None else FileUpload(row.file_id, row.is_done)

    async def put_upload(self, message: MessageId, part: int, upload: FileUpload) -> None:
        key = {"message": message, "part": part}
        values = {"file_id": upload.file_id, "is_done": upload.is_done}
        await statements.put(self._session, FileUploadRow, key, values)
