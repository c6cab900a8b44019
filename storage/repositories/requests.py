"""Data requests in the database; their facts are ids, codes and times, kept as one document."""

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import AccountId, Actor, PersonId, RequestId, TicketId
from bot.domain.errors import NotFound, Stale
from bot.domain.events import Event
from bot.domain.requests.record import RequestRecord, Subject
from bot.domain.requests.request import DataRequest, public_number
from bot.domain.requests.states import RequestState, RequestType
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.requests import RequestRow
from storage.repositories.counters import next_serial
from storage.vault import Vault

FACTS: TypeAdapter[RequestRecord] = TypeAdapter(RequestRecord)
PLAIN = (
    "kind",
    "ticket",
    "account",
    "regime",
    "due_on",
    "due_at",
    "approvals_needed",
    "state",
    "state_version",
    "since",
    "is_live",
)
LONGEST_SERIAL = 15


class SqlRequests:
    """Data requests; every one that was handed out is kept in view, so that it is saved."""

    def __init__(self, session: AsyncSession, vault: Vault, *, locks: bool) -> None:
        self._session = session
        self._vault = vault
        self._locks = locks
        self._seen: dict[str, DataRequest] = {}

    async def next_number(self) -> str:
        return public_number(await next_serial(self._session, "request"))

    async def add(self, request: DataRequest) -> None:
        await self._vault.refuse_fenced(request.subject.holder, request.account)
        row = _values(request) | _origin(request)
        await statements.add(self._session, RequestRow, row)
        self._seen[request.id] = request

    async def get(self, request: RequestId) -> DataRequest:
        found = await self._all(self._query(RequestRow.id == request))
        if not found:
            await guard_of(self._session).check_missing(RequestRow, {"id": request})
            raise NotFound("requests.no_such_number")
        return found[0]

    async def numbered(self, number: str) -> DataRequest:
        return await self._one(RequestRow.serial == serial_of(number))

    async def of_account(self, account: AccountId) -> list[DataRequest]:
        query = select(RequestRow).where(RequestRow.account == account)
        return await self._list(query.order_by(RequestRow.serial.desc()))

    async def about(self, subject: Subject) -> list[DataRequest]:
        column, value = (
            (RequestRow.subject_person, subject.person)
            if subject.person
            else (RequestRow.subject_account, subject.account)
        )
        return await self._list(
            select(RequestRow).where(column == value).order_by(RequestRow.serial.desc())
        )

    async def find(
        self, *, live_only: bool = False, limit: int = 50, offset: int = 0
    ) -> list[DataRequest]:
        query = _live(select(RequestRow), live_only=live_only)
        query = query.order_by(RequestRow.due_at, RequestRow.serial)
        return await self._list(query.limit(limit).offset(offset))

    async def count(self, *, live_only: bool = False) -> int:
        await row_sets.refuse_gaps(self._session, RequestRow)
        query = _live(select(func.count()).select_from(RequestRow), live_only=live_only)
        return await self._session.scalar(query) or 0

    async def remove(self, request: RequestId) -> None:
        await statements.remove(self._session, RequestRow, RequestRow.id == request)
        self._seen.pop(request, None)

    def take_events(self) -> list[Event]:
        """The facts of every request that was handed out, since they were last taken."""
        taken: list[Event] = []
        for request in self._seen.values():
            taken.extend(request.events)
            request.events.clear()
        return taken

    async def flush(self) -> None:
        """Write back every request that changed. Raises Stale when somebody else was first."""
        for request in self._seen.values():
            await self._save(request)

    async def _save(self, request: DataRequest) -> None:
        row = await self._session.scalar(select(RequestRow).where(RequestRow.id == request.id))
        values = _values(request)
        if row is not None and all(getattr(row, name) == values[name] for name in values):
            return
        values |= {"version": request.version + 1}
        changed = (
            statements.update(RequestRow)
            .where(RequestRow.id == request.id, RequestRow.version == request.version)
            .values(values)
        )
        if await self._session.scalar(changed.returning(RequestRow.id)) is None:
            raise Stale("requests.stale", number=request.number, state=request.state)
        guard_of(self._session).renew(RequestRow, values | _origin(request))
        request.version += 1

    async def _one(self, condition: Any) -> DataRequest:  # noqa: ANN401  # a comparison
        found = await self._all(self._query(condition))
        if not found:
            raise NotFound("requests.no_such_number")
        return found[0]

    def _query(self, condition: Any) -> Select[Any]:  # noqa: ANN401  # likewise
        query = select(RequestRow).where(condition)
        return query.with_for_update() if self._locks else query

    async def _list(self, query: Select[Any]) -> list[DataRequest]:
        await row_sets.refuse_gaps(self._session, RequestRow)
        return await self._all(query)

    async def _all(self, query: Select[Any]) -> list[DataRequest]:
        rows: list[RequestRow] = await row_sets.checked(self._session, RequestRow, query)
        return [self._seen.setdefault(row.id, _request(row)) for row in rows]


def serial_of(number: str) -> int:
    """The serial behind R-000045; also `r45`, `45`. Raises NotFound for anything else."""
    digits = number.strip().upper().removeprefix("R").lstrip("-–— ")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_SERIAL):
        raise NotFound("requests.no_such_number")
    return int(digits)


def _live(query: Select[Any], *, live_only: bool) -> Select[Any]:
    return query.where(RequestRow.is_live.is_(True)) if live_only else query


def _values(request: DataRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in PLAIN} | {
        "subject_person": request.subject.person,
        "subject_account": request.subject.account,
        "facts": FACTS.dump_json(request.facts).decode(),
        "version": request.version,
    }


def _origin(request: DataRequest) -> dict[str, Any]:
    """What of a request never changes."""
    return {
        "id": request.id,
        "serial": serial_of(request.number),
        "created_by": str(request.created_by),
        "received_at": request.received_at,
    }


def _request(row: RequestRow) -> DataRequest:
    return DataRequest(
        id=RequestId(row.id),
        number=public_number(row.serial),
        kind=RequestType(row.kind),
        ticket=TicketId(row.ticket),
        subject=Subject(
            PersonId(row.subject_person) if row.subject_person else None,
            AccountId(row.subject_account) if row.subject_account else None,
        ),
        account=None if row.account is None else AccountId(row.account),
        created_by=Actor.parse(row.created_by),
        regime=row.regime,
        received_at=row.received_at,
        due_on=row.due_on,
        due_at=row.due_at,
        approvals_needed=row.approvals_needed,
        state=RequestState(row.state),
        state_version=row.state_version,
        since=row.since,
        facts=FACTS.validate_json(row.facts),
        version=row.version,
    )
