"""An in-memory double of the backlog: the fakes' queues, looked at as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.application.outbound.to_staff import RefreshHome
from bot.application.ports.backlog import Unsettled, UpdateAside, WaitingWords
from bot.application.wire_names import name_of
from bot.domain.addresses import MessageId
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.states import LIVE, TicketState
from tests.support.fakes.store import Store

BACK = (DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.BLOCKED)


class FakeBacklog:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def waiting(self) -> list[WaitingWords]:
        found: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
        for row in self._store.inbox.values():
            if row.state == "pending":
                source = row.inbound.source
                found["inbox", source, source].append(row.received_at)
        for row in self._store.outbox.values():
            kind = type(row.delivery)
            if row.state in ("queued", "sending") and kind is not RefreshHome:
                found["outbox", kind.carried_by, name_of(kind)].append(row.created_at)
        return [
            WaitingWords(queue=queue, lane=lane, kind=kind, count=len(times), since=min(times))
            for (queue, lane, kind), times in found.items()
        ]

    async def dead(self) -> Unsettled:
        rows = [row for row in self._store.outbox.values() if row.state == "dead"]
        return _unsettled(row.done_at or row.created_at for row in rows)

    async def replies_back(self) -> Mapping[str, Unsettled]:
        found: dict[str, dict[str, datetime]] = defaultdict(dict)
        for row in self._store.outbox.values():
            message = self._store.messages.get(MessageId(row.key.removeprefix("relay:")[:32]))
            if row.state != "returned" or message is None or row.done_at is None:
                continue
            ticket = None if message.ticket is None else self._store.tickets[message.ticket]
            is_over = ticket is None or ticket.state not in (*LIVE, TicketState.RESOLVED)
            if message.delivery in BACK and not message.deleted_at and not is_over:
                found[message.delivery][message.id] = row.done_at
        return {delivery: _unsettled(times.values()) for delivery, times in found.items()}

    async def aside(self) -> Unsettled:
        rows = self._store.inbox.values()
        return _unsettled(row.received_at for row in rows if row.state == "poison")

    async def updates_aside(self, limit: int = 20) -> list[UpdateAside]:
        rows = list(enumerate(self._store.inbox.values(), start=1))
        return [
            UpdateAside(
                id=number, source=row.inbound.source, error=row.error, since=row.received_at
            )
            for number, row in rows
            if row.state == "poison"
        ][:limit]

    async def take_up(self, update: int, at: datetime) -> bool:
        rows = dict(enumerate(self._store.inbox.items(), start=1))
        key, row = rows.get(update, ("", None))
        if row is None or row.state != "poison":
            return False
        self._store.inbox[key] = replace(row, state="pending", tries=0, error="", next_at=at)
        return True


def _unsettled(times: Iterable[datetime]) -> Unsettled:
    found = list(times)
    return Unsettled(len(found), min(found, default=None))
